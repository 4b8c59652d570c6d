"""Publishes the present state of every product again, so that a consumer can be rebuilt from the stream."""

from typing import Any

import sqlalchemy as sa
from bela_kit.core.actor import Actor
from bela_kit.core.tenancy import TenantId
from bela_kit.db import Database
from bela_kit.outbox import Outbox
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog_service.adapters.event_mapping import outgoing
from catalog_service.adapters.product_repository import product_of
from catalog_service.adapters.tables import kit, products
from catalog_service.domain.product import Happening, Product, ProductEvent, ProductState

_BATCH = 500
_SYSTEM = Actor("svc:catalog", "system")
_HAPPENED = {
    ProductState.PUBLISHED: Happening.PUBLISHED,
    ProductState.MODERATED: Happening.CHANGED,
    ProductState.WITHDRAWN: Happening.WITHDRAWN,
}


async def replay(db: Database, outbox: Outbox) -> int:
    """Append one event for every product that was ever published and return how many; in batches, region by region."""
    async with db.public_transaction() as connection:
        tenants = list(await connection.scalars(sa.select(kit.tenants.c.tenant_id).order_by(sa.text("1"))))
    count = 0
    for tenant in tenants:
        last: str | None = None
        while True:
            async with db.tenant_transaction(TenantId(tenant)) as connection:
                batch = await _batch(connection, TenantId(tenant), last)
                await outbox.append(connection, [outgoing(_event(one)) for one in batch])
            if not batch:
                break
            count += len(batch)
            last = batch[-1].product_id
    return count


async def _batch(connection: AsyncConnection, tenant: TenantId, last: str | None) -> list[Product]:
    query: sa.Select[Any] = sa.select(products).where(products.c.tenant_id == tenant, products.c.state != "draft")
    if last is not None:
        query = query.where(products.c.product_id > last)
    rows = await connection.execute(query.order_by(products.c.product_id).limit(_BATCH))
    return [product_of(row) for row in rows.mappings()]


def _event(product: Product) -> ProductEvent:
    return ProductEvent(_HAPPENED[product.state], product, product.updated_by or _SYSTEM, product.updated_at)

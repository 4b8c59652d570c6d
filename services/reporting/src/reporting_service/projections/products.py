"""Product events: how many products each business has on sale per category, which decides who is active."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from bela.catalog.v1 import product_pb2
from bela_kit.events import ReceivedEvent
from sqlalchemy.ext.asyncio import AsyncConnection

from reporting_service.adapters import tables
from reporting_service.facts import wire
from reporting_service.projections import rows
from reporting_service.projections.contributions import ALL, Amounts, Key, difference, merge
from reporting_service.projections.watermarks import advance

SOURCE = "catalog"


async def project_products(connection: AsyncConnection, events: Sequence[ReceivedEvent]) -> None:
    """Bring products and assortments up to a batch of product events."""
    if not events:
        return
    latest = rows.latest(product_row(event) for event in events)
    await advance(connection, SOURCE, events)
    present = await rows.stored(
        connection,
        tables.products,
        ("version", "vendor_id", "category_code", "on_sale"),
        ((row["tenant_id"], row["product_id"]) for row in latest),
    )
    changes: dict[str, dict[Key, Amounts]] = {}
    for row in latest:
        old = present.get((row["tenant_id"], row["product_id"]))
        if old is not None and old["version"] >= row["version"]:
            continue
        tenant = row["tenant_id"]
        before = _assortment(old) if old is not None else {}
        merge(changes, difference({tenant: _assortment(row)}, {tenant: before}))
    await rows.keep_latest(connection, tables.products, latest)
    await rows.add_all(connection, tables.assortments, changes)


def product_row(event: ReceivedEvent) -> Mapping[str, Any]:
    """Return the row of one product."""
    product: product_pb2.Product = wire.decode(event).product  # type: ignore[attr-defined]
    return {
        "tenant_id": wire.owned(event, product.region),
        "product_id": product.product_id,
        "version": product.version,
        "vendor_id": product.vendor_id,
        "category_code": product.category_code,
        "on_sale": product.state == product_pb2.PRODUCT_STATE_PUBLISHED,
    }


def _assortment(row: Mapping[str, Any] | sa.RowMapping) -> dict[Key, Amounts]:
    if not row["on_sale"]:
        return {}
    return {(row["vendor_id"], row["category_code"]): (1,), (row["vendor_id"], ALL): (1,)}

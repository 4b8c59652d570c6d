"""Publish the present state of every business again, for read models that are rebuilt."""

from collections.abc import Callable

import sqlalchemy as sa
from bela_kit.core.clock import Clock
from bela_kit.core.tenancy import SystemScope, TenantId
from bela_kit.db import Database
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters import tables as t
from vendor_service.adapters.unit_of_work import SqlUnitOfWork

_AT_ONCE = 1000


async def replay(db: Database, clock: Clock, uow: Callable[[AsyncConnection, TenantId], SqlUnitOfWork]) -> int:
    """Append the state of all businesses of all regions to the outbox, a thousand a transaction; return how many."""
    tenants = await known_regions(db)
    refresh = getattr(clock, "refresh", None)
    if refresh is not None:
        await refresh()
    count = 0
    for tenant in tenants:
        after = None
        while True:
            async with db.tenant_transaction(tenant) as connection:
                work = uow(connection, tenant)
                query = sa.select(t.vendors.c.vendor_id).where(t.vendors.c.tenant_id == tenant)
                if after is not None:
                    query = query.where(t.vendors.c.vendor_id > after)
                ids = (await connection.execute(query.order_by(t.vendors.c.vendor_id).limit(_AT_ONCE))).scalars().all()
                if not ids:
                    break
                found = await work.vendors.many(ids)
                await work.announcer.replay(list(found.values()), clock.now(tenant))
                after, count = ids[-1], count + len(ids)
    return count


async def known_regions(db: Database) -> list[TenantId]:
    """Return the codes of all regions that this service has been told of."""
    async with db.system_transaction(SystemScope("list the regions")) as connection:
        found = await connection.execute(sa.text("SELECT tenant_id FROM tenants ORDER BY tenant_id"))
        return [TenantId(code) for code in found.scalars()]

"""Capacity by day and what orders hold of it. The lock on a day's row is what keeps two orders from overselling it."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime

from asyncpg import Record
from bela_kit.core.tenancy import TenantId
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog_service.adapters.driver import Driver
from catalog_service.domain.capacity import CapacityDay, Held, Hold, HoldLine
from catalog_service.domain.errors import ProductChangedMeanwhile

# Makes the row where there is none and locks it in either case, in the sequence of the identifiers, so that two
# orders for the same products cannot wait for each other.
_LOCK_DAYS = """
    INSERT INTO capacity_days AS d (tenant_id, product_id, on_date)
    SELECT $1::text, product_id, $3::date FROM unnest($2::uuid[]) AS wanted (product_id) ORDER BY product_id
    ON CONFLICT (tenant_id, product_id, on_date) DO UPDATE SET version = d.version
    RETURNING product_id::text AS product_id, capacity, version
"""
_READ_DAYS = """
    SELECT product_id::text AS product_id, capacity, version FROM capacity_days
    WHERE tenant_id = $1 AND product_id = ANY ($2::uuid[]) AND on_date = $3
"""
# A statement of its own after the lock: only then does its snapshot hold what the one before us committed.
_HOLDS = """
    SELECT product_id::text AS product_id, order_id::text AS order_id, buyer_tenant_id, unit_id, quantity, held_until,
        signed, firm
    FROM holds
    WHERE tenant_id = $1 AND product_id = ANY ($2::uuid[]) AND on_date = $3 AND NOT released
"""
_HOLD_OF = """
    SELECT product_id::text AS product_id, on_date, quantity, buyer_tenant_id, unit_id, vendor_id::text AS vendor_id,
        held_until, reserved_at, signed, firm, released, order_version
    FROM holds WHERE tenant_id = $1 AND order_id = $2::uuid AND NOT released
    ORDER BY product_id FOR UPDATE
"""
# The version of the order stays: what was heard of it is not unheard by another attempt.
_KEEP = """
    WITH gone AS (
        UPDATE holds SET released = true
        WHERE tenant_id = $1 AND order_id = $2::uuid AND NOT released
          AND NOT product_id = ANY ($3::uuid[])
    )
    INSERT INTO holds AS h
        (tenant_id, order_id, product_id, quantity, on_date, buyer_tenant_id, unit_id, vendor_id, held_until,
         reserved_at, signed, firm, released)
    SELECT $1::text, $2::uuid, product_id, quantity, $5::date, $6::text, $7::text, $8::uuid, $9::timestamptz,
        $10::timestamptz, $11::boolean, $12::boolean, false
    FROM unnest($3::uuid[], $4::bigint[]) AS line (product_id, quantity)
    ON CONFLICT (tenant_id, order_id, product_id) DO UPDATE
        SET quantity = excluded.quantity, on_date = excluded.on_date, buyer_tenant_id = excluded.buyer_tenant_id,
            unit_id = excluded.unit_id, held_until = excluded.held_until, reserved_at = excluded.reserved_at,
            signed = excluded.signed, firm = excluded.firm, released = false
"""
# Only what one attempt took: another Reserve of the order wrote another instant, an event may have made it firm.
_RELEASE = """
    UPDATE holds SET released = true
    WHERE tenant_id = $1 AND order_id = $2::uuid AND buyer_tenant_id = $3 AND reserved_at = $4::timestamptz
      AND NOT released AND NOT signed AND NOT firm
    RETURNING 1
"""
_SET_CAPACITY = """
    UPDATE capacity_days SET capacity = $5::bigint, version = version + 1
    WHERE tenant_id = $1 AND product_id = $2::uuid AND on_date = $3::date AND version = $4::bigint
    RETURNING version
"""


class SqlCapacityCalendar:
    """The calendar as one open transaction of the seller's home region sees it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._driver = Driver(connection)

    async def lock_days(self, tenant: TenantId, capacities: Mapping[str, int], on_date: date) -> list[CapacityDay]:
        """Return the days of products, each row locked, with every hold on them that was not released."""
        return await self._days(_LOCK_DAYS, tenant, capacities, on_date)

    async def days(self, tenant: TenantId, capacities: Mapping[str, int], on_date: date) -> list[CapacityDay]:
        """Return the same without locks."""
        return await self._days(_READ_DAYS, tenant, capacities, on_date)

    async def set_capacity(
        self, tenant: TenantId, product_id: str, on_date: date, capacity: int, *, version: int
    ) -> int:
        """Set the capacity of one day and return its new version."""
        rows = await self._driver.fetch(_SET_CAPACITY, tenant, product_id, on_date, version, capacity)
        if not rows:
            raise ProductChangedMeanwhile
        return int(rows[0]["version"])

    async def hold_of(self, tenant: TenantId, order_id: str) -> Hold | None:
        """Return what an order holds, locked, so that no event changes it under us."""
        rows = await self._driver.fetch(_HOLD_OF, tenant, order_id)
        if not rows:
            return None
        first = rows[0]
        return Hold(
            tenant=tenant,
            order_id=order_id,
            buyer=TenantId(first["buyer_tenant_id"]),
            unit_id=first["unit_id"],
            vendor_id=first["vendor_id"],
            on_date=first["on_date"],
            held_until=first["held_until"],
            reserved_at=first["reserved_at"],
            lines=tuple(HoldLine(row["product_id"], row["quantity"]) for row in rows),
            signed=first["signed"],
            firm=first["firm"],
            released=False,
            order_version=first["order_version"],
        )

    async def keep_hold(self, hold: Hold) -> None:
        """Store what an order holds; products it held before and no longer does are released."""
        await self._driver.fetch(
            _KEEP,
            hold.tenant,
            hold.order_id,
            [line.product_id for line in hold.lines],
            [line.quantity for line in hold.lines],
            hold.on_date,
            hold.buyer,
            hold.unit_id,
            hold.vendor_id,
            hold.held_until,
            hold.reserved_at,
            hold.signed,
            hold.firm,
        )

    async def release_hold(self, tenant: TenantId, order_id: str, *, buyer: TenantId, reserved_at: datetime) -> bool:
        """Give back an unsigned hold if nothing reserved it again since."""
        return bool(await self._driver.fetch(_RELEASE, tenant, order_id, buyer, reserved_at))

    async def _days(
        self, statement: str, tenant: TenantId, capacities: Mapping[str, int], on_date: date
    ) -> list[CapacityDay]:
        products = sorted(capacities)
        rows = {row["product_id"]: row for row in await self._driver.fetch(statement, tenant, products, on_date)}
        held: defaultdict[str, list[Held]] = defaultdict(list)
        for row in await self._driver.fetch(_HOLDS, tenant, products, on_date):
            held[row["product_id"]].append(
                Held(
                    order_id=row["order_id"],
                    buyer=TenantId(row["buyer_tenant_id"]),
                    unit_id=row["unit_id"],
                    quantity=row["quantity"],
                    held_until=row["held_until"],
                    signed=row["signed"],
                    firm=row["firm"],
                )
            )
        return [_day(rows.get(one), one, on_date, capacities[one], tuple(held[one])) for one in products]


def _day(row: Record | None, product_id: str, on_date: date, capacity: int, holds: tuple[Held, ...]) -> CapacityDay:
    if row is None:
        return CapacityDay(product_id, on_date, capacity, holds)
    own = row["capacity"]
    return CapacityDay(
        product_id,
        on_date,
        capacity if own is None else own,
        holds,
        overridden=own is not None,
        version=row["version"],
    )

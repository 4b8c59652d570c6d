"""Capacity by day and what orders hold of it. The lock on a day's row is what keeps two orders from overselling it."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog_service.domain.capacity import CapacityDay, Held, Hold, HoldLine
from catalog_service.domain.errors import ProductChangedMeanwhile

# Makes the row where there is none and locks it in either case, in the sequence of the identifiers, so that two
# orders for the same products cannot wait for each other.
_LOCK_DAYS = sa.text(
    """
    INSERT INTO capacity_days AS d (tenant_id, product_id, on_date)
    SELECT :tenant, product_id, :day FROM unnest(CAST(:products AS uuid[])) AS wanted (product_id) ORDER BY product_id
    ON CONFLICT (tenant_id, product_id, on_date) DO UPDATE SET version = d.version
    RETURNING product_id::text AS product_id, capacity, version
    """
)
_READ_DAYS = sa.text(
    """
    SELECT product_id::text AS product_id, capacity, version FROM capacity_days
    WHERE tenant_id = :tenant AND product_id = ANY (CAST(:products AS uuid[])) AND on_date = :day
    """
)
# A statement of its own after the lock: only then does its snapshot hold what the one before us committed.
_HOLDS = sa.text(
    """
    SELECT product_id::text AS product_id, order_id::text AS order_id, buyer_tenant_id, unit_id, quantity, held_until,
        signed, firm
    FROM holds
    WHERE tenant_id = :tenant AND product_id = ANY (CAST(:products AS uuid[])) AND on_date = :day AND NOT released
    """
)
_HOLD_OF = sa.text(
    """
    SELECT product_id::text AS product_id, on_date, quantity, buyer_tenant_id, unit_id, vendor_id::text AS vendor_id,
        held_until, reserved_at, signed, firm, released, order_version
    FROM holds WHERE tenant_id = :tenant AND order_id = CAST(:order AS uuid) AND NOT released
    ORDER BY product_id FOR UPDATE
    """
)
# The version of the order stays: what was heard of it is not unheard by another attempt.
_KEEP = sa.text(
    """
    WITH gone AS (
        UPDATE holds SET released = true
        WHERE tenant_id = :tenant AND order_id = CAST(:order AS uuid) AND NOT released
          AND NOT product_id = ANY (CAST(:products AS uuid[]))
    )
    INSERT INTO holds AS h
        (tenant_id, order_id, product_id, quantity, on_date, buyer_tenant_id, unit_id, vendor_id, held_until,
         reserved_at, signed, firm, released)
    SELECT :tenant, CAST(:order AS uuid), product_id, quantity, :day, :buyer, :unit, CAST(:vendor AS uuid),
        :held_until, :reserved_at, :signed, :firm, false
    FROM unnest(CAST(:products AS uuid[]), CAST(:quantities AS bigint[])) AS line (product_id, quantity)
    ON CONFLICT (tenant_id, order_id, product_id) DO UPDATE
        SET quantity = excluded.quantity, on_date = excluded.on_date, buyer_tenant_id = excluded.buyer_tenant_id,
            unit_id = excluded.unit_id, held_until = excluded.held_until, reserved_at = excluded.reserved_at,
            signed = excluded.signed, firm = excluded.firm, released = false
    """
)
_SET_CAPACITY = sa.text(
    """
    UPDATE capacity_days SET capacity = :capacity, version = version + 1
    WHERE tenant_id = :tenant AND product_id = CAST(:product AS uuid) AND on_date = :day AND version = :version
    RETURNING version
    """
)


class SqlCapacityCalendar:
    """The calendar as one open transaction of the seller's home region sees it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

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
        values = {"tenant": tenant, "product": product_id, "day": on_date, "capacity": capacity, "version": version}
        new = await self._connection.scalar(_SET_CAPACITY, values)
        if new is None:
            raise ProductChangedMeanwhile
        return int(new)

    async def hold_of(self, tenant: TenantId, order_id: str) -> Hold | None:
        """Return what an order holds, locked, so that no event changes it under us."""
        rows = (await self._connection.execute(_HOLD_OF, {"tenant": tenant, "order": order_id})).all()
        if not rows:
            return None
        first = rows[0]
        return Hold(
            tenant=tenant,
            order_id=order_id,
            buyer=TenantId(first.buyer_tenant_id),
            unit_id=first.unit_id,
            vendor_id=first.vendor_id,
            on_date=first.on_date,
            held_until=first.held_until,
            reserved_at=first.reserved_at,
            lines=tuple(HoldLine(row.product_id, row.quantity) for row in rows),
            signed=first.signed,
            firm=first.firm,
            released=False,
            order_version=first.order_version,
        )

    async def keep_hold(self, hold: Hold) -> None:
        """Store what an order holds; products it held before and no longer does are released."""
        await self._connection.execute(
            _KEEP,
            {
                "tenant": hold.tenant,
                "order": hold.order_id,
                "products": [line.product_id for line in hold.lines],
                "quantities": [line.quantity for line in hold.lines],
                "day": hold.on_date,
                "buyer": hold.buyer,
                "unit": hold.unit_id,
                "vendor": hold.vendor_id,
                "held_until": hold.held_until,
                "reserved_at": hold.reserved_at,
                "signed": hold.signed,
                "firm": hold.firm,
            },
        )

    async def _days(
        self, statement: sa.TextClause, tenant: TenantId, capacities: Mapping[str, int], on_date: date
    ) -> list[CapacityDay]:
        values: dict[str, Any] = {"tenant": tenant, "products": sorted(capacities), "day": on_date}
        rows = {row.product_id: row for row in await self._connection.execute(statement, values)}
        held: defaultdict[str, list[Held]] = defaultdict(list)
        for row in await self._connection.execute(_HOLDS, values):
            held[row.product_id].append(
                Held(
                    order_id=row.order_id,
                    buyer=TenantId(row.buyer_tenant_id),
                    unit_id=row.unit_id,
                    quantity=row.quantity,
                    held_until=row.held_until,
                    signed=row.signed,
                    firm=row.firm,
                )
            )
        return [_day(rows.get(one), one, on_date, capacities[one], tuple(held[one])) for one in sorted(capacities)]


def _day(
    row: sa.Row[Any] | None, product_id: str, on_date: date, capacity: int, holds: tuple[Held, ...]
) -> CapacityDay:
    if row is None:
        return CapacityDay(product_id, on_date, capacity, holds)
    own = row.capacity is not None
    return CapacityDay(
        product_id, on_date, row.capacity if own else capacity, holds, overridden=own, version=row.version
    )

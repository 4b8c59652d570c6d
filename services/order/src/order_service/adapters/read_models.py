"""The SQL of `application.queries`: keyset lists of one region."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from bela_kit.core.clock import TenantTime
from bela_kit.core.tenancy import TenantId
from sqlalchemy.ext.asyncio import AsyncConnection

from order_service.adapters.codec import from_document
from order_service.adapters.repositories.authority import grant_of, placed_unit_of, tenant_time_of
from order_service.adapters.repositories.budget import budget_line_of
from order_service.adapters.tables import budget_lines, budget_movements, needs, orders, plumbing, suggestions, units
from order_service.application.authority import VENDOR_ROLES, GrantRecord
from order_service.application.queries import OrderFilter, StoredOrder, Window
from order_service.application.records import PlacedUnit
from order_service.domain.budget import BudgetLine
from order_service.domain.need import Need
from order_service.domain.order.facts import OrderFacts


class SqlReads:
    """`Reads` inside a region's transaction."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId) -> None:
        self._connection = connection
        self._tenant = tenant

    async def regions(self, window: Window) -> list[TenantTime]:
        """Return regions by code."""
        table = plumbing.tenants
        query = sa.select(table).order_by(table.c.tenant_id).limit(window.size)
        if window.after is not None:
            query = query.where(table.c.tenant_id > window.after)
        return [tenant_time_of(row) for row in await self._rows(query)]

    async def units(self, window: Window) -> list[PlacedUnit]:
        """Return units, oldest first."""
        query = self._ascending(sa.select(units), units, units.c.unit_id, window)
        return [placed_unit_of(row) for row in await self._rows(query)]

    async def grants(self, window: Window, principal: str | None) -> list[GrantRecord]:
        """Return grants of the government, oldest first."""
        table = plumbing.grants
        query = sa.select(table).where(table.c.role.not_in(VENDOR_ROLES))
        if principal is not None:
            query = query.where(table.c.principal == principal)
        query = self._ascending(query, table, table.c.grant_id, window)
        return [grant_of(row) for row in await self._rows(query)]

    async def budget_lines(self, window: Window, unit_id: str | None, fiscal_year: int | None) -> list[BudgetLine]:
        """Return budget lines with their buckets, oldest first."""
        query = sa.select(budget_lines)
        if unit_id is not None:
            query = query.where(budget_lines.c.unit_id == unit_id)
        if fiscal_year is not None:
            query = query.where(budget_lines.c.fiscal_year == fiscal_year)
        query = self._ascending(query, budget_lines, budget_lines.c.budget_line_id, window)
        return [budget_line_of(row) for row in await self._rows(query)]

    async def needs(self, window: Window, unit_id: str | None) -> list[Need]:
        """Return needs, newest first."""
        query = sa.select(needs.c.body).where(needs.c.tenant_id == self._tenant)
        if unit_id is not None:
            query = query.where(needs.c.unit_id == unit_id)
        if window.after is not None:
            query = query.where(needs.c.need_id < window.after)
        query = query.order_by(needs.c.need_id.desc()).limit(window.size)
        return [from_document(Need, row["body"]) for row in await self._rows(query)]

    async def suggestion(self, need_id: str, suggestion_id: str | None) -> Mapping[str, Any] | None:
        """Return a list that was shown for a need: the newest one without an id."""
        query = sa.select(suggestions.c.body).where(
            suggestions.c.tenant_id == self._tenant, suggestions.c.need_id == need_id
        )
        if suggestion_id is not None:
            query = query.where(suggestions.c.suggestion_id == suggestion_id)
        body: Mapping[str, Any] | None = await self._connection.scalar(
            query.order_by(suggestions.c.suggestion_id.desc()).limit(1)
        )
        return body

    async def orders(self, window: Window, wanted: OrderFilter) -> list[StoredOrder]:
        """Return orders, newest first."""
        query = sa.select(orders.c.body, orders.c.version).where(orders.c.tenant_id == self._tenant)
        for column, value in (
            (orders.c.state, wanted.state),
            (orders.c.unit_id, wanted.unit_id),
            (orders.c.need_id, wanted.need_id),
        ):
            if value is not None:
                query = query.where(column == value)
        if wanted.vendor_ids is not None:
            query = query.where(orders.c.vendor_id.in_(list(wanted.vendor_ids)))
        if wanted.signed_only:
            query = query.where(orders.c.signed_on.is_not(None))
        if window.after is not None:
            query = query.where(orders.c.order_id < window.after)
        query = query.order_by(orders.c.order_id.desc()).limit(window.size)
        return [_stored(row) for row in await self._rows(query)]

    async def budget_movements(self, order_id: str) -> list[dict[str, Any]]:
        """Return what an order moved on budget lines, oldest first."""
        table = budget_movements.c
        query = (
            sa.select(budget_movements)
            .where(table.tenant_id == self._tenant, table.order_id == order_id)
            .order_by(table.occurred_at, table.movement_key)
        )
        amounts = ("reserved_idr", "committed_idr", "accepted_idr", "paid_idr")
        return [
            {"budget_line_id": row["budget_line_id"], "step": row["step"], "at": row["occurred_at"].isoformat()}
            | {name: row[name] for name in amounts}
            for row in await self._rows(query)
        ]

    async def order(self, order_id: str) -> StoredOrder | None:
        """Return one order."""
        query = sa.select(orders.c.body, orders.c.version).where(
            orders.c.tenant_id == self._tenant, orders.c.order_id == order_id
        )
        rows = await self._rows(query)
        return _stored(rows[0]) if rows else None

    def _ascending(self, query: sa.Select[Any], table: sa.Table, key: sa.Column[Any], window: Window) -> sa.Select[Any]:
        query = query.where(table.c.tenant_id == self._tenant)
        if window.after is not None:
            query = query.where(key > window.after)
        return query.order_by(key).limit(window.size)

    async def _rows(self, query: sa.Select[Any]) -> list[Mapping[Any, Any]]:
        return list((await self._connection.execute(query)).mappings())


def _stored(row: Mapping[Any, Any]) -> StoredOrder:
    return StoredOrder(from_document(OrderFacts, row["body"]), row["version"])

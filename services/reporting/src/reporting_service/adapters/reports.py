"""The reports port over PostgreSQL, within the transaction it is given.

What each method returns is said where the port is.
"""

# ruff: noqa: D102

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.ext.asyncio import AsyncConnection

from reporting_service.adapters import statements
from reporting_service.adapters.areas import area_names
from reporting_service.application.national import RegionRow
from reporting_service.application.ports import (
    BudgetLineRow,
    ClockRow,
    FunnelRow,
    OrderFilter,
    OrderOnLineRow,
    OrderRow,
    OverrideRow,
    ReleaseRow,
    SellerRow,
    Slice,
    SpendRow,
)
from reporting_service.facts.order import OrderFacts, from_json

T = TypeVar("T")


class SqlReports:
    """Reads one region's rows; the connection is bound to that region, and every statement names it again."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def as_of(self, tenant: TenantId) -> datetime | None:
        found: datetime | None = await self._connection.scalar(statements.AS_OF, {"tenant": tenant})
        return found

    async def unit_name(self, tenant: TenantId, unit: str) -> str:
        return str(await self._connection.scalar(statements.UNIT_NAME, {"tenant": tenant, "unit": unit}))

    async def area_names(self, tenant: TenantId, codes: Iterable[str]) -> Mapping[str, str]:
        return await area_names(self._connection, codes)

    async def sellers(self, tenant: TenantId, part: Slice, today: date) -> Sequence[SellerRow]:
        return await self._rows(SellerRow, statements.SELLERS, today=today, **_of(tenant, part))

    async def spend_by_unit(self, tenant: TenantId, part: Slice) -> Sequence[SpendRow]:
        return await self._rows(SpendRow, statements.SPEND_BY_UNIT, **_of(tenant, part, "district"))

    async def spend_by_category(self, tenant: TenantId, part: Slice) -> Sequence[SpendRow]:
        return await self._rows(SpendRow, statements.SPEND_BY_CATEGORY, **_of(tenant, part, "district"))

    async def spend_by_month(self, tenant: TenantId, part: Slice) -> Sequence[SpendRow]:
        return await self._rows(SpendRow, statements.SPEND_BY_MONTH, **_of(tenant, part, "district"))

    async def payment_clock(self, tenant: TenantId, part: Slice) -> Sequence[ClockRow]:
        return await self._rows(ClockRow, statements.PAYMENT_CLOCK, **_of(tenant, part, "category"))

    async def funnel(self, tenant: TenantId) -> Sequence[FunnelRow]:
        return await self._rows(FunnelRow, statements.FUNNEL, tenant=tenant)

    async def budget_lines(
        self, tenant: TenantId, year: int, unit: str, size: int, after: str
    ) -> Sequence[BudgetLineRow]:
        return await self._rows(
            BudgetLineRow, statements.BUDGET_LINES, tenant=tenant, year=year, unit=unit, size=size, after=after
        )

    async def budget_line(
        self, tenant: TenantId, line_id: str
    ) -> tuple[BudgetLineRow, Sequence[OrderOnLineRow]] | None:
        row = (
            await self._connection.execute(statements.BUDGET_LINE, {"tenant": tenant, "line": line_id})
        ).one_or_none()
        if row is None:
            return None
        *line, orders = row
        return BudgetLineRow(*line), [OrderOnLineRow(**order) for order in orders]

    async def overrides(self, tenant: TenantId, year: int) -> Sequence[OverrideRow]:
        return await self._rows(OverrideRow, statements.OVERRIDES, tenant=tenant, year=year)

    async def orders(
        self, tenant: TenantId, wanted: OrderFilter, size: int, after: tuple[date, str] | None
    ) -> Sequence[OrderRow]:
        day, order_id = after or (None, None)
        return await self._rows(
            OrderRow,
            statements.ORDERS,
            tenant=tenant,
            size=size,
            after_day=day,
            after_id=order_id,
            year=wanted.year,
            unit=wanted.unit,
            vendor=wanted.vendor,
            category=wanted.category,
            district=wanted.district,
            state=wanted.state,
        )

    async def order(self, tenant: TenantId, order_id: str) -> OrderFacts | None:
        text = await self._connection.scalar(statements.ORDER, {"tenant": tenant, "order": order_id})
        return from_json(text) if text is not None else None

    async def releases(self, tenant: TenantId, size: int, after: int) -> Sequence[ReleaseRow]:
        return await self._rows(ReleaseRow, statements.RELEASES, tenant=tenant, size=size, after=after)

    async def releases_of(self, tenant: TenantId, order_id: str) -> Sequence[ReleaseRow]:
        return await self._rows(ReleaseRow, statements.RELEASES_OF, tenant=tenant, order=order_id)

    async def _rows(self, kind: type[T], statement: sa.TextClause, **parameters: Any) -> list[T]:
        result = await self._connection.execute(statement, parameters)
        # Columns are selected in the order of the fields, so that no name is looked up per row.
        return [kind(*row) for row in result]


class SqlNationalReports:
    """Sums of all regions, from the one table that carries no policy."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all_regions(self, year: int) -> Sequence[RegionRow]:
        result = await self._connection.execute(statements.REGION_TOTALS, {"year": year})
        return [RegionRow(*row) for row in result]


def _of(tenant: TenantId, part: Slice, *without: str) -> dict[str, Any]:
    parameters: dict[str, Any] = {
        "tenant": tenant,
        "year": part.year,
        "unit": part.unit,
        "category": part.category,
        "district": part.district,
    }
    return {name: value for name, value in parameters.items() if name not in without}

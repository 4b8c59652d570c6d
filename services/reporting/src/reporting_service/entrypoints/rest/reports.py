"""REST operations of the reports: read parameters, open the region's transaction, answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bela_kit.core.clock import Clock
from bela_kit.core.pages import PageRequest
from bela_kit.db import Database
from bela_kit.pagination import encode_token
from bela_kit.rest import PublicContext, RequestContext, documented, json_response
from fastapi import APIRouter
from starlette.responses import Response

from reporting_service.adapters.reports import SqlNationalReports, SqlReports
from reporting_service.application import (
    budget_lines,
    equity,
    funnel,
    national,
    overrides,
    payment_clock,
    public_orders,
    reach,
    spend,
)
from reporting_service.application.ports import OrderFilter, Slice
from reporting_service.application.stamp import Asker
from reporting_service.entrypoints.rest import examples
from reporting_service.entrypoints.rest.parameters import (
    Category,
    District,
    Size,
    State,
    Token,
    Unit,
    Vendor,
    Year,
    after_day_and_id,
    after_text,
    asker,
)

REGION = "/reporting/v1/regions/{region}"


class _Reports:
    """The handlers; each is one report."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @asynccontextmanager
    async def _open(self, ctx: RequestContext) -> AsyncIterator[tuple[Asker, SqlReports]]:
        async with self._database.tenant_transaction(ctx.tenant) as connection:
            yield asker(ctx, self._clock), SqlReports(connection)

    async def equity(
        self,
        ctx: PublicContext,
        year: Year = None,
        unit: Unit = None,
        category: Category = None,
        district: District = None,
        variant: equity.Variant = equity.Variant.ACTIVE,
    ) -> Response:
        """Show how evenly the money spreads: Gini, HHI, Theil, shares, over owner groups."""
        async with self._open(ctx) as (who, reports):
            part = _slice(ctx, year, unit, category, district)
            return json_response(await equity.equity(who, part, variant, reports=reports))

    async def spend(
        self,
        ctx: PublicContext,
        by: spend.SpendBy = spend.SpendBy.UNIT,
        year: Year = None,
        unit: Unit = None,
        category: Category = None,
        district: District = None,
    ) -> Response:
        """Show where the money went; `district` may be combined with `by=vendor` and `by=district`."""
        async with self._open(ctx) as (who, reports):
            part = _slice(ctx, year, unit, category, district)
            return json_response(await spend.spend(who, part, by, reports=reports))

    async def reach(
        self,
        ctx: PublicContext,
        year: Year = None,
        unit: Unit = None,
        category: Category = None,
        district: District = None,
    ) -> Response:
        """Show which share of the active sellers, and of the kecamatan, sold anything."""
        async with self._open(ctx) as (who, reports):
            part = _slice(ctx, year, unit, category, district)
            return json_response(await reach.reach(who, part, reports=reports))

    async def payment_clock(
        self, ctx: PublicContext, year: Year = None, unit: Unit = None, district: District = None
    ) -> Response:
        """Show the days from BAST to payment per budget holder."""
        async with self._open(ctx) as (who, reports):
            part = _slice(ctx, year, unit, None, district)
            return json_response(await payment_clock.payment_clock(who, part, reports=reports))

    async def funnel(self, ctx: PublicContext) -> Response:
        """Show how many businesses reached each milestone, per kecamatan."""
        async with self._open(ctx) as (who, reports):
            return json_response(await funnel.funnel(who, reports=reports))

    async def budget_lines(
        self, ctx: PublicContext, year: Year = None, unit: Unit = None, page_size: Size = 200, page_token: Token = None
    ) -> Response:
        """Show reported spend (accepted + paid) per budget line beside its ceiling."""
        after = after_text(page_token)
        async with self._open(ctx) as (who, reports):
            report = await budget_lines.budget_lines(
                who, year or ctx.today.year, unit or "", size=page_size, after=after, reports=reports
            )
        return json_response(_with_token(report, {"id": report.next_page_token} if report.next_page_token else None))

    async def budget_line(self, ctx: PublicContext, budget_line_id: str) -> Response:
        """Show one budget line with the orders behind its reported spend."""
        async with self._open(ctx) as (who, reports):
            return json_response(await budget_lines.reconcile(who, budget_line_id, reports=reports))

    async def overrides(self, ctx: PublicContext, year: Year = None) -> Response:
        """Show how often rules were overridden, with the reasons, per budget holder."""
        async with self._open(ctx) as (who, reports):
            return json_response(await overrides.overrides(who, year or ctx.today.year, reports=reports))

    async def orders(
        self,
        ctx: PublicContext,
        year: Year = None,
        unit: Unit = None,
        vendor: Vendor = None,
        category: Category = None,
        district: District = None,
        state: State = None,
        page_size: Size = 50,
        page_token: Token = None,
    ) -> Response:
        """List public orders, newest signature first; an order is public once its Surat Pesanan is signed."""
        after = after_day_and_id(PageRequest(page_size, page_token))
        wanted = OrderFilter(year, unit or "", vendor or "", category or "", district or "", state or "")
        async with self._open(ctx) as (who, reports):
            page, last = await public_orders.public_orders(who, wanted, size=page_size, after=after, reports=reports)
        return json_response(_with_token(page, {"day": last[0].isoformat(), "id": last[1]} if last else None))

    async def order(self, ctx: PublicContext, order_id: str) -> Response:
        """Show one public order with its history."""
        async with self._open(ctx) as (who, reports):
            return json_response(await public_orders.public_order(who, order_id, reports=reports))

    async def national_spend(self, year: Year = None) -> Response:
        """Show the spend of all regions; demonstration regions are left out."""
        from bela_kit.core.clock import system_now

        async with self._database.public_transaction() as connection:
            report = await national.national_spend(
                year or system_now().year, reports=SqlNationalReports(connection), clock=self._clock
            )
        return json_response(report)


def reports_router(database: Database, clock: Clock) -> APIRouter:
    """Return the operations of the reports."""
    router, handlers = APIRouter(), _Reports(database, clock)
    operations: tuple[tuple[str, Any, Any, Any, tuple[str, ...]], ...] = (
        (f"{REGION}/equity", handlers.equity, equity.EquityReport, examples.EQUITY, ()),
        (f"{REGION}/spend", handlers.spend, spend.SpendReport, examples.SPEND, ("FILTER_NOT_SUPPORTED",)),
        (f"{REGION}/reach", handlers.reach, reach.ReachReport, examples.REACH, ()),
        (
            f"{REGION}/payment_clock",
            handlers.payment_clock,
            payment_clock.PaymentClockReport,
            examples.PAYMENT_CLOCK,
            (),
        ),
        (f"{REGION}/funnel", handlers.funnel, funnel.FunnelReport, examples.FUNNEL, ()),
        (
            f"{REGION}/budget_lines",
            handlers.budget_lines,
            budget_lines.BudgetLinesReport,
            examples.BUDGET_LINES,
            ("PAGE_TOKEN",),
        ),
        (
            f"{REGION}/budget_lines/{{budget_line_id}}",
            handlers.budget_line,
            budget_lines.Reconciliation,
            examples.RECONCILIATION,
            ("BUDGET_LINE_UNKNOWN",),
        ),
        (f"{REGION}/overrides", handlers.overrides, overrides.OverridesReport, examples.OVERRIDES, ()),
        (f"{REGION}/orders", handlers.orders, public_orders.PublicOrders, examples.ORDERS, ("PAGE_TOKEN",)),
        (
            f"{REGION}/orders/{{order_id}}",
            handlers.order,
            public_orders.PublicOrder,
            examples.ORDER,
            ("ORDER_UNKNOWN",),
        ),
        ("/reporting/v1/national/spend", handlers.national_spend, national.NationalSpend, examples.NATIONAL, ()),
    )
    for path, handler, model, example, reasons in operations:
        router.add_api_route(
            path,
            handler,
            methods=["GET"],
            response_model=model,
            tags=["reporting"],
            **documented(reasons=reasons, example=example),
        )
    return router


def _slice(
    ctx: RequestContext, year: int | None, unit: str | None, category: str | None, district: str | None
) -> Slice:
    return Slice(year or ctx.today.year, unit or "", category or "", district or "")


def _with_token(report: Any, keys: dict[str, Any] | None) -> dict[str, Any]:
    fields = {name: getattr(report, name) for name in report.__dataclass_fields__}
    return {**fields, "next_page_token": encode_token(keys) if keys else None}

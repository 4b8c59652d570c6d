"""Budget lines and the announced packages (RUP) that orders draw on."""

from typing import Annotated

from bela_kit.rest import TenantContext, check_if_match, documented, etag_of
from fastapi import APIRouter, Query
from starlette.responses import Response

from order_service.application.authority import GOVERNMENT_ROLES
from order_service.application.errors import NotFound
from order_service.application.masters.budget_lines import (
    KEEPERS,
    ChangeBudgetLine,
    NewBudgetLine,
    change_budget_line,
    create_budget_lines,
)
from order_service.application.masters.rup_packages import announce_package
from order_service.application.ports import UnitOfWork
from order_service.application.queries import Reads
from order_service.application.records import RupPackage
from order_service.entrypoints.rest.edge import (
    Answer,
    Id,
    PageSize,
    PageToken,
    Services,
    authority_of,
    change,
    look,
    page,
    perform,
    read,
    window,
)
from order_service.entrypoints.rest.master_views import budget_line_view, rup_view
from order_service.entrypoints.rest.regions import REGION
from order_service.entrypoints.rest.schemas.masters import (
    BudgetLineInput,
    BudgetLinePatch,
    BudgetLinesInput,
    BudgetLinesPage,
    BudgetLineView,
    RupPackageInput,
    RupPackageView,
)

_REQUEST = {
    "unit_id": "01890a5d-ac96-774b-bcce-b302099a8057",
    "fiscal_year": 2026,
    "sub_activity_code": "1.02.02.2.02.0033",
    "account_code": "5.1.02.01.01.0052",
    "title": "Belanja makanan dan minuman rapat",
    "fund_source": "PAD",
    "budget_version": "murni",
    "ceiling_idr": 50_000_000,
    "blocked_idr": 0,
}
_LINE = {
    "budget_line_id": "01890a5d-ac96-774b-bcce-b302099a8059",
    **_REQUEST,
    "reserved_idr": 0,
    "committed_idr": 0,
    "accepted_idr": 720_000,
    "paid_idr": 0,
    "available_idr": 49_280_000,
    "overcommitted": False,
    "version": 1,
}
_RUP = {
    "rup_code": "12345678",
    "unit_id": "01890a5d-ac96-774b-bcce-b302099a8057",
    "title": "Makanan dan minuman rapat 2026",
    "fiscal_year": 2026,
    "value_idr": 50_000_000,
}


def router(services: Services) -> APIRouter:
    """Return the operations on budget lines and RUP packages."""
    routes = APIRouter(tags=["budget"])

    @routes.post(
        f"{REGION}/budget_lines",
        response_model=BudgetLinesPage,
        name="create_budget_lines",
        **documented(
            roles=list(KEEPERS),
            status=201,
            example={"budget_lines": [_LINE], "next_page_token": None},
            request_example={"budget_lines": [_REQUEST]},
        ),
    )
    async def create_budget_lines_(ctx: TenantContext, body: BudgetLinesInput) -> Response:
        """Create budget lines, all or none."""
        lines = [_new(line) for line in body.budget_lines]

        async def work(uow: UnitOfWork) -> Answer:
            created = await create_budget_lines(lines, uow=uow, clock=services.clock, authority=authority_of(ctx))
            views = [budget_line_view(line) for line in created]
            return 201, {"budget_lines": views, "next_page_token": None}, None

        return await perform(services, ctx, "create_budget_lines", work, required=False)

    @routes.get(
        f"{REGION}/budget_lines",
        response_model=BudgetLinesPage,
        **documented(roles=list(GOVERNMENT_ROLES), example={"budget_lines": [_LINE], "next_page_token": None}),
    )
    async def list_budget_lines(
        ctx: TenantContext,
        unit_id: Id | None = None,
        fiscal_year: Annotated[int | None, Query(ge=2010, le=2100)] = None,
        page_size: PageSize = 50,
        page_token: PageToken = None,
    ) -> Response:
        """List budget lines with their buckets."""
        authority_of(ctx).act(GOVERNMENT_ROLES)

        async def work(reads: Reads) -> Answer:
            rows = await reads.budget_lines(window(page_size, page_token), unit_id, fiscal_year)
            return page("budget_lines", rows, page_size, lambda row: str(row.budget_line_id), budget_line_view)

        return await read(services, ctx, work)

    @routes.get(
        f"{REGION}/budget_lines/{{budget_line_id}}",
        response_model=BudgetLineView,
        **documented(roles=list(GOVERNMENT_ROLES), example=_LINE),
    )
    async def get_budget_line(ctx: TenantContext, budget_line_id: Id) -> Response:
        """Return one budget line with its buckets."""
        authority_of(ctx).act(GOVERNMENT_ROLES)

        async def work(uow: UnitOfWork) -> Answer:
            line = await uow.budget.get(budget_line_id)
            if line is None:
                raise NotFound("Baris anggaran tidak ditemukan.")
            return 200, budget_line_view(line), etag_of(line.version)

        return await look(services, ctx, work)

    @routes.patch(
        f"{REGION}/budget_lines/{{budget_line_id}}",
        response_model=BudgetLineView,
        **documented(
            roles=list(KEEPERS),
            reasons=["CEILING_BELOW_USE", "ETAG_MISMATCH"],
            example=_LINE | {"version": 2},
            request_example={"ceiling_idr": 60_000_000, "budget_version": "pergeseran-1"},
        ),
    )
    async def patch_budget_line(ctx: TenantContext, budget_line_id: Id, body: BudgetLinePatch) -> Response:
        """Change ceiling or block; below what orders hold only with `overcommitted`, which stops new orders."""

        async def work(uow: UnitOfWork) -> Answer:
            current = await uow.budget.get(budget_line_id, lock=True)
            if current is not None:
                check_if_match(ctx, current.version)
            command = ChangeBudgetLine(
                budget_line_id=budget_line_id,
                ceiling_idr=body.ceiling_idr,
                blocked_idr=body.blocked_idr,
                budget_version=body.budget_version,
                overcommitted=body.overcommitted,
                reason=body.reason,
            )
            line = await change_budget_line(
                command, current, uow=uow, clock=services.clock, authority=authority_of(ctx)
            )
            return 200, budget_line_view(line), etag_of(line.version)

        return await change(services, ctx, work)

    @routes.post(
        f"{REGION}/rup_packages",
        response_model=RupPackageView,
        **documented(roles=list(KEEPERS), reasons=["RUP_EXISTS"], status=201, example=_RUP, request_example=_RUP),
    )
    async def create_rup_package(ctx: TenantContext, body: RupPackageInput) -> Response:
        """Enter a package of the announced plan; orders under its code may not exceed its value."""
        package = RupPackage(body.rup_code, body.unit_id, body.title, body.fiscal_year, body.value_idr)

        async def work(uow: UnitOfWork) -> Answer:
            return 201, rup_view(await announce_package(package, uow=uow, authority=authority_of(ctx))), None

        return await perform(services, ctx, "create_rup_package", work, required=False)

    return routes


def _new(line: BudgetLineInput) -> NewBudgetLine:
    return NewBudgetLine(
        unit_id=line.unit_id,
        fiscal_year=line.fiscal_year,
        sub_activity_code=line.sub_activity_code,
        account_code=line.account_code,
        title=line.title,
        fund_source=line.fund_source,
        budget_version=line.budget_version,
        ceiling_idr=line.ceiling_idr,
        blocked_idr=line.blocked_idr,
    )

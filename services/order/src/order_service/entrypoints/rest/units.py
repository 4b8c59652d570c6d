"""Organisation units and the grants of the people in them."""

from typing import Annotated

from bela_kit.rest import PublicContext, TenantContext, documented, etag_of
from fastapi import APIRouter, Query
from starlette.responses import Response

from order_service.application.authority import GOVERNMENT_ROLES
from order_service.application.errors import NotFound
from order_service.application.masters.grants import GiveGrant, give_grant, revoke_grant
from order_service.application.masters.units import CreateUnit, create_unit
from order_service.application.ports import UnitOfWork
from order_service.application.queries import Reads
from order_service.entrypoints.rest.edge import (
    Answer,
    Id,
    PageSize,
    PageToken,
    Services,
    authority_of,
    look,
    page,
    perform,
    read,
    window,
)
from order_service.entrypoints.rest.master_views import grant_view, unit_view
from order_service.entrypoints.rest.regions import REGION
from order_service.entrypoints.rest.schemas.masters import (
    GrantInput,
    GrantsPage,
    GrantView,
    UnitInput,
    UnitsPage,
    UnitView,
)

_UNIT = {
    "unit_id": "01890a5d-ac96-774b-bcce-b302099a8057",
    "name": "Dinas Kesehatan",
    "parent_unit_id": None,
    "budget_holder": True,
    "budget_holder_id": "01890a5d-ac96-774b-bcce-b302099a8057",
    "district_code": "351016",
    "version": 1,
}
_GRANT = {
    "grant_id": "01890a5d-ac96-774b-bcce-b302099a8058",
    "principal": "ppk.3510",
    "role": "ppk",
    "unit_id": "01890a5d-ac96-774b-bcce-b302099a8057",
    "valid_from": "2026-01-01",
    "valid_to": None,
    "letter_number": "188/45/KEP/2026",
    "acting_for": None,
    "revoked": False,
    "version": 1,
}


def router(services: Services) -> APIRouter:
    """Return the operations on units and grants."""
    routes = APIRouter(tags=["units"])

    @routes.post(
        f"{REGION}/units",
        response_model=UnitView,
        name="create_unit",
        **documented(
            roles=["lpse_admin"],
            status=201,
            example=_UNIT,
            request_example={"name": "Dinas Kesehatan", "budget_holder": True, "district_code": "351016"},
        ),
    )
    async def create_unit_(ctx: TenantContext, body: UnitInput) -> Response:
        """Create a unit below another, or at the top."""
        command = CreateUnit(body.name, body.parent_unit_id, body.budget_holder, body.district_code)

        async def work(uow: UnitOfWork) -> Answer:
            placed = await create_unit(command, uow=uow, clock=services.clock, authority=authority_of(ctx))
            return 201, unit_view(placed), etag_of(placed.unit.version)

        return await perform(services, ctx, "create_unit", work, required=False)

    @routes.get(
        f"{REGION}/units", response_model=UnitsPage, **documented(example={"units": [_UNIT], "next_page_token": None})
    )
    async def list_units(ctx: PublicContext, page_size: PageSize = 50, page_token: PageToken = None) -> Response:
        """List the units; a public fact."""

        async def work(reads: Reads) -> Answer:
            rows = await reads.units(window(page_size, page_token))
            return page("units", rows, page_size, lambda row: str(row.unit.unit_id), unit_view)

        return await read(services, ctx, work)

    @routes.get(f"{REGION}/units/{{unit_id}}", response_model=UnitView, **documented(example=_UNIT))
    async def get_unit(ctx: PublicContext, unit_id: Id) -> Response:
        """Return one unit."""

        async def work(uow: UnitOfWork) -> Answer:
            placed = await uow.units.get(unit_id)
            if placed is None:
                raise NotFound("Unit tidak ditemukan.")
            return 200, unit_view(placed), etag_of(placed.unit.version)

        return await look(services, ctx, work)

    @routes.post(
        f"{REGION}/grants",
        response_model=GrantView,
        **documented(
            roles=["lpse_admin", "pa"],
            reasons=["GRANT_CONFLICT"],
            status=201,
            example=_GRANT,
            request_example={
                "principal": "ppk.3510",
                "role": "ppk",
                "unit_id": "01890a5d-ac96-774b-bcce-b302099a8057",
                "valid_from": "2026-01-01",
                "letter_number": "188/45/KEP/2026",
            },
        ),
    )
    async def create_grant(ctx: TenantContext, body: GrantInput) -> Response:
        """Give a role over a unit and all below it, or over the region, by a letter."""
        command = GiveGrant(
            principal=body.principal,
            role=body.role,
            unit_id=body.unit_id,
            valid_from=body.valid_from,
            valid_to=body.valid_to,
            letter_number=body.letter_number,
            acting_for=body.acting_for,
        )

        async def work(uow: UnitOfWork) -> Answer:
            grant = await give_grant(command, uow=uow, clock=services.clock, authority=authority_of(ctx))
            return 201, grant_view(grant), etag_of(grant.version)

        return await perform(services, ctx, "create_grant", work, required=False)

    @routes.get(
        f"{REGION}/grants",
        response_model=GrantsPage,
        **documented(roles=list(GOVERNMENT_ROLES), example={"grants": [_GRANT], "next_page_token": None}),
    )
    async def list_grants(
        ctx: TenantContext,
        principal: Annotated[str | None, Query(max_length=200)] = None,
        page_size: PageSize = 50,
        page_token: PageToken = None,
    ) -> Response:
        """List the grants of the region's government."""
        authority_of(ctx).act(GOVERNMENT_ROLES)

        async def work(reads: Reads) -> Answer:
            rows = await reads.grants(window(page_size, page_token), principal)
            return page("grants", rows, page_size, lambda row: str(row.grant_id), grant_view)

        return await read(services, ctx, work)

    @routes.post(
        f"{REGION}/grants/{{grant_id}}:revoke",
        response_model=GrantView,
        name="revoke_grant",
        **documented(roles=["lpse_admin", "pa"], example=_GRANT | {"revoked": True, "version": 2}),
    )
    async def revoke_grant_(ctx: TenantContext, grant_id: Id) -> Response:
        """Withdraw a grant."""

        async def work(uow: UnitOfWork) -> Answer:
            grant = await revoke_grant(grant_id, uow=uow, clock=services.clock, authority=authority_of(ctx))
            return 200, grant_view(grant), etag_of(grant.version)

        return await perform(services, ctx, "revoke_grant", work, required=False)

    return routes

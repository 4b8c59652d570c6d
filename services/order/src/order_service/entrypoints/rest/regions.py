"""Regions, their clock and what they decide about suggestions."""

from dataclasses import replace
from typing import Any

from bela_kit.core.tenancy import TenantId, parse_tenant
from bela_kit.rest import OperatorContext, PublicContext, check_if_match, documented, etag_of, json_response
from fastapi import APIRouter
from starlette.responses import Response

from order_service.application.errors import Invalid, NotFound
from order_service.application.masters.regions import CreateRegion, change_nearness, create_region, set_demo_clock
from order_service.application.ports import UnitOfWork
from order_service.entrypoints.rest.edge import (
    AdministratorContext,
    Answer,
    PageSize,
    PageToken,
    Services,
    authority_of,
    change,
    look,
    page,
    perform,
    window,
)
from order_service.entrypoints.rest.master_views import nearness_view, region_view
from order_service.entrypoints.rest.schemas.masters import (
    RegionDetail,
    RegionInput,
    RegionPatch,
    RegionsPage,
    RegionView,
)

COLLECTION = "/order/v1/regions"
REGION = "/order/v1/regions/{region}"
_EXAMPLE = {
    "region": "3510",
    "name": "Kabupaten Banyuwangi",
    "kind": "kabkota",
    "zone": "Asia/Jakarta",
    "work_week_days": 5,
    "demo": True,
    "clock_offset_seconds": -22_000_000,
    "now": "2026-01-05T02:00:00+00:00",
    "version": 2,
}
_DETAIL = _EXAMPLE | {
    "nearness_mode": "soft",
    "district_neighbours": {"351016": ["351017"]},
    "neighbours_verified": False,
}


def router(services: Services) -> APIRouter:
    """Return the operations on regions."""
    routes = APIRouter(tags=["regions"])

    @routes.post(
        COLLECTION,
        response_model=RegionView,
        name="create_region",
        **documented(
            roles=["platform_operator"],
            reasons=["REGION_EXISTS", "DEMO_NOT_ALLOWED"],
            status=201,
            example=_EXAMPLE,
            request_example={
                "region": "3510",
                "name": "Kabupaten Banyuwangi",
                "zone": "Asia/Jakarta",
                "demo": True,
                "administrator": "lpse_admin.3510",
                "letter_number": "188/1/KEP/2026",
            },
        ),
    )
    async def create_region_(ctx: OperatorContext, body: RegionInput) -> Response:
        """Create a region and its first administrator's grant."""
        region = parse_tenant(body.region)
        command = CreateRegion(
            region=region,
            name=body.name,
            zone=body.zone,
            work_week_days=body.work_week_days,
            demo=body.demo,
            administrator=body.administrator,
            letter_number=body.letter_number,
        )

        async def work(uow: UnitOfWork) -> Answer:
            created = await create_region(command, uow=uow, production=services.production)
            return 201, region_view(created), etag_of(created.version)

        answer = await perform(services, ctx.for_tenant(region), "create_region", work, required=False)
        await services.refresh_clock()
        return answer

    @routes.get(
        COLLECTION, response_model=RegionsPage, **documented(example={"regions": [_EXAMPLE], "next_page_token": None})
    )
    async def list_regions(page_size: PageSize = 50, page_token: PageToken = None) -> Response:
        """List the regions; a public fact."""
        async with services.db.public_transaction() as connection:
            rows = await services.reads(connection, TenantId("")).regions(window(page_size, page_token))
        return json_response(page("regions", rows, page_size, lambda row: str(row.tenant), region_view)[1])

    @routes.get(REGION, response_model=RegionDetail, **documented(example=_DETAIL))
    async def get_region(ctx: PublicContext) -> Response:
        """Return one region, with what it decided about suggestions."""

        async def work(uow: UnitOfWork) -> Answer:
            settings = await uow.regions.get()
            if settings is None:
                raise NotFound("Daerah tidak ditemukan.")
            body = region_view(settings) | nearness_view(await uow.regions.settings())
            return 200, body, etag_of(settings.version)

        return await look(services, ctx, work)

    @routes.patch(
        REGION,
        response_model=RegionDetail,
        **documented(
            roles=["platform_operator", "lpse_admin"],
            reasons=["DEMO_NOT_ALLOWED", "NOTHING_TO_CHANGE"],
            example=_DETAIL,
            request_example={"clock_at": "2026-01-05T09:00:00+07:00"},
        ),
    )
    async def patch_region(ctx: AdministratorContext, body: RegionPatch) -> Response:
        """Move the clock of a demo region (`clock_at` becomes now), or change how near a seller must be."""
        if not body.model_fields_set:
            raise Invalid("body", "NOTHING_TO_CHANGE", "Tidak ada yang diubah.")

        async def work(uow: UnitOfWork) -> Answer:
            settings = await uow.regions.get(lock=True)
            if settings is None:
                raise NotFound("Daerah tidak ditemukan.")
            check_if_match(ctx, settings.version)
            authority = authority_of(ctx)
            operator = ctx.principal is not None and ctx.principal.operator
            if body.clock_at is not None:
                settings = await set_demo_clock(
                    body.clock_at, uow=uow, authority=authority, is_operator=operator, production=services.production
                )
            kept = await uow.regions.settings()
            changes: dict[str, Any] = {
                "nearness_mode": body.nearness_mode,
                "neighbours": None
                if body.district_neighbours is None
                else {code: tuple(others) for code, others in body.district_neighbours.items()},
                "neighbours_verified": body.neighbours_verified,
            }
            changes = {name: value for name, value in changes.items() if value is not None}
            if changes:
                kept = await change_nearness(replace(kept, **changes), uow=uow, authority=authority)
            return 200, region_view(settings) | nearness_view(kept), etag_of(settings.version)

        answer = await change(services, ctx, work)
        await services.refresh_clock()
        return answer

    return routes

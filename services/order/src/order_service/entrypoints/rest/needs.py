"""Needs and the suggestion of sellers for them."""

from bela_kit.rest import TenantContext, documented, etag_of
from fastapi import APIRouter
from starlette.responses import Response

from order_service.application.authority import GOVERNMENT_ROLES
from order_service.application.errors import NotFound
from order_service.application.masters.needs import CREATORS, StateNeed, approve, find_need, keep_need
from order_service.application.offers import OffersWanted
from order_service.application.ports import UnitOfWork
from order_service.application.queries import Reads
from order_service.application.suggesting import ASKERS, suggest_sellers
from order_service.domain.need import Need
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
from order_service.entrypoints.rest.examples import NEED, NEED_REQUEST, SUGGESTION
from order_service.entrypoints.rest.order_views import need_view
from order_service.entrypoints.rest.regions import REGION
from order_service.entrypoints.rest.schemas.need_answers import NeedsPage, NeedView, SuggestionView
from order_service.entrypoints.rest.schemas.order_bodies import NeedInput


def router(services: Services) -> APIRouter:
    """Return the operations on needs."""
    routes = APIRouter(tags=["needs"])

    @routes.post(
        f"{REGION}/needs",
        response_model=NeedView,
        **documented(
            roles=list(CREATORS),
            reasons=["PROFILE_UNKNOWN", "NO_BUDGET_HOLDER", "INVALID_FIELDS", "DEPENDENCY_UNAVAILABLE"],
            status=201,
            example=NEED,
            request_example=NEED_REQUEST,
        ),
    )
    async def create_need(ctx: TenantContext, body: NeedInput) -> Response:
        """State a need; the category comes from the catalog's profile."""
        authority = authority_of(ctx)
        authority.act(CREATORS)
        zone = services.clock.zone(ctx.tenant)
        sheet = await services.catalog.find_offers(
            ctx.tenant,
            OffersWanted(
                profile_code=body.profile_code,
                quantity=body.quantity,
                needed_on=body.needed_at.astimezone(zone).date(),
                needed_at=body.needed_at,
                district_code=body.district_code,
            ),
        )
        command = _command(body)

        async def work(uow: UnitOfWork) -> Answer:
            need = await keep_need(command, sheet=sheet, uow=uow, clock=services.clock, authority=authority)
            return 201, need_view(need, zone), etag_of(need.version)

        return await perform(services, ctx, "create_need", work, required=False)

    @routes.get(
        f"{REGION}/needs",
        response_model=NeedsPage,
        **documented(roles=list(GOVERNMENT_ROLES), example={"needs": [NEED], "next_page_token": None}),
    )
    async def list_needs(
        ctx: TenantContext, unit_id: Id | None = None, page_size: PageSize = 50, page_token: PageToken = None
    ) -> Response:
        """List needs, newest first."""
        authority_of(ctx).act(GOVERNMENT_ROLES)
        zone = services.clock.zone(ctx.tenant)

        async def work(reads: Reads) -> Answer:
            rows = await reads.needs(window(page_size, page_token), unit_id)
            return page("needs", rows, page_size, lambda row: str(row.need_id), lambda row: need_view(row, zone))

        return await read(services, ctx, work)

    @routes.get(
        f"{REGION}/needs/{{need_id}}", response_model=NeedView, **documented(roles=list(GOVERNMENT_ROLES), example=NEED)
    )
    async def get_need(ctx: TenantContext, need_id: Id) -> Response:
        """Return one need."""
        authority_of(ctx).act(GOVERNMENT_ROLES)

        async def work(uow: UnitOfWork) -> Answer:
            need = await find_need(need_id, uow=uow)
            return 200, need_view(need, services.clock.zone(ctx.tenant)), etag_of(need.version)

        return await look(services, ctx, work)

    @routes.post(
        f"{REGION}/needs/{{need_id}}:approve",
        response_model=NeedView,
        **documented(roles=["kpa", "pa", "ppk"], reasons=["NEED_SELF_APPROVAL"], example=NEED),
    )
    async def approve_need(ctx: TenantContext, need_id: Id) -> Response:
        """Approve a need where its creator will sign the order himself, or a rule is to be set aside."""

        async def work(uow: UnitOfWork) -> Answer:
            need = await approve(need_id, uow=uow, clock=services.clock, authority=authority_of(ctx))
            return 200, need_view(need, services.clock.zone(ctx.tenant)), etag_of(need.version)

        return await perform(services, ctx, "approve_need", work, required=False)

    @routes.post(
        f"{REGION}/needs/{{need_id}}:suggest",
        response_model=SuggestionView,
        **documented(roles=list(ASKERS), reasons=["DEPENDENCY_UNAVAILABLE"], example=SUGGESTION),
    )
    async def suggest(ctx: TenantContext, need_id: Id) -> Response:
        """Rank the sellers able to serve a need, with every part of the score and the reason in words."""
        authority = authority_of(ctx)
        authority.act(ASKERS)
        need = await services.peek(ctx.tenant, lambda uow: find_need(need_id, uow=uow))
        sheet = await services.catalog.find_offers(ctx.tenant, _offers(need, services))

        async def work(uow: UnitOfWork) -> Answer:
            shown = await suggest_sellers(need, sheet=sheet, uow=uow, clock=services.clock, authority=authority)
            return 200, dict(shown.body), None

        return await perform(services, ctx, "suggest", work, required=False)

    @routes.get(
        f"{REGION}/needs/{{need_id}}/suggestion",
        response_model=SuggestionView,
        **documented(roles=list(GOVERNMENT_ROLES), example=SUGGESTION),
    )
    async def get_suggestion(ctx: TenantContext, need_id: Id, suggestion_id: Id | None = None) -> Response:
        """Return the list that was shown for a need: the newest, or a named one."""
        authority_of(ctx).act(GOVERNMENT_ROLES)

        async def work(reads: Reads) -> Answer:
            body = await reads.suggestion(need_id, suggestion_id)
            if body is None:
                raise NotFound("Belum ada daftar saran untuk kebutuhan ini.")
            return 200, body, None

        return await read(services, ctx, work)

    return routes


def _offers(need: Need, services: Services) -> OffersWanted:
    return OffersWanted(
        profile_code=need.profile_code,
        quantity=need.quantity,
        needed_on=need.needed_at.astimezone(services.clock.zone(need.tenant)).date(),
        needed_at=need.needed_at,
        district_code=need.delivery.district_code,
    )


def _command(body: NeedInput) -> StateNeed:
    return StateNeed(
        unit_id=body.unit_id,
        title=body.title,
        profile_code=body.profile_code,
        quantity=body.quantity,
        needed_at=body.needed_at,
        district_code=body.district_code,
        village_code=body.village_code,
        address=body.address,
        activity_name=body.activity_name,
        activity_place=body.activity_place,
        meeting_kind=body.meeting_kind,
        participants=body.participants,
        duration_minutes=body.duration_minutes,
        budget_line_ids=tuple(body.budget_line_ids),
        payer_kind=body.payer_kind,
        budget_unit_price_idr=body.budget_unit_price_idr,
        hps_idr=body.hps_idr,
        rup_code=body.rup_code,
        event_id=body.event_id,
    )

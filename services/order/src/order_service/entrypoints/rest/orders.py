"""Orders: make a draft, list and read them. Who may see what: domain.md 1.3 and 8.2."""

from typing import Any

from bela_kit.core.errors import JsonValue
from bela_kit.rest import PublicContext, RequestContext, TenantContext, documented, etag_of
from fastapi import APIRouter
from starlette.responses import Response

from order_service.application.authority import GOVERNMENT_ROLES, VENDOR_ROLES, Authority
from order_service.application.errors import NotFound
from order_service.application.masters.needs import find_need
from order_service.application.offers import OffersWanted
from order_service.application.orders.acting import sells
from order_service.application.orders.drafting import DraftOrder, draft_order
from order_service.application.orders.placing import MAKERS, WantedLine
from order_service.application.ports import UnitOfWork
from order_service.application.queries import OrderFilter, Reads, StoredOrder
from order_service.domain.order.state import OrderState
from order_service.entrypoints.rest.edge import (
    Answer,
    Id,
    PageSize,
    PageToken,
    Services,
    authority_of,
    page,
    perform,
    read,
    window,
)
from order_service.entrypoints.rest.examples import DRAFT_REQUEST, ORDER, PUBLIC_ORDER
from order_service.entrypoints.rest.order_views import order_view, public_order_view
from order_service.entrypoints.rest.regions import REGION
from order_service.entrypoints.rest.schemas.order_answers import OrderHistory, OrdersPage, OrderView, PublicOrderView
from order_service.entrypoints.rest.schemas.order_bodies import OrderInput

ORDERS = f"{REGION}/orders"


def router(services: Services) -> APIRouter:
    """Return the operations that make and read orders."""
    routes = APIRouter(tags=["orders"])

    @routes.post(
        ORDERS,
        response_model=OrderView,
        **documented(
            roles=list(MAKERS),
            reasons=["VENDOR_UNKNOWN", "PRODUCT_NOT_OFFERED", "VENDOR_NOT_ACTIVE", "BUDGET_YEAR_CLOSED"],
            status=201,
            example=ORDER | {"state": "draft"},
            request_example=DRAFT_REQUEST,
        ),
    )
    async def create_order(ctx: TenantContext, body: OrderInput) -> Response:
        """Make a draft: nothing is held yet."""
        authority = authority_of(ctx)
        authority.act(MAKERS)
        need = await services.peek(ctx.tenant, lambda uow: find_need(body.need_id, uow=uow))
        zone = services.clock.zone(ctx.tenant)
        sheet = await services.catalog.find_offers(
            ctx.tenant,
            OffersWanted(
                profile_code=need.profile_code,
                quantity=need.quantity,
                needed_on=need.needed_at.astimezone(zone).date(),
                needed_at=need.needed_at,
                district_code=need.delivery.district_code,
            ),
        )
        command = DraftOrder(
            need_id=body.need_id,
            vendor_id=body.vendor_id,
            lines=tuple(WantedLine(line.product_id, line.quantity) for line in body.lines),
            channel=body.channel,
            external_number=body.external_number,
            rup_code=body.rup_code,
            short_path=body.short_path,
        )

        async def work(uow: UnitOfWork) -> Answer:
            order = await draft_order(command, sheet=sheet, uow=uow, clock=services.clock, authority=authority)
            return 201, order_view(order.facts, order.version, zone), etag_of(order.version)

        return await perform(services, ctx, "create_order", work, required=False)

    @routes.get(
        ORDERS, response_model=OrdersPage, **documented(example={"orders": [PUBLIC_ORDER], "next_page_token": None})
    )
    async def list_orders(
        ctx: PublicContext,
        state: OrderState | None = None,
        unit_id: Id | None = None,
        need_id: Id | None = None,
        vendor_id: Id | None = None,
        page_size: PageSize = 50,
        page_token: PageToken = None,
    ) -> Response:
        """List orders, newest first: officers all, a business its own, everybody those that are signed."""
        authority = authority_of(ctx)
        official = authority.reads_everything()
        own = _businesses(authority)
        mine = bool(own) and (vendor_id is None or vendor_id in own)
        wanted = OrderFilter(
            state=state.value if state else None,
            unit_id=unit_id,
            need_id=need_id,
            vendor_ids=[vendor_id] if vendor_id else (own if mine and not official else None),
            signed_only=not official and not mine,
        )

        async def work(reads: Reads) -> Answer:
            rows = await reads.orders(window(page_size, page_token), wanted)
            return page(
                "orders", rows, page_size, lambda row: str(row.facts.order_id), lambda row: _seen(services, ctx, row)
            )

        return await read(services, ctx, work)

    @routes.get(f"{ORDERS}/{{order_id}}", response_model=OrderView | PublicOrderView, **documented(example=ORDER))
    async def get_order(ctx: PublicContext, order_id: Id) -> Response:
        """Return one order; to outsiders only its public part, and only once it is signed."""

        async def work(reads: Reads) -> Answer:
            stored = await _visible(reads, ctx, order_id)
            return 200, _seen(services, ctx, stored), etag_of(stored.version)

        return await read(services, ctx, work)

    @routes.get(
        f"{ORDERS}/{{order_id}}/history",
        response_model=OrderHistory,
        **documented(
            roles=[*GOVERNMENT_ROLES, *VENDOR_ROLES],
            example={"history": [{"state": "draft", "at": "2026-01-05T09:05:00+07:00"}], "budget_movements": []},
        ),
    )
    async def get_order_history(ctx: TenantContext, order_id: Id) -> Response:
        """Return every state of an order with its date, and every movement of money it made."""

        async def work(reads: Reads) -> Answer:
            stored = await _visible(reads, ctx, order_id)
            view = _seen(services, ctx, stored)
            movements: list[dict[str, JsonValue]] = []
            if authority_of(ctx).reads_everything():
                movements = await reads.budget_movements(order_id)
            return 200, {"history": view["history"], "budget_movements": movements}, etag_of(stored.version)

        return await read(services, ctx, work)

    return routes


def _businesses(authority: Authority) -> list[str]:
    return [held.scope_id for held in authority.held if held.role in VENDOR_ROLES and held.scope_id]


async def _visible(reads: Reads, ctx: RequestContext, order_id: str) -> StoredOrder:
    stored = await reads.order(order_id)
    if stored is None or (stored.facts.signed_on is None and not _takes_part(ctx, stored)):
        raise NotFound("Pesanan tidak ditemukan.")
    return stored


def _takes_part(ctx: RequestContext, stored: StoredOrder) -> bool:
    authority = authority_of(ctx)
    return authority.reads_everything() or sells(authority, stored.facts.seller.vendor_id) is not None


def _seen(services: Services, ctx: RequestContext, stored: StoredOrder) -> dict[str, Any]:
    zone = services.clock.zone(ctx.tenant)
    view = order_view if _takes_part(ctx, stored) else public_order_view
    return view(stored.facts, stored.version, zone)

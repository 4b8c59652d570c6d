"""Submit, sign and buy: the acts that ask another service first. Remote calls are made here, between two transactions.

`:submit` asks the catalog once; only where the rotation limit is met is it asked again, who else could serve the need,
and the submission is tried once more. `:buy` also asks the registry, at the same time, since it signs.
"""

from dataclasses import replace

from bela_kit.core.ids import derived_id
from bela_kit.core.tenancy import parse_tenant
from bela_kit.rest import IdempotencyKeyRequired, RequestContext, TenantContext, check_if_match, documented, etag_of
from fastapi import APIRouter
from starlette.responses import Response

from order_service.application.orders.acting import Acting
from order_service.application.orders.judging import Choice
from order_service.application.orders.placing import MAKERS, SIGNERS, WantedLine
from order_service.application.orders.signing import Asked, prepare_signature, sign_order
from order_service.application.orders.submitting import (
    Answers,
    Purchase,
    buy,
    prepare_purchase,
    prepare_submission,
    submit_order,
)
from order_service.application.ports import UnitOfWork
from order_service.domain.order.facts import OrderFacts
from order_service.domain.order.order import Order
from order_service.entrypoints.rest.edge import Answer, Id, Services, authority_of, perform
from order_service.entrypoints.rest.examples import DRAFT_REQUEST, ORDER
from order_service.entrypoints.rest.holding import hold, hold_and_ask, while_held
from order_service.entrypoints.rest.order_views import order_view
from order_service.entrypoints.rest.orders import ORDERS
from order_service.entrypoints.rest.schemas.order_answers import OrderView
from order_service.entrypoints.rest.schemas.order_bodies import (
    LineInput,
    OverrideInput,
    PurchaseInput,
    ReasonInput,
    SubmitInput,
)

SUBMIT_REASONS = [
    "ROTATION_LIMIT",
    "BUDGET_EXCEEDED",
    "SPLITTING_REASON_REQUIRED",
    "SPLITTING_BLOCKED",
    "TOO_MANY_UNSIGNED",
    "CHANNEL_LIMIT",
    "CHANNEL_CLOSED",
    "EXTERNAL_NUMBER_REQUIRED",
    "UMKM_FIRST",
    "BAND_TOO_LOW",
    "LEAD_TOO_SHORT",
    "CAPACITY_GONE",
    "RUP_EXCEEDED",
    "CHOICE_REASON_REQUIRED",
    "ORDER_STATE",
    "ETAG_MISMATCH",
    "DEPENDENCY_UNAVAILABLE",
]


def router(services: Services) -> APIRouter:
    """Return the operations that place an order."""
    routes = APIRouter(tags=["orders"])

    @routes.post(
        f"{ORDERS}/{{order_id}}:submit",
        response_model=OrderView,
        **documented(
            roles=list(MAKERS),
            reasons=SUBMIT_REASONS,
            example=ORDER | {"state": "ppk_review"},
            request_example={},
            idempotency="required",
        ),
    )
    async def submit(ctx: TenantContext, order_id: Id, body: SubmitInput | None = None) -> Response:
        """Submit a draft: hold capacity, reserve money, judge rotation and splitting."""
        return await _submit(services, ctx, order_id, body or SubmitInput())

    @routes.post(
        f"{ORDERS}/{{order_id}}:sign",
        response_model=OrderView,
        **documented(
            roles=list(SIGNERS),
            reasons=["VENDOR_NOT_ELIGIBLE", "DUTIES_NOT_SEPARATED", "NEED_SELF_APPROVAL", "DEPENDENCY_UNAVAILABLE"],
            example=ORDER,
            request_example={},
            idempotency="required",
        ),
    )
    async def sign(ctx: TenantContext, order_id: Id, body: ReasonInput | None = None) -> Response:
        """Sign: the reserve becomes a commitment, the paper gets its number, the seller is asked."""
        return await _sign(services, ctx, order_id, (body or ReasonInput()).reason)

    @routes.post(
        f"{ORDERS}:buy",
        response_model=OrderView,
        name="buy",
        **documented(
            roles=list(SIGNERS),
            reasons=[*SUBMIT_REASONS, "SHORT_PATH_LIMIT", "VENDOR_NOT_ELIGIBLE"],
            status=201,
            example=ORDER,
            request_example=DRAFT_REQUEST,
            idempotency="required",
        ),
    )
    async def buy_(ctx: TenantContext, body: PurchaseInput) -> Response:
        """Order and sign a small purchase in one act; the seller's yes comes next."""
        return await _buy(services, ctx, body)

    return routes


def _acting(ctx: RequestContext, order_id: str, reason: str = "") -> Acting:
    return Acting(
        order_id=order_id,
        authority=authority_of(ctx),
        check_version=lambda version: check_if_match(ctx, version, required=False),
        reason=reason,
    )


async def _submit(services: Services, ctx: RequestContext, order_id: str, body: SubmitInput) -> Response:
    if ctx.idempotency_key is None:
        raise IdempotencyKeyRequired
    acting = _acting(ctx, order_id)
    choice = _choice(body.reason, body.override)
    prepared = await services.peek(ctx.tenant, lambda uow: prepare_submission(acting, uow=uow, clock=services.clock))
    answers = await hold(services, ctx, prepared) if prepared else None

    async def run(final: Answers | None) -> Response:
        async def work(uow: UnitOfWork) -> Answer:
            order = await submit_order(acting, prepared, final, choice, uow=uow, clock=services.clock)
            return _answer(services, ctx, order)

        return await perform(services, ctx, "submit_order", work)

    return await while_held(services, ctx, prepared, answers, run)


async def _sign(services: Services, ctx: RequestContext, order_id: str, reason: str) -> Response:
    if ctx.idempotency_key is None:
        raise IdempotencyKeyRequired
    acting = _acting(ctx, order_id, reason)
    peeking = replace(acting, check_version=lambda version: None)
    seen = await services.peek(ctx.tenant, lambda uow: prepare_signature(peeking, uow=uow))
    refusals = await _refusals(services, ctx, seen.facts) if seen.facts.signed_at is None else ()
    asked = Asked(seen.version, refusals)

    async def work(uow: UnitOfWork) -> Answer:
        return _answer(services, ctx, await sign_order(acting, asked, uow=uow, clock=services.clock))

    return await perform(services, ctx, "sign_order", work)


async def _refusals(services: Services, ctx: RequestContext, facts: OrderFacts) -> tuple[str, ...]:
    return await services.registry.refusals(
        parse_tenant(facts.seller.region), facts.seller.vendor_id, value_idr=facts.total, on=ctx.today, buyer=ctx.tenant
    )


async def _buy(services: Services, ctx: RequestContext, body: PurchaseInput) -> Response:
    if ctx.idempotency_key is None:
        raise IdempotencyKeyRequired
    authority = authority_of(ctx)
    # The same request makes the same order, so that a repetition after a crash holds the same capacity again; another
    # body under the same key makes another one, so that it touches nothing of the first before it is refused.
    order_id = str(derived_id("buy", ctx.tenant, authority.principal, ctx.idempotency_key, ctx.fingerprint))
    purchase = Purchase(
        order_id=order_id,
        need_id=body.need_id,
        vendor_id=body.vendor_id,
        lines=_lines(body.lines),
        channel=body.channel,
        rup_code=body.rup_code,
        choice=_choice(body.reason, body.override),
    )
    cases = services.cases(ctx.tenant)
    prepared = await prepare_purchase(purchase, uow=cases, clock=services.clock, authority=authority)
    answers = await hold_and_ask(services, ctx, prepared) if prepared else None

    async def run(final: Answers | None) -> Response:
        async def work(uow: UnitOfWork) -> Answer:
            order = await buy(purchase, prepared, final, uow=uow, clock=services.clock, authority=authority)
            return 201, *_answer(services, ctx, order)[1:]

        return await perform(services, ctx, "buy", work)

    return await while_held(services, ctx, prepared, answers, run)


def _choice(reason: str, override: OverrideInput | None) -> Choice:
    if override is None:
        return Choice(reason=reason)
    return Choice(reason=reason, override_reason=override.reason, override_text=override.text)


def _lines(lines: list[LineInput]) -> tuple[WantedLine, ...]:
    return tuple(WantedLine(line.product_id, line.quantity) for line in lines)


def _answer(services: Services, ctx: RequestContext, order: Order) -> Answer:
    view = order_view(order.facts, order.version, services.clock.zone(ctx.tenant))
    return 200, view, etag_of(order.version)

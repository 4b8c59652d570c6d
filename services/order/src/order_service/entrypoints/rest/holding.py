"""The seller's day while a submission is judged: taken before the transaction, given back where the order is refused.

Only a refusal is known to have left nothing behind. Where the database or a commit is in doubt the hold stands until
its lease ends: the order may exist.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bela_kit.core.errors import Kind, ServiceError
from bela_kit.core.tenancy import parse_tenant
from bela_kit.rest import RequestContext
from starlette.responses import Response

from order_service.application.errors import DependencyUnavailable
from order_service.application.offers import Quote
from order_service.application.orders.judging import AlternativesWanted
from order_service.application.orders.submitting import Answers, Prepared
from order_service.entrypoints.rest.edge import Services

REPLAYED = "Idempotent-Replay"
Run = Callable[[Answers | None], Awaitable[Response]]


async def hold(services: Services, ctx: RequestContext, prepared: Prepared) -> Answers:
    """Ask the catalog for prices and a hold."""
    return Answers(await services.catalog.reserve(ctx.tenant, prepared.hold))


async def hold_and_ask(services: Services, ctx: RequestContext, prepared: Prepared) -> Answers:
    """Ask for the hold and for the seller's standing at once.

    The registry is asked for the highest value the short path knows, since the price comes only with the hold.
    """
    seller = prepared.case.seller.seller
    home = parse_tenant(seller.region)
    limit = prepared.case.policy.required_amount("form.nota.max", ctx.today)
    quote, refusals = await asyncio.gather(
        services.catalog.reserve(ctx.tenant, prepared.hold),
        services.registry.refusals(home, seller.vendor_id, value_idr=limit, on=ctx.today, buyer=ctx.tenant),
        return_exceptions=True,
    )
    if isinstance(quote, BaseException):
        raise quote
    if isinstance(refusals, BaseException):
        await _give_back(services, ctx, prepared, quote)
        raise refusals
    return Answers(quote, refusals=refusals)


async def while_held(
    services: Services,
    ctx: RequestContext,
    prepared: Prepared | None,
    answers: Answers | None,
    run: Run,
) -> Response:
    """Run a submission; where the rotation limit is met, ask who else could serve, and run it once more.

    Where it is refused, or was done long ago under the same key, the hold is given back before the answer goes out.
    """
    if prepared is None or answers is None:
        return await run(None)
    try:
        answer = await _run(services, ctx, prepared, answers, run)
    except ServiceError as refused:
        if refused.kind is not Kind.UNAVAILABLE or isinstance(refused, DependencyUnavailable):
            await _give_back(services, ctx, prepared, answers.quote)
        raise
    if REPLAYED in answer.headers:
        await _give_back(services, ctx, prepared, answers.quote)
    return answer


async def _run(services: Services, ctx: RequestContext, prepared: Prepared, answers: Answers, run: Run) -> Response:
    try:
        return await run(answers)
    except AlternativesWanted:
        sheet = await services.catalog.find_offers(ctx.tenant, prepared.offers)
        return await run(replace(answers, sheet=sheet))


async def _give_back(services: Services, ctx: RequestContext, prepared: Prepared, quote: Quote) -> None:
    """Give back what this request took; a hold it only joined belongs to another one that is still under way."""
    if quote.taken:
        await services.catalog.release(ctx.tenant, prepared.hold, quote)

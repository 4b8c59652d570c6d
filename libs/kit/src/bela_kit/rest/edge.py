"""The one place where a REST request's effect is committed, once, whatever the client sends again."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from bela_kit.core.clock import system_now
from bela_kit.core.errors import ServiceError
from bela_kit.db import Database
from bela_kit.idempotency import IdempotencyKey, StoredResponse, begin, complete
from bela_kit.rest.context import RequestContext
from bela_kit.rest.schema import encoded

Effect: TypeAlias = Callable[[AsyncConnection], Awaitable[tuple[int, Mapping[str, Any] | list[Any], str | None]]]
"""What a request does inside its transaction: returns status, body and entity tag; never commits."""


class IdempotencyKeyRequired(ServiceError):
    """This operation moves money or stock, and cannot be sent without a key."""

    reason = "IDEMPOTENCY_KEY_REQUIRED"

    def __init__(self) -> None:
        super().__init__("Sertakan Idempotency-Key agar permintaan ini tidak terlaksana dua kali.")


async def idempotent(
    ctx: RequestContext, db: Database, operation: str, effect: Effect, *, required: bool = True
) -> Response:
    """Run an effect in the tenant's transaction, at most once for one idempotency key, and commit.

    A key that was seen before gives the stored answer with the header `Idempotent-Replay: true`; refusals are not
    stored, so that a request may succeed later under the same key.

    Args:
        ctx: The request.
        db: The service's database.
        operation: Name of the operation; keys of different operations never meet.
        effect: What to do; remote calls belong before this function.
        required: Whether a request without a key is refused; if not, it runs unprotected.

    Raises:
        IdempotencyKeyRequired: There is no key.
        ServiceError: IDEMPOTENCY_KEY_REUSED if the key came with another request before, or what the effect refused.
    """
    if ctx.idempotency_key is None:
        if required:
            raise IdempotencyKeyRequired
        return await in_tenant(ctx, db, effect)
    subject = ctx.principal.subject if ctx.principal is not None else ""
    key = IdempotencyKey(ctx.tenant, subject, operation, ctx.idempotency_key, ctx.fingerprint)
    async with db.tenant_transaction(ctx.tenant) as connection:
        stored = await begin(connection, key, system_now())
        if stored is not None:
            return _response(stored, replayed=True)
        status, data, etag = await effect(connection)
        answer = StoredResponse(status, encoded(data), etag)
        await complete(connection, key, answer)
    return _response(answer, replayed=False)


async def in_tenant(ctx: RequestContext, db: Database, effect: Effect) -> Response:
    """Run an effect in the tenant's transaction and commit; for reads, and for writes that an entity tag protects."""
    async with db.tenant_transaction(ctx.tenant) as connection:
        status, data, etag = await effect(connection)
        answer = StoredResponse(status, encoded(data), etag)
    return _response(answer, replayed=False)


def _response(answer: StoredResponse, *, replayed: bool) -> Response:
    headers = {}
    if answer.etag is not None:
        headers["ETag"] = answer.etag
    if replayed:
        headers["Idempotent-Replay"] = "true"
    return Response(answer.body, answer.status, media_type="application/json", headers=headers)

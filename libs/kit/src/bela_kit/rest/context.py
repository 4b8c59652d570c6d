"""Who asks, for which tenant, and what they may do there: worked out once per request, before any handler runs.

The rule of isolation is held here. A principal without a grant in the tenant gets, on a public operation, exactly what
an anonymous caller gets; on every other one the tenant does not exist for it.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any

import orjson
from fastapi import Depends
from fastapi.routing import APIRoute
from starlette.requests import Request

from bela_kit.auth import Principal, TokenInvalid, Unauthenticated, Verifier
from bela_kit.authority import Grant, find_grants
from bela_kit.core.actor import Actor
from bela_kit.core.clock import Clock, system_now
from bela_kit.core.errors import Kind, ServiceError
from bela_kit.core.tenancy import TenantId, TenantUnknown, parse_tenant
from bela_kit.db import Database
from bela_kit.rest.schema import etag_of
from bela_kit.telemetry import bind_tenant

_KEY = re.compile(r"[\x21-\x7e]{1,200}")


class RoleMissing(ServiceError):
    """The principal belongs to the tenant, but holds none of the roles that the act needs."""

    kind = Kind.FORBIDDEN
    reason = "ROLE_MISSING"

    def __init__(self, *roles: str) -> None:
        super().__init__("Peran Anda tidak mencakup tindakan ini.", metadata={"roles": ",".join(roles)})


class OperatorOnly(ServiceError):
    """Only the operator of the platform may do this."""

    kind = Kind.FORBIDDEN
    reason = "OPERATOR_ONLY"

    def __init__(self) -> None:
        super().__init__("Hanya operator sistem yang dapat melakukan ini.")


class IdempotencyKeyInvalid(ServiceError):
    """The key is empty, too long, or holds more than visible ASCII."""

    reason = "IDEMPOTENCY_KEY_INVALID"

    def __init__(self) -> None:
        super().__init__("Idempotency-Key harus 1 sampai 200 tanda ASCII tanpa spasi.")


class IfMatchRequired(ServiceError):
    """The request changes a resource without saying which version it saw."""

    reason = "IF_MATCH_REQUIRED"

    def __init__(self) -> None:
        super().__init__("Sertakan If-Match dengan ETag data yang terakhir Anda lihat.")


class EtagMismatch(ServiceError):
    """The resource has changed since the version that the request names."""

    kind = Kind.CONFLICT
    reason = "ETAG_MISMATCH"

    def __init__(self) -> None:
        super().__init__("Data sudah berubah sejak Anda membukanya. Muat ulang lalu coba lagi.")


@dataclass(frozen=True, slots=True)
class RequestContext:
    """One request as the use cases see it.

    Attributes:
        principal: The caller; none if anonymous, or if to be treated so.
        grants: What the caller holds in this tenant today.
        now: The tenant's time, the same through the whole request.
        today: The tenant's local day.
        fingerprint: Tells two requests with one idempotency key apart; empty without a key.
        if_match: The entity tag that the caller last saw.
    """

    tenant: TenantId
    principal: Principal | None
    grants: tuple[Grant, ...]
    now: datetime
    today: date
    idempotency_key: str | None = None
    fingerprint: str = ""
    if_match: str | None = None

    @property
    def is_member(self) -> bool:
        """Whether the caller holds any grant in this tenant."""
        return bool(self.grants)

    def require_any(self) -> Principal:
        """Return the caller if it belongs to the tenant.

        Raises:
            Unauthenticated: Nobody is logged in.
            TenantUnknown: The caller holds no grant here.
        """
        if self.principal is None:
            raise Unauthenticated
        if not self.grants:
            raise TenantUnknown
        return self.principal

    def require(self, *roles: str, scope: str | None = None) -> Actor:
        """Return the caller acting under one of the roles.

        Args:
            roles: Any of these will do; the first that the caller holds is used.
            scope: What the role must be held over; a grant over the whole tenant covers every scope.

        Raises:
            Unauthenticated: Nobody is logged in.
            TenantUnknown: The caller holds no grant here.
            RoleMissing: The caller holds none of the roles, or not over this scope.
        """
        self.require_any()
        for role in roles:
            fitting = [
                one for one in self.grants if one.role == role and (scope is None or one.scope_id in ("", scope))
            ]
            if fitting:
                return max(fitting, key=lambda one: one.scope_id == scope).actor()
        raise RoleMissing(*roles)

    def for_tenant(self, tenant: TenantId) -> "RequestContext":
        """Return the same request turned to a tenant that the address did not name; for operator acts only."""
        return replace(self, tenant=tenant)


@dataclass(frozen=True, slots=True)
class Edge:
    """What the dependencies of one application work with; kept at `app.state.edge`."""

    service: str
    tenant_parameter: str
    db: Database
    clock: Clock
    verifier: Verifier


def check_if_match(ctx: RequestContext, version: int, *, required: bool = True) -> None:
    """Compare the version that the caller saw with the one that is stored.

    Raises:
        IfMatchRequired: None was named, and one is required.
        EtagMismatch: Another one was named.
    """
    if ctx.if_match is None:
        if required:
            raise IfMatchRequired
        return
    tags = {one.strip().removeprefix("W/") for one in ctx.if_match.split(",")}
    if "*" not in tags and etag_of(version) not in tags:
        raise EtagMismatch


async def _tenant_context(request: Request) -> RequestContext:
    edge = _edge(request)
    principal = await _principal(request, edge)
    context = await _in_tenant(request, edge, principal)
    context.require_any()
    return context


async def _public_context(request: Request) -> RequestContext:
    edge = _edge(request)
    principal = await _principal(request, edge)
    context = await _in_tenant(request, edge, principal)
    return context if context.is_member else replace(context, principal=None)


async def _operator_context(request: Request) -> RequestContext:
    edge = _edge(request)
    principal = await _principal(request, edge)
    if edge.tenant_parameter in request.path_params:
        context = await _in_tenant(request, edge, principal)
        if principal is not None and not principal.operator:
            context.require_any()
    else:
        now = system_now()
        key, fingerprint = await _idempotency(request)
        context = RequestContext(TenantId(""), principal, (), now, now.date(), key, fingerprint, _if_match(request))
    if principal is None:
        raise Unauthenticated
    if not principal.operator:
        raise OperatorOnly
    return context


TenantContext = Annotated[RequestContext, Depends(_tenant_context)]
"""The caller must hold a grant in the tenant of the address; else 401 or 404."""

PublicContext = Annotated[RequestContext, Depends(_public_context)]
"""Anybody may ask; a caller without a grant in the tenant is nobody."""

OperatorContext = Annotated[RequestContext, Depends(_operator_context)]
"""The caller must carry the operator claim; the tenant is empty unless the address names one."""

CONTEXTS: dict[Any, str] = {_tenant_context: "tenant", _public_context: "public", _operator_context: "operator"}


def _edge(request: Request) -> Edge:
    edge: Edge = request.app.state.edge
    return edge


async def _principal(request: Request, edge: Edge) -> Principal | None:
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise TokenInvalid
    return await edge.verifier.verify(token.strip())


async def _in_tenant(request: Request, edge: Edge, principal: Principal | None) -> RequestContext:
    tenant = parse_tenant(str(request.path_params.get(edge.tenant_parameter, "")))
    edge.clock.settings(tenant)
    bind_tenant(tenant)
    now, today = edge.clock.now(tenant), edge.clock.today(tenant)
    grants: tuple[Grant, ...] = ()
    if principal is not None and not principal.client:
        grants = tuple(await find_grants(edge.db, tenant, principal.subject, today))
    key, fingerprint = await _idempotency(request)
    return RequestContext(tenant, principal, grants, now, today, key, fingerprint, _if_match(request))


async def _idempotency(request: Request) -> tuple[str | None, str]:
    key = request.headers.get("idempotency-key")
    if key is None:
        return None, ""
    if _KEY.fullmatch(key) is None:
        raise IdempotencyKeyInvalid
    route = request.scope.get("route")
    # The body of an operation that streams belongs to its handler, which tells files apart by their hash.
    body = await request.body() if isinstance(route, APIRoute) and route.body_field is not None else b""
    digest = hashlib.sha256()
    for part in (request.method.encode(), request.url.path.encode(), request.url.query.encode(), _canonical(body)):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return key, digest.hexdigest()


def _canonical(body: bytes) -> bytes:
    """Return a body that does not depend on how the client wrote its JSON."""
    try:
        return orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS)
    except (orjson.JSONDecodeError, TypeError):
        return body


def _if_match(request: Request) -> str | None:
    return request.headers.get("if-match")

"""What every REST handler shares: the parts it works with, and how a use case runs inside one transaction."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Protocol, TypeVar, get_args

from bela_kit.core.tenancy import TenantId, TenantUnknown
from bela_kit.db import Database
from bela_kit.pagination import BadPageToken, decode_token, encode_token
from bela_kit.rest import OperatorContext, RequestContext, TenantContext, idempotent, in_tenant
from bela_kit.rest.context import CONTEXTS
from fastapi import Depends, Query
from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints
from pydantic_core import PydanticCustomError
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from order_service.application.authority import Authority, Held
from order_service.application.business_time import BusinessClock
from order_service.application.ports import CaseSource, Catalog, UnitOfWork, VendorRegistry
from order_service.application.queries import Reads, Window

T = TypeVar("T")
_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{2}|\d{4}")
Answer = tuple[int, Mapping[str, Any] | list[Any], str | None]
Work = Callable[[UnitOfWork], Awaitable[Answer]]

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
OptionalText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]
Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
DistrictCode = Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
PageSize = Annotated[int, Query(ge=1, le=200)]
PageToken = Annotated[str | None, Query(max_length=2048)]
Quantity = Annotated[int, Field(ge=1, le=10**7)]


def _in_our_time(value: datetime) -> datetime:
    """Refuse instants that no zone and no calendar of ours can hold."""
    if not 2010 <= value.year <= 2100:
        raise PydanticCustomError("OUT_OF_RANGE", "Waktu harus antara tahun 2010 dan 2100.")
    return value


Instant = Annotated[AwareDatetime, AfterValidator(_in_our_time)]


class FlushedUnitOfWork(UnitOfWork, Protocol):
    """A unit of work whose facts the edge writes down when the use case is done."""

    async def flush(self) -> None:
        """Append what was recorded to the outbox, after the aggregates."""


@dataclass(frozen=True, slots=True)
class Services:
    """The parts handlers work with, made by bootstrap."""

    db: Database
    clock: BusinessClock
    catalog: Catalog
    registry: VendorRegistry
    unit_of_work: Callable[[AsyncConnection, TenantId], FlushedUnitOfWork]
    cases: Callable[[TenantId], CaseSource]
    reads: Callable[[AsyncConnection, TenantId], Reads]
    refresh_clock: Callable[[], Awaitable[None]]
    production: bool

    async def peek(self, tenant: TenantId, look: Callable[[UnitOfWork], Awaitable[T]]) -> T:
        """Read what is needed before a remote call, in a transaction of its own that is over when the call goes out."""
        async with self.db.tenant_transaction(tenant) as connection:
            return await look(self.unit_of_work(connection, tenant))


def authority_of(ctx: RequestContext) -> Authority:
    """Return the caller with the grants he holds in the region today."""
    held = tuple(
        Held(
            grant_id=grant.grant_id,
            role=grant.role,
            scope_id=grant.scope_id,
            letter_number=grant.letter_number,
            acting_for=grant.acting_for,
        )
        for grant in ctx.grants
    )
    return Authority(principal=ctx.principal.subject if ctx.principal else "", held=held)


async def perform(
    services: Services, ctx: RequestContext, operation: str, work: Work, *, required: bool = True
) -> Response:
    """Run a use case once for one Idempotency-Key, write down what happened, commit."""

    async def effect(connection: AsyncConnection) -> Answer:
        unit_of_work = services.unit_of_work(connection, ctx.tenant)
        answer = await work(unit_of_work)
        await unit_of_work.flush()
        return answer

    return await idempotent(ctx, services.db, operation, effect, required=required)


async def change(services: Services, ctx: RequestContext, work: Work) -> Response:
    """Run a use case that an entity tag protects, write down what happened, commit."""

    async def effect(connection: AsyncConnection) -> Answer:
        unit_of_work = services.unit_of_work(connection, ctx.tenant)
        answer = await work(unit_of_work)
        await unit_of_work.flush()
        return answer

    return await in_tenant(ctx, services.db, effect)


async def look(services: Services, ctx: RequestContext, work: Work) -> Response:
    """Answer from one record."""

    async def effect(connection: AsyncConnection) -> Answer:
        return await work(services.unit_of_work(connection, ctx.tenant))

    return await in_tenant(ctx, services.db, effect)


async def read(services: Services, ctx: RequestContext, work: Callable[[Reads], Awaitable[Answer]]) -> Response:
    """Answer from the read side."""

    async def effect(connection: AsyncConnection) -> Answer:
        return await work(services.reads(connection, ctx.tenant))

    return await in_tenant(ctx, services.db, effect)


def window(page_size: int, page_token: str | None) -> Window:
    """Return which rows of a list are wanted; one more than shown, to know whether there are others."""
    after: str | None = None
    if page_token:
        value = decode_token(page_token, "after")["after"]
        if not isinstance(value, str) or _KEY.fullmatch(value) is None:
            raise BadPageToken
        after = value
    return Window(size=page_size + 1, after=after)


def page(name: str, rows: list[Any], page_size: int, key: Callable[[Any], str], view: Callable[[Any], Any]) -> Answer:
    """Return one page of a list and the token of the next."""
    shown = rows[:page_size]
    token = encode_token({"after": key(shown[-1])}) if len(rows) > page_size else None
    return 200, {name: [view(row) for row in shown], "next_page_token": token}, None


_tenant_context = get_args(TenantContext)[1].dependency
_operator_context = get_args(OperatorContext)[1].dependency


async def _administrator_context(request: Request) -> RequestContext:
    """Let in a member of the region, or the operator without any grant in it."""
    try:
        context: RequestContext = await _tenant_context(request)
    except TenantUnknown:
        context = await _operator_context(request)
    return context


CONTEXTS[_administrator_context] = "tenant"
AdministratorContext = Annotated[RequestContext, Depends(_administrator_context)]
"""A member of the region, or the operator."""

"""Take visits from phones, and show them."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from bela_kit.pagination import BadPageToken, decode_token
from bela_kit.rest import TenantContext, documented, idempotent, in_tenant
from fastapi import APIRouter, Query
from pydantic import AwareDatetime
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from vendor_service.application.visits.ports import StoredVisit, VisitFilter
from vendor_service.application.visits.record import VisitVerdict, record_visits
from vendor_service.domain.errors import FilterInvalid
from vendor_service.domain.fields import values_of
from vendor_service.domain.roles import OFFICER, VERIFIERS
from vendor_service.domain.visits.visit import FieldVisit, Point, VisitOutcome
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest.edge import PREFIX, PageSize, PageToken, moment, page
from vendor_service.entrypoints.rest.examples import VENDOR_ID
from vendor_service.entrypoints.rest.visits.schemas import VisitBody, VisitsBody

_Answer = tuple[int, Any, str | None]
_VISITORS = (OFFICER,)
_READERS = tuple(sorted(VERIFIERS))
_VISITS = f"{PREFIX}/field_visits"
_EXAMPLE: dict[str, Any] = {
    "visit_id": "7f6c1f0e-3a52-4d5e-9c0b-0d7f3c1b2a10",
    "vendor_id": VENDOR_ID,
    "visited_at": "2026-02-28T10:20:00+07:00",
    "purposes": ["location", "producer"],
    "outcome": "found",
    "findings": "Dapur bersih, dua tungku, tiga orang memasak.",
    "location": {"latitude": "-8.432100", "longitude": "114.332100", "accuracy_m": 12},
    "photo_ids": ["0192f1c0-7e1a-7c3e-9a51-2f6f6f1f0021"],
    "capacity_seen": 6000,
    "capacity_unit": "kotak",
    "makes_goods": True,
}
_SHOWN = {
    **_EXAMPLE,
    "officer": "petugas1.3510",
    "role": "koperindag_officer",
    "received_at": "2026-03-02T02:15:00+00:00",
    "proves_location": True,
    "proves_production": True,
}
_VERDICTS = {
    "counts": {"recorded": 1, "known": 0, "refused": 0},
    "verdicts": [{"visit_id": _EXAMPLE["visit_id"], "verdict": "recorded", "reason": None, "fields": []}],
}


def router(container: Container) -> APIRouter:
    """Return the operations on field visits."""
    routes = APIRouter(tags=["field visits"])
    _add_recording(routes, container)
    _add_reading(routes, container)
    return routes


def _add_recording(routes: APIRouter, container: Container) -> None:
    @routes.post(_VISITS, **documented(roles=_VISITORS, example=_VERDICTS, request_example={"visits": [_EXAMPLE]}))
    async def record_field_visits(ctx: TenantContext, body: VisitsBody) -> Response:
        """Record up to 100 visits that a phone kept, each with a verdict of its own.

        `recorded`, `known` (sent before, the same), or `refused` with VENDOR_NOT_FOUND, VISIT_INVALID and its fields,
        or VISIT_ID_USED (another visit has this id). Photos are uploaded as evidence files first.
        """
        now = moment(ctx, ctx.require(*_VISITORS))
        visits = [_visit(one, now.actor.principal) for one in body.visits]

        async def effect(connection: AsyncConnection) -> _Answer:
            verdicts = await record_visits(visits, now, uow=container.uow(connection, ctx.tenant))
            return 200, _told(verdicts), None

        return await idempotent(ctx, container.db, "record_field_visits", effect, required=False)


def _add_reading(routes: APIRouter, container: Container) -> None:
    @routes.get(
        _VISITS,
        **documented(
            roles=_READERS,
            reasons=("FILTER_INVALID",),
            example={"field_visits": [_SHOWN], "next_page_token": None},
        ),
    )
    async def list_field_visits(
        ctx: TenantContext,
        vendor_id: Annotated[UUID | None, Query(description="The business.")] = None,
        officer: Annotated[str | None, Query(max_length=200, description="Principal of the officer.")] = None,
        outcome: Annotated[str | None, Query(max_length=20)] = None,
        since: Annotated[AwareDatetime | None, Query(description="Visited at this instant or later.")] = None,
        until: Annotated[AwareDatetime | None, Query(description="Visited before this instant.")] = None,
        page_size: PageSize = 50,
        page_token: PageToken = None,
    ) -> Response:
        """List visits of a business, of an officer or of all, the last one first."""
        ctx.require(*_READERS)
        if outcome is not None and outcome not in set(VisitOutcome):
            raise FilterInvalid("outcome")
        for name, instant in (("since", since), ("until", until)):
            if instant is not None and not _is_sane(instant):
                raise FilterInvalid(name)
        wanted = VisitFilter(vendor_id, officer, outcome, since, until)

        async def effect(connection: AsyncConnection) -> _Answer:
            visits = container.uow(connection, ctx.tenant).visits
            found = [_shown(one) for one in await visits.page(wanted, _after(page_token), page_size + 1)]
            key = lambda one: f"{one['visited_at'].isoformat()} {one['visit_id']}"  # noqa: E731
            return 200, page("field_visits", found, page_size, key), None

        return await in_tenant(ctx, container.db, effect)

    @routes.get(
        f"{_VISITS}/{{visit_id}}",
        **documented(roles=_READERS, reasons=("FIELD_VISIT_NOT_FOUND",), example=_SHOWN),
    )
    async def get_field_visit(ctx: TenantContext, visit_id: UUID) -> Response:
        """Show a visit."""
        ctx.require(*_READERS)

        async def effect(connection: AsyncConnection) -> _Answer:
            return 200, _shown(await container.uow(connection, ctx.tenant).visits.get(visit_id)), None

        return await in_tenant(ctx, container.db, effect)


def _visit(body: VisitBody, officer: str) -> FieldVisit:
    place = body.location
    return FieldVisit(
        visit_id=body.visit_id,
        vendor_id=body.vendor_id,
        officer=officer,
        visited_at=body.visited_at,
        purposes=tuple(body.purposes),
        outcome=body.outcome,
        findings=body.findings,
        point=None if place is None else Point(Decimal(place.latitude), Decimal(place.longitude), place.accuracy_m),
        photo_ids=tuple(body.photo_ids),
        capacity_seen=body.capacity_seen,
        capacity_unit=body.capacity_unit,
        makes_goods=body.makes_goods,
    )


def _told(verdicts: Sequence[VisitVerdict]) -> dict[str, Any]:
    counts = {name: sum(one.verdict == name for one in verdicts) for name in ("recorded", "known", "refused")}
    told = [{**values_of(one), "fields": [values_of(fault) for fault in one.fields]} for one in verdicts]
    return {"counts": counts, "verdicts": told}


def _shown(stored: StoredVisit) -> dict[str, Any]:
    visit, place = stored.visit, stored.visit.point
    names = ("officer", "visited_at", "outcome", "findings", "capacity_seen", "capacity_unit", "makes_goods")
    return {
        "visit_id": str(visit.visit_id),
        "vendor_id": str(visit.vendor_id),
        **{name: getattr(visit, name) for name in names},
        "purposes": list(visit.purposes),
        "location": None
        if place is None
        else {"latitude": str(place.latitude), "longitude": str(place.longitude), "accuracy_m": place.accuracy_m},
        "photo_ids": [str(one) for one in visit.photo_ids],
        "role": stored.role,
        "received_at": stored.received_at,
        "proves_location": visit.proves_location,
        "proves_production": visit.proves_production,
    }


def _after(token: str | None) -> tuple[datetime, UUID] | None:
    if token is None:
        return None
    instant, _, visit_id = str(decode_token(token, "after")["after"]).partition(" ")
    try:
        found = datetime.fromisoformat(instant), UUID(visit_id)
    except ValueError:
        raise BadPageToken from None
    if found[0].tzinfo is None or not _is_sane(found[0]):
        raise BadPageToken
    return found


def _is_sane(instant: datetime) -> bool:
    """Say whether an instant is one that the database can turn to UTC."""
    return 1900 <= instant.year <= 2999

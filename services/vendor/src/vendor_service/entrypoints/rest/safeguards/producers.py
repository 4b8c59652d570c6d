"""Visits that find whether a business makes what it sells."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from bela_kit.rest import Schema, TenantContext, documented, etag_of, idempotent, in_tenant
from fastapi import APIRouter
from pydantic import Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from vendor_service.application.sanctions.ports import ProducerVisit
from vendor_service.application.sanctions.producers import RecordProducerVisit, record_producer_visit
from vendor_service.domain.errors import VendorNotFound
from vendor_service.domain.roles import LPSE, OFFICER
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest import examples
from vendor_service.entrypoints.rest.edge import PREFIX, PageSize, PageToken, after_id, moment, page
from vendor_service.entrypoints.rest.schemas import Line, Short

_Answer = tuple[int, Any, str | None]
_READERS = (OFFICER, LPSE, "auditor")
_PATH = f"{PREFIX}/vendors/{{vendor_id}}/producer_visits"
_VISIT: dict[str, Any] = {
    "visit_id": "0192f1c0-7e1a-7c3e-9a51-2f6f6f1f0041",
    "vendor_id": examples.VENDOR_ID,
    "category_code": "craft.besek",
    "visited_on": "2026-03-01",
    "place": "Dusun Krajan, rumah produksi",
    "photo_ids": ["0192f1c0-7e1a-7c3e-9a51-2f6f6f1f0042"],
    "capacity_per_day": 120,
    "capacity_unit": "buah",
    "is_producer": True,
    "note": "",
    "officer": "koperindag_officer.3510",
    "recorded_at": "2026-03-02T02:15:00+00:00",
}
_GIVEN = ("category_code", "visited_on", "place", "photo_ids", "capacity_per_day", "capacity_unit", "is_producer")
_REQUEST = {name: _VISIT[name] for name in _GIVEN}


class ProducerVisitBody(Schema):
    """What an officer saw on the spot."""

    category_code: Short
    visited_on: date
    place: Line
    photo_ids: Annotated[list[UUID], Field(min_length=1, max_length=10)]
    capacity_per_day: Annotated[int, Field(ge=1, le=10**7)] | None = None
    capacity_unit: Short | None = None
    is_producer: bool
    note: Annotated[str, StringConstraints(max_length=300)] = ""


def router(container: Container) -> APIRouter:
    """Return the operations on visits to producers."""
    routes = APIRouter(tags=["producers"])

    @routes.post(
        _PATH,
        **documented(
            roles=(OFFICER,),
            reasons=("VENDOR_NOT_FOUND", "VISIT_INVALID", "SELF_VERIFICATION", "EVIDENCE_UNKNOWN"),
            example=_VISIT,
            request_example=_REQUEST,
            status=201,
        ),
    )
    async def record_vendor_producer_visit(ctx: TenantContext, vendor_id: UUID, body: ProducerVisitBody) -> Response:
        """Record a visit with photos: the business makes what it sells in a category, or trades and loses the flag."""
        command = RecordProducerVisit(
            vendor_id,
            body.category_code,
            body.visited_on,
            body.place,
            tuple(body.photo_ids),
            body.is_producer,
            moment(ctx, ctx.require(OFFICER)),
            body.capacity_per_day,
            body.capacity_unit,
            body.note,
        )

        async def effect(connection: AsyncConnection) -> _Answer:
            visit, vendor = await record_producer_visit(command, uow=container.uow(connection, ctx.tenant))
            return 201, _view(visit), etag_of(vendor.version)

        return await idempotent(ctx, container.db, "record_producer_visit", effect, required=False)

    @routes.get(
        _PATH,
        **documented(
            roles=_READERS,
            reasons=("VENDOR_NOT_FOUND",),
            example={"producer_visits": [_VISIT], "next_page_token": None},
        ),
    )
    async def list_vendor_producer_visits(
        ctx: TenantContext, vendor_id: UUID, page_size: PageSize = 20, page_token: PageToken = None
    ) -> Response:
        """List the visits to a business, newest first."""
        ctx.require(*_READERS)

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            if not await uow.vendors.peek([vendor_id]):
                raise VendorNotFound
            found = await uow.producers.of_vendor(vendor_id, after_id(page_token), page_size + 1)
            shown = [_view(one) for one in found]
            return 200, page("producer_visits", shown, page_size, lambda one: one["visit_id"]), None

        return await in_tenant(ctx, container.db, effect)

    return routes


def _view(visit: ProducerVisit) -> dict[str, Any]:
    texts = {"visit_id": str(visit.visit_id), "vendor_id": str(visit.vendor_id)}
    names = [name for name in ProducerVisit.__slots__ if name not in texts]
    photos = [str(one) for one in visit.photo_ids]
    return {**texts, **{name: getattr(visit, name) for name in names}, "photo_ids": photos}

"""Bodies of requests about field visits.

Only what a phone always gets right is checked here, since a refusal here refuses the whole batch; what a person may get
wrong is judged visit by visit.
"""

from typing import Annotated
from uuid import UUID

from bela_kit.rest import Schema
from pydantic import AwareDatetime, Field, StringConstraints

from vendor_service.domain.visits.visit import VisitOutcome, VisitPurpose
from vendor_service.entrypoints.rest.schemas import Degrees, Short


class PointBody(Schema):
    """Where the phone was: degrees as text, at most six decimals; the radius in metres that it claims."""

    latitude: Degrees
    longitude: Degrees
    accuracy_m: Annotated[int, Field(ge=0, le=1_000_000)] | None = None


class VisitBody(Schema):
    """One visit; `visit_id` is made by the phone and makes repetition harmless."""

    visit_id: UUID
    vendor_id: UUID
    visited_at: AwareDatetime
    purposes: Annotated[list[VisitPurpose], Field(max_length=5)]
    outcome: VisitOutcome
    findings: Annotated[str, StringConstraints(max_length=20_000)] = ""
    location: PointBody | None = None
    photo_ids: Annotated[list[UUID], Field(max_length=100, default_factory=list)]
    capacity_seen: Annotated[int, Field(ge=0, le=10**9)] | None = None
    capacity_unit: Short | None = None
    makes_goods: bool | None = None


class VisitsBody(Schema):
    """The visits that a phone kept."""

    visits: Annotated[list[VisitBody], Field(min_length=1, max_length=100)]

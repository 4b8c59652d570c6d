"""Bodies of requests about programmes."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from bela_kit.rest import Schema
from pydantic import AfterValidator, Field, StringConstraints, model_validator

from vendor_service.domain.personal_data.free_text import mask_numbers_in
from vendor_service.domain.programmes.programme import OrganiserKind, ProgrammeKind
from vendor_service.entrypoints.rest.schemas import DistrictCode, Line, Number, Short

Milestone = Literal["collected", "trained", "account", "verified", "published", "first_sale"]
Remark = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300), AfterValidator(mask_numbers_in)]
ClockTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class OrganiserBody(Schema):
    """Who organises: an OPD, with its unit if known, or a partner organisation."""

    kind: OrganiserKind
    name: Line
    unit_id: Short | None = None


class ProgrammeBody(Schema):
    """A programme as a whole; `district_codes` empty means the whole regency."""

    name: Line
    kind: ProgrammeKind
    organiser: OrganiserBody
    starts_on: date
    ends_on: date
    target_count: Annotated[int, Field(ge=1, le=1_000_000)]
    district_codes: Annotated[list[DistrictCode], Field(max_length=100, default_factory=list)]
    note: Remark = ""


class ChangeProgrammeBody(Schema):
    """Fields to set; those left out stay as they are."""

    name: Line | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    target_count: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    district_codes: Annotated[list[DistrictCode], Field(max_length=100)] | None = None
    note: Remark | None = None


class SessionBody(Schema):
    """A session; `starts_at` is local time."""

    held_on: date
    starts_at: ClockTime | None = None
    place: Line
    topic: Line
    trainer: Line
    capacity: Annotated[int, Field(ge=1, le=10_000)]


class InviteFilterBody(Schema):
    """Which businesses to invite; those whose standing is `ok`, in the programme's kecamatan unless some are named."""

    district_codes: Annotated[list[DistrictCode], Field(max_length=100, default_factory=list)]
    reached: Milestone | None = None
    lacking: Milestone | None = None
    q: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=100)] | None = None


class InviteBody(Schema):
    """Either the businesses by id, or a filter that fits them."""

    vendor_ids: Annotated[list[UUID], Field(min_length=1, max_length=500)] | None = None
    filter: InviteFilterBody | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "InviteBody":
        if (self.vendor_ids is None) == (self.filter is None):
            raise ValueError("Sebutkan vendor_ids atau filter, salah satu saja.")
        return self


class AnswerBody(Schema):
    """The answer of a business to an invitation."""

    vendor_id: UUID
    answer: Literal["confirmed", "declined"]


class AttendanceLine(Schema):
    """One line of an attendance list."""

    vendor_id: UUID
    status: Literal["attended", "absent"] = "attended"


class AttendanceBody(Schema):
    """An attendance list, or one line of it."""

    attendances: Annotated[list[AttendanceLine], Field(min_length=1, max_length=500)]


class ResultLine(Schema):
    """What a business took home; `score` from 0 to 100."""

    vendor_id: UUID
    passed: bool
    score: Annotated[int, Field(ge=0, le=100)] | None = None
    certificate_number: Number | None = None
    note: Remark = ""


class ResultsBody(Schema):
    """Results of those who attended."""

    results: Annotated[list[ResultLine], Field(min_length=1, max_length=500)]

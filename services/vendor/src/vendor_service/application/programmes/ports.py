"""What the use cases of programmes need from outside; part of the unit of work of one region."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from vendor_service.domain.programmes.participation import Known, Participation
from vendor_service.domain.programmes.programme import Programme, Session
from vendor_service.domain.programmes.result import Result
from vendor_service.domain.vendor import Moment


@dataclass(frozen=True, slots=True)
class InviteFilter:
    """Which businesses of the region to invite; only those whose standing is `ok`.

    Attributes:
        district_codes: Kecamatan; empty means all of them.
        reached: A milestone they have reached.
        lacking: A milestone they have not reached.
        text: A word of name or product, found with typing errors.
    """

    district_codes: tuple[str, ...] = ()
    reached: str | None = None
    lacking: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class ProgrammeFilter:
    """What a list of programmes is narrowed to: kinds, and a period that theirs must touch."""

    kind: str | None = None
    organiser_kind: str | None = None
    since: date | None = None
    until: date | None = None


class Programmes(Protocol):
    """The programmes of the region with all that hangs on them."""

    async def get(self, programme_id: UUID, *, lock: bool = False) -> Programme:
        """Return a programme; refuses with PROGRAMME_NOT_FOUND."""

    async def save(self, programme: Programme, moment: Moment) -> None:
        """Store a new programme, or the next version of one read under lock."""

    async def session(self, programme_id: UUID, session_id: UUID, *, lock: bool = False) -> Session:
        """Return a session of a programme; refuses with SESSION_NOT_FOUND."""

    async def save_session(self, session: Session, moment: Moment) -> None:
        """Store a new session, or the next version of one read under lock."""

    async def sessions_outside(self, programme: Programme) -> int:
        """Return how many sessions that take place lie outside the period of the programme."""

    async def invite(self, session: Session, vendor_ids: Sequence[UUID], moment: Moment) -> int:
        """Invite businesses by id; says how many were not invited yet."""

    async def fitting(self, wanted: InviteFilter, limit: int) -> list[UUID]:
        """Return the businesses that a filter fits, at most so many."""

    async def known(self, vendor_ids: Sequence[UUID]) -> dict[UUID, Known]:
        """Return what decides about attendances of businesses; unknown ones are left out."""

    async def participation(self, session_id: UUID, vendor_ids: Sequence[UUID]) -> dict[UUID, Participation]:
        """Return how businesses stand with a session; those with no word on them are left out."""

    async def count(self, session_id: UUID, states: Sequence[Participation]) -> int:
        """Return how many businesses stand so with a session."""

    async def put(self, session: Session, states: Mapping[UUID, Participation], moment: Moment) -> None:
        """Store how businesses stand with a session; an attendance that is there stays."""

    async def attended_any(self, programme_id: UUID, vendor_ids: Sequence[UUID]) -> frozenset[UUID]:
        """Return which of the businesses attended any session of a programme."""

    async def erase_remarks(self, vendor_id: UUID) -> int:
        """Empty the remarks on a business, since its person asked for erasure; say how many there were."""

    async def put_results(self, programme_id: UUID, results: Sequence[Result], moment: Moment) -> None:
        """Store results; the last one of a business counts."""


class ProgrammeReads(Protocol):
    """Lists and figures of programmes, ready to be shown."""

    async def programmes(self, wanted: ProgrammeFilter, after: UUID | None, limit: int) -> list[dict[str, Any]]:
        """Return programmes with the number of their sessions, newest first."""

    async def sessions(self, programme_id: UUID) -> list[dict[str, Any]]:
        """Return the sessions of a programme with counts of invited, confirmed, attended and absent, in sequence."""

    async def participants(
        self, session_id: UUID, status: str | None, after: UUID | None, limit: int
    ) -> list[dict[str, Any]]:
        """Return the businesses of a session with their names."""

    async def results(self, programme_id: UUID, after: UUID | None, limit: int) -> list[dict[str, Any]]:
        """Return the businesses that attended a programme, with their results."""

    async def trainings_of(self, vendor_id: UUID) -> list[dict[str, Any]]:
        """Return every session a business was invited to or attended, and attendances elsewhere, newest first."""

    async def outcomes(self, wanted: ProgrammeFilter) -> list[dict[str, Any]]:
        """Return what followed attendance, per programme, per organiser and in all, by one statement."""

    async def outcome_vendors(
        self, programme_id: UUID, milestone: str, after: UUID | None, limit: int
    ) -> list[dict[str, Any]]:
        """Return the businesses that reached a milestone on or after the day they first attended a programme."""

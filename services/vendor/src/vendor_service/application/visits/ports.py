"""What field visits need from outside; part of the unit of work of one region."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from vendor_service.domain.vendor import Moment
from vendor_service.domain.visits.visit import FieldVisit


@dataclass(frozen=True, slots=True)
class StoredVisit:
    """A visit with when it reached us, and under which role it was recorded."""

    visit: FieldVisit
    received_at: datetime
    role: str


@dataclass(frozen=True, slots=True)
class VisitFilter:
    """What a list of visits is narrowed to; the instants are those of the visits."""

    vendor_id: UUID | None = None
    officer: str | None = None
    outcome: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class FieldVisits(Protocol):
    """The visits of the region; a visit, once there, changes by erasure only."""

    async def get(self, visit_id: UUID) -> StoredVisit:
        """Return a visit; refuses with FIELD_VISIT_NOT_FOUND."""

    async def many(self, visit_ids: Sequence[UUID]) -> dict[UUID, FieldVisit]:
        """Return visits by id; unknown ones are left out."""

    async def businesses(self, vendor_ids: Sequence[UUID]) -> frozenset[UUID]:
        """Return which of the ids are businesses of the region."""

    async def add(self, visits: Sequence[FieldVisit], moment: Moment) -> frozenset[UUID]:
        """Store visits by one statement, and return those that were not there yet."""

    async def erase(self, vendor_id: UUID) -> int:
        """Empty words and place of a business's visits, since its person asked for erasure; say of how many."""

    async def page(self, wanted: VisitFilter, after: tuple[datetime, UUID] | None, limit: int) -> Sequence[StoredVisit]:
        """Return visits, the last one first; those of a merged record are its survivor's too."""

"""What reviews and the life of a business need from outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from bela_kit.core.tenancy import TenantId

from vendor_service.domain.reviews.agent import AgentConsent
from vendor_service.domain.reviews.calendar import WorkingWeek
from vendor_service.domain.reviews.review import Review, ReviewKind
from vendor_service.domain.vendor import Moment, Vendor


class Weeks(Protocol):
    """Knows the working week of each region."""

    def week(self, tenant: TenantId) -> WorkingWeek:
        """Return how a region counts working days."""


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """What a list of reviews is narrowed to; no state means the open ones."""

    kind: str | None = None
    vendor_id: UUID | None = None
    state: str = "open"


class Reviews(Protocol):
    """Reviews of the region's businesses."""

    async def get(self, review_id: UUID) -> Review:
        """Return one, locked; refuses with REVIEW_NOT_FOUND. Whoever needs its business locks that first."""

    async def peek(self, review_id: UUID) -> Review:
        """Return one to look at, without a lock; refuses with REVIEW_NOT_FOUND."""

    async def add(self, review: Review) -> Review:
        """Store a new one; returns the open one of its kind instead if the business has one."""

    async def save(self, review: Review) -> None:
        """Store what has changed."""

    async def erase(self, vendor_id: UUID) -> int:
        """End the reviews of a business, and forget what they proposed and what was noted; say how many changed."""

    async def open_of(self, vendor_id: UUID) -> dict[ReviewKind, Review]:
        """Return the open reviews of a business, locked."""

    async def of_vendor(self, vendor_id: UUID, limit: int) -> list[Review]:
        """Return the reviews of a business, newest first."""

    async def page(self, wanted: ReviewFilter, after: UUID | None, limit: int) -> list[Review]:
        """Return reviews, oldest first: the queue."""


@dataclass(frozen=True, slots=True)
class Ending:
    """A verification that has run out, and how many reminders its seller has had."""

    vendor_id: UUID
    verified_until: date
    reminders: int


class Consents(Protocol):
    """Who may act for sellers, on paper."""

    async def save(self, consent: AgentConsent, moment: Moment) -> None:
        """Store a consent in the place of an earlier one of the same agent."""

    async def of(self, vendor_id: UUID, agent: str) -> AgentConsent | None:
        """Return the consent of a business that names an agent, also an ended one."""

    async def end(self, vendor_id: UUID, agent: str, today: date) -> bool:
        """End a consent the day before; say whether there was one in force."""


class Care(Protocol):
    """What is kept beside a business so that nothing about it is forgotten."""

    async def notify(self, vendor_id: UUID, code: str, about: Mapping[str, Any], at: datetime) -> None:
        """Leave the seller a notice; `about` holds nothing personal."""

    async def notices(self, vendor_id: UUID, limit: int) -> list[dict[str, Any]]:
        """Return the notices of a business, newest first."""

    async def seen(self, vendor_id: UUID, on: date) -> None:
        """Note that somebody of the business was here, or that it sold something."""

    async def add_lapse(self, vendor_id: UUID, order_id: UUID, on: date) -> bool:
        """Note an order that the seller left unanswered; say whether it was new."""

    async def lapses_since(self, vendor_id: UUID, since: date) -> int:
        """Return how many orders were left unanswered on or after a day."""

    async def is_related(self, principal: str, vendor: Vendor) -> bool:
        """Say whether somebody signed up or acts for a business whose owner shares a NIK or family card with this."""

    async def standing_history(self, vendor_id: UUID) -> Sequence[Mapping[str, Any]]:
        """Return every change of standing: to what, by whom, when, why, upon which evidence."""

    async def ending(self, until: date, after: UUID | None, limit: int) -> list[Ending]:
        """Return businesses with standing `ok` whose verification ran out by a day, by id."""

    async def in_standing(self, standing: str, since: date, after: UUID | None, limit: int) -> list[UUID]:
        """Return businesses that have had a standing since a day or longer, by id."""

    async def idle(self, since: date, after: UUID | None, limit: int) -> list[UUID]:
        """Return businesses with standing `ok` that nobody has seen since before a day, by id."""

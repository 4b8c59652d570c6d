"""What the use cases of sanctions, owner groups and screening need stored."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from vendor_service.domain.owner_groups import Pair
from vendor_service.domain.sanctions.sanction import Sanction
from vendor_service.domain.vendor import Moment, Vendor


class Sanctions(Protocol):
    """The sanctions of the region; rows are never deleted."""

    async def get(self, sanction_id: UUID) -> Sanction:
        """Return a sanction; refuses with SANCTION_NOT_FOUND. Lock its business first."""

    async def vendor_of(self, sanction_id: UUID) -> UUID:
        """Return the business of a sanction; refuses with SANCTION_NOT_FOUND."""

    async def of_vendors(self, vendor_ids: Iterable[UUID]) -> dict[UUID, list[Sanction]]:
        """Return the sanctions of businesses, oldest first."""

    async def page(
        self, state: str | None, vendor_id: UUID | None, after: UUID | None, limit: int
    ) -> Sequence[Sanction]:
        """Return sanctions, newest first."""

    async def save(self, sanctions: Sequence[Sanction]) -> None:
        """Store new and changed sanctions."""


@dataclass(frozen=True, slots=True)
class LinkDecision:
    """What an officer found out about two businesses that share a phone or an address.

    Attributes:
        confirmed: Whether one person or family stands behind both.
    """

    pair: Pair
    confirmed: bool
    reason: str
    moment: Moment


class OwnerLinks(Protocol):
    """What connects businesses of the region."""

    async def neighbours(self, vendors: Collection[Vendor]) -> set[UUID]:
        """Return whatever shares a strong link or a stored group with these, a koperasi and its account included."""

    async def confirmed(self, vendor_ids: Iterable[UUID]) -> list[Pair]:
        """Return the pairs among these that an officer has confirmed."""

    async def decide(self, decision: LinkDecision) -> None:
        """Store what an officer found out; the latest decision about a pair counts."""

    async def proposals(self, after: Pair | None, limit: int) -> list[dict[str, Any]]:
        """Return pairs of different groups that share a phone or an address and were not decided about."""

    async def shares_owner(self, owner_id: UUID, vendor_id: UUID) -> bool:
        """Say whether a person stands behind another business too."""

    async def forget_owner(self, owner_id: UUID) -> None:
        """Remove a person who stands behind no business any more."""

    async def beside_koperasi(self, import_id: UUID) -> list[UUID]:
        """Return the businesses that share a koperasi's bank account, either of them being from an import."""


@dataclass(frozen=True, slots=True)
class ProducerVisit:
    """What an officer found where a business makes, or only stores, what it sells."""

    visit_id: UUID
    vendor_id: UUID
    category_code: str
    visited_on: date
    place: str
    photo_ids: tuple[UUID, ...]
    capacity_per_day: int | None
    capacity_unit: str | None
    is_producer: bool
    note: str
    officer: str
    recorded_at: datetime


class ProducerVisits(Protocol):
    """Visits to producers; never changed, never deleted."""

    async def add(self, visit: ProducerVisit) -> None:
        """Store a visit."""

    async def of_vendor(self, vendor_id: UUID, after: UUID | None, limit: int) -> list[ProducerVisit]:
        """Return the visits to a business, newest first."""

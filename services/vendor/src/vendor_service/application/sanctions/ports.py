"""What the use cases of sanctions need stored."""

from collections.abc import Iterable, Sequence
from typing import Protocol
from uuid import UUID

from vendor_service.domain.sanctions.sanction import Sanction


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

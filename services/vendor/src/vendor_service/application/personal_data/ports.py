"""What the use cases on personal data need from outside."""

from collections.abc import Sequence
from typing import Any, Protocol

from vendor_service.domain.personal_data.rotation import KeyRotation, Step


class KeyRing(Protocol):
    """Everything of the region that is sealed, and the key it carries."""

    @property
    def version(self) -> int:
        """Number of the key that this process writes with."""

    async def rotation(self, version: int) -> KeyRotation | None:
        """Return the rotation to a key, locked."""

    async def rotations(self) -> Sequence[KeyRotation]:
        """Return all rotations, the latest first."""

    async def save(self, rotation: KeyRotation) -> None:
        """Store how far a rotation is."""

    async def reseal(self, table: int, after: tuple[Any, ...] | None) -> Step:
        """Seal some rows of a table anew: those behind a key that nobody else holds locked, in its sequence."""

    async def left(self) -> int:
        """Return how many rows still carry another key."""

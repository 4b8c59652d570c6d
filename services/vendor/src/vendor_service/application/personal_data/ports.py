"""What the use cases on personal data need from outside."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from vendor_service.domain.personal_data.consent import Consent, ConsentText
from vendor_service.domain.personal_data.data_request import DataRequest, RequestState
from vendor_service.domain.personal_data.rotation import KeyRotation, Step
from vendor_service.domain.vendor import Vendor


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


class PersonalData(Protocol):
    """What the region keeps about its handling of personal data."""

    async def texts(self) -> Sequence[ConsentText]:
        """Return the published consent texts, the latest first."""

    async def add_text(self, text: ConsentText) -> None:
        """Publish a text; refuses with CONSENT_TEXT_EXISTS."""

    async def add_consent(self, consent: Consent) -> None:
        """Store that a text was accepted."""

    async def consents(self, vendor_id: UUID) -> Sequence[Consent]:
        """Return what was accepted for a business, the latest first."""

    async def add_request(self, request: DataRequest) -> None:
        """Store a new request; refuses with DATA_REQUEST_OPEN if one of its kind waits."""

    async def request(self, request_id: UUID) -> DataRequest:
        """Return a request, locked; refuses with DATA_REQUEST_NOT_FOUND."""

    async def save_request(self, request: DataRequest) -> None:
        """Store the answer to a request."""

    async def requests(
        self, vendor_id: UUID | None, state: RequestState | None, after: UUID | None, limit: int
    ) -> Sequence[DataRequest]:
        """Return requests, the oldest first."""

    async def reveals(
        self, vendor_id: UUID | None, principal: str | None, after: UUID | None, limit: int
    ) -> Sequence[Mapping[str, Any]]:
        """Return who looked at identifiers in full, the latest first."""

    async def owners_elsewhere(self, vendor: Vendor) -> frozenset[UUID]:
        """Return those owners of a business who own another one too."""

    async def forget_copies(self, vendor_id: UUID) -> int:
        """Empty what earlier requests, imports and merges keep of a business's old values; return how many records."""

    async def dossier(self, vendor_id: UUID) -> dict[str, Any]:
        """Return everything that is stored about a business and the people behind it, opened."""

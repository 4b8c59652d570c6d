"""What the use cases on identity need from outside."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from vendor_service.domain.identity.certificate import Certificate
from vendor_service.domain.identity.kbli import KbliCode, KbliTable
from vendor_service.domain.identity.members import Member


class Identity(Protocol):
    """Certificates, KBLI codes and members of a koperasi of the region."""

    async def add_certificate(self, certificate: Certificate) -> None:
        """Store a certificate; refuses with CERTIFICATE_EXISTS."""

    async def certificate(self, vendor_id: UUID, certificate_id: UUID) -> Certificate:
        """Return a certificate, locked; refuses with CERTIFICATE_NOT_FOUND."""

    async def save_certificates(self, found: Sequence[Certificate]) -> None:
        """Store changed certificates."""

    async def certificates_of(self, vendor_id: UUID) -> Sequence[Certificate]:
        """Return the certificates of a business, the oldest first."""

    async def ending_by(self, day: date, after: UUID | None, limit: int) -> Sequence[Certificate]:
        """Return certificates that end by a day, by identifier, locked where nobody else holds them."""

    async def kbli_table(self) -> KbliTable:
        """Return what the seed holds of both versions."""

    async def kbli_of(self, vendor_id: UUID) -> Sequence[tuple[int, str]]:
        """Return version and code of a business's KBLI, the main one first."""

    async def set_kbli(self, vendor_id: UUID, codes: Sequence[KbliCode]) -> None:
        """Replace the KBLI codes of a business."""

    async def save_member(self, member: Member) -> None:
        """Store a member, new or changed."""

    async def member(self, vendor_id: UUID, member_id: UUID) -> Member:
        """Return a member, locked; refuses with MEMBER_NOT_FOUND."""

    async def members_of(self, vendor_id: UUID, after: UUID | None, limit: int) -> Sequence[Member]:
        """Return the members of a koperasi, those who left included, in the sequence they were entered."""

    async def count_members(self, vendor_id: UUID) -> tuple[int, int]:
        """Return how many members a koperasi has now, and the sum of their shares."""

    async def is_member(self, vendor_id: UUID, nik: str, but: UUID | None = None) -> bool:
        """Say whether a person is a member of a koperasi now, under any key."""

    async def with_figures(self, after: UUID | None, limit: int) -> Sequence[UUID]:
        """Return businesses whose capital or turnover is known, by identifier."""

    async def class_mismatches(self, after: UUID | None, limit: int) -> Sequence[Mapping[str, Any]]:
        """Return businesses whose declared class is not the derived one."""

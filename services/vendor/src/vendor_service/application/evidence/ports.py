"""What evidence needs from outside: records of files in an open transaction, and signatures of links."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from bela_kit.core.tenancy import TenantId

from vendor_service.domain.evidence.evidence import Evidence


class EvidenceStore(Protocol):
    """Uploaded proofs of the region."""

    async def add(self, evidence: Evidence) -> None:
        """Store a new one."""

    async def get(self, evidence_id: UUID) -> Evidence:
        """Return one; refuses with EVIDENCE_NOT_FOUND."""

    async def attach(self, evidence_ids: Iterable[UUID | None], vendor_id: UUID | None, purpose: str) -> None:
        """Let a record rest on files; nothing in the list is left out, none means nothing.

        Refuses with EVIDENCE_UNKNOWN if one is not there, belongs to another business, or is about to be removed.
        """

    async def lock(self, evidence_ids: Iterable[UUID]) -> dict[UUID, Evidence]:
        """Return files by id, held against removal until the transaction ends; unknown ones are left out."""

    async def save(self, evidence: Sequence[Evidence]) -> None:
        """Store on what business and record locked files rest."""

    async def count_loose(self, principal: str) -> int:
        """Return how many files of a person no record rests on."""

    async def doom(self, before: datetime, limit: int) -> list[Evidence]:
        """Choose files for removal that are older and that nothing rests on, those chosen earlier included."""

    async def under_other_keys(self, version: int, limit: int) -> Sequence[Evidence]:
        """Return some files that are sealed with another key."""

    async def move(self, evidence: Evidence, file_key: str, version: int) -> bool:
        """Point a record to its file sealed anew; say whether it still pointed to the one that was read."""

    async def erase(self, vendor_id: UUID, purposes: Collection[str]) -> int:
        """Have the files of a business removed on which only such records rest, or none; say how many."""

    async def forget(self, evidence_id: UUID) -> None:
        """Remove the record of a file that was removed."""

    async def log_read(self, evidence_id: UUID, act: str, principal: str, role: str, at: datetime) -> None:
        """Note who asked for a file or fetched it."""


class LinkSigner(Protocol):
    """Signs links with a key of the region."""

    def sign(self, tenant: TenantId, text: str) -> str:
        """Return the signature of a text."""

    def is_signed(self, tenant: TenantId, text: str, signature: str) -> bool:
        """Say whether a signature fits, also one made with the key before."""

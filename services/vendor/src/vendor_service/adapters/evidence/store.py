"""Uploaded proofs in PostgreSQL, and signatures of links with the region's key."""

import hmac
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId
from bela_kit.crypto import FieldCipher
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters.evidence.tables import evidence_files as e
from vendor_service.adapters.evidence.tables import evidence_reads
from vendor_service.domain.evidence.errors import EvidenceNotFound, EvidenceUnknown
from vendor_service.domain.evidence.evidence import Evidence, EvidenceState
from vendor_service.domain.fields import values_of

_PURPOSE = "evidence_link"


class SqlEvidence:
    """Proofs of one region within one transaction."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId) -> None:
        self._connection = connection
        self._tenant = tenant

    async def add(self, evidence: Evidence) -> None:
        """Store a new one."""
        values = {**_values(evidence), "tenant_id": self._tenant}
        await self._connection.execute(sa.insert(e).values(values))

    async def get(self, evidence_id: UUID) -> Evidence:
        """Return one; refuses with EVIDENCE_NOT_FOUND."""
        query = sa.select(e).where(e.c.tenant_id == self._tenant, e.c.evidence_id == evidence_id)
        row = (await self._connection.execute(query)).mappings().first()
        if row is None or row["state"] == EvidenceState.DOOMED:
            raise EvidenceNotFound
        return _evidence(row)

    async def attach(self, evidence_ids: Iterable[UUID | None], vendor_id: UUID | None, purpose: str) -> None:
        """Let a record rest on files; refuses with EVIDENCE_UNKNOWN."""
        wanted = {one for one in evidence_ids if one is not None}
        found = await self.lock(wanted)
        if len(found) != len(wanted):
            raise EvidenceUnknown
        for evidence in found.values():
            evidence.attach(vendor_id, purpose)
        await self.save(list(found.values()))

    async def lock(self, evidence_ids: Iterable[UUID]) -> dict[UUID, Evidence]:
        """Return files by id, held against removal until the transaction ends; unknown ones are left out."""
        wanted = sorted(set(evidence_ids))
        if not wanted:
            return {}
        # Locked, so that the purge cannot choose a file while a record comes to rest on it.
        query = sa.select(e).where(e.c.tenant_id == self._tenant, e.c.evidence_id.in_(wanted)).order_by(e.c.evidence_id)
        rows = (await self._connection.execute(query.with_for_update())).mappings()
        return {row["evidence_id"]: _evidence(row) for row in rows}

    async def save(self, evidence: Sequence[Evidence]) -> None:
        """Store on what business and record locked files rest."""
        if not evidence:
            return
        statement = (
            sa.update(e)
            .where(e.c.tenant_id == self._tenant, e.c.evidence_id == sa.bindparam("id"))
            .values({name: sa.bindparam(f"new_{name}") for name in ("vendor_id", "purpose", "state")})
        )
        values = [
            {
                "id": one.evidence_id,
                "new_vendor_id": one.vendor_id,
                "new_purpose": one.purpose,
                "new_state": one.state.value,
            }
            for one in evidence
        ]
        await self._connection.execute(statement, values)

    async def count_loose(self, principal: str) -> int:
        """Return how many files of a person no record rests on."""
        query = sa.select(sa.func.count()).where(
            e.c.tenant_id == self._tenant, e.c.state == EvidenceState.LOOSE, e.c.uploaded_by == principal
        )
        return int(await self._connection.scalar(query) or 0)

    async def doom(self, before: datetime, limit: int) -> list[Evidence]:
        """Choose files for removal that are older and that nothing rests on, those chosen earlier included."""
        old = (
            sa.select(e.c.evidence_id)
            .where(e.c.tenant_id == self._tenant, e.c.state != EvidenceState.ATTACHED, e.c.uploaded_at < before)
            .order_by(e.c.uploaded_at)
            .limit(limit)
            .with_for_update()
        )
        statement = (
            sa.update(e)
            .where(e.c.tenant_id == self._tenant, e.c.evidence_id.in_(old))
            .values(state=EvidenceState.DOOMED.value)
            .returning(e)
        )
        return [_evidence(row) for row in (await self._connection.execute(statement)).mappings()]

    async def under_other_keys(self, version: int, limit: int) -> Sequence[Evidence]:
        """Return some files that are sealed with another key."""
        query = sa.select(e).where(e.c.tenant_id == self._tenant, under_other_key(version))
        return [_evidence(row) for row in (await self._connection.execute(query.limit(limit))).mappings()]

    async def move(self, evidence: Evidence, file_key: str, version: int) -> bool:
        """Point a record to its file sealed anew; say whether it still pointed to the one that was read."""
        statement = (
            sa.update(e)
            .where(e.c.tenant_id == self._tenant, e.c.evidence_id == evidence.evidence_id)
            .where(e.c.file_key == evidence.file_key)
            .values(file_key=file_key, key_version=version)
        )
        return (await self._connection.execute(statement)).rowcount == 1

    async def erase(self, vendor_id: UUID, purposes: Collection[str]) -> int:
        """Have the files of a business removed on which only such records rest, or none; say how many."""
        statement = (
            sa.update(e)
            .where(e.c.tenant_id == self._tenant, e.c.vendor_id == vendor_id, e.c.state != EvidenceState.DOOMED)
            .where(sa.or_(e.c.purpose.is_(None), e.c.purpose.in_(sorted(purposes))))
            .values(state=EvidenceState.DOOMED.value)
        )
        return (await self._connection.execute(statement)).rowcount

    async def forget(self, evidence_id: UUID) -> None:
        """Remove the record of a file that was removed."""
        await self._connection.execute(
            sa.delete(e).where(
                e.c.tenant_id == self._tenant, e.c.evidence_id == evidence_id, e.c.state == EvidenceState.DOOMED
            )
        )

    async def log_read(self, evidence_id: UUID, act: str, principal: str, role: str, at: datetime) -> None:
        """Note who asked for a file or fetched it."""
        values = {"tenant_id": self._tenant, "read_id": new_id(), "evidence_id": evidence_id, "act": act}
        values |= {"principal": principal, "role": role, "read_at": at}
        await self._connection.execute(sa.insert(evidence_reads).values(values))


def under_other_key(version: int) -> sa.ColumnElement[bool]:
    """Return the condition that a file is kept and sealed with another key."""
    return sa.and_(e.c.key_version != version, e.c.state != EvidenceState.DOOMED)


class KeyedLinks:
    """Signs links with the hash key of the region: a keyed hash of a purpose of its own proves who made the link."""

    def __init__(self, cipher: FieldCipher) -> None:
        self._cipher = cipher

    def sign(self, tenant: TenantId, text: str) -> str:
        """Return the signature of a text, in hex."""
        return self._cipher.lookup_hash(tenant, _PURPOSE, text).hex()

    def is_signed(self, tenant: TenantId, text: str, signature: str) -> bool:
        """Say whether a signature fits, also one made with the key before."""
        known = self._cipher.lookup_hashes(tenant, _PURPOSE, text)
        return any(hmac.compare_digest(one.hex().encode(), signature.encode()) for one in known)


def _values(evidence: Evidence) -> dict[str, object]:
    values = values_of(evidence)
    del values["tenant"]
    return {**values, "state": evidence.state.value}


def _evidence(row: sa.RowMapping) -> Evidence:
    values = {name: row[name] for name in row if name not in ("tenant_id", "state")}
    return Evidence(tenant=TenantId(row["tenant_id"]), state=EvidenceState(row["state"]), **values)

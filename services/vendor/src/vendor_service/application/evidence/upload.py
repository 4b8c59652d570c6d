"""Take a proof in while it streams, and remove what nothing refers to after a day."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from bela_kit.core.clock import Clock
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId

from vendor_service.application.imports.ports import Files, UploadedFile
from vendor_service.application.ports import Transactions, UnitOfWork
from vendor_service.domain.errors import RegionHasNoVendors, VendorNotFound
from vendor_service.domain.evidence.content import PAPER_LIMIT_BYTES, EvidenceContent
from vendor_service.domain.evidence.errors import EvidenceLimit, EvidenceTooLarge
from vendor_service.domain.evidence.evidence import MOST_LOOSE_FILES, ORPHAN_AGE, Evidence
from vendor_service.domain.vendor import Moment

PURGE_EVIDENCE = "purge_evidence"
_BATCH = 100


@dataclass(frozen=True, slots=True)
class KeptEvidence:
    """A proof whose bytes are kept already."""

    file: UploadedFile
    media_type: str


async def keep_evidence(tenant: TenantId, stream: AsyncIterator[bytes], files: Files) -> KeptEvidence:
    """Check and keep an upload before any transaction is open; of a refused one nothing stays.

    Raises:
        EvidenceTypeRefused: It is no photo or PDF, or holds something else beside it.
        EvidenceTooLarge: A photo above 10 MiB, a PDF above 20 MiB.
    """
    if len(tenant) != 4:
        raise RegionHasNoVendors
    content = EvidenceContent()

    async def checked() -> AsyncIterator[bytes]:
        seen = 0
        async for chunk in stream:
            seen += len(chunk)
            kept = content.take(chunk)
            if seen > content.limit_bytes:
                raise EvidenceTooLarge(content.limit_bytes)
            if kept:
                yield kept
        content.finish()

    file = await files.save(tenant, checked(), limit_bytes=PAPER_LIMIT_BYTES)
    return KeptEvidence(file, content.media_type)


async def record_evidence(kept: KeptEvidence, vendor_id: UUID | None, moment: Moment, *, uow: UnitOfWork) -> Evidence:
    """Store the record of a kept file; it is removed after 24 hours unless something rests on it by then.

    Raises:
        VendorNotFound: It is said to be about a business that is not there.
        EvidenceLimit: Too many files of this person wait already.
    """
    if vendor_id is not None and not await uow.vendors.peek([vendor_id]):
        raise VendorNotFound
    if await uow.evidence.count_loose(moment.actor.principal) >= MOST_LOOSE_FILES:
        raise EvidenceLimit
    evidence = Evidence(
        tenant=uow.tenant,
        evidence_id=new_id(),
        file_key=kept.file.key,
        media_type=kept.media_type,
        size_bytes=kept.file.size,
        sha256=kept.file.sha256,
        uploaded_by=moment.actor.principal,
        uploaded_role=moment.actor.role,
        uploaded_at=moment.now,
        key_version=uow.key_ring.version,
        vendor_id=vendor_id,
    )
    await uow.evidence.add(evidence)
    await uow.jobs.ensure(PURGE_EVIDENCE, "all", moment.now + ORPHAN_AGE)
    return evidence


async def purge_evidence(tenant: TenantId, *, transactions: Transactions, files: Files, clock: Clock) -> None:
    """Remove files that nothing has referred to for a day, and look again tomorrow.

    A file is chosen in one transaction and its record goes in another: whoever dies in between leaves a record that
    nothing can rest on any more, and the next run removes both.
    """
    now = clock.now(tenant)
    while True:
        async with transactions(tenant) as uow:
            doomed = await uow.evidence.doom(now - ORPHAN_AGE, _BATCH)
        for evidence in doomed:
            await files.delete(evidence.file_key)
            async with transactions(tenant) as uow:
                await uow.evidence.forget(evidence.evidence_id)
        if len(doomed) < _BATCH:
            break
    async with transactions(tenant) as uow:
        await uow.jobs.schedule(PURGE_EVIDENCE, "all", now + timedelta(days=1))

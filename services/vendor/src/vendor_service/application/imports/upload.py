"""Take a file in: kept sealed, one import per content, read later by a job."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bela_kit.core.actor import Actor
from bela_kit.core.clock import Clock
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId

from vendor_service.application.imports.ports import Files, UploadedFile
from vendor_service.application.ports import UnitOfWork
from vendor_service.domain.errors import ImportNotInState, RegionHasNoVendors, WorkbookEmpty
from vendor_service.domain.imports.job import MAX_FILE_BYTES, Import, ImportState

VALIDATE = "validate_import"
COMMIT = "commit_import"
PURGE = "purge_imports"
UNDO = "undo_import"


@dataclass(frozen=True, slots=True)
class UploadImport:
    """What came with a file."""

    filename: str
    source: str | None
    actor: Actor
    now: datetime


async def keep_file(tenant: TenantId, stream: AsyncIterator[bytes], files: Files) -> UploadedFile:
    """Keep an upload before any transaction is open; refuses an empty one and one above 50 MiB."""
    if len(tenant) != 4:
        raise RegionHasNoVendors
    kept = await files.save(tenant, stream, limit_bytes=MAX_FILE_BYTES)
    if kept.size == 0:
        await files.delete(kept.key)
        raise WorkbookEmpty
    return kept


async def upload_import(command: UploadImport, kept: UploadedFile, *, uow: UnitOfWork) -> tuple[Import, bool]:
    """Store the import of a kept file and have it read; says whether it is new.

    The same content again returns the first import, unless that one failed or was discarded.
    """
    record = Import(
        tenant=uow.tenant,
        import_id=new_id(),
        filename=command.filename,
        source=command.source,
        sha256=kept.sha256,
        size_bytes=kept.size,
        file_key=kept.key,
        uploaded_by=command.actor.principal,
        uploaded_role=command.actor.role,
        uploaded_at=command.now,
    )
    if command.source:
        kept_columns = (await uow.imports.mapping_of(command.source)).columns
        record.options = {"columns": dict(kept_columns)} if kept_columns else {}
    stored = await uow.imports.add(record)
    if stored.import_id != record.import_id:
        return stored, False
    await uow.jobs.schedule(VALIDATE, str(record.import_id), command.now)
    await uow.jobs.schedule(PURGE, "all", command.now)
    return record, True


async def retry_import(import_id: UUID, actor: Actor, *, uow: UnitOfWork, clock: Clock) -> Import:
    """Have the file of an import read again that failed for no fault of the file.

    Raises:
        ImportNotInState: It has not failed, its file is gone, or the same content was uploaded again meanwhile.
    """
    record = await uow.imports.get(import_id, lock=True)
    if record.state in {ImportState.UPLOADED, ImportState.VALIDATING}:
        return record
    if await uow.imports.find_live(record.sha256) is not None:
        raise ImportNotInState(record.state)
    record.retry()
    await uow.imports.save(record)
    await uow.jobs.schedule(VALIDATE, str(import_id), clock.now(uow.tenant))
    return record

"""Take a list in: kept sealed, read by a job into keyed hashes, then removed; only counts are ever shown."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from bela_kit.core.clock import Clock
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId

from vendor_service.application.imports.ports import Files
from vendor_service.application.imports.upload import keep_file
from vendor_service.application.ports import Transactions, UnitOfWork
from vendor_service.application.screening.ports import ListRows, ScreeningList
from vendor_service.application.screening.screen import SCREEN
from vendor_service.domain.imports.job import MAX_FILE_BYTES
from vendor_service.domain.sanctions.errors import ListRefused
from vendor_service.domain.screening.rows import MAX_ROWS, EmployeeRow, EntryRow, ListKind, ListMode

READ_LIST = "read_screening_list"


async def upload_list(record: ScreeningList, *, uow: UnitOfWork) -> ScreeningList:
    """Store a list whose file is kept, and have it read."""
    await uow.screening.add_list(record)
    await uow.jobs.schedule(READ_LIST, str(record.list_id), record.uploaded_at)
    return record


@dataclass(frozen=True, slots=True)
class NationalList:
    """What the operator of the platform says about the list for all regions."""

    filename: str
    letter: str
    operator: str


async def fan_out(
    upload: NationalList,
    stream: AsyncIterator[bytes],
    regions: Sequence[TenantId],
    *,
    transactions: Transactions,
    files: Files,
    clock: Clock,
) -> int:
    """Give the national list to every region that keeps a register, sealed with its key; return how many that is.

    Each region stores it by itself: cut short, some have it and some do not, and sending it again completes it.
    """
    homes = [region for region in regions if len(region) == 4]
    if not homes:
        return 0
    kept = await keep_file(homes[0], stream, files)
    # The last to be stored is the one that the others are copied from, since its job removes the file.
    for region in [*homes[1:], homes[0]]:
        copy = kept
        if region != homes[0]:
            copy = await files.save(region, files.open(homes[0], kept.key), limit_bytes=MAX_FILE_BYTES)
        record = ScreeningList(
            tenant=region,
            list_id=new_id(),
            kind=ListKind.DAFTAR_HITAM,
            mode=ListMode.REPLACE,
            filename=upload.filename,
            letter=upload.letter,
            sha256=copy.sha256,
            size_bytes=copy.size,
            file_key=copy.key,
            uploaded_by=upload.operator,
            uploaded_role="platform_operator",
            uploaded_at=clock.now(region),
        )
        async with transactions(region) as uow:
            await upload_list(record, uow=uow)
    return len(homes)


async def read_list(
    tenant: TenantId,
    list_id: UUID,
    *,
    transactions: Transactions,
    files: Files,
    reader: ListRows,
    clock: Clock,
) -> None:
    """Read a list in one transaction, so that a broken file changes nothing; then have the register screened."""
    try:
        async with transactions(tenant) as uow:
            record = await uow.screening.get_list(list_id, lock=True)
            if record.state == "uploaded":
                if record.mode is ListMode.REPLACE:
                    await uow.screening.clear(record.kind)
                record.counts = await _read(record, uow, files, reader, clock)
                record.state, record.finished_at = "done", clock.now(tenant)
                await uow.screening.save_list(record)
                await uow.jobs.schedule(SCREEN, "all", clock.now(tenant))
    except ListRefused as refusal:
        async with transactions(tenant) as uow:
            record = await uow.screening.get_list(list_id, lock=True)
            record.state, record.finished_at = "failed", clock.now(tenant)
            record.failure = {"reason": refusal.code, "detail": refusal.detail}
            await uow.screening.save_list(record)
    await files.delete(record.file_key)


async def _read(record: ScreeningList, uow: UnitOfWork, files: Files, reader: ListRows, clock: Clock) -> dict[str, int]:
    counts = {"rows": 0, "new": 0}
    content = files.open(record.tenant, record.file_key)
    async for batch in reader.read(record.tenant, record.kind, clock.today(record.tenant), content):
        if isinstance(batch, dict):
            counts |= {f"rejected_{reason.lower()}": number for reason, number in batch.items()}
            continue
        counts["rows"] += len(batch)
        if counts["rows"] > MAX_ROWS:
            raise ListRefused("TOO_MANY_ROWS", f"Daftar memuat lebih dari {MAX_ROWS:,} baris.")
        employees = [row for row in batch if isinstance(row, EmployeeRow)]
        entries = [row for row in batch if isinstance(row, EntryRow)]
        counts["new"] += await uow.screening.add_employees(record.list_id, employees) if employees else 0
        counts["new"] += await uow.screening.add_entries(record.list_id, entries) if entries else 0
    return counts

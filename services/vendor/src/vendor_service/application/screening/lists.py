"""Take a list in: kept sealed, read by a job into keyed hashes, then removed; only counts are ever shown."""

from uuid import UUID

from bela_kit.core.clock import Clock
from bela_kit.core.tenancy import TenantId

from vendor_service.application.imports.ports import Files
from vendor_service.application.ports import Transactions, UnitOfWork
from vendor_service.application.screening.ports import ListRows, ScreeningList
from vendor_service.application.screening.screen import SCREEN
from vendor_service.domain.sanctions.errors import ListRefused
from vendor_service.domain.screening.rows import MAX_ROWS, EmployeeRow, EntryRow, ListMode

READ_LIST = "read_screening_list"


async def upload_list(record: ScreeningList, *, uow: UnitOfWork) -> ScreeningList:
    """Store a list whose file is kept, and have it read."""
    await uow.screening.add_list(record)
    await uow.jobs.schedule(READ_LIST, str(record.list_id), record.uploaded_at)
    return record


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

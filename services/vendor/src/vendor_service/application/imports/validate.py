"""The job that reads a file and gives every row its verdict. Begun again after a crash, it starts from the file."""

import asyncio
from collections import Counter
from uuid import UUID

from bela_kit.core.clock import Clock
from bela_kit.core.tenancy import TenantId

from vendor_service.application.imports.ahead import ahead
from vendor_service.application.imports.judging import Compared, Judge
from vendor_service.application.imports.mapping import options_of
from vendor_service.application.imports.ports import (
    Files,
    Layout,
    RowBatch,
    RowKeys,
    SheetRow,
    StagedRow,
    WorkbookReader,
)
from vendor_service.application.imports.steps import in_steps
from vendor_service.application.ports import Transactions, UnitOfWork
from vendor_service.domain.areas import Area
from vendor_service.domain.errors import WorkbookRefused
from vendor_service.domain.fields import values_of
from vendor_service.domain.imports.dedupe import Register
from vendor_service.domain.imports.job import Import, ImportState
from vendor_service.domain.imports.verdict import CREATES, Verdict

STAGE_AT_ONCE = 1000
_AHEAD = 6
# An officer who says what the columns mean, or names the sheet, can still have such a file read.
_TO_BE_MAPPED = frozenset({"HEADER_NOT_FOUND", "REQUIRED_COLUMNS_MISSING", "SHEET_NOT_FOUND"})


async def validate_import(
    tenant: TenantId,
    import_id: UUID,
    *,
    transactions: Transactions,
    files: Files,
    reader: WorkbookReader,
    row_keys: RowKeys,
    clock: Clock,
) -> None:
    """Read the file of an import and stage its rows; an unreadable file ends the import and frees its hash."""
    async with transactions(tenant) as uow:
        record = await uow.imports.get(import_id, lock=True)
        if record.state not in {ImportState.UPLOADED, ImportState.VALIDATING}:
            return
        record.state = ImportState.VALIDATING
        record.register_mark = await uow.bulk.mark()
        await uow.imports.clear_rows(import_id)
        await uow.imports.save(record)
        register = await uow.bulk.load()
        areas = await uow.areas.of_region(tenant)
    work = _Validation(record, register, transactions, row_keys)
    try:
        await _read(work, files, reader, areas, clock)
    except WorkbookRefused as refusal:
        await work.settle()
        if await work.fail(refusal, clock):
            await files.delete(record.file_key)
        return
    finally:
        work.stop()
    await work.finish(clock)


async def _read(work: "_Validation", files: Files, reader: WorkbookReader, areas: list[Area], clock: Clock) -> None:
    tenant = work.record.tenant
    content = files.open(tenant, work.record.file_key)
    pieces = ahead(reader.read(tenant, content, areas, clock.today(tenant), options_of(work.record)), _AHEAD)
    async for piece in pieces:
        if isinstance(piece, Layout):
            work.tables.append(_table(piece))
        elif isinstance(piece, RowBatch):
            await work.take(piece.rows)
        else:
            work.skipped = {
                "skipped_sheets": list(piece.skipped_sheets),
                "hidden_sheets": list(piece.hidden_sheets),
                "skipped_rows": dict(piece.skipped_rows),
            }
    await work.flush()
    await work.settle()


def _table(layout: Layout) -> dict[str, object]:
    return {
        "sheet": layout.sheet,
        "hidden": layout.hidden,
        "columns": layout.columns,
        "ignored": list(layout.ignored),
        "headers": [values_of(one) for one in layout.headers],
        "fingerprint": layout.fingerprint,
    }


class _Validation:
    """What is known while a file is read."""

    def __init__(self, record: Import, register: Register, transactions: Transactions, row_keys: RowKeys) -> None:
        self.record = record
        self.tables: list[dict[str, object]] = []
        self.skipped: dict[str, object] = {}
        self._judge = Judge(record.tenant, register, row_keys)
        self._transactions = transactions
        self._pending: list[SheetRow] = []
        self._counts: Counter[str] = Counter()
        self._figures = Figures()
        self._rows = 0
        self._staging: asyncio.Task[None] | None = None

    async def take(self, rows: list[SheetRow]) -> None:
        """Collect rows until there are enough for one step."""
        self._pending += rows
        if len(self._pending) >= STAGE_AT_ONCE:
            await self.flush()

    async def flush(self) -> None:
        """Judge and stage what was collected."""
        rows, self._pending = self._pending, []
        if not rows:
            return
        compared = await in_steps(rows, self._judge.compare)
        # One step is stored while the next one is compared; in sequence, since a row may repeat one stored before.
        await self.settle()
        self._staging = asyncio.create_task(self._stage(compared))

    async def settle(self) -> None:
        """Wait until what was collected is stored."""
        if self._staging is not None:
            await self._staging
            self._staging = None

    def stop(self) -> None:
        """Give up what is still being stored."""
        if self._staging is not None:
            self._staging.cancel()

    async def _stage(self, compared: list[Compared]) -> None:
        async with self._transactions(self.record.tenant) as uow:
            staged = await decide(self._judge, compared, self.record.import_id, uow)
            await uow.imports.stage(self.record.import_id, staged)
            self._rows += len(compared)
            await uow.imports.progress(self.record.import_id, self._rows, total=self._rows)
        self._counts.update(count(staged))
        self._figures.add(staged)

    async def finish(self, clock: Clock) -> None:
        """Offer the verdicts to the officer, unless the import was discarded meanwhile."""
        async with self._transactions(self.record.tenant) as uow:
            record = await uow.imports.get(self.record.import_id, lock=True)
            if record.state is not ImportState.VALIDATING:
                return
            record.state = ImportState.PREVIEWED
            record.counts = complete_counts(self._counts)
            record.figures = self._figures.shown()
            record.rows_total = record.rows_done = self._rows
            record.layout = {"tables": self.tables, **self.skipped}
            record.previewed_at = clock.now(record.tenant)
            await uow.imports.save(record)

    async def fail(self, refusal: WorkbookRefused, clock: Clock) -> bool:
        """End the import because of its file; say whether the file is of no use to anybody."""
        async with self._transactions(self.record.tenant) as uow:
            record = await uow.imports.get(self.record.import_id, lock=True)
            if record.state is not ImportState.VALIDATING:
                return False
            await uow.imports.clear_rows(record.import_id)
            record.fail(refusal.code, refusal.detail, clock.now(record.tenant), refusal.columns_seen)
            useless = refusal.code not in _TO_BE_MAPPED
            if useless:
                record.file_key = ""
            await uow.imports.save(record)
        return useless


class Figures:
    """How many rows each code stands on, for the officer who has to find the few that matter."""

    def __init__(self) -> None:
        self._reasons: Counter[str] = Counter()
        self._warnings: Counter[str] = Counter()

    def add(self, staged: list[StagedRow]) -> None:
        """Count rows."""
        for one in staged:
            self._reasons.update(reason for reason in one.judged.reasons if not reason.startswith("ROW_"))
            self._warnings.update({f"{column}:{code}" for column, code in one.judged.warnings})

    def shown(self) -> dict[str, dict[str, int]]:
        """Return rows per reason and per warning, the most frequent first."""
        return {"reasons": dict(self._reasons.most_common()), "warnings": dict(self._warnings.most_common())}


async def decide(judge: Judge, compared: list[Compared], import_id: UUID, uow: UnitOfWork) -> list[StagedRow]:
    """Give rows that were compared their verdicts, with what the register and the rows above say."""
    known = await uow.vendors.many(judge.known_ids(compared))
    judge.hold(await uow.vendors.verified_of_owners(known))
    earlier = await uow.imports.rows_of(import_id, judge.earlier_rows(compared))
    above = {**earlier, **{one.row.number: one.row.parsed for one in compared}}
    return await in_steps(compared, lambda some: judge.decide(some, known, above))


def count(staged: list[StagedRow]) -> Counter[str]:
    """Return how many rows have each verdict, and how many of those that become businesses have warnings."""
    counts = Counter(one.judged.verdict.value for one in staged)
    counts["with_warnings"] = sum(bool(one.judged.warnings) for one in staged if one.judged.verdict in CREATES)
    return counts


def complete_counts(counts: Counter[str]) -> dict[str, int]:
    """Return counts with a zero for every verdict that no row has."""
    return {name: counts[name] for name in (*(verdict.value for verdict in Verdict), "with_warnings")}

"""The job that turns staged rows into businesses: the whole file in one transaction, or nothing of it.

A crash leaves the rows staged and the import committing; the job runs again and finds nothing half done. Rows are
opened and written in batches, so memory stays bounded whatever the file holds.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from bela_kit.core.actor import Actor
from bela_kit.core.clock import Clock
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId

from vendor_service.application.identity.classes import derive_yearly
from vendor_service.application.imports.judging import Judge
from vendor_service.application.imports.ports import RowKeys, SheetRow, StagedRow
from vendor_service.application.imports.progress import Progress
from vendor_service.application.imports.steps import in_steps
from vendor_service.application.imports.upload import COMMIT
from vendor_service.application.imports.validate import STAGE_AT_ONCE, Figures, complete_counts, count, decide
from vendor_service.application.owner_groups import regroup
from vendor_service.application.ports import Transactions, UnitOfWork
from vendor_service.application.screening.screen import SCREEN
from vendor_service.domain.imports.changes.undo import Change, change_of
from vendor_service.domain.imports.changes.values import day_of, known_values, row_values, set_values
from vendor_service.domain.imports.dedupe import Rule
from vendor_service.domain.imports.job import Import, ImportState
from vendor_service.domain.imports.verdict import CREATES, Verdict
from vendor_service.domain.owner import Owner, OwnerGroups
from vendor_service.domain.owner_groups import LINK_FIELDS
from vendor_service.domain.profile import PrivateDetails, profile_of
from vendor_service.domain.vendor import Moment, Vendor

WRITE_AT_ONCE = 2500


async def start_commit(import_id: UUID, actor: Actor, *, uow: UnitOfWork, clock: Clock) -> Import:
    """Have the rows of a previewed import stored; a second request while that runs changes nothing."""
    record = await uow.imports.get(import_id, lock=True)
    if record.state in {ImportState.COMMITTING, ImportState.COMMITTED}:
        return record
    record.start_commit(actor.principal)
    await uow.imports.save(record)
    await uow.jobs.schedule(COMMIT, str(import_id), clock.now(uow.tenant))
    return record


async def discard_import(import_id: UUID, actor: Actor, *, uow: UnitOfWork, clock: Clock) -> Import:
    """Give an import up: its rows go, the hash of its file is free again."""
    record = await uow.imports.get(import_id, lock=True)
    if record.state is ImportState.DISCARDED:
        return record
    record.discard(actor.principal, clock.now(uow.tenant))
    await uow.imports.clear_rows(import_id)
    await uow.imports.save(record)
    return record


async def commit_import(
    tenant: TenantId, import_id: UUID, *, transactions: Transactions, row_keys: RowKeys, clock: Clock
) -> None:
    """Store the rows of an import that an officer has committed."""
    progress = Progress(transactions, tenant, import_id)
    async with progress, transactions(tenant) as uow:
        await uow.vendors.lock_register()
        # Not locked: the progress of this very work is written beside it, and nothing else touches a committing import.
        record = await uow.imports.get(import_id)
        if record.state is not ImportState.COMMITTING:
            return
        actor = Actor(record.finished_by or record.uploaded_by, record.uploaded_role)
        moment = Moment(actor, clock.now(tenant), clock.today(tenant))
        if await uow.bulk.mark() != record.register_mark:
            record.counts = await _judge_again(record, uow, row_keys)
        await _Commit(record, moment, uow, progress).run()
        await progress.end()
        await derive_yearly(moment, uow=uow)
        record.state = ImportState.COMMITTED
        record.rows_done = record.rows_total
        record.finished_at = moment.now
        await uow.imports.save(record)


async def _judge_again(record: Import, uow: UnitOfWork, row_keys: RowKeys) -> dict[str, int]:
    """Give new verdicts: the register has changed since the officer saw the preview."""
    judge = Judge(record.tenant, await uow.bulk.load(), row_keys)
    counts: Counter[str] = Counter()
    figures = Figures()
    after = 0
    while batch := await uow.imports.staged(record.import_id, after, STAGE_AT_ONCE):
        after = batch[-1].row.number
        rows: list[SheetRow] = [one.row for one in batch]
        compared = await in_steps(rows, judge.compare)
        staged = await decide(judge, compared, record.import_id, uow)
        await uow.imports.clear_rows(record.import_id, rows[0].number, after)
        await uow.imports.stage(record.import_id, staged)
        counts.update(count(staged))
        figures.add(staged)
    record.figures = figures.shown()
    return complete_counts(counts)


_Ready = tuple[list[StagedRow], Callable[[], Awaitable[None]]]


@dataclass(slots=True)
class _Commit:
    """One run over the staged rows."""

    record: Import
    moment: Moment
    uow: UnitOfWork
    progress: Progress
    shared: frozenset[bytes] = frozenset()
    owners: dict[bytes, Owner] = field(default_factory=dict)
    groups: dict[UUID, UUID] = field(default_factory=dict)
    # Those whose stored links may differ from what stands in their rows: their groups are worked out anew at the end.
    relinked: set[UUID] = field(default_factory=set)

    async def run(self) -> None:
        """Write every row, then the groups of businesses that were here before."""
        regrouped = await self._group()
        self.owners = await self.uow.bulk.owners_of(self.record.import_id)
        after = 0
        ready: _Ready | None = None
        while batch := await self.uow.imports.staged(self.record.import_id, after, WRITE_AT_ONCE):
            after = batch[-1].row.number
            # The next rows are built while the database takes the ones before.
            building = asyncio.create_task(self._build(batch))
            try:
                if ready is not None:
                    await self._write(*ready)
            finally:
                store = await building
            ready = (batch, store)
        if ready is not None:
            await self._write(*ready)
        known = await self.uow.vendors.many(regrouped)
        for vendor_id, vendor in known.items():
            vendor.join_group(regrouped[vendor_id], self.moment)
        await self.uow.vendors.save(list(known.values()))
        self.relinked.update(await self.uow.links.beside_koperasi(self.record.import_id))
        if self.relinked:
            found = await self.uow.vendors.many(self.relinked)
            await regroup(list(found.values()), self.moment, uow=self.uow)
        if await self.uow.screening.is_needed():
            await self.uow.jobs.schedule(SCREEN, "all", self.moment.now)

    async def _group(self) -> dict[UUID, UUID]:
        """Work out all owner groups before the first row is written; returns old businesses that change theirs."""
        links = await self.uow.bulk.links(self.record.import_id)
        self.shared = frozenset(link for _, link in links.in_file)
        groups = OwnerGroups()
        for vendor_id, link in links.in_file:
            groups.add(vendor_id, [link])
        for vendor_id, link, group in links.in_register:
            groups.add(vendor_id, [link])
            groups.add(group, [link])
        linked = {one[0] for one in links.in_file} | {one[0] for one in links.in_register}
        self.groups = {vendor_id: groups.group_of(vendor_id) for vendor_id in linked}
        renamed = {group for _, _, group in links.in_register if groups.group_of(group) != group}
        there = await self.uow.bulk.in_groups(renamed)
        return {vendor_id: groups.group_of(group) for vendor_id, group in there.items()}

    async def _build(self, batch: list[StagedRow]) -> Callable[[], Awaitable[None]]:
        return await self.uow.vendors.prepare(self._vendor(one) for one in batch if one.judged.verdict in CREATES)

    async def _write(self, batch: list[StagedRow], store: Callable[[], Awaitable[None]]) -> None:
        await store()
        pairs = [
            (one.judged.vendor_id, one.judged.other_id, Rule(one.judged.reasons[0]))
            for one in batch
            if one.judged.verdict in CREATES and one.judged.vendor_id and one.judged.other_id
        ]
        await self.uow.journal.add_merge_candidates(pairs, self.moment.now, self.record.import_id)
        await self._update([one for one in batch if one.judged.verdict is Verdict.UPDATE])
        self.progress.tell(batch[-1].row.number)

    def _vendor(self, one: StagedRow) -> Vendor:
        parsed, vendor_id = one.row.parsed, one.judged.vendor_id
        assert vendor_id is not None
        source = {"source": self.record.source} if self.record.source and "source" not in parsed.profile else {}
        vendor = Vendor.collect(
            self.record.tenant,
            vendor_id,
            profile_of({**parsed.profile, **source}),
            PrivateDetails(**parsed.private),
            tuple(self._owner(values, vendor_id) for values in parsed.owners),
            self.moment,
        )
        vendor.owner_group_id = self.groups.get(vendor_id, vendor_id)
        vendor.source_import_id = self.record.import_id
        return vendor

    def _owner(self, values: dict[str, Any], vendor_id: UUID) -> Owner:
        """Return the person of a row; one who is known already keeps everything that was known."""
        owner = Owner(owner_id=new_id(), **{**values, "birth_date": day_of(values.get("birth_date"))})
        if owner.nik is None or not (self.shared or self.owners):
            return owner
        keys = self.uow.bulk.nik_keys(owner.nik)
        known = next((self.owners[key] for key in keys if key in self.owners), None)
        if known is not None:
            if owner.kk not in (None, known.kk):
                self.relinked.add(vendor_id)
            owner = known.filled_from(owner)
        elif not self.shared.intersection(keys):
            return owner
        self.owners[keys[0]] = owner
        return owner

    async def _update(self, rows: list[StagedRow]) -> None:
        known = await self.uow.vendors.many({one.judged.vendor_id for one in rows if one.judged.vendor_id})
        changes: list[Change] = []
        for one in rows:
            if one.judged.vendor_id in known:
                if LINK_FIELDS.intersection(one.judged.changes):
                    self.relinked.add(one.judged.vendor_id)
                change = apply_row(one, known[one.judged.vendor_id], self.moment)
                changes += [] if change is None else [change]
        await self.uow.vendors.save(list(known.values()))
        await self.uow.imports.note_changes(self.record.import_id, changes)


def apply_row(one: StagedRow, vendor: Vendor, moment: Moment) -> Change | None:
    """Set the fields of a business that a row may change, never one that was verified; return what that changed."""
    names = [name for name in one.judged.changes if name not in vendor.verified_fields]
    if not names:
        return None
    before, incoming = known_values(vendor), row_values(one.row.parsed)
    set_values(vendor, {name: incoming[name] for name in names}, moment, "IMPORT")
    return change_of(one.row.number, vendor, names, before)

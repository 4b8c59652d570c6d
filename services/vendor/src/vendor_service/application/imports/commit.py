"""The job that turns staged rows into businesses: the whole file in one transaction, or nothing of it.

A crash leaves the rows staged and the import committing; the job runs again and finds nothing half done. Rows are
opened and written in batches, so memory stays bounded whatever the file holds.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from bela_kit.core.actor import Actor
from bela_kit.core.clock import Clock
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId

from vendor_service.application.imports.judging import Judge
from vendor_service.application.imports.ports import RowKeys, SheetRow, StagedRow
from vendor_service.application.imports.upload import COMMIT
from vendor_service.application.imports.validate import STAGE_AT_ONCE, complete_counts, count
from vendor_service.application.ports import Transactions, UnitOfWork
from vendor_service.domain.imports.dedupe import Rule
from vendor_service.domain.imports.job import Import, ImportState
from vendor_service.domain.imports.verdict import CREATES, Verdict
from vendor_service.domain.owner import Owner
from vendor_service.domain.profile import PRIVATE_FIELDS, PROFILE_FIELDS, PrivateDetails, profile_of
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
    async with transactions(tenant) as uow:
        record = await uow.imports.get(import_id, lock=True)
        if record.state is not ImportState.COMMITTING:
            return
        await uow.vendors.lock_register()
        actor = Actor(record.finished_by or record.uploaded_by, record.uploaded_role)
        moment = Moment(actor, clock.now(tenant), clock.today(tenant))
        if await uow.bulk.mark() != record.register_mark:
            record.counts = await _judge_again(record, uow, row_keys)
        await _Commit(record, moment, uow).run()
        record.state = ImportState.COMMITTED
        record.rows_done = record.rows_total
        record.finished_at = moment.now
        await uow.imports.save(record)


async def _judge_again(record: Import, uow: UnitOfWork, row_keys: RowKeys) -> dict[str, int]:
    """Give new verdicts: the register has changed since the officer saw the preview."""
    judge = Judge(record.tenant, await uow.bulk.load(), row_keys)
    before: list[StagedRow] = []
    after = 0
    while batch := await uow.imports.staged(record.import_id, after, STAGE_AT_ONCE):
        before += batch
        after = batch[-1].row.number
    await uow.imports.clear_rows(record.import_id)
    counts: Counter[str] = Counter()
    for start in range(0, len(before), STAGE_AT_ONCE):
        rows: list[SheetRow] = [one.row for one in before[start : start + STAGE_AT_ONCE]]
        compared = await asyncio.to_thread(judge.compare, rows)
        known = await uow.vendors.many(judge.known_ids(compared))
        staged = await asyncio.to_thread(judge.decide, compared, known)
        await uow.imports.stage(record.import_id, staged)
        counts.update(count(staged))
    return complete_counts(counts)


@dataclass(slots=True)
class _Commit:
    """One run over the staged rows."""

    record: Import
    moment: Moment
    uow: UnitOfWork
    owners: dict[bytes, UUID] = field(default_factory=dict)
    groups: dict[UUID, UUID] = field(default_factory=dict)

    async def run(self) -> None:
        """Write every row, then the groups of businesses that were here before."""
        regrouped = await self._group()
        self.owners = await self.uow.bulk.owners_by_nik()
        after = 0
        ready: tuple[list[StagedRow], list[Vendor]] | None = None
        while batch := await self.uow.imports.staged(self.record.import_id, after, WRITE_AT_ONCE):
            after = batch[-1].row.number
            # The next rows are built in a thread while the database takes the ones before.
            building = asyncio.create_task(asyncio.to_thread(self._build, batch))
            try:
                if ready is not None:
                    await self._write(*ready)
            finally:
                vendors = await building
            ready = (batch, vendors)
        if ready is not None:
            await self._write(*ready)
        known = await self.uow.vendors.many(regrouped)
        for vendor_id, vendor in known.items():
            vendor.join_group(regrouped[vendor_id], self.moment)
        await self.uow.vendors.save(list(known.values()))

    async def _group(self) -> dict[UUID, UUID]:
        """Work out all owner groups before the first row is written; returns old businesses that change theirs."""
        groups, stored = await self.uow.bulk.load_groups()
        new = await self.uow.imports.links_of_new(self.record.import_id)
        for vendor_id, links in new:
            groups.add(vendor_id, links)
        self.groups = {vendor_id: groups.group_of(vendor_id) for vendor_id, _ in new}
        moved = {vendor_id: groups.group_of(vendor_id) for vendor_id in stored}
        return {vendor_id: group for vendor_id, group in moved.items() if group != stored[vendor_id]}

    def _build(self, batch: list[StagedRow]) -> list[Vendor]:
        return [self._vendor(one) for one in batch if one.judged.verdict in CREATES]

    async def _write(self, batch: list[StagedRow], vendors: list[Vendor]) -> None:
        await self.uow.vendors.add(vendors)
        pairs = [
            (one.judged.vendor_id, one.judged.other_id, Rule(one.judged.reasons[0]))
            for one in batch
            if one.judged.verdict in CREATES and one.judged.vendor_id and one.judged.other_id
        ]
        await self.uow.journal.add_merge_candidates(pairs, self.moment.now, self.record.import_id)
        await self._update([one for one in batch if one.judged.verdict is Verdict.UPDATE])

    def _vendor(self, one: StagedRow) -> Vendor:
        parsed, vendor_id = one.row.parsed, one.judged.vendor_id
        assert vendor_id is not None
        source = {"source": self.record.source} if self.record.source and "source" not in parsed.profile else {}
        vendor = Vendor.collect(
            self.record.tenant,
            vendor_id,
            profile_of({**parsed.profile, **source}),
            PrivateDetails(**parsed.private),
            tuple(self._owner(values) for values in parsed.owners),
            self.moment,
        )
        vendor.owner_group_id = self.groups[vendor_id]
        vendor.source_import_id = self.record.import_id
        return vendor

    def _owner(self, values: dict[str, Any]) -> Owner:
        nik = values.get("nik")
        owner_id = new_id()
        if nik:
            owner_id = self.owners.setdefault(self.uow.bulk.nik_key(nik), owner_id)
        return Owner(owner_id=owner_id, **{**values, "birth_date": _day(values.get("birth_date"))})

    async def _update(self, rows: list[StagedRow]) -> None:
        by_id = {one.judged.vendor_id: one for one in rows if one.judged.vendor_id}
        known = await self.uow.vendors.many(by_id)
        for vendor_id, vendor in known.items():
            one = by_id[vendor_id]
            apply_row(vendor, one.row.parsed.profile, one.row.parsed.private, one.row.parsed.owners,
                      frozenset(one.judged.changes), self.moment)  # fmt: skip
        await self.uow.vendors.save(list(known.values()))


def apply_row(
    vendor: Vendor,
    profile: dict[str, Any],
    private: dict[str, Any],
    owners: list[dict[str, Any]],
    changes: frozenset[str],
    moment: Moment,
) -> None:
    """Set the fields of a business that a row may change, never one that was verified."""
    allowed = changes - vendor.verified_fields
    old = {name: getattr(vendor.profile, name) for name in PROFILE_FIELDS}
    new_profile = profile_of({**old, **{name: profile[name] for name in allowed if name in profile}})
    old_private = {name: getattr(vendor.private, name) for name in PRIVATE_FIELDS}
    new_private = PrivateDetails(**{**old_private, **{name: private[name] for name in allowed if name in private}})
    people = vendor.owners
    if people and owners:
        incoming = {**owners[0], "owner_name": owners[0].get("name")}
        found = {name: value for name, value in incoming.items() if name in allowed}
        if "owner_name" in found:
            found["name"] = found.pop("owner_name")
        if "birth_date" in found:
            found["birth_date"] = _day(found["birth_date"])
        people = (replace(people[0], **found), *people[1:])
    if allowed:
        vendor.change(moment, profile=new_profile, private=new_private, owners=people, changed=allowed,
                      reason="IMPORT", keep_verified=False)  # fmt: skip


def _day(value: str | date | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value

"""Take a whole import back: what it entered is withdrawn, what it filled in is emptied again, the rest is listed."""

from collections import Counter, defaultdict
from datetime import timedelta
from uuid import UUID

from bela_kit.core.actor import Actor
from bela_kit.core.clock import Clock
from bela_kit.core.tenancy import TenantId

from vendor_service.application.imports.progress import Progress
from vendor_service.application.imports.upload import UNDO
from vendor_service.application.ports import Transactions, UnitOfWork
from vendor_service.domain.imports.changes.errors import UndoTooLate
from vendor_service.domain.imports.changes.undo import UNDO_DAYS, Change, Kept, KeptBecause, put_back, withdraw
from vendor_service.domain.imports.job import Import, ImportState
from vendor_service.domain.vendor import Moment

_AT_ONCE = 500


async def start_undo(import_id: UUID, actor: Actor, *, uow: UnitOfWork, clock: Clock) -> Import:
    """Have a committed import taken back; a second request changes nothing.

    Raises:
        ImportNotInState: It was never committed.
        UndoTooLate: That was more than thirty days ago.
    """
    record = await uow.imports.get(import_id, lock=True)
    if record.state in {ImportState.UNDOING, ImportState.UNDONE}:
        return record
    now = clock.now(uow.tenant)
    if record.finished_at is not None and now > record.finished_at + timedelta(days=UNDO_DAYS):
        raise UndoTooLate(UNDO_DAYS)
    record.start_undo(actor.principal)
    await uow.imports.save(record)
    await uow.jobs.schedule(UNDO, str(import_id), now)
    return record


async def undo_import(tenant: TenantId, import_id: UUID, *, transactions: Transactions, clock: Clock) -> None:
    """Take back an import whose undo an officer has asked for; all of it in one transaction."""
    progress = Progress(transactions, tenant, import_id)
    async with progress, transactions(tenant) as uow:
        await uow.vendors.lock_register()
        record = await uow.imports.get(import_id)
        if record.state is not ImportState.UNDOING:
            return
        actor = Actor(record.undone_by or record.uploaded_by, record.uploaded_role)
        undo = _Undo(record, Moment(actor, clock.now(tenant), clock.today(tenant)), uow, progress)
        await undo.withdraw()
        await undo.put_back()
        await uow.imports.note_kept(import_id, undo.kept)
        await progress.end()
        record.end_undo(dict(undo.counts), clock.now(tenant))
        await uow.imports.save(record)


class _Undo:
    """One run over the businesses of an import."""

    def __init__(self, record: Import, moment: Moment, uow: UnitOfWork, progress: Progress) -> None:
        self.kept: list[Kept] = []
        self.counts: Counter[str] = Counter(withdrawn=0, put_back=0, kept=0)
        self._record = record
        self._moment = moment
        self._uow = uow
        self._progress = progress

    async def withdraw(self) -> None:
        """Close the businesses that the import entered and nobody has touched since."""
        after: UUID | None = None
        while entered := await self._uow.imports.entered(self._record.import_id, after, _AT_ONCE):
            after = entered[-1].vendor_id
            for one in entered:
                if one.touched:
                    self._keep(Kept(one.vendor_id, KeptBecause.TOUCHED))
            found = await self._uow.vendors.many([one.vendor_id for one in entered if not one.touched])
            for vendor in found.values():
                left = withdraw(vendor, self._moment)
                if left is not None:
                    self._keep(left)
                else:
                    self.counts["withdrawn"] += 1
            await self._uow.vendors.save(list(found.values()))
            await self._uow.merging.withdraw(found, self._moment)
            self._progress.tell(self.counts.total())

    async def put_back(self) -> None:
        """Empty what the import filled in, and undo what it replaced, in businesses that were there before."""
        changes: defaultdict[UUID, list[Change]] = defaultdict(list)
        for change in await self._uow.imports.changes(self._record.import_id):
            changes[change.vendor_id].append(change)
        ids = sorted(changes)
        for start in range(0, len(ids), _AT_ONCE):
            found = await self._uow.vendors.many(ids[start : start + _AT_ONCE])
            for vendor_id, vendor in found.items():
                version = vendor.version
                left = put_back(vendor, changes[vendor_id], self._moment)
                if left is not None:
                    self._keep(left)
                if vendor.version > version:
                    self.counts["put_back"] += 1
            await self._uow.vendors.save(list(found.values()))
            self._progress.tell(self.counts.total())

    def _keep(self, left: Kept) -> None:
        self.kept.append(left)
        self.counts["kept"] += 1

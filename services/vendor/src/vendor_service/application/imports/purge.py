"""The job that removes uploads and staged rows after 30 days; verdict counts stay."""

from datetime import timedelta

from bela_kit.core.clock import Clock
from bela_kit.core.tenancy import TenantId

from vendor_service.application.imports.ports import Files
from vendor_service.application.imports.upload import PURGE
from vendor_service.application.ports import Transactions
from vendor_service.domain.imports.changes.undo import UNDO_DAYS
from vendor_service.domain.imports.job import KEEP_DAYS, ImportState


async def purge_imports(tenant: TenantId, *, transactions: Transactions, files: Files, clock: Clock) -> None:
    """Forget what is older than 30 days, and look again tomorrow."""
    now = clock.now(tenant)
    async with transactions(tenant) as uow:
        expired = await uow.imports.expired(now - timedelta(days=KEEP_DAYS))
    for record in expired:
        await files.delete(record.file_key)
        async with transactions(tenant) as uow:
            stored = await uow.imports.get(record.import_id, lock=True)
            if stored.state in {ImportState.UPLOADED, ImportState.PREVIEWED}:
                stored.discard("svc:vendor", now)
                await uow.imports.save(stored)
            await uow.imports.forget(record.import_id)
    async with transactions(tenant) as uow:
        await uow.imports.forget_changes(now - timedelta(days=UNDO_DAYS))
        await uow.jobs.schedule(PURGE, "all", now + timedelta(days=1))

"""Which durable job runs which use case, and what happens to an import whose job keeps failing."""

import asyncio
import ctypes
import gc
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from uuid import UUID

from bela_kit.jobs import Job, JobHandler

from vendor_service.application.imports.commit import commit_import
from vendor_service.application.imports.purge import purge_imports
from vendor_service.application.imports.undo import undo_import
from vendor_service.application.imports.upload import COMMIT, PURGE, UNDO, VALIDATE
from vendor_service.application.imports.validate import validate_import
from vendor_service.domain.imports.job import ImportState
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.identity_jobs import identity_handlers
from vendor_service.entrypoints.onboarding_jobs import onboarding_handlers
from vendor_service.entrypoints.safeguard_jobs import safeguard_handlers

_HEARTBEAT_SECONDS = 15.0
_ATTEMPTS = 5


def job_handlers(container: Container) -> Mapping[str, JobHandler]:
    """Return the handler of each kind of job."""

    async def validate(job: Job) -> None:
        await validate_import(
            job.tenant,
            UUID(job.subject_id),
            transactions=container.transactions,
            files=container.files,
            reader=container.reader,
            row_keys=container.row_keys,
            clock=container.clock,
        )

    async def commit(job: Job) -> None:
        await commit_import(
            job.tenant,
            UUID(job.subject_id),
            transactions=container.transactions,
            row_keys=container.row_keys,
            clock=container.clock,
        )

    async def undo(job: Job) -> None:
        await undo_import(job.tenant, UUID(job.subject_id), transactions=container.transactions, clock=container.clock)

    async def purge(job: Job) -> None:
        await purge_imports(
            job.tenant, transactions=container.transactions, files=container.files, clock=container.clock
        )

    return {
        VALIDATE: lambda job: _attended(job, validate, container),
        COMMIT: lambda job: _attended(job, commit, container),
        UNDO: lambda job: _attended(job, undo, container),
        PURGE: purge,
        **safeguard_handlers(container),
        **onboarding_handlers(container),
        **identity_handlers(container),
    }


async def _attended(job: Job, work: Callable[[Job], Awaitable[None]], container: Container) -> None:
    """Run an import's job under heartbeats; after the last attempt the import fails, so that nobody waits for ever."""
    beating = asyncio.create_task(_beat(job))
    try:
        await work(job)
    except Exception:
        if job.attempts >= _ATTEMPTS:
            await _give_up(job, container)
        raise
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating
        await asyncio.to_thread(_give_memory_back)


def _give_memory_back() -> None:
    """Return what an import used to the system: the process lives on for weeks, and imports are rare."""
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


async def _beat(job: Job) -> None:
    while True:
        await asyncio.sleep(_HEARTBEAT_SECONDS)
        await job.heartbeat()


async def _give_up(job: Job, container: Container) -> None:
    async with container.transactions(job.tenant) as uow:
        record = await uow.imports.get(UUID(job.subject_id), lock=True)
        if record.state in {ImportState.VALIDATING, ImportState.UPLOADED, ImportState.COMMITTING}:
            record.fail("IMPORT_BROKEN", "Impor gagal karena kesalahan sistem.", container.clock.now(job.tenant))
            await uow.imports.clear_rows(record.import_id)
            await uow.imports.save(record)
        elif record.state is ImportState.UNDOING:
            # Nothing of it happened; the officer may ask again.
            record.state = ImportState.COMMITTED
            await uow.imports.save(record)

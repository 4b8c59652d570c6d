"""The jobs behind sanctions and screening: days that begin and end, lists to read, businesses to compare."""

from collections.abc import Mapping
from uuid import UUID

from bela_kit.jobs import Job, JobHandler

from vendor_service.application.sanctions.settle import SETTLE, settle_by_job
from vendor_service.application.screening.lists import READ_LIST, read_list
from vendor_service.application.screening.screen import SCREEN, SCREEN_ONE, screen_one, screen_register
from vendor_service.entrypoints.container import Container


def safeguard_handlers(container: Container) -> Mapping[str, JobHandler]:
    """Return the handler of each kind of job."""
    transactions, clock = container.transactions, container.clock

    async def settle(job: Job) -> None:
        await settle_by_job(job.tenant, UUID(job.subject_id), transactions=transactions, clock=clock)

    async def read(job: Job) -> None:
        await read_list(
            job.tenant,
            UUID(job.subject_id),
            transactions=transactions,
            files=container.files,
            reader=container.list_rows,
            clock=clock,
        )

    async def screen_all(job: Job) -> None:
        await screen_register(job.tenant, transactions=transactions, clock=clock)

    async def screen_business(job: Job) -> None:
        await screen_one(job.tenant, UUID(job.subject_id), transactions=transactions, clock=clock)

    return {SETTLE: settle, READ_LIST: read, SCREEN: screen_all, SCREEN_ONE: screen_business}

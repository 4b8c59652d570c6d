"""The handler of the one kind of job this service has: an order whose deadline is due."""

from bela_kit.jobs import Job, JobHandler

from order_service.application.orders.lapsing import pass_deadline
from order_service.entrypoints.rest.edge import Services


def order_deadline_handler(services: Services) -> JobHandler:
    """Return the handler: one transaction in the job's region, harmless when it comes twice or too late."""

    async def handle(job: Job) -> None:
        async with services.db.tenant_transaction(job.tenant) as connection:
            unit_of_work = services.unit_of_work(connection, job.tenant)
            await pass_deadline(job.subject_id, uow=unit_of_work, clock=services.clock)
            await unit_of_work.flush()

    return handle

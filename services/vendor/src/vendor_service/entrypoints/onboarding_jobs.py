"""Durable jobs of evidence and onboarding: which one runs which use case."""

from collections.abc import Mapping
from uuid import UUID

from bela_kit.jobs import Job, JobHandler

from vendor_service.application.evidence.upload import PURGE_EVIDENCE, purge_evidence
from vendor_service.application.reviews.deciding import release_payout
from vendor_service.application.reviews.opening import RELEASE_PAYOUT, SWEEP
from vendor_service.application.reviews.sweep import sweep_onboarding
from vendor_service.entrypoints.container import Container


def onboarding_handlers(container: Container) -> Mapping[str, JobHandler]:
    """Return the handler of each kind of job."""

    async def purge(job: Job) -> None:
        await purge_evidence(
            job.tenant, transactions=container.transactions, files=container.evidence_files, clock=container.clock
        )

    async def release(job: Job) -> None:
        async with container.transactions(job.tenant) as uow:
            await release_payout(UUID(job.subject_id), uow=uow, clock=container.clock)

    async def sweep(job: Job) -> None:
        week = container.weeks.week(job.tenant)
        await sweep_onboarding(job.tenant, transactions=container.transactions, clock=container.clock, week=week)

    return {PURGE_EVIDENCE: purge, RELEASE_PAYOUT: release, SWEEP: sweep}

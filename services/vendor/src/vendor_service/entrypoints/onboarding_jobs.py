"""Durable jobs of evidence and onboarding: which one runs which use case."""

from collections.abc import Mapping

from bela_kit.jobs import Job, JobHandler

from vendor_service.application.evidence.upload import PURGE_EVIDENCE, purge_evidence
from vendor_service.entrypoints.container import Container


def onboarding_handlers(container: Container) -> Mapping[str, JobHandler]:
    """Return the handler of each kind of job."""

    async def purge(job: Job) -> None:
        await purge_evidence(
            job.tenant, transactions=container.transactions, files=container.evidence_files, clock=container.clock
        )

    return {PURGE_EVIDENCE: purge}

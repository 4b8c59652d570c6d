"""Durable jobs of identity and personal data."""

from collections.abc import Mapping

from bela_kit.jobs import Job, JobHandler

from vendor_service.application.evidence.rekey import rekey_evidence
from vendor_service.application.identity.certificates import REMIND, remind_of_certificates
from vendor_service.application.identity.classes import DERIVE, derive_classes
from vendor_service.application.personal_data.rotate_keys import ROTATE, rotate_keys
from vendor_service.entrypoints.container import Container


def identity_handlers(container: Container) -> Mapping[str, JobHandler]:
    """Return the handler of each kind of job."""

    async def rotate(job: Job) -> None:
        version, transactions = int(job.subject_id), container.transactions
        await rekey_evidence(job.tenant, version, transactions=transactions, files=container.evidence_files)
        await rotate_keys(job.tenant, version, transactions=transactions, clock=container.clock)

    async def remind(job: Job) -> None:
        await remind_of_certificates(job.tenant, transactions=container.transactions, clock=container.clock)

    async def derive(job: Job) -> None:
        await derive_classes(job.tenant, transactions=container.transactions, clock=container.clock)

    return {ROTATE: rotate, REMIND: remind, DERIVE: derive}

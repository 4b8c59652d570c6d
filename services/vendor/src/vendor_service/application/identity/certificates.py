"""Record, withdraw and watch certificates; their owners are reminded before they run out."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from bela_kit.core.clock import Clock
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId

from vendor_service.application.ports import Transactions, UnitOfWork
from vendor_service.domain.identity.certificate import REMIND_DAYS, Certificate, CertificateKind, checked_certificate
from vendor_service.domain.vendor import Moment

REMIND = "remind_certificates"
_ALL = "all"
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class RecordCertificate:
    """A certificate as it was read from its paper."""

    vendor_id: UUID
    kind: CertificateKind
    number: str
    moment: Moment
    issuer: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    evidence_id: UUID | None = None


async def record_certificate(command: RecordCertificate, *, uow: UnitOfWork) -> Certificate:
    """Store a certificate; refuses with CERTIFICATE_INVALID, CERTIFICATE_EXISTS or EVIDENCE_UNKNOWN."""
    await uow.vendors.get(command.vendor_id)
    number, valid_to = checked_certificate(command.kind, command.number, command.valid_from, command.valid_to)
    await uow.evidence.attach([command.evidence_id], command.vendor_id, "certificate")
    moment = command.moment
    certificate = Certificate(
        new_id(),
        command.vendor_id,
        command.kind,
        number,
        command.issuer,
        command.valid_from,
        valid_to,
        moment.actor.principal,
        moment.actor.role,
        moment.now,
        evidence_id=command.evidence_id,
    )
    await uow.identity.add_certificate(certificate)
    if valid_to is not None:
        await uow.jobs.ensure(REMIND, _ALL, moment.now)
    return certificate


async def withdraw_certificate(
    vendor_id: UUID, certificate_id: UUID, reason: str, moment: Moment, *, uow: UnitOfWork
) -> Certificate:
    """End a certificate today, because it was revoked or entered wrongly; ended once, it stays so."""
    found = await uow.identity.certificate(vendor_id, certificate_id)
    if found.withdrawn_on is None:
        found.withdrawn_on, found.withdrawn_reason = moment.today, reason
        await uow.identity.save_certificates([found])
    return found


async def remind_of_certificates(tenant: TenantId, *, transactions: Transactions, clock: Clock) -> None:
    """Leave a notice at each of the days before the end, and look again tomorrow.

    What was said is stored with the certificate in the same transaction, so a job that runs twice says nothing twice.
    """
    now, today = clock.now(tenant), clock.today(tenant)
    after: UUID | None = None
    while True:
        async with transactions(tenant) as uow:
            found = await uow.identity.ending_by(today + timedelta(days=REMIND_DAYS[0]), after, _AT_ONCE)
            due = [one for one in found if (days := one.reminder_on(today)) is not None and _remind(one, days)]
            for one in due:
                about = {"certificate_id": str(one.certificate_id), "kind": one.kind.value}
                about |= {"valid_to": str(one.valid_to), "days": str(one.reminded_days)}
                code = "CERTIFICATE_EXPIRED" if one.reminded_days == 0 else "CERTIFICATE_EXPIRES"
                await uow.care.notify(one.vendor_id, code, about, now)
            await uow.identity.save_certificates(due)
            if len(found) < _AT_ONCE:
                await uow.jobs.schedule(REMIND, _ALL, now + timedelta(days=1))
                return
        after = found[-1].certificate_id


def _remind(certificate: Certificate, days: int) -> bool:
    certificate.reminded_days = days
    return True

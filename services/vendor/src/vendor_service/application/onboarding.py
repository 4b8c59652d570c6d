"""The steps of a business on its way to the first sale, each one act of one person (domain.md 2.4)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bela_kit.core.clock import Clock
from bela_kit.core.ids import new_id

from vendor_service.application.owner_groups import regroup
from vendor_service.application.personal_data.consents import Acceptance, note_consent
from vendor_service.application.ports import UnitOfWork
from vendor_service.application.reviews.deciding import close_after_finding, refuse_late, refuse_relatives
from vendor_service.application.reviews.opening import review_standing, watch
from vendor_service.application.sanctions.settle import settle
from vendor_service.application.screening.screen import find_conflicts
from vendor_service.domain.errors import ConsentMissing, GovernmentRoleHeld, PhoneNotVerified, PrincipalMissing
from vendor_service.domain.events import Membership
from vendor_service.domain.personal_data.free_text import mask_numbers_in
from vendor_service.domain.reviews.calendar import WorkingWeek
from vendor_service.domain.roles import is_government
from vendor_service.domain.sanctions.errors import SanctionNeeded
from vendor_service.domain.standing import Standing
from vendor_service.domain.vendor import Moment, Vendor, Verification


@dataclass(frozen=True, slots=True)
class RecordTraining:
    """An attendance."""

    vendor_id: UUID
    held_on: date
    session: str
    moment: Moment


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """Who is to act for a business.

    Attributes:
        principal: The `sub` of the person's token; none for whoever signed the business up.
        phone_verified: That a message to the phone was answered, or the person stood before the officer.
    """

    vendor_id: UUID
    principal: str | None
    role: str
    consent_version: str
    phone_verified: bool
    moment: Moment


async def record_training(command: RecordTraining, *, uow: UnitOfWork) -> Vendor:
    """Note that a business attended a session; the first attendance sets the milestone."""
    vendor = await uow.vendors.get(command.vendor_id)
    session = mask_numbers_in(command.session)
    if await uow.journal.add_training(vendor.vendor_id, command.held_on, session, command.moment):
        vendor.record_training(command.held_on, command.moment, session)
        await uow.vendors.save([vendor])
    return vendor


async def open_account(command: OpenAccount, *, uow: UnitOfWork) -> Vendor:
    """Let a person act for a business; the first one sets the milestone.

    Raises:
        ConsentMissing: No version of the consent text was accepted.
        ConsentTextUnknown: The region has published texts, and this is none of them.
        PhoneNotVerified: The phone number is missing or was not tried.
        PrincipalMissing: Nobody to open the account for.
        GovernmentRoleHeld: The person is an officer of this region.
    """
    vendor = await uow.vendors.get(command.vendor_id)
    if not command.consent_version:
        raise ConsentMissing
    if not command.phone_verified or vendor.private.phone is None:
        raise PhoneNotVerified
    principal = command.principal or await _who_signed_up(vendor, uow)
    if principal is None:
        raise PrincipalMissing
    today = command.moment.today
    if is_government(await uow.members.roles_of(principal, today)):
        raise GovernmentRoleHeld
    member = Membership(str(new_id()), principal, command.role, valid_from=today)
    if vendor.open_account(member, command.moment, command.consent_version):
        await uow.vendors.save([vendor])
        await uow.care.seen(vendor.vendor_id, today)
        await watch(uow, command.moment)
        await uow.members.add(vendor, member, command.moment.now)
        accepted = Acceptance(vendor.vendor_id, command.consent_version, command.moment, accepted_by=principal)
        await note_consent(accepted, uow=uow)
    return vendor


async def _who_signed_up(vendor: Vendor, uow: UnitOfWork) -> str | None:
    """Return who signed the business up for themselves; an agent who did it for the owner is given no account."""
    if vendor.applicant is None or await uow.consents.of(vendor.vendor_id, vendor.applicant) is not None:
        return None
    return vendor.applicant


async def verify_vendor(
    vendor_id: UUID, finding: Verification, moment: Moment, *, uow: UnitOfWork, clock: Clock
) -> Vendor:
    """Verify a business in a band; what a stranger claimed at sign-up counts from here on."""
    vendor = await uow.vendors.get(vendor_id)
    await refuse_relatives(vendor, moment, uow=uow)
    await uow.evidence.attach([moment.evidence_id], vendor_id, "verification")
    await find_conflicts(vendor, moment, uow=uow)
    vendor.verify(finding, moment)
    await uow.vendors.save([vendor])
    await close_after_finding(vendor, moment, uow=uow, clock=clock)
    if vendor.applicant is not None:
        await regroup([vendor], moment, uow=uow)
    return vendor


async def set_standing(
    vendor_id: UUID,
    standing: Standing,
    reason: str,
    moment: Moment,
    *,
    uow: UnitOfWork,
    clock: Clock,
    week: WorkingWeek,
) -> Vendor:
    """Change whether a business receives new orders; into and out of a suspension only a sanction leads.

    A reopened business comes back under the sanctions that are still in force.
    """
    vendor = await uow.vendors.get(vendor_id)
    if Standing.SUSPENDED in {standing, vendor.standing} and standing not in {vendor.standing, Standing.CLOSED}:
        raise SanctionNeeded
    if standing is not vendor.standing:
        refuse_late(vendor, moment, week)
    if vendor.set_standing(standing, moment, reason):
        await uow.vendors.save([vendor])
        await review_standing(vendor, reason, moment, uow=uow)
        await settle(vendor, moment, uow=uow, clock=clock)
    return vendor

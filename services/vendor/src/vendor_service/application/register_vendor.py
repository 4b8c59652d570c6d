"""Enter one business by hand: an officer for anybody, or a person for their own business."""

from dataclasses import dataclass
from uuid import UUID

from bela_kit.core.actor import Actor
from bela_kit.core.ids import new_id

from vendor_service.application.identity.classes import derive_yearly
from vendor_service.application.owner_groups import regroup
from vendor_service.application.personal_data.consents import Acceptance, note_consent
from vendor_service.application.ports import UnitOfWork
from vendor_service.application.screening.screen import screen_soon
from vendor_service.domain.areas import AreaIndex
from vendor_service.domain.entry import Entry, checked_entry
from vendor_service.domain.errors import (
    ConsentMissing,
    GovernmentRoleHeld,
    RegionHasNoVendors,
    SignUpLimit,
    VendorAlreadyRegistered,
)
from vendor_service.domain.imports.dedupe import SAME_BUSINESS, Rule
from vendor_service.domain.roles import is_government
from vendor_service.domain.vendor import Moment, Vendor

MOST_OPEN_SIGN_UPS = 3


@dataclass(frozen=True, slots=True)
class RegisterVendor:
    """What an officer typed in.

    Attributes:
        vendor_id: Its identifier, if somebody has to name it before it is entered.
    """

    entry: Entry
    moment: Moment
    vendor_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SignUpVendor:
    """What a person typed in about their own business, or an agent with the owner's consent on paper.

    Attributes:
        vendor_id: Its identifier, if an agent enters it; the moment then says for whom.
        most_open: How many sign-ups of the person may wait for an officer.
    """

    entry: Entry
    principal: str
    consent_version: str
    moment: Moment
    vendor_id: UUID | None = None
    most_open: int = MOST_OPEN_SIGN_UPS


async def register_vendor(command: RegisterVendor, *, uow: UnitOfWork) -> Vendor:
    """Enter a business; one that the rules find in the register already is refused with its id.

    A mere likeness is entered, and asked of a human.
    """
    vendor = await _collected(command.entry, command.moment, uow, command.vendor_id)
    found = await uow.vendors.find_same(vendor)
    if found is not None and found.rule in SAME_BUSINESS:
        raise VendorAlreadyRegistered(str(found.known.vendor_id), found.rule)
    await uow.vendors.add([vendor])
    if found is not None and found.rule is not Rule.NIK_ONLY:
        pair = (vendor.vendor_id, found.known.vendor_id, found.rule)
        await uow.journal.add_merge_candidates([pair], command.moment.now, None)
    await regroup([vendor], command.moment, uow=uow)
    await screen_soon(vendor.vendor_id, command.moment, uow=uow)
    return vendor


async def sign_up_vendor(command: SignUpVendor, *, uow: UnitOfWork) -> Vendor:
    """Enter a person's own business, to be looked at by an officer.

    The answer never depends on what is in the register: whoever knows a NIK learns nothing by trying it, is given no
    business that exists, and joins no owner group before an officer has verified the claim.

    Raises:
        GovernmentRoleHeld: An officer of this region cannot be a seller here.
        ConsentMissing: The consent text was not accepted.
        ConsentTextUnknown: The region has published texts, and this is none of them.
        SignUpLimit: Earlier sign-ups of this person still wait.
    """
    today = command.moment.today
    if is_government(await uow.members.roles_of(command.principal, today)):
        raise GovernmentRoleHeld
    if not command.consent_version:
        raise ConsentMissing
    if await uow.vendors.count_applications(command.principal) >= command.most_open:
        raise SignUpLimit
    moment = command.moment
    if command.vendor_id is None:
        moment = Moment(Actor(command.principal, "applicant"), command.moment.now, today)
    vendor = await _collected(
        command.entry,
        moment,
        uow,
        command.vendor_id,
        applicant=command.principal,
        consent_version=command.consent_version,
    )
    found = await uow.vendors.find_same(vendor)
    await uow.vendors.add([vendor])
    await note_consent(Acceptance(vendor.vendor_id, command.consent_version, moment), uow=uow)
    if found is not None:
        pair = (vendor.vendor_id, found.known.vendor_id, found.rule)
        await uow.journal.add_merge_candidates([pair], moment.now, None)
    await screen_soon(vendor.vendor_id, moment, uow=uow)
    return vendor


async def _collected(
    entry: Entry,
    moment: Moment,
    uow: UnitOfWork,
    vendor_id: UUID | None = None,
    *,
    applicant: str | None = None,
    consent_version: str | None = None,
) -> Vendor:
    if len(uow.tenant) != 4:
        raise RegionHasNoVendors
    areas = AreaIndex(uow.tenant, await uow.areas.of_region(uow.tenant))
    profile, private, owners = checked_entry(entry, areas, moment.today)
    await uow.vendors.lock_register()
    await derive_yearly(moment, uow=uow)
    if applicant is None:
        known = [await uow.vendors.owner_with_nik(owner.nik) if owner.nik else None for owner in owners]
        owners = tuple(old or new for old, new in zip(known, owners, strict=True))
    return Vendor.collect(
        uow.tenant,
        vendor_id or new_id(),
        profile,
        private,
        owners,
        moment,
        applicant=applicant,
        consent_version=consent_version,
    )

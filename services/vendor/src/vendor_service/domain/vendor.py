"""The business in the register: how far it has come, whether it may receive orders, and everything recorded about it.

The aggregate never reads a clock and never writes: time comes in as an argument, changes go out as transitions.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from bela_kit.core.actor import Actor
from bela_kit.core.tenancy import TenantId

from vendor_service.domain.business_class import BusinessClass, derive_class
from vendor_service.domain.errors import (
    ConflictOfInterest,
    SelfVerification,
    VendorNotOk,
    VerificationRefused,
    VerifiedFieldLocked,
)
from vendor_service.domain.events import Membership, Transition, VendorEvent
from vendor_service.domain.owner import Owner
from vendor_service.domain.personal_data.free_text import mask_numbers_in
from vendor_service.domain.personal_data.masking import public_name
from vendor_service.domain.profile import Band, Milestones, PrivateDetails, Profile, TaxProfile
from vendor_service.domain.reviews.periods import PAYOUT_COOL_OFF, verification_ends_on
from vendor_service.domain.sanctions.restraint import Restraint
from vendor_service.domain.standing import OWNER, Standing, check_way
from vendor_service.domain.verification import Proofs, fields_made_fast, missing_proofs

BANK_FIELDS = frozenset({"bank", "account_number", "account_holder"})


@dataclass(frozen=True, slots=True)
class Moment:
    """Who acts, at which instant, on which day of the region's calendar, and upon which uploaded evidence."""

    actor: Actor
    now: datetime
    today: date
    evidence_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """An officer's finding."""

    band: Band
    proofs: Proofs
    business_class: BusinessClass | None
    tax_profile: TaxProfile | None = None
    note: str = ""


@dataclass(slots=True)
class Vendor:
    """One business of one region; `version` counts its changes from 1."""

    tenant: TenantId
    vendor_id: UUID
    profile: Profile
    private: PrivateDetails
    owners: tuple[Owner, ...]
    owner_group_id: UUID
    milestones: Milestones
    version: int = 0
    standing: Standing = Standing.OK
    standing_since: date | None = None
    band: Band | None = None
    tax_profile: TaxProfile = field(default_factory=TaxProfile)
    class_verified: BusinessClass | None = None
    class_verified_on: date | None = None
    class_derived: BusinessClass | None = None
    payout_ready: bool = False
    payout_held_until: datetime | None = None
    verified_until: date | None = None
    conflict_of_interest: bool = False
    restraint: Restraint | None = None
    producer_of: frozenset[str] = frozenset()
    verified_fields: frozenset[str] = frozenset()
    members: tuple[Membership, ...] = ()
    applicant: str | None = None
    consent_version: str | None = None
    source_import_id: UUID | None = None
    merged_into: UUID | None = None
    stored_version: int = 0
    transitions: list[Transition] = field(default_factory=list)

    @classmethod
    def collect(
        cls,
        tenant: TenantId,
        vendor_id: UUID,
        profile: Profile,
        private: PrivateDetails,
        owners: tuple[Owner, ...],
        moment: Moment,
        *,
        applicant: str | None = None,
        consent_version: str | None = None,
    ) -> "Vendor":
        """Enter a business into the register, as a group of its own."""
        vendor = cls(
            tenant=tenant,
            vendor_id=vendor_id,
            profile=profile,
            private=private,
            owners=owners,
            owner_group_id=vendor_id,
            milestones=Milestones(collected_on=moment.today),
            standing_since=moment.today,
            applicant=applicant,
            consent_version=consent_version,
        )
        vendor._derive_class(moment.today)
        vendor._record(VendorEvent.COLLECTED, moment)
        return vendor

    @property
    def business_class(self) -> BusinessClass | None:
        """The verified class, else the derived, else the declared one."""
        return self.class_verified or self.class_derived or self.profile.class_declared

    @property
    def class_source(self) -> str | None:
        """Where the class comes from: verified, derived or declared."""
        if self.class_verified is not None:
            return "verified"
        if self.class_derived is not None:
            return "derived"
        return "declared" if self.profile.class_declared is not None else None

    @property
    def class_mismatch(self) -> bool:
        """True if the declared and the derived class differ, for an officer to look at."""
        declared, derived = self.profile.class_declared, self.class_derived
        return declared is not None and derived is not None and declared != derived

    @property
    def is_listed(self) -> bool:
        """Whether everybody may see it: what a stranger signed up is not shown before an officer looked at it."""
        return self.applicant is None or bool(self.milestones.account_on or self.milestones.verified_on)

    @property
    def display_name(self) -> str:
        """The name shown to everyone."""
        return public_name(self.profile, self.owners)

    @property
    def member_principals(self) -> tuple[str, ...]:
        """Everybody who acts for the business."""
        return tuple(sorted({member.principal for member in self.members if not member.revoked}))

    def record_training(self, held_on: date, moment: Moment, session: str) -> bool:
        """Set the milestone at the first training, also after later milestones; say whether it was the first."""
        if self.milestones.trained_on is not None:
            return False
        self.milestones = replace(self.milestones, trained_on=held_on)
        self._record(VendorEvent.TRAINED, moment, session)
        return True

    def open_account(self, membership: Membership, moment: Moment, consent_version: str) -> bool:
        """Let somebody act for the business; the first one sets the milestone. Says whether anything changed."""
        if self.standing in {Standing.CLOSED, Standing.MERGED}:
            raise VendorNotOk(self.standing)
        same = (membership.principal, membership.role)
        if any((member.principal, member.role) == same and not member.revoked for member in self.members):
            return False
        self.members = (*self.members, membership)
        self.consent_version = consent_version
        if self.milestones.account_on is None:
            self.milestones = replace(self.milestones, account_on=moment.today)
        self._record(VendorEvent.ACCOUNT_OPENED, moment)
        return True

    def verify(self, finding: Verification, moment: Moment) -> None:
        """Verify the business in a band, or raise its band.

        Raises:
            SelfVerification: The officer belongs to the business.
            ConflictOfInterest: A conflict is open.
            VerificationRefused: Proofs are missing; no milestone is set.
        """
        if moment.actor.principal in {*self.member_principals, self.applicant}:
            raise SelfVerification
        if self.conflict_of_interest:
            raise ConflictOfInterest
        if self.standing not in {Standing.OK, Standing.IN_REVIEW}:
            raise VendorNotOk(self.standing)
        business_class = finding.business_class or self.business_class
        problems = missing_proofs(finding.band, finding.proofs, self.profile, self.private, self.owners, business_class)
        if problems:
            raise VerificationRefused(problems)
        self.band = finding.band
        self.class_verified, self.class_verified_on = business_class, moment.today
        self.verified_fields = self.verified_fields | fields_made_fast(finding.band)
        self.verified_until = verification_ends_on(moment.today, self.vendor_id)
        # A finding does not shorten the cool-off of an account that was changed a moment ago.
        self.payout_ready = self.payout_held_until is None or moment.now >= self.payout_held_until
        if finding.tax_profile is not None:
            self.tax_profile = finding.tax_profile
        if self.milestones.verified_on is None:
            self.milestones = replace(self.milestones, verified_on=moment.today)
        self._record(VendorEvent.VERIFIED, moment, finding.note)

    def set_standing(self, wanted: Standing, moment: Moment, reason: str) -> bool:
        """Change the standing by the ways of domain.md 2.4; the same standing again changes nothing."""
        if wanted is self.standing:
            return False
        on_behalf = moment.actor.on_behalf_of == str(self.vendor_id)
        check_way(self.standing, wanted, OWNER if on_behalf else moment.actor.role)
        self.standing = wanted
        self._record(VendorEvent.STANDING_CHANGED, moment, reason)
        return True

    def point_to(self, survivor_id: UUID, moment: Moment, reason: str) -> None:
        """Live on in another record of the same business; the id stays and leads there."""
        self.standing, self.merged_into = Standing.MERGED, survivor_id
        self._record(VendorEvent.STANDING_CHANGED, moment, reason)

    def lead_to(self, survivor_id: UUID, moment: Moment) -> None:
        """Lead, as a merged record, to another survivor: the one before was merged itself, or is its own again."""
        self.merged_into = survivor_id
        self._record(VendorEvent.PROFILE_CHANGED, moment, "MERGED")

    def stand_alone(self, standing: Standing, moment: Moment, reason: str) -> None:
        """Be a business of its own again, with the standing it had before a merge."""
        self.standing, self.merged_into = standing, None
        self._record(VendorEvent.STANDING_CHANGED, moment, reason)

    def restrain(self, restraint: Restraint, moment: Moment, reason: str) -> bool:
        """Put the business under a sanction, or change the one it is under; say whether anything changed."""
        if self.standing is not Standing.SUSPENDED:
            check_way(self.standing, Standing.SUSPENDED, moment.actor.role)
        elif restraint == self.restraint:
            return False
        self.standing, self.restraint = Standing.SUSPENDED, restraint
        self._record(VendorEvent.STANDING_CHANGED, moment, reason)
        return True

    def release(self, standing: Standing, moment: Moment, reason: str) -> bool:
        """Let the business out of its sanction into another standing; say whether it was under one.

        One that was closed and reopened meanwhile only forgets it.
        """
        if self.standing is not Standing.SUSPENDED:
            was_under, self.restraint = self.restraint is not None, None
            if was_under:
                self._record(VendorEvent.PROFILE_CHANGED, moment, reason)
            return was_under
        check_way(self.standing, standing, moment.actor.role)
        self.standing, self.restraint = standing, None
        self._record(VendorEvent.STANDING_CHANGED, moment, reason)
        return True

    def set_conflict(self, conflict: bool, moment: Moment, reason: str) -> bool:
        """Note that a conflict of interest is open, or that none is; say whether anything changed."""
        if conflict is self.conflict_of_interest:
            return False
        self.conflict_of_interest = conflict
        self._record(VendorEvent.PROFILE_CHANGED, moment, reason)
        return True

    def set_producer(self, category_code: str, is_producer: bool, moment: Moment) -> bool:
        """Note what a visit found: that the business makes what it sells in a category, or trades it."""
        changed = self.producer_of | {category_code} if is_producer else self.producer_of - {category_code}
        if changed == self.producer_of:
            return False
        self.producer_of = changed
        self._record(VendorEvent.PROFILE_CHANGED, moment, "PRODUCER_VISIT")
        return True

    def mark_published(self, moment: Moment) -> bool:
        """Set the milestone at the first product on sale."""
        if self.milestones.published_on is not None:
            return False
        self.milestones = replace(self.milestones, published_on=moment.today)
        self._record(VendorEvent.PUBLISHED, moment)
        return True

    def mark_first_sale(self, moment: Moment, on: date) -> bool:
        """Set the milestone at the first signed BAST."""
        if self.milestones.first_sale_on is not None:
            return False
        self.milestones = replace(self.milestones, first_sale_on=on)
        self._record(VendorEvent.FIRST_SALE_MADE, moment)
        return True

    def change(
        self,
        moment: Moment,
        *,
        profile: Profile | None = None,
        private: PrivateDetails | None = None,
        owners: tuple[Owner, ...] | None = None,
        tax_profile: TaxProfile | None = None,
        changed: frozenset[str],
        reason: str = "",
        keep_verified: bool = True,
    ) -> None:
        """Replace what is known about the business; `changed` names the fields that differ.

        With `keep_verified`, fields that a verification made fast are refused. A changed bank account is the one
        exception: it is taken and holds the payout.
        """
        locked = sorted((changed & self.verified_fields) - BANK_FIELDS)
        if keep_verified and locked:
            raise VerifiedFieldLocked(locked)
        self.profile = profile or self.profile
        self.private = private or self.private
        self.owners = owners if owners is not None else self.owners
        self.tax_profile = tax_profile or self.tax_profile
        if changed & BANK_FIELDS:
            self.payout_ready = False
            self.verified_fields = self.verified_fields - BANK_FIELDS
            if self.milestones.verified_on is not None:
                self.payout_held_until = moment.now + PAYOUT_COOL_OFF
        self._derive_class(moment.today)
        self._record(VendorEvent.PROFILE_CHANGED, moment, reason)

    def release_payout(self, moment: Moment, reason: str) -> bool:
        """Pay to the changed bank account from now on; say whether the payout was held."""
        if self.payout_ready:
            return False
        self.payout_ready, self.payout_held_until = True, None
        self.verified_fields = self.verified_fields | BANK_FIELDS
        self._record(VendorEvent.PROFILE_CHANGED, moment, reason)
        return True

    def restart_grace(self, today: date) -> None:
        """Begin the grace of an ended verification anew: the office let its own deadline pass."""
        if self.verified_until is not None and self.verified_until < today:
            self.verified_until = today

    def join_group(self, group: UUID, moment: Moment) -> bool:
        """Enter another owner group because a strong link appeared."""
        if group == self.owner_group_id:
            return False
        self.owner_group_id = group
        self._record(VendorEvent.PROFILE_CHANGED, moment, "OWNER_GROUP")
        return True

    def rederive_class(self, moment: Moment) -> bool:
        """Derive the class by today's law and age of the business; say whether it is another one."""
        before = self.class_derived
        self._derive_class(moment.today)
        if self.class_derived is before:
            return False
        self._record(VendorEvent.PROFILE_CHANGED, moment, "CLASS_DERIVED")
        return True

    def _derive_class(self, today: date) -> None:
        self.class_derived = derive_class(
            capital_idr=self.profile.capital_idr,
            turnover_idr=self.profile.turnover_idr,
            start_year=self.profile.start_year,
            day=today,
        )

    def _record(self, event: VendorEvent, moment: Moment, reason: str = "") -> None:
        self.version += 1
        # A reason goes into events and is kept for ever; people write a NIK into it.
        reason = mask_numbers_in(reason) if reason else ""
        standing = None
        if event is VendorEvent.STANDING_CHANGED:
            standing, self.standing_since = self.standing.value, moment.today
        self.transitions.append(
            Transition(event, self.version, moment.actor, moment.now, reason, standing, moment.evidence_id)
        )

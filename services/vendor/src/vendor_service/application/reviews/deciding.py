"""Reviews that end: by an officer, by the department's head, or by the rule that a changed account needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from bela_kit.core.clock import Clock

from vendor_service.application.change_vendor import ChangeVendor, changed_values
from vendor_service.application.owner_groups import regroup
from vendor_service.application.ports import UnitOfWork
from vendor_service.application.reviews.opening import requested_review, watch
from vendor_service.application.reviews.system import system_moment
from vendor_service.application.sanctions.settle import settle
from vendor_service.domain.errors import SelfVerification
from vendor_service.domain.profile import Band
from vendor_service.domain.reviews.calendar import WorkingWeek
from vendor_service.domain.reviews.errors import HeadDecides, ReviewNeedsFinding
from vendor_service.domain.reviews.periods import REVIEW_WORKING_DAYS
from vendor_service.domain.reviews.refusals import RefusalCode
from vendor_service.domain.reviews.review import BY_FINDING, Review, ReviewKind
from vendor_service.domain.standing import KOPERINDAG, Standing
from vendor_service.domain.vendor import BANK_FIELDS, Moment, Vendor
from vendor_service.domain.verification import holder_fits


@dataclass(frozen=True, slots=True)
class RefuseReview:
    """An officer's no."""

    review_id: UUID
    codes: Sequence[RefusalCode]
    note: str
    moment: Moment


async def pass_review(
    review_id: UUID, note: str, moment: Moment, *, uow: UnitOfWork, week: WorkingWeek, clock: Clock
) -> Review:
    """Say yes: pay to the new account, take the proposed identity over, or let the business sell again.

    Raises:
        ReviewNeedsFinding: It is about a band, which needs an officer's finding.
        ReviewCoolingOff: A changed account is not a day old.
        HeadDecides: The department's time has passed.
        SelfVerification: The officer belongs to the business, or to the family of its owner.
    """
    review, vendor = await _locked(review_id, uow)
    if review.kind in BY_FINDING:
        raise ReviewNeedsFinding
    await refuse_relatives(vendor, moment, uow=uow)
    if review.kind is not ReviewKind.BANK:
        refuse_late(vendor, moment, week)
    await uow.evidence.attach([moment.evidence_id], vendor.vendor_id, review.kind)
    review.pass_(moment, note)
    await uow.reviews.save(review)
    if review.kind is ReviewKind.BANK:
        vendor.release_payout(moment, "HOLDER_CHECKED")
        await uow.vendors.save([vendor])
    elif review.kind is ReviewKind.IDENTITY:
        await _take_over(review, vendor, moment, uow)
        await _back_to_ok(vendor, moment, "IDENTITY_CHECKED", uow, clock)
    else:
        await _back_to_ok(vendor, moment, "REVIEW_PASSED", uow, clock)
    await uow.care.notify(vendor.vendor_id, "REVIEW_PASSED", {"kind": review.kind.value}, moment.now)
    return review


async def refuse_review(command: RefuseReview, *, uow: UnitOfWork, week: WorkingWeek, clock: Clock) -> Review:
    """Say no, with reasons that the seller is shown; no milestone is set or cleared, and asking again is free.

    A proposed identity is dropped and the business sells on as it was; a business that does not exist or may not sell
    is closed; a changed account stays unpaid until another one is given.
    """
    review, vendor = await _locked(command.review_id, uow)
    moment = command.moment
    await refuse_relatives(vendor, moment, uow=uow)
    if review.kind in {ReviewKind.STANDING, ReviewKind.IDENTITY}:
        refuse_late(vendor, moment, week)
    await uow.evidence.attach([moment.evidence_id], vendor.vendor_id, review.kind)
    review.refuse(moment, command.codes, command.note)
    await uow.reviews.save(review)
    if review.kind is ReviewKind.IDENTITY:
        await _back_to_ok(vendor, moment, "IDENTITY_REFUSED", uow, clock)
    elif review.kind is ReviewKind.STANDING and vendor.standing is Standing.IN_REVIEW:
        vendor.set_standing(Standing.CLOSED, moment, "+".join(command.codes))
        await uow.vendors.save([vendor])
    about = {"kind": review.kind.value, "codes": [code.value for code in review.refusal_codes]}
    await uow.care.notify(vendor.vendor_id, "REVIEW_REFUSED", about, moment.now)
    return review


async def refuse_verification(
    vendor_id: UUID, band: Band, codes: Sequence[RefusalCode], note: str, moment: Moment, *, uow: UnitOfWork
) -> Review:
    """Refuse a business that asked for a band, or that an officer went to see unasked; the reasons are kept.

    Raises:
        SelfVerification: The officer belongs to the business, or to the family of its owner.
        NoteMissing: `OTHER` without a word.
    """
    vendor = await uow.vendors.get(vendor_id)
    await refuse_relatives(vendor, moment, uow=uow)
    await uow.evidence.attach([moment.evidence_id], vendor_id, ReviewKind.VERIFICATION)
    review = await requested_review(vendor, band, moment, uow=uow)
    review.refuse(moment, codes, note)
    await uow.reviews.save(review)
    about = {"kind": review.kind.value, "band": band.value, "codes": [code.value for code in review.refusal_codes]}
    await uow.care.notify(vendor_id, "REVIEW_REFUSED", about, moment.now)
    return review


async def withdraw_review(review_id: UUID, vendor_id: UUID, moment: Moment, *, uow: UnitOfWork) -> Review:
    """Take a request for a band back; what the service itself opened stays."""
    review = await uow.reviews.get(review_id)
    if review.vendor_id != vendor_id or review.kind not in BY_FINDING:
        raise ReviewNeedsFinding
    review.withdraw(moment)
    await uow.reviews.save(review)
    return review


async def close_after_finding(vendor: Vendor, moment: Moment, *, uow: UnitOfWork, clock: Clock) -> None:
    """End what a verification answers: requests for bands, and a review for nothing but an overdue renewal."""
    open_reviews = await uow.reviews.open_of(vendor.vendor_id)
    for kind, review in open_reviews.items():
        overdue = kind is ReviewKind.STANDING and review.reason == "RENEWAL_OVERDUE"
        if kind in BY_FINDING or overdue:
            review.pass_(moment)
            await uow.reviews.save(review)
        if overdue:
            await _back_to_ok(vendor, moment, "RENEWED", uow, clock)
    await watch(uow, moment)


async def release_payout(vendor_id: UUID, *, uow: UnitOfWork, clock: Clock) -> None:
    """Release a payout after the cool-off if the account's holder is, by name, the owner; else an officer decides.

    An officer's verification in the meantime has seen the account and counts as the check of its holder.
    """
    moment = system_moment(uow.tenant, clock)
    vendor = (await uow.vendors.many([vendor_id])).get(vendor_id)
    if vendor is None or vendor.payout_ready or vendor.payout_held_until is None:
        return
    if moment.now < vendor.payout_held_until:
        return
    was_seen = vendor.verified_fields >= BANK_FIELDS
    if not was_seen and not holder_fits(vendor.profile, vendor.private, vendor.owners):
        await uow.care.notify(vendor_id, "ACCOUNT_HOLDER_DIFFERS", {}, moment.now)
        return
    review = (await uow.reviews.open_of(vendor_id)).get(ReviewKind.BANK)
    if review is not None:
        review.pass_(moment)
        await uow.reviews.save(review)
    vendor.release_payout(moment, "COOL_OFF_ENDED")
    await uow.vendors.save([vendor])
    await uow.care.notify(vendor_id, "PAYOUT_RELEASED", {}, moment.now)


async def refuse_relatives(vendor: Vendor, moment: Moment, *, uow: UnitOfWork) -> None:
    """Refuse an officer who belongs to the business, or to the family of its owner as far as the register knows."""
    principal = moment.actor.principal
    own = principal in {*vendor.member_principals, vendor.applicant}
    if own or await uow.care.is_related(principal, vendor):
        raise SelfVerification


def refuse_late(vendor: Vendor, moment: Moment, week: WorkingWeek) -> None:
    """Refuse an officer after the department's ten working days; the five after that are the head's."""
    if vendor.standing is not Standing.IN_REVIEW or vendor.standing_since is None:
        return
    if moment.actor.role == KOPERINDAG and moment.today > week.later(vendor.standing_since, REVIEW_WORKING_DAYS):
        raise HeadDecides


async def _locked(review_id: UUID, uow: UnitOfWork) -> tuple[Review, Vendor]:
    """Return a review and its business, locked in the sequence that everybody keeps: register, business, review."""
    seen = await uow.reviews.peek(review_id)
    if seen.kind is ReviewKind.IDENTITY:
        # A NIK that is taken over may join owner groups.
        await uow.vendors.lock_register()
    vendor = await uow.vendors.get(seen.vendor_id)
    return await uow.reviews.get(review_id), vendor


async def _take_over(review: Review, vendor: Vendor, moment: Moment, uow: UnitOfWork) -> None:
    """Put the proposed names and numbers in the place of the old ones."""
    was = vendor.owners
    before = await uow.links.neighbours([vendor])
    changed = await changed_values(ChangeVendor(vendor.vendor_id, review.proposed, moment), vendor, uow=uow)
    vendor.change(
        moment,
        profile=changed.profile,
        private=changed.private,
        owners=changed.owners,
        changed=changed.names,
        reason="IDENTITY_CHECKED",
        keep_verified=False,
    )
    await regroup([vendor], moment, uow=uow, also=before)
    if was and was[0].owner_id != vendor.owners[0].owner_id:
        await uow.links.forget_owner(was[0].owner_id)


async def _back_to_ok(vendor: Vendor, moment: Moment, reason: str, uow: UnitOfWork, clock: Clock) -> None:
    if vendor.standing is not Standing.IN_REVIEW:
        return
    vendor.set_standing(Standing.OK, moment, reason)
    await uow.vendors.save([vendor])
    await settle(vendor, moment, uow=uow, clock=clock)

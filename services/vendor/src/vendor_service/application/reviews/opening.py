"""Reviews that begin: asked for by the seller, or because something changed that must not pass unseen."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from bela_kit.core.ids import new_id

from vendor_service.application.ports import UnitOfWork
from vendor_service.application.reviews.system import by_system
from vendor_service.domain.errors import VendorNotOk
from vendor_service.domain.profile import Band
from vendor_service.domain.reviews.errors import DataMissing, NothingProposed
from vendor_service.domain.reviews.review import HOLDS_ORDERS, Review, ReviewKind
from vendor_service.domain.standing import Standing
from vendor_service.domain.vendor import BANK_FIELDS, Moment, Vendor
from vendor_service.domain.verification import missing_data

RELEASE_PAYOUT = "release_payout"
SWEEP = "sweep_onboarding"
_PAPERS = {"nib": "NIB_ADDED", "npwp": "NPWP_ADDED"}


@dataclass(frozen=True, slots=True)
class RequestVerification:
    """A seller asks to be verified in a band."""

    vendor_id: UUID
    band: Band
    evidence_ids: tuple[UUID, ...]
    moment: Moment


@dataclass(frozen=True, slots=True)
class ProposeIdentity:
    """A new name of the business or its owner, or a new NIK; nothing changes until an officer has looked.

    Attributes:
        values: `name`, `owner_name` and `nik` as they are to be.
    """

    vendor_id: UUID
    values: dict[str, Any]
    reason: str
    evidence_ids: tuple[UUID, ...]
    moment: Moment


async def request_verification(command: RequestVerification, *, uow: UnitOfWork) -> Review:
    """Put a business into the officers' queue; asking again while it waits gives the same review.

    Raises:
        VendorNotOk: It is closed, merged or under a sanction.
        DataMissing: What the band is proven by is not filled in yet.
    """
    vendor = await uow.vendors.get(command.vendor_id)
    if vendor.standing in {Standing.CLOSED, Standing.MERGED, Standing.SUSPENDED}:
        raise VendorNotOk(vendor.standing)
    missing = missing_data(command.band, vendor.profile, vendor.private, vendor.owners, vendor.business_class)
    if missing:
        raise DataMissing(missing)
    await uow.evidence.attach(command.evidence_ids, vendor.vendor_id, ReviewKind.VERIFICATION)
    review = await requested_review(vendor, command.band, command.moment, uow=uow)
    if command.evidence_ids and not set(command.evidence_ids) <= set(review.evidence_ids):
        review.evidence_ids = tuple(dict.fromkeys((*review.evidence_ids, *command.evidence_ids)))
        await uow.reviews.save(review)
    return review


async def requested_review(vendor: Vendor, band: Band, moment: Moment, *, uow: UnitOfWork) -> Review:
    """Return the open review that a band is asked for in: a first verification, a higher band, or the same again."""
    if vendor.band is None:
        kind = ReviewKind.VERIFICATION
    else:
        kind = ReviewKind.UPGRADE if band > vendor.band else ReviewKind.RENEWAL
    return await _open(vendor, kind, "REQUESTED", moment, uow, band=band)


async def propose_identity(command: ProposeIdentity, *, uow: UnitOfWork) -> Review:
    """Ask for another name or NIK of a verified business: new orders are held until an officer has looked.

    The proposal waits beside the business. If nobody decides in time, the business goes back to `ok` as it was: a
    lapse never puts an unchecked NIK in the place of a checked one.

    Raises:
        NothingProposed: The values are those recorded already.
        VendorNotOk: The business is not `ok`.
    """
    vendor = await uow.vendors.get(command.vendor_id)
    if vendor.standing is not Standing.OK:
        raise VendorNotOk(vendor.standing)
    owner = vendor.owners[0] if vendor.owners else None
    now_known = {"name": vendor.profile.name}
    if owner is not None:
        now_known |= {"owner_name": owner.name, "nik": owner.nik or ""}
    proposed = {name: value for name, value in command.values.items() if value and value != now_known.get(name)}
    if not proposed:
        raise NothingProposed
    await uow.evidence.attach(command.evidence_ids, vendor.vendor_id, ReviewKind.IDENTITY)
    review = await _open(
        vendor, ReviewKind.IDENTITY, command.reason, command.moment, uow, evidence=command.evidence_ids, values=proposed
    )
    evidence = command.evidence_ids[0] if command.evidence_ids else None
    act = by_system(command.moment.now, command.moment.today)
    vendor.set_standing(
        Standing.IN_REVIEW, Moment(act.actor, act.now, act.today, evidence_id=evidence), "IDENTITY_CHANGE"
    )
    await uow.vendors.save([vendor])
    await watch(uow, command.moment)
    return review


async def review_standing(vendor: Vendor, reason: str, moment: Moment, *, uow: UnitOfWork) -> None:
    """Have somebody look at a business that came into review, and end the look at one that left it."""
    await uow.evidence.attach([moment.evidence_id], vendor.vendor_id, "standing")
    open_reviews = await uow.reviews.open_of(vendor.vendor_id)
    holding = [review for kind, review in open_reviews.items() if kind in HOLDS_ORDERS]
    if vendor.standing is Standing.IN_REVIEW:
        if not holding:
            await _open(vendor, ReviewKind.STANDING, reason, moment, uow)
    else:
        # Whoever has closed asks for no band any more; what is still to be paid waits for its account all the same.
        is_gone = vendor.standing in {Standing.CLOSED, Standing.MERGED}
        ended = [one for kind, one in open_reviews.items() if kind is not ReviewKind.BANK] if is_gone else holding
        for review in ended:
            review.withdraw(moment, reason)
            await uow.reviews.save(review)
    await watch(uow, moment)


async def watch(uow: UnitOfWork, moment: Moment) -> None:
    """Have the region looked through once a day from now on."""
    await uow.jobs.ensure(SWEEP, "all", moment.now + timedelta(days=1))


async def open_renewal(vendor: Vendor, due_on: date, moment: Moment, *, uow: UnitOfWork) -> Review:
    """Put a business whose verification ran out into the queue; it goes on selling until the day it is due."""
    return await _open(vendor, ReviewKind.RENEWAL, "VERIFICATION_ENDED", moment, uow, band=vendor.band, due_on=due_on)


async def _open(
    vendor: Vendor,
    kind: ReviewKind,
    reason: str,
    moment: Moment,
    uow: UnitOfWork,
    *,
    band: Band | None = None,
    evidence: tuple[UUID, ...] = (),
    values: dict[str, Any] | None = None,
    due_on: date | None = None,
) -> Review:
    own = (moment.evidence_id,) if moment.evidence_id is not None else ()
    review = Review(
        tenant=vendor.tenant,
        review_id=new_id(),
        vendor_id=vendor.vendor_id,
        kind=kind,
        reason=reason,
        opened_by=moment.actor,
        opened_at=moment.now,
        band=band,
        evidence_ids=(*evidence, *own),
        proposed=values or {},
        not_before=vendor.payout_held_until if kind is ReviewKind.BANK else None,
        due_on=due_on,
    )
    return await uow.reviews.add(review)


async def open_after_change(
    vendor: Vendor, changed: frozenset[str], added: frozenset[str], moment: Moment, *, uow: UnitOfWork
) -> None:
    """Open what a change of a verified business calls for; it goes on selling meanwhile.

    Args:
        vendor: The business as it is now.
        changed: Names of the fields that differ.
        added: Those of them that were empty before.
        moment: Who changed it.
        uow: The open transaction.
    """
    if vendor.milestones.verified_on is None:
        return
    if changed & BANK_FIELDS and vendor.payout_held_until is not None:
        open_reviews = await uow.reviews.open_of(vendor.vendor_id)
        if ReviewKind.BANK in open_reviews:
            # Changed again: the cool-off begins anew, and what was found about the account before says nothing.
            open_reviews[ReviewKind.BANK].withdraw(moment)
            await uow.reviews.save(open_reviews[ReviewKind.BANK])
        await _open(vendor, ReviewKind.BANK, "ACCOUNT_CHANGED", moment, uow)
        await uow.jobs.schedule(RELEASE_PAYOUT, str(vendor.vendor_id), vendor.payout_held_until)
    papers = [code for name, code in _PAPERS.items() if name in added]
    if papers and vendor.band is not Band.C:
        higher = Band.C if "NPWP_ADDED" in papers and vendor.band is Band.B else Band.B
        await _open(vendor, ReviewKind.UPGRADE, "+".join(papers), moment, uow, band=higher)

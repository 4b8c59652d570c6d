"""Say how far a business is from INAPROC and what its seller does next, from the register's own data."""

from dataclasses import dataclass
from uuid import UUID

from vendor_service.application.ports import UnitOfWork
from vendor_service.domain.errors import VendorNotFound
from vendor_service.domain.profile import Band
from vendor_service.domain.readiness.checklist import Held, Item, checklist
from vendor_service.domain.readiness.inaproc import Facts, Readiness, facts_of, readiness_of
from vendor_service.domain.readiness.papers import Paper, PaperInvalid
from vendor_service.domain.vendor import Moment, Vendor

PURPOSE = "inaproc_paper"
"""What evidence files of papers are for."""


@dataclass(frozen=True, slots=True)
class Guide:
    """A checklist with the band it is for, and the band that the business has."""

    band: Band | None
    target: Band
    items: list[Item]


async def assess_readiness(vendor_id: UUID, moment: Moment, *, uow: UnitOfWork) -> Readiness:
    """Return the five points of a business."""
    _, facts = await _facts(vendor_id, moment, uow)
    return readiness_of(facts)


async def guide_seller(vendor_id: UUID, target: Band | None, moment: Moment, *, uow: UnitOfWork) -> Guide:
    """Return what a seller does next; by default for the band it has, so that nobody is asked for more than needed."""
    vendor, facts = await _facts(vendor_id, moment, uow)
    wanted = target or vendor.band or Band.A
    return Guide(vendor.band, wanted, checklist(facts, _held(vendor), wanted))


async def record_paper(vendor_id: UUID, paper: Paper, moment: Moment, *, uow: UnitOfWork) -> Paper:
    """Note a paper that an officer has seen.

    Raises:
        PaperInvalid: It is dated after today.
        EvidenceUnknown: Its file is not there or belongs to another business.
    """
    if paper.issued_on > moment.today:
        raise PaperInvalid
    await uow.vendors.get(vendor_id)
    await uow.evidence.attach([paper.evidence_id], vendor_id, PURPOSE)
    await uow.readiness.put_paper(vendor_id, paper, moment)
    return paper


async def _facts(vendor_id: UUID, moment: Moment, uow: UnitOfWork) -> tuple[Vendor, Facts]:
    vendor = (await uow.vendors.peek([vendor_id])).get(vendor_id)
    if vendor is None:
        raise VendorNotFound
    papers = await uow.readiness.papers(vendor_id)
    blacklisted = await uow.readiness.blacklisted(vendor_id, moment.today)
    codes = [code for _, code in await uow.identity.kbli_of(vendor_id)]
    return vendor, facts_of(vendor, codes, papers, blacklisted=blacklisted)


def _held(vendor: Vendor) -> Held:
    private = vendor.private
    present = {
        "nik": any(owner.nik for owner in vendor.owners),
        "phone": private.phone is not None,
        "bank": private.account_number is not None,
        "nib": private.nib is not None,
        "npwp": private.npwp is not None,
    }
    checked = {"account_number" if name == "bank" else name: name for name in present}
    return Held(
        present=frozenset(name for name, there in present.items() if there),
        checked=frozenset(name for field, name in checked.items() if field in vendor.verified_fields),
    )

"""Take visits from a phone: as many as it kept while it was offline, each with a verdict of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from bela_kit.core.errors import FieldError

from vendor_service.application.ports import UnitOfWork
from vendor_service.domain.evidence.evidence import Evidence
from vendor_service.domain.vendor import Moment
from vendor_service.domain.visits.visit import FieldVisit, faults_of, photo_faults

PURPOSE = "field_visit"
"""What evidence files of visits are for."""


@dataclass(frozen=True, slots=True)
class VisitVerdict:
    """What became of one visit: recorded, known (sent before) or refused with reason and fields."""

    visit_id: UUID
    verdict: str
    reason: str | None = None
    fields: tuple[FieldError, ...] = ()


async def record_visits(visits: Sequence[FieldVisit], moment: Moment, *, uow: UnitOfWork) -> list[VisitVerdict]:
    """Record visits, however many by the same few statements; one that is wrong does not hold up the others.

    An id that is there already is `known` if the visit is the same; another visit under it is refused, and so is an id
    that another officer used.
    """
    sent = [one.cleaned() for one in visits]
    first = {one.visit_id: one for one in reversed(sent)}
    known = await uow.visits.many(sorted(first))
    fresh = [one for one in first.values() if one.visit_id not in known]
    # Under lock, so that the purge cannot remove a photo while a visit comes to rest on it.
    files = await uow.evidence.lock(sorted({photo for one in fresh for photo in one.photo_ids}))
    businesses = await uow.visits.businesses(sorted({one.vendor_id for one in fresh}))
    refused = {one.visit_id: _refusal(one, moment, businesses, files) for one in fresh}
    good = [one for one in fresh if refused[one.visit_id] is None]
    recorded = await uow.visits.add(good, moment)
    await _attach([one for one in good if one.visit_id in recorded], files, uow)
    # Somebody may have sent the same visit a moment ago.
    known |= await uow.visits.many([one.visit_id for one in good if one.visit_id not in recorded])
    verdicts = []
    for one in sent:
        refusal = refused.get(one.visit_id)
        if one is first[one.visit_id] and refusal is not None:
            verdicts.append(refusal)
        elif one is first[one.visit_id] and one.visit_id in recorded:
            verdicts.append(VisitVerdict(one.visit_id, "recorded"))
        else:
            verdicts.append(_repeated(one, known.get(one.visit_id, first[one.visit_id])))
    return verdicts


def _refusal(
    visit: FieldVisit, moment: Moment, businesses: frozenset[UUID], files: Mapping[UUID, Evidence]
) -> VisitVerdict | None:
    if visit.vendor_id not in businesses:
        return VisitVerdict(visit.visit_id, "refused", "VENDOR_NOT_FOUND")
    faults = (*faults_of(visit, moment.now), *photo_faults(visit, files))
    return VisitVerdict(visit.visit_id, "refused", "VISIT_INVALID", faults) if faults else None


def _repeated(visit: FieldVisit, before: FieldVisit) -> VisitVerdict:
    if visit == before:
        return VisitVerdict(visit.visit_id, "known")
    return VisitVerdict(visit.visit_id, "refused", "VISIT_ID_USED")


async def _attach(visits: Sequence[FieldVisit], files: Mapping[UUID, Evidence], uow: UnitOfWork) -> None:
    touched = {photo: files[photo] for one in visits for photo in one.photo_ids}
    for one in visits:
        for photo in one.photo_ids:
            files[photo].attach(one.vendor_id, PURPOSE)
    await uow.evidence.save(list(touched.values()))

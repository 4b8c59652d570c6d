"""Visits that find whether a business makes what it sells (domain.md 10.7): the guard against borrowed names.

The flag is per category; a visit that finds a trader takes it away again. Every visit stays on record.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bela_kit.core.ids import new_id

from vendor_service.application.ports import UnitOfWork
from vendor_service.application.sanctions.ports import ProducerVisit
from vendor_service.domain.errors import SelfVerification
from vendor_service.domain.sanctions.errors import VisitInvalid
from vendor_service.domain.vendor import Moment, Vendor


@dataclass(frozen=True, slots=True)
class RecordProducerVisit:
    """What an officer saw on the spot.

    Attributes:
        photo_ids: Uploaded evidence; at least one photo.
        capacity_per_day: What can really be made in a day, in `capacity_unit`.
    """

    vendor_id: UUID
    category_code: str
    visited_on: date
    place: str
    photo_ids: tuple[UUID, ...]
    is_producer: bool
    moment: Moment
    capacity_per_day: int | None = None
    capacity_unit: str | None = None
    note: str = ""


async def record_producer_visit(command: RecordProducerVisit, *, uow: UnitOfWork) -> tuple[ProducerVisit, Vendor]:
    """Store a visit and set or take the flag; never of one's own business.

    Raises:
        SelfVerification: The officer belongs to the business.
        VisitInvalid: The visit lies in the future, has no photo, or finds a producer without a capacity.
    """
    moment = command.moment
    vendor = await uow.vendors.get(command.vendor_id)
    if moment.actor.principal in {*vendor.member_principals, vendor.applicant}:
        raise SelfVerification
    if command.visited_on > moment.today:
        raise VisitInvalid("visited_on", "Kunjungan belum terjadi.")
    if command.is_producer and not command.capacity_per_day:
        raise VisitInvalid("capacity_per_day", "Kapasitas produksi per hari wajib dicatat.")
    await uow.evidence.attach(command.photo_ids, vendor.vendor_id, "producer_visit")
    visit = ProducerVisit(
        visit_id=new_id(),
        vendor_id=vendor.vendor_id,
        category_code=command.category_code,
        visited_on=command.visited_on,
        place=command.place,
        photo_ids=command.photo_ids,
        capacity_per_day=command.capacity_per_day,
        capacity_unit=command.capacity_unit,
        is_producer=command.is_producer,
        note=command.note,
        officer=moment.actor.principal,
        recorded_at=moment.now,
    )
    await uow.producers.add(visit)
    if vendor.set_producer(command.category_code, command.is_producer, moment):
        await uow.vendors.save([vendor])
    return visit, vendor

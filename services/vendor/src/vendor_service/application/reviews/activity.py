"""Pauses, returns and silence: how a seller sleeps and wakes (domain.md 2.4)."""

from datetime import date, timedelta
from uuid import UUID

from bela_kit.core.clock import Clock

from vendor_service.application.ports import UnitOfWork
from vendor_service.application.reviews.opening import watch
from vendor_service.application.sanctions.settle import settle
from vendor_service.domain.reviews.periods import LAPSE_WINDOW_DAYS, LAPSES_ALLOWED
from vendor_service.domain.standing import Standing
from vendor_service.domain.vendor import Moment, Vendor

PAUSED = "LIBUR"
RESUMED = "SAYA_AKTIF"
UNANSWERED = "TWO_LAPSES_IN_90_DAYS"


async def pause(vendor_id: UUID, moment: Moment, *, uow: UnitOfWork) -> Vendor:
    """Let the seller rest ("libur"): no new orders until they say that they are active again."""
    vendor = await uow.vendors.get(vendor_id)
    if vendor.set_standing(Standing.DORMANT, moment, PAUSED):
        await uow.vendors.save([vendor])
        await uow.care.seen(vendor_id, moment.today)
        await watch(uow, moment)
    return vendor


async def resume(vendor_id: UUID, moment: Moment, *, uow: UnitOfWork, clock: Clock) -> Vendor:
    """Bring the seller back ("saya aktif"), however they fell asleep; lapses still count in the score of orders."""
    vendor = await uow.vendors.get(vendor_id)
    if vendor.set_standing(Standing.OK, moment, RESUMED):
        await uow.vendors.save([vendor])
        await settle(vendor, moment, uow=uow, clock=clock)
    await uow.care.seen(vendor_id, moment.today)
    return vendor


async def on_order_unanswered(vendor_id: UUID, order_id: UUID, on: date, moment: Moment, *, uow: UnitOfWork) -> None:
    """Note an order whose signed letter the seller did not answer; the second in 90 days puts them to sleep."""
    vendor = (await uow.vendors.many([vendor_id])).get(vendor_id)
    if vendor is None or not await uow.care.add_lapse(vendor_id, order_id, on):
        return
    count = await uow.care.lapses_since(vendor_id, on - timedelta(days=LAPSE_WINDOW_DAYS - 1))
    if count > LAPSES_ALLOWED and vendor.standing is Standing.OK:
        vendor.set_standing(Standing.DORMANT, moment, UNANSWERED)
        await uow.vendors.save([vendor])
        await uow.care.notify(vendor_id, UNANSWERED, {"lapses": count}, moment.now)
        await watch(uow, moment)

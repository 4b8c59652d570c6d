"""What follows here from what happened in other services. Each may run twice and derives from state, not sequence."""

from datetime import date
from uuid import UUID

from vendor_service.application.ports import UnitOfWork
from vendor_service.domain.vendor import Moment


async def on_product_published(vendor_id: UUID, moment: Moment, *, uow: UnitOfWork) -> None:
    """Set the milestone of the first product on sale; a business of another region is not ours to mark."""
    found = (await uow.vendors.many([vendor_id])).get(vendor_id)
    if found is not None and found.mark_published(moment):
        await uow.vendors.save([found])


async def on_order_handed_over(vendor_id: UUID, on: date, moment: Moment, *, uow: UnitOfWork) -> None:
    """Set the milestone of the first signed BAST."""
    found = (await uow.vendors.many([vendor_id])).get(vendor_id)
    if found is None:
        return
    await uow.care.seen(vendor_id, on)
    if found.mark_first_sale(moment, on):
        await uow.vendors.save([found])

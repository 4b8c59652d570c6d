"""Keep businesses that share a strong link in one group, whenever a link appears (domain.md 2.4)."""

from vendor_service.application.ports import UnitOfWork
from vendor_service.domain.vendor import Moment, Vendor


async def join_linked(vendor: Vendor, moment: Moment, *, uow: UnitOfWork) -> None:
    """Put a business and everything it is linked with into one group, and store what changed."""
    others = await uow.vendors.linked(vendor)
    if others:
        # The smallest name wins, so that the same links give the same group in any sequence.
        group = min((one.owner_group_id for one in [vendor, *others]), key=lambda name: name.int)
        for one in [vendor, *others]:
            one.join_group(group, moment)
    await uow.vendors.save([vendor, *others])

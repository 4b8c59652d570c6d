"""Keep businesses that share a strong link in one group, whenever a link appears or goes (domain.md 2.4)."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from vendor_service.application.ports import UnitOfWork
from vendor_service.application.sanctions.ports import LinkDecision
from vendor_service.domain.owner_groups import groups_of
from vendor_service.domain.sanctions.errors import LinkInvalid
from vendor_service.domain.vendor import Moment, Vendor


async def regroup(vendors: Sequence[Vendor], moment: Moment, *, uow: UnitOfWork, also: Iterable[UUID] = ()) -> None:
    """Store businesses and work out anew the groups of everything linked with them, now or before.

    Whoever changes a link should hold the lock of the register, or two changes at once may each miss the other's. With
    `also` comes what was linked with them before the change, beside what was in their groups.
    """
    await uow.vendors.save(vendors)
    known = {vendor.vendor_id: vendor for vendor in vendors}
    found = {*also, *await uow.links.neighbours(vendors)}
    seen = set(known)
    while fresh := found - seen:
        seen |= fresh
        loaded = await uow.vendors.many(fresh)
        known |= loaded
        found |= await uow.links.neighbours(list(loaded.values()))
    groups = groups_of(list(known.values()), await uow.links.confirmed(known))
    moved = [vendor for vendor in known.values() if vendor.join_group(groups[vendor.vendor_id], moment)]
    await uow.vendors.save(moved)


async def decide_link(decision: LinkDecision, *, uow: UnitOfWork) -> None:
    """Confirm or reject that two businesses belong together, and group them so."""
    await uow.vendors.lock_register()
    known = await uow.vendors.many(decision.pair)
    if len(known) != 2:
        raise LinkInvalid
    await uow.links.decide(decision)
    await regroup(list(known.values()), decision.moment, uow=uow)

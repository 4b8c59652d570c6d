"""Bring businesses in line with the lists: conflicts of interest, and entries of the national Daftar Hitam.

Derived from state, whatever changed: called for one business when its people or numbers change and before it is
verified, and by a job for the whole region after a list or an import. Numbers are compared as keyed hashes under every
key that is still known, so a list outlives a rotation of keys until the old key is given up; then it is uploaded again.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from uuid import UUID

from bela_kit.core.actor import Actor
from bela_kit.core.clock import Clock
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId

from vendor_service.application.ports import Transactions, UnitOfWork
from vendor_service.application.sanctions.settle import settle
from vendor_service.application.screening.ports import Entry, Matches
from vendor_service.domain.sanctions.sanction import NOT_LISTED, Sanction, SanctionState, Scope
from vendor_service.domain.screening.conflict import settled
from vendor_service.domain.vendor import Moment, Vendor

SCREEN = "screen_register"
SCREEN_ONE = "screen_business"
_AT_ONCE = 500
_SYSTEM = Actor("svc:vendor", "system")


async def screen(vendors: Sequence[Vendor], moment: Moment, *, uow: UnitOfWork, clock: Clock) -> None:
    """Compare businesses with the lists and store what follows; businesses are saved if anything does."""
    by = replace(moment, actor=_SYSTEM)
    found = await uow.screening.matches(vendors)
    known = await uow.screening.conflicts(vendor.vendor_id for vendor in vendors)
    sanctions = await uow.sanctions.of_vendors(vendor.vendor_id for vendor in vendors)
    for vendor in vendors:
        matches = found.get(vendor.vendor_id, Matches())
        conflicts, changed = settled(vendor.vendor_id, known.get(vendor.vendor_id, []), matches.conflicts, moment.today)
        await uow.screening.save_conflicts(changed)
        if vendor.set_conflict(any(one.blocks for one in conflicts), by, "EMPLOYEE_LIST"):
            await uow.vendors.save([vendor])
        touched = _national(vendor, matches.entries, sanctions.get(vendor.vendor_id, []), by)
        if touched:
            await uow.sanctions.save(touched)
            await settle(vendor, by, uow=uow, clock=clock)


async def screen_register(tenant: TenantId, *, transactions: Transactions, clock: Clock) -> None:
    """Screen every business of a region, some hundred a transaction."""
    after = None
    while True:
        async with transactions(tenant) as uow:
            ids = await uow.screening.vendor_ids(after, _AT_ONCE) if await uow.screening.is_needed() else []
            if not ids:
                return
            after = ids[-1]
            looked_at = await uow.vendors.peek(ids)
            concerned = (await uow.screening.matches(list(looked_at.values()))).keys() | await uow.screening.marked()
            # Only those that may change are locked.
            vendors = await uow.vendors.many(concerned & looked_at.keys())
            moment = Moment(_SYSTEM, clock.now(tenant), clock.today(tenant))
            await screen(list(vendors.values()), moment, uow=uow, clock=clock)


async def screen_one(tenant: TenantId, vendor_id: UUID, *, transactions: Transactions, clock: Clock) -> None:
    """Screen one business, because its people or numbers have changed or a release has ended."""
    async with transactions(tenant) as uow:
        vendors = list((await uow.vendors.many([vendor_id])).values())
        await screen(vendors, Moment(_SYSTEM, clock.now(tenant), clock.today(tenant)), uow=uow, clock=clock)


async def find_conflicts(vendor: Vendor, moment: Moment, *, uow: UnitOfWork) -> None:
    """Set the mark of a business as the lists say at this moment, before it is verified; nothing is saved here."""
    matches = (await uow.screening.matches([vendor])).get(vendor.vendor_id, Matches())
    known = (await uow.screening.conflicts([vendor.vendor_id])).get(vendor.vendor_id, [])
    conflicts, _ = settled(vendor.vendor_id, known, matches.conflicts, moment.today)
    vendor.set_conflict(
        vendor.conflict_of_interest or any(one.blocks for one in conflicts),
        replace(moment, actor=_SYSTEM),
        "EMPLOYEE_LIST",
    )


async def screen_soon(vendor_id: UUID, moment: Moment, *, uow: UnitOfWork) -> None:
    """Have a business screened after this transaction, if there is anything to compare it with."""
    if await uow.screening.is_needed():
        await uow.jobs.schedule(SCREEN_ONE, str(vendor_id), moment.now)


async def look_again(vendor: Vendor, moment: Moment, *, uow: UnitOfWork, clock: Clock) -> None:
    """Have a business screened again when the release that ends first has ended."""
    known = (await uow.screening.conflicts([vendor.vendor_id])).get(vendor.vendor_id, [])
    days = [one.released_until for one in known if one.released_until is not None]
    ends = [day for day in days if day >= moment.today]
    if ends:
        at = datetime.combine(min(ends) + timedelta(days=1), time.min, tzinfo=clock.zone(uow.tenant))
        await uow.jobs.schedule(SCREEN_ONE, str(vendor.vendor_id), at)


def _national(vendor: Vendor, entries: Sequence[Entry], known: list[Sanction], moment: Moment) -> list[Sanction]:
    touched = []
    by_key = {one.entry_key: one for one in known if one.scope is Scope.NATIONAL}
    for entry in entries:
        held = by_key.get(entry.key)
        period = (entry.valid_from, entry.valid_to)
        if held is None:
            touched.append(Sanction.from_entry(new_id(), vendor.vendor_id, entry.key, period, entry.basis, moment))
        elif held.reinstate(period):
            touched.append(held)
    listed = {entry.key for entry in entries}
    for key, held in by_key.items():
        if key not in listed and held.state is SanctionState.IMPOSED and held.valid_to >= moment.today:
            held.lift(moment, "Daftar Hitam Nasional", NOT_LISTED)
            touched.append(held)
    return touched

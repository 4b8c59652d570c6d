"""Keep the standing of a business in line with its sanctions, whichever of the two has changed.

Derived from state, not from what happened: called after every act on a sanction, at reopening and merging, and by a job
on the days a sanction begins and ends. Calling it twice changes nothing.
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from bela_kit.core.actor import Actor
from bela_kit.core.clock import Clock
from bela_kit.core.tenancy import TenantId

from vendor_service.application.eligibility import is_expired
from vendor_service.application.ports import Transactions, UnitOfWork
from vendor_service.domain.sanctions.sanction import Sanction, SanctionState, restraint_of
from vendor_service.domain.standing import LPSE, Standing
from vendor_service.domain.vendor import Moment, Vendor

SETTLE = "settle_sanctions"

_OUT_OF_REACH = frozenset({Standing.CLOSED, Standing.MERGED})
_SYSTEM = Actor("svc:vendor", "system")


async def settle(vendor: Vendor, moment: Moment, *, uow: UnitOfWork, clock: Clock) -> bool:
    """Restrain or release a business as its sanctions say today, and have it looked at again when that changes.

    A closed or merged business stays as it is; its sanctions wait, and count again when it is reopened or unmerged.
    Says whether the standing has changed; the business is saved then.
    """
    found = (await uow.sanctions.of_vendors([vendor.vendor_id])).get(vendor.vendor_id, [])
    await _look_again(vendor.vendor_id, found, moment, uow, clock)
    if vendor.standing in _OUT_OF_REACH or not found:
        return False
    by = moment if moment.actor.role == LPSE else replace(moment, actor=_SYSTEM)
    restraint = restraint_of(found, moment.today)
    if restraint is not None:
        await _remember(found, vendor.standing, moment.today, uow)
        changed = vendor.restrain(restraint, by, _reason(found, moment.today))
    else:
        changed = vendor.release(way_out(vendor, found, moment.today), by, "SANCTION_ENDED")
    if changed:
        await uow.vendors.save([vendor])
    return changed


async def settle_by_job(tenant: TenantId, vendor_id: UUID, *, transactions: Transactions, clock: Clock) -> None:
    """Do the same on the day a sanction begins or has ended."""
    async with transactions(tenant) as uow:
        vendor = (await uow.vendors.many([vendor_id])).get(vendor_id)
        if vendor is not None:
            moment = Moment(_SYSTEM, clock.now(tenant), clock.today(tenant))
            await settle(vendor, moment, uow=uow, clock=clock)


def way_out(vendor: Vendor, sanctions: list[Sanction], today: date) -> Standing:
    """Return the standing after a sanction: in review if it was before, or if the verification expired meanwhile."""
    ended = [one for one in sanctions if one.state in {SanctionState.IMPOSED, SanctionState.LIFTED}]
    if any(one.standing_before == Standing.IN_REVIEW for one in ended[-1:]):
        return Standing.IN_REVIEW
    return Standing.IN_REVIEW if is_expired(vendor.verified_until, today) else Standing.OK


async def _remember(found: list[Sanction], standing: Standing, today: date, uow: UnitOfWork) -> None:
    if standing is Standing.SUSPENDED:
        return
    fresh = [one for one in found if one.in_force(today) and one.standing_before is None]
    for one in fresh:
        one.standing_before = standing.value
    await uow.sanctions.save(fresh)


def _reason(found: list[Sanction], today: date) -> str:
    holding = max((one for one in found if one.in_force(today)), key=lambda one: one.valid_to)
    return f"{holding.kind.value.upper()} {holding.basis.letter}"


async def _look_again(vendor_id: UUID, found: list[Sanction], moment: Moment, uow: UnitOfWork, clock: Clock) -> None:
    zone = clock.zone(uow.tenant)
    days = [
        day
        for one in found
        if one.state is SanctionState.IMPOSED
        for day in (one.valid_from, one.valid_to + timedelta(days=1))
        if day > moment.today
    ]
    if days:
        at = datetime.combine(min(days), time.min, tzinfo=zone)
        await uow.jobs.schedule(SETTLE, str(vendor_id), at)

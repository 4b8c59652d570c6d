"""Once a day, region by region: what has run out by itself. State and dates decide, so a missed day loses nothing.

Businesses are read by id in batches, each batch in a transaction of its own; the queries begin with the region and end
with the date, and find nothing where nothing is due.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from bela_kit.core.clock import Clock
from bela_kit.core.tenancy import TenantId

from vendor_service.application.ports import Transactions, UnitOfWork
from vendor_service.application.reviews.opening import SWEEP, open_renewal, review_standing
from vendor_service.application.reviews.ports import Ending
from vendor_service.application.reviews.system import system_moment
from vendor_service.domain.reviews.calendar import WorkingWeek
from vendor_service.domain.reviews.periods import (
    DORMANT_MONTHS,
    HEAD_WORKING_DAYS,
    IDLE_MONTHS,
    REVIEW_WORKING_DAYS,
    grace_ends_on,
    months_later,
    reminders_due,
)
from vendor_service.domain.reviews.review import HOLDS_ORDERS, ReviewKind
from vendor_service.domain.standing import Standing
from vendor_service.domain.vendor import Moment, Vendor

_BATCH = 100
_Step = Callable[[UnitOfWork, UUID | None], Awaitable[Sequence[UUID]]]


@dataclass(frozen=True, slots=True)
class _Sweep:
    """One day's work in one region."""

    moment: Moment
    week: WorkingWeek

    async def ended_verifications(self, uow: UnitOfWork, after: UUID | None) -> Sequence[UUID]:
        """Open renewals, remind, and after 90 days of grace put the business into review."""
        found = await uow.care.ending(self.moment.today, after, _BATCH)
        due = {one.vendor_id: one for one in found if self._is_due(one)}
        for vendor_id, vendor in (await uow.vendors.many(due)).items():
            await self._end(vendor, due[vendor_id], uow)
        return [one.vendor_id for one in found]

    async def long_reviews(self, uow: UnitOfWork, after: UUID | None) -> Sequence[UUID]:
        """Hand reviews to the head after ten working days, and let them lapse after five more."""
        found = await uow.care.in_standing(Standing.IN_REVIEW, self.moment.today, after, _BATCH)
        for vendor in (await uow.vendors.many(found)).values():
            await self._press(vendor, uow)
        return found

    async def idle(self, uow: UnitOfWork, after: UUID | None) -> Sequence[UUID]:
        """Put to sleep who has not been seen for twelve months."""
        found = await uow.care.idle(months_later(self.moment.today, -IDLE_MONTHS), after, _BATCH)
        await self._set(found, Standing.DORMANT, "IDLE_12_MONTHS", uow)
        return found

    async def long_dormant(self, uow: UnitOfWork, after: UUID | None) -> Sequence[UUID]:
        """Close who has slept for twenty-four months; it may be reopened."""
        since = months_later(self.moment.today, -DORMANT_MONTHS)
        found = await uow.care.in_standing(Standing.DORMANT, since, after, _BATCH)
        await self._set(found, Standing.CLOSED, "DORMANT_24_MONTHS", uow)
        return found

    def _is_due(self, ending: Ending) -> bool:
        today = self.moment.today
        return today > grace_ends_on(ending.verified_until) or ending.reminders < reminders_due(
            ending.verified_until, today
        )

    async def _end(self, vendor: Vendor, ending: Ending, uow: UnitOfWork) -> None:
        today, until = self.moment.today, ending.verified_until
        if vendor.verified_until != until or vendor.standing is not Standing.OK:
            return
        last_day = grace_ends_on(until)
        if today > last_day:
            vendor.set_standing(Standing.IN_REVIEW, self.moment, "RENEWAL_OVERDUE")
            await uow.vendors.save([vendor])
            await review_standing(vendor, "RENEWAL_OVERDUE", self.moment, uow=uow)
            await uow.care.notify(vendor.vendor_id, "RENEWAL_OVERDUE", {"ended_on": str(until)}, self.moment.now)
            return
        review = await open_renewal(vendor, last_day, self.moment, uow=uow)
        review.reminders = reminders_due(until, today)
        await uow.reviews.save(review)
        about = {"ended_on": str(until), "last_day": str(last_day), "reminder": review.reminders}
        await uow.care.notify(vendor.vendor_id, "VERIFICATION_ENDED", about, self.moment.now)

    async def _press(self, vendor: Vendor, uow: UnitOfWork) -> None:
        since, today = vendor.standing_since, self.moment.today
        if vendor.standing is not Standing.IN_REVIEW or since is None:
            return
        # A business that came here by another way than a review, out of a sanction for one, gets its review now.
        await review_standing(vendor, "IN_REVIEW", self.moment, uow=uow)
        if today <= self.week.later(since, REVIEW_WORKING_DAYS):
            return
        has_lapsed = today > self.week.later(since, REVIEW_WORKING_DAYS + HEAD_WORKING_DAYS)
        for kind, review in (await uow.reviews.open_of(vendor.vendor_id)).items():
            if kind is ReviewKind.RENEWAL and has_lapsed:
                # The grace begins anew, and with it the reminders.
                review.reminders = 0
                await uow.reviews.save(review)
            if kind not in HOLDS_ORDERS:
                continue
            if has_lapsed:
                review.lapse(self.moment)
                await uow.reviews.save(review)
            elif review.escalate(today):
                await uow.reviews.save(review)
        if has_lapsed:
            vendor.restart_grace(today)
            vendor.set_standing(Standing.OK, self.moment, "REVIEW_LAPSED")
            await uow.vendors.save([vendor])
            await uow.care.notify(vendor.vendor_id, "REVIEW_LAPSED", {}, self.moment.now)

    async def _set(self, found: Sequence[UUID], standing: Standing, reason: str, uow: UnitOfWork) -> None:
        for vendor in (await uow.vendors.many(found)).values():
            if vendor.set_standing(standing, self.moment, reason):
                await uow.vendors.save([vendor])
                await uow.care.notify(vendor.vendor_id, reason, {}, self.moment.now)


async def sweep_onboarding(tenant: TenantId, *, transactions: Transactions, clock: Clock, week: WorkingWeek) -> None:
    """Look through a region, and again tomorrow."""
    moment = system_moment(tenant, clock)
    sweep = _Sweep(moment, week)
    steps: tuple[_Step, ...] = (sweep.long_reviews, sweep.ended_verifications, sweep.idle, sweep.long_dormant)
    for step in steps:
        after: UUID | None = None
        while True:
            async with transactions(tenant) as uow:
                found = await step(uow, after)
            if len(found) < _BATCH:
                break
            after = found[-1]
    async with transactions(tenant) as uow:
        await uow.jobs.schedule(SWEEP, "all", moment.now + timedelta(days=1))

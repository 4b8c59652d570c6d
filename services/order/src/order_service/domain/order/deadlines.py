"""Until when each state waits (domain.md 7.2): `min(default, share x lead, last_safe)`.

Clocks of hours stand still from 21:00 to 05:00 local time. Working days end with the local day. `last_safe`, the last
moment that leaves the seller its lead time, counts only up to the seller's yes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from order_service.domain.order.delivery import DeliveryState
from order_service.domain.order.facts import OrderFacts
from order_service.domain.order.state import PERFORMING, Deadline, DeadlineStage, OrderState
from order_service.domain.tax.late_fee import CAP, PER_DAY
from order_service.domain.working_time import ONE_DAY, RegionCalendar

DRAFT_DAYS = 30
APPROVER_DAYS = 2
SIGNER_DAYS = 2
VENDOR_BAST_DAYS = 2
INVOICE_RETURN_DAYS = 3
FOOD_LATE = timedelta(hours=2)
FEE_CAP_DAYS = int(CAP / PER_DAY)
PAYMENT_DAYS = 14
PAYMENT_ESCALATION = timedelta(days=16)
TAX_PROOF_DAY = 20
TAX_PROOF_GRACE = timedelta(days=30)
LATE_RECORDED_DAYS = 3


@dataclass(frozen=True, slots=True)
class Wait:
    """How long a state waits before the seller's yes.

    Attributes:
        working_days: Default in working days.
        food: Default for food, in hours; none means the same working days.
        share: Share of the lead; none means no share.
    """

    working_days: int
    food: timedelta | None = None
    share: Fraction | None = None


WAITS = {
    OrderState.PPK_REVIEW: Wait(3, share=Fraction(1, 6)),
    OrderState.SP_ISSUED: Wait(3, food=timedelta(hours=24), share=Fraction(1, 3)),
    OrderState.LAPSED: Wait(1, food=timedelta(hours=2)),
}


def with_reminders(
    start: datetime, due: datetime, calendar: RegionCalendar, stage: DeadlineStage = DeadlineStage.FIRST
) -> Deadline:
    """A deadline with reminders at one and two thirds, moved out of the quiet hours, none at or after the end."""
    due = max(start, due)
    moments = (calendar.leave_quiet_hours(start + (due - start) * part // 3) for part in (1, 2))
    return Deadline(due, stage, tuple(moment for moment in dict.fromkeys(moments) if start < moment < due))


def answer_deadline(
    *,
    entered: datetime,
    submitted: datetime,
    needed_at: datetime,
    seller_lead: timedelta,
    wait: Wait,
    food: bool,
    calendar: RegionCalendar,
) -> datetime:
    """The instant by which a state before the seller's yes must be answered.

    Args:
        entered: When the state was entered.
        submitted: When the order was submitted; with `needed_at` it makes the lead.
        needed_at: When it is needed.
        seller_lead: The seller's lead time.
        wait: The state's default and share.
        food: Whether it is food.
        calendar: The region's calendar.
    """
    if food and wait.food is not None:
        ends = [calendar.add_waking_time(entered, wait.food)]
    else:
        ends = [calendar.working_days_later(entered, wait.working_days)]
    if wait.share is not None:
        lead = needed_at - submitted
        ends.append(calendar.add_waking_time(entered, lead * wait.share.numerator // wait.share.denominator))
    ends.append(needed_at - seller_lead)
    return max(entered, min(ends))


def order_deadline(facts: OrderFacts, state: OrderState, at: datetime, calendar: RegionCalendar) -> Deadline | None:
    """What the order as a whole waits for after it entered a state; none where its deliveries wait by themselves."""
    if state is OrderState.DRAFT:
        return Deadline(calendar.end_of_day(calendar.day(at) + DRAFT_DAYS * ONE_DAY))
    if state in PERFORMING:
        return _performing(facts, at, calendar)
    wait = WAITS.get(state)
    if wait is None:
        return None
    if facts.late_recorded or facts.submitted_at is None:
        return with_reminders(at, calendar.working_days_later(at, wait.working_days), calendar)
    due = answer_deadline(
        entered=at,
        submitted=facts.submitted_at,
        needed_at=facts.need.needed_at,
        seller_lead=facts.seller_lead,
        wait=wait,
        food=facts.is_food,
        calendar=calendar,
    )
    return with_reminders(at, due, calendar)


def _performing(facts: OrderFacts, at: datetime, calendar: RegionCalendar) -> Deadline:
    if facts.late_recorded:
        return Deadline(calendar.working_days_later(at, LATE_RECORDED_DAYS))
    if facts.need.needed_at <= at:
        return late_deadline(facts, at, calendar)
    return with_reminders(at, facts.need.needed_at, calendar)


def late_deadline(facts: OrderFacts, at: datetime, calendar: RegionCalendar) -> Deadline:
    """How long a late seller is waited for: food two hours, goods until the late fee reaches its cap."""
    if facts.is_food:
        due = facts.need.needed_at + FOOD_LATE
    else:
        due = calendar.end_of_day(calendar.day(facts.need.needed_at) + FEE_CAP_DAYS * ONE_DAY)
    return Deadline(max(due, at), DeadlineStage.LATE)


def escalated(at: datetime, calendar: RegionCalendar, stage: DeadlineStage) -> Deadline:
    """Two working days for the signer, or for KPA/PA in his place."""
    return Deadline(calendar.working_days_later(at, APPROVER_DAYS), stage)


def delivery_deadline(facts: OrderFacts, state: DeliveryState, at: datetime, calendar: RegionCalendar) -> Deadline:
    """What one delivery waits for after it entered a state."""
    if state is DeliveryState.DELIVERED:
        if facts.is_food:
            return Deadline(calendar.end_of_day(calendar.day(at)))
        return with_reminders(at, calendar.working_days_later(at, 3), calendar)
    if state is DeliveryState.INSPECTED:
        return with_reminders(at, calendar.working_days_later(at, SIGNER_DAYS), calendar)
    if state is DeliveryState.HANDED_OVER:
        return with_reminders(at, calendar.working_days_later(at, 5), calendar)
    if state is DeliveryState.INVOICED:
        return with_reminders(at, calendar.end_of_day(calendar.day(at) + PAYMENT_DAYS * ONE_DAY), calendar)
    return tax_proof_deadline(at, calendar)


def tax_proof_deadline(paid_at: datetime, calendar: RegionCalendar) -> Deadline:
    """The end of the 20th of the month after the payment."""
    day = calendar.day(paid_at)
    month = day.month % 12 + 1
    due = day.replace(year=day.year + (month == 1), month=month, day=TAX_PROOF_DAY)
    return Deadline(calendar.end_of_day(due))

"""Deadlines of domain.md 7.2 and what happens when they pass."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from order_service.domain.errors import DeadlineNotReached, RoleNotAllowed
from order_service.domain.order.deadlines import WAITS, Wait, answer_deadline, tax_proof_deadline, with_reminders
from order_service.domain.order.delivery import VendorSignature
from order_service.domain.order.order import Order
from order_service.domain.order.state import DeadlineStage, OrderState
from order_service.domain.tax import TaxKind
from order_service.domain.working_time import RegionCalendar

from .world import World

S = OrderState
WIB = ZoneInfo("Asia/Jakarta")


def wib(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=WIB)  # type: ignore[arg-type, misc]


def passed(world: World, order: Order) -> list[str]:
    due = order.facts.deadline_at
    assert due is not None
    world.at = due
    order.pass_deadline(world.system(), world.new_id)
    return world.flush(order)


def test_vector_of_the_answer_time(calendar: RegionCalendar) -> None:
    facts = {
        "submitted": wib(2026, 3, 2, 14, 0),
        "needed_at": wib(2026, 3, 3, 10, 0),
        "food": True,
        "calendar": calendar,
        "wait": WAITS[S.SP_ISSUED],
    }
    due = answer_deadline(entered=wib(2026, 3, 2, 15, 0), seller_lead=timedelta(hours=4), **facts)  # type: ignore[arg-type]
    assert due == wib(2026, 3, 3, 5, 40)
    due = answer_deadline(entered=wib(2026, 3, 2, 15, 0), seller_lead=timedelta(hours=6), **facts)  # type: ignore[arg-type]
    assert due == wib(2026, 3, 3, 4, 0)  # last_safe is a moment, not a clock of hours


def test_default_wins_when_there_is_time(calendar: RegionCalendar) -> None:
    due = answer_deadline(
        entered=wib(2026, 11, 20, 9, 0),
        submitted=wib(2026, 11, 20, 8, 0),
        needed_at=wib(2027, 3, 1, 8, 0),
        seller_lead=timedelta(hours=4),
        wait=Wait(3, share=Fraction(1, 6)),
        food=False,
        calendar=calendar,
    )
    assert due == wib(2026, 11, 25, 23, 59, 59)


def test_deadline_is_never_before_the_state_began(calendar: RegionCalendar) -> None:
    entered = wib(2026, 3, 3, 9, 0)
    due = answer_deadline(
        entered=entered,
        submitted=wib(2026, 3, 2, 14, 0),
        needed_at=wib(2026, 3, 3, 10, 0),
        seller_lead=timedelta(hours=4),
        wait=WAITS[S.LAPSED],
        food=True,
        calendar=calendar,
    )
    assert due == entered


def test_reminders_come_at_one_and_two_thirds_and_not_at_night(calendar: RegionCalendar) -> None:
    day = with_reminders(wib(2026, 3, 2, 6, 0), wib(2026, 3, 2, 18, 0), calendar)
    assert day.reminders == (wib(2026, 3, 2, 10, 0), wib(2026, 3, 2, 14, 0))
    night = with_reminders(wib(2026, 3, 2, 15, 0), wib(2026, 3, 3, 6, 0), calendar)
    assert night.reminders == (wib(2026, 3, 2, 20, 0), wib(2026, 3, 3, 5, 0))


def test_order_waits_by_state(world: World) -> None:
    order = world.draft(needed_in=timedelta(days=90))
    assert order.facts.deadline_at == wib(2026, 4, 1, 23, 59, 59)
    world.submit(order)
    assert order.facts.deadline_at == wib(2026, 3, 5, 23, 59, 59)
    world.sign(order)
    assert order.facts.deadline_at == wib(2026, 3, 5, 23, 59, 59)
    order.confirm(world.act("vendor_owner"))
    assert order.facts.deadline_at == order.facts.need.needed_at


def test_deadline_job_that_comes_early_or_twice_changes_nothing(world: World) -> None:
    order = world.to(S.SP_ISSUED)
    with pytest.raises(DeadlineNotReached):
        order.pass_deadline(world.system(), world.new_id)
    with pytest.raises(RoleNotAllowed):
        order.pass_deadline(world.act("ppk"), world.new_id)
    assert passed(world, order) == ["OrderLapsed"]
    with pytest.raises(DeadlineNotReached):
        order.pass_deadline(world.system(), world.new_id)


def test_unsigned_order_lapses_then_expires(world: World) -> None:
    order = world.to(S.PPK_REVIEW)
    assert passed(world, order) == ["OrderLapsed"]
    assert (order.facts.lapsed_from, order.facts.holds_capacity, world.lines["line-1"].reserved) == (
        S.PPK_REVIEW,
        True,
        720_000,
    )
    assert passed(world, order) == ["OrderExpired"]
    assert (world.lines["line-1"].used, order.facts.deadline_at) == (0, None)


def test_old_draft_is_given_up(world: World) -> None:
    order = world.draft()
    world.budget()
    assert passed(world, order) == ["OrderCancelled"]


def test_seller_who_never_delivers_ends_stopped(world: World) -> None:
    order = world.to(S.CONFIRMED)
    stages = []
    while order.facts.state is S.CONFIRMED:
        assert order.facts.deadline is not None
        stages.append(order.facts.deadline.stage)
        passed(world, order)
    assert stages == [DeadlineStage.FIRST, DeadlineStage.LATE, DeadlineStage.SIGNER, DeadlineStage.APPROVER]
    assert (order.facts.state, order.facts.end_reason, world.lines["line-1"].used) == (S.STOPPED, "no_delivery", 0)
    assert "LATE" in order.facts.flags


def test_late_food_is_waited_for_two_hours(world: World) -> None:
    order = world.to(S.CONFIRMED, need={"served": True})
    passed(world, order)
    assert order.facts.deadline_at == order.facts.need.needed_at + timedelta(hours=2)


def test_silent_buyer_makes_inspection_and_bast_deemed(world: World) -> None:
    order = world.to(S.DELIVERED)
    assert passed(world, order) == []  # now KPA or PA
    assert passed(world, order) == ["OrderInspected"]
    assert (order.facts.state, "DEEMED" in order.facts.flags) == (S.INSPECTED, True)
    passed(world, order)
    passed(world, order)
    handover = order.facts.deliveries[0].handover
    assert handover is not None
    assert handover.deemed
    assert passed(world, order) == ["OrderHandedOver"]
    handover = order.facts.deliveries[0].handover
    assert handover is not None
    assert handover.vendor_signature is VendorSignature.NOT_SIGNED
    assert world.lines["line-1"].accepted == 720_000
    assert passed(world, order) == ["OrderInvoiced"]
    invoice = order.facts.deliveries[0].invoice
    assert invoice is not None
    assert (invoice.by_system, invoice.amount) == (True, 720_000)


def test_head_may_act_once_the_signer_is_late(world: World) -> None:
    order = world.to(S.INSPECTED)
    with pytest.raises(RoleNotAllowed):
        order.hand_over(world.act("pa"), "D1", handover_id="H", number="B")
    passed(world, order)
    order.hand_over(world.act("pa"), "D1", handover_id="H", number="B")


def test_unpaid_invoice_is_flagged_after_fourteen_days(world: World) -> None:
    order = world.to(S.INVOICED)
    assert order.facts.deadline_at == wib(2026, 3, 16, 23, 59, 59)
    passed(world, order)
    assert "PAYMENT_OVERDUE" in order.facts.flags
    passed(world, order)
    assert (order.facts.state, order.facts.deadline_at) == (S.INVOICED, None)
    world.pay(order)


def test_missing_tax_proof_closes_the_order_with_a_flag(world: World) -> None:
    order = world.to(S.PAID, world.order_line(quantity=200))
    assert order.facts.deadline_at == wib(2026, 4, 20, 23, 59, 59)
    assert passed(world, order) == []
    assert passed(world, order) == ["OrderClosed"]
    assert "TAX_PROOF_MISSING" in order.facts.flags


def test_tax_proof_of_december_is_due_in_january(calendar: RegionCalendar) -> None:
    assert tax_proof_deadline(wib(2026, 12, 31, 23, 0), calendar).due_at == wib(2027, 1, 20, 23, 59, 59)


def test_proof_filed_in_time_closes_before_the_deadline(world: World) -> None:
    order = world.to(S.PAID, world.order_line(quantity=200))
    order.file_tax_proof(world.act("bendahara"), "D1", kind=TaxKind.PPH22, slip_number="B", ntpn="N")
    assert (order.facts.state, order.facts.deadline_at) == (S.CLOSED, None)


def test_late_recording_has_ordinary_waits_although_its_time_is_past(world: World) -> None:
    order = world.draft(late_recorded=True, needed_in=timedelta(days=-2))
    world.submit(order)
    assert "LATE_RECORDED" in order.facts.flags
    assert order.facts.deadline_at == wib(2026, 3, 5, 23, 59, 59)
    world.sign(order)
    order.confirm(world.act("vendor_owner"))
    assert order.facts.deadline_at > world.at


def test_times_are_kept_in_utc(world: World) -> None:
    due = world.to(S.PPK_REVIEW).facts.deadline_at
    assert due is not None
    assert due.tzinfo is UTC

"""The path of an order from draft to closed, its short path, and its ends."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from bela_kit.core.actor import Actor
from order_service.domain.errors import (
    ActorLimit,
    AlreadyReissued,
    BandTooLow,
    BudgetSplitInvalid,
    CapacityGone,
    ChannelLimit,
    ChoiceReasonRequired,
    ConflictOfInterest,
    DutiesNotSeparated,
    ExternalNumberRequired,
    HpsExceeded,
    LeadTooShort,
    LinesInvalid,
    NeedSelfApproval,
    OrderFinal,
    OrderNotAllowedNow,
    ReasonRequired,
    Refusal,
    RoleNotAllowed,
    RupExceeded,
    ShortPathLimit,
    TooManyUnsigned,
    VendorNotActive,
)
from order_service.domain.need import PayerKind
from order_service.domain.order.delivery import Inspection
from order_service.domain.order.state import FINAL, TRANSITIONS, OrderState
from order_service.domain.rules import ContractForm
from order_service.domain.tax import TaxKind

from .world import World, actor

S = OrderState


def test_whole_path_closes_and_keeps_the_money_right(world: World) -> None:
    order = world.to(S.PAID, world.order_line(quantity=200, price=18_000))
    assert order.facts.state is S.PAID
    assert (world.lines["line-1"].paid, world.lines["line-1"].used) == (3_600_000, 3_600_000)
    order.file_tax_proof(world.act("bendahara"), "D1", kind=TaxKind.PPH22, slip_number="BP-1", ntpn="NTPN-1")
    assert (order.facts.state, world.flush(order)) == (S.CLOSED, ["OrderClosed"])
    assert [change.state for change in order.facts.history] == [
        S.DRAFT,
        S.SUBMITTED,
        S.PPK_REVIEW,
        S.SP_ISSUED,
        S.CONFIRMED,
        S.IN_PROGRESS,
        S.DELIVERED,
        S.INSPECTED,
        S.HANDED_OVER,
        S.INVOICED,
        S.PAID,
        S.CLOSED,
    ]
    assert order.facts.deadline_at is None
    assert order.facts.on_time_and_complete is True


def test_small_purchase_without_withholding_closes_with_the_payment(world: World) -> None:
    order = world.to(S.INVOICED)
    world.pay(order)
    assert (order.facts.state, world.flush(order)) == (S.CLOSED, ["OrderPaid", "OrderClosed"])


def test_each_event_carries_the_order_as_it_stood_then(world: World) -> None:
    order = world.draft()
    world.submit(order)
    world.sign(order)
    submitted, signed = order.pull_events()
    assert (submitted.order.state, submitted.version) == (S.PPK_REVIEW, 2)
    assert (signed.order.state, signed.version, signed.actor.role) == (S.SP_ISSUED, 3, "ppk")
    assert submitted.order.uses[0].reserved == signed.order.uses[0].committed == 720_000
    assert (order.version, order.stored_version) == (3, 0)


def test_money_follows_the_state(world: World) -> None:
    line = world.budget(10_000_000)
    order = world.submit(world.draft())
    world.flush(order)
    assert world.lines[line.budget_line_id].reserved == 720_000
    world.sign(order)
    world.flush(order)
    assert world.lines[line.budget_line_id].committed == 720_000
    order.confirm(world.act("vendor_owner"))
    world.deliver(order)
    world.inspect(order)
    world.bast(order)
    world.flush(order)
    assert world.lines[line.budget_line_id].accepted == 720_000


def test_order_over_several_lines_moves_all_of_them(world: World) -> None:
    for name in ("line-1", "line-2", "line-3"):
        world.budget(10_000_000, name)
    order = world.to(S.HANDED_OVER)
    assert [world.lines[name].accepted for name in ("line-1", "line-2", "line-3")] == [240_000, 240_000, 240_000]
    assert order.facts.deliveries[0].handover is not None
    assert len(order.facts.deliveries[0].handover.shares) == 3


# --- submission


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"unsigned_orders": 10}, TooManyUnsigned),
        ({"rup_value": 1_000_000, "rup_used": 280_001}, RupExceeded),
        ({"suggestion_rank": 4}, ChoiceReasonRequired),
        ({"list_shown": True}, ChoiceReasonRequired),
        ({"need_used": 49_280_001}, ExternalNumberRequired),
        ({"need_used": 199_280_001}, ChannelLimit),
        ({"uses": ()}, BudgetSplitInvalid),
    ],
)
def test_submission_that_breaks_a_bound_is_refused(world: World, changes: dict[str, Any], error: type[Refusal]) -> None:
    order = world.draft()
    with pytest.raises(error):
        world.submit(order, **changes)
    assert (order.facts.state, order.pull_movements()) == (S.DRAFT, [])


def test_orders_of_one_need_are_one_package_for_the_hps(world: World) -> None:
    world.submit(world.draft(need={"hps": 1_000_000}), need_used=280_000)
    with pytest.raises(HpsExceeded):
        world.submit(world.draft(need={"hps": 1_000_000}), need_used=280_001)


def test_procurement_officer_ends_at_200_million_for_the_whole_need(world: World) -> None:
    changes: dict[str, Any] = {"plan_basis": "kontrak_payung", "external_number": "SPSE-1", "need": {"hps": 10**9}}
    world.submit(world.draft(**changes), need_used=199_280_000)
    with pytest.raises(ActorLimit):
        world.submit(world.draft(**changes), need_used=199_280_001)


def test_a_seller_outside_the_list_shown_asks_for_a_reason(world: World) -> None:
    world.submit(world.draft())
    world.submit(world.draft(), list_shown=True, suggestion_rank=3)
    world.submit(world.draft(), list_shown=True, choice_reason="only_capacity")


def test_submission_at_its_bounds_passes(world: World) -> None:
    order = world.draft()
    world.submit(
        order,
        unsigned_orders=9,
        rup_value=1_000_000,
        rup_used=280_000,
        suggestion_rank=4,
        choice_reason="safety",
    )
    assert order.facts.state is S.PPK_REVIEW


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"standing": "dormant"}, VendorNotActive),
        ({"band": ""}, VendorNotActive),
        ({"conflict_of_interest": True}, ConflictOfInterest),
        ({"member_principals": frozenset({"pp.3510"})}, ConflictOfInterest),
    ],
)
def test_seller_who_may_not_receive_it_is_refused(world: World, changes: dict[str, Any], error: type[Refusal]) -> None:
    with pytest.raises(error):
        world.submit(world.draft(seller=world.seller(**changes)))


def test_band_bounds_the_order(world: World) -> None:
    seller = world.seller(band="A")
    world.submit(world.draft(world.order_line(quantity=1, price=10_000_000), seller=seller))
    with pytest.raises(BandTooLow):
        world.submit(world.draft(world.order_line(quantity=1, price=10_000_001), seller=seller))


def test_lead_must_leave_the_seller_one_hour(world: World) -> None:
    world.submit(world.draft(needed_in=timedelta(hours=5)))
    with pytest.raises(LeadTooShort):
        world.submit(world.draft(needed_in=timedelta(hours=4, minutes=59)))


def test_lapsed_hold_is_refused(world: World) -> None:
    order = world.draft()
    submission = world.submission(order)
    quote = replace(submission.quote, held_until=world.at)
    with pytest.raises(CapacityGone):
        order.submit(world.act("pp"), replace(submission, quote=quote))


def test_chairs_need_an_spse_number_and_become_an_spk(world: World) -> None:
    chairs = world.order_line(quantity=250, price=320_000, category_code="furniture.chair")
    with pytest.raises(ExternalNumberRequired):
        world.submit(world.draft(chairs))
    order = world.submit(world.draft(chairs, external_number="SPSE-77"))
    world.sign(order)
    assert order.facts.contract_form is ContractForm.SPK


def test_hps_bounds_the_total(world: World) -> None:
    with pytest.raises(HpsExceeded):
        world.submit(world.draft(need={"hps": 719_999}))


def test_prices_of_the_catalog_win_over_the_draft(world: World) -> None:
    order = world.draft()
    submission = world.submission(order)
    dearer = (world.order_line(price=20_000),)
    uses = (replace(submission.uses[0], amount=800_000),)
    order.submit(world.act("pp"), replace(submission, quote=replace(submission.quote, lines=dearer), uses=uses))
    assert order.facts.total == 800_000


@pytest.mark.parametrize(
    "changes",
    [
        {"quantity": 0},
        {"quantity": 10**8},
        {"unit_price": 0},
        {"line_number": 2},
        {"unit_price": 10**15, "quantity": 2},
    ],
)
def test_impossible_lines_are_refused(world: World, changes: dict[str, Any]) -> None:
    with pytest.raises(LinesInvalid):
        world.draft(replace(world.order_line(), **changes))


def test_two_categories_in_one_order_are_refused(world: World) -> None:
    with pytest.raises(LinesInvalid):
        world.draft(world.order_line(), world.order_line(line_number=2, category_code="craft.besek"))


def test_private_group_has_no_budget_and_no_bands(world: World) -> None:
    world.budget()
    rice = world.order_line(quantity=20_000, price=13_500, category_code="staple.rice")
    order = world.draft(rice, need={"payer_kind": PayerKind.PRIVATE_GROUP})
    world.submit(order, uses=())
    assert (order.facts.state, order.pull_movements(), world.lines["line-1"].used) == (S.PPK_REVIEW, [], 0)


# --- signature


def test_maker_of_the_choice_may_not_sign(world: World) -> None:
    order = world.submit(world.draft())
    with pytest.raises(DutiesNotSeparated):
        world.sign(order, by=actor("ppk", "pp.3510"))  # type: ignore[arg-type]


def test_signer_may_run_the_whole_order_where_no_pp_is_involved(world: World) -> None:
    order = world.submit(world.draft(by="ppk"), by="ppk")
    world.sign(order)
    assert "ONE_PERSON" in order.facts.flags


@pytest.mark.parametrize("role", ["bendahara", "ppk_skpd"])
def test_finance_may_not_sign(world: World, role: str) -> None:
    order = world.submit(world.draft())
    with pytest.raises(DutiesNotSeparated):
        world.sign(order, roles_held={role})


@pytest.mark.parametrize("role", ["pp", "pptk", "requester", "bendahara", "lpse_admin", "pa"])
def test_only_a_signer_signs(world: World, role: str) -> None:
    order = world.submit(world.draft())
    with pytest.raises(RoleNotAllowed):
        world.sign(order, by=role)


def test_own_need_above_the_nota_limit_needs_the_kpa(world: World) -> None:
    big = world.order_line(quantity=1, price=10_000_001)
    order = world.submit(world.draft(big, need={"created_by": "ppk.3510"}))
    with pytest.raises(NeedSelfApproval):
        world.sign(order)
    with pytest.raises(NeedSelfApproval):
        world.sign(order, need_approved_by="ppk.3510")
    world.sign(order, need_approved_by="kpa.3510")
    assert "SELF_APPROVED" not in order.facts.flags


def test_own_need_in_several_orders_is_summed_for_the_nota_limit(world: World) -> None:
    order = world.to(S.PPK_REVIEW, need={"created_by": "ppk.3510"})
    with pytest.raises(NeedSelfApproval):
        world.sign(order, need_used=9_280_001)
    world.sign(order, need_used=9_280_000)
    assert "SELF_APPROVED" in order.facts.flags


def test_own_need_up_to_the_nota_limit_passes_and_is_counted(world: World) -> None:
    order = world.submit(world.draft(need={"created_by": "ppk.3510"}))
    world.sign(order)
    assert "SELF_APPROVED" in order.facts.flags


def test_signature_counts_the_rules_of_its_own_day(world: World) -> None:
    order = world.submit(world.draft(channel="bela", needed_in=timedelta(days=900)))
    world.at = world.at.replace(year=2027, month=9, day=1)
    with pytest.raises(Refusal) as refused:
        world.sign(order)
    assert refused.value.reason == "CHANNEL_CLOSED"


# --- ends before the seller's yes


def test_returned_order_is_a_draft_again_and_may_be_submitted_again(world: World) -> None:
    order = world.to(S.PPK_REVIEW)
    with pytest.raises(ReasonRequired):
        order.return_to_maker(world.act("ppk"))
    order.return_to_maker(world.act("ppk", "Jumlah keliru"))
    assert world.flush(order) == ["OrderReturned"]
    assert (order.facts.state, world.lines["line-1"].used, order.facts.holds_capacity) == (S.DRAFT, 0, False)
    order.revise(world.act("pp"), lines=(world.order_line(quantity=30),), seller=order.facts.seller)
    world.submit(order)
    world.flush(order)
    assert world.lines["line-1"].reserved == 540_000


@pytest.mark.parametrize("state", [S.DRAFT, S.PPK_REVIEW, S.SP_ISSUED])
def test_cancelled_order_gives_everything_back(world: World, state: OrderState) -> None:
    order = world.to(state)
    order.cancel(world.act("ppk", "Acara batal"))
    world.flush(order)
    assert (order.facts.state, order.facts.end_reason) == (S.CANCELLED, "Acara batal")
    assert all(line.used == 0 for line in world.lines.values())


def test_signed_order_is_withdrawn_by_the_signer_only(world: World) -> None:
    order = world.to(S.SP_ISSUED)
    with pytest.raises(RoleNotAllowed):
        order.cancel(world.act("pp", "x"))
    with pytest.raises(RoleNotAllowed):
        order.withdraw(world.act("pp", "x"))
    order.withdraw(world.act("ppk", "Keliru"))
    assert (world.flush(order), world.lines["line-1"].used) == (["OrderCancelled"], 0)


def test_refusal_gives_the_commitment_back(world: World) -> None:
    order = world.to(S.SP_ISSUED)
    with pytest.raises(ReasonRequired):
        order.refuse(world.act("vendor_owner"))
    order.refuse(world.act("vendor_owner", "Penuh"))
    assert (world.flush(order), world.lines["line-1"].used) == (["OrderRefused"], 0)
    assert not order.facts.holds_capacity


def test_officer_may_answer_for_the_seller_with_recorded_consent(world: World) -> None:
    order = world.to(S.SP_ISSUED)
    helper = Actor("koperindag.3510", "koperindag_officer", on_behalf_of="W1")
    order.confirm(world.act(helper))
    assert order.facts.state is S.CONFIRMED
    other = world.to(S.SP_ISSUED)
    with pytest.raises(RoleNotAllowed):
        other.confirm(world.act(replace(helper, on_behalf_of="W2")))


def test_confirmed_order_cannot_be_cancelled(world: World) -> None:
    with pytest.raises(OrderNotAllowedNow):
        world.to(S.CONFIRMED).cancel(world.act("ppk", "x"))


def test_reissue_is_possible_once(world: World) -> None:
    order = world.to(S.SP_ISSUED)
    _pass(world, order)
    assert (order.facts.state, world.lines["line-1"].committed) == (S.LAPSED, 720_000)
    order.reissue(world.act("ppk"))
    assert order.facts.state is S.SP_ISSUED
    _pass(world, order)
    assert (order.facts.state, world.lines["line-1"].used) == (S.EXPIRED, 0)


def test_lapsed_review_may_be_signed_late_once(world: World) -> None:
    order = world.to(S.PPK_REVIEW)
    _pass(world, order)
    assert order.facts.state is S.LAPSED
    with pytest.raises(OrderNotAllowedNow):
        order.reissue(world.act("ppk"))
    world.sign(order)
    assert (order.facts.state, world.flush(order)[-1]) == (S.SP_ISSUED, "OrderReissued")
    with pytest.raises(OrderNotAllowedNow):
        world.sign(order)


def test_second_reissue_is_refused(world: World) -> None:
    order = world.to(S.SP_ISSUED)
    _pass(world, order)
    order._facts = replace(order.facts, reissued=True)
    with pytest.raises(AlreadyReissued):
        order.reissue(world.act("ppk"))


def _pass(world: World, order: Any) -> None:
    world.at = order.facts.deadline_at
    order.pass_deadline(world.system(), world.new_id)
    world.flush(order)


# --- short path


def test_short_path_takes_four_acts(world: World) -> None:
    order = world.draft(by="ppk", short_path=True)
    world.submit(order, by="ppk")
    world.sign(order)
    order.confirm(world.act("vendor_owner"))
    found = {1: Inspection(good=40)}
    order.receive(world.act("requester"), delivery_id="D1", handover_id="H1", number="BAST/9", found=found)
    order.acknowledge(world.act("vendor_owner"), "D1", invoice_id="I1")
    assert order.facts.state is S.INVOICED
    world.pay(order)
    assert world.flush(order) == [
        "OrderSubmitted",
        "OrderSigned",
        "OrderConfirmed",
        "OrderDelivered",
        "OrderInspected",
        "OrderHandedOver",
        "OrderInvoiced",
        "OrderPaid",
        "OrderClosed",
    ]
    assert order.facts.state is S.CLOSED
    assert "SHORT_PATH" in order.facts.flags


def test_short_path_ends_at_the_nota_limit(world: World) -> None:
    world.submit(world.draft(world.order_line(quantity=1, price=10_000_000), by="ppk", short_path=True), by="ppk")
    with pytest.raises(ShortPathLimit):
        world.submit(world.draft(world.order_line(quantity=1, price=10_000_001), by="ppk", short_path=True), by="ppk")


# --- the table of states


def test_nothing_leaves_a_final_state() -> None:
    assert all(not TRANSITIONS[state] for state in FINAL)
    assert set(TRANSITIONS) == set(OrderState)


@pytest.mark.parametrize("end", sorted(FINAL - {S.STOPPED, S.TERMINATED, S.EXPIRED}))
def test_no_act_is_possible_on_an_ended_order(world: World, end: OrderState) -> None:
    if end is S.CLOSED:
        order = world.to(S.PAID)
    else:
        order = world.to(S.SP_ISSUED)
        order.refuse(world.act("vendor_owner", "x")) if end is S.REFUSED else order.cancel(world.act("ppk", "x"))
    acts = [
        lambda: world.submit(order),
        lambda: world.sign(order),
        lambda: order.confirm(world.act("vendor_owner")),
        lambda: order.cancel(world.act("ppk", "x")),
        lambda: order.stop(world.act("ppk", "x")),
        lambda: world.deliver(order, 1, "D9"),
    ]
    assert order.facts.state is end
    for act in acts:
        with pytest.raises(OrderFinal):
            act()

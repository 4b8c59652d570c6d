"""Deliveries, inspection, BAST, invoice, payment, dispute, tax proof; the stories that turn on them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from order_service.domain.errors import (
    DeliveryNotAllowedNow,
    DeliveryQuantity,
    DeliveryUnknown,
    DutiesNotSeparated,
    HeadcountChangeRefused,
    InspectionQuantity,
    InvoiceAmount,
    InvoiceReturnedBefore,
    LateFeeAboveLimit,
    OrderNotAllowedNow,
    PayoutHeld,
    ReasonRequired,
    RoleNotAllowed,
    RupExceeded,
    TaxCheckRequired,
    TaxMismatch,
    TaxProofInvalid,
)
from order_service.domain.order.delivery import DeliveryState, Inspection, Remedy, VendorSignature
from order_service.domain.order.order import Order
from order_service.domain.order.settling import payable_net
from order_service.domain.order.state import OrderState
from order_service.domain.tax import (
    EntityKind,
    NpwpState,
    Payer,
    Period,
    PriceBasis,
    SupplyType,
    TaxableLine,
    TaxKind,
    TaxProfile,
    TaxRequest,
    compute_taxes,
)

from .world import World, actor

S = OrderState


def test_two_deliveries_each_have_their_own_bast_and_payment(world: World) -> None:
    """Story 4: 250 chairs in two deliveries, final tax 240,000 and 160,000."""
    chairs = world.order_line(quantity=250, price=320_000, category_code="furniture.chair")
    order = world.to(S.CONFIRMED, chairs, external_number="SPSE-1", needed_in=timedelta(days=60))
    koperasi = TaxProfile(EntityKind.KOPERASI, NpwpState.ACTIVE, umkm_certificate=Period(datetime(2025, 1, 1).date()))
    received = []
    for name, quantity, state in (("D1", 150, S.PARTLY_DELIVERED), ("D2", 100, S.PAID)):
        world.deliver(order, quantity, name)
        world.inspect(order, name)
        world.bast(order, name)
        world.invoice(order, name)
        world.at += timedelta(days=9)
        payment = world.payment(order, name, koperasi)
        order.pay(world.act("bendahara"), name, payment)
        received.append((payment.taxes.income_tax, payment.taxes.payable))
        assert order.facts.state is state
        world.flush(order)
    assert received == [(240_000, 47_760_000), (160_000, 31_840_000)]
    for name in ("D1", "D2"):
        order.file_tax_proof(world.act("bendahara"), name, kind=TaxKind.PPH_FINAL_UMKM, slip_number="B", ntpn="N")
    assert (order.facts.state, world.lines["line-1"].paid) == (S.CLOSED, 80_000_000)


def test_late_short_meal_is_paid_for_what_was_good(world: World) -> None:
    """Story 11: 100 meals for 10:00 arrive 11:40, 60 good."""
    world.at = datetime(2026, 3, 1, 7, 0, tzinfo=UTC)
    meals = world.order_line(quantity=100, price=35_000, category_code="food.meal_box", supply_type=SupplyType.CATERING)
    served = {"served": True, "needed_at": datetime(2026, 3, 2, 3, 0, tzinfo=UTC)}
    order = world.to(S.CONFIRMED, meals, need=served)
    world.at = datetime(2026, 3, 2, 4, 40, tzinfo=UTC)
    world.deliver(order)
    world.inspect(order, damaged=40)
    world.bast(order, notes="Kami terlambat karena jalan putus")
    world.flush(order)
    line = world.lines["line-1"]
    assert (line.accepted, line.committed) == (2_100_000, 0)
    assert "DISPUTED" in order.facts.flags
    assert order.facts.on_time_and_complete is False
    world.invoice(order)
    world.pay(order)
    world.flush(order)
    assert (world.lines["line-1"].paid, order.facts.state) == (2_100_000, S.PAID)
    order.file_tax_proof(world.act("bendahara"), "D1", kind=TaxKind.PPH23, slip_number="B", ntpn="N")
    assert order.facts.state is S.PAID  # the dispute is still open
    order.settle_dispute(world.act("lpse_admin"), "D1")
    assert order.facts.state is S.CLOSED


def test_delivery_may_not_exceed_what_is_owed(world: World) -> None:
    order = world.to(S.CONFIRMED)
    for quantities in ({}, {1: 0}, {1: 41}, {2: 1}):
        with pytest.raises(DeliveryQuantity):
            order.deliver(world.act("vendor_owner"), delivery_id="D1", quantities=quantities)
    world.deliver(order, 30)
    with pytest.raises(DeliveryQuantity):
        world.deliver(order, 11, "D2")
    with pytest.raises(RoleNotAllowed):
        order.deliver(world.act("bendahara"), delivery_id="D2", quantities={1: 1})


def test_snacks_fifteen_minutes_before_serving_are_on_time(world: World) -> None:
    order = world.to(S.CONFIRMED, need={"served": True})
    world.at = order.facts.need.needed_at - timedelta(minutes=15)
    world.deliver(order)
    world.inspect(order)
    world.bast(order)
    assert order.facts.on_time_and_complete is True
    late = world.to(S.CONFIRMED, need={"served": True})
    world.at = late.facts.need.needed_at - timedelta(minutes=14)
    world.deliver(late)
    world.inspect(late)
    world.bast(late)
    assert late.facts.on_time_and_complete is False


def test_inspection_must_account_for_the_whole_note(world: World) -> None:
    order = world.to(S.DELIVERED)
    for found in ({}, {1: Inspection(39)}, {1: Inspection(41)}, {1: Inspection(41, short=-1)}, {2: Inspection(40)}):
        with pytest.raises(InspectionQuantity):
            order.inspect(world.act("ppk"), "D1", found)
    with pytest.raises(DeliveryUnknown):
        order.inspect(world.act("ppk"), "D7", {1: Inspection(40)})


def test_nothing_good_is_replaced(world: World) -> None:
    order = world.to(S.DELIVERED)
    order.inspect(world.act("ppk"), "D1", {1: Inspection(0, wrong=40)})
    assert (order.facts.state, order.facts.outstanding, world.flush(order)) == (S.IN_PROGRESS, 40, ["OrderInspected"])
    assert world.lines["line-1"].committed == 720_000
    world.deliver(order, delivery_id="D2")
    assert order.facts.state is S.DELIVERED


def test_damaged_goods_may_be_replaced_instead_of_released(world: World) -> None:
    order = world.to(S.DELIVERED)
    world.inspect(order, damaged=10, remedy=Remedy.REPLACE)
    world.flush(order)
    assert (order.facts.state, order.facts.outstanding) == (S.PARTLY_DELIVERED, 10)
    assert world.lines["line-1"].committed == 720_000


def test_damaged_goods_give_their_money_back(world: World) -> None:
    order = world.to(S.DELIVERED)
    world.inspect(order, damaged=10)
    world.flush(order)
    assert (order.facts.state, order.facts.outstanding) == (S.INSPECTED, 0)
    assert world.lines["line-1"].committed == 540_000


def test_seller_cannot_inspect_and_buyer_cannot_countersign(world: World) -> None:
    order = world.to(S.DELIVERED)
    with pytest.raises(RoleNotAllowed):
        order.inspect(world.act("vendor_owner"), "D1", {1: Inspection(40)})
    world.inspect(order)
    with pytest.raises(DeliveryNotAllowedNow):
        order.countersign(world.act("vendor_owner"), "D1")
    with pytest.raises(RoleNotAllowed):
        order.hand_over(world.act("pptk"), "D1", handover_id="H", number="B")
    order.hand_over(world.act("ppk"), "D1", handover_id="H", number="B")
    with pytest.raises(DeliveryNotAllowedNow):
        order.hand_over(world.act("ppk"), "D1", handover_id="H", number="B")
    with pytest.raises(RoleNotAllowed):
        order.countersign(world.act("ppk"), "D1")


def test_bast_counts_only_when_the_seller_answered(world: World) -> None:
    order = world.to(S.INSPECTED)
    order.hand_over(world.act("ppk"), "D1", handover_id="H", number="B")
    world.flush(order)
    assert (order.facts.state, world.lines["line-1"].accepted) == (S.INSPECTED, 0)
    order.countersign(world.act("vendor_owner"), "D1")
    world.flush(order)
    assert (order.facts.state, world.lines["line-1"].accepted) == (S.HANDED_OVER, 720_000)
    handover = order.facts.deliveries[0].handover
    assert handover is not None
    assert handover.vendor_signature is VendorSignature.SIGNED


def test_stop_before_any_delivery_ends_the_order(world: World) -> None:
    order = world.to(S.CONFIRMED)
    with pytest.raises(ReasonRequired):
        order.stop(world.act("ppk"))
    order.stop(world.act("ppk", "Acara batal"))
    assert (order.facts.state, world.flush(order), world.lines["line-1"].used) == (S.STOPPED, ["OrderStopped"], 0)


def test_termination_for_fault_is_a_state_of_its_own(world: World) -> None:
    order = world.to(S.IN_PROGRESS)
    order.terminate(world.act("ppk", "Tidak mengirim"))
    world.flush(order)
    assert order.facts.state is S.TERMINATED


def test_stop_after_a_part_goes_on_to_payment(world: World) -> None:
    order = world.to(S.CONFIRMED)
    world.deliver(order, 10)
    order.stop(world.act("ppk", "Cukup"))
    world.flush(order)
    assert (order.facts.state, world.lines["line-1"].committed) == (S.DELIVERED, 180_000)
    world.inspect(order)
    world.bast(order)
    world.invoice(order)
    world.pay(order)
    world.flush(order)
    assert (order.facts.state, world.lines["line-1"].paid) == (S.CLOSED, 180_000)
    assert "COMPLETED_SHORT" in order.facts.flags


def test_stopped_order_with_nothing_good_in_the_end_is_stopped(world: World) -> None:
    order = world.to(S.CONFIRMED)
    world.deliver(order, 10)
    order.stop(world.act("ppk", "Cukup"))
    order.inspect(world.act("ppk"), "D1", {1: Inspection(0, damaged=10)})
    world.flush(order)
    assert (order.facts.state, world.lines["line-1"].used) == (S.STOPPED, 0)


def test_nothing_to_stop_when_all_came(world: World) -> None:
    with pytest.raises(OrderNotAllowedNow):
        world.to(S.DELIVERED).stop(world.act("ppk", "x"))


# --- invoice and payment


def test_invoice_groups_basts_and_must_match_them(world: World) -> None:
    order = world.to(S.CONFIRMED)
    for name in ("D1", "D2"):
        world.deliver(order, 20, name)
        world.inspect(order, name)
        world.bast(order, name)
    with pytest.raises(InvoiceAmount):
        order.invoice(world.act("vendor_owner"), ["D1"], invoice_id="I", number="1", amount=360_001)
    with pytest.raises(InvoiceAmount):
        order.invoice(world.act("vendor_owner"), [], invoice_id="I", number="1")
    order.invoice(world.act("vendor_owner"), ["D1", "D2"], invoice_id="I", number="1", amount=720_000)
    assert {d.state for d in order.facts.deliveries} == {DeliveryState.INVOICED}
    assert order.facts.state is S.INVOICED


def test_invoice_is_returned_once_within_three_working_days(world: World) -> None:
    order = world.to(S.INVOICED)
    with pytest.raises(ReasonRequired):
        order.return_invoice(world.act("bendahara"), "D1")
    order.return_invoice(world.act("bendahara", "Daftar hadir belum ada"), "D1")
    assert order.facts.state is S.HANDED_OVER
    world.invoice(order)
    with pytest.raises(InvoiceReturnedBefore):
        order.return_invoice(world.act("bendahara", "lagi"), "D1")
    late = world.to(S.INVOICED)
    world.at += timedelta(days=4)
    with pytest.raises(InvoiceReturnedBefore):
        late.return_invoice(world.act("bendahara", "x"), "D1")


def test_payment_is_the_treasurers_and_not_the_signers(world: World) -> None:
    order = world.to(S.INVOICED)
    payment = world.payment(order)
    with pytest.raises(RoleNotAllowed):
        order.pay(world.act("ppk"), "D1", payment)
    with pytest.raises(DutiesNotSeparated):
        order.pay(world.act(actor("bendahara", "ppk.3510")), "D1", payment)


def test_payment_waits_for_bank_and_tax_checks(world: World) -> None:
    order = world.to(S.INVOICED, world.order_line(quantity=200))
    payment = world.payment(order)
    with pytest.raises(PayoutHeld):
        order.pay(world.act("bendahara"), "D1", replace(payment, payout_ready=False))
    unknown = world.payment(order, profile=TaxProfile(EntityKind.CV, NpwpState.UNKNOWN))
    with pytest.raises(TaxCheckRequired):
        order.pay(world.act("bendahara"), "D1", unknown)
    order.pay(world.act("bendahara"), "D1", replace(unknown, npwp_checked=True))
    assert order.facts.state is S.PAID


def test_taxes_of_another_value_are_refused(world: World) -> None:
    order = world.to(S.INVOICED)
    lines = [TaxableLine(SupplyType.GOODS, 719_999, PriceBasis.GROSS)]
    other = compute_taxes(TaxRequest(lines, TaxProfile(EntityKind.CV), Payer(), world.calendar.day(world.at)))
    with pytest.raises(TaxMismatch):
        order.pay(world.act("bendahara"), "D1", replace(world.payment(order), taxes=other))
    with pytest.raises(TaxMismatch):
        order.pay(world.act("bendahara"), "D1", replace(world.payment(order), late_fee=720_001))


def test_late_fee_lowers_what_is_received_and_not_the_spend(world: World) -> None:
    order = world.to(S.CONFIRMED)
    world.at += timedelta(days=17)  # needed in ten
    for step in (world.deliver, world.inspect, world.bast, world.invoice):
        step(order)
    with pytest.raises(LateFeeAboveLimit):
        order.pay(world.act("bendahara"), "D1", replace(world.payment(order), late_fee=5_041))
    order.pay(world.act("bendahara"), "D1", replace(world.payment(order), late_fee=5_040))
    world.flush(order)
    payment = order.facts.deliveries[0].payment
    assert payment is not None
    assert (payment.received, payment.gross, world.lines["line-1"].paid) == (714_960, 720_000, 720_000)


def test_nothing_is_kept_back_for_what_came_in_time(world: World) -> None:
    order = world.to(S.INVOICED)
    with pytest.raises(LateFeeAboveLimit):
        order.pay(world.act("bendahara"), "D1", replace(world.payment(order), late_fee=1))


def test_what_never_came_bears_at_most_the_cap(world: World) -> None:
    order = world.to(S.CONFIRMED, world.order_line(quantity=100, price=10_000))
    world.deliver(order, 60)
    order.terminate(world.act("ppk", "Tidak dikirim"))
    for step in (world.inspect, world.bast, world.invoice):
        step(order)
    with pytest.raises(LateFeeAboveLimit):
        order.pay(world.act("bendahara"), "D1", replace(world.payment(order), late_fee=20_001))
    order.pay(world.act("bendahara"), "D1", replace(world.payment(order), late_fee=20_000))


def test_proof_belongs_to_a_withheld_tax(world: World) -> None:
    order = world.to(S.PAID, world.order_line(quantity=200))
    treasurer = world.act("bendahara")
    with pytest.raises(TaxProofInvalid):
        order.file_tax_proof(treasurer, "D1", kind=TaxKind.PPN, slip_number="B", ntpn="N")
    with pytest.raises(TaxProofInvalid):
        order.file_tax_proof(treasurer, "D1", kind=TaxKind.PPH22, slip_number=" ", ntpn="N")
    order.file_tax_proof(treasurer, "D1", kind=TaxKind.PPH22, slip_number="B", ntpn="N")
    assert order.facts.state is S.CLOSED


def test_price_cut_gives_accepted_money_back(world: World) -> None:
    for name in ("line-1", "line-2"):
        world.budget(line=name)
    order = world.to(S.INSPECTED)
    world.bast(order, notes="Keberatan atas jumlah")
    order.settle_dispute(world.act("pa"), "D1", price_cut=100_001)
    world.invoice(order)
    world.pay(order)
    world.flush(order)
    assert sum(line.paid for line in world.lines.values()) == 619_999
    assert (order.facts.state, order.facts.price_cuts) == (S.CLOSED, 100_001)


# --- headcount


def test_headcount_moves_ten_percent_by_two_taps(world: World) -> None:
    order = world.to(S.CONFIRMED)
    order.propose_quantity(world.act("pptk"), line_number=1, quantity=44, policy=world.policy)
    order.accept_quantity(world.act("vendor_owner"))
    world.flush(order)
    assert (order.facts.total, world.lines["line-1"].committed) == (792_000, 792_000)
    order.propose_quantity(world.act("pptk"), line_number=1, quantity=36, policy=world.policy)
    order.accept_quantity(world.act("vendor_owner"))
    world.flush(order)
    assert (order.facts.total, world.lines["line-1"].committed) == (648_000, 648_000)
    world.deliver(order)
    world.inspect(order)
    world.bast(order)
    world.invoice(order)
    world.pay(order)
    world.flush(order)
    assert (order.facts.state, world.lines["line-1"].paid) == (S.CLOSED, 648_000)


def test_headcount_outside_its_bounds_is_refused(world: World) -> None:
    order = world.to(S.CONFIRMED)

    def propose(order: Order, quantity: int, line: int = 1) -> None:
        order.propose_quantity(world.act("pptk"), line_number=line, quantity=quantity, policy=world.policy)

    for quantity in (45, 35, 0):
        with pytest.raises(HeadcountChangeRefused):
            propose(order, quantity)
    with pytest.raises(HeadcountChangeRefused):
        propose(order, 40, line=2)
    with pytest.raises(HeadcountChangeRefused):
        order.accept_quantity(world.act("vendor_owner"))
    big = world.to(S.CONFIRMED, world.order_line(quantity=100, price=100_000))
    with pytest.raises(HeadcountChangeRefused):
        propose(big, 101)
    world.at = order.facts.need.needed_at - timedelta(hours=3, minutes=59)
    with pytest.raises(HeadcountChangeRefused):
        propose(order, 41)


def test_headcount_never_passes_the_rup_package(world: World) -> None:
    order = world.to(S.CONFIRMED)
    order.propose_quantity(world.act("pptk"), line_number=1, quantity=44, policy=world.policy)
    with pytest.raises(RupExceeded):
        order.accept_quantity(world.act("vendor_owner"), rup_left=71_999)
    order.accept_quantity(world.act("vendor_owner"), rup_left=72_000)
    assert order.facts.total == 792_000


def test_taxable_lines_are_what_is_due(world: World) -> None:
    lines = (world.order_line(), world.order_line(quantity=5, price=1_000, line_number=2))
    order = world.to(S.INSPECTED, *lines)
    world.bast(order, notes="Keberatan")
    order.settle_dispute(world.act("pa"), "D1", price_cut=6_000)
    assert [line.amount for line in order.taxable_lines("D1")] == [719_000]
    handover = order.facts.deliveries[0].handover
    assert handover is not None
    assert sum(line.amount for line in order.taxable_lines("D1")) == handover.due


def test_only_what_comes_counts_for_the_small_limit_by_the_sellers_own_pkp(world: World) -> None:
    order = world.to(S.DELIVERED, world.order_line(quantity=200))
    day, plain = world.calendar.day(world.at), TaxProfile(EntityKind.CV)
    assert payable_net(order.facts, plain, day) == 3_600_000
    world.inspect(order, damaged=80)
    assert payable_net(order.facts, plain, day) == 2_160_000
    assert payable_net(order.facts, TaxProfile(EntityKind.CV, pkp=True), day) == 1_945_946
    world.bast(order, notes="Keberatan")
    order.settle_dispute(world.act("pa"), "D1", price_cut=160_001)
    assert payable_net(order.facts, None, day) == 1_999_999


def test_seller_who_became_pkp_meanwhile_bears_the_ppn(world: World) -> None:
    order = world.to(S.INVOICED, world.order_line(quantity=200))
    profile = TaxProfile(EntityKind.CV, NpwpState.ACTIVE, pkp=True)
    taxes = compute_taxes(TaxRequest(order.taxable_lines("D1"), profile, Payer(), world.calendar.day(world.at)))
    assert (taxes.gross, taxes.ppn) == (3_600_000, 356_757)
    order.pay(world.act("bendahara"), "D1", replace(world.payment(order), taxes=taxes))

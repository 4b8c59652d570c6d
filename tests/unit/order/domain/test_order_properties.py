"""Property tests: whatever anybody tries in whatever sequence, the money and the states stay right."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from order_service.domain.errors import Refusal
from order_service.domain.order.delivery import Delivery, DeliveryState, Inspection, Remedy
from order_service.domain.order.order import Order
from order_service.domain.order.state import FINAL, TRANSITIONS, OrderState, StateChange
from order_service.domain.tax import TaxKind
from order_service.domain.working_time import RegionCalendar

from .world import World, holidays

CALENDAR = RegionCalendar(ZoneInfo("Asia/Jakarta"), 5, holidays())
quantities = st.integers(0, 45)


class OneOrder(RuleBasedStateMachine):
    """One order of two lines over up to three budget lines, in the hands of people who try everything."""

    @initialize(lines=st.integers(1, 3), first=st.integers(1, 99_999), second=st.integers(1, 999), served=st.booleans())
    def begin(self, lines: int, first: int, second: int, served: bool) -> None:
        self.world = World(CALENDAR)
        for index in range(lines):
            self.world.budget(50_000_000, f"line-{index}")
        self.order = self.world.draft(
            self.world.order_line(quantity=40, price=first),
            self.world.order_line(quantity=7, price=second, line_number=2),
            need={"served": served},
        )
        self.version = self.order.version
        self.seen: list[StateChange] = []
        self.totals: dict[str, int] = {}
        self.deliveries = 0

    def attempt(self, act: Callable[[Order], object]) -> None:
        """Try an act on a copy, as a request does; what is refused leaves no trace."""
        copy = Order(self.order.facts, self.order.version)
        try:
            act(copy)
        except Refusal:
            return
        for movement in copy.pull_movements():
            assert (movement.key, movement.budget_line_id) not in self.world.applied
            self.world.applied.add((movement.key, movement.budget_line_id))
            self.world.lines[movement.budget_line_id] = self.world.lines[movement.budget_line_id].apply(movement)
        for event in copy.pull_events():
            assert event.version > self.version
            self.version = event.version
            assert event.occurred_at == self.world.at
        assert copy.version > self.order.version
        assert self.order.facts.state not in FINAL
        self.order = copy

    def some_delivery(self, *states: DeliveryState) -> str:
        return next((d.delivery_id for d in self.order.facts.deliveries if d.state in states), "none")

    @rule()
    def submit(self) -> None:
        self.attempt(lambda order: self.world.submit(order))

    @rule()
    def sign(self) -> None:
        self.attempt(lambda order: self.world.sign(order))

    @rule(steps=st.integers(1, 3))
    def advance(self, steps: int) -> None:
        """Take the ordinary next steps, so that the machine comes far as well as wide."""
        for _ in range(steps):
            natural = {
                OrderState.DRAFT: self.submit,
                OrderState.PPK_REVIEW: self.sign,
                OrderState.SP_ISSUED: lambda: self.answer(yes=True),
                OrderState.LAPSED: self.reissue,
                OrderState.CONFIRMED: lambda: self.deliver(first=20, second=3, nth=False),
                OrderState.IN_PROGRESS: lambda: self.deliver(first=20, second=3, nth=True),
                OrderState.PARTLY_DELIVERED: lambda: self.deliver(first=20, second=3, nth=True),
                OrderState.DELIVERED: lambda: self.inspect(bad=2, remedy=Remedy.RELEASE),
                OrderState.INSPECTED: lambda: (self.hand_over(), self.countersign(notes="")),
                OrderState.HANDED_OVER: self.invoice,
                OrderState.INVOICED: self.pay,
                OrderState.PAID: lambda: self.file_proof(kind=TaxKind.PPH22),
            }
            step = natural.get(self.order.facts.state)
            if step is not None:
                step()

    @rule(words=st.sampled_from(["", "Alasan"]))
    def give_up(self, words: str) -> None:
        self.attempt(lambda order: order.return_to_maker(self.world.act("ppk", words)))

    @rule(reason=st.sampled_from(["", "Batal"]), nth=st.integers(0, 12))
    def cancel_or_withdraw(self, reason: str, nth: int) -> None:
        if nth == 0:  # rarely, or no order would ever come far
            self.attempt(lambda order: order.cancel(self.world.act("ppk", reason)))

    @rule(yes=st.sampled_from([True, True, True, False]))
    def answer(self, yes: bool) -> None:
        act = self.world.act("vendor_owner", "Penuh")
        self.attempt(lambda order: order.confirm(act) if yes else order.refuse(act))

    @rule()
    def start(self) -> None:
        self.attempt(lambda order: order.start(self.world.act("vendor_owner")))

    @rule(first=quantities, second=st.integers(0, 8), nth=st.booleans())
    def deliver(self, first: int, second: int, nth: bool) -> None:
        self.deliveries += 1
        wanted = {1: first, 2: second}
        if nth:  # everything that is owed
            wanted = {line.line_number: self.order.facts.outstanding_of(line) for line in self.order.facts.lines}
        some = {number: quantity for number, quantity in wanted.items() if quantity}
        delivery_id = f"D{self.deliveries}"
        act = self.world.act("vendor_owner")
        self.attempt(lambda order: order.deliver(act, delivery_id=delivery_id, quantities=some))

    @rule(bad=st.integers(0, 40), remedy=st.sampled_from(list(Remedy)))
    def inspect(self, bad: int, remedy: Remedy) -> None:
        name = self.some_delivery(DeliveryState.DELIVERED)
        delivery = next((d for d in self.order.facts.deliveries if d.delivery_id == name), None)
        lines = delivery.lines if isinstance(delivery, Delivery) else ()
        found = {
            line.line_number: Inspection(line.quantity - min(bad, line.quantity), wrong=min(bad, line.quantity))
            for line in lines
        }
        self.attempt(lambda order: order.inspect(self.world.act("ppk"), name, found, remedy=remedy))

    @rule()
    def hand_over(self) -> None:
        name = self.some_delivery(DeliveryState.INSPECTED)
        self.attempt(
            lambda order: order.hand_over(self.world.act("ppk"), name, handover_id=self.world.new_id(), number="BAST")
        )

    @rule(notes=st.sampled_from(["", "Catatan"]))
    def countersign(self, notes: str) -> None:
        name = self.some_delivery(DeliveryState.INSPECTED)
        self.attempt(lambda order: order.countersign(self.world.act("vendor_owner"), name, notes=notes))

    @rule()
    def invoice(self) -> None:
        name = self.some_delivery(DeliveryState.HANDED_OVER)
        self.attempt(lambda order: self.world.invoice(order, name))

    @rule(nth=st.integers(0, 3))
    def return_invoice(self, nth: int) -> None:
        if nth == 0:
            name = self.some_delivery(DeliveryState.INVOICED)
            self.attempt(lambda order: order.return_invoice(self.world.act("bendahara", "Kurang"), name))

    @rule()
    def pay(self) -> None:
        name = self.some_delivery(DeliveryState.INVOICED)
        if name != "none":
            self.attempt(lambda order: self.world.pay(order, name))

    @rule(cut=st.integers(0, 50_000))
    def settle(self, cut: int) -> None:
        disputed = next((d.delivery_id for d in self.order.facts.deliveries if d.disputed), "none")
        self.attempt(lambda order: order.settle_dispute(self.world.act("pa"), disputed, price_cut=cut))

    @rule(kind=st.sampled_from([TaxKind.PPH22, TaxKind.PPH23]))
    def file_proof(self, kind: TaxKind) -> None:
        name = self.some_delivery(DeliveryState.PAID)
        self.attempt(
            lambda order: order.file_tax_proof(self.world.act("bendahara"), name, kind=kind, slip_number="B", ntpn="N")
        )

    @rule(fault=st.booleans(), nth=st.integers(0, 5))
    def end_the_rest(self, fault: bool, nth: int) -> None:
        if nth == 0:
            act = self.world.act("ppk", "Cukup")
            self.attempt(lambda order: order.terminate(act) if fault else order.stop(act))

    @rule(quantity=st.integers(34, 46))
    def change_headcount(self, quantity: int) -> None:
        act, policy = self.world.act("pptk"), self.world.policy
        self.attempt(lambda order: order.propose_quantity(act, line_number=1, quantity=quantity, policy=policy))
        self.attempt(lambda order: order.accept_quantity(self.world.act("vendor_owner")))

    @rule()
    def reissue(self) -> None:
        self.attempt(lambda order: order.reissue(self.world.act("ppk")))

    @rule(nth=st.integers(0, 4))
    def let_the_deadline_pass(self, nth: int) -> None:
        due = self.order.facts.deadline_at
        if due is not None and nth == 0:
            self.world.at = max(self.world.at, due)
        self.attempt(lambda order: order.pass_deadline(self.world.system(), self.world.new_id))

    @rule(hours=st.integers(1, 40))
    def wait(self, hours: int) -> None:
        self.world.at += timedelta(hours=hours)

    @invariant()
    def money_is_right(self) -> None:
        facts = self.order.facts
        total = sum(use.held for use in facts.uses)
        assert total <= facts.total
        for use in facts.uses:
            assert use.held <= use.amount
            line = self.world.lines[use.budget_line_id]
            assert (line.reserved, line.committed, line.accepted, line.paid) == (
                use.reserved,
                use.committed,
                use.accepted,
                use.paid,
            )
        for line in self.world.lines.values():
            assert min(line.reserved, line.committed, line.accepted, line.paid) >= 0
            assert line.used <= line.ceiling - line.blocked
        if facts.signed_at is not None and facts.state not in FINAL:
            owed = sum(line.unit_price * (line.quantity - line.quantity_released) for line in facts.lines)
            assert total == owed - facts.price_cuts
        assert sum(use.accepted + use.paid for use in facts.uses) == facts.handed_over - facts.price_cuts

    @invariant()
    def quantities_are_right(self) -> None:
        for line in self.order.facts.lines:
            assert 0 <= line.quantity_accepted <= line.quantity
            assert self.order.facts.outstanding_of(line) >= 0

    @invariant()
    def final_orders_hold_nothing_open(self) -> None:
        facts = self.order.facts
        if facts.state not in FINAL:
            return
        assert facts.deadline_at is None
        assert all(use.reserved == use.committed == use.accepted == 0 for use in facts.uses)
        if facts.state is OrderState.CLOSED:
            assert sum(use.paid for use in facts.uses) == facts.handed_over - facts.price_cuts
        else:
            assert sum(use.paid for use in facts.uses) == 0

    @invariant()
    def history_follows_the_table(self) -> None:
        states = [change.state for change in self.order.facts.history]
        assert states[0] is OrderState.DRAFT
        assert states[-1] is self.order.facts.state
        assert all(after in TRANSITIONS[before] for before, after in pairwise(states))
        moments = [change.at for change in self.order.facts.history]
        assert moments == sorted(moments)

    @invariant()
    def somebody_is_always_waited_for(self) -> None:
        facts = self.order.facts
        overdue = "PAYMENT_OVERDUE" in facts.flags or "TAX_PROOF_MISSING" in facts.flags
        disputed = any(delivery.disputed for delivery in facts.deliveries)
        if facts.state not in FINAL and not overdue and not disputed:
            assert facts.deadline_at is not None


OneOrder.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestOneOrder = OneOrder.TestCase


def test_facts_are_a_value(world: World) -> None:
    facts = world.to(OrderState.PPK_REVIEW).facts
    assert replace(facts) == facts

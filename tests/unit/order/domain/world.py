"""Builders for the order domain's tests: a region, people, a budget, and orders at any step."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from bela_kit.core.actor import Actor
from bela_kit.core.tenancy import TenantId
from order_service.domain.acts import Act, system_act
from order_service.domain.budget import BudgetLine, BudgetUse
from order_service.domain.order.delivery import Inspection
from order_service.domain.order.order import Draft, Order
from order_service.domain.order.order_line import Buyer, NeedSummary, OrderLine, Seller
from order_service.domain.order.settling import PaymentOrder
from order_service.domain.order.signing import Signature
from order_service.domain.order.state import OrderState
from order_service.domain.order.submission import Quote, Submission
from order_service.domain.rules import PolicyBook, national_rules, regional_rules
from order_service.domain.tax import (
    EntityKind,
    Mechanism,
    NpwpState,
    Payer,
    PriceBasis,
    SupplyType,
    TaxableLine,
    TaxProfile,
    TaxRequest,
    compute_taxes,
)
from order_service.domain.working_time import RegionCalendar

REFERENCE = Path(__file__).resolve().parents[4] / "reference"
TENANT = TenantId("3510")
START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # Monday 09:00 in Banyuwangi


def holidays() -> frozenset[date]:
    document = json.loads((REFERENCE / "holidays.json").read_text(encoding="utf-8"))
    return frozenset(date.fromisoformat(day["date"]) for year in document["years"] for day in year["holidays"])


def actor(role: str, principal: str = "") -> Actor:
    return Actor(principal=principal or f"{role}.3510", role=role, grant_id=f"g-{role}")


PEOPLE = {
    role: actor(role)
    for role in ("requester", "pptk", "pp", "ppk", "kpa", "pa", "bendahara", "lpse_admin", "vendor_owner")
}


@dataclass
class World:
    """One region with a budget, whose clock the test moves."""

    calendar: RegionCalendar
    at: datetime = START
    policy: PolicyBook = field(default_factory=lambda: PolicyBook(national_rules(), regional_rules(TENANT)))
    lines: dict[str, BudgetLine] = field(default_factory=dict)
    ids: Any = field(default_factory=count)
    applied: set[tuple[str, str]] = field(default_factory=set)

    def act(self, who: str | Actor, reason: str = "") -> Act:
        return Act(PEOPLE[who] if isinstance(who, str) else who, self.at, self.calendar, reason)

    def system(self) -> Act:
        return system_act(self.at, self.calendar)

    def new_id(self) -> str:
        return f"id-{next(self.ids)}"

    def budget(self, ceiling: int = 1_000_000_000, line: str = "line-1") -> BudgetLine:
        self.lines[line] = BudgetLine(
            budget_line_id=line,
            tenant=TENANT,
            fiscal_year=2026,
            unit_id="dinkes",
            sub_activity_code="7.02.01.1.06.0009",
            account_code="5.1.02.01.01.0052",
            title=line,
            fund_source="PAD",
            ceiling=ceiling,
        )
        return self.lines[line]

    def flush(self, order: Order) -> list[str]:
        """Apply the order's movements to the lines, as the use case does; gives the names of its events."""
        for movement in order.pull_movements():
            assert (movement.key, movement.budget_line_id) not in self.applied
            self.applied.add((movement.key, movement.budget_line_id))
            self.lines[movement.budget_line_id] = self.lines[movement.budget_line_id].apply(movement)
        for line in self.lines.values():
            assert line.used <= line.ceiling - line.blocked
        return [type(event).__name__ for event in order.pull_events()]

    def seller(self, **changes: Any) -> Seller:
        seller = Seller(
            vendor_id="W1",
            region="3510",
            owner_group_id="G1",
            display_name="Warung A",
            entity_kind=EntityKind.INDIVIDUAL,
            business_class="micro",
            district_code="351005",
            band="C",
            member_principals=frozenset({"vendor_owner.3510"}),
        )
        return replace(seller, **changes)

    def order_line(self, quantity: int = 40, price: int = 18_000, **changes: Any) -> OrderLine:
        line = OrderLine(
            line_number=1,
            product_id="P1",
            title="Kotak kudapan",
            category_code="food.snack_box",
            profile_code="snack_box_standard",
            supply_type=SupplyType.GOODS,
            quantity=quantity,
            unit="kotak",
            unit_price=price,
        )
        return replace(line, **changes)

    def draft(
        self,
        *lines: OrderLine,
        needed_in: timedelta = timedelta(days=10),
        by: str = "pp",
        seller: Seller | None = None,
        need: Mapping[str, Any] | None = None,
        **changes: Any,
    ) -> Order:
        summary = NeedSummary(
            need_id=self.new_id(),
            title="Rapat koordinasi",
            created_by="pptk.3510",
            needed_at=self.at + needed_in,
            served=False,
            district_code="351005",
        )
        draft = Draft(
            order_id=self.new_id(),
            tenant=TENANT,
            need=replace(summary, **(need or {})),
            buyer=Buyer("puskesmas", "Puskesmas", "dinkes", "Dinas Kesehatan"),
            seller=seller or self.seller(),
            lines=lines or (self.order_line(),),
            channel=changes.pop("channel", "local"),
            **changes,
        )
        return Order.draft(self.act(by), draft)

    def submission(self, order: Order, **changes: Any) -> Submission:
        facts = order.facts
        quote = Quote(facts.lines, facts.seller, timedelta(hours=4), self.at + timedelta(days=1))
        if not self.lines:
            self.budget()
        lines = list(self.lines.values())
        part, rest = divmod(facts.total, len(lines))
        uses = tuple(
            BudgetUse(
                line.budget_line_id,
                line.account_code,
                line.sub_activity_code,
                line.fiscal_year,
                part + (rest if index == len(lines) - 1 else 0),
            )
            for index, line in enumerate(lines)
        )
        submission = Submission(quote=quote, uses=uses, policy=self.policy)
        return replace(submission, **changes)

    def submit(self, order: Order, by: str = "pp", **changes: Any) -> Order:
        order.submit(self.act(by), self.submission(order, **changes))
        return order

    def sign(self, order: Order, by: str = "ppk", **changes: Any) -> Order:
        order.sign(self.act(by), Signature(policy=self.policy, document_number="SP/1", **changes))
        return order

    def to(self, state: OrderState, *lines: OrderLine, **changes: Any) -> Order:
        """An order that has come to a state by its ordinary path, its movements applied."""
        order = self.draft(*lines, **changes)
        steps: tuple[tuple[OrderState, Callable[[], object]], ...] = (
            (OrderState.DRAFT, lambda: None),
            (OrderState.PPK_REVIEW, lambda: self.submit(order)),
            (OrderState.SP_ISSUED, lambda: self.sign(order)),
            (OrderState.CONFIRMED, lambda: order.confirm(self.act("vendor_owner"))),
            (OrderState.IN_PROGRESS, lambda: order.start(self.act("vendor_owner"))),
            (OrderState.DELIVERED, lambda: self.deliver(order)),
            (OrderState.INSPECTED, lambda: self.inspect(order)),
            (OrderState.HANDED_OVER, lambda: self.bast(order)),
            (OrderState.INVOICED, lambda: self.invoice(order)),
            (OrderState.PAID, lambda: self.pay(order)),
        )
        for reached, step in steps:
            step()
            if reached is state:
                break
        self.flush(order)
        return order

    def deliver(self, order: Order, quantity: int | None = None, delivery_id: str = "D1") -> Order:
        quantities = {
            line.line_number: quantity if quantity is not None else order.facts.outstanding_of(line)
            for line in order.facts.lines
        }
        order.deliver(self.act("vendor_owner"), delivery_id=delivery_id, quantities=quantities, note_number="SJ/1")
        return order

    def inspect(self, order: Order, delivery_id: str = "D1", damaged: int = 0, **changes: Any) -> Order:
        delivery = next(d for d in order.facts.deliveries if d.delivery_id == delivery_id)
        found = {line.line_number: Inspection(line.quantity - damaged, damaged=damaged) for line in delivery.lines}
        order.inspect(self.act("ppk"), delivery_id, found, **changes)
        return order

    def bast(self, order: Order, delivery_id: str = "D1", notes: str = "") -> Order:
        order.hand_over(self.act("ppk"), delivery_id, handover_id=self.new_id(), number="BAST/1")
        order.countersign(self.act("vendor_owner"), delivery_id, notes=notes)
        return order

    def invoice(self, order: Order, *delivery_ids: str) -> Order:
        ids = delivery_ids or ("D1",)
        order.invoice(self.act("vendor_owner"), ids, invoice_id=self.new_id(), number="INV/1")
        return order

    def payment(self, order: Order, delivery_id: str = "D1", profile: TaxProfile | None = None) -> PaymentOrder:
        delivery = next(d for d in order.facts.deliveries if d.delivery_id == delivery_id)
        assert delivery.handover is not None
        lines = [TaxableLine(order.facts.lines[0].supply_type, delivery.handover.due, PriceBasis.GROSS)]
        profile = profile or TaxProfile(EntityKind.CV, npwp=NpwpState.ACTIVE)
        request = TaxRequest(
            lines,
            profile,
            Payer(),
            self.calendar.day(self.at),
            package_net=order.facts.total,
            earlier=order.earlier_taxes(delivery_id),
            last=order.is_last_payment(delivery_id),
        )
        return PaymentOrder(self.new_id(), compute_taxes(request), "SP2D/1", Mechanism.LS, True, self.policy)

    def pay(self, order: Order, delivery_id: str = "D1") -> Order:
        order.pay(self.act("bendahara"), delivery_id, self.payment(order, delivery_id))
        return order

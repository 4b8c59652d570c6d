"""An order as reporting keeps it: need, seller, money by bucket, handovers, payments, history."""

from dataclasses import dataclass
from datetime import date, datetime

import pydantic

PRIVATE_GROUP = "private_group"


@dataclass(frozen=True, slots=True)
class SellerFacts:
    """The seller as the order knew it. `version` is the business's own, so that the latest copy wins."""

    vendor_id: str
    version: int
    region: str
    owner_group_id: str
    name: str
    entity_kind: str
    business_class: str
    district_code: str
    village_code: str


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One line; `amount_idr` is gross, PPN included."""

    number: int
    product_id: str
    title: str
    category_code: str
    profile_code: str
    quantity: int
    unit: str
    unit_price_idr: int
    amount_idr: int
    quantity_accepted: int


@dataclass(frozen=True, slots=True)
class BudgetUseFacts:
    """What the order holds on one budget line, by bucket (domain.md 6.2)."""

    budget_line_id: str
    account_code: str
    sub_activity_code: str
    fiscal_year: int
    reserved_idr: int
    committed_idr: int
    accepted_idr: int
    paid_idr: int

    @property
    def spent_idr(self) -> int:
        """Reported spend: handed over, whether paid or not."""
        return self.accepted_idr + self.paid_idr


@dataclass(frozen=True, slots=True)
class HandoverFacts:
    """A BAST."""

    handover_id: str
    number: str
    on: date
    value_idr: int
    deemed: bool


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """A payment; what was withheld is not kept, since it tells the seller's tax status."""

    payment_id: str
    on: date
    gross_idr: int
    handover_id: str


@dataclass(frozen=True, slots=True)
class StateFacts:
    """One dated state of the order."""

    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """The whole order after one event. `reason` and names of officials are left behind on purpose."""

    tenant: str
    order_id: str
    version: int
    event: str
    occurred_at: datetime
    state: str
    need_id: str
    need_title: str
    unit_id: str
    unit_name: str
    budget_holder_id: str
    budget_holder_name: str
    seller: SellerFacts
    lines: tuple[LineFacts, ...]
    total_idr: int
    uses: tuple[BudgetUseFacts, ...]
    channel: str
    external_number: str
    rup_code: str
    contract_form: str
    document_number: str
    signed_on: date | None
    needed_at: datetime | None
    district_code: str
    village_code: str
    handovers: tuple[HandoverFacts, ...]
    payments: tuple[PaymentFacts, ...]
    history: tuple[StateFacts, ...]
    suggestion_rank: int
    override_reason: str
    best_unit_price_idr: int | None
    flags: tuple[str, ...]
    payer_kind: str

    @property
    def is_public(self) -> bool:
        """Public once the Surat Pesanan is signed (domain.md 8.2); a private group's purchase is not public money."""
        return self.signed_on is not None and self.payer_kind != PRIVATE_GROUP

    @property
    def spent_idr(self) -> int:
        """Accepted + paid over every budget line: what counts as spend everywhere."""
        return 0 if self.payer_kind == PRIVATE_GROUP else sum(use.spent_idr for use in self.uses)

    @property
    def fiscal_year(self) -> int:
        """Year of the budget it draws on; without a budget line the year it was signed or last changed."""
        if self.uses:
            return self.uses[0].fiscal_year
        return (self.signed_on or self.occurred_at).year

    def paid_on(self, handover: HandoverFacts) -> date | None:
        """Return the day the last rupiah of a handover was paid; None while any is owed.

        A payment that names no handover counts for the only one there is. An order that is `paid` or `closed` owes
        nothing, also where a price cut left less to pay than was handed over.
        """
        only = len(self.handovers) == 1
        payments = [
            payment
            for payment in self.payments
            if payment.handover_id == handover.handover_id or (only and not payment.handover_id)
        ]
        settled = self.state in ("paid", "closed") or sum(one.gross_idr for one in payments) >= handover.value_idr
        return max(payment.on for payment in payments) if payments and settled else None


_adapter = pydantic.TypeAdapter(OrderFacts)


def to_json(facts: OrderFacts) -> str:
    """Return the facts as JSON text."""
    return _adapter.dump_json(facts).decode()


def from_json(text: str) -> OrderFacts:
    """Return the facts that `to_json` wrote."""
    return _adapter.validate_json(text)

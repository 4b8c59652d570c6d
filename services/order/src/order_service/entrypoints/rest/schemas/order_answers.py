"""What an order looks like from outside. Documentation only: `order_views` builds the same shapes as plain data."""

from datetime import date, datetime
from typing import Annotated

from bela_kit.rest import Schema
from pydantic import Field

from order_service.domain.need import PayerKind
from order_service.domain.order.delivery import DeliveryState, VendorSignature
from order_service.domain.order.state import OrderState
from order_service.domain.rules.contract_form import ContractForm
from order_service.domain.tax import Collector, Mechanism, TaxKind

Idr = Annotated[int, Field(ge=0)]


class BuyerView(Schema):
    """The unit that buys and the unit whose budget pays."""

    unit_id: str
    unit_name: str
    budget_holder_id: str
    budget_holder_name: str


class SellerView(Schema):
    """The seller as known when the order was made."""

    vendor_id: str
    region: str
    display_name: str
    entity_kind: str
    business_class: str
    district_code: str


class OrderLineView(Schema):
    """One line; `quantity_released` will not come any more, and its money went back."""

    line_number: int
    product_id: str
    title: str
    category_code: str
    profile_code: str
    quantity: int
    unit: str
    unit_price_idr: Idr
    amount_idr: Idr
    quantity_accepted: int
    quantity_released: int


class StateChangeView(Schema):
    """One dated state."""

    state: OrderState
    at: datetime


class StandingHandoverView(Schema):
    """What everybody may know of a BAST."""

    on: date
    value_idr: Idr
    deemed: bool


class PaymentDayView(Schema):
    """What everybody may know of a payment."""

    on: date


class PublicOrderView(Schema):
    """An order as everybody may read it once it is signed."""

    order_id: str
    version: int
    state: OrderState
    need_id: str
    need_title: str
    buyer: BuyerView
    vendor: SellerView
    lines: list[OrderLineView]
    total_idr: Idr
    channel: str
    external_number: str
    rup_code: str
    contract_form: ContractForm | None
    document_number: str
    signed_on: date | None
    needed_at: datetime
    district_code: str
    village_code: str
    payer_kind: PayerKind
    suggestion_rank: int
    best_unit_price_idr: Idr | None
    override_reason: str
    flags: list[str]
    history: list[StateChangeView]
    handovers: list[StandingHandoverView]
    payments: list[PaymentDayView]


class BudgetUseView(Schema):
    """What an order holds on one budget line, by bucket."""

    budget_line_id: str
    account_code: str
    sub_activity_code: str
    fiscal_year: int
    amount_idr: Idr
    reserved_idr: Idr
    committed_idr: Idr
    accepted_idr: Idr
    paid_idr: Idr


class ProposedQuantityView(Schema):
    """Another headcount that the buyer proposed and the seller has not answered."""

    line_number: int
    quantity: int
    proposed_at: datetime


class DeliveryLineView(Schema):
    """Units of one line on a delivery note, and what was found; null before the inspection."""

    line_number: int
    quantity: int
    good: int | None
    short: int | None
    damaged: int | None
    wrong: int | None


class HandoverView(Schema):
    """A BAST; `deemed` came about by lapse of a deadline."""

    handover_id: str
    number: str
    on: date
    value_idr: Idr
    price_cut_idr: Idr
    vendor_signature: VendorSignature
    notes: str
    deemed: bool


class InvoiceView(Schema):
    """An invoice; `by_system` was built from the BAST."""

    invoice_id: str
    number: str
    on: date
    amount_idr: Idr
    by_system: bool


class TaxLineView(Schema):
    """One tax of a payment."""

    kind: TaxKind
    base_idr: Idr
    amount_idr: int
    collector: Collector
    withheld: bool
    legal_basis: str


class TaxProofView(Schema):
    """Proof that a withheld tax was remitted."""

    kind: TaxKind
    slip_number: str
    ntpn: str
    filed_on: date


class PaymentView(Schema):
    """A payment: gross leaves the budget, received reaches the seller."""

    payment_id: str
    on: date
    gross_idr: Idr
    received_idr: Idr
    reference: str
    mechanism: Mechanism
    late_fee_idr: Idr
    taxes: list[TaxLineView]
    missing_proofs: list[TaxKind]
    proofs: list[TaxProofView]


class DeliveryView(Schema):
    """A delivery with its own inspection, BAST, invoice and payment."""

    delivery_id: str
    sequence: int
    arrived_at: datetime
    note_number: str
    state: DeliveryState
    disputed: bool
    deadline_at: datetime | None
    lines: list[DeliveryLineView]
    handover: HandoverView | None
    invoice: InvoiceView | None
    payment: PaymentView | None


class OrderView(PublicOrderView):
    """An order as those see it who take part in it or watch over it."""

    created_by: str
    chosen_by: str | None
    signer: str | None
    budget_uses: list[BudgetUseView]
    short_path: bool
    choice_reason: str
    deadline_at: datetime | None
    held_until: datetime | None
    proposed_quantity: ProposedQuantityView | None
    deliveries: list[DeliveryView]
    end_reason: str


class OrdersPage(Schema):
    """Orders; each in the part that the caller may see."""

    orders: list[OrderView | PublicOrderView]
    next_page_token: str | None


class BudgetMovementView(Schema):
    """What one step of an order moved on one budget line; negative leaves a bucket."""

    budget_line_id: str
    step: str
    at: datetime
    reserved_idr: int
    committed_idr: int
    accepted_idr: int
    paid_idr: int


class OrderHistory(Schema):
    """Every state of an order; movements of money only for officers of the region."""

    history: list[StateChangeView]
    budget_movements: list[BudgetMovementView]

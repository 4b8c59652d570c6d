"""Everything an order is, as one frozen value: what a repository stores and what every event carries."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bela_kit.core.actor import Actor
from bela_kit.core.tenancy import TenantId

from order_service.domain.budget import BudgetUse
from order_service.domain.order.delivery import Delivery, DeliveryState
from order_service.domain.order.order_line import Buyer, NeedSummary, OrderLine, Seller
from order_service.domain.order.state import WITHOUT_CAPACITY, Deadline, OrderState, StateChange
from order_service.domain.rules.contract_form import ContractForm, ProcurementKind

EVENT_GRACE = timedelta(minutes=15)


class Flag:
    """Flags of an order; a public trace of every rule that was lifted, overridden or met by lapse."""

    COOLING_LIFTED = "COOLING_LIFTED"
    ROTATION_OVERRIDDEN = "ROTATION_OVERRIDDEN"
    ROTATION_BREACH = "ROTATION_BREACH"
    SPLITTING_REVIEW = "SPLITTING_REVIEW"
    SPLITTING_OVERRIDDEN = "SPLITTING_OVERRIDDEN"
    SELF_APPROVED = "SELF_APPROVED"
    ONE_PERSON = "ONE_PERSON"
    DEEMED = "DEEMED"
    DISPUTED = "DISPUTED"
    LATE = "LATE"
    LATE_RECORDED = "LATE_RECORDED"
    COMPLETED_SHORT = "COMPLETED_SHORT"
    TERMINATED_FOR_FAULT = "TERMINATED_FOR_FAULT"
    PAYMENT_OVERDUE = "PAYMENT_OVERDUE"
    TAX_PROOF_MISSING = "TAX_PROOF_MISSING"
    SHORT_PATH = "SHORT_PATH"


@dataclass(frozen=True, slots=True)
class HeadcountProposal:
    """A change of quantity the buyer proposed and the seller has not answered."""

    line_number: int
    quantity: int
    proposed_at: datetime


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """The order.

    Attributes:
        order_id: The order.
        tenant: Buyer's region.
        state: State of its slowest part.
        need: The need it serves.
        buyer: Buyer.
        seller: Seller as known when the order was made.
        lines: Lines of one category.
        uses: What it holds on each budget line; empty for a private group.
        channel: `local`, `bela` or `inaproc`.
        created_by: Who made the draft.
        created_at: When.
        kind: Goods and other services, consultancy, works.
        external_number: SPSE or INAPROC number.
        rup_code: RUP code.
        plan_basis: Basis of the demand plan it is a lot of; `direct` for a single order.
        short_path: Four acts for a small purchase.
        late_recorded: "Catat susulan".
        seller_lead: The seller's lead time.
        chosen_by: Who submitted, that is chose the seller.
        submitted_at: When.
        held_until: Until when the catalog holds capacity.
        signer: Who signed.
        signed_at: When.
        signed_on: Local day of the signature.
        document_number: Number of the Surat Pesanan, SPK, kuitansi or nota.
        contract_form: Which paper.
        suggestion_rank: Rank of the seller in the list shown; 0 if there was none.
        best_unit_price: Cheapest filtered price in that list.
        choice_reason: Reason for a choice below rank 3.
        override_reason: Reason code of an override.
        flags: Public trace.
        deliveries: Deliveries, oldest first.
        history: Every state, oldest first.
        deadline: What the order as a whole waits for; deliveries have their own.
        lapsed_from: State it lapsed from.
        reissued: Whether the one re-issue was used.
        headcount: Open proposal.
        end_reason: Why it ended early.
    """

    order_id: str
    tenant: TenantId
    state: OrderState
    need: NeedSummary
    buyer: Buyer
    seller: Seller
    lines: tuple[OrderLine, ...]
    uses: tuple[BudgetUse, ...]
    channel: str
    created_by: Actor
    created_at: datetime
    kind: ProcurementKind = ProcurementKind.GOODS
    external_number: str = ""
    rup_code: str = ""
    plan_basis: str = "direct"
    short_path: bool = False
    late_recorded: bool = False
    seller_lead: timedelta = timedelta()
    chosen_by: Actor | None = None
    submitted_at: datetime | None = None
    held_until: datetime | None = None
    signer: Actor | None = None
    signed_at: datetime | None = None
    signed_on: date | None = None
    document_number: str = ""
    contract_form: ContractForm | None = None
    suggestion_rank: int = 0
    best_unit_price: int | None = None
    choice_reason: str = ""
    override_reason: str = ""
    flags: tuple[str, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    history: tuple[StateChange, ...] = ()
    deadline: Deadline | None = None
    lapsed_from: OrderState | None = None
    reissued: bool = False
    headcount: HeadcountProposal | None = None
    end_reason: str = ""

    @property
    def total(self) -> int:
        """Gross contract value, PPN included, before withholding."""
        return sum(line.amount for line in self.lines)

    @property
    def category_code(self) -> str:
        """The category all lines share."""
        return self.lines[0].category_code

    @property
    def quantity(self) -> int:
        """Units of all lines together."""
        return sum(line.quantity for line in self.lines)

    @property
    def is_food(self) -> bool:
        """Whether it is eaten on the day; food has shorter deadlines."""
        return self.need.served or any(line.is_food for line in self.lines)

    @property
    def deadline_at(self) -> datetime | None:
        """The next instant at which a deadline job has work, over the order and its deliveries."""
        deadlines = [self.deadline, *(delivery.deadline for delivery in self.deliveries)]
        return min((deadline.due_at for deadline in deadlines if deadline is not None), default=None)

    @property
    def holds_capacity(self) -> bool:
        """Whether the catalog must keep the seller's capacity for it."""
        return self.state not in WITHOUT_CAPACITY

    @property
    def live_deliveries(self) -> tuple[Delivery, ...]:
        """Deliveries that were not rejected."""
        return tuple(delivery for delivery in self.deliveries if delivery.live)

    @property
    def handed_over(self) -> int:
        """Gross value handed over."""
        return sum(
            delivery.handover.value
            for delivery in self.deliveries
            if delivery.handover is not None
            and delivery.state in {DeliveryState.HANDED_OVER, DeliveryState.INVOICED, DeliveryState.PAID}
        )

    @property
    def price_cuts(self) -> int:
        """Cuts of the price after BAST."""
        return sum(delivery.handover.price_cut for delivery in self.deliveries if delivery.handover is not None)

    @property
    def on_time_and_complete(self) -> bool | None:
        """Whether every delivery so far came on time and complete; none before the first BAST."""
        if not any(delivery.handover is not None for delivery in self.deliveries):
            return None
        due = self.need.needed_at - EVENT_GRACE if self.need.served else self.need.needed_at
        return all(delivery.complete and delivery.arrived_at <= due for delivery in self.deliveries)

    def line(self, line_number: int) -> OrderLine:
        """The line with a number; a KeyError if there is none."""
        for line in self.lines:
            if line.line_number == line_number:
                return line
        raise KeyError(line_number)

    def outstanding_of(self, line: OrderLine) -> int:
        """Units of a line still owed: not on any live delivery and not released."""
        coming = sum(delivery.quantity_of(line.line_number) for delivery in self.live_deliveries)
        return line.quantity - line.quantity_released - coming

    @property
    def outstanding(self) -> int:
        """Units still owed."""
        return sum(self.outstanding_of(line) for line in self.lines)

    def value_of(self, quantities: Iterable[tuple[int, int]]) -> int:
        """Gross value of units, given as (line number, units)."""
        return sum(self.line(number).unit_price * quantity for number, quantity in quantities)

    def with_flag(self, *flags: str) -> "OrderFacts":
        """The order with more flags, each at most once."""
        return replace(self, flags=tuple(dict.fromkeys((*self.flags, *flags))))

    def with_delivery(self, changed: Delivery) -> "OrderFacts":
        """The order with one delivery replaced."""
        deliveries = tuple(changed if d.delivery_id == changed.delivery_id else d for d in self.deliveries)
        return replace(self, deliveries=deliveries)

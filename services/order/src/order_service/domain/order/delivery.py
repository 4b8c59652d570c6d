"""A delivery with its own inspection, BAST, invoice and payment; an order may have several (domain.md 7.2)."""

import enum
from dataclasses import dataclass
from datetime import date, datetime

from bela_kit.core.actor import Actor

from order_service.domain.order.state import Deadline
from order_service.domain.tax.facts import EarlierTax, Mechanism
from order_service.domain.tax.result import TaxKind, TaxLine


class DeliveryState(enum.StrEnum):
    """How far one delivery has come; `rejected` had nothing good in it and is replaced."""

    DELIVERED = "delivered"
    INSPECTED = "inspected"
    HANDED_OVER = "handed_over"
    INVOICED = "invoiced"
    PAID = "paid"
    REJECTED = "rejected"


class VendorSignature(enum.StrEnum):
    """How the seller answered the BAST."""

    PENDING = "pending"
    SIGNED = "signed"
    SIGNED_WITH_NOTES = "signed_with_notes"
    NOT_SIGNED = "not_signed"


class Remedy(enum.StrEnum):
    """What happens with units that were not good."""

    RELEASE = "release"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found on one line of a delivery."""

    good: int
    short: int = 0
    damaged: int = 0
    wrong: int = 0

    @property
    def total(self) -> int:
        """Everything that was on the delivery note."""
        return self.good + self.short + self.damaged + self.wrong


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """Units of one order line on one delivery note; no inspection before it took place."""

    line_number: int
    quantity: int
    inspection: Inspection | None = None

    @property
    def good(self) -> int:
        """Good units; before the inspection all of them count as on their way to be good."""
        return self.quantity if self.inspection is None else self.inspection.good


@dataclass(frozen=True, slots=True)
class Handover:
    """A BAST.

    Attributes:
        handover_id: The BAST.
        number: Its number.
        on: Local day of the signer's signature.
        value: Gross value handed over, whole rupiah.
        shares: Part of the value on each budget line; empty until it stands.
        vendor_signature: The seller's answer.
        notes: Words of a seller who signed "dengan catatan".
        deemed: Whether it came about by lapse of a deadline.
        price_cut: Later cut of the price, whole rupiah.
    """

    handover_id: str
    number: str
    on: date
    value: int
    shares: tuple[tuple[str, int], ...] = ()
    vendor_signature: VendorSignature = VendorSignature.PENDING
    notes: str = ""
    deemed: bool = False
    price_cut: int = 0

    @property
    def due(self) -> int:
        """What is to be paid for it."""
        return self.value - self.price_cut


@dataclass(frozen=True, slots=True)
class Invoice:
    """The seller's invoice, or the one the system built from the BAST."""

    invoice_id: str
    number: str
    on: date
    amount: int
    by_system: bool = False
    tax_invoice_on: date | None = None


@dataclass(frozen=True, slots=True)
class TaxProof:
    """Proof that a withheld tax was remitted: bukti potong/pungut from Coretax and NTPN."""

    kind: TaxKind
    slip_number: str
    ntpn: str
    filed_on: date


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment for one delivery; gross leaves the budget, received reaches the seller."""

    payment_id: str
    on: date
    gross: int
    received: int
    taxes: tuple[TaxLine, ...]
    reference: str
    mechanism: Mechanism
    late_fee: int = 0
    proofs: tuple[TaxProof, ...] = ()

    def earlier_taxes(self) -> tuple[EarlierTax, ...]:
        """What a later payment of the same order must know of this one."""
        return tuple(EarlierTax(tax.rule_id, tax.base, tax.amount, tax.gross, tax.paid_before) for tax in self.taxes)

    def missing_proofs(self) -> tuple[TaxKind, ...]:
        """Withheld taxes without a proof yet."""
        filed = {proof.kind for proof in self.proofs}
        kinds = dict.fromkeys(tax.kind for tax in self.taxes if tax.withheld)
        return tuple(kind for kind in kinds if kind not in filed)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery.

    Attributes:
        delivery_id: The delivery.
        sequence: From 1.
        arrived_at: When the goods arrived.
        note_number: Number of the surat jalan.
        recorded_by: Who recorded it.
        lines: What was on the note and what was found.
        state: How far it has come.
        deadline: Until when the next act is waited for.
        inspected_at: When it was inspected.
        inspected_by: By whom; the service itself where it is deemed.
        handover: BAST.
        invoice: Invoice.
        payment: Payment.
        invoice_returned: Whether the treasurer returned the invoice once.
        disputed: Whether an open dispute hangs on the part that was not accepted.
    """

    delivery_id: str
    sequence: int
    arrived_at: datetime
    note_number: str
    recorded_by: Actor
    lines: tuple[DeliveryLine, ...]
    state: DeliveryState = DeliveryState.DELIVERED
    deadline: Deadline | None = None
    inspected_at: datetime | None = None
    inspected_by: Actor | None = None
    handover: Handover | None = None
    invoice: Invoice | None = None
    payment: Payment | None = None
    invoice_returned: bool = False
    disputed: bool = False

    @property
    def live(self) -> bool:
        """Whether it counts: not rejected."""
        return self.state is not DeliveryState.REJECTED

    @property
    def complete(self) -> bool:
        """Whether everything on the note was good."""
        return all(line.good == line.quantity for line in self.lines)

    def quantity_of(self, line_number: int) -> int:
        """Good units of a line, or units not yet inspected."""
        return sum(line.good for line in self.lines if line.line_number == line_number)

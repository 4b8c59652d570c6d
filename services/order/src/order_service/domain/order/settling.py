"""From the BAST to the last rupiah: invoice, return of an invoice, payment, dispute, tax proof, close."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from order_service.domain.acts import Act
from order_service.domain.budget import share_out
from order_service.domain.errors import (
    DeliveryNotAllowedNow,
    InvoiceAmount,
    InvoiceReturnedBefore,
    LateFeeAboveLimit,
    PayoutHeld,
    ReasonRequired,
    TaxCheckRequired,
    TaxMismatch,
    TaxProofInvalid,
)
from order_service.domain.events import OrderClosed, OrderHandedOver, OrderInvoiced, OrderPaid
from order_service.domain.money import rupiah
from order_service.domain.order.deadlines import INVOICE_RETURN_DAYS, delivery_deadline
from order_service.domain.order.delivery import Delivery, DeliveryState, Handover, Invoice, Payment, TaxProof
from order_service.domain.order.facts import Flag, OrderFacts
from order_service.domain.order.fulfilling import Fulfilling
from order_service.domain.order.state import OrderState
from order_service.domain.rules.duties import ESCALATION_ROLES, MAKER_ROLES, TREASURER, check_treasurer, require_role
from order_service.domain.rules.policy_rule import PolicyBook
from order_service.domain.tax.facts import EarlierTax, EntityKind, Mechanism, PriceBasis, TaxableLine, TaxProfile
from order_service.domain.tax.late_fee import CAP, PER_DAY, late_fee
from order_service.domain.tax.result import TaxKind, TaxResult
from order_service.domain.tax.value_added import package_net


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """What the treasurer pays for one delivery.

    Attributes:
        payment_id: The payment.
        taxes: Result of the tax engine for this delivery.
        reference: SP2D or transfer reference.
        mechanism: How the money moves.
        payout_ready: Whether the seller's bank account is checked, as known now.
        policy: The region's rules, for the bounds of the late fee.
        late_fee: Late fee kept back from the seller, whole rupiah.
        npwp_checked: Whether the treasurer settled an unknown tax number by choosing `taxes`.
    """

    payment_id: str
    taxes: TaxResult
    reference: str
    mechanism: Mechanism
    payout_ready: bool
    policy: PolicyBook
    late_fee: int = 0
    npwp_checked: bool = False


class Settling(Fulfilling):
    """Money after the BAST."""

    def invoice(
        self,
        act: Act,
        delivery_ids: Collection[str],
        *,
        invoice_id: str,
        number: str,
        amount: int | None = None,
        tax_invoice_on: date | None = None,
    ) -> None:
        """The seller invoices one or more BASTs; the amount, if given, must be their value."""
        self.require_seller(act.actor)
        self._invoice(
            act, delivery_ids, Invoice(invoice_id, number, act.today, amount or 0, tax_invoice_on=tax_invoice_on)
        )

    def _invoice(self, act: Act, delivery_ids: Collection[str], invoice: Invoice) -> None:
        deliveries = [self._at(one, DeliveryState.HANDED_OVER) for one in dict.fromkeys(delivery_ids)]
        due = sum(_bast(delivery).due for delivery in deliveries)
        if not deliveries or (invoice.amount and invoice.amount != due):
            raise InvoiceAmount
        for delivery in deliveries:
            self._facts = self._facts.with_delivery(
                replace(
                    delivery,
                    state=DeliveryState.INVOICED,
                    invoice=replace(invoice, amount=_bast(delivery).due),
                    deadline=delivery_deadline(self._facts, DeliveryState.INVOICED, act.at, act.calendar),
                )
            )
        self._follow(act)
        self._record(OrderInvoiced, act)

    def return_invoice(self, act: Act, delivery_id: str) -> None:
        """The treasurer returns an invoice with the list of missing papers, once, within three working days."""
        delivery = self._at(delivery_id, DeliveryState.INVOICED)
        require_role(act.actor, {TREASURER})
        if not act.reason.strip():
            raise ReasonRequired("Sebutkan dokumen yang belum lengkap.")
        invoiced_on = delivery.invoice.on if delivery.invoice is not None else act.today
        last_day = act.calendar.add_working_days(invoiced_on, INVOICE_RETURN_DAYS)
        if delivery.invoice_returned or act.today > last_day:
            raise InvoiceReturnedBefore
        self._facts = self._facts.with_delivery(
            replace(
                delivery,
                state=DeliveryState.HANDED_OVER,
                invoice=None,
                invoice_returned=True,
                deadline=delivery_deadline(self._facts, DeliveryState.HANDED_OVER, act.at, act.calendar),
            )
        )
        self._follow(act)
        self._record(OrderHandedOver, act)

    def pay(self, act: Act, delivery_id: str, order: PaymentOrder) -> None:
        """The treasurer pays one delivery; its value goes from accepted to paid, gross of withholdings and late fee."""
        delivery = self._at(delivery_id, DeliveryState.INVOICED)
        self._check_payment(act, delivery, order)
        payment = Payment(
            payment_id=order.payment_id,
            on=act.today,
            gross=order.taxes.gross,
            received=order.taxes.payable - order.late_fee,
            taxes=order.taxes.taxes,
            reference=order.reference,
            mechanism=order.mechanism,
            late_fee=order.late_fee,
        )
        deadline = delivery_deadline(self._facts, DeliveryState.PAID, act.at, act.calendar)
        self._facts = self._facts.with_delivery(
            replace(
                delivery,
                state=DeliveryState.PAID,
                payment=payment,
                deadline=deadline if payment.missing_proofs() else None,
            )
        )
        shares = _bast(delivery).shares
        self._move("pay", {line: {"accepted": -part, "paid": part} for line, part in shares})
        self._follow(act)
        self._record(OrderPaid, act)
        self._close_if_complete(act)

    def _check_payment(self, act: Act, delivery: Delivery, order: PaymentOrder) -> None:
        if self._private:
            require_role(act.actor, MAKER_ROLES, {"coordinator"})
        else:
            check_treasurer(act.actor, signer=self._facts.signer.principal if self._facts.signer else None)
        if not order.payout_ready:
            raise PayoutHeld
        if order.taxes.must_wait and not order.npwp_checked:
            raise TaxCheckRequired
        if order.taxes.gross != _bast(delivery).due or not 0 <= order.late_fee <= order.taxes.payable:
            raise TaxMismatch
        limit = late_fee_limit(self._facts, delivery, order, act)
        if order.late_fee > limit:
            raise LateFeeAboveLimit(f"Denda keterlambatan untuk pengiriman ini paling banyak {rupiah(limit)}.")

    def settle_dispute(self, act: Act, delivery_id: str, *, price_cut: int = 0) -> None:
        """End the dispute on a delivery, with a cut of its price or without; a cut gives accepted money back."""
        delivery = self._delivery(delivery_id)
        require_role(act.actor, {"lpse_admin"}, ESCALATION_ROLES)
        if not delivery.disputed:
            raise DeliveryNotAllowedNow("Tidak ada sengketa pada pengiriman ini.")
        changed = replace(delivery, disputed=False)
        if price_cut:
            changed = self._cut(changed, price_cut)
        self._facts = self._facts.with_delivery(changed)
        if price_cut:
            self._record(OrderPaid if changed.state is DeliveryState.PAID else OrderHandedOver, act)
        else:
            self._touch()
        self._close_if_complete(act)

    def _cut(self, delivery: Delivery, price_cut: int) -> Delivery:
        handover = _bast(delivery)
        unpaid = {DeliveryState.HANDED_OVER, DeliveryState.INVOICED}
        if delivery.state not in unpaid or not 0 < price_cut < handover.due:
            raise DeliveryNotAllowedNow("Potongan harga hanya sebelum pembayaran dan di bawah nilai BAST.")
        cuts = share_out([(line, part, part) for line, part in handover.shares], price_cut) if handover.shares else {}
        shares = tuple((line, part - cuts[line]) for line, part in handover.shares)
        cut = replace(handover, price_cut=handover.price_cut + price_cut, shares=shares)
        invoice = delivery.invoice and replace(delivery.invoice, amount=cut.due)
        self._move("price_cut", {line: {"accepted": -part} for line, part in cuts.items()})
        return replace(delivery, handover=cut, invoice=invoice)

    def file_tax_proof(self, act: Act, delivery_id: str, *, kind: TaxKind, slip_number: str, ntpn: str) -> None:
        """The treasurer files bukti potong/pungut and NTPN of one withheld tax; the last one closes the order."""
        delivery = self._at(delivery_id, DeliveryState.PAID)
        require_role(act.actor, {TREASURER})
        payment = delivery.payment
        if payment is None or kind not in payment.missing_proofs() or not slip_number.strip() or not ntpn.strip():
            raise TaxProofInvalid
        proof = TaxProof(kind, slip_number.strip(), ntpn.strip(), act.today)
        paid = replace(payment, proofs=(*payment.proofs, proof))
        deadline = delivery.deadline if paid.missing_proofs() else None
        self._facts = self._facts.with_delivery(replace(delivery, payment=paid, deadline=deadline))
        self._touch()
        self._close_if_complete(act)

    def _close_if_complete(self, act: Act) -> None:
        if self._facts.state is not OrderState.PAID:
            return
        payments = [delivery.payment for delivery in self._facts.live_deliveries]
        if any(payment is None or payment.missing_proofs() for payment in payments):
            return
        if any(delivery.disputed for delivery in self._facts.deliveries):
            return
        self._close(act)

    def _close(self, act: Act) -> None:
        """Close; the buckets but `paid` are empty, and paid is what was handed over less price cuts (6.2)."""
        uses = self._facts.uses
        assert all(use.reserved == use.committed == use.accepted == 0 for use in uses)
        assert not uses or sum(use.paid for use in uses) == self._facts.handed_over - self._facts.price_cuts
        deliveries = tuple(replace(delivery, deadline=None) for delivery in self._facts.deliveries)
        self._facts = replace(self._facts, deliveries=deliveries)
        self._enter(OrderState.CLOSED, act)
        self._record(OrderClosed, act)

    def taxable_lines(self, delivery_id: str) -> tuple[TaxableLine, ...]:
        """What a delivery is paid for, for the tax engine: good units at the price the buyer pays.

        The basis is always gross: the order's amounts include PPN wherever the seller charges it on the day of the
        tax invoice, and the engine takes it out only there. So a seller who became PKP meanwhile bears the PPN, and
        the sum stays what the budget holds. A price cut is taken from the last lines.
        """
        delivery = self._delivery(delivery_id)
        cut = delivery.handover.price_cut if delivery.handover is not None else 0
        return _gross_lines(self._facts, [(part.line_number, part.good) for part in delivery.lines], cut)

    def earlier_taxes(self, delivery_id: str) -> tuple[tuple[EarlierTax, ...], ...]:
        """What earlier payments of this order computed, one entry per payment, oldest first."""
        paid = [d.payment for d in self._facts.deliveries if d.payment is not None and d.delivery_id != delivery_id]
        paid.sort(key=lambda payment: (payment.on, payment.payment_id))
        return tuple(payment.earlier_taxes() for payment in paid)

    def is_last_payment(self, delivery_id: str) -> bool:
        """Whether nothing is left to pay after this delivery; the last payment takes the rounding rest."""
        others = [delivery for delivery in self._facts.live_deliveries if delivery.delivery_id != delivery_id]
        return self._facts.outstanding == 0 and all(delivery.payment is not None for delivery in others)

    def _flag_overdue(self, act: Act) -> None:
        self._facts = self._facts.with_flag(Flag.PAYMENT_OVERDUE)
        self._touch()


def late_fee_limit(facts: OrderFacts, delivery: Delivery, order: PaymentOrder, act: Act) -> int:
    """The greatest late fee a payment may keep back (domain.md 7.2); days caused by the buyer only lower it.

    It is the fee of the delivery's own days after the due date, and at most the cap's share of what never came: how
    long that was waited for, nobody delivered.
    """
    calendar, net, gross = act.calendar, order.taxes.net, order.taxes.gross
    per_day = order.policy.share("late.fee.per_day", act.today, PER_DAY)
    cap = order.policy.share("late.fee.cap", act.today, CAP)
    days = (calendar.day(delivery.arrived_at) - calendar.day(facts.need.needed_at)).days
    missing = facts.value_of((line.line_number, line.quantity_released) for line in facts.lines)
    missing_net = missing * net // gross if gross else 0
    return late_fee(net, days, per_day=per_day, cap=cap) + missing_net * cap.numerator // cap.denominator


def payable_net(facts: OrderFacts, profile: TaxProfile | None, invoice_on: date) -> int:
    """Net of what an order has been and will be paid for: its part of a package in the test of the Rp2 million limit.

    Units that went back or will not come, and price cuts, are no part of the deal any more (domain.md 5.5).

    Args:
        facts: The order, also another one of the same need or event.
        profile: Its own seller's tax profile: its PKP state says whether PPN is inside the prices.
        invoice_on: Day of the tax invoice.
    """
    coming = [(line.line_number, line.quantity - line.quantity_released) for line in facts.lines]
    lines = _gross_lines(facts, coming, facts.price_cuts)
    return package_net(lines, profile or TaxProfile(EntityKind.OTHER), invoice_on)


def _gross_lines(facts: OrderFacts, units: Sequence[tuple[int, int]], cut: int) -> tuple[TaxableLine, ...]:
    """Units by line number at the price the buyer pays; a price cut is taken from the last lines."""
    lines: list[TaxableLine] = []
    for number, quantity in reversed(units):
        line = facts.line(number)
        whole = line.unit_price * quantity
        off = min(cut, whole)
        cut -= off
        if whole > off:
            lines.append(TaxableLine(line.supply_type, whole - off, PriceBasis.GROSS))
    return tuple(reversed(lines))


def _bast(delivery: Delivery) -> Handover:
    if delivery.handover is None:
        raise DeliveryNotAllowedNow("BAST belum ada.")
    return delivery.handover

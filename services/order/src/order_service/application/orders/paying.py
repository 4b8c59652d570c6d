"""What the treasurer does: pay with every tax, send an invoice back, file the proofs of the taxes withheld."""

from collections.abc import Sequence
from dataclasses import dataclass

from bela_kit.core.ids import new_id

from order_service.application.business_time import BusinessClock
from order_service.application.orders.acting import Acting, act_for_buyer, load_order
from order_service.application.orders.answering import pick
from order_service.application.ports import UnitOfWork
from order_service.domain.acts import Act
from order_service.domain.need import PayerKind
from order_service.domain.order.delivery import Delivery, DeliveryState
from order_service.domain.order.facts import OrderFacts
from order_service.domain.order.order import Order
from order_service.domain.order.settling import PaymentOrder, payable_net
from order_service.domain.tax import (
    EntityKind,
    Funds,
    IndividualCaterer,
    Mechanism,
    Payer,
    TaxKind,
    TaxProfile,
    TaxRequest,
    compute_taxes,
    may_bear_article_21,
)

TREASURERS = ("bendahara",)
MEDIATORS = ("lpse_admin", "pa", "kpa")
_FUNDS = {PayerKind.APBD: Funds.APBD, PayerKind.BOS: Funds.BOS, PayerKind.APBDESA: Funds.APBDESA}


@dataclass(frozen=True, slots=True)
class Pay:
    """A payment of one delivery.

    Attributes:
        delivery_id: What is paid; None takes the oldest invoiced one.
        reference: SP2D or transfer reference.
        mechanism: `LS`, `UP`, `GU`, `TU`, `KKPD` or `QRIS_UP`.
        late_fee_idr: Late fee kept back.
        npwp_checked: Whether the treasurer checked a tax number that is not known here.
        individual_caterer: The region's choice for individual caterers, where it matters.
    """

    delivery_id: str | None
    reference: str
    mechanism: str
    late_fee_idr: int
    npwp_checked: bool
    individual_caterer: str | None


async def pay_delivery(acting: Acting, command: Pay, *, uow: UnitOfWork, clock: BusinessClock) -> Order:
    """Pay one delivery: taxes by the seller's profile of this day, budget from accepted to paid.

    Raises:
        LateFeeAboveLimit: More is kept back for lateness than the late days allow.
        PayoutHeld: The seller's bank account waits for its check.
        TaxCheckRequired: The tax number is not known; the treasurer must check it first.
        DutiesNotSeparated: The treasurer signed the order.
    """
    facts = (await load_order(acting.order_id, uow=uow)).order.facts
    seller = await uow.sellers.get(facts.seller.vendor_id)
    profile = (seller.seller.tax if seller else None) or facts.seller.tax or TaxProfile(EntityKind.OTHER)
    package = await uow.orders.of_package(facts.order_id, facts.need.need_id, facts.need.event_id)
    policy = await uow.policy.book()
    paid_before = 0
    if may_bear_article_21((line.supply_type for line in facts.lines), profile):
        paid_before = await uow.seller_facts.paid_to_individual(facts.seller, clock.today(uow.tenant).year)

    def do(order: Order, act: Act) -> None:
        delivery = pick(order, command.delivery_id, DeliveryState.INVOICED)
        request = _tax_request(order, delivery, command, act, profile, package, paid_before)
        order.pay(
            act,
            delivery.delivery_id,
            PaymentOrder(
                payment_id=str(new_id()),
                taxes=compute_taxes(request),
                reference=command.reference,
                mechanism=Mechanism(command.mechanism),
                payout_ready=seller.payout_ready if seller is not None else True,
                policy=policy,
                late_fee=command.late_fee_idr,
                npwp_checked=command.npwp_checked,
            ),
        )

    return await act_for_buyer(acting, TREASURERS, do, uow=uow, clock=clock)


def _tax_request(
    order: Order,
    delivery: Delivery,
    command: Pay,
    act: Act,
    profile: TaxProfile,
    package: Sequence[OrderFacts],
    paid_before: int,
) -> TaxRequest:
    facts = order.facts
    invoice_on = (delivery.invoice.tax_invoice_on if delivery.invoice else None) or act.today
    choice = IndividualCaterer(command.individual_caterer) if command.individual_caterer else None
    return TaxRequest(
        lines=order.taxable_lines(delivery.delivery_id),
        profile=profile,
        payer=Payer(
            mechanism=Mechanism(command.mechanism),
            funds=_FUNDS.get(facts.need.payer_kind, Funds.APBD),
            individual_caterer=choice or IndividualCaterer.UNDECIDED,
        ),
        paid_on=act.today,
        invoice_on=invoice_on,
        package_net=payable_net(facts, profile, invoice_on)
        + sum(payable_net(each, each.seller.tax, invoice_on) for each in package),
        earlier=order.earlier_taxes(delivery.delivery_id),
        last=order.is_last_payment(delivery.delivery_id),
        individual_gross_this_year=paid_before,
    )


async def settle_dispute(
    acting: Acting, delivery_id: str | None, price_cut_idr: int, *, uow: UnitOfWork, clock: BusinessClock
) -> Order:
    """End the dispute on a delivery, with a cut of its price or without (domain.md 7.2)."""

    def do(order: Order, act: Act) -> None:
        disputed = [d.delivery_id for d in order.facts.deliveries if d.disputed]
        chosen = delivery_id or (disputed[0] if disputed else None)
        order.settle_dispute(act, pick(order, chosen, DeliveryState.HANDED_OVER).delivery_id, price_cut=price_cut_idr)

    return await act_for_buyer(acting, MEDIATORS, do, uow=uow, clock=clock)


async def return_invoice(acting: Acting, delivery_id: str | None, *, uow: UnitOfWork, clock: BusinessClock) -> Order:
    """Send an invoice back with the list of missing papers."""

    def do(order: Order, act: Act) -> None:
        order.return_invoice(act, pick(order, delivery_id, DeliveryState.INVOICED).delivery_id)

    return await act_for_buyer(acting, TREASURERS, do, uow=uow, clock=clock)


@dataclass(frozen=True, slots=True)
class FileTaxProof:
    """Bukti potong/pungut and NTPN of one withheld tax."""

    delivery_id: str | None
    kind: str
    slip_number: str
    ntpn: str


async def file_tax_proof(acting: Acting, command: FileTaxProof, *, uow: UnitOfWork, clock: BusinessClock) -> Order:
    """File the proof of one withheld tax; the last one closes the order."""

    def do(order: Order, act: Act) -> None:
        delivery = pick(order, command.delivery_id, DeliveryState.PAID)
        order.file_tax_proof(
            act, delivery.delivery_id, kind=TaxKind(command.kind), slip_number=command.slip_number, ntpn=command.ntpn
        )

    return await act_for_buyer(acting, TREASURERS, do, uow=uow, clock=clock)

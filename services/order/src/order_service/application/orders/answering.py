"""What the seller does with an order: say yes or no, begin, deliver, countersign the BAST, invoice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bela_kit.core.ids import new_id

from order_service.application.business_time import BusinessClock
from order_service.application.errors import Invalid
from order_service.application.orders.acting import Acting, act_for_buyer, act_for_seller, load_order, sells
from order_service.application.ports import UnitOfWork
from order_service.domain.acts import Act
from order_service.domain.order.delivery import Delivery, DeliveryState
from order_service.domain.order.order import Order
from order_service.domain.rules.duties import RECEIVER_ROLES

RECEIVERS = ("ppk", "kpa", "commitment_signer", "pptk", "pp", "requester")
assert set(RECEIVERS) == RECEIVER_ROLES


async def confirm_order(acting: Acting, *, uow: UnitOfWork, clock: BusinessClock) -> Order:
    """Take the seller's yes."""
    return await act_for_seller(acting, lambda order, act: order.confirm(act), uow=uow, clock=clock)


async def refuse_order(acting: Acting, *, uow: UnitOfWork, clock: BusinessClock) -> Order:
    """Take the seller's no; the commitment goes back in this transaction."""
    return await act_for_seller(acting, lambda order, act: order.refuse(act), uow=uow, clock=clock)


async def start_order(acting: Acting, *, uow: UnitOfWork, clock: BusinessClock) -> Order:
    """Note that the seller began."""
    return await act_for_seller(acting, lambda order, act: order.start(act), uow=uow, clock=clock)


async def deliver_goods(
    acting: Acting, quantities: Mapping[int, int], note_number: str, *, uow: UnitOfWork, clock: BusinessClock
) -> Order:
    """Record a delivery, by the seller or by the receiver."""
    loaded = await load_order(acting.order_id, uow=uow)
    delivery_id = str(new_id())

    def do(order: Order, act: Act) -> None:
        order.deliver(act, delivery_id=delivery_id, quantities=quantities, note_number=note_number)

    if sells(acting.authority, loaded.order.facts.seller.vendor_id) is not None:
        return await act_for_seller(acting, do, uow=uow, clock=clock)
    return await act_for_buyer(acting, RECEIVERS, do, uow=uow, clock=clock)


async def propose_quantity(
    acting: Acting, line_number: int, quantity: int, *, uow: UnitOfWork, clock: BusinessClock
) -> Order:
    """Propose another headcount; nothing moves before the seller agrees."""
    policy = await uow.policy.book()

    def do(order: Order, act: Act) -> None:
        order.propose_quantity(act, line_number=line_number, quantity=quantity, policy=policy)

    return await act_for_buyer(acting, RECEIVERS, do, uow=uow, clock=clock)


async def accept_quantity(acting: Acting, *, uow: UnitOfWork, clock: BusinessClock) -> Order:
    """Take the seller's yes to another headcount; the commitment follows in this transaction."""
    facts = (await load_order(acting.order_id, uow=uow)).order.facts
    if facts.rup_code:
        await uow.orders.serialise(facts.buyer.budget_holder_id, facts.rup_code)
    left = await uow.orders.rup_left(facts.rup_code)
    return await act_for_seller(
        acting, lambda order, act: order.accept_quantity(act, rup_left=left), uow=uow, clock=clock
    )


async def countersign(
    acting: Acting, delivery_id: str | None, notes: str, *, uow: UnitOfWork, clock: BusinessClock
) -> Order:
    """Take the seller's signature on the BAST, with notes or without; on the short path the invoice follows at once."""

    def do(order: Order, act: Act) -> None:
        delivery = pick(order, delivery_id, DeliveryState.INSPECTED)
        order.acknowledge(act, delivery.delivery_id, invoice_id=str(new_id()), notes=notes)

    return await act_for_seller(acting, do, uow=uow, clock=clock)


@dataclass(frozen=True, slots=True)
class SellerInvoice:
    """The seller's invoice over one or more BASTs; none named means all that wait for one."""

    delivery_ids: tuple[str, ...]
    number: str
    amount_idr: int | None
    tax_invoice_on: date | None


async def invoice_order(acting: Acting, command: SellerInvoice, *, uow: UnitOfWork, clock: BusinessClock) -> Order:
    """Take the seller's invoice."""

    def do(order: Order, act: Act) -> None:
        waiting = [d.delivery_id for d in order.facts.deliveries if d.state is DeliveryState.HANDED_OVER]
        order.invoice(
            act,
            command.delivery_ids or waiting,
            invoice_id=str(new_id()),
            number=command.number,
            amount=command.amount_idr,
            tax_invoice_on=command.tax_invoice_on,
        )

    return await act_for_seller(acting, do, uow=uow, clock=clock)


def pick(order: Order, delivery_id: str | None, state: DeliveryState) -> Delivery:
    """Return the delivery that is named, or the oldest one that waits in a state.

    Raises:
        Invalid: None is named and none waits; or the order is asked for one it does not have.
    """
    for delivery in order.facts.deliveries:
        if delivery.delivery_id == delivery_id or (delivery_id is None and delivery.state is state):
            return delivery
    if delivery_id is None:
        raise Invalid("delivery_id", "NO_DELIVERY_WAITS", "Tidak ada pengiriman yang menunggu langkah ini.")
    raise Invalid("delivery_id", "DELIVERY_UNKNOWN", "Pengiriman tidak ditemukan pada pesanan ini.")

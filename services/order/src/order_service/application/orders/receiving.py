"""What the buyer does with goods: inspect them, sign the BAST; on the short path both in one act."""

from collections.abc import Mapping
from dataclasses import dataclass

from bela_kit.core.ids import new_id

from order_service.application.business_time import BusinessClock
from order_service.application.orders.acting import Acting, act_for_buyer, load_order
from order_service.application.orders.answering import RECEIVERS, pick
from order_service.application.ports import UnitOfWork
from order_service.domain.acts import Act
from order_service.domain.order.delivery import DeliveryState, Inspection, Remedy
from order_service.domain.order.order import Order

ESCALATED = ("pa",)
"""After the signer's time has run out KPA or PA act in his place; the order checks whether it has."""


async def inspect_goods(
    acting: Acting,
    delivery_id: str | None,
    found: Mapping[int, Inspection],
    remedy: str,
    *,
    uow: UnitOfWork,
    clock: BusinessClock,
) -> Order:
    """Record what is good, short, damaged and wrong on each line of a delivery."""

    def do(order: Order, act: Act) -> None:
        delivery = pick(order, delivery_id, DeliveryState.DELIVERED)
        order.inspect(act, delivery.delivery_id, found, remedy=Remedy(remedy))

    return await act_for_buyer(acting, (*RECEIVERS, *ESCALATED), do, uow=uow, clock=clock)


async def hand_over(
    acting: Acting, delivery_id: str | None, number: str, *, uow: UnitOfWork, clock: BusinessClock
) -> Order:
    """Sign the buyer's side of the BAST."""
    number = number or await bast_number(acting.order_id, uow=uow, clock=clock)

    def do(order: Order, act: Act) -> None:
        delivery = pick(order, delivery_id, DeliveryState.INSPECTED)
        order.hand_over(act, delivery.delivery_id, handover_id=str(new_id()), number=number)

    return await act_for_buyer(acting, (*RECEIVERS, *ESCALATED), do, uow=uow, clock=clock)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The third act of the short path: delivery, inspection and BAST in one go.

    Attributes:
        delivery_id: A delivery the seller recorded; None records one now.
        found: What was found, by line; empty means everything that is owed came and is good.
        number: Number of the BAST; empty lets the service number it.
        note_number: Number of the surat jalan.
    """

    delivery_id: str | None
    found: Mapping[int, Inspection]
    number: str
    note_number: str


async def receive_goods(acting: Acting, receipt: Receipt, *, uow: UnitOfWork, clock: BusinessClock) -> Order:
    """Receive goods."""
    number = receipt.number or await bast_number(acting.order_id, uow=uow, clock=clock)

    def do(order: Order, act: Act) -> None:
        waiting = [d for d in order.facts.deliveries if d.state is DeliveryState.DELIVERED]
        delivery_id = receipt.delivery_id or (waiting[0].delivery_id if waiting else str(new_id()))
        order.receive(
            act,
            delivery_id=delivery_id,
            handover_id=str(new_id()),
            number=number,
            found=receipt.found or _all_good(order, delivery_id),
            note_number=receipt.note_number,
        )

    return await act_for_buyer(acting, RECEIVERS, do, uow=uow, clock=clock)


def _all_good(order: Order, delivery_id: str) -> dict[int, Inspection]:
    for delivery in order.facts.deliveries:
        if delivery.delivery_id == delivery_id:
            return {line.line_number: Inspection(good=line.quantity) for line in delivery.lines}
    owed = {line.line_number: order.facts.outstanding_of(line) for line in order.facts.lines}
    return {number: Inspection(good=quantity) for number, quantity in owed.items() if quantity}


async def bast_number(order_id: str, *, uow: UnitOfWork, clock: BusinessClock) -> str:
    """Return the next number of a BAST of the order's OPD."""
    facts = (await load_order(order_id, uow=uow)).order.facts
    year = clock.today(uow.tenant).year
    number = await uow.orders.next_number(facts.buyer.budget_holder_id, year, "bast")
    return f"{number:04d}/BAST/{year}"

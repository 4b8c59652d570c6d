"""What happened to an order: frozen, in the past tense, each carrying the whole order as it stands afterwards."""

from dataclasses import dataclass
from datetime import date, datetime

from bela_kit.core.actor import Actor

from order_service.domain.order.facts import OrderFacts


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """Common shape of every order event.

    Attributes:
        order: The order after the event.
        version: Version of the order after the event.
        actor: Who did it.
        occurred_at: When, on the region's clock.
        on: The region's local day of it.
        reason: In words or as a code; empty if none is asked for.
    """

    order: OrderFacts
    version: int
    actor: Actor
    occurred_at: datetime
    on: date
    reason: str = ""


class OrderSubmitted(OrderEvent):
    """Capacity is held, money reserved."""


class OrderReturned(OrderEvent):
    """The signer sent the order back to its maker."""


class OrderSigned(OrderEvent):
    """The commitment signer signed."""


class OrderConfirmed(OrderEvent):
    """The seller said yes, or agreed to another quantity."""


class OrderRefused(OrderEvent):
    """The seller said no."""


class OrderLapsed(OrderEvent):
    """A deadline passed; money and capacity stay held for one re-issue."""


class OrderReissued(OrderEvent):
    """A lapsed order was signed late or issued again."""


class OrderExpired(OrderEvent):
    """A lapsed order was not taken up again."""


class OrderCancelled(OrderEvent):
    """The buyer gave the order up before the seller's yes."""


class OrderStopped(OrderEvent):
    """The rest of a confirmed order will not be delivered: stopped without fault, or terminated for fault."""


class OrderStarted(OrderEvent):
    """The seller began work."""


class OrderDelivered(OrderEvent):
    """Goods arrived."""


class OrderInspected(OrderEvent):
    """A delivery was inspected."""


class OrderHandedOver(OrderEvent):
    """A BAST stands."""


class OrderInvoiced(OrderEvent):
    """The seller invoiced, or the system did for him."""


class OrderPaid(OrderEvent):
    """The treasurer paid, or a price was cut after the BAST."""


class OrderClosed(OrderEvent):
    """Every tax proof is filed, or its deadline passed."""

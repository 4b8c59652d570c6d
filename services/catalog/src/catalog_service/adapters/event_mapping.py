"""Domain events as they leave the catalog."""

from collections.abc import Callable

from bela.catalog.events.v1 import catalog_events_pb2 as pb
from bela.common.v1.actor_pb2 import Actor as ActorMessage
from bela_kit.core.actor import Actor
from bela_kit.core.events import OutgoingEvent
from bela_kit.core.ids import new_id

from catalog_service.domain.product import Happening, ProductEvent
from catalog_service.product_message import product_message

_Message = pb.ProductPublished | pb.ProductChanged | pb.ProductWithdrawn
_TYPES: dict[Happening, Callable[..., _Message]] = {
    Happening.PUBLISHED: pb.ProductPublished,
    Happening.CHANGED: pb.ProductChanged,
    Happening.WITHDRAWN: pb.ProductWithdrawn,
}


def outgoing(event: ProductEvent) -> OutgoingEvent:
    """Return an event ready for the outbox."""
    message = _TYPES[event.happening](product=product_message(event.product), actor=actor_message(event.actor))
    message.occurred_at.FromDatetime(event.occurred_at)
    return OutgoingEvent(
        event_id=new_id(),
        tenant=event.product.tenant,
        aggregate_type="product",
        aggregate_id=event.product.product_id,
        aggregate_version=event.product.version,
        event_name=event.happening.value,
        type=message.DESCRIPTOR.full_name,
        payload=message.SerializeToString(),
        occurred_at=event.occurred_at,
    )


def actor_message(actor: Actor) -> ActorMessage:
    """Return who did something."""
    return ActorMessage(
        principal=actor.principal,
        role=actor.role,
        grant_id=actor.grant_id or "",
        acting_for=actor.acting_for or "",
        on_behalf_of=actor.on_behalf_of or "",
    )

"""Events of other services become use cases here, in the transaction that claims them."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import Context
from datetime import date
from uuid import UUID

from bela.catalog.events.v1.catalog_events_pb2 import ProductPublished
from bela.order.events.v1.order_events_pb2 import OrderHandedOver, OrderLapsed
from bela.order.events.v1.order_pb2 import ORDER_STATE_LAPSED, ORDER_STATE_SP_ISSUED, Order
from bela_kit.core.actor import Actor
from bela_kit.core.tenancy import TenantId, parse_tenant
from bela_kit.events import BadEnvelope, ReceivedEvent
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.application.ports import UnitOfWork
from vendor_service.application.reactions import on_order_handed_over, on_product_published
from vendor_service.application.reviews.activity import on_order_unanswered
from vendor_service.domain.vendor import Moment
from vendor_service.entrypoints.container import Container

React = Callable[[ReceivedEvent, AsyncConnection], Awaitable[None]]


def catalog_reactions(container: Container) -> React:
    """Return what follows from catalog events: the first product on sale."""

    async def react(event: ReceivedEvent, connection: AsyncConnection) -> None:
        if event.type != ProductPublished.DESCRIPTOR.full_name:
            return
        product = ProductPublished.FromString(event.payload).product
        _same_region(event, product.region)
        moment = _moment(container, event, event.tenant, "svc:catalog")
        await on_product_published(UUID(product.vendor_id), moment, uow=container.uow(connection, event.tenant))

    return react


def order_reactions(container: Container) -> React:
    """Return what follows from order events: the first sale, and what an order left unanswered leads to.

    The event stands in the buyer's region, what follows in the seller's: a guest's is done at home, in a transaction of
    its own. It may happen and the claim fail; both are noted once, and a repetition does nothing.
    """

    async def react(event: ReceivedEvent, connection: AsyncConnection) -> None:
        if event.type == OrderHandedOver.DESCRIPTOR.full_name:
            order = OrderHandedOver.FromString(event.payload).order
        elif event.type == OrderLapsed.DESCRIPTOR.full_name:
            order = OrderLapsed.FromString(event.payload).order
        else:
            return
        _same_region(event, order.region)
        if event.type == OrderLapsed.DESCRIPTOR.full_name and not _was_left_unanswered(order):
            return
        home = parse_tenant(order.vendor.region or event.tenant)
        vendor_id = UUID(order.vendor.vendor_id)
        moment = _moment(container, event, home, "svc:order")

        async def follow(uow: UnitOfWork) -> None:
            if event.type == OrderLapsed.DESCRIPTOR.full_name:
                await on_order_unanswered(vendor_id, UUID(order.order_id), moment.today, moment, uow=uow)
            else:
                await on_order_handed_over(vendor_id, _handed_over_on(order, moment.today), moment, uow=uow)

        if home == event.tenant:
            await follow(container.uow(connection, home))
            return

        async def at_home() -> None:
            async with container.transactions(home) as uow:
                await follow(uow)

        await asyncio.create_task(at_home(), context=Context())

    return react


def _same_region(event: ReceivedEvent, region: str) -> None:
    if region != event.tenant:
        raise BadEnvelope(f"payload of region {region} on a subject of region {event.tenant}")


def _moment(container: Container, event: ReceivedEvent, home: TenantId, service: str) -> Moment:
    zone = container.clock.zone(home)
    return Moment(Actor(service, "system"), event.occurred_at, event.occurred_at.astimezone(zone).date())


def _was_left_unanswered(order: Order) -> bool:
    """Say whether it was the seller who did not answer: the letter was issued, and nothing followed but the lapse."""
    states = [change.state for change in order.history]
    return states[-2:] == [ORDER_STATE_SP_ISSUED, ORDER_STATE_LAPSED]


def _handed_over_on(order: Order, otherwise: date) -> date:
    days = [one.on for one in order.handovers if one.HasField("on")]
    return min((date(day.year, day.month, day.day) for day in days), default=otherwise)

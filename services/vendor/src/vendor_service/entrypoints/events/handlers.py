"""Events of other services become use cases here, in the transaction that claims them."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import Context
from datetime import date
from uuid import UUID

from bela.catalog.events.v1.catalog_events_pb2 import ProductPublished
from bela.order.events.v1.order_events_pb2 import OrderHandedOver
from bela.order.events.v1.order_pb2 import Order
from bela_kit.core.actor import Actor
from bela_kit.core.tenancy import TenantId, parse_tenant
from bela_kit.events import BadEnvelope, ReceivedEvent
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.application.reactions import on_order_handed_over, on_product_published
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
    """Return what follows from order events: the first sale.

    The event stands in the buyer's region, the milestone in the seller's: a guest's first sale is marked at home, in a
    transaction of its own. It may happen and the claim fail; marked once, it stays so, and a repetition does nothing.
    """

    async def react(event: ReceivedEvent, connection: AsyncConnection) -> None:
        if event.type != OrderHandedOver.DESCRIPTOR.full_name:
            return
        order = OrderHandedOver.FromString(event.payload).order
        _same_region(event, order.region)
        home = parse_tenant(order.vendor.region or event.tenant)
        vendor_id = UUID(order.vendor.vendor_id)
        moment = _moment(container, event, home, "svc:order")
        on = _handed_over_on(order, moment.today)
        if home == event.tenant:
            await on_order_handed_over(vendor_id, on, moment, uow=container.uow(connection, home))
            return

        async def at_home() -> None:
            async with container.transactions(home) as uow:
                await on_order_handed_over(vendor_id, on, moment, uow=uow)

        await asyncio.create_task(at_home(), context=Context())

    return react


def _same_region(event: ReceivedEvent, region: str) -> None:
    if region != event.tenant:
        raise BadEnvelope(f"payload of region {region} on a subject of region {event.tenant}")


def _moment(container: Container, event: ReceivedEvent, home: TenantId, service: str) -> Moment:
    zone = container.clock.zone(home)
    return Moment(Actor(service, "system"), event.occurred_at, event.occurred_at.astimezone(zone).date())


def _handed_over_on(order: Order, otherwise: date) -> date:
    days = [one.on for one in order.handovers if one.HasField("on")]
    return min((date(day.year, day.month, day.day) for day in days), default=otherwise)

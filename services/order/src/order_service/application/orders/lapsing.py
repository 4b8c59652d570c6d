"""What the service does by itself when a deadline passes: one step for every part of the order that is due."""

from bela_kit.core.ids import new_id

from order_service.application.business_time import BusinessClock
from order_service.application.ports import UnitOfWork
from order_service.domain.acts import system_act
from order_service.domain.errors import DeadlineNotReached
from order_service.domain.order.order import Order


async def pass_deadline(order_id: str, *, uow: UnitOfWork, clock: BusinessClock) -> Order | None:
    """Move an order whose deadline has passed; None if there is nothing to move, so that a job may come twice.

    A job that comes too early is set again: the clock of a demo region can be moved back while the job is on its way.
    """
    loaded = await uow.orders.get(order_id)
    if loaded is None:
        return None
    order = loaded.order
    try:
        order.pass_deadline(system_act(clock.now(uow.tenant), clock.calendar(uow.tenant)), lambda: str(new_id()))
    except DeadlineNotReached:
        await uow.orders.wait_on(order)
        return None
    await uow.orders.save(order)
    return order

"""Ways back and out: return to the maker, cancel, withdraw, issue again, stop what will not come any more."""

from order_service.application.business_time import BusinessClock
from order_service.application.orders.acting import Acting, act_for_buyer
from order_service.application.orders.placing import MAKERS, SIGNERS
from order_service.application.ports import UnitOfWork
from order_service.domain.order.order import Order

APPROVERS = ("pa",)


async def return_order(acting: Acting, *, uow: UnitOfWork, clock: BusinessClock) -> Order:
    """Send an order back to its maker; reserve and capacity are given back."""
    return await act_for_buyer(acting, SIGNERS, lambda order, act: order.return_to_maker(act), uow=uow, clock=clock)


async def cancel_order(acting: Acting, *, uow: UnitOfWork, clock: BusinessClock) -> Order:
    """Give an order up before the seller's yes."""
    # A signer first: after the signature nobody else may, and one person can hold both roles.
    roles = (*SIGNERS, *MAKERS, *APPROVERS)
    return await act_for_buyer(acting, roles, lambda order, act: order.cancel(act), uow=uow, clock=clock)


async def withdraw_order(acting: Acting, *, uow: UnitOfWork, clock: BusinessClock) -> Order:
    """Take a signed order back before the seller answered."""
    return await act_for_buyer(acting, SIGNERS, lambda order, act: order.withdraw(act), uow=uow, clock=clock)


async def reissue_order(acting: Acting, *, uow: UnitOfWork, clock: BusinessClock) -> Order:
    """Ask the same seller again on the same terms, once."""
    return await act_for_buyer(acting, SIGNERS, lambda order, act: order.reissue(act), uow=uow, clock=clock)


async def stop_order(acting: Acting, *, fault: bool, uow: UnitOfWork, clock: BusinessClock) -> Order:
    """End what will not be delivered any more, without fault or for the seller's."""
    roles = (*SIGNERS, *APPROVERS)
    if fault:
        return await act_for_buyer(acting, roles, lambda order, act: order.terminate(act), uow=uow, clock=clock)
    return await act_for_buyer(acting, roles, lambda order, act: order.stop(act), uow=uow, clock=clock)

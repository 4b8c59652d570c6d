"""How somebody acts on an order: load it, find the grant the act rests on, let the order judge, store it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from order_service.application.authority import VENDOR_ROLES, Authority, Held
from order_service.application.business_time import BusinessClock
from order_service.application.errors import NotFound
from order_service.application.judged import LoadedOrder
from order_service.application.ports import UnitOfWork
from order_service.domain.acts import Act
from order_service.domain.order.order import Order

VersionCheck = Callable[[int], None]
"""Compares the version that a caller saw with the stored one; refuses another."""


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts on which order, and why.

    Attributes:
        order_id: The order.
        authority: The caller with his grants in the region.
        check_version: Compares the entity tag of the request.
        reason: In words or as a code.
    """

    order_id: str
    authority: Authority
    check_version: VersionCheck
    reason: str = ""


async def load_order(order_id: str, *, uow: UnitOfWork) -> LoadedOrder:
    """Return an order.

    Raises:
        NotFound: There is none under this id in the region.
    """
    loaded = await uow.orders.get(order_id)
    if loaded is None:
        raise NotFound("Pesanan tidak ditemukan.")
    return loaded


async def act_for_buyer(
    acting: Acting,
    roles: Collection[str],
    do: Callable[[Order, Act], None],
    *,
    uow: UnitOfWork,
    clock: BusinessClock,
) -> Order:
    """Let an officer of the buyer act on an order.

    Raises:
        NotFound: No such order in the region, or the caller acts for a business that is not its seller.
        RoleMissing: The caller holds none of the roles over the order's unit.
    """
    loaded = await load_order(acting.order_id, uow=uow)
    see(loaded, acting.authority)
    actor = acting.authority.act(roles, loaded.scopes)
    return await finish(loaded, acting, Act(actor, clock.now(uow.tenant), clock.calendar(uow.tenant)), do, uow=uow)


async def act_for_seller(
    acting: Acting, do: Callable[[Order, Act], None], *, uow: UnitOfWork, clock: BusinessClock
) -> Order:
    """Let somebody of the order's seller act on it; other sellers do not learn that it exists."""
    loaded = await load_order(acting.order_id, uow=uow)
    see(loaded, acting.authority)
    actor = acting.authority.act(VENDOR_ROLES, {loaded.order.facts.seller.vendor_id})
    return await finish(loaded, acting, Act(actor, clock.now(uow.tenant), clock.calendar(uow.tenant)), do, uow=uow)


def see(loaded: LoadedOrder, authority: Authority) -> None:
    """Refuse a caller for whom the order does not exist: no government role here, and not of its seller."""
    if authority.reads_everything() or sells(authority, loaded.order.facts.seller.vendor_id) is not None:
        return
    raise NotFound("Pesanan tidak ditemukan.")


def sells(authority: Authority, vendor_id: str) -> Held | None:
    """Return the grant by which the caller acts for a business."""
    for held in authority.held:
        if held.role in VENDOR_ROLES and held.scope_id == vendor_id:
            return held
    return None


async def finish(
    loaded: LoadedOrder, acting: Acting, act: Act, do: Callable[[Order, Act], None], *, uow: UnitOfWork
) -> Order:
    """Let the order judge an act, and store what came of it."""
    acting.check_version(loaded.order.version)
    with_reason = Act(act.actor, act.at, act.calendar, acting.reason)
    do(loaded.order, with_reason)
    await uow.orders.save(loaded.order)
    return loaded.order

"""Sign an order: the reserve becomes a commitment, the paper gets its number, the seller is asked."""

from collections.abc import Collection
from dataclasses import dataclass

from order_service.application.authority import Authority
from order_service.application.business_time import BusinessClock
from order_service.application.errors import VendorNotEligible, VersionMismatch
from order_service.application.orders.acting import Acting, load_order, see
from order_service.application.orders.placing import SIGNERS
from order_service.application.ports import UnitOfWork
from order_service.domain.acts import Act
from order_service.domain.need import Need
from order_service.domain.order.order import Order
from order_service.domain.order.signing import Signature
from order_service.domain.rules import PolicyBook, contract_form


@dataclass(frozen=True, slots=True)
class Asked:
    """What the registry was asked about, and what it said.

    Attributes:
        version: Version of the order whose seller and value it was asked about.
        refusals: Why the registry would not let the seller take it; empty if it would.
    """

    version: int
    refusals: tuple[str, ...] = ()


async def prepare_signature(acting: Acting, *, uow: UnitOfWork) -> Order:
    """Return the order whose seller the registry is asked about.

    Raises:
        NotFound: There is no such order.
        RoleMissing: The caller may not sign for the unit.
    """
    loaded = await load_order(acting.order_id, uow=uow)
    see(loaded, acting.authority)
    acting.authority.act(SIGNERS, loaded.scopes)
    acting.check_version(loaded.order.version)
    return loaded.order


async def sign_order(acting: Acting, asked: Asked, *, uow: UnitOfWork, clock: BusinessClock) -> Order:
    """Sign an order, late ones too, once.

    Raises:
        VersionMismatch: The order changed after the registry was asked.
        VendorNotEligible: The registry would not let the seller take it.
        DutiesNotSeparated: The signer chose the seller, or is the treasurer.
        NeedSelfApproval: The signer's own need above the limit of a nota, approved by nobody.
    """
    loaded = await load_order(acting.order_id, uow=uow)
    see(loaded, acting.authority)
    actor = acting.authority.act(SIGNERS, loaded.scopes)
    acting.check_version(loaded.order.version)
    if loaded.order.version != asked.version:
        raise VersionMismatch
    if asked.refusals:
        raise VendorNotEligible(asked.refusals)
    act = Act(actor, clock.now(uow.tenant), clock.calendar(uow.tenant), acting.reason)
    need = await uow.needs.get(loaded.order.facts.need.need_id)
    policy = await uow.policy.book()
    await sign_now(loaded.order, act, policy, acting.authority, loaded.scopes, need, uow=uow)
    await uow.orders.save(loaded.order)
    return loaded.order


async def sign_now(
    order: Order,
    act: Act,
    policy: PolicyBook,
    authority: Authority,
    scopes: Collection[str],
    need: Need | None,
    *,
    uow: UnitOfWork,
) -> None:
    """Number the paper and let the order judge the signature."""
    facts = order.facts
    form = contract_form(facts.total, facts.channel, act.today, policy, kind=facts.kind)
    number = await uow.orders.next_number(facts.buyer.budget_holder_id, act.today.year, form.value)
    approved_by = need.approved_by if need is not None else None
    signature = Signature(
        policy=policy,
        document_number=f"{number:04d}/{form.value.upper().replace('_', '-')}/{act.today.year}",
        roles_held=[held.role for held in authority.held if not held.scope_id or held.scope_id in scopes],
        need_approved_by=approved_by.principal if approved_by is not None else None,
        need_used=await _used_by_own_need(order, act, uow=uow),
    )
    order.sign(act, signature)


async def _used_by_own_need(order: Order, act: Act, *, uow: UnitOfWork) -> int:
    """What other orders of the signer's own need hold: the limit for approving it himself is the whole need's."""
    need = order.facts.need
    if need.created_by != act.actor.principal:
        return 0
    others = await uow.orders.of_package(order.facts.order_id, need.need_id, "")
    return sum(use.held for other in others for use in other.uses)

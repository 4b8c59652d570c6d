"""Submit a draft, or buy by the short path: one hold in the catalog first, then one transaction for everything else."""

from dataclasses import dataclass, replace

from order_service.application.authority import Authority
from order_service.application.business_time import BusinessClock
from order_service.application.errors import VendorNotEligible
from order_service.application.offers import HoldWanted, OfferSheet, OffersWanted, Quote
from order_service.application.orders.acting import Acting, load_order, see
from order_service.application.orders.case import PlacingCase
from order_service.application.orders.judging import Choice, judge
from order_service.application.orders.placing import (
    MAKERS,
    SIGNERS,
    WantedLine,
    check_case,
    hold_wanted,
    load_case,
    maker_act,
    quoted,
)
from order_service.application.orders.signing import sign_now
from order_service.application.ports import CaseSource, UnitOfWork
from order_service.domain.acts import Act
from order_service.domain.errors import OrderNotAllowedNow
from order_service.domain.order.facts import OrderFacts
from order_service.domain.order.order import Order
from order_service.domain.order.state import OrderState


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was read before the catalog is asked, and what it is asked.

    Attributes:
        case: What the order stands on.
        hold: The question to the catalog.
        draft: The draft as it was read; None for an order that does not exist yet.
        version: Its version, which the update must still find.
    """

    case: PlacingCase
    hold: HoldWanted
    draft: OrderFacts | None = None
    version: int = 0

    @property
    def offers(self) -> OffersWanted:
        """Return the question who else could serve the need."""
        need = self.case.need
        return OffersWanted(
            profile_code=need.profile_code,
            quantity=need.quantity,
            needed_on=self.hold.needed_on,
            needed_at=need.needed_at,
            district_code=need.delivery.district_code,
        )


@dataclass(frozen=True, slots=True)
class Answers:
    """What the other services answered before the transaction.

    Attributes:
        quote: Prices and hold.
        sheet: Who else could serve the need; asked only once the rotation limit is met.
        refusals: Why the registry would not let the seller sign; empty if it would, or was not asked.
    """

    quote: Quote
    sheet: OfferSheet | None = None
    refusals: tuple[str, ...] = ()


async def prepare_submission(acting: Acting, *, uow: UnitOfWork, clock: BusinessClock) -> Prepared | None:
    """Read what a submission needs; None if the order is no draft any more, so that nothing must be held.

    Raises:
        NotFound: There is no such order.
        RoleMissing: The caller may not submit for the unit.
    """
    loaded = await load_order(acting.order_id, uow=uow)
    see(loaded, acting.authority)
    acting.authority.act(MAKERS, loaded.scopes)
    facts = loaded.order.facts
    if facts.state is not OrderState.DRAFT:
        return None
    acting.check_version(loaded.order.version)
    case = await load_case(facts.need.need_id, facts.seller.vendor_id, uow=uow)
    act = maker_act(case, acting.authority, MAKERS, clock)
    check_case(case, act)
    lines = [WantedLine(line.product_id, line.quantity) for line in facts.lines]
    return Prepared(case, hold_wanted(facts.order_id, case, lines, act), facts, loaded.order.version)


async def submit_order(
    acting: Acting,
    prepared: Prepared | None,
    answers: Answers | None,
    choice: Choice,
    *,
    uow: UnitOfWork,
    clock: BusinessClock,
) -> Order:
    """Submit a draft: judge it by everything local, hold the money, tell the others.

    Raises:
        AlternativesWanted: The rotation limit is met and the catalog was not asked yet.
        BudgetExceeded: A budget line has too little room.
        Refusal: Any guard of domain.md 7.2.
    """
    if prepared is None or prepared.draft is None or answers is None:
        loaded = await load_order(acting.order_id, uow=uow)
        raise OrderNotAllowedNow(metadata={"state": loaded.order.facts.state.value})
    order = Order(prepared.draft, prepared.version)
    act = maker_act(prepared.case, acting.authority, MAKERS, clock)
    await _submit(order, prepared.case, answers, choice, act, uow=uow)
    await uow.orders.save(order)
    return order


async def _submit(
    order: Order, case: PlacingCase, answers: Answers, choice: Choice, act: Act, *, uow: UnitOfWork
) -> None:
    quote = quoted(case, answers.quote)
    order.submit(act, await judge(case, order.facts, quote, choice, act, answers.sheet, uow=uow))


@dataclass(frozen=True, slots=True)
class Purchase:
    """The first act of the short path: the signer orders and signs in one go (domain.md 7.2)."""

    order_id: str
    need_id: str
    vendor_id: str
    lines: tuple[WantedLine, ...]
    channel: str
    rup_code: str
    choice: Choice


async def prepare_purchase(
    purchase: Purchase, *, uow: CaseSource, clock: BusinessClock, authority: Authority
) -> Prepared | None:
    """Read what a purchase needs; None if it was made before, so that a repetition holds nothing again."""
    case = await load_case(purchase.need_id, purchase.vendor_id, uow=uow, order_id=purchase.order_id)
    if case.made:
        return None
    act = maker_act(case, authority, SIGNERS, clock)
    check_case(case, act)
    return Prepared(case, hold_wanted(purchase.order_id, case, purchase.lines, act))


async def buy(
    purchase: Purchase,
    prepared: Prepared | None,
    answers: Answers | None,
    *,
    uow: UnitOfWork,
    clock: BusinessClock,
    authority: Authority,
) -> Order:
    """Order and sign in one transaction.

    Raises:
        AlternativesWanted: The rotation limit is met and the catalog was not asked yet.
        ShortPathLimit: The total is above the limit of a nota.
        VendorNotEligible: The registry would not let the seller take it.
        Refusal: Any guard of submission and signature.
    """
    if prepared is None or answers is None:
        # Made before under this very key, yet its answer is not kept any more: there is nothing to do twice.
        return (await load_order(purchase.order_id, uow=uow)).order
    if answers.refusals:
        raise VendorNotEligible(answers.refusals)
    case = prepared.case
    act = maker_act(case, authority, SIGNERS, clock)
    draft = case.draft(
        purchase.order_id,
        quoted(case, answers.quote).lines,
        purchase.channel,
        rup_code=purchase.rup_code or case.need.rup_code,
        short_path=True,
    )
    order = Order.draft(act, draft)
    await _submit(order, case, answers, purchase.choice, act, uow=uow)
    await sign_now(order, replace(act, reason=""), case.policy, authority, case.unit.scopes(), case.need, uow=uow)
    await uow.orders.save(order)
    return order

"""Judge a submission by the other orders of the budget holder: rotation, splitting, unsigned limit, RUP sum.

Everything here runs after `Orders.serialise`, so that check and count are one. Whether anybody else could serve the
need is known only to the catalog: a submission that meets the rotation limit is therefore given up, the catalog is
asked outside of the transaction, and it is tried once more with the answer.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import time

from order_service.application.judged import PastOrders, PastWanted
from order_service.application.offers import OfferSheet
from order_service.application.orders.case import PlacingCase
from order_service.application.ports import UnitOfWork
from order_service.application.suggesting import judge_offers
from order_service.domain.acts import Act
from order_service.domain.budget import BudgetUse
from order_service.domain.errors import RotationLimit
from order_service.domain.order.facts import OrderFacts
from order_service.domain.order.submission import Quote, Submission
from order_service.domain.rotation import Alternative, RotationDecision, RotationSettings, judge_rotation
from order_service.domain.rules.override import Override
from order_service.domain.splitting import WINDOW as SPLIT_WINDOW
from order_service.domain.splitting import SplitOrder, SplittingDecision, find_splitting, judge_splitting
from order_service.domain.suggestion import Suggestion

_MIDNIGHT = time(0, 0)


class AlternativesWanted(Exception):
    """The rotation limit is reached if there is anybody to move on to; ask the catalog who is, and try again."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the buyer says about his choice.

    Attributes:
        reason: Reason code for a seller below the third rank, or for orders that look like one package.
        override_reason: Reason code for setting a rule aside; empty if none is.
        override_text: The same in words.
    """

    reason: str = ""
    override_reason: str = ""
    override_text: str = ""


async def judge(
    case: PlacingCase,
    facts: OrderFacts,
    quote: Quote,
    choice: Choice,
    act: Act,
    sheet: OfferSheet | None,
    *,
    uow: UnitOfWork,
) -> Submission:
    """Return what a submission is judged by; the order itself does the rest.

    Raises:
        AlternativesWanted: The catalog must be asked first.
        RotationLimit: Others could serve the need; they are named.
        SplittingReasonRequired: Orders look like one package; a reason is asked for.
        SplittingBlocked: Orders look like one package above the limit of the method.
    """
    await uow.orders.serialise(case.holder.unit.unit_id, facts.rup_code)
    total = sum(line.amount for line in quote.lines)
    uses = (await _with_room_now(case, uow=uow)).uses(total)
    past = await uow.orders.past(_wanted(case, facts, quote, uses, act, every_group=sheet is not None))
    override = _override(choice, case, act)
    known = None if sheet is None else await judge_offers(case.need, sheet, past.counted, case.policy, act, uow=uow)
    placed = replace(facts, lines=quote.lines, uses=uses, seller=quote.seller)
    return Submission(
        quote=quote,
        uses=uses,
        policy=case.policy,
        rotation=_rotation(placed, past, total, override, known),
        splitting=_splitting(placed, past, choice, override, act),
        unsigned_orders=past.unsigned,
        rup_value=past.rup_value,
        rup_used=past.rup_used,
        need_used=past.need_used,
        list_shown=case.list_shown,
        suggestion_rank=case.rank,
        best_unit_price=case.best_unit_price,
        choice_reason=choice.reason,
        override=override,
    )


async def _with_room_now(case: PlacingCase, *, uow: UnitOfWork) -> PlacingCase:
    """Read the lines again where the total is shared out by their room, which others may have taken meanwhile."""
    if len(case.lines) < 2:
        return case
    return replace(case, lines=await uow.budget.get_many(case.lines))


def _wanted(
    case: PlacingCase, facts: OrderFacts, quote: Quote, uses: Sequence[BudgetUse], act: Act, *, every_group: bool
) -> PastWanted:
    """Return which other orders matter; once it is known who else could serve, every group's streak does."""
    group = quote.seller.owner_group_id
    return PastWanted(
        order_id=facts.order_id,
        need_id=facts.need.need_id,
        budget_holder_id=case.holder.unit.unit_id,
        category_code=case.need.category_code,
        year_start=act.calendar.at_local(act.today.replace(month=1, day=1), _MIDNIGHT),
        rup_code=facts.rup_code,
        zone=act.calendar.zone.key,
        owner_group_id=None if every_group else group,
        rotation=RotationSettings(),
        seller_group_id=group,
        event_id=facts.need.event_id,
        sub_activity_code=facts.need.sub_activity_code,
        account_codes=tuple(use.account_code for use in uses),
        total=sum(line.amount for line in quote.lines),
        window_start=act.calendar.at_local(act.today - SPLIT_WINDOW, _MIDNIGHT),
    )


def _override(choice: Choice, case: PlacingCase, act: Act) -> Override | None:
    if not choice.override_reason:
        return None
    approver = case.need.approved_by
    return Override(choice.override_reason, act.actor, choice.override_text, approver)


def _rotation(
    facts: OrderFacts,
    past: PastOrders,
    total: int,
    override: Override | None,
    known: Suggestion | None,
) -> RotationDecision:
    settings = RotationSettings()
    group = facts.seller.owner_group_id
    # As long as nobody asked, assume that there are others enough: no smaller number makes a longer streak.
    eligible: Collection[str] = (group, *(f"?{n}" for n in range(settings.breaking_groups)))
    alternatives: Sequence[Alternative] = (Alternative("", "", 0),)
    if known is not None:
        eligible, alternatives = known.eligible_groups, known.alternatives_to(group)
    try:
        return judge_rotation(
            history=past.counted,
            group=group,
            need_id=facts.need.need_id,
            eligible_groups=eligible,
            alternatives=alternatives,
            total=total,
            settings=settings,
            override=override if known else None,
            plan_lot=facts.plan_basis != "direct",
        )
    except RotationLimit as limit:
        if known is None:
            raise AlternativesWanted from limit
        limit.extra["alternatives"] = [
            {
                "vendor_id": each.vendor_id,
                "display_name": each.display_name,
                "product_id": each.product_id,
                "unit_price_idr": each.unit_price,
                "district_code": each.district_code,
            }
            for each in known.able
            if each.owner_group_id != group
        ]
        raise


def _splitting(
    facts: OrderFacts, past: PastOrders, choice: Choice, override: Override | None, act: Act
) -> SplittingDecision:
    new = SplitOrder(
        order_id=facts.order_id,
        need_id=facts.need.need_id,
        value=facts.total,
        on=act.today,
        budget_holder_id=facts.buyer.budget_holder_id,
        category_code=facts.category_code,
        account_codes=frozenset(use.account_code for use in facts.uses),
        sub_activity_code=facts.need.sub_activity_code,
        owner_group_id=facts.seller.owner_group_id,
        created_by=facts.created_by.principal,
        items=frozenset(line.profile_code for line in facts.lines),
        event_id=facts.need.event_id,
        in_plan=facts.plan_basis != "direct",
    )
    return judge_splitting(find_splitting(new, past.splitting), reason=choice.reason, override=override)

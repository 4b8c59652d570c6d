"""Anti-splitting: orders that together look like one package above a limit (domain.md 10.5).

The unit of judgement is the need, so spreading one need over several sellers is never punished. Nothing here says
"fraud": it asks for a reason, or for an approval one step up.
"""

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from order_service.domain.errors import SplittingBlocked, SplittingReasonRequired
from order_service.domain.money import rupiah
from order_service.domain.rules.override import Override, OverrideReason

WINDOW = timedelta(days=30)
SHORT_SPAN_DAYS = 7
SCORE_BAR = 60
YEAR_LIMIT = 200_000_000


class SplitOutcome(enum.StrEnum):
    """What a flag asks for."""

    REVIEW = "review"
    BLOCKED = "blocked"


THRESHOLDS: tuple[tuple[int, SplitOutcome], ...] = (
    (50_000_000, SplitOutcome.REVIEW),
    (200_000_000, SplitOutcome.BLOCKED),
)


@dataclass(frozen=True, slots=True)
class SplitOrder:
    """What is compared of one order.

    Attributes:
        order_id: The order.
        need_id: Its need.
        value: Gross value, whole rupiah.
        on: Local day of submission.
        budget_holder_id: PA/KPA unit.
        category_code: Level-2 category.
        account_codes: Rekening it draws on.
        sub_activity_code: Sub kegiatan.
        owner_group_id: Owner group of the seller.
        created_by: Principal of its maker.
        items: Product profiles ordered.
        event_id: Dated event; empty if none.
        in_plan: Lots of an approved demand plan are judged with the plan.
    """

    order_id: str
    need_id: str
    value: int
    on: date
    budget_holder_id: str
    category_code: str
    account_codes: frozenset[str]
    sub_activity_code: str
    owner_group_id: str
    created_by: str
    items: frozenset[str]
    event_id: str = ""
    in_plan: bool = False


@dataclass(frozen=True, slots=True)
class SplitFlag:
    """A group of orders that may be one package.

    Attributes:
        threshold: The limit they stay below one by one.
        total: Their sum.
        score: 0 to 90.
        parts: Points by cause.
        order_ids: The orders, oldest first, the new one last.
        outcome: What the threshold asks for at 60 and more.
    """

    threshold: int
    total: int
    score: int
    parts: Mapping[str, int]
    order_ids: tuple[str, ...]
    outcome: SplitOutcome


@dataclass(frozen=True, slots=True)
class SplittingDecision:
    """Flags raised by one order, and what let it pass."""

    found: tuple[SplitFlag, ...] = ()
    flags: tuple[str, ...] = ()


def same_group(new: SplitOrder, old: SplitOrder) -> bool:
    """Whether two orders may be parts of one package: same holder and sub kegiatan, same category or rekening."""
    return (
        old.budget_holder_id == new.budget_holder_id
        and old.sub_activity_code == new.sub_activity_code
        and (old.category_code == new.category_code or bool(old.account_codes & new.account_codes))
    )


def window(new: SplitOrder, others: Iterable[SplitOrder], *, running_supply: bool = False) -> list[SplitOrder]:
    """Earlier orders to sum with the new one, oldest first.

    Left out: orders of the same need (one package, judged as such), lots of demand plans, and orders for another dated
    event. The window is 30 days back; for running supplies the fiscal year.
    """
    first = date(new.on.year, 1, 1) if running_supply else new.on - WINDOW
    members = [
        old
        for old in others
        if old.order_id != new.order_id
        and first <= old.on <= new.on
        and same_group(new, old)
        and old.need_id != new.need_id
        and not old.in_plan
        and not (old.event_id and new.event_id and old.event_id != new.event_id)
    ]
    return sorted(members, key=lambda old: (old.on, old.order_id))


def score(members: Sequence[SplitOrder], threshold: int) -> Mapping[str, int]:
    """Points by cause for a group of orders, the new one included."""
    days = [member.on for member in members]
    near = [member for member in members if 8 * threshold <= 10 * member.value <= 10 * threshold]
    points = {
        "one_owner_group": 40 if len({member.owner_group_id for member in members}) == 1 else 0,
        "short_span": 20 if (max(days) - min(days)).days <= SHORT_SPAN_DAYS else 0,
        "near_threshold": 10 if len(near) >= 2 else 0,
        "same_creator": 10 if len({member.created_by for member in members}) == 1 else 0,
        "equal_items": 10 if len({member.items for member in members}) == 1 else 0,
    }
    return {cause: given for cause, given in points.items() if given}


def find_splitting(
    new: SplitOrder, others: Iterable[SplitOrder], *, running_supply: bool = False
) -> tuple[SplitFlag, ...]:
    """Flags for a new order, one per threshold that every member stays within and the sum passes."""
    if new.in_plan:
        return ()
    members = [*window(new, others, running_supply=running_supply), new]
    total = sum(member.value for member in members)
    flags = []
    for threshold, outcome in THRESHOLDS:
        if total <= threshold or any(member.value > threshold for member in members):
            continue
        parts = score(members, threshold)
        if sum(parts.values()) >= SCORE_BAR:
            ids = tuple(member.order_id for member in members)
            flags.append(SplitFlag(threshold, total, sum(parts.values()), parts, ids, outcome))
    return tuple(flags)


def judge_splitting(
    found: tuple[SplitFlag, ...],
    *,
    reason: str = "",
    override: Override | None = None,
    show_only: bool = False,
) -> SplittingDecision:
    """Let an order pass with what its flags ask for, or refuse it.

    Args:
        found: Flags of `find_splitting`.
        reason: Reason code for a review flag.
        override: Override for a blocking flag.
        show_only: A late recording shows the breach instead of being refused.

    Raises:
        SplittingReasonRequired: A review flag and no reason code.
        SplittingBlocked: A blocking flag and no override.
        OverrideApprovalRequired: An override nobody one step up approved.
    """
    flags: list[str] = []
    if show_only:
        return SplittingDecision(found, ("SPLITTING_REVIEW",) if found else ())
    blocked = [flag for flag in found if flag.outcome is SplitOutcome.BLOCKED]
    if blocked:
        if override is None:
            raise SplittingBlocked(_sentence(blocked[0]), extra=_extra(blocked[0]))
        if override.check_approval():
            flags.append("SELF_APPROVED")
        flags.append("SPLITTING_OVERRIDDEN")
    elif found:
        code = reason or (override.reason if override is not None else "")
        if code not in set(OverrideReason):
            raise SplittingReasonRequired(_sentence(found[0]), extra=_extra(found[0]))
        flags.append("SPLITTING_REVIEW")
    return SplittingDecision(found, tuple(flags))


def _sentence(flag: SplitFlag) -> str:
    return (
        f"{len(flag.order_ids)} pesanan sejenis berjumlah {rupiah(flag.total)}, "
        f"melebihi {rupiah(flag.threshold)} bila dilihat sebagai satu paket."
    )


def _extra(flag: SplitFlag) -> Mapping[str, int | list[str]]:
    return {
        "threshold_idr": flag.threshold,
        "sum_idr": flag.total,
        "score": flag.score,
        "order_ids": list(flag.order_ids),
    }


def annual_notice(values: Sequence[int], limit: int = YEAR_LIMIT) -> int | None:
    """The annual rule: a year's sum of one category and unit that passes the limit by orders each below it, or none."""
    total = sum(values)
    return total if total > limit and all(value < limit for value in values) else None


def bunching(values: Iterable[int], threshold: int) -> bool:
    """The bunching test: ten orders or more just below a threshold, and over three times as many as just above."""
    below = above = 0
    for value in values:
        if 9 * threshold <= 10 * value <= 10 * threshold:
            below += 1
        elif threshold < value <= threshold * 11 // 10:
            above += 1
    return below >= 10 and below > 3 * max(1, above)

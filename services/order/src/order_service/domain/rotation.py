"""Rotation: a budget holder moves on after five orders in a row to one owner group (domain.md 10.1).

The history is every counted order of one budget holder in one category and one fiscal year (local time), from submit;
orders that were returned, refused, expired, cancelled, or stopped before any delivery are not in it. Check and count
must be serialised by the caller per budget holder, category and owner group.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from order_service.domain.errors import RotationLimit
from order_service.domain.rules.override import APPROVAL_ABOVE, Override

COOLING_LIFTED = "COOLING_LIFTED"
ROTATION_OVERRIDDEN = "ROTATION_OVERRIDDEN"
ROTATION_BREACH = "ROTATION_BREACH"
SELF_APPROVED = "SELF_APPROVED"


@dataclass(frozen=True, slots=True)
class RotationSettings:
    """What a region may set: the limit, the groups that break a streak, and how large their orders must be."""

    limit: int = 5
    breaking_groups: int = 3
    breaking_share: Fraction = Fraction(1, 4)


@dataclass(frozen=True, slots=True)
class CountedOrder:
    """One counted order of a budget holder in a category.

    Attributes:
        order_id: The order.
        need_id: Its need; orders of one need to one group count once.
        owner_group_id: Owner group of the seller.
        value: Gross value, whole rupiah.
        submitted_at: When it was submitted; the history is judged in this sequence.
        plan_lot: Lots of a demand plan are exempt.
    """

    order_id: str
    need_id: str
    owner_group_id: str
    value: int
    submitted_at: datetime
    plan_lot: bool = False


@dataclass(frozen=True, slots=True)
class Alternative:
    """A seller able to serve the same need who is not cooled."""

    vendor_id: str
    display_name: str
    unit_price: int
    owner_group_id: str = ""


@dataclass(frozen=True, slots=True)
class RotationDecision:
    """What the rule says about one choice.

    Attributes:
        streak: Orders in a row before this one.
        limit: The limit.
        breaking_groups: `m`; 0 means exempt.
        cooled: Whether the group is at the limit.
        flags: `COOLING_LIFTED`, `ROTATION_OVERRIDDEN` or `SELF_APPROVED` where the choice passes nevertheless.
    """

    streak: int = 0
    limit: int = 5
    breaking_groups: int = 0
    cooled: bool = False
    flags: tuple[str, ...] = field(default=())


def breaking_groups(eligible_groups: Collection[str], settings: RotationSettings) -> int:
    """`m = min(3, groups in eligible(need) - 1)`, never below 0."""
    return max(0, min(settings.breaking_groups, len(set(eligible_groups)) - 1))


def streak_needs(history: Iterable[CountedOrder], group: str, m: int, settings: RotationSettings) -> Mapping[str, int]:
    """The needs of the current streak with their values.

    A break comes when, since the first order of the streak, orders with `m` other groups were placed, each worth at
    least a quarter of the median value of the streak's orders at that moment.
    """
    return _streak(_in_sequence(history), group, m, settings)


def _in_sequence(history: Iterable[CountedOrder]) -> list[CountedOrder]:
    counted = [order for order in history if not order.plan_lot]
    return sorted(counted, key=lambda order: (order.submitted_at, order.order_id))


def _streak(ordered: Sequence[CountedOrder], group: str, m: int, settings: RotationSettings) -> dict[str, int]:
    streak: dict[str, int] = {}
    others: dict[tuple[str, str], int] = {}
    share = settings.breaking_share
    bar = 0
    for order in ordered:
        if order.owner_group_id == group:
            streak[order.need_id] = streak.get(order.need_id, 0) + order.value
            bar = _twice_the_median(streak.values()) * share.numerator
        elif streak:
            place = (order.owner_group_id, order.need_id)
            others[place] = others.get(place, 0) + order.value
            large = {other for (other, _), value in others.items() if 2 * value * share.denominator >= bar}
            if m and len(large) >= m:
                streak, others = {}, {}
    return streak


def _twice_the_median(values: Iterable[int]) -> int:
    """The sum of the two values in the middle: twice the median, so that it stays whole."""
    ordered = sorted(values)
    return ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]


def streak_length(history: Iterable[CountedOrder], group: str, m: int, settings: RotationSettings) -> int:
    """Orders in a row to a group since the last break; orders of one need count once."""
    return len(streak_needs(history, group, m, settings))


def cooled_groups(
    history: Sequence[CountedOrder],
    eligible_groups: Collection[str],
    settings: RotationSettings,
    *,
    need_id: str = "",
) -> frozenset[str]:
    """The groups that have reached the limit, among those eligible for a need; none if there is nobody to rotate to."""
    m = breaking_groups(eligible_groups, settings)
    if m == 0:
        return frozenset()
    ordered = _in_sequence(history)
    needs_of: dict[str, set[str]] = {}
    for order in ordered:
        needs_of.setdefault(order.owner_group_id, set()).add(order.need_id)
    cooled = set()
    for group in set(eligible_groups):
        if len(needs_of.get(group, ())) < settings.limit:
            continue
        needs = _streak(ordered, group, m, settings)
        if len(needs) >= settings.limit and need_id not in needs:
            cooled.add(group)
    return frozenset(cooled)


def judge_rotation(
    *,
    history: Sequence[CountedOrder],
    group: str,
    need_id: str,
    eligible_groups: Collection[str],
    alternatives: Sequence[Alternative],
    total: int,
    settings: RotationSettings,
    override: Override | None = None,
    plan_lot: bool = False,
    show_only: bool = False,
) -> RotationDecision:
    """Judge one choice at submission.

    Args:
        history: Counted orders of this budget holder, category and fiscal year, without this one.
        group: Owner group chosen.
        need_id: The need; a further order of a need already counted does not count again.
        eligible_groups: Owner groups in `eligible(need)`, cooled ones included.
        alternatives: Sellers able to serve this very need, not cooled, at any ring.
        total: Value of the order; above Rp10 million an override needs KPA.
        settings: The region's settings.
        override: Override asked for.
        plan_lot: Lots of a demand plan are exempt.
        show_only: A late recording shows the breach only.

    Raises:
        RotationLimit: The group is cooled and somebody else could serve; the alternatives are in `extra`.
    """
    # The chosen group can serve: its own hold may have made it look full to whoever asked the catalog.
    m = breaking_groups({*eligible_groups, group}, settings)
    needs = streak_needs(history, group, m, settings)
    if plan_lot or m == 0 or len(needs) < settings.limit or need_id in needs:
        return RotationDecision(len(needs), settings.limit, breaking_groups=0 if plan_lot else m)
    if alternatives and override is None and not show_only:
        raise _limit(len(needs), settings.limit, alternatives)
    flags = _passing(alternatives, override, total, show_only=show_only)
    return RotationDecision(len(needs), settings.limit, m, cooled=True, flags=flags)


def _passing(
    alternatives: Sequence[Alternative], override: Override | None, total: int, *, show_only: bool
) -> tuple[str, ...]:
    """Under which flags a cooled group is chosen nevertheless."""
    if not alternatives:
        return (COOLING_LIFTED,)
    if show_only or override is None:
        return (ROTATION_BREACH,)
    override.check()
    if total > APPROVAL_ABOVE and override.check_approval():
        return (SELF_APPROVED, ROTATION_OVERRIDDEN)
    return (ROTATION_OVERRIDDEN,)


def _limit(streak: int, limit: int, alternatives: Sequence[Alternative]) -> RotationLimit:
    named = ", ".join(alternative.display_name for alternative in alternatives[:3])
    return RotationLimit(
        f"Penyedia ini sudah dipilih {streak} kali berturut-turut (batas {limit}). Yang juga sanggup: {named}.",
        metadata={"streak": str(streak), "limit": str(limit)},
        extra={
            "streak": streak,
            "limit": limit,
            "alternatives": [
                {"vendor_id": a.vendor_id, "display_name": a.display_name, "unit_price_idr": a.unit_price}
                for a in alternatives
            ],
        },
    )

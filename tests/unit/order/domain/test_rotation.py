"""Rotation of domain.md 10.1, with every test it names."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bela_kit.core.actor import Actor
from order_service.domain.errors import OverrideApprovalRequired, OverrideInvalid, RotationLimit
from order_service.domain.rotation import (
    Alternative,
    CountedOrder,
    RotationDecision,
    RotationSettings,
    breaking_groups,
    cooled_groups,
    judge_rotation,
    streak_length,
)
from order_service.domain.rules import Override

START = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
SETTINGS = RotationSettings()
ABCD = frozenset("ABCD")
OTHERS = [Alternative(v, f"Warung {v}", 18_000, v) for v in "BCD"]


def orders(*groups: str | tuple[str, int]) -> list[CountedOrder]:
    rows = []
    for index, entry in enumerate(groups):
        group, value = entry if isinstance(entry, tuple) else (entry, 720_000)
        rows.append(CountedOrder(f"o{index:03}", f"n{index:03}", group, value, START + timedelta(days=index)))
    return rows


def judge(history: Sequence[CountedOrder], group: str = "A", **changes: Any) -> RotationDecision:
    facts: dict[str, Any] = {
        "history": history,
        "group": group,
        "need_id": "new",
        "eligible_groups": ABCD,
        "alternatives": OTHERS,
        "total": 720_000,
        "settings": SETTINGS,
    }
    return judge_rotation(**(facts | changes))


def test_sixth_order_in_a_row_is_refused_with_alternatives() -> None:
    assert judge(orders(*"AAAA")).streak == 4
    with pytest.raises(RotationLimit) as refused:
        judge(orders(*"AAAAA"))
    assert refused.value.reason == "ROTATION_LIMIT"
    assert [a["vendor_id"] for a in refused.value.extra["alternatives"]] == ["B", "C", "D"]  # type: ignore[index, union-attr, call-overload]
    assert "Warung B, Warung C, Warung D" in refused.value.detail


def test_six_submits_one_after_the_other_let_exactly_five_pass() -> None:
    history: list[CountedOrder] = []
    passed = 0
    for attempt in range(6):
        try:
            judge(history, need_id=f"need-{attempt}")
        except RotationLimit:
            continue
        passed += 1
        history.append(CountedOrder(f"s{attempt}", f"need-{attempt}", "A", 720_000, START))
    assert passed == 5


def test_three_others_of_a_quarter_of_the_median_open_again() -> None:
    history = orders(*"AAAAA", ("B", 180_000), ("C", 360_000), ("D", 360_000))
    assert judge(history).streak == 0


def test_three_tiny_orders_do_not_help() -> None:
    with pytest.raises(RotationLimit):
        judge(orders(*"AAAAA", ("B", 20_000), ("C", 20_000), ("D", 20_000)))
    with pytest.raises(RotationLimit):
        judge(orders(*"AAAAA", ("B", 179_999), ("C", 360_000), ("D", 360_000)))


def test_two_orders_with_one_other_group_count_as_one_group() -> None:
    with pytest.raises(RotationLimit):
        judge(orders(*"AAAAA", "B", "B", "C"))


def test_stalls_of_one_owner_share_a_streak() -> None:
    # The history carries owner groups, so three stalls of one owner are one group here.
    assert streak_length(orders("A", "A", "A", "A", "A"), "A", 3, SETTINGS) == 5


def test_others_in_between_break_the_streak_as_well() -> None:
    assert streak_length(orders(*"ABACADA"), "A", 3, SETTINGS) == 1


def test_others_before_the_streak_do_not_count() -> None:
    assert streak_length(orders(*"BCDAAAAA"), "A", 3, SETTINGS) == 5


def test_dropped_orders_open_the_streak_again() -> None:
    history = orders(*"AAAAA")
    assert judge(history[:-1]).streak == 4


def test_plan_lots_neither_count_nor_are_refused() -> None:
    lots = [CountedOrder(f"l{i}", f"p{i}", "A", 1, START + timedelta(days=i), plan_lot=True) for i in range(9)]
    assert judge(lots).streak == 0
    judge(orders(*"AAAAA"), plan_lot=True)


def test_orders_of_one_need_count_once() -> None:
    split = [CountedOrder(f"d{i}", "one-need", "A", 100, START + timedelta(days=i)) for i in range(7)]
    assert judge(split).streak == 1
    history = orders(*"AAAAA")
    assert judge(history, need_id=history[0].need_id).streak == 5


@pytest.mark.parametrize(("groups", "m"), [("A", 0), ("AB", 1), ("ABC", 2), ("ABCD", 3), ("ABCDEF", 3), ("", 0)])
def test_breaking_groups_depend_on_who_is_eligible(groups: str, m: int) -> None:
    assert breaking_groups(frozenset(groups), SETTINGS) == m


def test_only_seller_is_exempt() -> None:
    assert judge(orders(*"AAAAAAA"), eligible_groups={"A"}).breaking_groups == 0


def test_with_one_other_group_one_order_opens_again() -> None:
    assert judge(orders(*"AAAAA", "B"), eligible_groups=set("AB")).streak == 0


def test_cooling_is_lifted_and_logged_when_nobody_else_can_serve() -> None:
    decision = judge(orders(*"AAAAA"), alternatives=[])
    assert (decision.cooled, decision.flags) == (True, ("COOLING_LIFTED",))


def _override(reason: str = "only_capacity", approver: str | None = None, by: str = "ppk", text: str = "") -> Override:
    approved = Actor(f"{approver}.1", approver) if approver else None
    return Override(reason, Actor(f"{by}.1", by), text, approved)


def test_override_below_ten_million_needs_only_a_reason() -> None:
    assert judge(orders(*"AAAAA"), override=_override()).flags == ("ROTATION_OVERRIDDEN",)


def test_override_above_ten_million_needs_the_kpa() -> None:
    with pytest.raises(OverrideApprovalRequired):
        judge(orders(*"AAAAA"), override=_override(), total=10_000_001)
    decision = judge(orders(*"AAAAA"), override=_override(approver="kpa"), total=10_000_001)
    assert decision.flags == ("ROTATION_OVERRIDDEN",)


def test_kpa_cannot_approve_his_own_override() -> None:
    with pytest.raises(OverrideApprovalRequired):
        judge(orders(*"AAAAA"), override=_override(by="kpa", approver="kpa"), total=10_000_001)
    judge(orders(*"AAAAA"), override=_override(by="kpa", approver="pa"), total=10_000_001)


def test_pa_passes_alone_with_words_and_is_listed() -> None:
    with pytest.raises(OverrideInvalid):
        judge(orders(*"AAAAA"), override=_override(by="pa"), total=10_000_001)
    decision = judge(orders(*"AAAAA"), override=_override(by="pa", text="Bencana"), total=10_000_001)
    assert decision.flags == ("SELF_APPROVED", "ROTATION_OVERRIDDEN")


@pytest.mark.parametrize(("reason", "text"), [("because", ""), ("other", "  ")])
def test_override_without_a_real_reason_is_refused(reason: str, text: str) -> None:
    with pytest.raises(OverrideInvalid):
        judge(orders(*"AAAAA"), override=_override(reason, text=text))


def test_late_recording_shows_the_breach() -> None:
    assert judge(orders(*"AAAAA"), show_only=True).flags == ("ROTATION_BREACH",)


def test_cooled_groups_are_those_at_the_limit() -> None:
    history = orders(*"AAAAA", "B")
    assert cooled_groups(history, ABCD, SETTINGS) == {"A"}
    assert cooled_groups(history, {"A"}, SETTINGS) == frozenset()

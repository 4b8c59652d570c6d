"""Anti-splitting of domain.md 10.5."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from bela_kit.core.actor import Actor
from order_service.domain.errors import OverrideApprovalRequired, SplittingBlocked, SplittingReasonRequired
from order_service.domain.rules import Override
from order_service.domain.splitting import (
    SplitOrder,
    SplitOutcome,
    annual_notice,
    bunching,
    find_splitting,
    judge_splitting,
    same_group,
)

JT = 1_000_000
DAY = date(2026, 3, 1)


def order(index: int, value: int, *, after: int = 0, **changes: Any) -> SplitOrder:
    base = SplitOrder(
        order_id=f"o{index}",
        need_id=f"n{index}",
        value=value,
        on=DAY + timedelta(days=after),
        budget_holder_id="kec",
        category_code="beverage.bottled_water",
        account_codes=frozenset({"5.1.02.01.01.0052"}),
        sub_activity_code="7.01.01.1.01.0001",
        owner_group_id="G1",
        created_by="pp",
        items=frozenset({"bottled_water_240"}),
    )
    return replace(base, **changes)


WATER = [order(i, value * JT, after=5 * i) for i, value in enumerate((34, 36, 37, 37, 38, 39))]


def test_five_snack_orders_raise_nothing() -> None:
    snacks = [order(i, 720_000, after=i) for i in range(5)]
    assert find_splitting(snacks[-1], snacks[:-1]) == ()


def test_two_orders_five_days_apart_ask_for_a_reason() -> None:
    (flag,) = find_splitting(WATER[1], WATER[:1])
    assert (flag.threshold, flag.total, flag.score, flag.outcome) == (50 * JT, 70 * JT, 80, SplitOutcome.REVIEW)
    with pytest.raises(SplittingReasonRequired):
        judge_splitting((flag,))
    assert judge_splitting((flag,), reason="continuation").flags == ("SPLITTING_REVIEW",)


@pytest.mark.parametrize("index", [2, 3, 4])
def test_third_to_fifth_score_sixty_and_pass_with_a_reason(index: int) -> None:
    (flag,) = find_splitting(WATER[index], WATER[:index])
    assert (flag.threshold, flag.score) == (50 * JT, 60)


def test_sixth_is_blocked_until_an_approved_override() -> None:
    flags = find_splitting(WATER[5], WATER[:5])
    blocked = next(flag for flag in flags if flag.threshold == 200 * JT)
    assert (blocked.total, blocked.score, blocked.outcome) == (221 * JT, 60, SplitOutcome.BLOCKED)
    with pytest.raises(SplittingBlocked) as refused:
        judge_splitting(flags, reason="continuation")
    assert refused.value.extra["sum_idr"] == 221 * JT
    with pytest.raises(OverrideApprovalRequired):
        judge_splitting(flags, override=Override("tender_result", Actor("ppk", "ppk")))
    camat = Override("tender_result", Actor("ppk", "ppk"), approved_by=Actor("camat", "pa"))
    assert judge_splitting(flags, override=camat).flags == ("SPLITTING_OVERRIDDEN",)


def test_year_notice_of_the_water_case() -> None:
    values = [w.value for w in WATER]
    assert annual_notice(values[:5]) is None
    assert annual_notice([*values, 17 * JT]) == 238 * JT
    assert annual_notice([200 * JT, 50 * JT]) is None


def test_near_the_limit_counts_from_two_orders_on() -> None:
    pair = [order(0, 40 * JT), order(1, 50 * JT, after=20)]
    (flag,) = find_splitting(pair[1], pair[:1])
    assert flag.parts == {"one_owner_group": 40, "near_threshold": 10, "same_creator": 10, "equal_items": 10}


def test_spreading_over_sellers_stays_below_the_bar() -> None:
    pair = [order(0, 40 * JT), order(1, 40 * JT, after=20, owner_group_id="G2")]
    assert find_splitting(pair[1], pair[:1]) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"need_id": "n1"},
        {"in_plan": True},
        {"on": DAY - timedelta(days=26)},
        {"budget_holder_id": "other"},
        {"sub_activity_code": "x"},
        {"category_code": "x", "account_codes": frozenset({"y"})},
        {"event_id": "E1"},
    ],
)
def test_orders_outside_the_group_are_not_summed(changes: dict[str, Any]) -> None:
    new = replace(WATER[1], event_id="E2")
    assert find_splitting(new, [replace(WATER[0], **changes)]) == ()


def test_same_rekening_joins_two_categories() -> None:
    assert same_group(WATER[0], replace(WATER[1], category_code="food.packaged"))


def test_orders_of_the_same_event_are_summed() -> None:
    same = [replace(row, event_id="E1") for row in WATER[:2]]
    assert find_splitting(same[1], same[:1])


def test_running_supplies_look_back_to_the_start_of_the_year() -> None:
    old = replace(WATER[0], on=date(2026, 1, 2))
    assert find_splitting(WATER[1], [old]) == ()
    assert find_splitting(WATER[1], [old], running_supply=True)


def test_an_order_above_the_threshold_is_no_splitting() -> None:
    assert find_splitting(order(1, 60 * JT), [order(0, 30 * JT)]) == ()


def test_plan_lots_are_judged_with_their_plan() -> None:
    assert find_splitting(replace(WATER[1], in_plan=True), WATER[:1]) == ()


def test_late_recording_shows_instead_of_refusing() -> None:
    flags = find_splitting(WATER[5], WATER[:5])
    assert judge_splitting(flags, show_only=True).flags == ("SPLITTING_REVIEW",)


def test_bunching_needs_ten_orders_and_three_times_as_many() -> None:
    assert bunching([46 * JT] * 10, 50 * JT)
    assert not bunching([46 * JT] * 9, 50 * JT)
    assert not bunching([46 * JT] * 10 + [51 * JT] * 4, 50 * JT)

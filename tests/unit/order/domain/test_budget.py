from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from order_service.domain.budget import (
    BudgetLine,
    BudgetUse,
    Movement,
    accepted_shares,
    check_codes,
    check_split,
    handover_shares,
    split_over_lines,
)
from order_service.domain.errors import (
    BudgetBucketNegative,
    BudgetExceeded,
    BudgetOvercommitted,
    BudgetSplitInvalid,
    BudgetYearClosed,
    InvalidInput,
)

from .world import World


def move(**changes: int) -> Movement:
    return Movement("o:1:step", "o", "line-1", "step", **changes)


def use(line: str, amount: int, **buckets: int) -> BudgetUse:
    return BudgetUse(line, "5.1.02.01.01.0052", "7.02.01.1.06.0009", 2026, amount, **buckets)


def test_money_runs_through_the_buckets(world: World) -> None:
    line = world.budget(1_000)
    line = line.apply(move(reserved=600)).apply(move(reserved=-600, committed=600))
    line = line.apply(move(committed=-400, accepted=400))
    assert (line.available, line.spend) == (400, 400)
    paid = line.apply(move(accepted=-400, paid=400))
    assert (paid.spend, paid.available) == (400, 400)


def test_reserve_without_room_is_refused_and_says_what_is_left(world: World) -> None:
    line = world.budget(1_000).change_ceiling(ceiling=1_000, blocked=300)
    with pytest.raises(BudgetExceeded) as refused:
        line.apply(move(reserved=701))
    assert refused.value.extra["available_idr"] == 700
    assert line.apply(move(reserved=700)).available == 0


def test_bucket_never_goes_below_zero(world: World) -> None:
    with pytest.raises(BudgetBucketNegative):
        world.budget(1_000).apply(move(committed=-1))


def test_lowered_ceiling_blocks_new_reservations_only(world: World) -> None:
    line = (
        world.budget(1_000).apply(move(reserved=800)).change_ceiling(ceiling=500, blocked=0, budget_version="perubahan")
    )
    assert (line.overcommitted, line.version, line.budget_version) == (True, 2, "perubahan")
    with pytest.raises(BudgetOvercommitted):
        line.apply(move(reserved=1))
    signed = line.apply(move(reserved=-800, committed=800))
    assert signed.overcommitted
    released = signed.apply(move(committed=-400))
    assert (released.overcommitted, released.available) == (False, 100)


@pytest.mark.parametrize(("ceiling", "blocked"), [(-1, 0), (10**15 + 1, 0), (5, 6), (5, -1)])
def test_impossible_ceilings_are_refused(world: World, ceiling: int, blocked: int) -> None:
    with pytest.raises(InvalidInput):
        world.budget().change_ceiling(ceiling=ceiling, blocked=blocked)


@pytest.mark.parametrize(
    ("today", "open_"),
    [(date(2026, 12, 15), True), (date(2026, 12, 16), False), (date(2027, 1, 1), False), (date(2025, 5, 5), False)],
)
def test_year_closes_at_the_cut_off(world: World, today: date, open_: bool) -> None:
    if open_:
        world.budget().check_open(today)
    else:
        with pytest.raises(BudgetYearClosed):
            world.budget().check_open(today)


def test_codes_have_their_shape() -> None:
    check_codes("5.1.02.01.01.0052", "7.02.01.1.06.0009")
    check_codes("5.2.02.05.01.0005", "7.02.01.1.06.09")
    for account, activity in (("4.1.02.01.01.0052", "7.02.01.1.06.0009"), ("5.1.02.01.01.0052", "7.2.1.1.6.9")):
        with pytest.raises(InvalidInput):
            check_codes(account, activity)


@pytest.mark.parametrize("uses", [[], [use("a", 50)], [use("a", 50), use("a", 50)], [use("a", 100), use("b", 0)]])
def test_shares_must_make_up_the_order(uses: list[BudgetUse]) -> None:
    with pytest.raises(BudgetSplitInvalid):
        check_split(uses, 100)


def test_order_is_split_by_weight_with_the_remainder_last() -> None:
    assert split_over_lines(100, [("a", 1), ("b", 1), ("c", 1)]) == {"a": 33, "b": 33, "c": 34}


def test_each_bast_takes_its_share_and_the_last_the_remainder() -> None:
    uses = [use("a", 60, committed=60), use("b", 40, committed=40)]
    first = handover_shares(uses, 33)
    assert first == {"a": 20, "b": 13}
    rest = [u.moved(committed=-first[u.budget_line_id], accepted=first[u.budget_line_id]) for u in uses]
    assert handover_shares(rest, 67) == {"a": 40, "b": 27}
    assert accepted_shares(rest, 33) == first


def test_more_than_the_commitment_cannot_be_handed_over() -> None:
    with pytest.raises(BudgetBucketNegative):
        handover_shares([use("a", 60, committed=50)], 51)
    with pytest.raises(BudgetBucketNegative):
        accepted_shares([use("a", 60, accepted=50)], 51)


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=6), st.lists(st.integers(1, 100), min_size=1, max_size=6))
def test_basts_of_any_sizes_use_up_every_line_exactly(amounts: list[int], weights: list[int]) -> None:
    uses = [use(str(i), amount, committed=amount) for i, amount in enumerate(amounts)]
    left = sum(amounts)
    for index in range(len(weights)):
        value = left if index == len(weights) - 1 else left * weights[index] // (sum(weights) + 1)
        shares = handover_shares(uses, value)
        assert sum(shares.values()) == value
        uses = [u.moved(committed=-shares[u.budget_line_id], accepted=shares[u.budget_line_id]) for u in uses]
        left -= value
    assert all(u.committed == 0 and u.accepted == u.amount for u in uses)


buckets = st.sampled_from(["reserved", "committed", "accepted", "paid"])


@given(st.lists(st.tuples(buckets, st.integers(-500, 500), buckets, st.integers(-500, 500)), max_size=40))
def test_line_holds_its_invariant_after_any_movements(steps: list[tuple[str, int, str, int]]) -> None:
    line = BudgetLine("line-1", "3510", 2026, "u", "s", "a", "t", "PAD", ceiling=1_000, blocked=100)  # type: ignore[arg-type]
    for first, one, second, two in steps:
        changes: dict[str, Any] = {first: one}
        changes[second] = changes.get(second, 0) + two
        try:
            line = line.apply(move(**changes))
        except (BudgetExceeded, BudgetBucketNegative):
            continue
        assert min(line.reserved, line.committed, line.accepted, line.paid) >= 0
        assert line.used <= line.ceiling - line.blocked

"""Vectors of domain.md 10.1, null rules, and properties that hold for any population."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reporting_service.measures import (
    effective_number,
    gini,
    hhi,
    ratio,
    reach,
    theil,
    theil_decomposition,
    top_share,
)

spends = st.lists(st.integers(0, 10**13), min_size=1, max_size=40)


def test_four_unequal_groups() -> None:
    values = [10, 20, 30, 40]
    assert gini(values) == 0.25
    assert hhi(values) == 3000
    assert theil(values) == pytest.approx(0.106440, abs=5e-7)


def test_one_group_sells_everything() -> None:
    assert gini([0, 0, 0, 100]) == 0.75


def test_equal_groups_are_exactly_even() -> None:
    assert gini([1, 1, 1, 1]) == 0
    assert theil([7, 7, 7]) == 0
    assert effective_number([5, 5, 5, 5]) == 4


def test_theil_of_two_places_splits_within_and_between() -> None:
    split = theil_decomposition({"A": [40, 20], "B": [10, 10, 0]})
    assert split is not None
    assert split.total == pytest.approx(0.396430, abs=5e-7)
    assert split.within == pytest.approx(0.143841, abs=5e-7)
    assert split.between == pytest.approx(0.252589, abs=5e-7)


def test_gorontalo_like_concentration() -> None:
    values = [1_000_000_000] + [3_000_000_000 // 299] * 299
    assert gini(values) == pytest.approx(0.2467, abs=5e-5)
    assert round(hhi(values) or 0) == 644
    assert effective_number(values) == pytest.approx(15.5, abs=0.05)


@pytest.mark.parametrize("measure", [gini, hhi, theil, effective_number])
@pytest.mark.parametrize("values", [[], [0], [0, 0, 0]])
def test_nobody_or_nothing_sold_is_null(measure, values) -> None:
    assert measure(values) is None


def test_a_single_seller_is_even_and_fully_concentrated() -> None:
    assert gini([123]) == 0
    assert theil([123]) == 0
    assert hhi([123]) == 10_000


def test_negative_spend_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        gini([-1, 2])


def test_place_without_spend_adds_nothing_and_place_without_groups_is_left_out() -> None:
    plain = theil_decomposition({"A": [40, 20], "B": [0, 0]})
    with_empty = theil_decomposition({"A": [40, 20], "B": [0, 0], "C": []})
    assert plain is not None and with_empty is not None
    assert plain == with_empty
    assert plain.shares["B"].theil is None
    assert plain.between == pytest.approx(math.log(2))
    assert theil_decomposition({"A": [0], "B": []}) is None


def test_reach_and_shares() -> None:
    assert reach([0, 0, 5, 1]) == 0.5
    assert reach([]) is None
    assert ratio(26, 214) == pytest.approx(0.1215, abs=5e-5)
    assert ratio(1, 0) is None
    assert top_share([10, 20, 30, 40], 1) == 0.4
    assert top_share([10, 20, 30, 40], 5) == 1
    assert top_share([0], 1) is None


@given(spends)
def test_bounds_and_scale(values: list[int]) -> None:
    index = gini(values)
    if sum(values) == 0:
        assert index is None
        return
    count = len(values)
    assert index is not None
    assert -1e-12 <= index <= (count - 1) / count + 1e-12
    assert gini([value * 3 for value in values]) == pytest.approx(index, abs=1e-12)
    concentration = hhi(values) or 0
    assert 10_000 / count - 1e-6 <= concentration <= 10_000 + 1e-6
    assert (theil(values) or 0) <= math.log(count) + 1e-9


@given(st.dictionaries(st.sampled_from("abcde"), st.lists(st.integers(0, 10**12), max_size=8), min_size=1))
def test_decomposition_sums_to_the_whole(places: dict[str, list[int]]) -> None:
    split = theil_decomposition(places)
    everyone = [value for values in places.values() for value in values]
    if split is None:
        assert sum(everyone) == 0
        return
    assert split.within + split.between == pytest.approx(split.total, abs=1e-9)
    assert split.total == pytest.approx(theil(everyone), abs=1e-12)

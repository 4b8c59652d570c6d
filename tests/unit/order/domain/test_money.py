import pytest
from hypothesis import given
from hypothesis import strategies as st
from order_service.domain.budget import share_out
from order_service.domain.money import Rate, round_half_up, rupiah, split_by_weight

amounts = st.integers(min_value=0, max_value=10**13)


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"), [(1, 2, 1), (3, 2, 2), (149, 100, 1), (150, 100, 2), (0, 7, 0)]
)
def test_half_is_rounded_up(numerator: int, denominator: int, expected: int) -> None:
    assert round_half_up(numerator, denominator) == expected


def test_rounding_by_zero_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="positive"):
        round_half_up(1, 0)


def test_negative_rate_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="negative"):
        Rate(-1, 2)


@given(amounts, st.integers(1, 10**4), st.integers(1, 10**4))
def test_rounding_is_never_off_by_more_than_half(amount: int, numerator: int, denominator: int) -> None:
    rounded = Rate(numerator, denominator).of(amount)
    assert abs(2 * (rounded * denominator - amount * numerator)) <= denominator


@given(amounts, st.lists(st.integers(0, 10**9), max_size=12))
def test_split_parts_are_not_negative_and_add_up(total: int, weights: list[int]) -> None:
    parts = split_by_weight(total, weights)
    assert all(part >= 0 for part in parts)
    assert sum(parts) == (total if sum(weights) else 0)


@given(st.lists(st.tuples(st.integers(1, 10**9), st.integers(0, 10**9)), min_size=1, max_size=8), st.data())
def test_shares_add_up_and_stay_within_their_room(rooms: list[tuple[int, int]], data: st.DataObject) -> None:
    whole = sum(room for _, room in rooms)
    value = data.draw(st.integers(0, whole))
    named = [(str(index), weight, room) for index, (weight, room) in enumerate(rooms)]
    shares = share_out(named, value)
    assert sum(shares.values()) == value
    assert all(0 <= shares[name] <= room for name, _, room in named)


def test_amounts_are_written_with_points() -> None:
    assert rupiah(1_250_000) == "Rp1.250.000"

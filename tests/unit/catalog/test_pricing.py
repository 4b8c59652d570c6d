import pytest
from catalog_service.domain.pricing import below_half_the_median, median_times_two, ppn_inside
from catalog_service.domain.reference import SupplyType
from hypothesis import given
from hypothesis import strategies as st

OFFERS = [25_000, 26_000, 26_500, 29_000]


@pytest.mark.parametrize(
    ("price", "others", "suspicious"),
    [
        (1_000, OFFERS, True),
        (12_999, OFFERS, True),
        (13_000, OFFERS, False),
        (24_000, OFFERS, False),
        (1, [], False),
        (1, [100], True),
        (34, [100], False),
        (33, [100], True),
    ],
)
def test_a_price_is_compared_with_half_the_median_of_all_offers_and_its_own(
    price: int, others: list[int], suspicious: bool
) -> None:
    assert below_half_the_median(price, others) is suspicious


def test_the_median_of_an_even_number_stays_whole() -> None:
    assert median_times_two([1, 2]) == 3
    assert median_times_two([5, 1, 3]) == 6


@given(st.lists(st.integers(1, 10**12), min_size=1), st.integers(1, 10**12))
def test_no_offer_above_all_others_is_suspicious(others: list[int], more: int) -> None:
    assert not below_half_the_median(max(others) + more, others)


@pytest.mark.parametrize(
    ("supply", "pkp", "inside"),
    [
        (SupplyType.GOODS, True, True),
        (SupplyType.GOODS, False, False),
        (SupplyType.CATERING, True, False),
        (SupplyType.RESTAURANT, True, False),
        (SupplyType.RICE, True, False),
        (SupplyType.EXEMPT_GOODS, True, False),
        (SupplyType.PACKAGED_FOOD, True, True),
        (SupplyType.SERVICE_LISTED, True, True),
    ],
)
def test_ppn_is_inside_the_price_of_a_pkp_for_taxable_supplies(supply: SupplyType, pkp: bool, inside: bool) -> None:
    assert ppn_inside(supply, pkp=pkp) is inside

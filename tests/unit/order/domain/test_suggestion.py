"""The suggestion of domain.md 10.1: its vector, the price rule, filters, rings, rotation in the list."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from order_service.domain.rotation import CountedOrder
from order_service.domain.suggestion import (
    Ask,
    Candidate,
    Market,
    MarketSeller,
    NearnessMode,
    Record,
    Ring,
    Suggestion,
    SuggestionRequest,
    SuggestionSettings,
    suggest,
)
from order_service.domain.suggestion.nearness import ring_of, widest_ring
from order_service.domain.suggestion.price_rule import price_limit
from order_service.domain.suggestion.score import hundredths, quality, tie_break

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
MUNCAR, CLURING, LICIN, FAR = "351005", "351006", "351024", "190401"
TEMBOKREJO = "3510052005"
ADJACENCY = {MUNCAR: frozenset({CLURING})}


def candidate(vendor: str, price: int, **changes: Any) -> Candidate:
    base = Candidate(
        product_id=f"P-{vendor}",
        vendor_id=vendor,
        owner_group_id=f"G-{vendor}",
        display_name=f"Warung {vendor}",
        title="Nasi kotak",
        category_code="food.meal_box",
        profile_code="meal_box_standard",
        unit="kotak",
        unit_price=price,
        capacity_per_day=200,
        free_capacity=200,
        capacity_confirmed=True,
        lead_time=timedelta(hours=4),
        district_code=MUNCAR,
        village_code="3510052001",
    )
    return replace(base, **changes)


def w1(**changes: Any) -> Candidate:
    record = Record(good=38, deliveries=40, handed_over=40)
    return candidate("W1", 25_000, village_code=TEMBOKREJO, record=record, **changes)


def w2(**changes: Any) -> Candidate:
    record = Record(good=9, deliveries=10, handed_over=10)
    return candidate("W2", 26_000, capacity_per_day=150, free_capacity=150, record=record, **changes)


def w3(**changes: Any) -> Candidate:
    return candidate("W3", 26_500, district_code=CLURING, village_code="3510062001", **changes)


def w4(**changes: Any) -> Candidate:
    return candidate("W4", 29_000, district_code=CLURING, capacity_per_day=150, free_capacity=150, **changes)


MARKET = Market(
    sellers=[
        MarketSeller("W1", "G-W1", MUNCAR, 200),
        MarketSeller("W2", "G-W2", MUNCAR, 150),
        MarketSeller("W3", "G-W3", CLURING, 200),
        MarketSeller("W4", "G-W4", CLURING, 150),
    ],
    group_spend={"G-W1": 40_000_000, "G-W2": 10_000_000},
    category_spend=50_000_000,
    district_spend={MUNCAR: 75_000_000, CLURING: 25_000_000},  # kd 0 in Muncar, 0.5 in Cluring
)
ASK = Ask(
    need_id="need-1",
    tenant="3510",
    category_code="food.meal_box",
    profile_code="meal_box_standard",
    quantity=150,
    needed_at=NOW + timedelta(days=7),
    now=NOW,
    district_code=MUNCAR,
    village_code=TEMBOKREJO,
)


def run(candidates: Sequence[Candidate], ask: Ask = ASK, **changes: Any) -> Suggestion:
    request = SuggestionRequest(ask, candidates, MARKET, ADJACENCY)
    return suggest(replace(request, **changes))


def scores(suggestion: Suggestion) -> dict[str, int]:
    return {row.candidate.vendor_id: row.score_hundredths for row in suggestion.listed}


def reasons(suggestion: Suggestion) -> dict[str, str]:
    return {row.candidate.vendor_id: row.reason for row in suggestion.rejected}


VECTOR = {"W3": 8302, "W1": 6400, "W2": 5985}


def test_vector() -> None:
    found = run([w1(), w2(), w3(), w4()])
    assert scores(found) == VECTOR
    assert [row.candidate.vendor_id for row in found.listed] == ["W3", "W1", "W2"]
    assert reasons(found) == {"W4": "PRICE_ABOVE_LIMIT"}
    assert found.price_limit is not None
    assert (found.price_limit.limit, found.price_limit.median) == (27_500, 26_250)
    assert found.listed[0].cost_of_spread == 225_000
    assert found.best_unit_price == 25_000


def test_vector_with_hard_nearness_keeps_muncar_and_neighbours() -> None:
    settings = SuggestionSettings(nearness=NearnessMode.HARD)
    assert scores(run([w1(), w2(), w3(), w4()], settings=settings)) == VECTOR


def test_one_unanswered_order_lowers_w3_to_76_02() -> None:
    assert scores(run([w1(), w2(), w3(record=Record(lapses=1)), w4()]))["W3"] == 7602


def test_dormant_seller_is_not_listed() -> None:
    found = run([w1(), w2(), w3(record=Record(lapses=2), standing="dormant"), w4()])
    assert reasons(found)["W3"] == "STANDING"


def test_mistyped_offer_is_moderated_and_changes_nothing() -> None:
    found = run([w1(), w2(), w3(), w4(), candidate("W5", 1_000)])
    assert scores(found) == VECTOR
    assert reasons(found) == {"W4": "PRICE_ABOVE_LIMIT", "W5": "PRICE_MODERATED"}


def test_same_input_in_another_sequence_gives_the_same_output() -> None:
    forwards, backwards = run([w1(), w2(), w3(), w4()]), run([w4(), w3(), w2(), w1()])
    assert forwards.listed == backwards.listed


@given(st.permutations([w1(), w2(), w3(), w4(), candidate("W5", 26_000), candidate("W6", 25_500)]))
def test_sequence_of_offers_never_matters(candidates: list[Candidate]) -> None:
    expected = run([w1(), w2(), w3(), w4(), candidate("W5", 26_000), candidate("W6", 25_500)])
    assert run(candidates).listed == expected.listed


def test_equal_scores_go_by_the_hash_of_need_and_vendor() -> None:
    twins = [candidate(name, 25_000) for name in ("A", "B", "C", "D")]
    listed = [row.candidate.vendor_id for row in run(twins, market=Market()).listed]
    assert listed == sorted(listed, key=lambda vendor: tie_break("need-1", vendor))


def test_sentence_gives_the_reasons_in_words() -> None:
    first = run([w1(), w2(), w3(), w4()]).listed[0]
    assert first.sentence == (
        "Warung W3: Rp26.500 per kotak (6,0% di atas termurah); di kecamatan tetangga; "
        "masih jauh di bawah porsi belanjanya; belum pernah menerima pesanan."
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"verified": False}, "NOT_VERIFIED"),
        ({"standing": "suspended"}, "STANDING"),
        ({"published": False}, "NOT_ON_SALE"),
        ({"profile_code": "other"}, "PROFILE_MISMATCH"),
        ({"conflict_of_interest": True}, "CONFLICT_OF_INTEREST"),
        ({"band": ""}, "BAND_TOO_LOW"),
        ({"certificates_valid": False}, "CERTIFICATE_MISSING"),
        ({"delivers_there": False}, "DELIVERY_AREA"),
        ({"lead_time": timedelta(days=7)}, "LEAD_TOO_SHORT"),
        ({"free_capacity": 149}, "CAPACITY_FULL"),
        ({"capacity_confirmed": False}, "FIRST_ORDER_CAP"),
    ],
)
def test_each_filter_names_its_reason(changes: dict[str, Any], reason: str) -> None:
    found = run([w1(), w2(), w3(**changes)])
    assert reasons(found)["W3"] == reason
    assert "G-W3" not in found.eligible_groups


def test_first_order_cap_falls_after_two_orders_handed_over() -> None:
    assert "W3" not in scores(run([w1(), w3(capacity_confirmed=False, record=Record(handed_over=1))]))
    assert "W3" in scores(run([w1(), w3(capacity_confirmed=False, record=Record(handed_over=2))]))
    ask = replace(ASK, quantity=50)
    assert "W3" in scores(run([w1(), w3(capacity_confirmed=False)], ask))


def test_band_a_ends_at_ten_million() -> None:
    ask = replace(ASK, quantity=400)
    big = w3(band="A", capacity_per_day=1_000, free_capacity=1_000)
    assert reasons(run([big], ask))["W3"] == "BAND_TOO_LOW"
    assert "W3" in scores(run([big], replace(ask, quantity=377)))


def test_hps_bounds_every_price() -> None:
    found = run([w1(), w2(), w3()], replace(ASK, hps_unit_price=26_000))
    assert reasons(found) == {"W3": "PRICE_ABOVE_HPS"}


def test_budget_price_makes_all_menus_under_it_equal() -> None:
    found = run([w1(), w2(), w3(), w4(), candidate("W5", 36_000)], replace(ASK, budget_unit_price=35_000))
    assert {row.parts.price for row in found.listed} == {Fraction(1)}
    assert set(scores(found)) == {"W1", "W2", "W3", "W4"}
    assert reasons(found) == {"W5": "PRICE_ABOVE_BUDGET"}


@pytest.mark.parametrize(
    ("prices", "limit"),
    [([100], 110), ([100, 300], 110), ([100, 105, 300], 110), ([100, 150, 160], 150), ([100, 120, 140, 160], 130)],
)
def test_limit_is_the_median_only_from_three_sellers_on(prices: list[int], limit: int) -> None:
    found = price_limit([candidate(f"V{i}", p) for i, p in enumerate(prices)], Fraction(1, 10))
    assert found is not None
    assert found.limit == limit


def test_stalls_of_one_owner_enter_the_comparison_once() -> None:
    stalls = [candidate(f"S{i}", 20_000 + i, owner_group_id="one") for i in range(3)]
    found = price_limit([*stalls, candidate("X", 40_000)], Fraction(1, 10))
    assert found is not None
    assert (found.compared, found.limit) == (2, 22_000)


def test_equity_without_any_spend_is_full() -> None:
    listed = run([w1(), w3()], market=replace(MARKET, group_spend={}, category_spend=0, district_spend={})).listed
    assert {row.parts.equity for row in listed} == {Fraction(1)}


def test_unknown_capacity_counts_as_the_median() -> None:
    sellers = [*MARKET.sellers, MarketSeller("W9", "G-W9", LICIN, 0)]
    found = run([w2()], market=replace(MARKET, sellers=sellers))
    target = Fraction(50_000_000) * 150 / (700 + 175)
    assert found.listed[0].parts.vendor_deficit == max(Fraction(0), 1 - 10_000_000 / target)


def test_rings_around_the_place() -> None:
    def ring(district: str, village: str = "", place_village: str = TEMBOKREJO) -> Ring:
        return ring_of(
            tenant="3510",
            place_district=MUNCAR,
            place_village=place_village,
            seller_district=district,
            seller_village=village,
            adjacency=ADJACENCY,
        )

    assert ring(MUNCAR, TEMBOKREJO) is Ring.VILLAGE
    assert ring(MUNCAR) is Ring.DISTRICT
    assert ring(MUNCAR, "", "") is Ring.DISTRICT
    assert ring(CLURING) is Ring.NEIGHBOUR
    assert ring(LICIN) is Ring.REGION
    assert ring(FAR) is Ring.OUTSIDE


def test_hard_nearness_widens_until_two_groups_are_found() -> None:
    assert widest_ring({Ring.VILLAGE: ["a"], Ring.NEIGHBOUR: ["b"], Ring.REGION: ["c"]}) is Ring.NEIGHBOUR
    assert widest_ring({Ring.VILLAGE: ["a"], Ring.DISTRICT: ["a"], Ring.REGION: ["c"]}) is Ring.REGION
    assert widest_ring({Ring.OUTSIDE: ["a"]}) is Ring.OUTSIDE


def test_hard_nearness_hides_the_far_ones() -> None:
    far = candidate("W7", 25_000, district_code=LICIN)
    settings = SuggestionSettings(nearness=NearnessMode.HARD)
    found = run([w1(), w2(), far], settings=settings)
    assert reasons(found) == {"W7": "OUTSIDE_RING"}
    assert [a.vendor_id for a in found.alternatives_to("G-W1")] == ["W2", "W7"]


def streak_of(group: str, orders: int = 5, value: int = 720_000) -> list[CountedOrder]:
    return [CountedOrder(f"o{i}", f"n{i}", group, value, NOW + timedelta(days=i)) for i in range(orders)]


def test_cooled_seller_is_greyed_and_others_are_listed() -> None:
    found = run([w1(), w2(), w3()], history=streak_of("G-W1"))
    assert [c.vendor_id for c in found.cooled] == ["W1"]
    assert reasons(found)["W1"] == "COOLED"
    assert set(scores(found)) == {"W2", "W3"}
    assert [a.vendor_id for a in found.alternatives_to("G-W1")] == ["W3", "W2"]
    assert found.eligible_groups == {"G-W1", "G-W2", "G-W3"}
    assert found.listed[0].parts.price == Fraction(26_000, 26_500)


def test_ring_widens_before_the_cooling_is_lifted() -> None:
    settings = SuggestionSettings(nearness=NearnessMode.HARD)
    far = candidate("W7", 25_000, district_code=LICIN)
    found = run([w1(), far], history=streak_of("G-W1"), settings=settings)
    assert (list(scores(found)), found.flags) == (["W7"], ())


def test_cooling_is_lifted_when_only_cooled_sellers_are_left() -> None:
    small = [replace(o, order_id=f"s{o.order_id}", need_id=f"s{o.need_id}") for o in streak_of("G-W2", value=20_000)]
    both = [*streak_of("G-W1"), *(replace(o, submitted_at=o.submitted_at + timedelta(days=9)) for o in small)]
    found = run([w1(), w2(), w3(free_capacity=0)], history=both)
    assert (set(scores(found)), found.flags) == ({"W1", "W2"}, ("COOLING_LIFTED",))
    assert all(row.cooled for row in found.listed)
    assert found.alternatives_to("G-W1") == ()


def test_only_seller_is_never_cooled() -> None:
    found = run([w1(), w3(free_capacity=0)], history=streak_of("G-W1"))
    assert (set(scores(found)), found.flags) == ({"W1"}, ())


def test_nobody_left_gives_an_empty_list_with_reasons() -> None:
    found = run([w3(free_capacity=0)])
    assert (found.listed, found.best_unit_price, found.eligible_groups) == ((), None, frozenset())
    assert found.rejected[0].sentence == "kapasitas pada hari itu tidak cukup"


def test_ten_are_listed_and_the_rest_counted() -> None:
    many = [candidate(f"V{i:02}", 25_000 + i) for i in range(14)]
    found = run(many)
    assert (len(found.listed), found.more) == (10, 4)


def test_region_may_weigh_kecamatan_by_population() -> None:
    settings = SuggestionSettings(district_weights={CLURING: Fraction(1, 4), MUNCAR: Fraction(3, 4)})
    found = run([w3()], settings=settings)
    assert found.listed[0].parts.district_deficit == 0


def test_quality_of_the_story_of_the_late_meal() -> None:
    assert hundredths(quality(Record(good=9, deliveries=10))) == 87
    assert quality(Record(good=9, deliveries=11)) == Fraction(8125, 10_000)

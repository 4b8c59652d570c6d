"""Rules of the reports that need no database: who is counted, who is ranked, what is suppressed."""

from datetime import date

import pytest
from reporting_service.application.equity import Variant, concentration, counted, is_local, is_umk, spread
from reporting_service.application.groups import Group, grouped
from reporting_service.application.payment_clock import ranked
from reporting_service.application.ports import ClockRow, SellerRow
from reporting_service.application.spend import _by_vendor


def seller(vendor: str, value: int = 0, **options: object) -> SellerRow:
    fields: dict = {
        "vendor_id": vendor,
        "owner_group_id": vendor,
        "display_name": vendor,
        "entity_kind": "individual",
        "business_class": "micro",
        "district_code": "351005",
        "home_region": "3510",
        "active": True,
        "guest": False,
        "value_idr": value,
        "orders": 1 if value else 0,
        "sold_before": False,
    }
    return SellerRow(**{**fields, **options})


def group(value: int, district: str = "351005") -> Group:
    return Group(str(value), district, True, value, 1, 1, False)


def clock(unit: str, orders: int, median: float | None) -> ClockRow:
    return ClockRow(unit, unit, orders, orders, median, 12, 0, None, orders)


def test_stalls_of_one_owner_are_one_group_at_its_best_seller() -> None:
    rows = [
        seller("a", 10, owner_group_id="g"),
        seller("b", 30, owner_group_id="g", district_code="351006", active=False),
    ]
    assert grouped(rows) == [Group("g", "351006", True, 40, 2, 2, True)]


def test_group_that_sold_before_is_no_newcomer() -> None:
    rows = [seller("a", 1, owner_group_id="g"), seller("b", owner_group_id="g", sold_before=True)]
    assert not grouped(rows)[0].newcomer


def test_variant_of_sellers_leaves_zeros_out() -> None:
    groups = [group(5), group(0)]
    assert counted(groups, Variant.ACTIVE) == groups
    assert counted(groups, Variant.SELLERS) == [groups[0]]


@pytest.mark.parametrize(("count", "shown"), [(1, False), (4, False), (5, True), (6, True)])
def test_gini_is_suppressed_below_five(count: int, shown: bool) -> None:
    measured = spread([group(10 * (i + 1)) for i in range(count)])
    assert measured.n == count
    assert (measured.gini is not None) is shown
    assert measured.suppressed == ([] if shown else ["gini"])
    assert measured.hhi is not None


def test_nobody_is_null_and_not_suppressed() -> None:
    measured = spread([])
    assert (measured.gini, measured.hhi, measured.theil, measured.reach, measured.suppressed) == (
        None,
        None,
        None,
        None,
        [],
    )


def test_concentration_names_nobody() -> None:
    rows = concentration([group(v) for v in (60, 20, 10, 5, 4, 1)])
    assert [row.share for row in rows] == [0.6, 0.2, 0.1, 0.05, 0.04]
    assert set(rows[0].__dataclass_fields__) == {"rank", "share", "businesses"}


def test_micro_small_and_cooperatives_count_towards_the_forty_percent() -> None:
    assert is_umk(seller("a")) and is_umk(seller("a", business_class="small"))
    assert is_umk(seller("a", business_class="medium", entity_kind="koperasi"))
    assert not is_umk(seller("a", business_class="medium"))
    assert not is_umk(seller("a", business_class=""))


def test_local_is_the_regency_itself_and_the_province_around_it() -> None:
    assert is_local("3510", seller("a"))
    assert not is_local("3510", seller("a", home_region="3509"))
    assert is_local("19", seller("a", home_region="1904"))
    assert not is_local("19", seller("a", home_region="3510"))


def test_units_with_few_orders_are_shown_and_not_ranked() -> None:
    lines = ranked(
        [clock("slow", 40, 20.0), clock("few", 9, 1.0), clock("fast", 10, 5.0), clock("tie", 11, 5.0)], date(2026, 1, 1)
    )
    assert [(line.unit_id, line.rank) for line in lines] == [("fast", 1), ("tie", 1), ("slow", 3), ("few", None)]


def test_unpaid_handover_ages_by_the_regions_day() -> None:
    row = ClockRow("u", "u", 1, 0, None, None, 1, date(2026, 3, 1), 1)
    assert ranked([row], date(2026, 3, 15))[0].oldest_unpaid_days == 14


@pytest.mark.parametrize(
    ("rows", "member", "hidden"),
    [
        ([seller("a", 5), seller("b", 6)], False, {"a", "b"}),
        ([seller("a", 5), seller("b", 6, entity_kind="cv")], False, {"a"}),
        ([seller("a", 5), seller("b", 6)], True, set()),
        ([seller("a", 5), seller("b", 6), seller("c", 7)], False, set()),
    ],
)
def test_turnover_of_a_person_is_hidden_among_few(rows: list[SellerRow], member: bool, hidden: set[str]) -> None:
    lines = _by_vendor(rows, member)
    assert {line.key for line in lines if line.suppressed} == hidden
    assert all((line.value_idr is None) is line.suppressed for line in lines)

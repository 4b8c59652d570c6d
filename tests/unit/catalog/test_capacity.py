from datetime import UTC, date, datetime, timedelta

import pytest
from bela_kit.core.tenancy import TenantId
from catalog_service.domain.capacity import CapacityDay, Held, check_lead_time, delivers_to
from catalog_service.domain.errors import CapacityGone, LeadTooShort, UnitShareExceeded
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 3, 2, 7, tzinfo=UTC)
HOME, HOST = TenantId("3510"), TenantId("19")


def held(
    quantity: int, *, order: str = "a", unit: str = "u", until: timedelta = timedelta(hours=1), **flags: bool
) -> Held:
    return Held(order, HOME, unit, quantity, NOW + until, **flags)


def day(*holds: Held, capacity: int = 200) -> CapacityDay:
    return CapacityDay("p", date(2026, 3, 10), capacity, holds)


def judge(one: CapacityDay, quantity: int, *, order: str = "new", unit: str = "u") -> None:
    one.judge(quantity, order_id=order, unit_id=unit, buyer=HOME, now_of=lambda _: NOW)


def test_one_order_may_take_the_whole_day() -> None:
    judge(day(), 200)


def test_more_than_is_free_is_refused_with_what_is_left() -> None:
    with pytest.raises(CapacityGone) as caught:
        judge(day(held(150, unit="other")), 51)
    assert caught.value.metadata["free"] == "50"


def test_what_the_order_itself_holds_does_not_stand_in_its_way() -> None:
    judge(day(held(150, order="mine")), 200, order="mine")


def test_a_lapsed_hold_does_not_count_unless_it_is_firm() -> None:
    lapsed = timedelta(seconds=-1)
    judge(day(held(200, until=lapsed)), 200)
    with pytest.raises(CapacityGone):
        judge(day(held(200, until=lapsed, signed=True, firm=True)), 1)


def test_each_hold_is_read_on_its_own_buyers_clock() -> None:
    theirs = Held("a", HOST, "u", 200, NOW + timedelta(hours=1))
    one = CapacityDay("p", date(2026, 3, 10), 200, (theirs,))
    clocks = {HOME: NOW, HOST: NOW + timedelta(days=1)}
    assert one.free(lambda region: clocks[region]) == 200
    assert one.free(lambda region: NOW) == 0


def test_the_second_unsigned_order_of_a_unit_is_capped_at_three_tenths() -> None:
    judge(day(held(40)), 20)
    with pytest.raises(UnitShareExceeded) as caught:
        judge(day(held(40)), 21)
    assert caught.value.metadata["limit"] == "60"


def test_signed_orders_and_other_units_do_not_count_towards_the_share() -> None:
    judge(day(held(100, signed=True)), 100)
    judge(day(held(100, unit="other")), 100)


@pytest.mark.parametrize(("hours", "late"), [(5, False), (4.99, True)])
def test_an_order_needs_the_sellers_lead_time_and_an_hour(hours: float, late: bool) -> None:
    needed = NOW + timedelta(hours=hours)
    if late:
        with pytest.raises(LeadTooShort):
            check_lead_time("p", 4, needed_at=needed, now=NOW)
    else:
        check_lead_time("p", 4, needed_at=needed, now=NOW)


@pytest.mark.parametrize(
    ("district", "listed", "host", "delivers"),
    [
        ("351005", [], "3510", True),
        ("351105", [], "3510", False),
        ("351005", ["351006"], "3510", False),
        ("351006", ["351006"], "3510", True),
        ("197101", [], "19", True),
        ("", ["351006"], "3510", True),
    ],
)
def test_delivery_follows_the_list_or_the_region(district: str, listed: list[str], host: str, delivers: bool) -> None:
    assert delivers_to(district, listed, home=HOME, host=TenantId(host)) is delivers


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(-2, 2)), max_size=20), st.integers(1, 300))
def test_no_sequence_of_accepted_orders_exceeds_the_day(holds: list[tuple[int, int]], quantity: int) -> None:
    made = tuple(
        held(amount, order=str(number), unit=str(number), until=timedelta(hours=hours))
        for number, (amount, hours) in enumerate(holds)
    )
    one = day(*made)
    try:
        judge(one, quantity, unit="mine")
    except CapacityGone:
        assert quantity > one.free(lambda _: NOW)
    else:
        assert one.held(lambda _: NOW) + quantity <= one.capacity

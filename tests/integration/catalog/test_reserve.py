"""Holding capacity: races, repetition, rules, and what events of orders do to a hold."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from bela.catalog.v1 import catalog_service_pb2 as pb
from bela.catalog.v1 import product_pb2
from bela.order.events.v1 import order_pb2
from bela.vendor.v1 import vendor_pb2
from bela_kit.core.errors import ServiceError
from bela_kit.core.tenancy import SystemScope

from .world import NOW, Catalog

HOUR = timedelta(hours=1)


async def refusal(catalog: Catalog, product: str, quantity: int, **facts: object) -> str:
    with pytest.raises(ServiceError) as caught:
        await catalog.reserve(product, quantity, **facts)
    return caught.value.reason


async def test_a_reservation_prices_the_lines_and_holds_the_day(catalog: Catalog) -> None:
    seller = await catalog.vendor("W3")
    product = await catalog.product(seller, unit_price_idr=26_500)
    made = await catalog.reserve(product, 150)
    assert (made.vendor_id, made.vendor_region) == (seller, "3510")
    line = made.lines[0]
    assert (line.amount.units, line.amount.currency_code, line.quantity) == (3_975_000, "IDR", 150)
    assert line.product.supply_type == product_pb2.SUPPLY_TYPE_CATERING
    assert line.product.state == product_pb2.PRODUCT_STATE_PUBLISHED
    assert made.held_until.ToDatetime(tzinfo=UTC) == datetime(2026, 3, 3, 2, 15, tzinfo=UTC)
    assert await catalog.free(product) == 50
    assert await catalog.free(product, "2026-03-11") == 200


async def test_eight_orders_at_once_never_oversell(catalog: Catalog) -> None:
    product = await catalog.product(await catalog.vendor("Rebutan"))

    async def attempt() -> bool:
        try:
            await catalog.reserve(product, 60)
        except ServiceError as refused:
            assert refused.reason == "CAPACITY_GONE"
            return False
        return True

    outcomes = await asyncio.gather(*(attempt() for _ in range(8)))
    assert sum(outcomes) == 3
    assert await catalog.free(product) == 20


async def test_orders_of_the_same_products_in_other_sequences_do_not_lock_each_other_out(catalog: Catalog) -> None:
    seller = await catalog.vendor("Dua produk")
    products = [await catalog.product(seller, capacity_per_day=1000) for _ in range(2)]

    async def attempt(reverse: bool) -> None:
        chosen = products[::-1] if reverse else products
        lines = [pb.ReserveLine(line_number=n, product_id=one, quantity=10) for n, one in enumerate(chosen, 1)]
        await catalog.reserve("", 0, lines=lines)

    await asyncio.gather(*(attempt(number % 2 == 0) for number in range(12)))
    assert [await catalog.free(one) for one in products] == [880, 880]


async def test_the_same_order_again_keeps_its_hold_and_other_lines_replace_it(catalog: Catalog) -> None:
    seller = await catalog.vendor("Ulang")
    first, second = await catalog.product(seller), await catalog.product(seller)
    order: dict[str, Any] = {"order_id": str(uuid4()), "unit_id": "dinkes"}
    answers = [await catalog.reserve(first, 150, **order) for _ in range(3)]
    assert [one.taken for one in answers] == [True, False, False]
    assert answers[0].lines == answers[1].lines == answers[2].lines
    assert await catalog.free(first) == 50
    await catalog.reserve(first, 180, **order)
    assert await catalog.free(first) == 20
    await catalog.reserve(second, 30, **order)
    assert (await catalog.free(first), await catalog.free(second)) == (200, 170)
    await catalog.reserve(second, 30, day=date(2026, 3, 12), **order)
    assert (await catalog.free(second), await catalog.free(second, "2026-03-12")) == (200, 170)


async def test_the_same_order_sent_twice_at_once_holds_once(catalog: Catalog) -> None:
    product = await catalog.product(await catalog.vendor("Dobel"))
    order: dict[str, Any] = {"order_id": str(uuid4()), "unit_id": "dinkes"}
    await asyncio.gather(*(catalog.reserve(product, 150, **order) for _ in range(6)))
    assert await catalog.free(product) == 50


async def test_a_lapsed_hold_no_longer_counts_and_is_taken_again_if_there_is_room(catalog: Catalog) -> None:
    product = await catalog.product(await catalog.vendor("Lewat"))
    lapsed: dict[str, Any] = {"order_id": str(uuid4()), "unit_id": "a"}
    await catalog.reserve(product, 150, hold_until=NOW + HOUR, **lapsed)
    assert await refusal(catalog, product, 100) == "CAPACITY_GONE"
    later: dict[str, Any] = {"now": NOW + 2 * HOUR, "hold_until": NOW + 24 * HOUR}
    await catalog.reserve(product, 100, **later)
    assert await refusal(catalog, product, 150, **lapsed, **later) == "CAPACITY_GONE"
    await catalog.reserve(product, 100, **lapsed, **later)


async def test_the_second_unsigned_order_of_a_unit_may_bring_it_to_thirty_percent_only(catalog: Catalog) -> None:
    product = await catalog.product(await catalog.vendor("Bagi rata"))
    first = str(uuid4())
    await catalog.reserve(product, 40, unit_id="dinkes", order_id=first)
    assert await refusal(catalog, product, 40, unit_id="dinkes") == "UNIT_SHARE_EXCEEDED"
    await catalog.reserve(product, 20, unit_id="dinkes")
    await catalog.reserve(product, 40, unit_id="dispertan")
    await catalog.tell_order(
        first, 3, order_pb2.ORDER_STATE_SP_ISSUED, signed=True, lines=[(product, 40)], deadline=NOW + 24 * HOUR
    )
    await catalog.reserve(product, 40, unit_id="dinkes")


async def test_each_rule_refuses_with_its_own_reason(catalog: Catalog) -> None:
    seller = await catalog.vendor("Aturan")
    product = await catalog.product(seller, lead_time_hours=4, delivery_district_codes=["351005"])
    draft = await catalog.product(seller, publish=False)
    soon = NOW + 5 * HOUR - timedelta(seconds=1)
    assert await refusal(catalog, product, 1, needed_at=soon) == "LEAD_TOO_SHORT"
    await catalog.reserve(product, 1, needed_at=NOW + 5 * HOUR)
    assert await refusal(catalog, product, 1, district="351006") == "DELIVERY_AREA"
    assert await refusal(catalog, product, 0) == "QUANTITY"
    assert await refusal(catalog, product, 2_000_000) == "QUANTITY"
    assert await refusal(catalog, draft, 1) == "PRODUCT_UNKNOWN"
    assert await refusal(catalog, str(uuid4()), 1) == "PRODUCT_UNKNOWN"
    assert await refusal(catalog, "not a uuid", 1) == "PRODUCT_UNKNOWN"
    assert await refusal(catalog, product, 1, buyer="9999") == "REGION_UNKNOWN"
    assert await refusal(catalog, product, 1, buyer="1311") == "GUEST_NOT_GRANTED"
    other = await catalog.product(await catalog.vendor("Orang lain"))
    lines = [pb.ReserveLine(line_number=n, product_id=one, quantity=1) for n, one in enumerate((product, other), 1)]
    assert await refusal(catalog, "", 0, lines=lines) == "LINES_OF_TWO_VENDORS"
    assert await refusal(catalog, "", 0, lines=lines[:1] * 2) == "FIELD_INVALID"
    await catalog.call("POST", f"/regions/3510/products/{product}:withdraw", as_=f"owner.{seller}")
    assert await refusal(catalog, product, 1) == "PRODUCT_NOT_ON_SALE"
    punished = await catalog.vendor("Kena sanksi")
    sanctioned = await catalog.product(punished)
    await catalog.tell_vendor(punished, standing=vendor_pb2.STANDING_SUSPENDED)
    assert await refusal(catalog, sanctioned, 1) == "PRODUCT_NOT_ON_SALE"


async def test_a_day_of_its_own_capacity_counts_and_what_is_held_stays(catalog: Catalog) -> None:
    seller = await catalog.vendor("Kalender")
    product = await catalog.product(seller)
    path, owner = f"/regions/3510/products/{product}/capacity/2026-03-10", f"owner.{seller}"
    day = await catalog.call("PUT", path, as_=owner, body={"capacity": 500}, headers={"if-match": '"0"'})
    assert (day.status_code, day.headers["etag"], day.json()["free"]) == (200, '"1"', 500)
    await catalog.reserve(product, 400)
    stale = await catalog.call("PUT", path, as_=owner, body={"capacity": 0}, headers={"if-match": '"0"'})
    assert stale.status_code == 412
    closed = await catalog.call("PUT", path, as_=owner, body={"capacity": 0}, headers={"if-match": '"1"'})
    assert (closed.json()["held"], closed.json()["free"], closed.json()["overridden"]) == (400, 0, True)
    assert await refusal(catalog, product, 1) == "CAPACITY_GONE"
    past = path.replace("2026-03-10", "2026-03-01")
    refused = await catalog.call("PUT", past, as_=owner, body={"capacity": 1}, headers={"if-match": '"0"'})
    assert (refused.status_code, refused.json()["fields"][0]["reason"]) == (400, "OUT_OF_RANGE")


async def test_an_order_that_ends_gives_its_capacity_back_and_an_older_event_does_not_take_it_again(
    catalog: Catalog,
) -> None:
    product = await catalog.product(await catalog.vendor("Batal"))
    order = str(uuid4())
    await catalog.reserve(product, 150, order_id=order)
    lines = [(product, 150)]
    await catalog.tell_order(order, 3, order_pb2.ORDER_STATE_CANCELLED, holds=False, lines=lines, at=NOW + HOUR)
    assert await catalog.free(product) == 200
    await catalog.tell_order(order, 2, order_pb2.ORDER_STATE_PPK_REVIEW, holds=True, lines=lines, at=NOW)
    assert await catalog.free(product) == 200


async def test_a_deadline_moves_the_hold_and_the_sellers_yes_makes_it_firm(catalog: Catalog) -> None:
    product = await catalog.product(await catalog.vendor("Tenggat"))
    order = str(uuid4())
    await catalog.reserve(product, 200, order_id=order, hold_until=NOW + HOUR)
    lines = [(product, 200)]
    await catalog.tell_order(order, 2, order_pb2.ORDER_STATE_PPK_REVIEW, lines=lines, deadline=NOW + 48 * HOUR, at=NOW)
    assert await refusal(catalog, product, 1, now=NOW + 47 * HOUR) == "CAPACITY_GONE"
    await catalog.tell_order(order, 5, order_pb2.ORDER_STATE_CONFIRMED, signed=True, lines=lines, at=NOW + HOUR)
    assert await refusal(catalog, product, 1, now=NOW + 100 * HOUR) == "CAPACITY_GONE"


async def test_the_end_of_an_earlier_attempt_does_not_release_a_new_hold(catalog: Catalog) -> None:
    product = await catalog.product(await catalog.vendor("Kembali"))
    order = str(uuid4())
    lines = [(product, 200)]
    await catalog.reserve(product, 200, order_id=order)
    # Returned to its maker, changed, and submitted again before the event of the return has arrived here.
    await catalog.reserve(product, 200, order_id=order, now=NOW + 2 * HOUR)
    await catalog.tell_order(order, 3, order_pb2.ORDER_STATE_DRAFT, holds=False, lines=lines, at=NOW + HOUR)
    assert await refusal(catalog, product, 1) == "CAPACITY_GONE"
    await catalog.tell_order(
        order, 4, order_pb2.ORDER_STATE_PPK_REVIEW, lines=lines, deadline=NOW + 48 * HOUR, at=NOW + 2 * HOUR
    )
    await catalog.tell_order(order, 5, order_pb2.ORDER_STATE_EXPIRED, holds=False, lines=lines, at=NOW + 48 * HOUR)
    assert await catalog.free(product) == 200


async def test_a_guest_is_ordered_from_the_host_region_and_its_hold_follows_that_order(catalog: Catalog) -> None:
    seller = await catalog.vendor("Tamu", region="1904", district="190401")
    product = await catalog.product(seller, profile_code="red_ginger_fresh", title="Jahe merah")
    facts: dict[str, Any] = {"buyer": "19", "district": "197101"}
    assert await refusal(catalog, product, 10, **facts) == "GUEST_NOT_GRANTED"
    await catalog.tell_guest(seller, "19", categories=["staple.rice"])
    assert await refusal(catalog, product, 10, **facts) == "GUEST_NOT_GRANTED"
    await catalog.tell_guest(seller, "19")
    order = str(uuid4())
    made = await catalog.reserve(product, 150, order_id=order, **facts)
    assert made.vendor_region == "1904"
    assert await catalog.free(product, region="1904") == 50
    await catalog.tell_order(
        order, 4, order_pb2.ORDER_STATE_REFUSED, holds=False, region="19", home="1904", lines=[(product, 150)]
    )
    assert await catalog.free(product, region="1904") == 200


async def test_find_offers_tells_what_is_free_and_who_delivers(catalog: Catalog) -> None:
    seller = await catalog.vendor("Cetak Cepat", district="351016")
    product = await catalog.product(
        seller, profile_code="banner_flexi", title="Spanduk", delivery_district_codes=["351016"]
    )
    water = await catalog.vendor("Air")
    await catalog.product(water, profile_code="bottled_water_600", title="Air botol")
    await catalog.reserve(product, 150, district="351016")
    query = pb.FindOffersRequest(
        parent="regions/3510", profile_code="banner_flexi", quantity=10, district_code="351005"
    )
    query.needed_on.year, query.needed_on.month, query.needed_on.day = 2026, 3, 10
    found = await catalog.servicer.FindOffers(query, None)
    [offer] = found.offers
    assert (offer.free_capacity, offer.delivers_there, offer.certificates_valid, offer.guest) == (
        50,
        False,
        True,
        False,
    )
    assert offer.product.product_id == product
    [one] = found.category_sellers
    assert (one.vendor_id, one.owner_group_id) == (seller, catalog.vendors[seller].owner_group_id)
    assert (found.category_code, found.unit) == ("print.banner", "m2")
    query.profile_code = "bottled_water_600"
    assert [one.certificates_valid for one in (await catalog.servicer.FindOffers(query, None)).offers] == [False]
    query.profile_code = "nothing"
    with pytest.raises(ServiceError, match="Profil"):
        await catalog.servicer.FindOffers(query, None)


async def test_capacity_of_a_category_is_told_in_the_units_of_the_profile(catalog: Catalog) -> None:
    both, other = await catalog.vendor("Dua Satuan"), await catalog.vendor("Satuan Lain")
    await catalog.product(both, profile_code="meal_box_standard", title="Nasi kotak", capacity_per_day=30)
    await catalog.product(both, profile_code="meal_besek_standard", title="Nasi besek", capacity_per_day=900)
    await catalog.product(other, profile_code="meal_besek_standard", title="Besek lengkap", capacity_per_day=700)
    query = pb.FindOffersRequest(parent="regions/3510", profile_code="meal_box_standard", district_code="351005")
    query.needed_on.year, query.needed_on.month, query.needed_on.day = 2026, 3, 10
    found = await catalog.servicer.FindOffers(query, None)
    capacities = {one.vendor_id: one.capacity_per_day for one in found.category_sellers}
    assert (capacities[both], capacities[other]) == (30, 0)


async def test_holds_survive_in_the_database_alone(catalog: Catalog) -> None:
    product = await catalog.product(await catalog.vendor("Tahan"))
    await catalog.reserve(product, 150)
    async with catalog.db.system_transaction(SystemScope("test")) as connection:
        rows = await connection.exec_driver_sql("SELECT quantity FROM holds WHERE product_id = $1", (product,))
        assert [row[0] for row in rows] == [150]


async def released(catalog: Catalog, order: dict[str, Any], now: datetime = NOW) -> bool:
    message = pb.ReleaseRequest(parent="regions/3510", order_id=order["order_id"], vendor_region="3510")
    message.now.FromDatetime(now)
    answer: pb.ReleaseResponse = await catalog.servicer.Release(message, None)
    return answer.released


async def test_a_refused_order_gives_the_day_back_at_once(catalog: Catalog) -> None:
    product = await catalog.product(await catalog.vendor("Ditolak"))
    order: dict[str, Any] = {"order_id": str(uuid4()), "unit_id": "dinkes"}
    assert (await catalog.reserve(product, 150, **order)).taken
    assert await released(catalog, order)
    assert await catalog.free(product) == 200
    assert not await released(catalog, order)
    assert (await catalog.reserve(product, 180, **order)).taken
    assert await catalog.free(product) == 20


@pytest.mark.parametrize("later", [timedelta(), timedelta(milliseconds=3), timedelta(milliseconds=-3)])
async def test_a_hold_that_another_request_joined_stays(catalog: Catalog, later: timedelta) -> None:
    product = await catalog.product(await catalog.vendor(f"Bersama {later}"))
    order: dict[str, Any] = {"order_id": str(uuid4()), "unit_id": "dinkes"}
    await catalog.reserve(product, 150, **order)
    assert not (await catalog.reserve(product, 150, **order, now=NOW + later)).taken
    assert not await released(catalog, order)
    assert await catalog.free(product) == 50


async def test_a_release_that_comes_late_takes_nothing_from_the_order(catalog: Catalog) -> None:
    product = await catalog.product(await catalog.vendor("Telat dilepas"))
    order: dict[str, Any] = {"order_id": str(uuid4()), "unit_id": "dinkes"}
    await catalog.reserve(product, 150, **order)
    told: dict[str, Any] = {"lines": [(product, 150)], "deadline": NOW + 48 * HOUR, "signed": True}
    await catalog.tell_order(order["order_id"], 2, order_pb2.ORDER_STATE_SP_ISSUED, **told)
    assert not await released(catalog, order)
    assert await catalog.free(product) == 50


async def test_a_release_names_a_region_and_an_attempt(catalog: Catalog) -> None:
    for message, reason in (
        (pb.ReleaseRequest(parent="regions/3510"), "FIELD_INVALID"),
        (pb.ReleaseRequest(parent="regions/9999", order_id=str(uuid4()), vendor_region="3510"), "REGION_UNKNOWN"),
    ):
        if reason == "REGION_UNKNOWN":
            message.now.FromDatetime(NOW)
        with pytest.raises(ServiceError) as caught:
            await catalog.servicer.Release(message, None)
        assert caught.value.reason == reason

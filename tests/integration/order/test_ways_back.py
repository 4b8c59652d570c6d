"""Returned, refused, cancelled, withdrawn, lapsed, expired: money goes back in the transaction of the act."""

from datetime import date, timedelta

from bela_kit.jobs import JobRunner

from .world import Office, SellerInWorld, World, at

NOTHING = {"reserved": 0, "committed": 0, "accepted": 0, "paid": 0}


async def _office(world: World, tag: str) -> tuple[Office, SellerInWorld]:
    world.clock.set(at("2026-01-05"))
    return await world.office(tag), await world.seller(f"Warung {tag}", 18_000)


async def _pass_time(world: World, **span: float) -> int:
    world.clock.advance(timedelta(**span))
    return await JobRunner(world.db, world.clock, world.parts.job_handlers).run_due()


async def test_a_returned_order_is_a_draft_again_and_holds_nothing(world: World) -> None:
    office, seller = await _office(world, "kembali")
    order = await office.draft(await office.need(40), seller)
    await office.act(order, "submit", office.who("pp"))
    returned = await office.act(order, "return", office.who("ppk"), {"reason": "Jumlah peserta salah."})
    assert returned["state"] == "draft"
    assert await world.buckets(office.line) == NOTHING
    again = await office.act(order, "submit", office.who("pp"))
    assert again["state"] == "ppk_review"
    assert (await world.buckets(office.line))["reserved"] == 720_000


async def test_a_refusal_gives_the_commitment_back(world: World) -> None:
    office, seller = await _office(world, "tolak")
    order = await office.signed(seller)
    assert (await world.buckets(office.line))["committed"] == 720_000
    await world.refused(f"orders/{order}:refuse", seller.member, {}, "REASON_REQUIRED")
    refused = await office.act(order, "refuse", seller.member, {"reason": "Kapasitas penuh."})
    assert refused["state"] == "refused"
    assert await world.buckets(office.line) == NOTHING


async def test_a_refusal_counts_on_the_local_day(world: World) -> None:
    office, seller = await _office(world, "dini hari")
    order = await office.signed(seller)
    world.clock.set(at("2026-01-06", "05:30"))  # in UTC it is still the fifth
    await office.act(order, "refuse", seller.member, {"reason": "Kapasitas penuh."})
    connection = await world.database.connect()
    day = await connection.fetchval("SELECT occurred_on FROM seller_records WHERE order_id = $1", order)
    await connection.close()
    assert day == date(2026, 1, 6)


async def test_cancel_and_withdraw_give_money_back(world: World) -> None:
    office, seller = await _office(world, "batal")
    first = await office.draft(await office.need(40), seller)
    await office.act(first, "submit", office.who("pp"))
    assert (await office.act(first, "cancel", office.who("pp"), {"reason": "Rapat batal."}))["state"] == "cancelled"
    second = await office.signed(seller, days=9)
    await world.refused(f"orders/{second}:withdraw", office.who("pp"), {"reason": "x"}, "ROLE_MISSING")
    assert (await office.act(second, "withdraw", office.who("ppk"), {"reason": "Rapat batal."}))["state"] == "cancelled"
    assert await world.buckets(office.line) == NOTHING


async def test_an_unanswered_order_lapses_holds_once_more_and_expires(world: World) -> None:
    office, seller = await _office(world, "diam")
    order = await office.signed(seller)
    assert await _pass_time(world, hours=48) >= 1
    lapsed = (await world.get(f"orders/{order}", office.who("ppk"))).json()
    assert lapsed["state"] == "lapsed"
    assert (await world.buckets(office.line))["committed"] == 720_000
    again = await office.act(order, "reissue", office.who("ppk"))
    assert again["state"] == "sp_issued"
    await _pass_time(world, hours=48)
    expired = (await world.get(f"orders/{order}", office.who("ppk"))).json()
    assert expired["state"] == "expired"
    assert await world.buckets(office.line) == NOTHING
    connection = await world.database.connect()
    lapses = await connection.fetchval(
        "SELECT count(*) FROM seller_records WHERE order_id = $1 AND kind = 'lapse'", order
    )
    await connection.close()
    assert lapses == 2


async def test_a_review_nobody_signs_lapses_and_may_be_signed_late_once(world: World) -> None:
    office, seller = await _office(world, "telat")
    order = await office.draft(await office.need(40, days=10), seller)
    await office.act(order, "submit", office.who("pp"))
    await _pass_time(world, days=4)
    late = await office.act(order, "sign", office.who("ppk"))
    assert late["state"] == "sp_issued"


async def test_silence_after_delivery_makes_bast_and_invoice_by_themselves(world: World) -> None:
    office, seller = await _office(world, "hening")
    order = await office.signed(seller)
    await office.act(order, "confirm", seller.member)
    await office.act(order, "deliver", seller.member, {"lines": [{"line_number": 1, "quantity": 40}]})
    for _ in range(12):
        await _pass_time(world, days=4)
    stands = (await world.get(f"orders/{order}", office.who("ppk"))).json()
    assert (stands["state"], stands["deliveries"][0]["handover"]["deemed"]) == ("invoiced", True)
    assert {"DEEMED", "PAYMENT_OVERDUE"} <= set(stands["flags"])
    assert await world.buckets(office.line) == NOTHING | {"accepted": 720_000}


async def test_a_price_that_rose_after_the_draft_is_the_one_that_is_held(world: World) -> None:
    office, seller = await _office(world, "naik")
    order = await office.draft(await office.need(40), seller)
    world.catalog.reprice(seller.product_id, 19_000)
    assert (await office.act(order, "submit", office.who("pp")))["total_idr"] == 760_000
    world.catalog.reprice(seller.product_id, 18_000)


async def test_an_unreachable_neighbour_is_503_and_nothing_happened(world: World) -> None:
    office, seller = await _office(world, "jauh")
    order = await office.draft(await office.need(40), seller)
    world.catalog.away = True
    answer = await world.post(f"orders/{order}:submit", office.who("pp"))
    assert (answer.status_code, answer.json()["reason"]) == (503, "DEPENDENCY_UNAVAILABLE")
    world.catalog.away = False
    await office.act(order, "submit", office.who("pp"))
    world.registry.away = True
    assert (await world.post(f"orders/{order}:sign", office.who("ppk"))).status_code == 503
    world.registry.away = False
    world.registry.reasons[seller.vendor_id] = ("VENDOR_SUSPENDED",)
    problem = await world.refused(f"orders/{order}:sign", office.who("ppk"), {}, "VENDOR_NOT_ELIGIBLE")
    assert problem["vendor_reasons"] == ["VENDOR_SUSPENDED"]
    del world.registry.reasons[seller.vendor_id]

"""A refused submission gives the seller's day back at once; nobody waits for a lease to end."""

import asyncio

from .world import Office, SellerInWorld, World, at


async def _office(world: World, tag: str, *, ceiling: int = 100_000_000) -> tuple[Office, SellerInWorld]:
    """Make an office and a seller who can serve one order of forty a day."""
    world.clock.set(at("2026-01-05"))
    return await world.office(tag, ceiling=ceiling), await world.seller(f"Warung {tag}", 18_000, capacity=40)


async def test_what_a_refused_submission_held_is_free_for_the_next_buyer(world: World) -> None:
    poor, seller = await _office(world, "miskin", ceiling=700_000)
    rich = await world.office("kaya")
    order = await poor.draft(await poor.need(40), seller)
    await world.refused(f"orders/{order}:submit", poor.who("pp"), {}, "BUDGET_EXCEEDED")
    assert (await rich.buy(await rich.need(40), seller)).status_code == 201
    await world.refused(f"orders/{order}:submit", poor.who("pp"), {}, "CAPACITY_GONE")


async def test_a_purchase_whose_seller_may_not_sign_gives_the_day_back(world: World) -> None:
    office, seller = await _office(world, "tertahan")
    need = await office.need(40)
    world.registry.reasons[seller.vendor_id] = ("VENDOR_SUSPENDED",)
    assert (await office.buy(need, seller)).json()["reason"] == "VENDOR_NOT_ELIGIBLE"
    del world.registry.reasons[seller.vendor_id]
    world.registry.away = True
    assert (await office.buy(need, seller)).status_code == 503
    world.registry.away = False
    assert (await office.buy(need, seller)).status_code == 201


async def test_an_order_that_passed_keeps_its_day_though_its_twin_is_refused(world: World) -> None:
    office, seller = await _office(world, "kembar")
    order = await office.draft(await office.need(40), seller)
    answers = await asyncio.gather(*(world.post(f"orders/{order}:submit", office.who("pp")) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers).count(200) == 1
    assert order in world.catalog.holds
    other = await world.office("sesudah kembar")
    assert (await other.buy(await other.need(40), seller)).json()["reason"] == "CAPACITY_GONE"


async def test_a_price_cut_lowers_what_was_spent_with_the_seller(world: World) -> None:
    office, seller = await _office(world, "potongan")
    order = await office.signed(seller)
    await office.act(order, "confirm", seller.member)
    await office.act(order, "receive", office.who("ppk"))
    await office.act(order, "countersign", seller.member, {"notes": "Bungkus penyok."})
    cut = {"reason": "Potongan disepakati.", "price_cut_idr": 120_000}
    await office.act(order, "settle_dispute", office.who("kpa"), cut)
    connection = await world.database.connect()
    rows = await connection.fetch("SELECT kind, value_idr FROM seller_records WHERE order_id = $1", order)
    await connection.close()
    assert [tuple(row) for row in rows] == [("handover", 600_000)]
    assert await world.buckets(office.line) == {"reserved": 0, "committed": 0, "accepted": 600_000, "paid": 0}


async def test_where_the_catalog_does_not_hear_it_the_lease_ends_by_itself(world: World) -> None:
    office, seller = await _office(world, "tuli", ceiling=700_000)
    other = await world.office("sesudah tuli")
    need = await other.need(40)
    order = await office.draft(await office.need(40), seller)
    world.catalog.deaf = True
    await world.refused(f"orders/{order}:submit", office.who("pp"), {}, "BUDGET_EXCEEDED")
    world.catalog.deaf = False
    assert (await other.buy(need, seller)).json()["reason"] == "CAPACITY_GONE"
    world.clock.set(at("2026-01-05", "09:06"))
    assert (await other.buy(need, seller)).status_code == 201

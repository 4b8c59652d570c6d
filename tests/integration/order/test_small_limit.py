"""The Rp2 million limit of article 22: the orders of one need or event are joined, by what they are really paid."""

from .world import Office, SellerInWorld, World, at


async def _paid(office: Office, order: str, seller: SellerInWorld, good: int, wrong: int = 0) -> int:
    """Play a signed order to its payment; return the income tax kept back."""
    await office.act(order, "confirm", seller.member)
    await office.act(order, "deliver", seller.member, {"lines": [{"line_number": 1, "quantity": good + wrong}]})
    found = {"lines": [{"line_number": 1, "good": good, "wrong": wrong}]}
    await office.act(order, "inspect", office.who("ppk"), found)
    await office.act(order, "hand_over", office.who("ppk"))
    await office.act(order, "countersign", seller.member)
    await office.act(order, "invoice", seller.member, {"number": f"INV-{order}"})
    paid = await office.act(order, "pay", office.who("bendahara"), {"reference": "SP2D 2"})
    return sum(tax["amount_idr"] for tax in paid["deliveries"][0]["payment"]["taxes"])


async def test_what_was_sent_back_is_no_part_of_the_deal(world: World) -> None:
    world.clock.set(at("2026-02-02"))
    office = await world.office("batas")
    seller = await world.seller("Warung Batas", 18_000, capacity=500)
    # 112 boxes are 2,016,000; with one sent back 1,998,000 are paid, which is below the limit.
    assert await _paid(office, await office.signed(seller, 112), seller, 112) == 30_240
    assert await _paid(office, await office.signed(seller, 112), seller, 111, wrong=1) == 0


async def test_orders_of_one_event_are_joined(world: World) -> None:
    world.clock.set(at("2026-02-02"))
    office = await world.office("acara")
    first, second = await world.seller("Warung Acara", 18_000), await world.seller("Warung Acara Dua", 18_000)
    orders = [await office.signed(each, 60, event_id="HUT-2026") for each in (first, second)]
    taxes = [await _paid(office, o, s, 60) for o, s in zip(orders, (first, second), strict=True)]
    assert taxes == [16_200, 16_200]

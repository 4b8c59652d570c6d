"""PPh 21 goes by the year: what a person was paid before, by any office and for any order, decides the layer."""

import asyncio
from typing import Any

from .world import Office, SellerInWorld, World, at

KIND = "PPH21"


async def _invoiced(world: World, office: Office, seller: SellerInWorld) -> str:
    """Play an order of 45 million up to the invoice."""
    order = await office.signed(seller, 450, profile="meal_box_standard", days=20)
    await office.act(order, "confirm", seller.member)
    await office.act(order, "receive", office.who("ppk"))
    await office.act(order, "countersign", seller.member)
    await office.act(order, "invoice", seller.member, {"number": f"INV-{order}"})
    return order


async def _pay(office: Office, order: str) -> tuple[int, int]:
    body = {"reference": "SP2D 21", "individual_caterer": KIND}
    payment = (await office.act(order, "pay", office.who("bendahara"), body))["deliveries"][0]["payment"]
    [tax] = payment["taxes"]
    assert (tax["kind"], tax["base_idr"]) == (KIND, 45_000_000)
    return tax["amount_idr"], payment["received_idr"]


async def _caterer(world: World, name: str, **more: Any) -> SellerInWorld:
    return await world.seller(name, 100_000, profile="meal_box_standard", capacity=5_000, **more)


async def test_the_layer_rises_when_the_year_passes_sixty_million_of_base(world: World) -> None:
    world.clock.set(at("2026-02-02"))
    offices = [await world.office(f"lapis{number}") for number in range(4)]
    # Two businesses of one owner: the person is one, so are the layers.
    kitchen = await _caterer(world, "Dapur Bu Siti", group="siti")
    second = await _caterer(world, "Dapur Bu Siti Dua", group="siti")
    other = await _caterer(world, "Dapur Pak Budi")
    sellers = [kitchen, second, kitchen, kitchen]
    orders = [await _invoiced(world, office, seller) for office, seller in zip(offices, sellers, strict=True)]
    taxes = [await _pay(office, order) for office, order in list(zip(offices, orders, strict=True))[:3]]
    # Half of 45 million is 22.5: 22.5, 45, and then 15 million at 5 % and 7.5 million at 15 %.
    assert taxes == [(1_125_000, 43_875_000), (1_125_000, 43_875_000), (1_875_000, 43_125_000)]
    assert (await _pay(offices[0], await _invoiced(world, offices[0], other)))[0] == 1_125_000
    world.clock.set(at("2027-01-11"))
    assert (await _pay(offices[3], orders[3]))[0] == 1_125_000


async def test_two_payments_at_once_do_not_share_a_layer(world: World) -> None:
    world.clock.set(at("2026-02-02"))
    offices = [await world.office(f"serentak{number}") for number in range(4)]
    kitchen = await _caterer(world, "Dapur Serentak")
    orders = [await _invoiced(world, office, kitchen) for office in offices]
    taxes = await asyncio.gather(*(_pay(office, order) for office, order in zip(offices, orders, strict=True)))
    assert sorted(tax for tax, _ in taxes) == [1_125_000, 1_125_000, 1_875_000, 3_375_000]

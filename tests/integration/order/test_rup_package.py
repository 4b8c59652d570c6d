"""A RUP package shared by several offices: its value holds, however many submit at the same moment."""

import asyncio

from .world import World, at

VALUE = 720_000


async def test_two_orders_under_one_rup_package_do_not_exceed_it(world: World) -> None:
    world.clock.set(at("2026-01-05"))
    seller = await world.seller("Warung RUP", 18_000, capacity=5_000)
    offices = [await world.office(f"rup{number}") for number in range(4)]
    package = {"unit_id": offices[0].unit, "title": "Rapat", "fiscal_year": 2026, "value_idr": 2 * VALUE + 100_000}
    await world.ok("rup_packages", f"lpse_admin.{world.region}", package | {"rup_code": "77777777"}, status=201)
    orders = [await office.draft(await office.need(40, rup_code="77777777"), seller) for office in offices]
    answers = await asyncio.gather(
        *(world.post(f"orders/{o}:submit", office.who("pp")) for o, office in zip(orders, offices, strict=True))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 200, 409, 409]
    # Two more guests at each of the two: room for one of them.
    passed = [(o, f) for o, f, a in zip(orders, offices, answers, strict=True) if a.status_code == 200]
    for order, office in passed:
        await office.act(order, "sign", office.who("ppk"))
        await office.act(order, "confirm", seller.member)
        await office.act(order, "propose_quantity", office.who("pp"), {"line_number": 1, "quantity": 44})
    taken = await asyncio.gather(*(world.post(f"orders/{o}:accept_quantity", seller.member) for o, _ in passed))
    assert sorted(answer.status_code for answer in taken) == [200, 409]
    assert {answer.json().get("reason") for answer in taken} == {None, "RUP_EXCEEDED"}

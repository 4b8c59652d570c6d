"""Many at once: money is never spent twice, limits hold exactly, a repeated request has one effect."""

import asyncio

from .world import World, at


async def test_twenty_buyers_on_one_budget_line_never_overspend(world: World) -> None:
    world.clock.set(at("2026-01-05"))
    office = await world.office("rebutan", ceiling=7 * 720_000 + 100)
    sellers = [await world.seller(f"Warung Rebutan {n}", 18_000, capacity=1000) for n in range(5)]
    needs = [await office.need(40, days=7 + n) for n in range(20)]
    answers = await asyncio.gather(*(office.buy(need, sellers[number % 5]) for number, need in enumerate(needs)))
    passed = [answer for answer in answers if answer.status_code == 201]
    refused = {answer.json()["reason"] for answer in answers if answer.status_code != 201}
    assert (len(passed), refused) == (7, {"BUDGET_EXCEEDED"})
    assert await world.buckets(office.line) == {"reserved": 0, "committed": 7 * 720_000, "accepted": 0, "paid": 0}


async def test_two_lines_drawn_on_from_both_sides_do_not_deadlock(world: World) -> None:
    world.clock.set(at("2026-01-05"))
    office = await world.office("silang", ceiling=2_000_000)
    second = await world.budget_line(office.unit, 2_000_000)
    sellers = [await world.seller(f"Warung Silang {n}", 18_000, capacity=1000) for n in range(4)]
    orders = []
    for number in range(8):
        lines = [office.line, second] if number % 2 else [second, office.line]
        need = await office.need(20, days=7 + number, budget_line_ids=lines)
        orders.append(await office.draft(need, sellers[number % 4], 20))
    answers = await asyncio.gather(*(world.post(f"orders/{order}:submit", office.who("pp")) for order in orders))
    assert {answer.status_code for answer in answers} == {200}
    first, other = await world.buckets(office.line), await world.buckets(second)
    assert first["reserved"] + other["reserved"] == 8 * 360_000


async def test_the_eleventh_unsigned_order_is_refused(world: World) -> None:
    world.clock.set(at("2026-01-05"))
    office = await world.office("sebelas")
    sellers = [await world.seller(f"Warung Sebelas {n}", 18_000, capacity=1000) for n in range(4)]
    orders = [await office.draft(await office.need(10, days=7 + n), sellers[n % 4], 10) for n in range(11)]
    answers = await asyncio.gather(*(world.post(f"orders/{order}:submit", office.who("pp")) for order in orders))
    assert sorted(answer.status_code for answer in answers) == [200] * 10 + [429]
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.json()["reason"] == "TOO_MANY_UNSIGNED"


async def test_one_key_buys_once_however_often_it_is_sent(world: World) -> None:
    world.clock.set(at("2026-01-05"))
    office = await world.office("ulang")
    seller = await world.seller("Warung Ulang", 18_000)
    need = await office.need(40)
    answers = await asyncio.gather(*(office.buy(need, seller, idempotency_key="same") for _ in range(5)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["order_id"] for answer in answers}) == 1
    assert (await world.buckets(office.line))["committed"] == 720_000
    other = await office.buy(need, seller, 41, idempotency_key="same")
    assert other.json()["reason"] == "IDEMPOTENCY_KEY_REUSED"


async def test_a_repeated_purchase_after_a_crash_holds_the_same_capacity(world: World) -> None:
    world.clock.set(at("2026-01-05"))
    office = await world.office("putus")
    seller = await world.seller("Warung Putus", 18_000, capacity=40)
    need = await office.need(40)
    world.registry.away = True
    assert (await office.buy(need, seller, idempotency_key="crash")).status_code == 503
    world.registry.away = False
    # The first try held the whole day; only the same order may have it now.
    assert (await office.buy(need, seller, idempotency_key="crash")).status_code == 201


async def test_two_signers_at_once_sign_once(world: World) -> None:
    world.clock.set(at("2026-01-05"))
    office = await world.office("ganda")
    seller = await world.seller("Warung Ganda", 18_000)
    order = await office.draft(await office.need(40), seller)
    await office.act(order, "submit", office.who("pp"))
    answers = await asyncio.gather(
        world.post(f"orders/{order}:sign", office.who("ppk")), world.post(f"orders/{order}:sign", office.who("kpa"))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert (await world.buckets(office.line)) == {"reserved": 0, "committed": 720_000, "accepted": 0, "paid": 0}

"""A need is one package: its orders are summed for the limits of channel, officer and HPS, whoever gets them."""

from .world import World, at


async def test_a_need_spread_over_sellers_is_summed(world: World) -> None:
    world.clock.set(at("2026-01-05"))
    first = await world.seller("Warung Satu", 25_000, capacity=5_000)
    second = await world.seller("Warung Dua", 25_000, capacity=5_000)
    office = await world.office("paket")
    need = await office.need(3_000, days=30)
    order = await office.draft(need, first, 1_200)
    await office.act(order, "submit", office.who("pp"))
    # 30 and 25 million: together above 50 million, so the number of SPSE is missing.
    beyond = await world.post(f"orders/{await office.draft(need, second, 1_000)}:submit", office.who("pp"))
    assert (beyond.status_code, beyond.json()["reason"]) == (409, "EXTERNAL_NUMBER_REQUIRED"), beyond.text
    within = await office.draft(need, second, 800)
    await office.act(within, "submit", office.who("pp"))
    # What the first gives back may be bought elsewhere.
    await office.act(order, "cancel", office.who("pp"), {"reason": "beli di tempat lain"})
    await office.act(await office.draft(need, second, 1_200), "submit", office.who("pp"))


async def test_a_seller_that_was_not_listed_asks_for_a_reason(world: World) -> None:
    world.clock.set(at("2026-01-05"))
    listed = await world.seller("Warung Murah", 18_000, capacity=5_000)
    for number in range(2):
        await world.seller(f"Warung Sedang {number}", 19_000, capacity=5_000)
    dear = await world.seller("Warung Mahal", 40_000, capacity=5_000)
    office = await world.office("daftar")
    need = await office.need(40)
    await world.ok(f"needs/{need}:suggest", office.who("pp"))
    refused = await world.post(f"orders/{await office.draft(need, dear)}:submit", office.who("pp"))
    assert refused.json()["reason"] == "CHOICE_REASON_REQUIRED", refused.text
    await office.act(await office.draft(need, dear), "submit", office.who("pp"), {"reason": "safety"})
    await office.act(await office.draft(need, listed), "submit", office.who("pp"))


async def test_a_signer_may_approve_his_own_need_only_up_to_a_nota_in_all(world: World) -> None:
    world.clock.set(at("2026-01-05"))
    first = await world.seller("Warung Sendiri", 25_000, capacity=5_000)
    second = await world.seller("Warung Sendiri Dua", 25_000, capacity=5_000)
    office = await world.office("sendiri")
    body = {
        "unit_id": office.unit,
        "title": "Kebutuhan sendiri",
        "profile_code": "snack_box_standard",
        "quantity": 500,
        "needed_at": "2026-01-20T03:00:00+00:00",
        "district_code": f"{world.region}16",
        "budget_line_ids": [office.line],
    }
    need = str((await world.ok("needs", office.who("ppk"), body, status=201))["need_id"])
    assert (await office.buy(need, first, 240)).status_code == 201
    assert (await office.buy(need, second, 200)).json()["reason"] == "NEED_SELF_APPROVAL"
    assert (await office.buy(need, second, 160)).status_code == 201

"""The acceptance stories of domain.md 11 as far as ordering plays them: 1, 2, 4, 5 and 11, to the rupiah."""

import asyncio

from .world import World, at

SNACK = 18_000


async def test_story_1_rotation_refuses_the_sixth_and_opens_again_after_three_others(world: World) -> None:
    world.clock.set(at("2026-01-05"))
    office = await world.office("story1")
    a, b, c, d = [await world.seller(f"Warung {letter} Satu", SNACK) for letter in "ABCD"]
    for day in ("2026-01-05", "2026-01-14", "2026-01-26", "2026-02-06", "2026-02-20"):
        world.clock.set(at(day))
        order = await office.short_path(a)
        assert order["total_idr"] == 720_000
        assert order["deliveries"][0]["payment"]["taxes"] == []
        assert "SPLITTING_REVIEW" not in order["flags"]
    world.clock.set(at("2026-03-02"))
    need = await office.need(40)
    answer = await office.buy(need, a)
    problem = answer.json()
    assert (answer.status_code, problem["reason"]) == (409, "ROTATION_LIMIT")
    assert {row["vendor_id"] for row in problem["alternatives"]} >= {b.vendor_id, c.vendor_id, d.vendor_id}
    assert a.vendor_id not in {row["vendor_id"] for row in problem["alternatives"]}
    assert problem["alternatives"][0]["district_code"] == "351016"
    shown = await world.ok(f"needs/{need}:suggest", office.who("pp"))
    assert [row["vendor_id"] for row in shown["cooled"]] == [a.vendor_id]
    # Three of Rp20,000 are not worth a quarter of the median, three of Rp360,000 are.
    for seller in (b, c, d):
        assert (await office.buy(await office.need(1), seller, 1)).status_code == 201
    assert (await office.buy(await office.need(40), a)).json()["reason"] == "ROTATION_LIMIT"
    for seller in (b, c, d):
        assert (await office.buy(await office.need(20), seller, 20)).status_code == 201
    assert (await office.buy(await office.need(40), a)).status_code == 201


async def test_story_1_of_six_parallel_submits_exactly_five_pass(world: World) -> None:
    world.clock.set(at("2026-01-05"))
    office = await world.office("story1p")
    seller = await world.seller("Warung Serentak", SNACK, capacity=2000)
    for letter in "XYZ":
        await world.seller(f"Warung Lain {letter}", SNACK)
    orders = [await office.draft(await office.need(40, days=day), seller) for day in range(7, 13)]
    answers = await asyncio.gather(*(world.post(f"orders/{order}:submit", office.who("pp")) for order in orders))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [409]
    refused = next(answer.json() for answer in answers if answer.status_code == 409)
    assert refused["reason"] == "ROTATION_LIMIT"
    assert len(refused["alternatives"]) >= 3
    assert (await world.buckets(office.line))["reserved"] == 5 * 720_000


async def test_a_lone_seller_is_never_cooled(world: World) -> None:
    world.clock.set(at("2026-01-05"))
    office = await world.office("sendiri", ceiling=900_000_000)
    ink = await world.seller("Toko Tinta Sendiri", 1_000_000, profile="printer_ink_black")
    for day in range(7, 13):
        need = await office.need(1, days=day, profile="printer_ink_black")
        assert (await office.buy(need, ink, 1)).status_code == 201
    # m = 0: nobody to rotate to, so nothing is lifted either.


async def test_story_2_the_nearest_newcomer_leads_and_the_spread_has_a_price(world: World) -> None:
    world.clock.set(at("2026-01-05"))
    office = await world.office("story2")
    muncar, cluring = "351005", "351006"
    meals = {"profile": "meal_box_standard", "confirmed": True}
    w1 = await world.seller("W1", 25_000, capacity=200, district=muncar, village="3510051004", **meals)
    w2 = await world.seller("W2", 26_000, capacity=150, district=muncar, **meals)
    w3 = await world.seller("W3", 26_500, capacity=200, district=cluring, **meals)
    w4 = await world.seller("W4", 29_000, capacity=150, district=cluring, **meals)
    await _history(world, w1, good=38, bad=2, value=40_000_000, district=muncar)
    await _history(world, w2, good=9, bad=1, value=10_000_000, district=muncar)
    need = await office.need(
        150, profile="meal_box_standard", district_code=muncar, village_code="3510051004", participants=150
    )
    etag = (await world.get("", None)).headers["etag"]
    lpse = "lpse_admin.3510"
    hard = await world.call("PATCH", "", lpse, {"nearness_mode": "hard"}, if_match=etag)
    assert hard.status_code == 200, hard.text
    shown = await world.ok(f"needs/{need}:suggest", office.who("pp"))
    assert [row["vendor_id"] for row in shown["listed"]] == [w3.vendor_id, w1.vendor_id, w2.vendor_id]
    first = shown["listed"][0]
    assert (first["ring"], first["cost_of_spread_idr"], first["parts"]["newcomer"]) == ("neighbour", 225_000, 1.0)
    rejected = {row["vendor_id"]: row["reason"] for row in shown["rejected"]}
    assert rejected[w4.vendor_id] == "PRICE_ABOVE_LIMIT"
    order = await office.draft(need, w3, 150)
    submitted = await office.act(order, "submit", office.who("pp"))
    assert (submitted["total_idr"], submitted["suggestion_rank"]) == (3_975_000, 1)
    assert submitted["best_unit_price_idr"] == 25_000


async def _history(world: World, seller: object, *, good: int, bad: int, value: int, district: str) -> None:
    """Give a seller a past, as the rows of its handovers."""
    connection = await world.database.connect()
    rows = good + bad
    await connection.execute(
        """
        INSERT INTO seller_records (tenant_id, record_id, order_id, kind, vendor_id, owner_group_id, category_code,
                                    district_code, value_idr, good, occurred_on)
        SELECT '3510', gen_random_uuid(), gen_random_uuid(), 'handover', $1::uuid, $1::uuid::text, 'food.meal_box', $2,
               $3::bigint / $4::int, n <= $5::int, '2025-11-01'
        FROM generate_series(1, $4::int) AS n
        """,
        seller.vendor_id,  # type: ignore[attr-defined]
        district,
        value,
        rows,
        good,
    )
    await connection.close()


async def test_story_4_chairs_by_spk_in_two_deliveries_with_final_tax(world: World) -> None:
    world.clock.set(at("2026-02-02"))
    region = "1311"
    await world.create_region(region)
    solok = World(**{**world.__dict__, "region": region})
    office = await solok.office("pendidikan1311", ceiling=100_000_000)
    coop = await solok.seller(
        "Koperasi Sangir Mandiri", 320_000, profile="chair_student", capacity=300, region=region,
        kind="ENTITY_KIND_KOPERASI", band="BAND_C", certificate=True,
    )  # fmt: skip
    big = await solok.seller(
        "PT Besar", 310_000, profile="chair_student", capacity=300, region=region, kind="ENTITY_KIND_PT",
        band="BAND_C", business_class="BUSINESS_CLASS_LARGE",
    )  # fmt: skip
    chairs = {"profile": "chair_student", "meeting_kind": "none", "participants": None, "duration_minutes": None}
    refused = await office.draft(await office.need(250, days=30, **chairs), coop, 250)
    await solok.refused(f"orders/{refused}:submit", office.who("pptk"), {}, "EXTERNAL_NUMBER_REQUIRED")
    need = await office.need(250, days=30, **chairs)
    other = await office.draft(need, big, 250, external_number="SPSE-1")
    await solok.refused(f"orders/{other}:submit", office.who("pptk"), {}, "UMKM_FIRST")
    order = await office.draft(need, coop, 250, external_number="SPSE-1")
    assert (await office.act(order, "submit", office.who("pptk")))["total_idr"] == 80_000_000
    signed = await office.act(order, "sign", office.who("ppk"))
    assert signed["contract_form"] == "spk"
    await office.act(order, "confirm", coop.member)
    received = []
    for day, quantity, tax in (("2026-02-10", 150, 240_000), ("2026-02-20", 100, 160_000)):
        world.clock.set(at(day))
        line = {"line_number": 1, "quantity": quantity}
        delivered = await office.act(order, "deliver", coop.member, {"lines": [line]})
        delivery = {"delivery_id": delivered["deliveries"][-1]["delivery_id"]}
        await office.act(
            order, "inspect", office.who("ppk"), delivery | {"lines": [{"line_number": 1, "good": quantity}]}
        )
        await office.act(order, "hand_over", office.who("ppk"), delivery)
        await office.act(order, "countersign", coop.member, delivery)
        await office.act(order, "invoice", coop.member, {"number": f"INV-{day}"})
        world.clock.set(at(day.replace("-10", "-19").replace("-20", "-28")))
        paid = await office.act(order, "pay", office.who("bendahara"), delivery | {"reference": f"SP2D {day}"})
        payment = paid["deliveries"][-1]["payment"]
        assert [(row["kind"], row["amount_idr"]) for row in payment["taxes"]] == [("PPH_FINAL_UMKM", tax)]
        received.append(payment["received_idr"])
    assert received == [47_760_000, 31_840_000]
    assert await solok.buckets(office.line) == {"reserved": 0, "committed": 0, "accepted": 0, "paid": 80_000_000}


async def test_story_5_the_bela_channel_carries_fifty_million_until_it_closes(world: World) -> None:
    world.clock.set(at("2021-03-15"))
    region = "1271"
    await world.create_region(region)
    medan = World(**{**world.__dict__, "region": region})
    office = await medan.office("kelurahan1271", ceiling=500_000_000)
    chairs = {"profile": "printer_ink_black", "meeting_kind": "none", "participants": None, "duration_minutes": None}
    ink = await medan.seller(
        "Toko Tinta", 1_000_000, profile="printer_ink_black", capacity=1000, region=region, band="BAND_C"
    )
    lines = {2021: await medan.budget_line(office.unit, 500_000_000, year=2021)}
    for year in (2026, 2027):
        lines[year] = await medan.budget_line(office.unit, 500_000_000, year=year)

    async def submit(quantity: int, **more: object) -> tuple[str, str]:
        year = medan.clock.today("x").year  # type: ignore[arg-type]
        hps = {"hps_idr": 60_000_000} if year == 2021 else {}
        need = await office.need(quantity, days=10, budget_line_ids=[lines[year]], **chairs, **hps)
        order = await office.draft(need, ink, quantity, **more)
        answer = await medan.post(f"orders/{order}:submit", office.who("pptk"), {"reason": "continuation"})
        return order, answer.json().get("reason", "")

    assert (await submit(51, channel="bela"))[1] == "CHANNEL_LIMIT"
    passed, reason = await submit(50, channel="bela")
    assert reason == ""
    assert (await office.act(passed, "sign", office.who("kpa")))["contract_form"] == "surat_pesanan"
    world.clock.set(at("2026-10-01"))
    assert (await submit(51, channel="bela"))[1] == "CHANNEL_LIMIT"
    assert (await submit(50, channel="bela"))[1] == ""
    local, reason = await submit(51, channel="local", external_number="SPSE-7")
    assert reason == ""
    assert (await office.act(local, "sign", office.who("kpa")))["contract_form"] == "spk"
    world.clock.set(at("2027-09-01"))
    assert (await submit(1, channel="bela"))[1] == "CHANNEL_CLOSED"


async def test_story_11_forty_refused_meals_give_their_money_back(world: World) -> None:
    world.clock.set(at("2026-04-01"))
    office = await world.office("story11", ceiling=5_000_000)
    seller = await world.seller("Katering Terlambat", 35_000, profile="meal_box_standard", npwp="NPWP_STATE_ACTIVE")
    order = await office.signed(seller, 100, profile="meal_box_standard", days=2)
    await office.act(order, "confirm", seller.member)
    world.clock.set(at("2026-04-03", "11:40"))
    await office.act(order, "deliver", seller.member, {"lines": [{"line_number": 1, "quantity": 100}]})
    found = {"lines": [{"line_number": 1, "good": 60, "wrong": 40}]}
    await office.act(order, "inspect", office.who("ppk"), found)
    assert (await world.buckets(office.line))["committed"] == 2_100_000
    await office.act(order, "hand_over", office.who("ppk"))
    disputed = await office.act(order, "countersign", seller.member, {"notes": "Terlambat karena banjir."})
    assert disputed["deliveries"][0]["handover"]["value_idr"] == 2_100_000
    assert await world.buckets(office.line) == {"reserved": 0, "committed": 0, "accepted": 2_100_000, "paid": 0}
    connection = await world.database.connect()
    good = await connection.fetchval("SELECT good FROM seller_records WHERE order_id = $1", order)
    await connection.close()
    assert good is False
    await office.act(order, "invoice", seller.member, {"number": "INV-11"})
    paid = await office.act(
        order, "pay", office.who("bendahara"), {"reference": "SP2D 11", "individual_caterer": "PPH23"}
    )
    assert (paid["state"], paid["deliveries"][0]["payment"]["gross_idr"]) == ("paid", 2_100_000)
    for kind in paid["deliveries"][0]["payment"]["missing_proofs"]:
        proof = {"kind": kind, "slip_number": "BP-11", "ntpn": "1111111111111111"}
        paid = await office.act(order, "file_tax_proof", office.who("bendahara"), proof)
    assert paid["state"] == "paid"  # the dispute is still open
    await world.refused(f"orders/{order}:settle_dispute", office.who("ppk"), {}, "ROLE_MISSING")
    closed = await office.act(order, "settle_dispute", office.who("kpa"), {"reason": "Tanpa potongan."})
    assert closed["state"] == "closed"
    assert await world.buckets(office.line) == {"reserved": 0, "committed": 0, "accepted": 0, "paid": 2_100_000}


async def test_two_more_guests_are_one_tap_each(world: World) -> None:
    world.clock.set(at("2026-04-01"))
    office = await world.office("tamu")
    seller = await world.seller("Warung Tamu", 18_000)
    order = await office.signed(seller, 40)
    await office.act(order, "confirm", seller.member)
    body = {"line_number": 1, "quantity": 60}
    await world.refused(f"orders/{order}:propose_quantity", office.who("pp"), body, "HEADCOUNT_CHANGE_REFUSED")
    await office.act(order, "propose_quantity", office.who("pp"), body | {"quantity": 44})
    assert (await world.buckets(office.line))["committed"] == 720_000
    agreed = await office.act(order, "accept_quantity", seller.member)
    assert agreed["total_idr"] == 44 * 18_000
    assert (await world.buckets(office.line))["committed"] == 44 * 18_000

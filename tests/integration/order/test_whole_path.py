"""An order from the draft to the last tax proof, by the long path and by the four acts."""

from .world import World, at


async def test_a_draft_goes_all_the_way_to_closed(world: World) -> None:
    world.clock.set(at("2026-01-05"))
    office = await world.office("kesehatan", ceiling=10_000_000)
    seller = await world.seller("Warung Jalan Panjang", 18_000)
    need = await office.need(150)
    shown = await world.ok(f"needs/{need}:suggest", office.who("pp"))
    assert "Warung Jalan Panjang" in [row["display_name"] for row in shown["listed"]]
    order = await office.draft(need, seller, 150)
    assert (await world.buckets(office.line))["reserved"] == 0
    submitted = await office.act(order, "submit", office.who("pp"))
    assert (submitted["state"], submitted["total_idr"]) == ("ppk_review", 2_700_000)
    assert 1 <= submitted["suggestion_rank"] <= 3
    assert (await world.buckets(office.line))["reserved"] == 2_700_000
    signed = await office.act(order, "sign", office.who("ppk"))
    assert (signed["state"], signed["contract_form"], signed["document_number"]) == (
        "sp_issued",
        "nota",
        "0001/NOTA/2026",
    )
    assert await world.buckets(office.line) == {"reserved": 0, "committed": 2_700_000, "accepted": 0, "paid": 0}
    for verb, who, body in (
        ("confirm", seller.member, None),
        ("start", seller.member, None),
        ("deliver", seller.member, {"lines": [{"line_number": 1, "quantity": 150}], "note_number": "SJ-1"}),
        ("inspect", office.who("pptk"), {"lines": [{"line_number": 1, "good": 150}]}),
        ("hand_over", office.who("ppk"), None),
        ("countersign", seller.member, None),
    ):
        await office.act(order, verb, who, body)
    assert await world.buckets(office.line) == {"reserved": 0, "committed": 0, "accepted": 2_700_000, "paid": 0}
    await office.act(order, "invoice", seller.member, {"number": "INV-1", "amount_idr": 2_700_000})
    paid = await office.act(order, "pay", office.who("bendahara"), {"reference": "SP2D 9"})
    payment = paid["deliveries"][0]["payment"]
    # Snacks count as restaurant food: PPh 22 of 1.5 % above Rp2 million, no PPN.
    assert [(tax["kind"], tax["amount_idr"]) for tax in payment["taxes"]] == [("PPH22", 40_500)]
    assert (payment["gross_idr"], payment["received_idr"], paid["state"]) == (2_700_000, 2_659_500, "paid")
    proof = {"kind": "PPH22", "slip_number": "BP-1", "ntpn": "1234567890123456"}
    closed = await office.act(order, "file_tax_proof", office.who("bendahara"), proof)
    assert closed["state"] == "closed"
    assert await world.buckets(office.line) == {"reserved": 0, "committed": 0, "accepted": 0, "paid": 2_700_000}
    assert [change["state"] for change in closed["history"]] == [
        "draft", "submitted", "ppk_review", "sp_issued", "confirmed", "in_progress", "delivered", "inspected",
        "handed_over", "invoiced", "paid", "closed",
    ]  # fmt: skip


async def test_four_acts_are_enough_for_a_small_purchase(world: World) -> None:
    world.clock.set(at("2026-01-05"))
    office = await world.office("pendek")
    seller = await world.seller("Warung Jalan Pendek", 18_000)
    closed = await office.short_path(seller)
    payment = closed["deliveries"][0]["payment"]
    assert (closed["state"], payment["taxes"], payment["received_idr"]) == ("closed", [], 720_000)
    assert set(closed["flags"]) >= {"SHORT_PATH", "ONE_PERSON"}
    assert await world.buckets(office.line) == {"reserved": 0, "committed": 0, "accepted": 0, "paid": 720_000}


async def test_every_step_is_told_with_the_whole_order(world: World) -> None:
    office = await world.office("acara")
    seller = await world.seller("Warung Acara", 18_000)
    closed = await office.short_path(seller)
    connection = await world.database.connect()
    rows = await connection.fetch(
        "SELECT subject, aggregate_version FROM outbox_messages WHERE aggregate_id = $1 ORDER BY position",
        closed["order_id"],
    )
    await connection.close()
    assert [row["subject"].rsplit(".", 1)[1] for row in rows] == [
        "order_submitted", "order_signed", "order_confirmed", "order_delivered", "order_inspected",
        "order_handed_over", "order_invoiced", "order_paid", "order_closed",
    ]  # fmt: skip
    versions = [row["aggregate_version"] for row in rows]
    assert versions == sorted(set(versions))

"""Who may do and see what: roles, separation of duties, other regions, guests, the public."""

import asyncio

from .world import World, at


async def test_duties_are_kept_apart(world: World) -> None:
    world.clock.set(at("2026-01-05"))
    office = await world.office("pisah")
    seller = await world.seller("Warung Pisah", 18_000)
    order = await office.draft(await office.need(40), seller)
    await world.refused(f"orders/{order}:submit", office.who("bendahara"), {}, "ROLE_MISSING")
    await office.act(order, "submit", office.who("pp"))
    await world.refused(f"orders/{order}:sign", office.who("pp"), {}, "ROLE_MISSING")
    await world.grant(office.who("pp"), "ppk", office.unit)
    await asyncio.sleep(0.3)  # grants are remembered for a quarter of a second
    await world.refused(f"orders/{order}:sign", office.who("pp"), {}, "DUTIES_NOT_SEPARATED")
    await office.act(order, "sign", office.who("ppk"))
    await world.refused(f"orders/{order}:confirm", office.who("ppk"), {}, "ROLE_MISSING")
    await world.refused(f"orders/{order}:pay", office.who("ppk"), {"reference": "x"}, "ROLE_MISSING")


async def test_a_role_over_one_office_is_none_over_another(world: World) -> None:
    world.clock.set(at("2026-01-05"))
    mine, other = await world.office("kantorA"), await world.office("kantorB")
    seller = await world.seller("Warung Kantor", 18_000)
    order = await mine.draft(await mine.need(40), seller)
    await world.refused(f"orders/{order}:submit", other.who("pp"), {}, "ROLE_MISSING")
    parent_holder = await world.unit("Kelurahan di bawah", holder=False, parent=mine.unit)
    body = {
        "unit_id": parent_holder, "title": "Rapat", "profile_code": "snack_box_standard", "quantity": 5,
        "needed_at": "2026-01-20T10:00:00+07:00", "district_code": "351016", "meeting_kind": "with_guests",
        "participants": 5, "duration_minutes": 150, "budget_line_ids": [mine.line],
    }  # fmt: skip
    need = await world.ok("needs", mine.who("pptk"), body, status=201)
    assert need["budget_holder_id"] == mine.unit


async def test_another_business_does_not_learn_of_an_order(world: World) -> None:
    world.clock.set(at("2026-01-05"))
    office = await world.office("rahasia")
    seller, rival = await world.seller("Warung Milik", 18_000), await world.seller("Warung Saingan", 18_000)
    order = await office.draft(await office.need(40), seller)
    await office.act(order, "submit", office.who("pp"))
    assert (await world.get(f"orders/{order}", rival.member)).status_code == 404
    assert (await world.post(f"orders/{order}:confirm", rival.member)).status_code == 404
    assert (await world.get(f"orders/{order}", seller.member)).status_code == 200
    assert (await world.get(f"orders/{order}", None)).status_code == 404
    await office.act(order, "sign", office.who("ppk"))
    public = await world.get(f"orders/{order}", None)
    assert public.status_code == 200
    assert public.json() == (await world.get(f"orders/{order}", rival.member)).json()
    text = public.text
    assert all(word not in text for word in ("ppk.", "pp.", "vendor.", "budget_uses", "signer"))
    mine = (await world.get("orders", seller.member)).json()["orders"]
    assert [row["order_id"] for row in mine] == [order]
    shown = (await world.get("orders", None)).json()["orders"]
    assert all(row["signed_on"] for row in shown)


async def test_a_stranger_gets_what_nobody_gets(world: World) -> None:
    world.clock.set(at("2026-01-05"))
    office = await world.office("asing")
    seller = await world.seller("Warung Asing", 18_000)
    order = await office.signed(seller)
    await world.create_region("3507")
    stranger = "lpse_admin.3507"
    for path in ("orders", f"orders/{order}", "units", "policy_rules", ""):
        anonymous, foreign = await world.get(path, None), await world.get(path, stranger)
        assert (anonymous.status_code, anonymous.content) == (foreign.status_code, foreign.content), path
    for path in ("needs", "budget_lines", "grants", f"budget_lines/{office.line}", f"orders/{order}/history"):
        assert (await world.get(path, stranger)).status_code == 404, path
        assert (await world.get(path, None)).status_code == 401, path
    for verb in ("submit", "sign", "confirm", "pay", "cancel"):
        assert (await world.post(f"orders/{order}:{verb}", stranger, {"reference": "x"})).status_code == 404
    assert (await world.get("units", stranger, region="99x9")).status_code == 404
    # The same order asked for in the stranger's own region is not there.
    assert (await world.get(f"orders/{order}", stranger, region="3507")).status_code == 404


async def test_a_guest_acts_on_its_order_in_the_host_region(world: World) -> None:
    world.clock.set(at("2026-01-05"))
    await world.create_region("19")
    await world.create_region("1904")
    host = World(**{**world.__dict__, "region": "19"})
    office = await host.office("setda19")
    guest = await host.seller("Jahe Merah", 18_000, region="1904", host="19", district="190401")
    order = await office.signed(guest)
    confirmed = await office.act(order, "confirm", guest.member)
    assert (confirmed["state"], confirmed["vendor"]["region"]) == ("confirmed", "1904")
    assert (await host.get(f"orders/{order}", guest.member, region="1904")).status_code == 404


async def test_the_administrator_gives_and_the_head_names_his_people(world: World) -> None:
    world.clock.set(at("2026-01-05"))
    office = await world.office("tunjuk")
    other = await world.unit("Dinas lain tunjuk")
    await world.grant("pa.tunjuk", "pa", office.unit)
    body = {
        "principal": "pp.baru",
        "role": "pp",
        "unit_id": office.unit,
        "valid_from": "2026-01-01",
        "letter_number": "1",
    }
    given = await world.ok("grants", "pa.tunjuk", body, status=201)
    await world.refused("grants", "pa.tunjuk", body | {"unit_id": other}, "ROLE_MISSING")
    await world.refused("grants", "pa.tunjuk", body | {"role": "lpse_admin"}, "ROLE_MISSING")
    await world.refused("grants", office.who("pp"), body, "ROLE_MISSING")
    seller = await world.seller("Warung Dua Sisi", 18_000)
    await world.refused("grants", "lpse_admin.3510", body | {"principal": seller.member}, "GRANT_CONFLICT")
    revoked = await world.ok(f"grants/{given['grant_id']}:revoke", "pa.tunjuk")
    assert revoked["revoked"] is True


async def test_only_a_demo_region_has_its_own_clock(world: World) -> None:
    await world.create_region("6112")
    await world.create_region("3201", demo=False)
    for region, status in (("6112", 200), ("3201", 409)):
        etag = (await world.get("", None, region=region)).headers["etag"]
        answer = await world.call(
            "PATCH", "", f"lpse_admin.{region}", {"clock_at": "2026-01-05T09:00:00+07:00"}, region=region, if_match=etag
        )
        assert answer.status_code == status, answer.text
    moved = (await world.get("", None, region="6112")).json()
    assert moved["now"].startswith("2026-01-05T02:0")
    assert (await world.call("PATCH", "", "lpse_admin.6112", {"clock_at": "x"}, region="6112")).status_code == 422
    no_etag = await world.call("PATCH", "", "lpse_admin.6112", {"clock_at": "2026-01-05T09:00:00+07:00"}, region="6112")
    assert no_etag.status_code == 428

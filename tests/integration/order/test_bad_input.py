"""Bad input gets a problem document with reason and field, never a 5xx, never half an effect."""

from typing import Any

import pytest
from bela_kit.pagination import encode_token

from .world import ACCOUNT, SUB_ACTIVITY, World, at

LINE = {
    "fiscal_year": 2026,
    "sub_activity_code": SUB_ACTIVITY,
    "account_code": ACCOUNT,
    "title": "Belanja",
    "ceiling_idr": 1_000_000,
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"ceiling_idr": -1},
        {"ceiling_idr": 10**30},
        {"ceiling_idr": 10**15 + 1},
        {"ceiling_idr": 1000.5},
        {"ceiling_idr": "1000"},
        {"ceiling_idr": True},
        {"blocked_idr": 2_000_000},
        {"account_code": "5.1"},
        {"account_code": "'; DROP TABLE budget_lines; --"},
        {"fiscal_year": 99999},
        {"unknown": 1},
        {"title": ""},
        {"title": "\x00"},
        {"unit_id": "01890a5d-ac96-774b-bcce-b302099a8057"},
        {"unit_id": "nonsense"},
    ],
)
async def test_a_wrong_budget_line_is_refused_whole(world: World, wrong: dict[str, Any]) -> None:
    unit = await world.unit("Dinas Salah")
    body = {"budget_lines": [LINE | {"unit_id": unit}, LINE | {"unit_id": unit} | wrong]}
    answer = await world.post("budget_lines", "lpse_admin.3510", body)
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["reason"]
    found = (await world.get(f"budget_lines?unit_id={unit}", "lpse_admin.3510")).json()
    assert found["budget_lines"] == []


async def test_html_and_sql_in_text_are_only_text(world: World) -> None:
    title = "<script>alert(1)</script>'; DROP TABLE orders; --"
    unit = await world.unit(title)
    assert (await world.get(f"units/{unit}", None)).json()["name"] == title


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"quantity": 0}, 422),
        ({"quantity": 10**9}, 422),
        ({"quantity": 1.5}, 422),
        ({"needed_at": "2020-01-01T00:00:00+07:00"}, 400),
        ({"needed_at": "2026-01-20T10:00:00"}, 422),
        ({"needed_at": "9999-12-31T23:59:59-12:00"}, 422),
        ({"needed_at": "0001-01-01T00:00:00+14:00"}, 422),
        ({"payer_kind": "private_group"}, 422),
        ({"district_code": "999999"}, 400),
        ({"profile_code": "no_such_profile"}, 400),
        ({"budget_line_ids": []}, 400),
        ({"budget_line_ids": ["01890a5d-ac96-774b-bcce-b302099a8057"]}, 400),
        ({"meeting_kind": "party"}, 422),
        ({"hps_idr": -5}, 422),
        ({"unit_id": "01890a5d-ac96-774b-bcce-b302099a8057"}, 400),
    ],
)
async def test_a_wrong_need_is_refused(world: World, wrong: dict[str, Any], status: int) -> None:
    world.clock.set(at("2026-01-05"))
    office = await world.office(f"salah{next(world.keys)}")
    body = {
        "unit_id": office.unit, "title": "Rapat", "profile_code": "snack_box_standard", "quantity": 5,
        "needed_at": "2026-01-20T10:00:00+07:00", "district_code": "351016", "meeting_kind": "with_guests",
        "participants": 5, "duration_minutes": 150, "budget_line_ids": [office.line],
    } | wrong  # fmt: skip
    answer = await world.post("needs", office.who("pptk"), body)
    assert answer.status_code == status, answer.text


async def test_a_ceiling_changes_only_with_the_right_etag(world: World) -> None:
    world.clock.set(at("2026-01-05"))
    office = await world.office("pagu", ceiling=1_000_000)
    seller = await world.seller("Warung Pagu", 18_000)
    await office.signed(seller)
    path, who = f"budget_lines/{office.line}", "lpse_admin.3510"
    assert (await world.call("PATCH", path, who, {"ceiling_idr": 1})).status_code == 428
    assert (await world.call("PATCH", path, who, {"ceiling_idr": 1}, if_match='"9"')).status_code == 412
    below = await world.call("PATCH", path, who, {"ceiling_idr": 1}, if_match='"1"')
    assert (below.status_code, below.json()["reason"]) == (409, "CEILING_BELOW_USE")
    lowered = await world.call("PATCH", path, who, {"ceiling_idr": 1, "overcommitted": True}, if_match='"1"')
    assert (lowered.json()["overcommitted"], lowered.headers["etag"]) == (True, '"2"')
    order = await office.draft(await office.need(1), seller, 1)
    await world.refused(f"orders/{order}:submit", office.who("pp"), {}, "BUDGET_OVERCOMMITTED")
    raised = await world.call("PATCH", path, who, {"ceiling_idr": 2_000_000}, if_match='"2"')
    assert raised.json()["overcommitted"] is False
    await office.act(order, "submit", office.who("pp"))


async def test_a_stale_etag_on_a_verb_is_refused(world: World) -> None:
    world.clock.set(at("2026-01-05"))
    office = await world.office("basi")
    seller = await world.seller("Warung Basi", 18_000)
    order = await office.draft(await office.need(40), seller)
    answer = await world.post(f"orders/{order}:submit", office.who("pp"), if_match='"7"')
    assert (answer.status_code, answer.json()["reason"]) == (412, "ETAG_MISMATCH")
    fresh = (await world.get(f"orders/{order}", office.who("pp"))).headers["etag"]
    await office.act(order, "submit", office.who("pp"), if_match=fresh)
    again = await world.post(f"orders/{order}:submit", office.who("pp"))
    assert (again.status_code, again.json()["reason"]) == (409, "ORDER_STATE")


async def test_money_verbs_need_a_key_and_known_fields(world: World) -> None:
    world.clock.set(at("2026-01-05"))
    office = await world.office("kunci")
    seller = await world.seller("Warung Kunci", 18_000)
    order = await office.draft(await office.need(40), seller)
    headers = world.issuer.bearer(office.who("pp"))
    for path in (f"orders/{order}:submit", "orders:buy"):
        body = (
            {}
            if "submit" in path
            else {"need_id": order, "vendor_id": order, "lines": [{"product_id": order, "quantity": 1}]}
        )
        bare = await world.http.post(world.url(path), json=body, headers=headers)
        assert bare.status_code in (400, 403), bare.text
    assert (await world.post(f"orders/{order}:submit", office.who("pp"), {"x": 1})).status_code == 422
    pay = {"reference": "x", "late_fee_idr": -1}
    assert (await world.post(f"orders/{order}:pay", office.who("bendahara"), pay)).status_code == 422
    assert (await world.get("orders?page_token=%%%", None)).status_code == 400
    assert (await world.get("orders?page_token=eyJhZnRlciI6Ing7In0", None)).status_code == 400
    forged = encode_token({"after": "zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz"})
    assert (await world.get(f"orders?page_token={forged}", None)).status_code == 400
    assert (await world.get("budget_lines?fiscal_year=99999999999", "lpse_admin.3510")).status_code == 422
    assert (await world.get("orders?colour=red", None)).status_code == 400
    assert (await world.get("orders?page_size=0", None)).status_code == 422
    assert (await world.get("orders/not-an-id", None)).status_code in (404, 422)


async def test_lists_turn_pages(world: World) -> None:
    for number in range(3):
        await world.unit(f"Dinas Halaman {number}")
    seen, token = [], ""
    while True:
        found = (await world.get(f"units?page_size=2{token}", None)).json()
        seen += [row["unit_id"] for row in found["units"]]
        if found["next_page_token"] is None:
            break
        token = f"&page_token={found['next_page_token']}"
    assert len(seen) == len(set(seen)) >= 3

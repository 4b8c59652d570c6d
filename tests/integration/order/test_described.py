"""The answers have the shapes that the OpenAPI document promises; the client of all order tests compares them."""

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest
from bela_kit.core.ids import new_id

from .described import Described
from .world import World, at

# One story of this module meets the verbs below; every other verb answers through the same view.
VERBS = {
    "accept_quantity", "buy", "confirm", "countersign", "deliver", "file_tax_proof", "hand_over", "inspect", "invoice",
    "pay", "propose_quantity", "sign", "start", "submit",
}  # fmt: skip


def promised(document: dict[str, Any]) -> Iterator[tuple[str, str, int]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            for status in operation["responses"]:
                verb = path.rpartition(":")[2] if ":" in path else ""
                if status.startswith("2") and (not verb or verb in VERBS or "/needs/" in path):
                    yield method.upper(), path, int(status)


async def test_every_answer_has_the_shape_that_is_promised(world: World) -> None:
    world.clock.set(at("2026-01-05"))
    office = await world.office("bentuk")
    admin = f"lpse_admin.{world.region}"
    seller = await world.seller("Katering Bentuk", 35_000, profile="meal_box_standard", kind="ENTITY_KIND_CV")
    await world.seller("Katering Mahal", 90_000, profile="meal_box_standard")
    need = await office.need(40, profile="meal_box_standard", participants=30, duration_minutes=60)
    await world.ok(f"needs/{need}:approve", office.who("kpa"))
    await world.ok(f"needs/{need}:suggest", office.who("pptk"))
    order = await office.draft(need, seller)
    await office.act(order, "submit", office.who("pp"))
    await office.act(order, "sign", office.who("ppk"))
    await office.act(order, "confirm", seller.member)
    proposed = await office.act(order, "propose_quantity", office.who("pp"), {"line_number": 1, "quantity": 41})
    assert proposed["proposed_quantity"]["quantity"] == 41
    assert (await office.act(order, "accept_quantity", seller.member))["proposed_quantity"] is None
    await office.act(order, "start", seller.member)
    await office.act(order, "deliver", seller.member, {"lines": [{"line_number": 1, "quantity": 41}]})
    await office.act(order, "inspect", office.who("ppk"), {"lines": [{"line_number": 1, "good": 40, "short": 1}]})
    await office.act(order, "hand_over", office.who("ppk"))
    await office.act(order, "countersign", seller.member)
    await office.act(order, "invoice", seller.member, {"number": "INV-1"})
    await office.act(order, "pay", office.who("bendahara"), {"reference": "SP2D 1"})
    proof = {"kind": "PPH23", "slip_number": "BP-1", "ntpn": "1111111111111111"}
    assert (await office.act(order, "file_tax_proof", office.who("bendahara"), proof))["state"] == "closed"
    assert (await office.buy(await office.need(days=9, profile="meal_box_standard"), seller)).status_code == 201
    package = {"rup_code": "12345678", "unit_id": office.unit, "title": "Rapat", "fiscal_year": 2026}
    await world.ok("rup_packages", admin, package | {"value_idr": 1_000_000}, status=201)
    line = await world.get(f"budget_lines/{office.line}", admin)
    patch = {"ceiling_idr": 90_000_000}
    await world.call("PATCH", f"budget_lines/{office.line}", admin, patch, if_match=line.headers["etag"])
    region = await world.get("", admin)
    await world.call("PATCH", "", admin, {"nearness_mode": "hard"}, if_match=region.headers["etag"])
    grants = (await world.get("grants", admin)).json()["grants"]
    await world.ok(f"grants/{grants[-1]['grant_id']}:revoke", admin)
    await world.http.get("/order/v1/regions")
    for who in (admin, seller.member, None):
        for path in ("orders", f"orders/{order}", "policy_rules", "units", f"units/{office.unit}", "time"):
            assert (await world.get(path, who)).status_code == 200
    for path in ("needs", f"needs/{need}", f"needs/{need}/suggestion", f"orders/{order}/history", "budget_lines"):
        assert (await world.get(path, admin)).status_code == 200
    assert set(promised(world.described.document)) - world.described.seen == set()


async def test_a_wrong_promise_is_noticed(world: World) -> None:
    await world.unit("Dinas Janji")
    document = copy.deepcopy(world.described.document)
    document["components"]["schemas"]["UnitView"]["properties"]["name"] = {"type": "integer"}
    answer = await world.get("units", None)
    with pytest.raises(AssertionError, match="name"):
        await Described(document).check(answer)


async def test_a_key_is_asked_for_exactly_where_the_document_says_so(world: World) -> None:
    asked: dict[bool, list[str]] = {True: [], False: []}
    for path, item in world.described.document["paths"].items():
        operation = item.get("post", {})
        headers = [one for one in operation.get("parameters", ()) if one["name"] == "Idempotency-Key"]
        if not headers or path == "/order/v1/regions":
            continue
        url = re.sub(r"\{\w+\}", str(new_id()), path.replace("{region}", world.region))
        media = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        bearer = world.issuer.bearer(f"lpse_admin.{world.region}")
        answer = await world.http.post(url, json=media.get("example"), headers=bearer)
        asked[headers[0]["required"]].append(answer.json().get("reason", ""))
    assert len(asked[True]) > 20
    assert set(asked[True]) == {"IDEMPOTENCY_KEY_REQUIRED"}
    assert len(asked[False]) > 5
    assert "IDEMPOTENCY_KEY_REQUIRED" not in asked[False]

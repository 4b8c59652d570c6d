"""Drafting, publishing, editing and withdrawing through the public API."""

from typing import Any

import pytest
from bela.catalog.events.v1 import catalog_events_pb2
from bela.vendor.v1 import vendor_pb2
from bela_kit.core.ids import new_id

from .world import Catalog

PRODUCTS = "/regions/3510/products"
DRAFT: dict[str, Any] = {"title": "Kue kotak rapat", "profile_code": "snack_box_standard"}


async def test_a_draft_takes_category_unit_and_supply_type_from_its_profile(catalog: Catalog) -> None:
    seller = await catalog.vendor("Warung A")
    made = await catalog.call("POST", PRODUCTS, as_=f"owner.{seller}", body={"vendor_id": seller, **DRAFT})
    assert made.status_code == 201
    body = made.json()
    assert (body["category_code"], body["unit"], body["supply_type"]) == ("food.snack_box", "kotak", "restaurant")
    assert (body["state"], body["version"], made.headers["etag"]) == ("draft", 1, '"1"')
    assert not [one for one in await catalog.outbox() if one[1] == body["product_id"]]


async def test_a_profile_with_another_unit_or_category_is_refused(catalog: Catalog) -> None:
    seller = await catalog.vendor("Warung B")
    for wrong in ({"unit": "dus"}, {"category_code": "staple.rice"}, {"profile_code": "nothing"}):
        made = await catalog.call("POST", PRODUCTS, as_=f"owner.{seller}", body={"vendor_id": seller, **DRAFT, **wrong})
        assert (made.status_code, made.json()["reason"]) == (400, "PROFILE_INVALID")


async def test_publishing_needs_a_price_a_capacity_and_a_lead_time(catalog: Catalog) -> None:
    seller = await catalog.vendor("Warung C")
    made = await catalog.call("POST", PRODUCTS, as_=f"owner.{seller}", body={"vendor_id": seller, **DRAFT})
    path = f"{PRODUCTS}/{made.json()['product_id']}"
    refused = await catalog.call("POST", f"{path}:publish", as_=f"owner.{seller}")
    assert (refused.status_code, refused.json()["reason"]) == (409, "PRODUCT_INCOMPLETE")
    assert {one["field"] for one in refused.json()["fields"]} == {
        "unit_price_idr",
        "capacity_per_day",
        "lead_time_hours",
    }
    edit = {"unit_price_idr": 18_000, "capacity_per_day": 1000, "lead_time_hours": 4}
    changed = await catalog.call("PATCH", path, as_=f"owner.{seller}", body=edit, headers={"if-match": '"1"'})
    assert changed.status_code == 200
    done = await catalog.call("POST", f"{path}:publish", as_=f"owner.{seller}")
    assert (done.json()["state"], done.json()["version"]) == ("published", 3)


@pytest.mark.parametrize(("facts", "why"), [({"verified": False}, "not_verified"), ({}, "standing_suspended")])
async def test_a_seller_who_may_not_sell_cannot_publish(catalog: Catalog, facts: dict[str, Any], why: str) -> None:
    seller = await catalog.vendor("Warung D", **facts)
    if not facts:
        await catalog.tell_vendor(seller, standing=vendor_pb2.STANDING_SUSPENDED)
    product = await catalog.product(seller, publish=False)
    refused = await catalog.call("POST", f"{PRODUCTS}/{product}:publish", as_=f"owner.{seller}")
    assert (refused.status_code, refused.json()["reason"]) == (409, "VENDOR_NOT_READY")
    assert refused.json()["vendor_reason"] == why


async def test_every_change_of_a_product_on_sale_is_an_event_with_the_whole_product(catalog: Catalog) -> None:
    seller = await catalog.vendor("Warung E", pkp=True)
    product = await catalog.product(seller, profile_code="chair_student", title="Kursi siswa", unit_price_idr=320_000)
    path = f"{PRODUCTS}/{product}"
    changed = await catalog.call(
        "PATCH", path, as_=f"owner.{seller}", body={"title": "Kursi siswa jati"}, headers={"if-match": '"2"'}
    )
    assert changed.status_code == 200, changed.text
    done = await catalog.call("POST", f"{path}:withdraw", as_=f"owner.{seller}")
    assert done.json()["state"] == "withdrawn"
    names = [subject for subject, aggregate in await catalog.outbox() if aggregate == product]
    assert names == [
        f"bela.catalog.v1.3510.{name}" for name in ("product_published", "product_changed", "product_withdrawn")
    ]
    connection = await catalog.database.connect()
    payload = await connection.fetchval(
        "SELECT payload FROM outbox_messages WHERE aggregate_id = $1 AND aggregate_version = 3", product
    )
    await connection.close()
    message = catalog_events_pb2.ProductChanged.FromString(payload)
    assert (message.product.title, message.product.unit_price.units) == ("Kursi siswa jati", 320_000)
    assert (message.product.price_includes_ppn, message.product.version) == (True, 3)
    assert (message.actor.principal, message.actor.role) == (f"owner.{seller}", "vendor_owner")


async def test_ppn_is_inside_the_price_only_of_a_pkp_and_only_where_the_supply_bears_it(catalog: Catalog) -> None:
    small, pkp = await catalog.vendor("Kecil"), await catalog.vendor("Besar", pkp=True)
    wanted = [(small, "chair_student", False), (pkp, "chair_student", True), (pkp, "meal_box_standard", False)]
    for seller, profile, inside in wanted:
        product = await catalog.product(seller, profile_code=profile, unit_price_idr=300_000)
        found = await catalog.call("GET", f"{PRODUCTS}/{product}")
        assert found.json()["price_includes_ppn"] is inside


async def test_a_stale_etag_is_refused_and_a_missing_one_asked_for(catalog: Catalog) -> None:
    seller = await catalog.vendor("Warung F")
    product = await catalog.product(seller)
    path, owner = f"{PRODUCTS}/{product}", f"owner.{seller}"
    stale = await catalog.call("PATCH", path, as_=owner, body={"title": "Lain"}, headers={"if-match": '"1"'})
    assert (stale.status_code, stale.json()["reason"]) == (412, "ETAG_MISMATCH")
    missing = await catalog.call("PATCH", path, as_=owner, body={"title": "Lain"})
    assert (missing.status_code, missing.json()["reason"]) == (428, "IF_MATCH_REQUIRED")


async def test_only_the_sellers_own_people_and_officers_may_edit(catalog: Catalog) -> None:
    seller, other = await catalog.vendor("Warung G"), await catalog.vendor("Warung H")
    await catalog.grant("pp.3510", "pp")
    product = await catalog.product(seller)
    draft = await catalog.product(seller, publish=False)
    edit = {"body": {"title": "Nasi kotak baru"}, "headers": {"if-match": "*"}}
    for who in (f"owner.{other}", "pp.3510"):
        refused = await catalog.call("PATCH", f"{PRODUCTS}/{product}", as_=who, **edit)
        assert (refused.status_code, refused.json()["reason"]) == (403, "ROLE_MISSING")
        hidden = await catalog.call("PATCH", f"{PRODUCTS}/{draft}", as_=who, **edit)
        assert (hidden.status_code, hidden.json()["reason"]) == (404, "PRODUCT_UNKNOWN")
    done = await catalog.call("PATCH", f"{PRODUCTS}/{product}", as_="officer.3510", **edit)
    assert done.status_code == 200
    connection = await catalog.database.connect()
    by = await connection.fetchval("SELECT updated_by::text FROM products WHERE product_id = $1", product)
    await connection.close()
    assert f'"on_behalf_of": "{seller}"' in by and '"role": "koperindag_officer"' in by


async def test_another_regions_token_gets_what_an_anonymous_caller_gets(catalog: Catalog) -> None:
    seller = await catalog.vendor("Warung I")
    product, draft = await catalog.product(seller), await catalog.product(seller, publish=False)
    foreign = "officer.1311"
    assert (await catalog.call("GET", f"{PRODUCTS}/{product}", as_=foreign)).json() == (
        await catalog.call("GET", f"{PRODUCTS}/{product}")
    ).json()
    assert (await catalog.call("GET", f"{PRODUCTS}/{draft}", as_=foreign)).status_code == 404
    assert (await catalog.call("GET", f"/regions/1311/products/{product}", as_=foreign)).status_code == 404
    edit = await catalog.call(
        "PATCH", f"{PRODUCTS}/{product}", as_=foreign, body={"title": "Milik saya"}, headers={"if-match": "*"}
    )
    assert (edit.status_code, edit.json()["reason"]) == (404, "TENANT_UNKNOWN")
    assert (await catalog.call("POST", f"{PRODUCTS}/{product}:withdraw")).status_code == 401


async def test_the_seller_sees_its_drafts_in_its_own_list(catalog: Catalog) -> None:
    seller, other = await catalog.vendor("Warung J"), await catalog.vendor("Warung K")
    draft, product = await catalog.product(seller, publish=False), await catalog.product(seller)
    path = f"{PRODUCTS}?view=seller&vendor_id={seller}"
    own = (await catalog.call("GET", path, as_=f"owner.{seller}")).json()["products"]
    assert [one["product_id"] for one in own] == [product, draft]
    assert (await catalog.call("GET", path, as_=f"owner.{other}")).status_code == 403
    assert (await catalog.call("GET", path)).status_code == 401


async def test_the_same_request_sent_twice_makes_one_draft(catalog: Catalog) -> None:
    seller = await catalog.vendor("Warung L")
    key = {"idempotency-key": str(new_id())}
    bodies = [
        (
            await catalog.call(
                "POST", PRODUCTS, as_=f"owner.{seller}", body={"vendor_id": seller, **DRAFT}, headers=key
            )
        ).json()
        for _ in range(2)
    ]
    assert bodies[0] == bodies[1]
    listed = await catalog.call("GET", f"{PRODUCTS}?view=seller&vendor_id={seller}", as_=f"owner.{seller}")
    assert len(listed.json()["products"]) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit_price_idr": -1},
        {"unit_price_idr": 18000.5},
        {"unit_price_idr": 10**30},
        {"capacity_per_day": 0},
        {"delivery_district_codes": ["35.10.05"]},
        {"title": "\u0000"},
        {"surprise": 1},
        {"certificates": [{"kind": "pirt", "number": "1", "valid_to": "besok"}]},
    ],
)
async def test_bad_input_is_refused_with_its_field(catalog: Catalog, wrong: dict[str, Any]) -> None:
    seller = await catalog.vendor("Warung M")
    made = await catalog.call("POST", PRODUCTS, as_=f"owner.{seller}", body={"vendor_id": seller, **DRAFT, **wrong})
    assert made.status_code in (400, 422)
    assert any(next(iter(wrong)) in one["field"] for one in made.json()["fields"]), made.text


async def test_html_and_sql_in_texts_are_kept_as_they_are(catalog: Catalog) -> None:
    seller = await catalog.vendor("Warung N")
    title = "<script>alert(1)</script>'; DROP TABLE products; --"
    product = await catalog.product(seller, title=title)
    assert (await catalog.call("GET", f"{PRODUCTS}/{product}")).json()["title"] == title


async def test_a_price_below_half_the_median_waits_until_the_seller_confirms_it(catalog: Catalog) -> None:
    profile: dict[str, Any] = {"profile_code": "rice_premium", "title": "Beras premium"}
    for price in (25_000, 26_000, 26_500, 29_000):
        await catalog.product(await catalog.vendor(f"Tani {price}"), unit_price_idr=price, **profile)
    seller = await catalog.vendor("Murah sekali")
    product = await catalog.product(seller, publish=False, unit_price_idr=1_000, **profile)
    path, owner = f"{PRODUCTS}/{product}", f"owner.{seller}"
    first = await catalog.call("POST", f"{path}:publish", as_=owner)
    assert first.json()["state"] == "moderated"
    assert product not in await catalog.search("beras premium")
    again = await catalog.call("POST", f"{path}:publish", as_=owner)
    assert (again.status_code, again.json()["reason"]) == (409, "PRICE_NEEDS_CONFIRMATION")
    assert again.json()["median_price_idr"] == 26_000
    confirmed = await catalog.call("POST", f"{path}:publish", as_=owner, body={"confirm_price": True})
    assert (confirmed.json()["state"], confirmed.json()["price_confirmed_idr"]) == ("published", 1_000)
    assert product in await catalog.search("beras premium")


async def test_a_mistyped_price_of_a_product_on_sale_takes_it_off_and_the_right_one_puts_it_back(
    catalog: Catalog,
) -> None:
    profile: dict[str, Any] = {"profile_code": "besek_standard", "title": "Besek bambu"}
    for _ in range(3):
        await catalog.product(await catalog.vendor("Penganyam"), unit_price_idr=2_500, **profile)
    seller = await catalog.vendor("Salah ketik")
    product = await catalog.product(seller, unit_price_idr=2_500, **profile)
    path = f"{PRODUCTS}/{product}"
    states = []
    for price in (250, 2_600):
        done = await catalog.call(
            "PATCH", path, as_=f"owner.{seller}", body={"unit_price_idr": price}, headers={"if-match": "*"}
        )
        states.append((done.json()["state"], product in await catalog.search("besek")))
    assert states == [("moderated", False), ("published", True)]


async def test_an_officers_visit_confirms_the_capacity_until_it_is_changed(catalog: Catalog) -> None:
    seller = await catalog.vendor("Warung O")
    path = f"{PRODUCTS}/{await catalog.product(seller)}"
    body = {"capacity_per_day": 200, "visited_on": "2026-02-10"}
    refused = await catalog.call("POST", f"{path}:confirm_capacity", as_=f"owner.{seller}", body=body)
    assert refused.status_code == 403
    done = await catalog.call("POST", f"{path}:confirm_capacity", as_="officer.3510", body=body)
    assert (done.json()["capacity_confirmed"], done.json()["capacity_confirmed_on"]) == (True, "2026-02-10")
    changed = await catalog.call(
        "PATCH", path, as_=f"owner.{seller}", body={"capacity_per_day": 300}, headers={"if-match": "*"}
    )
    assert changed.json()["capacity_confirmed"] is False


async def test_reference_data_is_open_to_everybody(catalog: Catalog) -> None:
    categories = (await catalog.call("GET", "/categories")).json()["categories"]
    besek = next(one for one in categories if one["code"] == "craft.besek")
    assert (besek["supply_type"], besek["must_be_producer"], besek["parent"]) == ("goods", True, "craft")
    profiles = (await catalog.call("GET", "/profiles")).json()["profiles"]
    assert next(one for one in profiles if one["code"] == "meal_box_standard")["unit"] == "kotak"

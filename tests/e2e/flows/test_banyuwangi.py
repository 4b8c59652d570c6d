"""Stories 2 and 1 of the specification, one after the other in Banyuwangi, then the figures over both.

They share a region and its clock, so each is played once by a fixture, in the sequence of their dates.
"""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import jsonschema
import pytest
from bela_local.demo.api import Api, Json, Refused, eventually, set_clock, wait_until
from bela_local.demo.office import FIELD_FOOD, Office, open_office
from bela_local.demo.sellers import Offer, Sellers

from . import measures
from .play import at, buckets, reconcile, refused_with

REGION = "3510"
MUNCAR, CLURING, TOWN = "351005", "351006", "351016"
TEMBOKREJO = "3510052003"
FIELD_DAY = at(2025, 12, 10, 10)
YEAR_BEFORE = at(2025, 9, 1)
MEETINGS = (at(2026, 1, 5), at(2026, 1, 16), at(2026, 1, 28), at(2026, 2, 9), at(2026, 2, 20))
SIXTH_TRY = at(2026, 3, 2)
BOXES = 40
# Sixteen digits in a row are a NIK or a family card, 08… a phone; 00123450… is how the accounts here begin.
# Letters and dashes beside the digits make them part of an id.
PERSONAL = re.compile(r"(?<![\w-])(\d{16}|(\+62|0)8\d{8,11}|00123450\d+)(?![\w-])|Pemilik")


@dataclass
class Near:
    """What story 2 left."""

    sellers: dict[str, Offer]
    office: Office
    need: Json
    shown: Json
    order: Json


@dataclass
class Rotation:
    """What story 1 left."""

    stalls: list[Offer]
    office: Office
    orders: list[Json] = field(default_factory=list)
    sixth: Json = field(default_factory=dict)
    after_crumbs: Json = field(default_factory=dict)
    reopened: Json = field(default_factory=dict)
    cuts: list[int] = field(default_factory=list)


@pytest.fixture(scope="module")
def near(api: Api) -> Near:
    """Story 2: a field day at Tembokrejo, four warungs that differ in nearness, price and history."""
    set_clock(api, REGION, YEAR_BEFORE)
    sellers = _warungs(api)
    _history(api, sellers)
    _raise_price(api, sellers["W2"], 26_000)
    set_clock(api, REGION, FIELD_DAY - timedelta(days=3))
    office = open_office(
        api, REGION, "Dinas Pertanian", year=2025, ceiling=50_000_000, district=MUNCAR, account=FIELD_FOOD
    )
    need = office.need(
        "meal_box_standard", 150, FIELD_DAY, title="Makan siang hari lapang petani", district_code=MUNCAR,
        village_code=TEMBOKREJO, activity_name="Hari lapang petani", activity_place="Desa Tembokrejo",
        meeting_kind="field",
    )  # fmt: skip
    shown = office.suggest(need)
    body = {"need_id": need["need_id"], **_chosen(sellers["W3"], 150)}
    order = api.post(f"{office.path}/orders", office.who("pp"), body)
    seller = sellers["W3"].persona
    for verb, who, sent in (
        ("submit", office.who("pp"), {}),
        ("sign", office.who("ppk"), {}),
        ("confirm", seller, {}),
        ("start", seller, {}),
        ("deliver", seller, {"lines": [{"line_number": 1, "quantity": 150}]}),
        ("inspect", office.who("ppk"), {"lines": [{"line_number": 1, "good": 150}]}),
        ("hand_over", office.who("ppk"), {}),
        ("countersign", seller, {}),
        ("invoice", seller, {"number": "INV-W3-1"}),
        ("pay", office.who("bendahara"), {"reference": "SP2D-0042", "mechanism": "LS"}),
    ):
        order = office.act(order, verb, who, sent)
    return Near(sellers, office, need, shown, order)


def _warungs(api: Api) -> dict[str, Offer]:
    meal, snack = "meal_box_standard", "snack_box_standard"
    offers = {
        "W1": Offer("Warung W1", f"vendor11.{REGION}", MUNCAR, TEMBOKREJO, meal, 25_000, 200),
        # It asked less during the year: ten million are no multiple of 26,000.
        "W2": Offer("Warung W2", f"vendor12.{REGION}", MUNCAR, "3510052001", meal, 25_000, 150),
        "W3": Offer("Warung W3", f"vendor13.{REGION}", CLURING, "3510062001", meal, 26_500, 200),
        "W4": Offer("Warung W4", f"vendor14.{REGION}", CLURING, "3510062002", meal, 29_000, 150),
        "M": Offer("Kue Muncar", f"vendor15.{REGION}", MUNCAR, "3510052002", snack, 20_000, 1000),
        "C": Offer("Kue Cluring", f"vendor16.{REGION}", CLURING, "3510062003", snack, 20_000, 1000),
    }
    sellers = Sellers(api, REGION)
    sellers.side_by_side(offers.values())
    for offer in offers.values():
        sellers.confirm_capacity(offer, YEAR_BEFORE.date())
    return offers


def _history(api: Api, sellers: dict[str, Offer]) -> None:
    """Give W1 forty and W2 ten million, 38 of 40 and 9 of 10 good; snacks make Cluring a quarter of all spend."""
    plan = [("W1", 40, 5 if at >= 38 else 0) for at in range(40)] + [
        ("W2", 40, 5 if at == 9 else 0) for at in range(10)
    ]
    plan += [("M", 500, 0), ("C", 500, 0), ("C", 500, 0)]
    offices = [
        open_office(api, REGION, f"Kantor {number}", year=2025, ceiling=100_000_000, district=MUNCAR)
        for number in range(1, 11)
    ]

    def one(at: int) -> None:
        name, good, wrong = plan[at]
        offer, office = sellers[name], offices[at % len(offices)]
        need = office.need(offer.profile_code, good + wrong, YEAR_BEFORE + timedelta(days=2 + at, hours=2))
        order = office.buy(need, offer.chosen, good + wrong, reason="other")
        office.act(order, "accept", offer.persona)
        lines = [{"line_number": 1, "good": good, "wrong": wrong}]
        office.act(order, "receive", office.who("pptk"), {"lines": lines})
        office.act(order, "acknowledge", offer.persona)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(len(plan))))


def _raise_price(api: Api, offer: Offer, price: int) -> None:
    path = f"/catalog/v1/regions/{REGION}/products/{offer.product_id}"
    changed = api.patch(path, offer.persona, {"unit_price_idr": price})
    assert (changed["state"], changed["unit_price_idr"]) == ("published", price)


def _chosen(offer: Offer, quantity: int) -> Json:
    return {"vendor_id": offer.vendor_id, "lines": [{"product_id": offer.product_id, "quantity": quantity}]}


def test_the_suggestion_scores_as_the_vector_says(near: Near) -> None:
    """Vector of 10.1: W3 83.02, W1 64.00, W2 59.85."""
    scores = {row["display_name"]: row["score"] for row in near.shown["listed"]}
    assert scores == {"Warung W3": 83.02, "Warung W1": 64.00, "Warung W2": 59.85}
    assert list(scores) == ["Warung W3", "Warung W1", "Warung W2"]


def test_the_suggestion_says_why_in_words(near: Near) -> None:
    assert all(row["sentence"] for row in near.shown["listed"])
    assert "belum pernah" in near.shown["listed"][0]["sentence"]


def test_what_is_too_dear_is_out_by_price(near: Near) -> None:
    rejected = {row["display_name"]: row for row in near.shown["rejected"]}
    assert set(rejected) == {"Warung W4"}
    assert "PRICE" in str(rejected["Warung W4"])


def test_the_cost_of_spread_is_150_times_1500(near: Near) -> None:
    assert near.order["total_idr"] == 3_975_000
    assert (26_500 - near.order["best_unit_price_idr"]) * 150 == 225_000
    assert near.order["suggestion_rank"] == 1


def test_the_field_day_is_paid_and_nothing_else_moved(near: Near) -> None:
    assert near.order["state"] == "paid"
    assert buckets(near.office) == {"reserved": 0, "committed": 0, "accepted": 0, "paid": 3_975_000}


@pytest.fixture(scope="module")
def rotation(api: Api, near: Near) -> Rotation:
    """Story 1: five purchases at one stall, the sixth on 2 March."""
    stalls = Sellers(api, REGION).side_by_side(
        Offer(
            f"Warung {name}", f"vendor{number}.{REGION}", TOWN, f"351016100{number}", "snack_box_standard", price, 400
        )
        for number, (name, price) in enumerate((("A", 18_000), ("B", 20_000), ("C", 20_000), ("D", 20_000)), start=1)
    )
    set_clock(api, REGION, MEETINGS[0])
    office = open_office(api, REGION, "Dinas Kesehatan", year=2026, ceiling=20_000_000, district=TOWN)
    told = Rotation(stalls, office)
    for meeting in MEETINGS:
        set_clock(api, REGION, meeting)
        order = _snacks(office, stalls[0], BOXES, meeting)
        told.orders.append(office.finish(order, stalls[0].persona))
        told.cuts.append(reconcile(api, REGION, 2026))
    set_clock(api, REGION, SIXTH_TRY)
    told.sixth = refused_with("ROTATION_LIMIT", lambda: _snacks(office, stalls[0], BOXES, SIXTH_TRY))
    for other in stalls[1:]:
        office.finish(_snacks(office, other, 1, SIXTH_TRY), other.persona)
    told.after_crumbs = refused_with("ROTATION_LIMIT", lambda: _snacks(office, stalls[0], BOXES, SIXTH_TRY))
    for other in stalls[1:]:
        office.finish(_snacks(office, other, 18, SIXTH_TRY), other.persona)
    told.reopened = _snacks(office, stalls[0], BOXES, SIXTH_TRY)
    return told


def _snacks(office: Office, offer: Offer, boxes: int, now: datetime) -> Json:
    need = office.need("snack_box_standard", boxes, now + timedelta(hours=30))
    return office.buy(need, offer.chosen, boxes, reason="other")


def test_five_purchases_pass_without_withholding(rotation: Rotation) -> None:
    assert [order["total_idr"] for order in rotation.orders] == [720_000] * 5
    assert {order["state"] for order in rotation.orders} == {"closed"}
    payments = [order["deliveries"][0]["payment"] for order in rotation.orders]
    assert all(payment["taxes"] == [] and payment["received_idr"] == 720_000 for payment in payments)


def test_five_purchases_are_no_splitting(rotation: Rotation) -> None:
    assert not [flag for order in rotation.orders for flag in order["flags"] if "SPLIT" in flag]


def test_the_sixth_names_three_who_can(rotation: Rotation) -> None:
    names = {row["display_name"] for row in rotation.sixth["alternatives"]}
    assert {"Warung B", "Warung C", "Warung D"} <= names
    assert "Warung A" not in names


def test_three_orders_of_20000_do_not_open_it(rotation: Rotation) -> None:
    assert rotation.after_crumbs["reason"] == "ROTATION_LIMIT"


def test_three_orders_of_360000_open_it_again(rotation: Rotation) -> None:
    assert (rotation.reopened["state"], rotation.reopened["total_idr"]) == ("sp_issued", 720_000)


def test_reports_equal_the_ledger_after_every_purchase(rotation: Rotation) -> None:
    assert rotation.cuts == [720_000 * count for count in range(1, 6)]


def test_six_at_once_and_exactly_five_pass(api: Api, rotation: Rotation) -> None:
    set_clock(api, REGION, SIXTH_TRY)
    office = open_office(api, REGION, "Dinas Sosial", year=2026, ceiling=20_000_000, district=TOWN)

    def try_one(_: int) -> str:
        try:
            return str(_snacks(office, rotation.stalls[0], 10, SIXTH_TRY)["state"])
        except Refused as refused:
            return refused.reason

    with ThreadPoolExecutor(6) as pool:
        outcomes = sorted(pool.map(try_one, range(6)))
    assert outcomes == ["ROTATION_LIMIT"] + ["sp_issued"] * 5
    assert buckets(office)["committed"] == 5 * 180_000


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_figures_follow_from_the_orders(api: Api, rotation: Rotation, year: int) -> None:
    """Spend, reach and the measures, computed here from nothing but the orders and the register."""
    reconcile(api, REGION, year)
    orders = list(api.pages(f"/order/v1/regions/{REGION}/orders", "orders", f"auditor.{REGION}"))
    spend: dict[str, int] = {}
    for order in orders:
        for handover in order["handovers"]:
            if handover["on"].startswith(str(year)):
                vendor = order["vendor"]["vendor_id"]
                spend[vendor] = spend.get(vendor, 0) + handover["value_idr"]
    register = f"/vendor/v1/regions/{REGION}/vendors"
    active = {row["vendor_id"]: row for row in api.pages(register, "vendors", f"koperindag_officer.{REGION}")}
    values = {vendor_id: spend.get(vendor_id, 0) for vendor_id in active}
    places: dict[str, list[int]] = {}
    for vendor_id, row in active.items():
        places.setdefault(row["district_code"], []).append(values[vendor_id])
    within, between = measures.theil_parts(places)
    path = f"/reporting/v1/regions/{REGION}"
    told = eventually(lambda: api.get(f"{path}/equity", year=year))
    assert (told["n"], told["sellers"], told["spend_idr"]) == (10, len(spend), sum(spend.values()))
    assert told["gini"] == pytest.approx(measures.gini(values.values()), abs=1e-6)
    assert told["hhi"] == pytest.approx(measures.hhi(values.values()), abs=1e-3)
    assert told["theil"]["total"] == pytest.approx(measures.theil(values.values()), abs=1e-6)
    assert told["theil"]["within"] == pytest.approx(within, abs=2e-6)
    assert told["theil"]["between"] == pytest.approx(between, abs=2e-6)
    assert told["reach"] == pytest.approx(len(spend) / 10, abs=1e-6)
    rows = api.get(f"{path}/spend", by="vendor", year=year)["rows"]
    assert {row["key"]: row["value_idr"] for row in rows} == spend
    by_district = {row["key"]: row["value_idr"] for row in api.get(f"{path}/spend", by="district", year=year)["rows"]}
    assert by_district == {code: sum(values) for code, values in places.items() if sum(values)}
    reach = api.get(f"{path}/reach", year=year)
    assert (reach["active"], reach["with_sales"]) == (10, len(spend))


def test_the_year_of_story_2_was_played_as_written(api: Api, near: Near) -> None:
    rows = {
        row["name"]: row["value_idr"]
        for row in api.get(f"/reporting/v1/regions/{REGION}/spend", by="vendor", year=2025)["rows"]
    }
    assert rows == {
        "Warung W1": 40_000_000, "Warung W2": 10_000_000, "Warung W3": 3_975_000,
        "Kue Muncar": 10_000_000, "Kue Cluring": 20_000_000,
    }  # fmt: skip


def test_the_public_record_is_valid_and_tells_of_no_person(api: Api, near: Near, repository: Path) -> None:
    """OCDS 1.1 releases of the field day's order, from the signature to the payment, read by nobody in particular."""
    path = f"/reporting/v1/regions/{REGION}/ocds/records/ocds-bela00-{REGION}-{near.order['order_id']}"
    wait_until(lambda: "transactions" in json.dumps(api.get(path)), "the record of the payment")
    package = api.get(path)
    schema = repository / "tests" / "unit" / "reporting" / "data" / "ocds-release-schema-1.1.4.json"
    validator = jsonschema.Draft4Validator(json.loads(schema.read_text()))
    record = package["records"][0]
    for release in [*record["releases"], record["compiledRelease"]]:
        validator.validate(release)
    compiled = record["compiledRelease"]
    assert compiled["contracts"][0]["value"] == {"amount": 3_975_000, "currency": "IDR"}
    paid = [each["value"]["amount"] for each in compiled["contracts"][0]["implementation"]["transactions"]]
    assert sum(paid) == 3_975_000
    found = PERSONAL.search(json.dumps(package, ensure_ascii=False))
    assert found is None, found


def test_the_feed_of_all_releases_tells_of_no_person(api: Api, rotation: Rotation) -> None:
    reconcile(api, REGION, 2026)
    feed = api.get(f"/reporting/v1/regions/{REGION}/ocds/releases", page_size=500)
    assert len(feed["releases"]) > 100
    found = PERSONAL.search(json.dumps(feed, ensure_ascii=False))
    assert found is None, found

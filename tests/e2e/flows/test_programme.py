"""A partner organisation's programme, through the public entry: from the invitation to the first sale it led to.

The seller is asked for no NIB and no tax number on the way, and a visit that the officer's phone kept offline is sent
afterwards.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta

import pytest
from bela_local.demo.api import Api, Json, eventually, set_clock, wait_until
from bela_local.demo.office import open_office
from bela_local.demo.sellers import Offer, Sellers

from tests.fakes.evidence import jpeg

from .play import at, refused_with

REGION = "1271"
TOWN, VILLAGE = "127101", "1271011001"
OFFICER = f"koperindag_officer.{REGION}"
HOME = f"/vendor/v1/regions/{REGION}"
TRAINED_ON = at(2026, 3, 2)
SOLD_ON = at(2026, 3, 23)


@dataclass
class Programme:
    """The programme with its one session, and who came."""

    path: str
    session: str
    comer: Offer
    stayer: str


def _enter(api: Api, number: int) -> str:
    body = {
        "name": f"Dapur Deli {number}",
        "main_product": "kue kotak deli",
        "owners": [{"name": f"Ibu Deli {number}", "nik": f"127101570880{number:04d}"}],
        "village_code": VILLAGE,
        "phone": f"08127700{number:05d}",
        "bank": "BRI",
        "account_number": f"77001230{number:05d}",
        "account_holder": f"Ibu Deli {number}",
        "turnover_idr": 60_000_000,
    }
    return str(api.post(f"{HOME}/vendors", OFFICER, body)["vendor_id"])


@pytest.fixture(scope="module")
def programme(api: Api) -> Programme:
    """Two businesses are invited by what they make; one comes."""
    set_clock(api, REGION, TRAINED_ON)
    came, stayed = _enter(api, 9101), _enter(api, 9102)
    body = {
        "name": "Wirausaha Medan 2026",
        "kind": "training",
        "organiser": {"kind": "partner", "name": "Komunitas OKE OCE"},
        "starts_on": "2026-03-01",
        "ends_on": "2026-06-30",
        "target_count": 40,
        "district_codes": [TOWN],
    }
    path = f"{HOME}/programmes/{api.post(f'{HOME}/programmes', OFFICER, body)['programme_id']}"
    meeting = {
        "held_on": "2026-03-02",
        "place": "Balai Desa",
        "topic": "Kemasan",
        "trainer": "Rina Wulandari",
        "capacity": 40,
    }
    session = f"{path}/sessions/{api.post(f'{path}/sessions', OFFICER, meeting)['session_id']}"
    invited = eventually(lambda: _invite(api, session))
    assert invited["invited"] == 2
    api.post(f"{session}:answer", OFFICER, {"vendor_id": came, "answer": "confirmed"})
    lines = [{"vendor_id": came, "status": "attended"}, {"vendor_id": stayed, "status": "absent"}]
    told = api.post(f"{session}:record_attendance", OFFICER, {"attendances": lines})
    assert told["counts"] == {"recorded": 2, "unchanged": 0, "refused": 0, "first_trainings": 1}
    offer = Offer("Dapur Deli 9101", f"vendor11.{REGION}", TOWN, VILLAGE, "snack_box_standard", 15_000, 200)
    offer.vendor_id = came
    return Programme(path, session, offer, stayed)


def _invite(api: Api, session: str) -> Json:
    return api.post(f"{session}:invite", OFFICER, {"filter": {"lacking": "trained", "q": "kue kotak deli"}})


@pytest.fixture(scope="module")
def sold(api: Api, programme: Programme) -> Offer:
    """Account, verification in band A, product, and the first purchase, three weeks later."""
    offer, path = programme.comer, f"{HOME}/vendors/{programme.comer.vendor_id}"
    account = {"principal": offer.persona, "consent_version": "2026-01", "phone_verified": True}
    api.post(f"{path}:open_account", OFFICER, account)
    finding = {"band": "A", "proofs": ["nik", "phone", "bank", "location"], "business_class": "micro"}
    api.post(f"{path}:verify", OFFICER, finding)
    offer.product_id = Sellers(api, REGION).publish(offer)
    set_clock(api, REGION, SOLD_ON)
    office = open_office(api, REGION, "Kecamatan Deli", year=2026, ceiling=10_000_000, district=TOWN)
    need = office.need("snack_box_standard", 20, SOLD_ON + timedelta(days=2))
    office.finish(eventually(lambda: office.buy(need, offer.chosen, 20, reason="other")), offer.persona)
    return offer


def test_attendance_is_a_milestone_in_the_funnel(api: Api, programme: Programme) -> None:
    for vendor_id, day in ((programme.comer.vendor_id, "2026-03-02"), (programme.stayer, None)):
        assert api.get(f"{HOME}/vendors/{vendor_id}", OFFICER)["milestones"]["trained_on"] == day
    funnel = f"/reporting/v1/regions/{REGION}/funnel"
    wait_until(lambda: api.get(funnel)["total"]["trained"] == 1, "the training in the reports")


def test_the_first_sale_is_the_programmes(api: Api, programme: Programme, sold: Offer) -> None:
    listed = f"{programme.path}/outcome_vendors"
    wait_until(lambda: len(api.get(listed, OFFICER)["vendors"]) == 1, "the first sale in the register")
    (line,) = api.get(listed, OFFICER)["vendors"]
    assert (line["vendor_id"], line["days"]) == (sold.vendor_id, 21)
    report = api.get(f"{HOME}/programme_outcomes", OFFICER, organiser_kind="partner")
    (organiser,) = report["organisers"]
    assert organiser["organiser"]["name"] == "Komunitas OKE OCE"
    assert (organiser["attended"], organiser["first_sale"]["count"], organiser["first_sale"]["median_days"]) == (
        1,
        1,
        21,
    )
    assert report["programmes"][0]["account"] == {"count": 1, "per_mille": 1000, "median_days": 0}


def test_the_seller_was_asked_for_no_nib_and_no_tax_number(api: Api, sold: Offer) -> None:
    own = f"{HOME}/vendors/{sold.vendor_id}"
    listed = eventually(lambda: api.get(f"{own}/checklist", sold.persona))
    assert {item["code"]: item["state"] for item in listed["items"]} == {
        "nik": "done",
        "phone": "done",
        "bank": "done",
        "nib": "not_needed_yet",
        "kbli": "not_needed_yet",
        "npwp": "not_needed_yet",
    }
    assert api.get(f"{own}/inaproc_readiness", sold.persona)["points"] == 2
    assert [one["topic"] for one in api.get(f"{own}/trainings", sold.persona)["trainings"]] == ["Kemasan"]


def test_a_visit_kept_offline_is_sent_twice_and_counted_once(api: Api, programme: Programme) -> None:
    photo = api._send("POST", f"{HOME}/evidence_files", OFFICER, content=jpeg())
    visit = {
        "visit_id": str(uuid.uuid4()),
        "vendor_id": programme.comer.vendor_id,
        "visited_at": "2026-03-01T10:20:00+07:00",
        "purposes": ["location", "producer"],
        "outcome": "found",
        "findings": "Dapur bersih, dua tungku.",
        "location": {"latitude": "3.5833", "longitude": "98.6833", "accuracy_m": 9},
        "photo_ids": [photo["evidence_id"]],
        "makes_goods": True,
    }
    for verdict in ("recorded", "known"):
        told = api.post(f"{HOME}/field_visits", OFFICER, {"visits": [visit]})
        assert [one["verdict"] for one in told["verdicts"]] == [verdict], told
    shown = api.get(f"{HOME}/field_visits/{visit['visit_id']}", OFFICER)
    assert (shown["proves_location"], shown["proves_production"]) == (True, True)
    refused_with("ROLE_MISSING", lambda: api.get(f"{HOME}/field_visits/{visit['visit_id']}", f"pp.{REGION}"))

"""Visits to producers: who may record one, what it changes, and how a trader loses the flag."""

from typing import Any

import pytest
from bela.vendor.events.v1 import vendor_events_pb2 as events
from bela.vendor.v1 import vendor_service_pb2 as pb

from tests.fakes.evidence import jpeg

from .world import Register, entry

CATEGORY = "craft.besek"


async def photo(register: Register) -> str:
    answer = await register.call("POST", "evidence_files", content=jpeg())
    assert answer.status_code == 201, answer.text
    return answer.json()["evidence_id"]


async def visited(register: Register, vendor_id: str, who: str = "officer", **changes: Any):
    body = {
        "category_code": CATEGORY,
        "visited_on": "2026-03-01",
        "place": "Dusun Krajan",
        "photo_ids": [await photo(register)],
        "capacity_per_day": 120,
        "capacity_unit": "buah",
        "is_producer": True,
        **changes,
    }
    return await register.call("POST", f"vendors/{vendor_id}/producer_visits", who, json=body)


async def reasons(register: Register, vendor_id: str, category: str = CATEGORY) -> list[str]:
    request = pb.CheckEligibilityRequest(
        parent="regions/3510", vendor_ids=[vendor_id], category_code=category, must_be_producer=True
    )
    request.value.units, request.value.currency_code = 1_000_000, "IDR"
    request.on.year, request.on.month, request.on.day = 2026, 3, 2
    return list((await register.servicer.CheckEligibility(request, None)).results[0].reasons)


async def test_a_visit_with_photo_makes_a_producer_and_another_takes_the_flag(register: Register):
    vendor_id = await register.verified()
    assert await reasons(register, vendor_id) == ["MUST_BE_PRODUCER"]
    answer = await visited(register, vendor_id)
    assert answer.status_code == 201, answer.text
    assert await reasons(register, vendor_id) == []
    assert await reasons(register, vendor_id, "craft.mats") == ["MUST_BE_PRODUCER"]
    raw = (await register.events("vendor_profile_changed"))[-1]["payload"]
    event = events.VendorProfileChanged.FromString(raw)
    assert list(event.vendor.producer_category_codes) == [CATEGORY]
    seen = (await register.call("GET", f"vendors/{vendor_id}")).json()
    assert seen["producer_of"] == [CATEGORY]
    trader = await visited(register, vendor_id, is_producer=False, capacity_per_day=None, note="Hanya gudang")
    assert trader.status_code == 201, trader.text
    assert await reasons(register, vendor_id) == ["MUST_BE_PRODUCER"]
    listed = (await register.call("GET", f"vendors/{vendor_id}/producer_visits")).json()["producer_visits"]
    assert [one["is_producer"] for one in listed] == [False, True]


@pytest.mark.parametrize(
    ("change", "status", "reason"),
    [
        ({"visited_on": "2026-03-03"}, 400, "VISIT_INVALID"),
        ({"capacity_per_day": None}, 400, "VISIT_INVALID"),
        ({"photo_ids": []}, 422, "SCHEMA_VIOLATION"),
        ({"capacity_per_day": -1}, 422, "SCHEMA_VIOLATION"),
        ({"photo_ids": ["0192f1c0-7e1a-7c3e-9a51-2f6f6f1f0042"]}, 400, "EVIDENCE_UNKNOWN"),
    ],
)
async def test_a_visit_without_photo_day_or_capacity_is_refused(register: Register, change, status, reason):
    vendor_id = (await register.enter())["vendor_id"]
    answer = await visited(register, vendor_id, **change)
    assert (answer.status_code, answer.json()["reason"]) == (status, reason), answer.text


async def test_nobody_visits_their_own_business_or_one_of_another_region(register: Register):
    await register.grant("twin.3510", "koperindag_officer", region="1904")
    body = entry(consent_version="1")
    vendor_id = (await register.call("POST", "vendors", "twin.3510", json=body)).json()["vendor_id"]
    await register.grant("twin.3510", "koperindag_officer")
    answer = await visited(register, vendor_id, "twin.3510")
    assert (answer.status_code, answer.json()["reason"]) == (403, "SELF_VERIFICATION")
    assert (await visited(register, vendor_id, "lpse")).status_code == 403
    foreign = await register.call("GET", f"vendors/{vendor_id}/producer_visits", region="1311")
    assert (foreign.status_code, foreign.json()["reason"]) == (404, "VENDOR_NOT_FOUND")

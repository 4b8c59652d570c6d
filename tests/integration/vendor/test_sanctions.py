"""Sanctions: who proposes, who decides, what is in force on which day, and the way back."""

from datetime import UTC, datetime
from typing import Any

import pytest
from bela.vendor.events.v1 import vendor_events_pb2 as events
from bela.vendor.v1 import vendor_service_pb2 as pb

from .world import NOW, Register

BODY = {
    "kind": "suspension",
    "valid_from": "2026-03-02",
    "valid_to": "2026-04-01",
    "basis_letter": "900/17/PA/2026",
    "issuer": "Dinas Pendidikan",
    "reason": "Tidak mengirim pesanan.",
}


@pytest.fixture(autouse=True)
async def signers(register: Register):
    await register.grant("ppk.3510", "ppk")
    register.clock.set(NOW)
    yield
    register.clock.set(NOW)


async def eligibility(register: Register, *vendor_ids: str, on: tuple[int, int, int] = (2026, 3, 2), **more: Any):
    request = pb.CheckEligibilityRequest(parent="regions/3510", vendor_ids=vendor_ids, **more)
    request.value.units, request.value.currency_code = 1_000_000, "IDR"
    request.on.year, request.on.month, request.on.day = on
    return (await register.servicer.CheckEligibility(request, None)).results


async def standing(register: Register, vendor_id: str) -> str:
    return (await register.call("GET", f"vendors/{vendor_id}")).json()["standing"]


async def proposed(register: Register, vendor_id: str, who: str = "ppk", **changes: Any) -> dict[str, Any]:
    answer = await register.call("POST", f"vendors/{vendor_id}/sanctions", who, json={**BODY, **changes})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def act(register: Register, sanction_id: str, verb: str, who: str = "lpse", **body: Any):
    return await register.call("POST", f"sanctions/{sanction_id}:{verb}", who, json=body)


async def test_a_signer_proposes_and_the_lpse_puts_it_in_force(register: Register):
    vendor_id = await register.verified()
    sanction = await proposed(register, vendor_id)
    assert (sanction["state"], sanction["in_force"], await standing(register, vendor_id)) == ("proposed", False, "ok")
    assert (await act(register, sanction["sanction_id"], "impose", "officer")).status_code == 403
    answer = await act(register, sanction["sanction_id"], "impose")
    assert (answer.json()["state"], answer.json()["in_force"]) == ("imposed", True)
    assert await standing(register, vendor_id) == "suspended"
    raw = (await register.events("vendor_standing_changed"))[-1]["payload"]
    event = events.VendorStandingChanged.FromString(raw)
    assert event.vendor.vendor_id == vendor_id
    assert (event.vendor.suspended_until.month, event.vendor.blacklisted) == (4, False)
    assert event.transition.reason == "SUSPENSION 900/17/PA/2026"
    (result,) = await eligibility(register, vendor_id)
    assert (list(result.reasons), result.suspended_until.day) == (["VENDOR_SUSPENDED"], 1)
    again = await act(register, sanction["sanction_id"], "impose")
    assert (again.status_code, again.json()["reason"]) == (409, "SANCTION_STATE")


async def test_who_proposed_does_not_decide(register: Register):
    vendor_id = await register.verified()
    await register.grant("both.3510", "ppk")
    await register.grant("both.3510", "lpse_admin")
    sanction = await proposed(register, vendor_id, "both")
    answer = await act(register, sanction["sanction_id"], "impose", "both")
    assert (answer.status_code, answer.json()["reason"]) == (403, "SANCTION_SELF_DECIDED")
    assert (await act(register, sanction["sanction_id"], "refuse", note="Tidak cukup bukti")).status_code == 200
    assert await standing(register, vendor_id) == "ok"


async def test_on_the_day_after_its_last_the_business_is_free_again(register: Register):
    vendor_id = await register.verified()
    await register.sanctioned(vendor_id)
    register.clock.set(datetime(2026, 4, 1, 16, 59, tzinfo=UTC))
    await register.run_jobs()
    assert await standing(register, vendor_id) == "suspended"
    register.clock.set(datetime(2026, 4, 1, 17, 0, tzinfo=UTC))
    await register.run_jobs()
    assert await standing(register, vendor_id) == "ok"
    register.clock.set(NOW)


async def test_a_sanction_begins_on_its_first_day_even_if_the_job_is_late(register: Register):
    vendor_id = await register.verified()
    await register.sanctioned(vendor_id, valid_from="2026-03-10")
    assert await standing(register, vendor_id) == "ok"
    (before,) = await eligibility(register, vendor_id, on=(2026, 3, 9))
    (on_the_day,) = await eligibility(register, vendor_id, on=(2026, 3, 10))
    assert (before.eligible, list(on_the_day.reasons)) == (True, ["VENDOR_SUSPENDED"])
    register.clock.set(datetime(2026, 3, 9, 17, 0, tzinfo=UTC))
    await register.run_jobs()
    assert await standing(register, vendor_id) == "suspended"


async def test_what_expired_meanwhile_is_looked_at(register: Register):
    vendor_id = await register.verified()
    await register.sanctioned(vendor_id)
    connection = await register.database.connect()
    try:
        await connection.execute("UPDATE vendors SET verified_until = '2025-12-01' WHERE vendor_id = $1", vendor_id)
    finally:
        await connection.close()
    (result,) = await eligibility(register, vendor_id)
    assert list(result.reasons) == ["VENDOR_SUSPENDED", "VERIFICATION_EXPIRED"]
    register.clock.set(datetime(2026, 4, 2, 3, 0, tzinfo=UTC))
    await register.run_jobs()
    assert await standing(register, vendor_id) == "in_review"


async def test_a_lifting_letter_ends_it_and_a_second_sanction_holds_on(register: Register):
    vendor_id = await register.verified()
    first = await register.sanctioned(vendor_id)
    second = await register.sanctioned(vendor_id, kind="blacklist", valid_to="2027-03-01", basis_letter="LKPP/1/2026")
    (result,) = await eligibility(register, vendor_id)
    assert (list(result.reasons), result.suspended_until.year) == (["VENDOR_BLACKLISTED"], 2027)
    letter = {"letter": "900/40/PA/2026", "reason": "Kewajiban dipenuhi"}
    assert (await act(register, second["sanction_id"], "lift", **letter)).json()["state"] == "lifted"
    assert await standing(register, vendor_id) == "suspended"
    (result,) = await eligibility(register, vendor_id)
    assert (list(result.reasons), result.suspended_until.year) == (["VENDOR_SUSPENDED"], 2026)
    await act(register, first["sanction_id"], "lift", **letter)
    assert await standing(register, vendor_id) == "ok"


async def test_the_seller_appeals_and_upheld_it_is_over_at_once(register: Register):
    vendor_id = await register.verified()
    sanction_id = (await register.sanctioned(vendor_id))["sanction_id"]
    await register.grant("seller.own", "vendor_owner", scope=vendor_id)
    await register.grant("seller.other", "vendor_owner", scope=(await register.enter())["vendor_id"])
    body = {"letter": "1/Warung/2026", "grounds": "Barang ditolak tanpa pemeriksaan."}
    foreign = await act(register, sanction_id, "appeal", "seller.other", **body)
    assert (foreign.status_code, foreign.json()["reason"]) == (404, "SANCTION_NOT_FOUND")
    filed = await act(register, sanction_id, "appeal", "seller.own", **body)
    assert filed.json()["appeal"]["result"] is None
    assert await standing(register, vendor_id) == "suspended"
    twice = await act(register, sanction_id, "appeal", "seller.own", **body)
    assert (twice.status_code, twice.json()["reason"]) == (409, "APPEAL_STATE")
    decided = await act(register, sanction_id, "decide_appeal", result="upheld", letter="900/41/PA/2026")
    assert (decided.json()["state"], decided.json()["appeal"]["result"]) == ("lifted", "upheld")
    assert await standing(register, vendor_id) == "ok"
    own = await register.call("GET", f"vendors/{vendor_id}/sanctions", "seller.own")
    assert [one["sanction_id"] for one in own.json()["sanctions"]] == [sanction_id]
    assert (await register.call("GET", f"vendors/{vendor_id}/sanctions", "seller.other")).status_code == 403


async def test_an_open_sanction_comes_back_when_the_business_is_reopened(register: Register):
    vendor_id = await register.verified()
    await register.sanctioned(vendor_id)
    for wanted, expected in (("closed", "closed"), ("in_review", "suspended")):
        body = {"standing": wanted, "reason": "Permintaan pemilik"}
        answer = await register.call("POST", f"vendors/{vendor_id}:set_standing", json=body)
        assert answer.status_code == 200, answer.text
        assert await standing(register, vendor_id) == expected


async def test_a_sanction_of_one_region_is_nothing_in_another(register: Register):
    vendor_id = await register.verified()
    sanction_id = (await register.sanctioned(vendor_id))["sanction_id"]
    answer = await register.call("POST", f"sanctions/{sanction_id}:impose", "lpse", region="1311", json={})
    assert (answer.status_code, answer.json()["reason"]) == (404, "SANCTION_NOT_FOUND")
    listed = await register.call("GET", "sanctions", "lpse", region="1311")
    assert listed.json() == {"sanctions": [], "next_page_token": None}


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"valid_to": "2026-03-01"}, 400),
        ({"valid_to": "2036-03-01"}, 400),
        ({"kind": "fine"}, 422),
        ({"basis_letter": ""}, 422),
        ({"valid_to": None}, 422),
    ],
)
async def test_a_sanction_without_days_or_letter_is_refused(register: Register, change, status):
    vendor_id = (await register.enter())["vendor_id"]
    answer = await register.call("POST", f"vendors/{vendor_id}/sanctions", "ppk", json={**BODY, **change})
    assert answer.status_code == status, answer.text
    assert answer.json()["fields"]
    assert await standing(register, vendor_id) == "ok"


async def test_sanctions_are_listed_page_by_page(register: Register):
    vendor_id = await register.verified()
    made = [(await proposed(register, vendor_id, basis_letter=f"L/{number}"))["sanction_id"] for number in range(3)]
    path = f"vendors/{vendor_id}/sanctions"
    first = (await register.call("GET", path, params={"page_size": 2})).json()
    rest = (await register.call("GET", path, params={"page_size": 2, "page_token": first["next_page_token"]})).json()
    assert [one["sanction_id"] for one in (*first["sanctions"], *rest["sanctions"])] == made[::-1]
    assert rest["next_page_token"] is None

"""Field visits through REST: a batch from an offline phone, photos, repetition, and who may look."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.fakes.evidence import PDF, jpeg

from .world import NOW, Register


async def photo(register: Register, content: bytes | None = None, **params) -> str:
    answer = await register.call("POST", "evidence_files", content=content or jpeg(), params=params)
    assert answer.status_code == 201, answer.text
    return answer.json()["evidence_id"]


def visit(vendor_id: str, **changes):
    return {
        "visit_id": str(uuid4()),
        "vendor_id": vendor_id,
        "visited_at": (NOW - timedelta(days=2)).isoformat(),
        "purposes": ["location"],
        "outcome": "found",
        "findings": "Dapur bersih.",
        "location": {"latitude": "-8.4321", "longitude": "114.3321", "accuracy_m": 12},
        **changes,
    }


async def send(register: Register, *visits, who: str = "officer", region: str = "3510"):
    answer = await register.call("POST", "field_visits", who, region=region, json={"visits": list(visits)})
    assert answer.status_code == 200, answer.text
    return answer.json()


def told(answer) -> list[tuple[str, str | None]]:
    return [(one["verdict"], one["reason"]) for one in answer["verdicts"]]


async def test_a_batch_has_a_verdict_for_each_visit(register: Register):
    vendor_id = (await register.enter())["vendor_id"]
    taken, paper = await photo(register), await photo(register, PDF)
    good = visit(vendor_id, photo_ids=[taken], makes_goods=True, capacity_seen=40, capacity_unit="kotak")
    answer = await send(
        register,
        good,
        visit(str(uuid4())),
        visit(vendor_id, visited_at=(NOW + timedelta(days=1)).isoformat()),
        visit(vendor_id, photo_ids=[str(uuid4())]),
        visit(vendor_id, photo_ids=[paper]),
        visit(vendor_id, location=None, outcome="nobody_home"),
    )
    assert answer["counts"] == {"recorded": 2, "known": 0, "refused": 4}
    assert told(answer) == [
        ("recorded", None),
        ("refused", "VENDOR_NOT_FOUND"),
        ("refused", "VISIT_INVALID"),
        ("refused", "VISIT_INVALID"),
        ("refused", "VISIT_INVALID"),
        ("recorded", None),
    ]
    fields = [[one["reason"] for one in verdict["fields"]] for verdict in answer["verdicts"]]
    assert fields == [[], [], ["IN_FUTURE"], ["EVIDENCE_UNKNOWN"], ["NOT_A_PHOTO"], []]
    shown = (await register.call("GET", f"field_visits/{good['visit_id']}")).json()
    assert (shown["officer"], shown["proves_location"], shown["proves_production"]) == ("officer.3510", True, True)
    assert (shown["location"]["latitude"], shown["photo_ids"]) == ("-8.432100", [taken])
    file = (await register.call("GET", f"evidence_files/{taken}")).json()
    assert (file["state"], file["vendor_id"], file["purpose"]) == ("attached", vendor_id, "field_visit")
    left = (await register.call("GET", f"evidence_files/{paper}")).json()
    assert left["state"] == "loose"


async def test_the_same_visit_again_is_known_and_another_under_its_id_refused(register: Register):
    vendor_id = (await register.enter())["vendor_id"]
    sent = visit(vendor_id, photo_ids=[await photo(register)], findings="NIK 3510165708850001")
    assert told(await send(register, sent)) == [("recorded", None)]
    assert told(await send(register, sent, sent)) == [("known", None)] * 2
    # Later than the bound: what was taken once stays known.
    register.clock.advance(timedelta(days=100))
    try:
        assert told(await send(register, sent)) == [("known", None)]
    finally:
        register.clock.set(NOW)
    assert told(await send(register, {**sent, "outcome": "moved"})) == [("refused", "VISIT_ID_USED")]
    await register.grant("officer2.3510", "koperindag_officer")
    assert told(await send(register, sent, who="officer2.3510")) == [("refused", "VISIT_ID_USED")]
    rows = await register.sql("SELECT findings FROM field_visits WHERE visit_id = $1::uuid", sent["visit_id"])
    assert [row["findings"] for row in rows] == ["NIK 3510********0001"]


async def test_a_visit_twice_in_one_batch_is_one(register: Register):
    vendor_id = (await register.enter())["vendor_id"]
    one = visit(vendor_id)
    answer = await send(register, one, one, {**one, "findings": "lain"})
    assert told(answer) == [("recorded", None), ("known", None), ("refused", "VISIT_ID_USED")]
    wrong = visit(str(uuid4()))
    assert told(await send(register, wrong))[0] == ("refused", "VENDOR_NOT_FOUND")


async def test_the_same_batch_at_once_is_recorded_once(register: Register):
    vendor_id = (await register.enter())["vendor_id"]
    batch = [visit(vendor_id, photo_ids=[await photo(register)]) for _ in range(5)]
    answers = await asyncio.gather(*(send(register, *order) for order in (batch, batch[::-1], batch)))
    assert sorted(one["counts"]["recorded"] for one in answers) == [0, 0, 5]
    assert sum(one["counts"]["known"] for one in answers) == 10


async def test_lists_by_business_and_officer_and_in_pages(register: Register):
    first, second = [(await register.enter())["vendor_id"] for _ in range(2)]
    days = [visit(first, visited_at=(NOW - timedelta(days=day)).isoformat()) for day in (3, 1, 2)]
    await send(register, *days, visit(second, outcome="moved"))
    listed = (await register.call("GET", "field_visits", params={"vendor_id": first})).json()["field_visits"]
    assert [one["visit_id"] for one in listed] == [days[place]["visit_id"] for place in (1, 2, 0)]
    params = {"vendor_id": first, "page_size": 2}
    page = (await register.call("GET", "field_visits", params=params)).json()
    rest = await register.call("GET", "field_visits", params={**params, "page_token": page["next_page_token"]})
    assert [one["visit_id"] for one in rest.json()["field_visits"]] == [days[0]["visit_id"]]
    moved = await register.call("GET", "field_visits", params={"officer": "officer.3510", "outcome": "moved"})
    assert second in {one["vendor_id"] for one in moved.json()["field_visits"]}
    since = (NOW - timedelta(days=2)).isoformat()
    recent = await register.call("GET", "field_visits", params={"vendor_id": first, "since": since})
    assert len(recent.json()["field_visits"]) == 2


async def test_visits_of_a_merged_record_are_its_survivors(register: Register):
    other, survivor = [(await register.enter())["vendor_id"] for _ in range(2)]
    await send(register, visit(other), visit(survivor))
    merged = "UPDATE vendors SET standing = 'merged', merged_into = $2::uuid WHERE vendor_id = $1::uuid"
    await register.sql(merged, other, survivor)
    listed = (await register.call("GET", "field_visits", params={"vendor_id": survivor})).json()["field_visits"]
    assert {one["vendor_id"] for one in listed} == {other, survivor}


async def test_a_person_is_given_their_visits_and_erasure_empties_them(register: Register):
    vendor_id = (await register.enter())["vendor_id"]
    one = visit(vendor_id)
    await send(register, one)
    reason = {"reason": "permintaan tertulis pemilik"}
    answer = await register.call("POST", f"vendors/{vendor_id}:download_personal_data", json=reason)
    assert answer.status_code == 200, answer.text
    (told,) = answer.json()["data"]["field_visits"]
    assert (told["findings"], told["latitude"]) == ("Dapur bersih.", "-8.432100")
    await register.grant("seller.erased", "vendor_owner", scope=vendor_id)
    asked = await register.call("POST", f"vendors/{vendor_id}/data_requests", "seller.erased", json={"kind": "erasure"})
    assert asked.status_code == 201, asked.text
    decide = f"data_requests/{asked.json()['request_id']}:decide"
    done = await register.call("POST", decide, json={"granted": True, "reason": "sesuai permohonan"})
    assert "field_visits" in done.json()["outcome"]["erased"]
    shown = (await register.call("GET", f"field_visits/{one['visit_id']}")).json()
    assert (shown["findings"], shown["location"], shown["outcome"]) == ("", None, "found")


@pytest.mark.parametrize(
    "params",
    [{"outcome": "eaten"}, {"since": "0001-01-01T00:00:00+07:00"}, {"until": "9999-12-31T23:59:59-07:00"}],
)
async def test_a_wrong_filter_is_refused(register: Register, params):
    answer = await register.call("GET", "field_visits", params=params)
    assert (answer.status_code, answer.json()["reason"]) == (400, "FILTER_INVALID")


async def test_an_instant_at_the_end_of_time_is_a_verdict(register: Register):
    vendor_id = (await register.enter())["vendor_id"]
    ends = [visit(vendor_id, visited_at=at) for at in ("0001-01-01T00:00:00+07:00", "9999-12-31T23:59:59-07:00")]
    assert told(await send(register, *ends)) == [("refused", "VISIT_INVALID")] * 2


async def test_who_may_record_and_look(register: Register):
    vendor_id = await register.verified()
    one = visit(vendor_id)
    await send(register, one)
    await register.grant("seller.visited", "vendor_owner", scope=vendor_id)
    for who in ("pp", "seller.visited"):
        body = {"visits": [visit(vendor_id)]}
        assert (await register.call("POST", "field_visits", who, json=body)).status_code == 403
        assert (await register.call("GET", f"field_visits/{one['visit_id']}", who)).status_code == 403
    assert (await register.call("GET", f"field_visits/{one['visit_id']}", "lpse")).status_code == 200
    other = await register.call("GET", f"field_visits/{one['visit_id']}", region="1311")
    assert (other.status_code, other.json()["reason"]) == (404, "FIELD_VISIT_NOT_FOUND")
    strange = await send(register, visit(vendor_id), who="officer.1311", region="1311")
    assert told(strange) == [("refused", "VENDOR_NOT_FOUND")]


@pytest.mark.parametrize("count", [0, 101])
async def test_a_batch_has_one_to_a_hundred_visits(register: Register, count: int):
    body = {"visits": [visit(str(uuid4()))] * count}
    assert (await register.call("POST", "field_visits", json=body)).status_code == 422

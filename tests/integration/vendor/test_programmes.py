"""Programmes through REST: planning, inviting, attendance lists, results, and what it all led to."""

import asyncio
from datetime import date

import pytest
import sqlalchemy as sa
from bela.vendor.events.v1 import vendor_events_pb2 as events

from tests.fakes.evidence import PDF

from .world import Register

PROGRAMME = {
    "name": "Wirausaha Baru 2026",
    "kind": "training",
    "organiser": {"kind": "partner", "name": "Komunitas OKE OCE"},
    "starts_on": "2026-02-01",
    "ends_on": "2026-06-30",
    "target_count": 300,
    "district_codes": ["351005"],
}
SESSION = {
    "held_on": "2026-03-02",
    "starts_at": "09:00",
    "place": "Balai Desa Tembokrejo",
    "topic": "Kemasan dan label",
    "trainer": "Rina Wulandari",
    "capacity": 40,
}


async def programme(register: Register, *, region: str = "3510", **changes) -> str:
    body = {**PROGRAMME, **changes}
    if region != "3510":
        body["district_codes"] = []
    answer = await register.call("POST", "programmes", region=region, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["programme_id"]


async def session(register: Register, programme_id: str, *, region: str = "3510", **changes) -> str:
    """Enter a session and return its path."""
    path = f"programmes/{programme_id}/sessions"
    answer = await register.call("POST", path, region=region, json={**SESSION, **changes})
    assert answer.status_code == 201, answer.text
    return f"{path}/{answer.json()['session_id']}"


async def vendor(register: Register, **changes) -> str:
    return (await register.enter(**changes))["vendor_id"]


async def attend(register: Register, path: str, *ids: str, status: str = "attended", **options):
    body = {"attendances": [{"vendor_id": one, "status": status} for one in ids]}
    answer = await register.call("POST", f"{path}:record_attendance", json=body, **options)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def milestones(register: Register, vendor_id: str) -> dict[str, str | None]:
    return (await register.call("GET", f"vendors/{vendor_id}")).json()["milestones"]


async def set_milestones(register: Register, vendor_id: str, **days: str) -> None:
    names = ", ".join(f"{name}_on = '{day}'" for name, day in days.items())
    await register.sql(f"UPDATE vendors SET {names} WHERE vendor_id = $1::uuid", vendor_id)


async def test_a_programme_is_entered_shown_and_changed(register: Register):
    programme_id = await programme(register, name="Program Pertama")
    shown = await register.call("GET", f"programmes/{programme_id}", "executive.3510")
    assert shown.status_code == 404
    await register.grant("bupati.3510", "executive")
    shown = await register.call("GET", f"programmes/{programme_id}", "bupati.3510")
    assert (shown.json()["organiser"]["name"], shown.headers["etag"]) == ("Komunitas OKE OCE", '"1"')
    body = {"target_count": 350, "ends_on": "2026-07-31"}
    unsaid = await register.call("PATCH", f"programmes/{programme_id}", json=body)
    assert unsaid.status_code == 428
    changed = await register.call("PATCH", f"programmes/{programme_id}", json=body, headers={"If-Match": '"1"'})
    assert (changed.json()["target_count"], changed.headers["etag"]) == (350, '"2"')
    stale = await register.call("PATCH", f"programmes/{programme_id}", json=body, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    listed = (await register.call("GET", "programmes", params={"organiser_kind": "partner"})).json()["programmes"]
    assert programme_id in {one["programme_id"] for one in listed}
    none = await register.call("GET", "programmes", params={"until": "2020-01-01"})
    assert none.json()["programmes"] == []


async def test_wrong_programmes_and_sessions_are_refused_by_field(register: Register):
    answer = await register.call("POST", "programmes", json={**PROGRAMME, "district_codes": ["131105"]})
    assert (answer.status_code, answer.json()["reason"]) == (400, "PROGRAMME_INVALID")
    assert answer.json()["fields"][0]["field"] == "district_codes[0]"
    programme_id = await programme(register)
    outside = await register.call(
        "POST", f"programmes/{programme_id}/sessions", json={**SESSION, "held_on": "2025-03-02"}
    )
    assert outside.json()["fields"][0]["reason"] == "OUTSIDE_PROGRAMME"
    await session(register, programme_id)
    shrunk = await register.call(
        "PATCH", f"programmes/{programme_id}", json={"ends_on": "2026-02-20"}, headers={"If-Match": "*"}
    )
    assert shrunk.json()["fields"][0]["reason"] == "SESSION_OUTSIDE"
    assert (await register.call("GET", "programmes", params={"kind": "party"})).json()["reason"] == "FILTER_INVALID"
    for wrong in ({"starts_at": "9 pagi"}, {"capacity": 0}, {"topic": ""}):
        answer = await register.call("POST", f"programmes/{programme_id}/sessions", json={**SESSION, **wrong})
        assert answer.status_code == 422


async def test_only_the_department_manages_and_no_other_region_sees(register: Register):
    programme_id = await programme(register)
    path = await session(register, programme_id)
    await register.grant("apip.3510", "auditor")
    for who, method, where, status in (
        ("pp", "POST", "programmes", 403),
        ("apip.3510", "POST", "programmes", 403),
        ("apip.3510", "GET", f"{path}/participants", 200),
        ("pp", "GET", f"programmes/{programme_id}", 403),
        (None, "GET", "programmes", 401),
    ):
        answer = await register.call(method, where, who, json=PROGRAMME if method == "POST" else None)
        assert answer.status_code == status, (who, where)
    for where in (f"programmes/{programme_id}", f"{path}/participants", f"programmes/{programme_id}/results"):
        assert (await register.call("GET", where, region="1311")).status_code == 404
    # A session is found below its own programme only.
    other = await programme(register)
    wrong = path.replace(programme_id, other)
    assert (await register.call("GET", f"{wrong}/participants")).json()["reason"] == "SESSION_NOT_FOUND"


async def test_inviting_by_filter_reaches_those_it_fits_once(register: Register):
    fits = [await vendor(register, main_product="Besek anyaman Osing") for _ in range(3)]
    trained = await vendor(register, main_product="Besek anyaman Osing")
    await register.call(
        "POST", f"vendors/{trained}:record_training", json={"held_on": "2026-01-05", "session": "Pelatihan lain"}
    )
    elsewhere = await vendor(register, main_product="Besek anyaman Osing", village_code="3510062003")
    closed = await vendor(register, main_product="Besek anyaman Osing")
    await register.call("POST", f"vendors/{closed}:set_standing", json={"standing": "closed", "reason": "tutup"})
    path = await session(register, await programme(register))
    body = {"filter": {"lacking": "trained", "q": "besek anyaman"}}
    first = await register.call("POST", f"{path}:invite", json=body)
    assert first.json() == {"invited": 3, "known_before": 0, "unknown": []}
    again = await register.call("POST", f"{path}:invite", json=body)
    assert again.json() == {"invited": 0, "known_before": 3, "unknown": []}
    listed = await register.call("POST", f"{path}:invite", json={"vendor_ids": [elsewhere, trained, programme_like()]})
    assert (listed.json()["invited"], len(listed.json()["unknown"])) == (2, 1)
    people = (await register.call("GET", f"{path}/participants", params={"status": "invited"})).json()["participants"]
    assert {one["vendor_id"] for one in people} == {*fits, elsewhere, trained}
    both = await register.call("POST", f"{path}:invite", json={**body, "vendor_ids": [trained]})
    assert both.status_code == 422


def programme_like() -> str:
    return "0192f1c0-7e1a-7c3e-9a51-2f6f6f1f0bad"


async def test_the_seller_answers_and_places_are_limited(register: Register):
    path = await session(register, await programme(register), capacity=1)
    first, second = [await vendor(register) for _ in range(2)]
    await register.call("POST", f"{path}:invite", json={"vendor_ids": [first, second]})
    for one in (first, second):
        await register.grant(f"seller{one}.3510", "vendor_owner", scope=one)

    async def answer(vendor_id: str, word: str, who: str | None = None):
        body = {"vendor_id": vendor_id, "answer": word}
        return await register.call("POST", f"{path}:answer", who or f"seller{vendor_id}.3510", json=body)

    assert (await answer(second, "confirmed", f"seller{first}.3510")).status_code == 403
    answers = await asyncio.gather(answer(first, "confirmed"), answer(second, "confirmed"))
    assert sorted(one.status_code for one in answers) == [200, 409]
    assert {one.json().get("reason") for one in answers} == {None, "SESSION_FULL"}
    winner = first if answers[0].status_code == 200 else second
    loser = second if winner == first else first
    assert (await answer(winner, "declined")).json()["status"] == "declined"
    assert (await answer(loser, "confirmed", "officer")).status_code == 200
    stranger = await vendor(register)
    assert (await answer(stranger, "confirmed", "officer")).json()["reason"] == "INVITATION_NOT_FOUND"
    mine = await register.call("GET", f"vendors/{first}/trainings", f"seller{first}.3510")
    assert [one["topic"] for one in mine.json()["trainings"]] == ["Kemasan dan label"]
    assert (await register.call("GET", f"vendors/{first}/trainings", f"seller{second}.3510")).status_code == 403


async def test_a_koperasi_answers_and_reads_the_checklist_with_consent_on_paper(register: Register):
    path = await session(register, await programme(register))
    one, koperasi = await vendor(register), await vendor(register, entity_kind="koperasi")
    await register.call("POST", f"{path}:invite", json={"vendor_ids": [one]})
    agent, for_them = "agent.coop", {"on_behalf": True}
    await register.grant(agent, "coop_manager", scope=koperasi)
    body = {"vendor_id": one, "answer": "confirmed"}
    reads = [f"vendors/{one}/checklist", f"vendors/{one}/inaproc_readiness"]
    assert (await register.call("POST", f"{path}:answer", agent, json=body)).status_code == 403
    refused = [await register.call("POST", f"{path}:answer", agent, json=body, params=for_them)]
    refused += [await register.call("GET", where, agent, params=for_them) for where in reads]
    assert [answer.json()["reason"] for answer in refused] == ["AGENT_CONSENT_MISSING"] * 3
    scan = await register.call("POST", "evidence_files", content=PDF, params={"vendor_id": one})
    consent = {"agent": agent, "consent_version": "2026-01", "evidence_id": scan.json()["evidence_id"]}
    assert (await register.call("POST", f"vendors/{one}:record_agent", json=consent)).status_code == 200
    answer = await register.call("POST", f"{path}:answer", agent, json=body, params=for_them)
    assert answer.json()["status"] == "confirmed"
    by = "SELECT changed_by ->> 'on_behalf_of' AS whom FROM session_participants WHERE vendor_id = $1::uuid"
    assert [str(row["whom"]) for row in await register.sql(by, one)] == [one]
    seen = [await register.call("GET", where, agent, params=for_them) for where in reads]
    assert [answer.status_code for answer in seen] == [200, 200]
    assert all("officer_note" not in item for item in seen[0].json()["items"])


async def test_an_attendance_list_sets_the_milestone_once_also_after_later_ones(register: Register):
    programme_id = await programme(register)
    path = await session(register, programme_id)
    fresh, advanced = await vendor(register), await register.verified()
    ghost = programme_like()
    marks = await attend(register, path, fresh, advanced, ghost)
    assert marks["counts"] == {"recorded": 2, "unchanged": 0, "refused": 1, "first_trainings": 2}
    assert next(one for one in marks["verdicts"] if one["vendor_id"] == ghost)["reason"] == "VENDOR_NOT_FOUND"
    for one in (fresh, advanced):
        assert (await milestones(register, one))["trained_on"] == "2026-03-02"
    trained = events.VendorTrained.FromString((await register.events("vendor_trained"))[-1]["payload"])
    assert trained.transition.reason == "Wirausaha Baru 2026: Kemasan dan label"
    again = await attend(register, path, fresh, advanced)
    assert again["counts"] == {"recorded": 0, "unchanged": 2, "refused": 0, "first_trainings": 0}
    stays = await attend(register, path, fresh, status="absent")
    assert stays["verdicts"][0]["reason"] == "ATTENDANCE_STAYS"
    later = await session(register, programme_id, held_on="2026-02-10")
    second = await attend(register, later, fresh)
    assert (second["counts"]["recorded"], second["counts"]["first_trainings"]) == (1, 0)
    assert (await milestones(register, fresh))["trained_on"] == "2026-03-02"


async def test_a_list_that_names_somebody_twice_is_refused(register: Register):
    path = await session(register, await programme(register))
    one = await vendor(register)
    body = {"attendances": [{"vendor_id": one}, {"vendor_id": one, "status": "absent"}]}
    answer = await register.call("POST", f"{path}:record_attendance", json=body)
    assert [(one["field"], one["reason"]) for one in answer.json()["fields"]] == [
        ("attendances[1].vendor_id", "NAMED_TWICE")
    ]


async def test_a_long_list_takes_as_many_statements_as_a_short_one(register: Register):
    path = await session(register, await programme(register))
    ids = [await vendor(register) for _ in range(40)]
    counts = []
    for some in (ids[:4], ids[4:]):
        seen: list[str] = []

        def listen(_connection, _cursor, statement, *_rest, seen=seen):
            seen.append(statement)

        engine = register.db._app.sync_engine
        sa.event.listen(engine, "before_cursor_execute", listen)
        try:
            marks = await attend(register, path, *some)
        finally:
            sa.event.remove(engine, "before_cursor_execute", listen)
        assert marks["counts"]["first_trainings"] == len(some)
        counts.append(len(seen))
    assert counts[0] == counts[1]


async def test_two_officers_send_the_same_list_at_once(register: Register):
    path = await session(register, await programme(register))
    ids = [await vendor(register) for _ in range(10)]
    answers = await asyncio.gather(*(attend(register, path, *order) for order in (ids, ids[::-1], ids)))
    assert sorted(one["counts"]["recorded"] for one in answers) == [0, 0, 10]
    trained = await register.sql(
        "SELECT count(*) AS n FROM vendor_transitions WHERE event = 'vendor_trained' AND vendor_id = ANY($1::uuid[])",
        ids,
    )
    assert trained[0]["n"] == 10


async def test_attendance_before_the_day_or_of_a_cancelled_session_is_refused(register: Register):
    programme_id = await programme(register)
    one = await vendor(register)
    future = await session(register, programme_id, held_on="2026-03-03")
    body = {"attendances": [{"vendor_id": one}]}
    early = await register.call("POST", f"{future}:record_attendance", json=body)
    assert (early.status_code, early.json()["reason"]) == (409, "SESSION_NOT_HELD_YET")
    assert (await register.call("POST", f"{future}:cancel")).json()["cancelled"] is True
    off = await register.call("POST", f"{future}:record_attendance", json=body)
    assert off.json()["reason"] == "SESSION_CANCELLED"
    held = await session(register, programme_id)
    await attend(register, held, one)
    assert (await register.call("POST", f"{held}:cancel")).json()["reason"] == "SESSION_ATTENDED"
    etag = {"If-Match": '"1"'}
    moved = await register.call("PUT", held, json={**SESSION, "held_on": "2026-03-01"}, headers=etag)
    assert moved.json()["reason"] == "SESSION_ATTENDED"
    renamed = await register.call("PUT", held, json={**SESSION, "trainer": "Budi"}, headers=etag)
    assert (renamed.status_code, renamed.json()["version"]) == (200, 2)
    past = await session(register, programme_id, held_on="2026-02-10")
    invited = await register.call("POST", f"{past}:invite", json={"vendor_ids": [one]})
    assert invited.json()["reason"] == "SESSION_OVER"


async def test_results_are_for_those_who_came_and_hold_no_number_of_a_person(register: Register):
    programme_id = await programme(register)
    path = await session(register, programme_id)
    came, stayed_away = await vendor(register), await vendor(register)
    await attend(register, path, came)
    await attend(register, path, stayed_away, status="absent")
    line = {"passed": True, "score": 85, "certificate_number": "SERT/014/2026", "note": "NIK 3510165708850001"}
    body = {"results": [{"vendor_id": came, **line}, {"vendor_id": stayed_away, "passed": False}]}
    answer = await register.call("POST", f"programmes/{programme_id}:record_results", json=body)
    assert [(one["verdict"], one["reason"]) for one in answer.json()["verdicts"]] == [
        ("recorded", None),
        ("refused", "NOT_ATTENDED"),
    ]
    better = {"results": [{"vendor_id": came, **line, "score": 90}]}
    await register.call("POST", f"programmes/{programme_id}:record_results", json=better)
    found = (await register.call("GET", f"programmes/{programme_id}/results")).json()["results"]
    assert [(one["vendor_id"], one["score"], one["note"]) for one in found] == [(came, 90, "NIK 3510********0001")]
    history = (await register.call("GET", f"vendors/{came}/trainings")).json()["trainings"]
    assert (history[0]["status"], history[0]["score"], history[0]["programme"]) == (
        "attended",
        90,
        "Wirausaha Baru 2026",
    )


async def test_the_outcome_counts_only_what_followed_attendance(register: Register):
    """Two programmes of one organiser in a region of its own: who came to both counts once for the organiser."""
    await register.grant("officer.6112", "koperindag_officer", region="6112")
    region = "6112"
    ids = [(await register.enter(region=region))["vendor_id"] for _ in range(4)]
    organiser = {"kind": "partner", "name": "Rumah Kreatif"}
    first = await programme(register, region=region, organiser=organiser, name="Angkatan 1")
    second = await programme(register, region=region, organiser=organiser, name="Angkatan 2", target_count=50)
    empty = await programme(register, region=region, organiser={"kind": "opd", "name": "Diskop"}, kind="mentoring")
    early = await session(register, first, region=region, held_on="2026-02-02")
    late = await session(register, second, region=region, held_on="2026-02-20")
    await attend(register, early, *ids[:3], region=region)
    await attend(register, late, ids[0], ids[3], region=region)
    # The first: all between the two sessions but the sale. The second: an account on the day. The third: one before.
    await set_milestones(register, ids[0], account="2026-02-10", verified="2026-02-12", first_sale="2026-03-01")
    await set_milestones(register, ids[1], account="2026-02-02", first_sale="2026-02-12")
    await set_milestones(register, ids[2], account="2025-12-01")
    report = (await register.call("GET", "programme_outcomes", region=region)).json()

    def told(line):
        return {
            name: (line[name]["count"], line[name]["median_days"]) for name in ("account", "verified", "first_sale")
        }

    by_name = {one["name"]: one for one in report["programmes"]}
    assert by_name["Angkatan 1"]["attended"] == 3
    assert told(by_name["Angkatan 1"]) == {"account": (2, 0), "verified": (1, 10), "first_sale": (2, 10)}
    assert by_name["Angkatan 2"]["attended"] == 2
    assert told(by_name["Angkatan 2"]) == {"account": (0, None), "verified": (0, None), "first_sale": (1, 9)}
    assert by_name["Angkatan 2"]["target_count"] == 50
    organisers = {one["organiser"]["name"]: one for one in report["organisers"]}
    assert organisers["Rumah Kreatif"]["attended"] == 4
    assert told(organisers["Rumah Kreatif"])["first_sale"] == (2, 10)
    assert (organisers["Diskop"]["attended"], organisers["Diskop"]["account"]["per_mille"]) == (0, None)
    assert {one["programme_id"] for one in report["programmes"]} == {first, second, empty}
    assert (report["total"]["attended"], report["total"]["first_sale"]["per_mille"]) == (4, 500)
    narrowed = (await register.call("GET", "programme_outcomes", region=region, params={"kind": "mentoring"})).json()
    assert [one["programme_id"] for one in narrowed["programmes"]] == [empty]
    sellers = (await register.call("GET", f"programmes/{first}/outcome_vendors", region=region)).json()["vendors"]
    assert sorted((one["vendor_id"], one["days"]) for one in sellers) == sorted([(ids[0], 27), (ids[1], 10)])
    paged = await register.call(
        "GET", f"programmes/{first}/outcome_vendors", region=region, params={"page_size": 1, "milestone": "account"}
    )
    assert paged.json()["next_page_token"] is not None


async def test_what_a_merged_record_attended_is_its_survivors(register: Register):
    other, survivor = await vendor(register), await vendor(register)
    programme_id = await programme(register, organiser={"kind": "opd", "name": "Dinas yang menggabungkan"})
    path = await session(register, programme_id, held_on="2026-02-10")
    later = await session(register, programme_id, held_on="2026-02-20")
    await attend(register, path, other)
    await attend(register, later, survivor)
    await set_milestones(register, survivor, first_sale="2026-02-15")
    merged = "UPDATE vendors SET standing = 'merged', merged_into = $2::uuid WHERE vendor_id = $1::uuid"
    await register.sql(merged, other, survivor)
    refused = await attend(register, later, other)
    assert [(one["reason"], one["merged_into"]) for one in refused["verdicts"]] == [("VENDOR_MERGED", survivor)]
    (line,) = (await register.call("GET", f"programmes/{programme_id}/outcome_vendors")).json()["vendors"]
    assert (line["vendor_id"], line["days"]) == (survivor, 5)
    report = (await register.call("GET", "programme_outcomes", params={"organiser_kind": "opd"})).json()
    mine = next(one for one in report["programmes"] if one["programme_id"] == programme_id)
    assert (mine["attended"], mine["first_sale"]["count"], mine["first_sale"]["median_days"]) == (1, 1, 5)
    trainings = (await register.call("GET", f"vendors/{survivor}/trainings")).json()["trainings"]
    assert [one["held_on"] for one in trainings] == ["2026-02-20", "2026-02-10"]


async def test_an_empty_region_has_an_empty_outcome(register: Register):
    report = (await register.call("GET", "programme_outcomes", region="1904")).json()
    assert (report["programmes"], report["total"]["attended"]) == ([], 0)


async def test_counts_of_sessions(register: Register):
    programme_id = await programme(register)
    path = await session(register, programme_id)
    ids = [await vendor(register) for _ in range(3)]
    await register.call("POST", f"{path}:invite", json={"vendor_ids": ids})
    await attend(register, path, ids[0])
    (line,) = (await register.call("GET", f"programmes/{programme_id}/sessions")).json()["sessions"]
    assert (line["invited_count"], line["attended_count"], line["held_on"]) == (2, 1, date(2026, 3, 2).isoformat())


@pytest.mark.parametrize("count", [0, 501])
async def test_a_list_has_one_to_five_hundred_lines(register: Register, count: int):
    path = await session(register, await programme(register))
    body = {"attendances": [{"vendor_id": programme_like()}] * count}
    assert (await register.call("POST", f"{path}:record_attendance", json=body)).status_code == 422

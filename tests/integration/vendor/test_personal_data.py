"""What a person may do about their own data, and what the register keeps of it."""

import hashlib
import json
from datetime import date, timedelta

import pytest
from bela.vendor.events.v1 import vendor_events_pb2 as events
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId

from .test_imports import book, row
from .world import Register, entry

TEXT = "Saya menyetujui pengolahan data pribadi saya oleh pemerintah daerah untuk pendaftaran usaha."


async def seller(register: Register, **changes) -> tuple[str, str, dict]:
    """Enter a business with an account; return its id, its owner's principal and what was entered."""
    body = entry(**changes)
    vendor_id = (await register.call("POST", "vendors", json=body)).json()["vendor_id"]
    who = f"s{new_id().hex[-10:]}.x"
    account = {"principal": who, "consent_version": await version(register), "phone_verified": True}
    answer = await register.call("POST", f"vendors/{vendor_id}:open_account", json=account)
    assert answer.status_code == 200, answer.text
    return vendor_id, who, body


async def version(register: Register) -> str:
    texts = (await register.call("GET", "consent_texts", None)).json()["consent_texts"]
    return next((one["version"] for one in texts if one["valid_from"] <= "2026-03-02"), "1")


async def view(register: Register, vendor_id: str, who: str | None = "officer") -> dict:
    return (await register.call("GET", f"vendors/{vendor_id}", who)).json()


async def test_a_consent_text_is_published_once_and_only_published_ones_are_accepted(register: Register):
    body = {"version": f"v{new_id().hex[-6:]}", "body": TEXT, "valid_from": "2026-01-01"}
    assert (await register.call("POST", "consent_texts", "pp", json=body)).status_code == 403
    made = await register.call("POST", "consent_texts", json=body)
    assert (made.status_code, made.json()["sha256"]) == (201, hashlib.sha256(TEXT.encode()).hexdigest())
    again = await register.call("POST", "consent_texts", json={**body, "body": TEXT + " Lagi."})
    assert (again.status_code, again.json()["reason"]) == (409, "CONSENT_TEXT_EXISTS")
    public = (await register.call("GET", "consent_texts", None)).json()["consent_texts"]
    assert (body["version"], TEXT) in [(one["version"], one["body"]) for one in public]
    vendor_id, who, _ = await seller(register)
    wrong = await register.call("POST", f"vendors/{vendor_id}/consents", who, json={"consent_version": "gone"})
    assert (wrong.status_code, wrong.json()["reason"]) == (400, "CONSENT_TEXT_UNKNOWN")
    sign_up = await register.call("POST", "vendors", "someone.nowhere", json=entry(consent_version="gone"))
    assert sign_up.json()["reason"] == "CONSENT_TEXT_UNKNOWN"
    future = {**body, "version": f"f{new_id().hex[-6:]}", "valid_from": "2027-01-01"}
    await register.call("POST", "consent_texts", json=future)
    early = await register.call("POST", f"vendors/{vendor_id}/consents", who,
                                json={"consent_version": future["version"]})  # fmt: skip
    assert early.json()["reason"] == "CONSENT_TEXT_UNKNOWN"


async def test_who_accepted_what_and_when_is_kept(register: Register):
    vendor_id, who, _ = await seller(register)
    accepted = await version(register)
    paper = {"consent_version": accepted, "accepted_by": who, "on_paper": True}
    assert (await register.call("POST", f"vendors/{vendor_id}/consents", json=paper)).status_code == 201
    assert (await register.call("POST", f"vendors/{vendor_id}/consents", who, json=paper)).status_code == 403
    found = (await register.call("GET", f"vendors/{vendor_id}/consents", who)).json()["consents"]
    assert [(one["accepted_by"], one["accepted_role"], one["on_paper"]) for one in found] == [
        (who, "koperindag_officer", True), (who, "koperindag_officer", False),
    ]  # fmt: skip
    assert found[0]["accepted_at"].startswith("2026-03-02")
    missing = {"consent_version": accepted, "evidence_id": str(new_id())}
    answer = await register.call("POST", f"vendors/{vendor_id}/consents", json=missing)
    assert answer.json()["reason"] == "EVIDENCE_UNKNOWN"
    assert (await register.call("GET", f"vendors/{vendor_id}/consents", "pp")).status_code == 403


async def test_a_person_takes_everything_that_is_stored_about_them(register: Register):
    vendor_id, who, body = await seller(register, email="siti@example.id", nib="1234500000123")
    await register.call("POST", f"vendors/{vendor_id}:reveal", json={"fields": ["nik"], "reason": "Pencocokan data"})
    given = await register.call("POST", f"vendors/{vendor_id}:download_personal_data", who, json={})
    assert given.status_code == 200, given.text
    assert given.headers["cache-control"] == "no-store"
    assert "attachment" in given.headers["content-disposition"]
    data = given.json()["data"]
    assert data["owners"][0]["nik"] == body["owners"][0]["nik"]
    mine = data["vendors"][0]
    assert (mine["nib"], mine["email"], mine["account_number"]) == (
        "1234500000123", "siti@example.id", body["account_number"],
    )  # fmt: skip
    assert {"consents", "reveals", "vendor_members", "vendor_owners", "vendor_transitions"} <= set(data)
    assert "_hash" not in json.dumps(data)
    looked = (await register.call("GET", f"vendors/{vendor_id}/reveals", who)).json()["reveals"]
    assert [(one["principal"], one["fields"]) for one in looked] == [
        (who, ["seluruh data"]), ("officer.3510", ["nik"]),
    ]  # fmt: skip
    assert await register.sql("SELECT 1 FROM idempotency_keys WHERE operation LIKE '%personal%'") == []


@pytest.mark.parametrize("who", ["pp", "lpse", "somebody.else", "officer.1311"])
async def test_nobody_else_takes_it(register: Register, who):
    vendor_id, _, _ = await seller(register)
    answer = await register.call("POST", f"vendors/{vendor_id}:download_personal_data", who, json={})
    assert answer.status_code in {403, 404}


async def test_another_seller_sees_neither_data_nor_requests(register: Register):
    vendor_id, _, _ = await seller(register)
    _, other, _ = await seller(register)
    for method, path, body in (
        ("POST", f"vendors/{vendor_id}:download_personal_data", {}),
        ("POST", f"vendors/{vendor_id}/data_requests", {"kind": "erasure"}),
        ("GET", f"vendors/{vendor_id}/data_requests", None),
        ("GET", f"vendors/{vendor_id}/reveals", None),
        ("GET", f"vendors/{vendor_id}/consents", None),
        ("GET", "data_requests", None),
        ("GET", "reveals", None),
    ):
        assert (await register.call(method, path, other, json=body)).status_code == 403, path


async def test_a_correction_waits_for_an_officer_and_changes_even_verified_fields(register: Register):
    vendor_id, who, _ = await seller(register)
    verify = {"band": "A", "proofs": ["nik", "phone", "bank"], "business_class": "micro"}
    assert (await register.call("POST", f"vendors/{vendor_id}:verify", json=verify)).status_code == 200
    path = f"vendors/{vendor_id}/data_requests"
    nothing = await register.call("POST", path, who, json={"kind": "correction"})
    assert nothing.json()["reason"] == "DATA_REQUEST_INVALID"
    wrong = await register.call("POST", path, who, json={"kind": "correction", "correction": {"nik": "123"}})
    assert wrong.json()["fields"][0]["field"] == "owners[0].nik"
    right = {"owner_name": "Siti Rahmawati", "nik": "3510165708850077"}
    asked = await register.call("POST", path, who, json={"kind": "correction", "correction": right, "words": "Salah"})
    assert (asked.status_code, asked.json()["fields"]) == (201, ["nik", "owner_name"])
    assert asked.json()["answer_by"] == "2026-03-05T02:15:00+00:00"
    twice = await register.call("POST", path, who, json={"kind": "correction", "correction": right})
    assert (twice.status_code, twice.json()["reason"]) == (409, "DATA_REQUEST_OPEN")
    request_id = asked.json()["request_id"]
    queue = (await register.call("GET", "data_requests", params={"state": "open"})).json()["data_requests"]
    assert request_id in [one["request_id"] for one in queue]
    assert "3510165708850077" not in json.dumps(queue)
    decide = f"data_requests/{request_id}:decide"
    answer = {"granted": True, "reason": "Sesuai KTP"}
    assert (await register.call("POST", decide, who, json=answer)).status_code == 403
    done = await register.call("POST", decide, json=answer)
    assert (done.status_code, done.json()["state"]) == (200, "granted"), done.text
    assert {"nik", "owner_name"} <= set(done.json()["outcome"]["changed"])
    shown = await view(register, vendor_id)
    assert (shown["owners"][0]["name"], shown["owners"][0]["nik"]) == ("Siti Rahmawati", "3510********0077")
    assert (await register.call("POST", decide, json=answer)).json()["reason"] == "DATA_REQUEST_DECIDED"
    mine = (await register.call("GET", path, who)).json()["data_requests"]
    assert mine[0]["decision"] == "Sesuai KTP"


async def test_an_officer_does_not_decide_what_they_asked(register: Register):
    vendor_id, _, _ = await seller(register)
    asked = await register.call("POST", f"vendors/{vendor_id}/data_requests", json={"kind": "erasure"})
    path = f"data_requests/{asked.json()['request_id']}:decide"
    answer = await register.call("POST", path, json={"granted": True, "reason": "Ya, boleh"})
    assert (answer.status_code, answer.json()["reason"]) == (403, "SELF_DECISION")
    refused = {"granted": False, "reason": "Masih ada pesanan 3510161708450001"}
    await register.grant("second.3510", "koperindag_officer")
    told = await register.call("POST", path, "second", json=refused)
    assert (told.json()["state"], told.json()["decision"]) == ("refused", "Masih ada pesanan 3510********0001")


async def erased(register: Register, vendor_id: str, who: str) -> dict:
    asked = await register.call("POST", f"vendors/{vendor_id}/data_requests", who, json={"kind": "erasure"})
    path = f"data_requests/{asked.json()['request_id']}:decide"
    done = await register.call("POST", path, json={"granted": True, "reason": "Dikabulkan"})
    assert done.status_code == 200, done.text
    return done.json()["outcome"]


async def test_erasure_leaves_nothing_of_somebody_who_never_sold(register: Register):
    vendor_id, who, body = await seller(register, email="siti@example.id", nib="1234500000999")
    asked = {"kind": "correction", "correction": {"phone": "081299887766"}, "words": "Nomor lama hilang"}
    await register.call("POST", f"vendors/{vendor_id}/data_requests", who, json=asked)
    outcome = await erased(register, vendor_id, who)
    assert outcome["kept"] == []
    assert {"name", "owner_name", "nik", "phone", "email", "account_number", "turnover_idr", "nib"} <= set(
        outcome["erased"]
    )
    taken = (await register.call("POST", f"vendors/{vendor_id}:download_personal_data",
                                 json={"reason": "Pemeriksaan penghapusan"})).json()["data"]  # fmt: skip
    left = json.dumps(taken)
    for secret in (body["name"], body["owners"][0]["name"], body["owners"][0]["nik"], body["account_number"],
                   body["phone"][1:], "81299887766", "Nomor lama", "siti@example.id",
                   "1234500000999", "Pelabuhan"):  # fmt: skip
        assert secret not in left, secret
    hashes = await register.sql(
        "SELECT nib_hash, phone_hash, account_hash FROM vendors WHERE vendor_id::text = $1", vendor_id
    )
    assert set(hashes[0].values()) == {None}
    row = (await register.events("vendor_standing_changed"))[-1]
    event = events.VendorStandingChanged.FromString(row["payload"])
    assert (event.vendor.vendor_id, event.vendor.display_name) == (vendor_id, "Data dihapus")
    assert event.transition.reason == "DATA_ERASED"
    assert (await view(register, vendor_id, None))["name"] == "Data dihapus"
    assert (await view(register, vendor_id))["standing"] == "closed"
    again = await register.call("POST", "vendors", json=body)
    assert again.status_code == 201, "the person may come back as somebody new"


async def test_erasure_keeps_the_identity_that_tax_law_wants_and_says_so(register: Register):
    vendor_id, who, body = await seller(register, email="s@example.id")
    await register.sql("UPDATE vendors SET first_sale_on = $2 WHERE vendor_id::text = $1", vendor_id, date(2026, 2, 1))
    outcome = await erased(register, vendor_id, who)
    assert outcome["kept"][0]["basis"] == "UU KUP pasal 28 ayat (11)"
    assert "nik" in outcome["kept"][0]["fields"]
    shown = await view(register, vendor_id)
    assert shown["name"] == body["name"]
    assert shown["owners"][0]["nik"] is not None
    assert (shown["phone"], shown["email"], shown["bank"]["account_number"], shown["turnover_idr"]) == (None,) * 4


async def test_erasure_spares_the_owner_of_another_business(register: Register):
    vendor_id, who, body = await seller(register)
    other = (await register.call("POST", "vendors", json={**entry(), "owners": body["owners"]})).json()["vendor_id"]
    outcome = await erased(register, vendor_id, who)
    assert [one["basis"] for one in outcome["kept"]] == ["UU 27/2022 pasal 43"]
    assert (await view(register, other))["owners"][0]["name"] == body["owners"][0]["name"]


async def test_the_auditor_sees_every_reveal_and_nobody_else_does(register: Register):
    await register.grant("aud.3510", "auditor")
    vendor_id, _, _ = await seller(register)
    await register.call("POST", f"vendors/{vendor_id}:reveal", json={"fields": ["nik"], "reason": "Pencocokan data"})
    for who in ("aud", "lpse"):
        found = (await register.call("GET", "reveals", who, params={"page_size": 1})).json()
        assert [(one["vendor_id"], one["principal"]) for one in found["reveals"]] == [(vendor_id, "officer.3510")]
    named = (await register.call("GET", "reveals", "aud", params={"principal": "nobody"})).json()["reveals"]
    assert named == []
    assert (await register.call("GET", "reveals", "pp")).status_code == 403
    assert (await register.call("GET", "reveals", "officer.1311")).status_code == 404


async def test_uploads_and_staged_rows_are_gone_after_thirty_days(register: Register):
    began = register.clock.now(TenantId("3510"))
    kept = await register.imported(book(row(7301), row(7302)), commit=False)
    path = f"imports/{kept['import_id']}"
    staged = "SELECT count(*) AS n FROM import_rows WHERE import_id::text = $1"
    file_key = (await register.sql("SELECT file_key FROM imports WHERE import_id::text = $1", kept["import_id"]))[0][
        "file_key"
    ]
    files = [file for file in register.folder.rglob("*") if file.is_file() and file.name in file_key]
    assert files, file_key
    assert (await register.sql(staged, kept["import_id"]))[0]["n"] == 2
    try:
        for days, left in ((29, 2), (2, 0)):
            register.clock.advance(timedelta(days=days))
            await register.run_jobs()
            assert (await register.sql(staged, kept["import_id"]))[0]["n"] == left
        assert not any(file.exists() for file in files)
        shown = (await register.call("GET", path)).json()
        assert (shown["state"], shown["counts"]["new"]) == ("discarded", 2)
    finally:
        register.clock.set(began)

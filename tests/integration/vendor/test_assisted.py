"""Entering and leading a business for an owner who cannot do it alone, and signing up alone from a phone."""

from bela.vendor.events.v1 import vendor_events_pb2 as events

from tests.fakes.evidence import jpeg

from .world import Register, entry


async def paper(register: Register, who: str = "officer", **params) -> str:
    made = await register.call("POST", "evidence_files", who, params=params, content=jpeg())
    assert made.status_code == 201, made.text
    return made.json()["evidence_id"]


async def koperasi(register: Register) -> str:
    """Return a manager of a koperasi of the region."""
    vendor_id = await register.verified(entity_kind="koperasi", account_holder="KOPERASI", name="Koperasi")
    await register.grant(f"coop{vendor_id[-6:]}.3510", "coop_manager", scope=vendor_id)
    return f"coop{vendor_id[-6:]}"


async def test_an_officer_enters_a_business_for_its_owner_and_goes_on_for_it(register: Register):
    body = entry(on_behalf={"consent_version": "2026-01", "evidence_id": await paper(register)})
    made = await register.call("POST", "vendors", json=body)
    assert made.status_code == 201, made.text
    vendor_id = made.json()["vendor_id"]
    event = events.VendorCollected.FromString((await register.events("vendor_collected"))[-1]["payload"])
    actor = event.transition.actor
    assert (actor.principal, actor.role, actor.on_behalf_of) == ("officer.3510", "koperindag_officer", vendor_id)
    account = {"principal": "owner.elsewhere", "consent_version": "2026-01", "phone_verified": True}
    opened = await register.call("POST", f"vendors/{vendor_id}:open_account", params={"on_behalf": True}, json=account)
    assert opened.status_code == 200, opened.text
    etag = {"If-Match": opened.headers["etag"]}
    changed = await register.call(
        "PATCH",
        f"vendors/{vendor_id}",
        params={"on_behalf": True},
        json={"main_product": "Nasi tumpeng"},
        headers=etag,
    )
    assert changed.status_code == 200, changed.text
    asked = await register.call(
        "POST", f"vendors/{vendor_id}:request_verification", params={"on_behalf": True}, json={"band": "A"}
    )
    assert asked.json()["opened_by"]["on_behalf_of"] == vendor_id
    rows = await register.sql(
        "SELECT actor ->> 'on_behalf_of' AS whom FROM vendor_transitions WHERE vendor_id = $1::text::uuid", vendor_id
    )
    assert [row["whom"] for row in rows] == [vendor_id] * 3


async def test_a_consent_must_be_there_before_anything_is_entered(register: Register):
    body = entry(on_behalf={"consent_version": "2026-01", "evidence_id": "0192f1c0-7e1a-7c3e-9a51-2f6f6f1f0001"})
    answer = await register.call("POST", "vendors", json=body)
    assert (answer.status_code, answer.json()["reason"]) == (400, "EVIDENCE_UNKNOWN")
    rows = await register.sql("SELECT 1 FROM vendors WHERE name = $1", body["name"])
    assert rows == []


async def test_what_a_koperasi_enters_waits_and_tells_nothing_of_the_register(register: Register):
    manager = await koperasi(register)
    known = entry(name="Warung Anggota Lama")
    assert (await register.call("POST", "vendors", json=known)).status_code == 201
    answers = []
    for body in (known, *[entry() for _ in range(4)]):
        proof = await paper(register, manager, on_behalf=True)
        consent = {"consent_version": "2026-01", "evidence_id": proof}
        answers.append(await register.call("POST", "vendors", manager, json={**body, "on_behalf": consent}))
    assert [one.status_code for one in answers] == [201] * 5, answers[0].text
    assert [set(one.json()) for one in answers] == [{"vendor_id", "state"}] * 5
    vendor_id = answers[-1].json()["vendor_id"]
    assert (await register.call("GET", f"vendors/{vendor_id}", None)).status_code == 404
    account = {"consent_version": "2026-01", "phone_verified": True}
    nobody = await register.call("POST", f"vendors/{vendor_id}:open_account", json=account)
    assert nobody.json()["reason"] == "PRINCIPAL_MISSING"
    photo = await paper(register, manager, on_behalf=True, vendor_id=vendor_id)
    assert (await register.call("GET", f"evidence_files/{photo}")).json()["vendor_id"] == vendor_id
    foreign = await register.verified()
    refused = await register.call(
        "POST", "evidence_files", manager, params={"on_behalf": True, "vendor_id": foreign}, content=jpeg()
    )
    assert (refused.status_code, refused.json()["reason"]) == (403, "AGENT_CONSENT_MISSING")


async def test_other_offices_and_strangers_are_no_agents(register: Register):
    proof = await paper(register)
    body = entry(on_behalf={"consent_version": "2026-01", "evidence_id": proof})
    assert (await register.call("POST", "vendors", "pp", json=body)).status_code == 403
    assert (await register.call("POST", "vendors", "stranger.nowhere", json=body)).status_code == 404


async def test_a_person_signs_up_from_a_phone_with_eight_answers(register: Register):
    body = {
        "name": "Warung Bu Rina",
        "main_product": "Nasi pecel",
        "village_code": "3510052005",
        "owners": [{"name": "Rina Wati", "nik": "3510165102900003"}],
        "phone": "081234500077",
        "account_number": "7777000011",
        "consent_version": "2026-01",
    }
    assert len(body) + len(body["owners"][0]) - 1 < 10
    answer = await register.call("POST", "vendors", "rina.nowhere", json=body)
    assert answer.status_code == 201, answer.text


async def test_the_account_of_a_spouse_on_one_family_card_is_enough_for_band_a(register: Register):
    body = entry(account_holder="BUDI SANTOSO")
    vendor_id = (await register.call("POST", "vendors", json=body)).json()["vendor_id"]
    finding = {"band": "A", "proofs": ["nik", "phone", "bank"], "holder": "spouse", "business_class": "micro"}
    refused = await register.call("POST", f"vendors/{vendor_id}:verify", json=finding)
    assert refused.json()["reason"] == "PROOFS_MISSING"
    assert [one["field"] for one in refused.json()["fields"]] == ["holder"]
    etag = {"If-Match": (await register.call("GET", f"vendors/{vendor_id}")).headers["etag"]}
    card = {"kk": "3510160101100009"}
    assert (await register.call("PATCH", f"vendors/{vendor_id}", json=card, headers=etag)).status_code == 200
    assert (await register.call("POST", f"vendors/{vendor_id}:verify", json=finding)).status_code == 200
    higher = {**finding, "band": "B", "proofs": ["nik", "phone", "bank", "nib"]}
    fields = (await register.call("POST", f"vendors/{vendor_id}:verify", json=higher)).json()["fields"]
    assert {one["field"] for one in fields} == {"proofs.nib", "holder"}

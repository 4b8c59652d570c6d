"""Readiness through REST: SQL counts what the domain says, papers, the checklist, and who may look."""

from itertools import product as combinations

import pytest

from tests.fakes.evidence import PDF

from .world import Register


async def readiness(register: Register, vendor_id: str, who: str = "officer", **options):
    return (await register.call("GET", f"vendors/{vendor_id}/inaproc_readiness", who, **options)).json()


async def paper(register: Register, vendor_id: str, kind: str = "deed", **changes):
    body = {"kind": kind, "number": "AHU-0012345", "issued_on": "2024-05-17", **changes}
    return await register.call("POST", f"vendors/{vendor_id}/papers", json=body)


async def blacklist(register: Register, vendor_id: str, valid_from: str, valid_to: str, kind: str = "blacklist"):
    await register.sql(
        "INSERT INTO sanctions (tenant_id, sanction_id, vendor_id, kind, scope, state, valid_from, valid_to,"
        " basis_letter, issuer, reason, version) VALUES ('3510', gen_random_uuid(), $1::uuid, $4, 'region', 'imposed',"
        " $2::text::date, $3::text::date, 'SK', 'LPSE', 'x', 1)",
        vendor_id,
        valid_from,
        valid_to,
        kind,
    )


async def all_listed(register: Register, **params) -> dict[str, dict]:
    found: dict[str, dict] = {}
    token = None
    while True:
        given = {**params, "page_size": 50} | ({"page_token": token} if token else {})
        page = (await register.call("GET", "inaproc_readiness", params=given)).json()
        found |= {one["vendor_id"]: one for one in page["vendors"]}
        token = page["next_page_token"]
        if token is None:
            return found


async def test_sql_and_domain_count_the_same_points(register: Register):
    """Every combination of what decides, so that the list and the single answer can never tell two stories."""
    number = 1000
    made = []
    for kbli, text, nib, state, kind in combinations(
        (None, "56210", "47112"),
        ("Nasi kotak", "Keripik & Nasi", "Jasa foto udara"),
        (True, False),
        ("active", "nik_not_activated"),
        ("individual", "cv"),
    ):
        number += 1
        entered = await register.enter(
            main_product=text,
            entity_kind=kind,
            **({"kbli": kbli} if kbli else {}),
            **({"nib": f"912000{number:07d}"} if nib else {}),
        )
        body = {"tax_profile": {"npwp_state": state}}
        path = f"vendors/{entered['vendor_id']}"
        changed = await register.call("PATCH", path, json=body, headers={"If-Match": "*"})
        assert changed.status_code == 200, changed.text
        made.append(entered["vendor_id"])
    for place, one in enumerate(made):
        if place % 3 == 0:
            assert (await paper(register, one)).status_code == 201
        if place % 7 == 0:
            await register.sql("INSERT INTO vendor_kbli VALUES ('3510', $1::uuid, 1, 2020, '10710')", one)
        if place % 5 == 0:
            await blacklist(register, one, "2026-01-01", "2026-12-31")
    listed = await all_listed(register)
    seen = set()
    for one in made:
        alone = await readiness(register, one)
        lacking = [item["code"] for item in alone["requirements"] if not item["met"]]
        assert (listed[one]["points"], listed[one]["missing"]) == (alone["points"], lacking)
        seen.add(alone["points"])
    assert seen >= {1, 2, 3, 4}
    districts = (await register.call("GET", "inaproc_readiness_districts")).json()["districts"]
    muncar = next(one for one in districts if one["district_code"] == "351005")
    here = [one for one in listed.values() if one["district_code"] == "351005"]
    for points in range(6):
        assert muncar["points"][str(points)] == sum(one["points"] == points for one in here)
    for code in ("nib", "kbli", "npwp", "deed", "not_blacklisted"):
        assert muncar["lacking"][code] == sum(code in one["missing"] for one in here)
    narrowed = await all_listed(register, points=4)
    assert set(narrowed) == {one for one, line in listed.items() if line["points"] == 4}
    lacking = await all_listed(register, missing="deed", at_least=2, district="351005")
    assert set(lacking) == {one for one, line in listed.items() if line["points"] >= 2 and "deed" in line["missing"]}


async def test_a_blacklisting_counts_on_its_days_only(register: Register):
    one = (await register.enter())["vendor_id"]
    await blacklist(register, one, "2025-01-01", "2026-03-01")
    await blacklist(register, one, "2026-03-03", "2026-12-31")
    await blacklist(register, one, "2026-01-01", "2026-12-31", kind="suspension")
    by_code = {item["code"]: item["met"] for item in (await readiness(register, one))["requirements"]}
    assert by_code["not_blacklisted"] is True
    await blacklist(register, one, "2026-03-02", "2026-03-02")
    by_code = {item["code"]: item["met"] for item in (await readiness(register, one))["requirements"]}
    assert by_code["not_blacklisted"] is False


async def test_papers_are_noted_once_per_kind(register: Register):
    one = (await register.enter(entity_kind="koperasi"))["vendor_id"]
    assert (await readiness(register, one))["requirements"][3]["met"] is False
    assert (await paper(register, one, issued_on="2026-03-03")).json()["reason"] == "PAPER_INVALID"
    unknown = await paper(register, one, evidence_id="0192f1c0-7e1a-7c3e-9a51-2f6f6f1f0bad")
    assert unknown.json()["reason"] == "EVIDENCE_UNKNOWN"
    assert (await paper(register, one)).status_code == 201
    assert (await paper(register, one, number="AHU-2")).status_code == 201
    assert (await paper(register, one, kind="non_pkp_statement", number="1")).status_code == 201
    scan = (await register.call("POST", "evidence_files", content=PDF)).json()["evidence_id"]
    assert (await paper(register, one, number="AHU-3", evidence_id=scan)).json()["evidence_id"] == scan
    papers = (await register.call("GET", f"vendors/{one}/papers")).json()["papers"]
    assert [(each["kind"], each["number"], each["evidence_id"]) for each in papers] == [
        ("deed", "AHU-3", scan),
        ("non_pkp_statement", "1", None),
    ]
    found = await readiness(register, one)
    assert (found["requirements"][3]["met"], found["pkp_paper"]["met"]) == (True, True)


async def test_the_deed_of_a_merged_record_is_its_survivors(register: Register):
    other, survivor = [(await register.enter(entity_kind="cv"))["vendor_id"] for _ in range(2)]
    await paper(register, other, number="AHU-OTHER")
    merged = "UPDATE vendors SET standing = 'merged', merged_into = $2::uuid WHERE vendor_id = $1::uuid"
    await register.sql(merged, other, survivor)
    assert (await readiness(register, survivor))["requirements"][3]["met"] is True
    listed = await all_listed(register)
    assert "deed" not in listed[survivor]["missing"]
    assert other not in listed
    await paper(register, survivor, number="AHU-OWN")
    papers = (await register.call("GET", f"vendors/{survivor}/papers")).json()["papers"]
    assert [one["number"] for one in papers] == ["AHU-OWN"]


async def test_the_checklist_asks_a_new_seller_for_no_nib_and_no_tax_number(register: Register):
    one = (await register.enter())["vendor_id"]
    await register.grant("seller.checked", "vendor_owner", scope=one)
    mine = (await register.call("GET", f"vendors/{one}/checklist", "seller.checked")).json()
    assert (mine["band"], mine["target_band"], mine["next_band"], mine["limit_idr"]) == (None, "A", "A", 10_000_000)
    states = {item["code"]: item["state"] for item in mine["items"]}
    assert states == {
        "nik": "checking",
        "phone": "checking",
        "bank": "checking",
        "nib": "not_needed_yet",
        "kbli": "not_needed_yet",
        "npwp": "not_needed_yet",
    }
    assert all("officer_note" not in item for item in mine["items"])
    officer = (await register.call("GET", f"vendors/{one}/checklist", params={"band": "B"})).json()
    nib = next(item for item in officer["items"] if item["code"] == "nib")
    assert (nib["state"], bool(nib["steps"]), bool(nib["officer_note"])) == ("to_do", True, True)
    wrong = await register.call("GET", f"vendors/{one}/checklist", params={"band": "D"})
    assert wrong.status_code == 422


async def test_a_verified_seller_sees_what_is_done_and_no_number_of_theirs(register: Register):
    one = await register.verified(nib="9120001999999")
    answer = await register.call("GET", f"vendors/{one}/checklist")
    states = {item["code"]: item["state"] for item in answer.json()["items"]}
    assert (states["nik"], states["bank"], states["nib"]) == ("done", "done", "checking")
    shown = answer.text + (await register.call("GET", f"vendors/{one}/inaproc_readiness")).text
    assert "9120001999999" not in shown
    private = await register.call(
        "POST", f"vendors/{one}:reveal", json={"fields": ["nik"], "reason": "pemeriksaan uji"}
    )
    assert private.json()["owners"][0]["nik"] not in shown


@pytest.mark.parametrize("what", ["inaproc_readiness", "checklist", "papers"])
async def test_who_may_look_at_one_business(register: Register, what: str):
    one, other = [(await register.enter())["vendor_id"] for _ in range(2)]
    await register.grant(f"seller.{what}", "vendor_owner", scope=other)
    await register.grant(f"staff.{what}", "vendor_staff", scope=one)
    for who, region, status in (
        ("officer", "3510", 200),
        ("lpse", "3510", 200),
        (f"seller.{what}", "3510", 403),
        (f"staff.{what}", "3510", 403),
        ("pp", "3510", 403),
        ("officer", "1311", 404),
        (None, "3510", 401),
    ):
        answer = await register.call("GET", f"vendors/{one}/{what}", who, region=region)
        assert answer.status_code == status, (who, region)


async def test_figures_are_for_the_executive_too_and_lists_are_not(register: Register):
    await register.grant("bupati.3510", "executive")
    assert (await register.call("GET", "inaproc_readiness_districts", "bupati.3510")).status_code == 200
    assert (await register.call("GET", "inaproc_readiness", "bupati.3510")).status_code == 403
    one = (await register.enter())["vendor_id"]
    body = {"kind": "deed", "number": "1", "issued_on": "2024-01-01"}
    assert (await register.call("POST", f"vendors/{one}/papers", "lpse", json=body)).status_code == 403
    refused = await register.call("GET", "inaproc_readiness", params={"missing": "luck"})
    assert refused.json()["reason"] == "FILTER_INVALID"

"""Certificates, KBLI, members of a koperasi and differing classes through REST."""

from datetime import timedelta

from bela_kit.core.ids import new_id

from .world import Register, entry

NUMBER = "P-IRT 2063510010123-29"


async def business(register: Register, **changes) -> str:
    return (await register.enter(**changes))["vendor_id"]


async def koperasi(register: Register) -> str:
    return await business(register, entity_kind="koperasi", name=f"Koperasi {new_id().hex[-8:]}")


async def test_a_certificate_is_recorded_shown_and_withdrawn(register: Register):
    vendor_id = await business(register)
    path = f"vendors/{vendor_id}/certificates"
    wrong = await register.call("POST", path, json={"kind": "halal", "number": "ID123"})
    assert (wrong.status_code, wrong.json()["fields"][0]["field"]) == (400, "number")
    made = await register.call("POST", path, json={"kind": "pirt", "number": "2063510010123-29", "issuer": "Dinkes"})
    assert (made.status_code, made.json()["number"], made.json()["valid_to"]) == (201, NUMBER, "2029-12-31"), made.text
    twice = await register.call("POST", path, json={"kind": "pirt", "number": NUMBER})
    assert (twice.status_code, twice.json()["reason"]) == (409, "CERTIFICATE_EXISTS")
    old = {"kind": "sni", "number": "SNI 01-1", "valid_from": "2020-01-01", "valid_to": "2024-01-01"}
    assert (await register.call("POST", path, json=old)).json()["status"] == "expired"
    public = (await register.call("GET", path, None)).json()["certificates"]
    assert [one["number"] for one in public] == [NUMBER]
    assert len((await register.call("GET", path)).json()["certificates"]) == 2
    verb = f"{path}/{made.json()['certificate_id']}:withdraw"
    assert (await register.call("POST", verb, "pp", json={"reason": "x"})).status_code == 403
    ended = await register.call("POST", verb, json={"reason": "Dicabut"})
    assert ended.json()["status"] == "withdrawn"
    assert (await register.call("GET", path, None)).json()["certificates"] == []
    assert (await register.call("POST", path, json={"kind": "pirt", "number": NUMBER})).status_code == 201
    assert (await register.call("POST", path, "officer", region="1311", json=old)).status_code == 404
    missing = {"kind": "halal", "number": "ID" + "1" * 17, "evidence_id": str(new_id())}
    assert (await register.call("POST", path, json=missing)).json()["reason"] == "EVIDENCE_UNKNOWN"


async def test_a_seller_is_reminded_once_at_each_step(register: Register):
    vendor_id = await business(register)
    path = f"vendors/{vendor_id}/certificates"
    body = {"kind": "sni", "number": "SNI 7", "valid_to": "2026-04-01"}
    assert (await register.call("POST", path, json=body)).json()["status"] == "expiring"

    async def notices() -> list[tuple[str, str]]:
        rows = await register.sql(
            "SELECT code, about ->> 'days' AS days FROM vendor_notices WHERE vendor_id::text = $1 ORDER BY notice_id",
            vendor_id,
        )
        return [(row["code"], row["days"]) for row in rows if row["code"].startswith("CERTIFICATE")]

    began = register.clock.now("3510")
    try:
        await register.run_jobs()
        assert await notices() == [("CERTIFICATE_EXPIRES", "30")]
        for days in (1, 22, 1, 9, 1):
            register.clock.advance(timedelta(days=days))
            await register.run_jobs()
        assert await notices() == [
            ("CERTIFICATE_EXPIRES", "30"), ("CERTIFICATE_EXPIRES", "7"), ("CERTIFICATE_EXPIRED", "0"),
        ]  # fmt: skip
        listed = (await register.call("GET", "certificates")).json()["certificates"]
        assert vendor_id in [one["vendor_id"] for one in listed]
        assert (await register.call("GET", "certificates", "pp")).status_code == 403
    finally:
        register.clock.set(began)


async def test_a_business_has_several_kbli_codes_each_with_its_version(register: Register):
    vendor_id = await business(register)
    path = f"vendors/{vendor_id}/kbli"
    body = {"codes": [{"version": 2020, "code": "56210"}, {"version": 2025, "code": "56101"}]}
    assert (await register.call("PUT", path, json=body)).status_code == 428
    seen = (await register.call("GET", f"vendors/{vendor_id}")).headers["etag"]
    done = await register.call("PUT", path, json=body, headers={"if-match": seen})
    assert done.status_code == 200, done.text
    assert [(one["version"], one["warning"]) for one in done.json()["codes"]] == [
        (2020, None), (2025, "KBLI_NOT_IN_TABLE"),
    ]  # fmt: skip
    assert (await register.call("GET", f"vendors/{vendor_id}")).json()["kbli"] == "56210"
    assert (await register.call("GET", path, None)).json() == done.json()
    wrong = {"codes": [{"version": 2025, "code": "45201"}]}
    refused = await register.call("PUT", path, json=wrong, headers={"if-match": done.headers["etag"]})
    assert (refused.status_code, refused.json()["fields"][0]["field"]) == (400, "codes[0].code")
    table = (await register.call("GET", "kbli_codes", None, params={"q": "catering"})).json()
    assert table["complete"] is False
    assert [one["code"] for one in table["kbli_codes"]] == ["56210"]


async def test_members_of_a_koperasi_are_counted_masked_and_never_grouped(register: Register):
    vendor_id = await koperasi(register)
    owner = entry()
    warung = (await register.call("POST", "vendors", json=owner)).json()["vendor_id"]
    path = f"vendors/{vendor_id}/members"
    body = {"name": "Rahmat Hidayat", "nik": owner["owners"][0]["nik"], "share": 6000, "business_id": warung}
    made = await register.call("POST", path, json=body)
    assert (made.status_code, made.json()["nik"]) == (201, body["nik"][:4] + "********" + body["nik"][-4:]), made.text
    assert (await register.call("POST", path, json=body)).json()["reason"] == "MEMBER_EXISTS"
    too_much = await register.call("POST", path, json={"name": "Lain", "share": 4001})
    assert too_much.json()["fields"][0]["reason"] == "SHARES_ABOVE_WHOLE"
    assert (await register.call("POST", path, json={"name": "Lain", "nik": "123"})).json()["reason"] == "MEMBER_INVALID"
    assert (await register.call("POST", path, json={"name": "Lain", "share": 4000})).status_code == 201
    listed = (await register.call("GET", path)).json()
    assert (listed["count"], listed["shares"], len(listed["members"])) == (2, 10000, 2)
    assert (await register.call("GET", path, "pp")).status_code == 403
    assert (await register.call("GET", path, None)).status_code == 401
    assert (await register.call("GET", f"vendors/{vendor_id}/member_count", None)).json() == {"count": 2}
    groups = {(await register.call("GET", f"vendors/{one}")).json()["owner_group_id"] for one in (vendor_id, warung)}
    assert len(groups) == 2
    left = {**body, "left_on": "2026-02-28"}
    gone = await register.call("PUT", f"{path}/{made.json()['member_id']}", json=left)
    assert (gone.status_code, gone.json()["left_on"]) == (200, "2026-02-28")
    assert (await register.call("GET", path)).json()["count"] == 1
    assert (await register.call("POST", path, json=body)).status_code == 201
    other = await business(register)
    assert (await register.call("POST", f"vendors/{other}/members", json=body)).json()["reason"] == "NOT_A_KOPERASI"
    assert (await register.call("PUT", f"{path}/{new_id()}", json=body)).json()["reason"] == "MEMBER_NOT_FOUND"


async def test_a_differing_class_is_flagged_and_listed(register: Register):
    vendor_id = await business(register, class_declared="small", turnover_idr=120_000_000, start_year=2015)
    shown = (await register.call("GET", f"vendors/{vendor_id}")).json()
    assert (shown["class_declared"], shown["class_derived"], shown["class_mismatch"]) == ("small", "micro", True)
    found = (await register.call("GET", "class_mismatches")).json()["class_mismatches"]
    assert {"vendor_id": vendor_id, "class_declared": "small", "class_derived": "micro"}.items() <= found[-1].items()
    assert (await register.call("GET", "class_mismatches", "pp")).status_code == 403
    assert (await register.call("GET", "class_mismatches", "officer", region="1311")).json()["class_mismatches"] == []


async def test_every_legal_form_is_taken(register: Register):
    for kind in ("perseroan_perorangan", "koperasi", "cv", "firma", "pt", "bumdes", "yayasan", "kub", "other"):
        vendor_id = await business(register, entity_kind=kind)
        assert (await register.call("GET", f"vendors/{vendor_id}", None)).json()["entity_kind"] == kind


async def test_an_area_shows_its_validity_its_local_name_and_what_replaced_it(register: Register):
    ended = (await register.call("GET", "areas/9101", None)).json()
    assert (ended["name"], ended["valid_to"], ended["replaced_by"]) == ("Kabupaten Merauke", "2022-07-24", ["9301"])
    child = (await register.call("GET", "areas/910101", None)).json()
    assert (child["replaced_by"], child["valid_to"]) == (["930101"], "2022-07-24")
    new = (await register.call("GET", "areas/930101", None)).json()
    assert (new["valid_from"], new["valid_to"], new["local_kind"]) == ("2022-07-25", None, "distrik")
    nagari = (await register.call("GET", "areas", None, region="1311", params={"parent": "131101"})).json()["areas"]
    assert {one["local_kind"] for one in nagari} == {"nagari"}
    assert all(len(code) == 5 for one in nagari for code in one["postcodes"])
    missing = await register.call("GET", "areas/9999", None)
    assert (missing.status_code, missing.json()["reason"]) == (404, "AREA_NOT_FOUND")
    assert (await register.call("GET", "areas/abc", None)).status_code == 404
    totals = await register.sql(
        "SELECT length(code) AS n, count(*) AS areas FROM areas WHERE valid_to IS NULL GROUP BY 1 ORDER BY 1"
    )
    assert [row["areas"] for row in totals] == [38, 514, 7285, 83762]


async def test_a_nitku_belongs_to_the_npwp_of_the_business_and_is_masked(register: Register):
    firm = {"entity_kind": "cv", "npwp": "0123456789012345"}
    other = await register.call("POST", "vendors", json=entry(**firm, nitku="0999456789012345000001"))
    assert other.json()["fields"][0] == {
        "field": "nitku", "reason": "NITKU_OF_ANOTHER_NPWP", "message": "NITKU tidak dimulai dengan NPWP usaha ini.",
    }  # fmt: skip
    vendor_id = await business(register, **firm, nitku="0123456789012345000001")
    shown = (await register.call("GET", f"vendors/{vendor_id}")).json()
    assert shown["nitku"] == "0123**************0001"
    ask = {"fields": ["nitku"], "reason": "Pencocokan pajak"}
    told = await register.call("POST", f"vendors/{vendor_id}:reveal", json=ask)
    assert told.json()["nitku"] == "0123456789012345000001"
    assert "nitku" not in (await register.call("GET", f"vendors/{vendor_id}", None)).json()


async def test_classes_are_derived_anew_when_the_year_begins(register: Register):
    vendor_id = await business(register, start_year=2025, capital_idr=2_000_000_000, turnover_idr=100_000_000)
    assert (await register.call("GET", f"vendors/{vendor_id}")).json()["class_derived"] == "small"
    began = register.clock.now("3510")
    try:
        register.clock.advance(timedelta(days=304))
        await register.run_jobs()
        assert (await register.call("GET", f"vendors/{vendor_id}")).json()["class_derived"] == "small"
        register.clock.advance(timedelta(days=2))
        await register.run_jobs()
        shown = (await register.call("GET", f"vendors/{vendor_id}")).json()
        assert (shown["class_derived"], shown["business_class"]) == ("micro", "micro")
        rows = await register.sql(
            "SELECT reason FROM vendor_transitions WHERE vendor_id::text = $1 ORDER BY version DESC LIMIT 1", vendor_id
        )
        assert rows == [{"reason": "CLASS_DERIVED"}]
    finally:
        register.clock.set(began)

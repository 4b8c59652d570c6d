"""Twelve puzzles about which records are one business, each with the verdicts that must come out (domain.md 10.3)."""

import io
from datetime import timedelta
from typing import Any

import openpyxl
from bela_kit.core.tenancy import TenantId

from .test_imports import HEADER, book, row
from .world import Register

NIK = "35101657{month:02d}85{serial:04d}"


def line(number: int, name: str, **changes: Any) -> list:
    """Return a row of an own owner, phone and name."""
    return row(number, **{"Nama Usaha": name, **changes})


async def judge(register: Register, *rows: list, commit: bool = True) -> list[dict[str, Any]]:
    found = await register.imported(book(*rows), commit=commit)
    return await register.rows(found["import_id"])


def said(rows: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    """Return the verdict of each row with its reasons, those of a warning about the owner included."""
    warned = ("SAME_NIK_OTHER_BUSINESS",)
    return [
        (
            one["verdict"],
            [each["reason"] for each in one["reasons"]]
            + [each["reason"] for each in one["warnings"] if each["reason"] in warned],
        )
        for one in rows
    ]


async def decide(register: Register, one: dict[str, Any], survivor: str, verb: str = "merge") -> Any:
    body = {"survivor_id": survivor, "reason": "sama"} if verb == "merge" else {"reason": "dua usaha"}
    path = f"merge_candidates/{one['vendor_id']}/{one['other_vendor_id']}:{verb}"
    return await register.call("POST", path, json=body)


async def merged(register: Register, one: dict[str, Any], survivor: str) -> None:
    answer = await decide(register, one, survivor)
    assert answer.status_code == 200, answer.text


async def view(register: Register, vendor_id: str) -> dict[str, Any]:
    return (await register.call("GET", f"vendors/{vendor_id}")).json()


async def queue(register: Register, *names: str) -> list[tuple[str, str]]:
    listed = (await register.call("GET", "merge_candidates?page_size=200")).json()["merge_candidates"]
    return [(one["name"], one["other_name"]) for one in listed if one["name"] in names or one["other_name"] in names]


async def test_1_same_nik_and_similar_name_is_one_business(register: Register):
    await judge(register, line(1, "Keripik Sanjai Rina"))
    assert said(await judge(register, line(1, "Kripik Sanjai Rina"))) == [("update", ["SAME_NIK_AND_NAME"])]


async def test_2_same_nik_and_another_name_is_a_second_business_of_the_owner(register: Register):
    nik = NIK.format(month=1, serial=201)
    await judge(register, line(21, "Warung Lesehan Wibawa", NIK=nik))
    rows = await judge(register, line(22, "Bengkel Las Gemilang", NIK=nik))
    assert said(rows) == [("new", ["SAME_NIK_OTHER_BUSINESS"])]
    groups = await register.sql(
        "SELECT DISTINCT owner_group_id FROM vendors WHERE name IN ('Warung Lesehan Wibawa', 'Bengkel Las Gemilang')"
    )
    assert len(groups) == 1


async def test_3_an_equal_nib_is_one_business_whatever_its_name(register: Register):
    await judge(register, line(31, "Toko Obat Sehat", NIB="9120301234567"))
    assert said(await judge(register, line(32, "Apotek Waras Mulya", NIB="9120301234567"))) == [
        ("update", ["SAME_NIB"])
    ]


async def test_4_an_equal_npwp_is_one_business_only_for_an_entity(register: Register):
    header = [*HEADER, "NPWP", "Bentuk Usaha"]

    async def sheet(number: int, name: str, form: str, npwp: str) -> list[dict[str, Any]]:
        workbook = openpyxl.load_workbook(io.BytesIO(book([*line(number, name), npwp, form])))
        for place, text in enumerate(header, start=1):
            workbook.active.cell(1, place, text)
        stream = io.BytesIO()
        workbook.save(stream)
        found = await register.imported(stream.getvalue())
        return await register.rows(found["import_id"])

    await sheet(41, "CV Karya Bersama", "CV", "012345678901000")
    assert said(await sheet(42, "Sumber Rejeki Abadi", "CV", "012345678901000")) == [("update", ["SAME_NPWP"])]
    nik = NIK.format(month=2, serial=401)
    await sheet(43, "Jamu Gendong Yu Sri", "Perorangan", nik)
    assert said(await sheet(44, "Laundry Kilat Wangi", "Perorangan", nik)) == [("new", [])]


async def test_5_an_equal_phone_and_a_similar_name_is_a_question(register: Register):
    await judge(register, line(51, "Bakpia Pathok Mawar", **{"No HP": "081355550051"}))
    rows = await judge(register, line(52, "Bakpia Patok Mawar", **{"No HP": "0813-5555-0051", "Desa": "Blambangan"}))
    assert said(rows) == [("possible_duplicate", ["SAME_PHONE_SIMILAR_NAME"])]


async def test_6_a_similar_name_in_the_same_desa_is_a_question_and_below_six_tenths_none(register: Register):
    await judge(register, line(61, "Rujak Soto Lestari"))
    assert said(await judge(register, line(62, "Rujak Soto Lestarii"))) == [
        ("possible_duplicate", ["SIMILAR_NAME_IN_VILLAGE"])
    ]
    assert said(await judge(register, line(63, "Rujak Soto Mandiri"))) == [("new", [])]
    assert said(await judge(register, line(64, "Rujak Soto Lestari", Desa="Blambangan"))) == [("new", [])]


async def test_7_two_owners_in_the_other_sequence_are_a_question(register: Register):
    await judge(register, line(71, "Tenun Ikat Sekar", **{"Nama Pemilik": "Sari / Budi"}))
    rows = await judge(register, line(72, "Tenun Ikat Sekar", **{"Nama Pemilik": "Budi / Sari"}))
    assert said(rows) == [("possible_duplicate", ["SIMILAR_NAME_IN_VILLAGE"])]
    listed = (await register.call("GET", "merge_candidates?page_size=200")).json()["merge_candidates"]
    one = next(each for each in listed if each["vendor_id"] == rows[0]["vendor_id"])
    await merged(register, one, one["other_vendor_id"])
    owners = [each["name"] for each in (await view(register, one["other_vendor_id"]))["owners"]]
    # Each name came with another NIK, so nobody is taken for the other one.
    assert owners[:2] == ["Sari", "Budi"]


async def test_8_a_chain_of_three_ends_in_one_survivor_under_three_ids(register: Register):
    names = ["Dodol Salak Anugerah", "Dodol Salak Anugrah", "Dodol Salak Anugra"]
    ids = []
    for place, name in enumerate(names):
        ids.append((await judge(register, line(81 + place, name)))[0]["vendor_id"])
    assert await queue(register, *names) == [(names[1], names[0]), (names[2], names[0])]
    await merged(register, {"vendor_id": ids[1], "other_vendor_id": ids[0]}, ids[1])
    # The question about the one that was merged away is asked about the survivor now.
    assert await queue(register, *names) == [(names[2], names[1])]
    await merged(register, {"vendor_id": ids[2], "other_vendor_id": ids[1]}, ids[2])
    views = [await view(register, one) for one in ids]
    assert [(one["standing"], one["merged_into"]) for one in views] == [
        ("merged", ids[2]), ("merged", ids[2]), ("ok", None),
    ]  # fmt: skip
    answer = await register.call("POST", f"vendors/{ids[0]}:unmerge", json={"reason": "keliru"})
    assert (answer.status_code, answer.json()["reason"]) == (409, "ALREADY_MERGED")
    for one in (ids[1], ids[0]):
        answer = await register.call("POST", f"vendors/{one}:unmerge", json={"reason": "keliru"})
        assert answer.status_code == 200, answer.text
    views = [await view(register, one) for one in ids]
    assert [(one["standing"], one["merged_into"]) for one in views] == [("ok", None)] * 3


async def test_9_what_is_merged_cannot_be_merged_again_and_the_answer_names_the_survivor(register: Register):
    names = ["Gula Aren Pak Karto", "Gula Aren Pak Kartoo"]
    first = (await judge(register, line(91, names[0])))[0]["vendor_id"]
    second = (await judge(register, line(92, names[1])))[0]["vendor_id"]
    one = {"vendor_id": second, "other_vendor_id": first}
    await merged(register, one, first)
    events = len(await register.events())
    assert (await decide(register, one, first)).status_code == 200
    assert len(await register.events()) == events
    assert (await decide(register, one, second)).json()["reason"] == "MERGE_CANDIDATE_DECIDED"
    assert (await decide(register, one, first, "reject")).json()["reason"] == "MERGE_CANDIDATE_DECIDED"


async def test_10_a_merged_record_in_the_next_import_speaks_of_its_survivor(register: Register):
    names = ["Madu Hutan Alas Purwo", "Madu Hutan Alas Purwoo"]
    first = (await judge(register, line(1001, names[0])))[0]["vendor_id"]
    second = (await judge(register, line(1002, names[1], Email="madu@contoh.id")))[0]["vendor_id"]
    await merged(register, {"vendor_id": second, "other_vendor_id": first}, first)
    assert (await view(register, first))["email"] == "madu@contoh.id"
    rows = await judge(register, line(1002, names[1], Email="madu@contoh.id"), line(1001, names[0]))
    assert [one["changes"] for one in rows] == [[], []]
    assert [(one["verdict"], one["vendor_id"]) for one in rows] == [("duplicate", first), ("duplicate", first)]
    assert (await view(register, first))["name"] == names[0]


async def test_11_a_business_that_moved_to_another_desa_is_found_by_its_owner(register: Register):
    first = (await judge(register, line(1101, "Angkringan Lik Man")))[0]
    rows = await judge(register, line(1101, "Angkringan Lik Man", Desa="Blambangan"))
    assert said(rows) == [("update", ["SAME_NIK_AND_NAME"])]
    assert (rows[0]["vendor_id"], rows[0]["changes"]) == (first["vendor_id"], ["village_code"])


async def test_12_duplicates_inside_one_file_fill_each_others_gaps_and_overwrite_nothing(register: Register):
    rows = await judge(
        register,
        line(1201, "Sate Ayam Cak Udin", **{"No HP": None}),
        line(1201, "Sate Ayam Cak Udin", Email="udin@contoh.id"),
        line(1201, "SATE AYAM CAK UDIN", Email="lain@contoh.id"),
        line(1201, "Sate Ayam Cak Udin", NIB="9120301230012", **{"Produk Utama": "Gulai"}),
    )
    assert said(rows) == [
        ("new", []),
        ("update", ["SAME_NIK_AND_NAME", "SAME_AS_ROW"]),
        ("duplicate", ["SAME_NIK_AND_NAME", "SAME_AS_ROW"]),
        ("update", ["SAME_NIK_AND_NAME", "SAME_AS_ROW"]),
    ]
    assert [one["changes"] for one in rows] == [[], ["phone", "email"], [], ["nib"]]
    found = await view(register, rows[0]["vendor_id"])
    assert (found["email"], found["nib"], found["main_product"]) == ("udin@contoh.id", "9120301230012", "Kopi")
    assert {one["vendor_id"] for one in rows} == {rows[0]["vendor_id"]}


async def test_a_koperasi_and_its_chairman_are_two_sellers_of_two_groups(register: Register):
    nik = NIK.format(month=3, serial=301)
    first = (await judge(register, line(1301, "Warung Pak Ketua", NIK=nik)))[0]
    second = (await judge(register, line(1302, "Koperasi Tani Subur", NIK=nik)))[0]
    assert said([second]) == [("new", ["SAME_NIK_OTHER_BUSINESS"])]
    groups = [(await view(register, one["vendor_id"]))["owner_group_id"] for one in (first, second)]
    assert groups[0] != groups[1]


async def test_a_merge_takes_the_earliest_milestones_and_gives_everything_back(register: Register):
    first = (await judge(register, line(1401, "Kopi Tubruk Ijen", **{"No HP": None})))[0]["vendor_id"]
    second = (await judge(register, line(1402, "Kopi Tubruk Ijenn")))[0]["vendor_id"]
    await register.call("POST", f"vendors/{second}:record_training", json={"held_on": "2026-02-01", "session": "A"})
    account = {"principal": "ijen.x", "consent_version": "1", "phone_verified": True}
    assert (await register.call("POST", f"vendors/{second}:open_account", json=account)).status_code == 200
    before = await view(register, first)
    await merged(register, {"vendor_id": second, "other_vendor_id": first}, first)
    after = await view(register, first)
    assert after["phone"] == "+6281300001402"
    assert after["milestones"]["account_on"] == "2026-03-02"
    grants = await register.sql("SELECT scope_id FROM grants WHERE principal = 'ijen.x' AND NOT revoked")
    assert {one["scope_id"] for one in grants} == {first, second}
    assert (await register.call("POST", f"vendors/{second}:unmerge", json={"reason": "keliru"})).status_code == 200
    again = await view(register, first)
    assert {**again, "version": before["version"]} == before
    grants = await register.sql("SELECT scope_id FROM grants WHERE principal = 'ijen.x' AND NOT revoked")
    assert {one["scope_id"] for one in grants} == {second}
    listed = (await register.call("GET", "merge_candidates?state=rejected")).json()["merge_candidates"]
    assert (second, first) in [(one["vendor_id"], one["other_vendor_id"]) for one in listed]


async def test_only_the_verified_of_two_may_survive_and_ninety_days_are_the_end(register: Register):
    first = await register.verified(name="Batik Gajah Oling Asli")
    second = (await register.enter(name="Batik Gajah Oling Aslii"))["vendor_id"]
    one = {"vendor_id": second, "other_vendor_id": first}
    assert (await decide(register, one, second)).json()["reason"] == "MERGE_LOSES_VERIFICATION"
    await merged(register, one, first)
    events = [
        event["subject"].rsplit(".", 1)[1] for event in await register.events() if event["aggregate_id"] == second
    ]
    assert events.count("vendor_standing_changed") == 1
    then = register.clock.now(TenantId("3510"))
    try:
        register.clock.set(then + timedelta(days=91))
        answer = await register.call("POST", f"vendors/{second}:unmerge", json={"reason": "keliru"})
        assert (answer.status_code, answer.json()["reason"]) == (409, "UNMERGE_TOO_LATE")
    finally:
        register.clock.set(then)


async def test_a_rejected_pair_is_not_asked_again_and_nobody_else_decides(register: Register):
    first = (await register.enter(name="Pecel Rawon Bu Tin"))["vendor_id"]
    second = (await register.enter(name="Pecel Rawon Bu Tinn"))["vendor_id"]
    one = {"vendor_id": second, "other_vendor_id": first}
    path = f"merge_candidates/{second}/{first}:reject"
    assert (await register.call("POST", path, "pp", json={"reason": "dua"})).status_code == 403
    assert (await register.call("POST", path, region="1311", json={"reason": "dua"})).status_code == 404
    assert (await decide(register, one, first, "reject")).status_code == 200
    assert (await decide(register, one, first, "reject")).status_code == 200
    assert await queue(register, "Pecel Rawon Bu Tin") == []
    assert (await view(register, second))["standing"] == "ok"

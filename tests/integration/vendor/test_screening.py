"""Lists that businesses are screened against: what is kept of them, whom they block, and how a block ends."""

import io
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from bela.vendor.v1 import vendor_service_pb2 as pb

from .world import NOW, Register, entry

ENTRY_HEADER = ["No", "Nama Penyedia", "NPWP", "NIB", "NIK", "Nomor SK", "Instansi", "Pelanggaran", "Mulai", "Sampai"]


@pytest.fixture(autouse=True)
async def at_the_usual_time(register: Register):
    register.clock.set(NOW)
    yield
    register.clock.set(NOW)


def workbook(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


async def uploaded(
    register: Register, kind: str, content: bytes, *, region: str = "3510", mode: str = "replace"
) -> dict[str, Any]:
    params = {"kind": kind, "filename": "daftar.xlsx", "letter": "800/12/2026", "mode": mode}
    answer = await register.call("POST", "screening_lists", "lpse", region=region, params=params, content=content)
    assert answer.status_code == 202, answer.text
    for _ in range(3):
        await register.run_jobs()
    return (await register.call("GET", f"screening_lists/{answer.json()['list_id']}", "lpse", region=region)).json()


async def employees(register: Register, *niks: str, region: str = "3510", mode: str = "replace") -> dict[str, Any]:
    lines = ["Nama;NIP;NIK", *(f"Pegawai;19800101;{nik}" for nik in niks)]
    return await uploaded(register, "employees", "\n".join(lines).encode(), region=region, mode=mode)


async def reasons(register: Register, vendor_id: str, region: str = "3510") -> list[str]:
    request = pb.CheckEligibilityRequest(parent=f"regions/{region}", vendor_ids=[vendor_id])
    request.value.units, request.value.currency_code = 1_000_000, "IDR"
    today = register.clock.today("3510")
    request.on.year, request.on.month, request.on.day = today.year, today.month, today.day
    return list((await register.servicer.CheckEligibility(request, None)).results[0].reasons)


async def conflicts(register: Register, vendor_id: str) -> dict[str, str]:
    found = (await register.call("GET", f"vendors/{vendor_id}/conflicts", "lpse")).json()["conflicts"]
    return {one["kind"]: one["state"] for one in found}


async def test_an_employee_among_the_owners_blocks_until_a_letter_and_again_after_the_leave(register: Register):
    body = entry()
    nik = body["owners"][0]["nik"]
    vendor_id = await register.verified(**body)
    other = await register.verified()
    told = await employees(register, nik, "3510165708850001", "123")
    assert (told["state"], told["counts"]) == ("done", {"rows": 2, "new": 2, "rejected_nik_not_readable": 1})
    assert await reasons(register, vendor_id) == ["CONFLICT_OF_INTEREST"]
    assert await reasons(register, other) == []
    assert await conflicts(register, vendor_id) == {"employee_owner": "open"}
    letter = {"kind": "employee_owner", "letter": "851/3/BKPSDM/2026", "until": "2026-03-31"}
    path = f"vendors/{vendor_id}/conflicts:release"
    assert (await register.call("POST", path, json=letter)).status_code == 403
    assert (await register.call("POST", path, "lpse", json=letter)).status_code == 200
    assert await reasons(register, vendor_id) == []
    again = await register.call("POST", path, "lpse", json=letter)
    assert (again.status_code, again.json()["reason"]) == (404, "CONFLICT_NOT_FOUND")
    await employees(register, nik)
    assert await reasons(register, vendor_id) == []
    register.clock.set(datetime(2026, 3, 31, 17, 0, tzinfo=UTC))
    await register.run_jobs()
    assert await reasons(register, vendor_id) == ["CONFLICT_OF_INTEREST"]
    await employees(register, "3510165708850001")
    assert await reasons(register, vendor_id) == []
    assert await conflicts(register, vendor_id) == {"employee_owner": "gone"}


async def test_an_employee_is_not_verified_and_one_entered_later_is_found(register: Register):
    body = entry()
    vendor_id = (await register.call("POST", "vendors", json=body)).json()["vendor_id"]
    account = {"principal": "p1.x", "consent_version": "1", "phone_verified": True}
    await register.call("POST", f"vendors/{vendor_id}:open_account", json=account)
    later = entry()
    await employees(register, body["owners"][0]["nik"], later["owners"][0]["nik"])
    verify = {"band": "A", "proofs": ["nik", "phone", "bank"], "business_class": "micro"}
    answer = await register.call("POST", f"vendors/{vendor_id}:verify", json=verify)
    assert (answer.status_code, answer.json()["reason"]) == (409, "CONFLICT_OF_INTEREST")
    second = (await register.call("POST", "vendors", json=later)).json()["vendor_id"]
    await register.run_jobs()
    assert await conflicts(register, second) == {"employee_owner": "open"}
    change = {"conflict_of_interest": False}
    answer = await register.call("PATCH", f"vendors/{second}", json=change, headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["reason"]) == (409, "CONFLICT_NEEDS_LETTER")


async def test_added_rows_stay_beside_the_earlier_ones_and_a_broken_file_changes_nothing(register: Register):
    first, second = entry(), entry()
    ids = [await register.verified(**body) for body in (first, second)]
    await employees(register, first["owners"][0]["nik"])
    await employees(register, second["owners"][0]["nik"], mode="add")
    assert [await reasons(register, one) for one in ids] == [["CONFLICT_OF_INTEREST"]] * 2
    for content, reason in ((b"%PDF-1.7 abc", "WORKBOOK_IS_PDF"), (b"apel;jeruk\n1;2\n", "REQUIRED_COLUMNS_MISSING")):
        told = await uploaded(register, "employees", content)
        assert (told["state"], told["failure"]["reason"]) == ("failed", reason)
    assert [await reasons(register, one) for one in ids] == [["CONFLICT_OF_INTEREST"]] * 2


async def test_a_shared_phone_is_shown_and_blocks_nobody_and_a_koperasi_may_lend_its_own(register: Register):
    shared = entry()
    vendor_id = await register.verified(**shared)
    koperasi = (await register.enter(phone="081298765432", entity_kind="koperasi"))["vendor_id"]
    content = workbook(
        ["DAFTAR ASN 2026"],
        [],
        ["NIK", "No. HP"],
        ["3510165708850001", shared["phone"]],
        ["3510165708850002", "0812-9876-5432"],
    )
    told = await uploaded(register, "employees", content)
    assert told["counts"]["rows"] == 2
    assert await conflicts(register, vendor_id) == {"employee_contact": "open"}
    assert await conflicts(register, koperasi) == {}
    assert await reasons(register, vendor_id) == []


async def test_an_entry_of_the_national_list_blocks_by_any_number_and_ends_with_it(register: Register):
    body = entry(nib="1234509876543")
    vendor_id = await register.verified(**body)
    by_nik = await register.verified(**(other := entry()))
    named = (await register.enter(name="CV Maju Terus Jaya"))["vendor_id"]
    rows = [
        [1, "Warung X", None, "1234509876543", None, "SK/1/LKPP", "LKPP", "Pasal 5", date(2026, 1, 10), "09-01-2028"],
        [2, "Y", None, None, other["owners"][0]["nik"], "SK/2/LKPP", "KPA", "Pasal 6", "2026-02-01", "2027-01-31"],
        [3, "CV. MAJU TERUS JAYA", None, None, None, "SK/3/LKPP", "KPA", "Pasal 6", "2026-02-01", "2027-01-31"],
        [4, "Tanpa Tanggal", None, None, None, "SK/4/LKPP", "KPA", "", None, None],
    ]  # fmt: skip
    told = await uploaded(register, "daftar_hitam", workbook(ENTRY_HEADER, *rows))
    assert (told["state"], told["counts"]) == ("done", {"rows": 3, "new": 3, "rejected_dates_not_readable": 1})
    assert await reasons(register, vendor_id) == ["VENDOR_BLACKLISTED"]
    assert await reasons(register, by_nik) == ["VENDOR_BLACKLISTED"]
    matches = (await register.call("GET", "blacklist_name_matches", "lpse")).json()["blacklist_name_matches"]
    assert [(one["vendor_id"], one["basis_letter"]) for one in matches] == [(named, "SK/3/LKPP")]
    assert "VENDOR_BLACKLISTED" not in await reasons(register, named)
    (sanction,) = (await register.call("GET", f"vendors/{vendor_id}/sanctions", "lpse")).json()["sanctions"]
    assert (sanction["scope"], sanction["kind"], sanction["valid_to"]) == ("national", "blacklist", "2028-01-09")
    told = await uploaded(register, "daftar_hitam", workbook(ENTRY_HEADER, *rows))
    assert len((await register.call("GET", f"vendors/{vendor_id}/sanctions", "lpse")).json()["sanctions"]) == 1
    await uploaded(register, "daftar_hitam", workbook(ENTRY_HEADER, rows[1]))
    assert await reasons(register, vendor_id) == []
    assert await reasons(register, by_nik) == ["VENDOR_BLACKLISTED"]
    await uploaded(register, "daftar_hitam", workbook(ENTRY_HEADER, *rows))
    assert await reasons(register, vendor_id) == ["VENDOR_BLACKLISTED"]


async def test_a_list_of_one_region_is_nothing_in_another_and_keeps_no_number(register: Register):
    body = entry("1311")
    nik = body["owners"][0]["nik"]
    vendor_id = (await register.call("POST", "vendors", region="1311", json=body)).json()["vendor_id"]
    told = await employees(register, nik)
    foreign = await register.call("GET", f"screening_lists/{told['list_id']}", "lpse", region="1311")
    assert (foreign.status_code, foreign.json()["reason"]) == (404, "LIST_NOT_FOUND")
    assert (await register.sql("SELECT conflict_of_interest AS c FROM vendors WHERE vendor_id = $1", vendor_id))[0][
        "c"
    ] is False
    for table in ("screening_lists", "employee_hashes", "conflicts", "jobs", "outbox_messages"):
        for row in await register.sql(f"SELECT t::text AS line FROM {table} t"):
            assert nik not in row["line"], table
    assert not any(path.is_file() for path in register.folder.rglob("*"))


@pytest.mark.parametrize(
    ("params", "status"),
    [({"kind": "vip"}, 400), ({"mode": "merge"}, 400), ({"letter": ""}, 422), ({"kind": None}, 422)],
)
async def test_a_list_is_the_lpses_and_says_what_it_is(register: Register, params, status):
    good = {"kind": "employees", "filename": "a.csv", "letter": "1"}
    path, content = "screening_lists", b"NIK\n3510165708850001\n"
    assert (await register.call("POST", path, params=good, content=content)).status_code == 403
    wrong = {name: value for name, value in {**good, **params}.items() if value is not None}
    answer = await register.call("POST", path, "lpse", params=wrong, content=content)
    assert answer.status_code == status, answer.text
    assert (await register.call("POST", path, "lpse", params=good, content=b"")).json()["reason"] == "WORKBOOK_EMPTY"


async def test_the_operator_gives_the_national_list_to_every_region(register: Register):
    bodies = {region: entry(region) for region in ("3510", "1904")}
    ids = {region: await register.verified(region=region, **body) for region, body in bodies.items()}
    rows = [
        [
            place,
            f"Orang {place}",
            None,
            None,
            body["owners"][0]["nik"],
            f"SK/{place}",
            "KPA",
            "",
            "2026-02-01",
            "2027-01-31",
        ]
        for place, body in enumerate(bodies.values(), start=70)
    ]
    params = {"filename": "dh.xlsx", "letter": "SE/3"}
    path, content = "/vendor/v1/daftar_hitam", workbook(ENTRY_HEADER, *rows)
    refused = await register.call("POST", path, "lpse", params=params, content=content)
    assert (refused.status_code, refused.json()["reason"]) == (403, "OPERATOR_ONLY")
    assert (await register.call("POST", path, None, params=params, content=content)).status_code == 401
    headers = register.issuer.bearer("operator", operator=True)
    answer = await register.http.post(path, params=params, content=content, headers=headers)
    assert (answer.status_code, answer.json()["regions"]) == (202, 4), answer.text
    for _ in range(4):
        await register.run_jobs()
    for region, vendor_id in ids.items():
        assert await reasons(register, vendor_id, region) == ["VENDOR_BLACKLISTED"], region
    assert not any(found.is_file() for found in register.folder.rglob("*"))

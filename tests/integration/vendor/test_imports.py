"""Imports under bad files, repetition, crashes and company."""

import asyncio
import io
import random
import zipfile
from uuid import UUID

import openpyxl
import pytest
from bela_kit.core.tenancy import TenantId
from vendor_service.adapters import vendor_repository
from vendor_service.application.imports import commit as commit_module

from .world import Register

HEADER = ["Nama Usaha", "Nama Pemilik", "NIK", "Alamat", "Desa", "Kecamatan", "Produk Utama", "No HP", "NIB", "Email"]


def name_of(number: int) -> str:
    """Return the same name for a number always, and unlike names for two."""
    dice = random.Random(number)
    return " ".join("".join(dice.choices("bcdfghjklmnprstwaeiou", k=8)).title() for _ in range(2))


def row(number: int, **changes) -> list:
    values = {
        "Nama Usaha": name_of(number),
        "Nama Pemilik": f"Pemilik {number}",
        "NIK": f"35101657{number % 12 + 1:02d}80{number % 9000 + 1:04d}",
        "Alamat": "Jl. 1",
        "Desa": "Tembokrejo",
        "Kecamatan": "Muncar",
        "Produk Utama": "Kopi",
        "No HP": f"0813{number:08d}",
        **changes,
    }
    return [values.get(name) for name in HEADER]


def book(*rows: list) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.active.append(HEADER)
    for line in rows:
        workbook.active.append(line)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


async def count(register: Register, table: str = "vendors") -> int:
    return (await register.sql(f"SELECT count(*) AS n FROM {table} WHERE tenant_id = '3510'"))[0]["n"]


async def test_only_an_officer_of_the_region_imports(register: Register):
    content = book(row(1))
    assert (await register.upload(content, who="pp")).json()["reason"] == "ROLE_MISSING"
    assert (await register.upload(content, who="officer.1311")).status_code == 404
    assert (await register.call("POST", "imports", None, content=content, params={"filename": "a"})).status_code == 401


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"%PDF-1.7 abc", "WORKBOOK_IS_PDF"),
        (b"\x89PNG" + bytes(range(256)) * 9, "WORKBOOK_NOT_READABLE"),
        (b"apel;jeruk\n1;2\n", "HEADER_NOT_FOUND"),
    ],
)
async def test_an_unreadable_file_fails_with_its_reason_and_frees_its_hash(register: Register, content, reason):
    first = await register.imported(content, commit=False)
    assert (first["state"], first["failure"]["reason"]) == ("failed", reason)
    second = await register.upload(content)
    assert second.status_code == 202
    assert second.json()["import_id"] != first["import_id"]
    await register.run_jobs()


async def test_an_empty_upload_is_refused_at_once(register: Register):
    assert (await register.upload(b"")).json()["reason"] == "WORKBOOK_EMPTY"


async def test_a_lying_archive_ends_its_reader_and_not_the_service(register: Register):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(90 * 1024 * 1024))
    assert (await register.imported(stream.getvalue(), commit=False))["state"] == "failed"


async def test_a_sheet_that_reaches_to_the_last_cell_does_not_eat_the_memory(register: Register):
    workbook = openpyxl.Workbook()
    for line in (HEADER, row(880)):
        workbook.active.append(line)
    workbook.active["XFD1048576"] = "jauh"
    stream = io.BytesIO()
    workbook.save(stream)
    found = await register.imported(stream.getvalue(), commit=False)
    assert (found["state"], found["counts"]["new"]) == ("previewed", 1)
    await register.call("POST", f"imports/{found['import_id']}:discard")


async def test_a_province_has_no_register(register: Register):
    assert (await register.upload(book(row(1)), region="19")).json()["reason"] == "REGION_HAS_NO_VENDORS"


async def test_a_discarded_import_leaves_nothing_and_may_come_again(register: Register):
    content = book(row(900))
    before = await count(register)
    first = await register.imported(content, commit=False)
    answer = await register.call("POST", f"imports/{first['import_id']}:discard")
    assert answer.json()["state"] == "discarded"
    assert await register.rows(first["import_id"]) == []
    assert (await register.call("POST", f"imports/{first['import_id']}:commit")).json()["reason"] == "IMPORT_STATE"
    again = await register.upload(content)
    assert (again.status_code, again.json()["import_id"] != first["import_id"]) == (202, True)
    await register.run_jobs()
    await register.call("POST", f"imports/{again.json()['import_id']}:discard")
    assert await count(register) == before


async def test_a_changed_file_updates_gaps_and_keeps_what_was_verified(register: Register):
    first = await register.imported(book(row(1), row(2, Email=None), row(3)))
    vendor_id = (await register.rows(first["import_id"]))[2]["vendor_id"]
    body = {"bank": "BRI", "account_number": "777888999", "account_holder": "PEMILIK 3"}
    etag = (await register.call("GET", f"vendors/{vendor_id}")).headers["etag"]
    await register.call("PATCH", f"vendors/{vendor_id}", json=body, headers={"if-match": etag})
    verify = {"band": "A", "proofs": ["nik", "phone", "bank"], "business_class": "micro"}
    assert (await register.call("POST", f"vendors/{vendor_id}:verify", json=verify)).status_code == 200
    second = await register.imported(
        book(
            row(1),
            row(2, Email="dua@contoh.id"),
            row(3, **{"No HP": "081399999999", "Email": "tiga@contoh.id"}),
            row(4),
        )
    )
    assert second["counts"] == {
        "new": 1, "update": 2, "duplicate": 1, "possible_duplicate": 0, "rejected": 0, "with_warnings": 0,
    }  # fmt: skip
    third = (await register.rows(second["import_id"]))[2]
    assert third["changes"] == ["email"]
    assert [one["reason"] for one in third["warnings"]] == ["VERIFIED_VALUE_KEPT"]
    view = (await register.call("GET", f"vendors/{vendor_id}")).json()
    assert (view["phone"], view["email"]) == ("+6281300000003", "tiga@contoh.id")


async def test_imports_are_listed_newest_first_page_by_page(register: Register):
    made = [(await register.imported(book(row(number))))["import_id"] for number in (80, 81)]
    first = (await register.call("GET", "imports?page_size=1")).json()
    assert [one["import_id"] for one in first["imports"]] == made[:0:-1]
    second = (await register.call("GET", f"imports?page_size=1&page_token={first['next_page_token']}")).json()
    assert [one["import_id"] for one in second["imports"]] == made[:1]


async def test_a_likeness_becomes_a_business_and_a_question(register: Register):
    await register.imported(book(row(50, **{"Nama Usaha": "Keripik Pisang Barokah"})))
    found = await register.imported(book(row(51, **{"Nama Usaha": "Keripik Pisang Barokahh"})))
    assert found["counts"]["possible_duplicate"] == 1
    queue = (await register.call("GET", "merge_candidates")).json()["merge_candidates"]
    assert [(one["name"], one["other_name"], one["rule"]) for one in queue] == [
        ("Keripik Pisang Barokahh", "Keripik Pisang Barokah", "SIMILAR_NAME_IN_VILLAGE")
    ]


async def test_two_businesses_of_one_owner_share_a_group(register: Register):
    nik = "3510165708770007"
    await register.imported(
        book(
            row(60, NIK=nik, **{"Nama Usaha": "Warung Rawon Pojok"}),
            row(61, NIK=nik, **{"Nama Usaha": "Penjahit Melati"}),
        )
    )
    found = await register.sql(
        "SELECT owner_group_id FROM vendors"
        " WHERE tenant_id = '3510' AND name IN ('Warung Rawon Pojok', 'Penjahit Melati')"
    )
    assert len(found) == 2
    assert found[0] == found[1]
    third = await register.imported(book(row(62, NIK=nik, **{"Nama Usaha": "Bengkel Cepat Sentosa"})))
    warnings = (await register.rows(third["import_id"]))[0]["warnings"]
    assert [one["reason"] for one in warnings] == ["SAME_NIK_OTHER_BUSINESS"]


async def test_a_commit_that_dies_in_the_middle_is_rolled_back_and_runs_again(register: Register, monkeypatch):
    monkeypatch.setattr(commit_module, "WRITE_AT_ONCE", 50)
    content = book(*(row(number) for number in range(1000, 1300)))
    found = await register.imported(content, commit=False)
    before, before_events = await count(register), len(await register.events())
    calls = 0
    original = vendor_repository.SqlVendors.write_new

    async def dying(self, vendors):
        nonlocal calls
        calls += 1
        if calls == 4:
            raise ConnectionError("the machine went away")
        await original(self, vendors)

    monkeypatch.setattr(vendor_repository.SqlVendors, "write_new", dying)
    await register.call("POST", f"imports/{found['import_id']}:commit")
    await register.run_jobs()
    assert calls == 4
    assert (await count(register), len(await register.events())) == (before, before_events)
    monkeypatch.setattr(vendor_repository.SqlVendors, "write_new", original)
    await register.sql("UPDATE jobs SET available_at = now() - interval '1 second' WHERE finished_at IS NULL")
    await register.run_jobs()
    after = (await register.call("GET", f"imports/{found['import_id']}")).json()
    assert after["state"] == "committed"
    assert await count(register) == before + 300
    assert len(await register.events("vendor_collected")) == await count(register)


async def test_a_cancelled_commit_leaves_nothing_behind(register: Register, monkeypatch):
    monkeypatch.setattr(commit_module, "WRITE_AT_ONCE", 20)
    found = await register.imported(book(*(row(number) for number in range(2000, 2100))), commit=False)
    before = await count(register)
    reached = asyncio.Event()
    original = vendor_repository.SqlVendors.write_new

    async def slow(self, vendors):
        await original(self, vendors)
        reached.set()
        await asyncio.sleep(60)

    monkeypatch.setattr(vendor_repository.SqlVendors, "write_new", slow)
    await register.call("POST", f"imports/{found['import_id']}:commit")
    running = asyncio.create_task(register.run_jobs())
    await asyncio.wait_for(reached.wait(), 20)
    # The runner too: it would begin the job anew at once.
    stopped = [running, *(task for task in asyncio.all_tasks() if task.get_name() == "job commit_import")]
    for task in stopped:
        task.cancel()
    await asyncio.gather(*stopped, return_exceptions=True)
    assert await count(register) == before
    monkeypatch.setattr(vendor_repository.SqlVendors, "write_new", original)
    await register.sql("UPDATE jobs SET available_at = now() - interval '1 second' WHERE finished_at IS NULL")
    await register.run_jobs()
    assert await count(register) == before + 100


async def test_a_validation_that_runs_twice_stages_every_row_once(register: Register):
    response = await register.upload(book(*(row(number) for number in range(3000, 3010))))
    import_id = response.json()["import_id"]
    await register.run_jobs()
    await register.sql("UPDATE imports SET state = 'validating' WHERE import_id = $1", UUID(import_id))
    await register.sql("UPDATE jobs SET finished_at = NULL, available_at = now() WHERE subject_id = $1", import_id)
    await register.run_jobs()
    assert [one["row_number"] for one in await register.rows(import_id)] == list(range(1, 11))


async def test_two_imports_of_the_same_businesses_leave_one_set(register: Register):
    rows = [row(number) for number in range(4000, 4030)]
    first = await register.imported(book(*rows), commit=False)
    second = await register.imported(book(*rows, row(4999, **{"Nama Usaha": "Kilang Padi Sejahtera"})), commit=False)
    assert second["counts"]["new"] == 31
    before = await count(register)
    answers = await asyncio.gather(
        *(register.call("POST", f"imports/{one['import_id']}:commit") for one in (first, second))
    )
    assert sorted(answer.status_code for answer in answers) == [202, 409]
    assert {answer.json().get("reason") for answer in answers} == {None, "COMMIT_RUNNING"}
    await register.run_jobs()
    for one in (first, second):
        await register.call("POST", f"imports/{one['import_id']}:commit")
        await register.run_jobs()
    assert await count(register) == before + 31
    states = [(await register.call("GET", f"imports/{one['import_id']}")).json() for one in (first, second)]
    assert [one["state"] for one in states] == ["committed", "committed"]
    assert {one["counts"]["duplicate"] for one in states} <= {0, 30}


async def test_eight_uploads_of_one_file_at_once_are_one_import(register: Register):
    content = book(row(5000))
    answers = await asyncio.gather(*(register.upload(content) for _ in range(8)))
    assert len({answer.json()["import_id"] for answer in answers}) == 1
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [202]
    kept = [path for path in register.folder.rglob("*") if path.is_file()]
    live = await register.sql("SELECT file_key FROM imports WHERE file_key <> ''")
    assert {path.relative_to(register.folder).as_posix() for path in kept} == {one["file_key"] for one in live}
    await register.run_jobs()


async def test_after_thirty_days_uploads_and_rows_are_gone_and_counts_stay(register: Register):
    await register.imported(book(row(6000)))
    found = await register.imported(book(row(6000, Email="enam@contoh.id")))
    assert len(await register.sql("SELECT 1 FROM import_changes WHERE import_id = $1", UUID(found["import_id"]))) == 1
    then = register.clock.now(TenantId("3510"))
    try:
        register.clock.set(then.replace(month=then.month + 2))
        await register.run_jobs()
        for table in ("import_rows", "import_changes"):
            assert await register.sql(f"SELECT 1 FROM {table} WHERE import_id = $1", UUID(found["import_id"])) == []
        after = (await register.call("GET", f"imports/{found['import_id']}")).json()
        assert after["counts"] == found["counts"]
        assert [path for path in (register.folder / "3510").iterdir() if path.is_file()] == []
    finally:
        register.clock.set(then)


async def test_nothing_of_an_import_is_seen_from_another_region(register: Register):
    found = await register.imported(book(row(7000)), commit=False)
    for method, path in (("GET", ""), ("GET", "/rows"), ("POST", ":commit"), ("POST", ":discard")):
        for region, who in (("3510", "officer.1311"), ("1311", "officer.1311")):
            answer = await register.call(method, f"imports/{found['import_id']}{path}", who, region=region)
            assert answer.status_code == 404, (method, path, region)

"""What an officer looks at before anything is stored, and what a broken import leaves."""

import asyncio
import io

import openpyxl
from vendor_service.application.imports import validate as validate_module

from .test_imports import HEADER, book, count, row
from .world import Register


def odd(*rows: list) -> bytes:
    """Return a workbook whose name column nobody could understand."""
    workbook = openpyxl.Workbook()
    workbook.active.append(["Xyzzy Plugh", *HEADER[1:]])
    for line in rows:
        workbook.active.append(line)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


async def send(register: Register, content: bytes, source: str) -> str:
    params = {"filename": "a.xlsx", "source": source}
    answer = await register.call("POST", "imports", params=params, content=content)
    await register.run_jobs()
    return answer.json()["import_id"]


async def state(register: Register, import_id: str) -> dict:
    return (await register.call("GET", f"imports/{import_id}")).json()


async def test_the_preview_counts_every_code_and_finds_its_rows(register: Register):
    found = await register.imported(
        book(row(1, NIK="12"), row(2, NIK="12"), row(3), row(4, **{"Nama Usaha": None})), commit=False
    )
    assert found["figures"] == {"reasons": {"nama_usaha:REQUIRED": 1}, "warnings": {"nik:WRONG_LENGTH": 2}}
    for code, wanted in (("WRONG_LENGTH", [1, 2]), ("REQUIRED", [4]), ("LENGTH", []), ("NOT_A_CODE", [])):
        rows = (await register.call("GET", f"imports/{found['import_id']}/rows", params={"code": code})).json()
        assert [one["row_number"] for one in next(iter(rows.values()))] == wanted, code
    headers = found["layout"]["tables"][0]["headers"]
    assert [(one["header"], one["column"]) for one in headers][:2] == [
        ("Nama Usaha", "nama_usaha"), ("Nama Pemilik", "nama_pemilik"),
    ]  # fmt: skip


async def test_an_officer_says_what_a_column_means_and_the_source_is_read_so_from_then_on(register: Register):
    import_id = await send(register, odd(row(10), row(11)), "Dinas A")
    failed = await state(register, import_id)
    assert (failed["state"], failed["failure"]["reason"]) == ("failed", "HEADER_NOT_FOUND")
    wrong = await register.call("POST", f"imports/{import_id}:map", json={"columns": {"Xyzzy Plugh": "nama_toko_x"}})
    assert (wrong.status_code, wrong.json()["reason"]) == (400, "MAPPING_INVALID")
    body = {"columns": {"Xyzzy Plugh": "nama_usaha"}, "save": True}
    assert (await register.call("POST", f"imports/{import_id}:map", "pp", json=body)).status_code == 403
    assert (await register.call("POST", f"imports/{import_id}:map", json=body)).status_code == 202
    await register.run_jobs()
    found = await state(register, import_id)
    assert (found["state"], found["counts"]["new"]) == ("previewed", 2)
    later = await state(register, await send(register, odd(row(12)), "Dinas A"))
    assert (later["state"], later["counts"]["new"]) == ("previewed", 1)
    other = await state(register, await send(register, odd(row(13)), "Dinas B"))
    assert other["state"] == "failed"


async def test_a_job_that_keeps_failing_frees_the_hash_and_may_be_tried_again(register: Register, monkeypatch):
    content = book(row(20), row(21))

    async def broken(*_, **__):
        raise ConnectionError("the disk is gone")

    monkeypatch.setattr(validate_module, "decide", broken)
    import_id = (await register.upload(content)).json()["import_id"]
    for _ in range(5):
        await register.run_jobs()
        await register.sql("UPDATE jobs SET available_at = now() - interval '1 second' WHERE finished_at IS NULL")
    failed = await state(register, import_id)
    assert (failed["state"], failed["failure"]["reason"]) == ("failed", "IMPORT_BROKEN")
    monkeypatch.undo()
    answer = await register.call("POST", f"imports/{import_id}:retry")
    assert answer.status_code == 202, answer.text
    await register.run_jobs()
    assert (await state(register, import_id))["counts"]["new"] == 2
    again = await register.upload(content)
    assert (again.status_code, again.json()["import_id"]) == (200, import_id)


async def test_eight_imports_of_one_file_at_once_leave_one_set_of_businesses(register: Register):
    content = book(*(row(number) for number in range(4100, 4140)))
    before = await count(register)

    async def whole() -> int:
        import_id = (await register.upload(content)).json()["import_id"]
        await register.run_jobs()
        answer = await register.call("POST", f"imports/{import_id}:commit")
        await register.run_jobs()
        return answer.status_code

    assert set(await asyncio.gather(*(whole() for _ in range(8)))) <= {202, 409}
    await register.run_jobs()
    assert await count(register) == before + 40
    assert len(await register.sql("SELECT 1 FROM owners WHERE tenant_id = '3510'")) >= 40


async def test_the_rows_done_move_while_a_commit_is_under_way(register: Register, monkeypatch):
    from vendor_service.adapters import vendor_repository
    from vendor_service.application.imports import commit as commit_module

    monkeypatch.setattr(commit_module, "WRITE_AT_ONCE", 10)
    found = await register.imported(book(*(row(number) for number in range(4200, 4250))), commit=False)
    seen: list[int] = []
    original = vendor_repository.SqlVendors.write_new

    async def watched(self, *parts):
        await original(self, *parts)
        await asyncio.sleep(0.2)
        [now] = await register.sql("SELECT rows_done FROM imports WHERE import_id::text = $1", found["import_id"])
        seen.append(now["rows_done"])

    monkeypatch.setattr(vendor_repository.SqlVendors, "write_new", watched)
    await register.call("POST", f"imports/{found['import_id']}:commit")
    await register.run_jobs()
    assert seen == sorted(seen)
    assert len(set(seen)) >= 4
    assert (await state(register, found["import_id"]))["progress"] == {"rows_total": 50, "rows_done": 50}


async def test_an_owner_verified_for_one_business_is_not_renamed_through_another(register: Register):
    nik = "3510165707850077"
    first = await register.imported(
        book(
            row(4301, NIK=nik, **{"Nama Pemilik": "Siti Aminah", "Nama Usaha": "Kedai Rujak Cingur"}),
            row(4302, NIK=nik, **{"Nama Pemilik": "Siti Aminah", "Nama Usaha": "Penjahit Kebaya Ayu"}),
        )
    )
    verified, other = (one["vendor_id"] for one in await register.rows(first["import_id"]))
    etag = (await register.call("GET", f"vendors/{verified}")).headers["etag"]
    bank = {"bank": "BRI", "account_number": "777888991", "account_holder": "SITI AMINAH"}
    await register.call("PATCH", f"vendors/{verified}", json=bank, headers={"if-match": etag})
    body = {"band": "A", "proofs": ["nik", "phone", "bank"], "business_class": "micro"}
    answer = await register.call("POST", f"vendors/{verified}:verify", json=body)
    assert answer.status_code == 200, answer.text
    second = await register.imported(
        book(row(4302, NIK=nik, **{"Nama Pemilik": "Siti Aminahh", "Nama Usaha": "Penjahit Kebaya Ayu"}))
    )
    [line] = await register.rows(second["import_id"])
    assert (line["verdict"], line["changes"]) == ("duplicate", [])
    assert [one["reason"] for one in line["warnings"]] == ["VERIFIED_VALUE_KEPT"]
    for one in (verified, other):
        assert (await register.call("GET", f"vendors/{one}")).json()["owners"][0]["name"] == "Siti Aminah"

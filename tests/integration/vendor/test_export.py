"""The register as a file, the verdicts as a file, and what comes back in changes nothing."""

import csv
import io
import json

import openpyxl
import pytest

from .test_imports import book, count, row
from .world import Register


def table(content: bytes) -> list[dict[str, object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    header, *rows = list(sheet.iter_rows(values_only=True))
    return [dict(zip(header, line, strict=True)) for line in rows]


async def download(register: Register, path: str, **params) -> bytes:
    answer = await register.call("GET", path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.content


async def filled(register: Register, first: int) -> None:
    """Enter businesses with everything that a reader could trip over."""
    await register.enter(
        name=f"=Warung {first} Mbok Yem", address="+Jl. Raya 1", latitude="-8.123456", longitude="114.2",
        note="@catatan",
        entity_kind="koperasi", email="a@contoh.id", npwp=f"01234567{first:04d}000", nib=f"91203012{first:05d}",
        workers_male=0, monthly_capacity=1200, capacity_unit="kotak", class_declared="micro", kbli="56210",
    )  # fmt: skip
    await register.imported(
        book(
            row(first, Email="dua@contoh.id", NIB=f"8120301{first:06d}"),
            row(first + 1, NIK=None, **{"No HP": None}),
            row(first + 2, **{"Nama Pemilik": "Sari / Budi"}),
        )
    )


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
async def test_an_export_imported_again_changes_nothing(register: Register, kind: str):
    await filled(register, 2000 if kind == "xlsx" else 2100)
    content = await download(register, "vendors:export", format=kind)
    before, events = await count(register), len(await register.events())
    answer = await register.upload(content, f"ekspor.{kind}")
    await register.run_jobs()
    import_id = answer.json()["import_id"]
    found = (await register.call("GET", f"imports/{import_id}")).json()
    rows = await register.rows(import_id)
    assert [(one["verdict"], one["changes"], one["warnings"]) for one in rows if one["verdict"] != "duplicate"] == []
    assert found["counts"]["duplicate"] == before
    await register.call("POST", f"imports/{import_id}:commit")
    await register.run_jobs()
    assert (await count(register), len(await register.events())) == (before, events)


async def test_an_export_masks_what_names_or_pays_a_person_and_a_reveal_is_written_down(register: Register):
    entered = await register.enter(nib="9120301999999")
    masked = await download(register, "vendors:export")
    line = next(one for one in table(masked) if one["id_usaha"] == entered["vendor_id"])
    assert (str(line["nik"])[4:12], str(line["no_rekening"])[:4]) == ("********", "****")
    assert await register.sql("SELECT 1 FROM reveals") == []
    shown = await download(register, "vendors:export", reveal_reason="Pemutakhiran data bersama BPS")
    line = next(one for one in table(shown) if one["id_usaha"] == entered["vendor_id"])
    assert (str(line["nik"]).isdigit(), str(line["no_rekening"]).isdigit()) == (True, True)
    logged = await register.sql("SELECT vendor_id, principal, reason FROM reveals")
    assert len(logged) == await count(register)
    assert {(one["principal"], one["reason"]) for one in logged} == {("officer.3510", "Pemutakhiran data bersama BPS")}


@pytest.mark.parametrize("who", ["pp", "lpse", None])
async def test_only_the_officer_takes_the_register_along(register: Register, who):
    assert (await register.call("GET", "vendors:export", who)).status_code in {401, 403}


async def test_no_cell_of_an_export_is_a_formula(register: Register):
    await register.enter(name="=HYPERLINK(1) Kedai Rumus", address="@SUM(1)")
    text = (await download(register, "vendors:export", format="csv")).decode("utf-8-sig")
    cells = [cell for line in csv.reader(io.StringIO(text), delimiter=";") for cell in line]
    assert any("HYPERLINK" in cell for cell in cells)
    assert [cell for cell in cells if cell[:1] in {"=", "+", "-", "@"}] == []


async def test_the_verdicts_stand_beside_the_rows_as_they_were(register: Register):
    found = await register.imported(
        book(row(2200), row(2201, NIK="35101657"), row(2202, **{"Produk Utama": None}), row(2200)), commit=False
    )
    lines = table(await download(register, f"imports/{found['import_id']}/verdicts"))
    assert [one["hasil"] for one in lines] == ["new", "new", "rejected", "duplicate"]
    assert lines[1]["nik"] == "35101657"
    assert "nik:WRONG_LENGTH" in str(lines[1]["kode"])
    assert lines[2]["kode"] == "produk_utama:REQUIRED"
    assert "Kolom wajib kosong." in str(lines[2]["penjelasan"])
    assert [one["baris_lembar"] for one in lines] == [2, 3, 4, 5]
    answer = await register.call("GET", f"imports/{found['import_id']}/verdicts", "officer.1311")
    assert answer.status_code == 404


async def test_a_watcher_hears_of_every_step_and_then_the_end(register: Register):
    answer = await register.upload(book(*(row(number) for number in range(2300, 2310))))
    import_id = answer.json()["import_id"]
    await register.run_jobs()
    told = await register.call("GET", f"imports/{import_id}/events")
    assert told.headers["content-type"].startswith("text/event-stream")
    name, data = told.text.strip().split("\n")
    assert name == "event: end"
    assert json.loads(data.removeprefix("data: ")) | {"counts": None} == {
        "state": "previewed", "rows_done": 10, "rows_total": 10, "counts": None,
    }  # fmt: skip
    assert (await register.call("GET", f"imports/{import_id}/events", "officer.1311")).status_code == 404

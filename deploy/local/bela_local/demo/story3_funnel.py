"""Story 3: from the regency's spreadsheet to sellers one can count (Solok Selatan)."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

from bela_local.demo import story3_onboarding
from bela_local.demo.api import Api, Json, set_clock, wait_until
from bela_local.demo.telling import expect, say, table, title
from bela_local.layout import ROOT

WIB = timezone(timedelta(hours=7))
REGION = "1311"
OFFICER = f"koperindag_officer.{REGION}"
WORKBOOK = ROOT / "tests" / "data" / "make_workbook.py"
VERDICTS = {"new": 9_782, "duplicate": 402, "rejected": 80}


def play(api: Api) -> None:
    """Upload the workbook, look at the verdicts, commit, and show the funnel."""
    title("Cerita 3. Dari lembar kerja ke penjual: 10.264 baris dari Dinas Koperindag Solok Selatan")
    set_clock(api, REGION, datetime(2026, 3, 2, 8, tzinfo=WIB))
    imports = f"/vendor/v1/regions/{REGION}/imports"
    began = time.monotonic()
    job = api.upload(imports, OFFICER, _workbook(), "umkm-2026.xlsx")
    path = f"{imports}/{job['import_id']}"
    if job["state"] == "committed":
        say(f"Berkas yang sama sudah diimpor ({job['filename']}): tidak ada yang berubah.")
    else:
        job = _wait(api, path, {"previewed"}, "previewed")
        say(f"Dibaca dan diperiksa dalam {time.monotonic() - began:.1f} detik; setiap baris mendapat satu putusan:")
        _show(api, path, job)
        api.post(f"{path}:commit", OFFICER)
        job = _wait(api, path, {"committed"}, "committed")
        say(f"Tersimpan {time.monotonic() - began:.1f} detik setelah unggahan dimulai.")
    for verdict, count in VERDICTS.items():
        expect(job["counts"].get(verdict, 0) == count, f"{count} rows are {verdict}: {job['counts']}")
    _again(api, imports, job)
    path = f"/reporting/v1/regions/{REGION}/funnel"
    wait_until(lambda: api.get(path)["total"]["collected"] >= VERDICTS["new"], "the funnel counts every row")
    story3_onboarding.play(api)


def _workbook() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "umkm.xlsx"
        subprocess.run([sys.executable, str(WORKBOOK), "--out", str(path)], check=True, stdout=subprocess.DEVNULL)
        return path.read_bytes()


def _wait(api: Api, path: str, states: set[str], what: str) -> Json:
    found: Json = {}

    def reached() -> bool:
        found.update(api.get(path, OFFICER))
        expect(found["state"] not in {"failed", "discarded"}, f"the import is {found['state']}: {found.get('failure')}")
        return found["state"] in states

    wait_until(reached, what)
    return found


def _show(api: Api, path: str, job: Json) -> None:
    table(("putusan", "baris"), job["counts"].items())
    for row in api.get(f"{path}/rows", OFFICER, verdict="rejected", page_size=3)["rows"]:
        reasons = "; ".join(f"{each['field']}: {each['message']}" for each in row["reasons"])
        say(f"baris {row['sheet_row']} ditolak: {reasons}")


def _again(api: Api, imports: str, job: Json) -> None:
    same = api.upload(imports, OFFICER, _workbook(), "umkm-2026-salinan.xlsx")
    expect(same["import_id"] == job["import_id"], "the same file answers with the first import")
    say("Berkas yang sama diunggah lagi: impor yang pertama dijawabkan, tidak ada yang ganda.")

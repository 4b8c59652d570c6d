"""Story 3 of the specification: 10,264 rows of a spreadsheet, through the public entry, with exact counts."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from bela_local.demo.api import Api, Json, set_clock, wait_until

from .play import at

REGION = "1311"
OFFICER = f"koperindag_officer.{REGION}"
IMPORTS = f"/vendor/v1/regions/{REGION}/imports"
COUNTS = {"new": 9_782, "duplicate": 402, "rejected": 80, "update": 0, "possible_duplicate": 0, "with_warnings": 180}


@dataclass(frozen=True)
class Files:
    """The same table twice."""

    xlsx: bytes
    csv: bytes


@pytest.fixture(scope="module")
def files(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The workbook and the same table as CSV."""
    sys.path.insert(0, str(repository / "tests" / "data"))
    try:
        import make_workbook
    finally:
        sys.path.pop(0)
    folder = tmp_path_factory.mktemp("workbook")
    rows = make_workbook.make_rows(make_workbook.STORY_ROWS, REGION, 2026)
    sheet, merged = make_workbook.table(rows, REGION)
    make_workbook.write_xlsx(folder / "umkm.xlsx", sheet, merged)
    make_workbook.write_csv(folder / "umkm.csv", sheet)
    return Files((folder / "umkm.xlsx").read_bytes(), (folder / "umkm.csv").read_bytes())


def _previewed(api: Api, content: bytes, filename: str) -> Json:
    job = api.upload(IMPORTS, OFFICER, content, filename)
    return _reached(api, job["import_id"], "previewed")


def _reached(api: Api, import_id: str, state: str) -> Json:
    found: dict[str, Any] = {}

    def there() -> bool:
        found.update(api.get(f"{IMPORTS}/{import_id}", OFFICER))
        assert found["state"] != "failed", found
        return bool(found["state"] == state)

    wait_until(there, state)
    return found


@pytest.fixture(scope="module")
def imported(api: Api, files: Files) -> dict[str, Json]:
    """The CSV looked at and given up, the workbook committed, the CSV looked at again."""
    set_clock(api, REGION, at(2026, 3, 2))
    csv = _previewed(api, files.csv, "umkm.csv")
    api.post(f"{IMPORTS}/{csv['import_id']}:discard", OFFICER)
    workbook = _previewed(api, files.xlsx, "umkm.xlsx")
    api.post(f"{IMPORTS}/{workbook['import_id']}:commit", OFFICER)
    committed = _reached(api, workbook["import_id"], "committed")
    return {"csv": csv, "committed": committed, "csv_again": _previewed(api, files.csv, "umkm.csv")}


def test_every_row_of_the_workbook_gets_its_verdict(imported: dict[str, Json]) -> None:
    assert imported["committed"]["counts"] == COUNTS
    assert imported["committed"]["progress"] == {"rows_total": 10_264, "rows_done": 10_264}


def test_the_same_table_as_csv_gets_the_same_verdicts(imported: dict[str, Json]) -> None:
    assert imported["csv"]["counts"] == COUNTS


def test_after_the_commit_the_csv_brings_nothing_new(imported: dict[str, Json]) -> None:
    again = imported["csv_again"]
    assert again["import_id"] != imported["csv"]["import_id"], "a discarded import frees its file"
    counts = again["counts"]
    # Businesses without any number go to a person; owners whose two rows contradict each other show as updates.
    known = counts["duplicate"] + counts["update"] + counts["possible_duplicate"]
    assert (counts["new"], counts["rejected"], known) == (0, 80, 9_782 + 402)
    assert counts["update"] + counts["possible_duplicate"] < 100


def test_the_same_workbook_answers_with_the_first_import(api: Api, imported: dict[str, Json], files: Files) -> None:
    same = api.upload(IMPORTS, OFFICER, files.xlsx, "salinan.xlsx")
    assert (same["import_id"], same["state"]) == (imported["committed"]["import_id"], "committed")


def test_the_funnel_counts_every_business_in_both_services(api: Api, imported: dict[str, Json]) -> None:
    path = f"/reporting/v1/regions/{REGION}/funnel"
    wait_until(lambda: api.get(path)["total"]["collected"] >= 9_782, "the funnel")
    told = api.get(path)
    assert told["total"]["collected"] == 9_782 == sum(row["collected"] for row in told["districts"])
    assert len(told["districts"]) == 7
    own = api.get(f"/vendor/v1/regions/{REGION}/funnel", OFFICER)
    assert "9782" in str(own)

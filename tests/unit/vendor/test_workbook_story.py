"""The generated workbook, smaller, through reading and judging without a database: every row's verdict is known."""

import csv
import gzip
import importlib.util
import json
import sys
from datetime import date
from pathlib import Path

import pytest
from bela_kit.crypto import FieldCipher
from vendor_service.adapters.row_keys import SealedRowKeys
from vendor_service.adapters.sealing import Sealer
from vendor_service.adapters.workbooks.child import read
from vendor_service.application.imports.judging import Judge
from vendor_service.application.imports.ports import SheetRow
from vendor_service.domain.areas import Area, AreaIndex
from vendor_service.domain.imports.dedupe import Register
from vendor_service.domain.imports.row import ParsedRow

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def maker():
    spec = importlib.util.spec_from_file_location("make_workbook", ROOT / "tests" / "data" / "make_workbook.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_workbook"] = module
    spec.loader.exec_module(module)
    return module


def areas_of(region: str) -> AreaIndex:
    with gzip.open(ROOT / "reference" / "areas.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return AreaIndex(region, [Area(*row[:4]) for row in csv.reader(file) if row[0].startswith(region)])


@pytest.mark.parametrize(
    ("name", "region", "seed"),
    [("a.xlsx", "1311", 2026), ("a.csv", "1311", 2026), ("b.xlsx", "3510", 7), ("c.csv", "6112", 3)],
)
def test_every_row_becomes_what_it_was_made_to_be(maker, tmp_path, name, region, seed):
    path = tmp_path / name
    wanted = maker.make(path, rows=800, region=region, seed=seed)
    rows = [
        SheetRow(line[0], line[1], line[2], ParsedRow(*line[3:]))
        for frame in read(path.read_bytes(), areas_of(region), date(2026, 3, 2))
        if frame[0] == "rows"
        for line in frame[1]
    ]
    judge = Judge(region, Register(), SealedRowKeys(Sealer(FieldCipher(bytes(32)))))
    judged = [one.judged for one in judge.decide(judge.compare(rows), {}, {row.number: row.parsed for row in rows})]
    wrong = [
        (want, one.verdict, one.warnings)
        for want, one in zip(wanted["per_row"], judged, strict=True)
        if want[1] != one.verdict or (want[1] == "new" and want[2] != [field for field, _ in one.warnings])
    ]
    assert wrong == []


def test_the_same_seed_makes_the_same_bytes(maker, tmp_path):
    for name in ("one.xlsx", "two.xlsx"):
        maker.make(tmp_path / name, rows=50)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    assert json.loads((tmp_path / "one.xlsx.expected.json").read_text())["rows"] == 50

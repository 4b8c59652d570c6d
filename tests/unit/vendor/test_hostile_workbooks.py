"""Real kinds of government workbooks through the reader: every row becomes exactly what is written beside it."""

import csv
import gzip
import importlib.util
import sys
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest
from vendor_service.adapters.workbooks.child import read
from vendor_service.domain.areas import Area, AreaIndex
from vendor_service.domain.errors import WorkbookRefused
from vendor_service.domain.imports.mapping import ReadOptions
from vendor_service.domain.imports.messages import sentence

ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 3, 2)
_OWNER = {"owner": "name", "nik": "nik", "kk": "kk", "birth_date": "birth_date", "sex": "sex"}


def _hostile():
    spec = importlib.util.spec_from_file_location("hostile_workbooks", ROOT / "tests" / "data" / "hostile_workbooks.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["hostile_workbooks"] = module
    spec.loader.exec_module(module)
    return module


hostile = _hostile()


@lru_cache(maxsize=2)
def areas_of(region: str) -> AreaIndex:
    with gzip.open(ROOT / "reference" / "areas.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return AreaIndex(region, [Area(*row[:4]) for row in csv.reader(file) if row[0].startswith(region)])


def frames_of(case):
    return list(read(case.content, areas_of(case.region), TODAY, ReadOptions(sheets=case.sheets)))


def value_of(line, name):
    profile, private, owners = line[3:6]
    if name in _OWNER:
        return owners[0].get(_OWNER[name]) if owners else None
    return {**profile, **private}.get(name)


@pytest.mark.parametrize("case", hostile.cases(), ids=lambda case: case.filename)
def test_every_row_of_a_government_workbook_becomes_what_it_is(case):
    frames = frames_of(case)
    lines = [line for frame in frames if frame[0] == "rows" for line in frame[1]]
    assert len(lines) == len(case.rows)
    for number, (line, want) in enumerate(zip(lines, case.rows, strict=True), start=1):
        got = {name: value_of(line, name) for name in want.values}
        assert (number, got) == (number, want.values)
        assert (number, {f"{column}:{code}" for column, code in line[6]}) == (number, want.warnings)
        assert (number, {f"{column}:{code}" for column, code in line[7]}) == (number, want.rejections)
    end = frames[-1]
    assert (end[0], end[1]) == ("end", len(case.rows))
    assert tuple(end[2]) == case.skipped_sheets
    assert tuple(end[3]) == case.hidden
    counted = {kind: count for kind, count in end[4].items() if kind not in {"blank", "numbering"}}
    assert counted == case.skipped


@pytest.mark.parametrize("case", hostile.refused(), ids=lambda case: case.filename)
def test_a_spoilt_file_is_refused_as_a_whole_and_says_why(case):
    with pytest.raises(WorkbookRefused) as caught:
        frames_of(case)
    assert caught.value.code == case.refusal
    assert str(caught.value.detail).endswith(".")
    if case.columns_seen:
        assert tuple(caught.value.columns_seen) == case.columns_seen


@pytest.mark.parametrize("case", hostile.cases(), ids=lambda case: case.filename)
def test_every_doubt_has_a_sentence(case):
    codes = {
        code for frame in frames_of(case) if frame[0] == "rows" for line in frame[1] for _, code in (*line[6], *line[7])
    }
    assert [code for code in codes if sentence(code) == code or "{" in sentence(code)] == []


@pytest.mark.parametrize("case", hostile.cases(), ids=lambda case: case.filename)
def test_what_a_doubtful_cell_held_is_kept_beside_the_row(case):
    lines = [line for frame in frames_of(case) if frame[0] == "rows" for line in frame[1]]
    for line in lines:
        doubted = {column for column, _ in (*line[6], *line[7])}
        assert set(line[8]) <= doubted


def test_the_files_are_the_same_every_time():
    assert [case.content for case in hostile.tables_as_text()] == [case.content for case in hostile.tables_as_text()]
    first, second = hostile.money(), hostile.money()
    assert [one.values for one in first.rows] == [one.values for one in second.rows]

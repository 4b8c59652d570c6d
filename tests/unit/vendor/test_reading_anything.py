"""Whatever stands in a file, reading it ends in rows or in a refusal with a reason, never in a crash."""

import csv
import gzip
import io
import zipfile
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vendor_service.adapters.workbooks.child import read
from vendor_service.domain.areas import Area, AreaIndex
from vendor_service.domain.errors import WorkbookRefused
from vendor_service.domain.imports.body import FILLED_DOWN, TableBody
from vendor_service.domain.imports.columns import ACCEPTED
from vendor_service.domain.imports.header import find_header
from vendor_service.domain.imports.row import ParsedRow, RowParser

ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 3, 2)
COLUMNS = {name: place for place, name in enumerate(ACCEPTED)}
WORDS = st.sampled_from(
    ["-", "Rp 1.500.000,-", "± 1 - 2 jt", "< 2M", "mikro", "17-08-45", "JUMLAH", "Kec. Muncar", "Tamansari", "#REF!",
     "3,51E+15", "0812 / 0813", "Alm. Karto", "\n", "’3510165708450001", "NIB", "Licin", "2 juta", "∞", "１２３", "٣٤",
     "²³", "0x10", "1e400", "12" * 300, "," * 40, "dan dan", "H. , S.E.", "KECAMATAN LICIN", "(((", "%s{}", "\x00"]
)  # fmt: skip
CELLS = st.one_of(
    st.none(), WORDS, st.text(max_size=30), st.integers(), st.floats(), st.booleans(), st.dates(),
    st.datetimes(), st.times(), st.timedeltas(),
)  # fmt: skip


@lru_cache(maxsize=1)
def areas() -> AreaIndex:
    with gzip.open(ROOT / "reference" / "areas.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return AreaIndex("3510", [Area(*row[:4]) for row in csv.reader(file) if row[0].startswith("3510")])


@lru_cache(maxsize=1)
def parser() -> RowParser:
    return RowParser(COLUMNS, areas(), TODAY, {"modal": 10**6})


def plain(value) -> bool:
    """Say whether a value travels between processes and can be stored: texts, whole numbers, nothing else."""
    return type(value) in (str, int) and (type(value) is not str or value == value.encode("utf-8").decode("utf-8"))


@given(st.lists(CELLS, max_size=len(COLUMNS) + 3))
@settings(max_examples=300)
def test_no_row_breaks_the_parser(cells):
    row = parser().parse(cells)
    assert isinstance(row, ParsedRow)
    values = [*row.profile.values(), *row.private.values(), *(value for one in row.owners for value in one.values())]
    assert all(map(plain, values))
    assert all(code and column in ACCEPTED for column, code in (*row.warnings, *row.rejections))
    if not row.rejections:
        assert row.profile["name"]
        assert row.profile["district_code"].startswith("3510")
        assert row.owners


@given(st.lists(st.lists(CELLS, max_size=12), max_size=12), st.lists(st.tuples(*[st.integers(0, 14)] * 4), max_size=5))
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_no_table_breaks_the_body_and_no_row_is_lost_uncounted(rows, merges):
    head = [
        "No",
        "Nama Usaha",
        "Nama Pemilik",
        "NIK",
        "Alamat",
        "Desa",
        "Kecamatan",
        "Produk",
        "Kelompok",
        "Koordinator",
    ]
    header = find_header([head])
    assert header is not None
    body = TableBody(header, areas(), merges, "Lembar")
    numbered = [(number, cells, None) for number, cells in enumerate(rows, start=2)]
    found = list(body.rows(numbered[:4], numbered[4:]))
    assert len(found) + sum(body.skipped.values()) == len(rows)
    filled = {header.columns[name] for name in FILLED_DOWN}
    for number, cells, _, _ in found:
        for place, cell in enumerate(rows[number - 2]):
            if place not in filled:
                assert cells[place] is cell


@given(st.binary(max_size=400))
@settings(max_examples=200)
def test_no_bytes_break_the_reader(content):
    for start in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"nama usaha;pemilik;alamat;desa;produk\n"):
        try:
            list(read(start + content, areas(), TODAY))
        except WorkbookRefused as refusal:
            assert refusal.code.isupper()


def workbook() -> bytes:
    made = openpyxl.Workbook()
    made.active.append(["Nama Usaha", "Nama Pemilik", "NIK", "Alamat", "Desa", "Kecamatan", "Produk"])
    for number in range(40):
        made.active.append([f"Warung {number}", "Siti", "3510165708450001", "Jl. 1", "Tembokrejo", "Muncar", "Nasi"])
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


@given(st.sampled_from(["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"]),
       st.integers(0, 5000), st.binary(min_size=1, max_size=6))  # fmt: skip
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_a_workbook_with_damaged_parts_is_read_or_refused(part, at, noise):
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(stream, "w") as new:
        for entry in old.infolist():
            text = old.read(entry)
            if entry.filename == part:
                place = at % len(text)
                text = text[:place] + noise + text[place + len(noise) :]
            new.writestr(entry.filename, text)
    try:
        list(read(stream.getvalue(), areas(), TODAY))
    except WorkbookRefused as refusal:
        assert refusal.code.isupper()


@pytest.mark.parametrize("cell", [datetime(1985, 8, 17), time(8, 30), timedelta(days=2), True, 10**400, float("inf")])
def test_a_cell_of_any_kind_is_shown_beside_its_doubt(cell):
    row = parser().parse([cell] * len(COLUMNS))
    assert set(row.raw) <= {column for column, _ in (*row.warnings, *row.rejections)}
    assert all(len(text) <= 100 for text in row.raw.values())

"""How the columns of a table are understood, and what an officer may decide about them."""

import csv
import gzip
import io
from datetime import date
from pathlib import Path

import pytest
from vendor_service.adapters.workbooks.child import read
from vendor_service.domain.areas import Area, AreaIndex
from vendor_service.domain.errors import WorkbookRefused
from vendor_service.domain.imports.columns import column_of, meaning_of
from vendor_service.domain.imports.header import find_header
from vendor_service.domain.imports.mapping import HeaderMapping, ReadOptions, Understood, fingerprint

ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 3, 2)
HEADER = ["Nama Usaha", "Pemilik", "Alamat", "Desa", "Kecamatan", "Produk Utama"]
ROW = ["Warung Siti", "Siti Aminah", "Jl. 7", "Tembokrejo", "Muncar", "Nasi kotak"]


@pytest.fixture(scope="module")
def areas() -> AreaIndex:
    with gzip.open(ROOT / "reference" / "areas.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return AreaIndex("3510", [Area(*row[:4]) for row in csv.reader(file) if row[0].startswith("3510")])


def table(*rows) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";").writerows(rows)
    return stream.getvalue().encode()


def frames(areas, content, **chosen):
    mapping = HeaderMapping.of_headers(chosen.pop("mapping", {}))
    return list(read(content, areas, TODAY, ReadOptions(mapping=mapping, **chosen)))


@pytest.mark.parametrize(
    ("text", "column", "least", "most"),
    [
        ("NAMA USAHA", "nama_usaha", 100, 100),
        ("Nama Pelaku Usaha *)", "nama_pemilik", 100, 100),
        ("No. HP Pemilik", "no_hp", 90, 90),
        ("Produk Utma", "produk_utama", 86, 99),
        ("Alamt Usaha", "alamat", 86, 99),
        ("Jumlah Tenaga Kerja\nLaki-laki", "tk_laki", 90, 90),
        ("Omset per Bulan", "omzet_bulanan", 100, 100),
        ("Omset per Tahun (Rp)", "omzet_tahunan", 100, 100),
    ],
)
def test_a_header_is_understood_with_a_confidence(text, column, least, most):
    found = meaning_of(text, fuzzy=True)
    assert found is not None
    assert found.column == column
    assert least <= found.confidence <= most


@pytest.mark.parametrize("text", ["Zodiak", "Nama Ibu Kandung", "Tanda Tangan", "", "Foto KTP", "Nama Petugas Pos"])
def test_a_header_that_means_nothing_is_not_guessed(text):
    assert column_of(text, fuzzy=True) is None


def test_every_column_of_a_table_is_reported_with_its_confidence(areas):
    header = [*HEADER[:5], "Produk Utma", "Zodiak"]
    layout = frames(areas, table(header, [*ROW, "Leo"]))[0]
    assert [(one[0], one[1], one[3], one[5]) for one in layout[4]] == [
        (0, "Nama Usaha", "nama_usaha", "exact"), (1, "Pemilik", "nama_pemilik", "exact"),
        (2, "Alamat", "alamat", "exact"), (3, "Desa", "desa_kelurahan", "exact"),
        (4, "Kecamatan", "kecamatan", "exact"),
        (5, "Produk Utma", "produk_utama", "similar"), (6, "Zodiak", None, "not_at_all"),
    ]  # fmt: skip
    assert layout[4][5][4] < 100
    assert layout[3] == ["Zodiak"]


def test_the_officer_decides_what_a_header_means(areas):
    header = [*HEADER[:5], "Barang Dagangan", "Keterangan"]
    content = table(header, [*ROW, "Kopi bubuk"])
    with pytest.raises(WorkbookRefused) as caught:
        frames(areas, content)
    assert caught.value.code == "REQUIRED_COLUMNS_MISSING"
    found = frames(areas, content, mapping={"BARANG DAGANGAN": "produk_utama", "keterangan": None})
    assert found[1][1][0][3]["main_product"] == "Nasi kotak"
    assert "note" not in found[1][1][0][3]
    assert [one[5] for one in found[0][4]][-2:] == ["chosen", "chosen"]


def test_a_decision_goes_before_what_the_reader_understands(areas):
    header = [*HEADER, "Produk"]
    content = table(header, [*ROW, "Kopi bubuk"])
    found = frames(areas, content, mapping={"Produk": "produk_utama"})
    assert found[1][1][0][3]["main_product"] == "Kopi bubuk"
    assert found[0][3] == ["Produk Utama"]


def test_a_decision_holds_when_columns_move(areas):
    mapping = {"Barang": "produk_utama"}
    moved = table(["Barang *)", *HEADER[:5]], ["Kopi", *ROW[:5]])
    assert frames(areas, moved, mapping=mapping)[1][1][0][3]["main_product"] == "Kopi"


def test_two_columns_of_one_name_can_be_told_apart(areas):
    header = [*HEADER, "Lainnya", "Lainnya"]
    content = table(header, [*ROW, "binaan", "@warung"])
    found = frames(areas, content, mapping={"lainnya": "keterangan", "lainnya 2": "medsos"})
    profile = found[1][1][0][3]
    assert (profile["note"], profile["social_media"]) == ("binaan", "@warung")


def test_the_more_exact_of_two_headers_wins():
    header = find_header([["Nama Usaha", "Pemilik", "Alamat Rumah", "Alamat Usaha", "Desa", "Produk"]])
    assert header is not None
    assert header.columns["alamat"] == 3
    assert [one.header for one in header.headers if one.how is Understood.NOT_AT_ALL] == ["Alamat Rumah"]


def test_a_name_under_a_group_is_read_as_people_say_it():
    top = ["DATA PEMILIK", None, "DATA USAHA", None, None, None]
    low = ["NAMA", "ALAMAT", "NAMA", "ALAMAT", "DESA", "PRODUK"]
    header = find_header([top, low, ["Siti", "Jl. 1", "Warung", "Jl. 2", "Muncar", "Nasi"]])
    assert header is not None
    assert header.columns["nama_pemilik"] == 0
    assert header.columns["nama_usaha"] == 2
    assert header.columns["alamat"] == 3
    assert header.first_row == 2


def test_a_row_of_data_is_never_taken_for_a_part_of_the_header():
    header = find_header([[*HEADER, "Akun"], [*ROW, "Instagram"], [*ROW, "Facebook"]])
    assert header is not None
    assert header.first_row == 1


def test_a_fingerprint_is_that_of_the_kind_of_list(areas):
    first = frames(areas, table(HEADER, ROW))[0][5]
    again = frames(areas, table(["DATA"], [*reversed(HEADER)], [*reversed(ROW)]))[0][5]
    other = frames(areas, table([*HEADER, "Zodiak"], [*ROW, "Leo"]))[0][5]
    assert first == again == fingerprint(["nama usaha", "pemilik", "alamat", "desa", "kecamatan", "produk utama"])
    assert other != first
    assert len(first) == 32


def test_a_mapping_says_what_is_wrong_with_it():
    mapping = HeaderMapping({"a": "nama_usaha", "b": "nama_usaha", "c": "bukan_kolom", "d": None})
    assert mapping.unknown_columns() == ("bukan_kolom",)
    assert mapping.twice() == ("nama_usaha",)


def test_later_decisions_go_over_earlier_ones():
    saved = HeaderMapping({"barang": "produk_utama", "lain": "keterangan"})
    merged = saved.with_changes(HeaderMapping({"dagangan": "produk_utama", "lain": None}))
    assert dict(merged.columns) == {"dagangan": "produk_utama", "lain": None}

"""Small workbooks as people make them: each shows one kind of dirt, built here cell by cell."""

import csv
import gzip
import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from vendor_service.adapters.workbooks import child as workbook_child
from vendor_service.adapters.workbooks import process as workbook_process
from vendor_service.adapters.workbooks.child import read
from vendor_service.domain.areas import Area, AreaIndex
from vendor_service.domain.errors import WorkbookRefused
from vendor_service.domain.imports.mapping import NO_OPTIONS

TODAY = date(2026, 3, 2)
SEED = Path(__file__).resolve().parents[3] / "reference" / "areas.csv.gz"
NIK = "3510165708850001"
HEADER = ["No", "Nama Usaha", "Nama Pemilik", "NIK", "Alamat", "Desa/Kelurahan", "Kecamatan", "Produk Utama", "No HP"]
GOOD = [1, "Warung Siti", "Siti Aminah", NIK, "Jl. Pelabuhan 7", "Tembokrejo", "Muncar", "Nasi kotak", "081234567890"]


@pytest.fixture(scope="module")
def areas() -> AreaIndex:
    with gzip.open(SEED, "rt", encoding="utf-8", newline="") as file:
        return AreaIndex("3510", [Area(*row[:4]) for row in csv.reader(file) if row[0].startswith("3510")])


class Read:
    """What came out of a file."""

    def __init__(self, content: bytes, areas: AreaIndex) -> None:
        self.layouts, self.rows, self.end = [], [], None
        for frame in read(content, areas, TODAY):
            if frame[0] == "layout":
                self.layouts.append(frame[1:])
            elif frame[0] == "rows":
                self.rows += frame[1]
            else:
                self.end = frame

    @property
    def names(self):
        return [row[3].get("name") for row in self.rows]

    def warnings(self, place=0):
        return [tuple(one) for one in self.rows[place][6]]

    def rejections(self, place=0):
        return [tuple(one) for one in self.rows[place][7]]


def xlsx(*rows, sheets=None, hidden=(), merge=()) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in (sheets or {"Data": rows}).items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
        for span in merge:
            sheet.merge_cells(span)
        if name in hidden:
            sheet.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def changed(**cells):
    row = list(GOOD)
    for name, value in cells.items():
        row[HEADER.index(name.replace("_", " ")) if name != "Desa" else 5] = value
    return row


def refused(content: bytes, areas: AreaIndex) -> WorkbookRefused:
    with pytest.raises(WorkbookRefused) as caught:
        Read(content, areas)
    return caught.value


def test_a_plain_table_is_read(areas):
    found = Read(xlsx(HEADER, GOOD), areas)
    assert found.warnings() == []
    assert found.rejections() == []
    profile, private, owners = found.rows[0][3:6]
    assert (profile["district_code"], profile["village_code"][:6]) == ("351005", "351005")
    assert private["phone"] == "+6281234567890"
    assert owners[0]["nik"] == NIK
    assert owners[0]["sex"] == "P"


def test_a_title_block_stands_above_the_header(areas):
    title = [["PEMERINTAH KABUPATEN BANYUWANGI"], ["DATA UMKM TAHUN 2025"], [], ["Kecamatan:", "Muncar"]]
    found = Read(xlsx(*title, HEADER, GOOD), areas)
    assert found.names == ["Warung Siti"]
    assert found.rows[0][2] == 6


def test_a_header_of_two_rows_with_merged_pairs(areas):
    top = ["No", "Nama Usaha", "PEMILIK", None, "ALAMAT USAHA", None, None, "Produk\nUtama"]
    low = [None, None, "NAMA", "NIK", "JALAN", "DESA", "KECAMATAN", None]
    content = xlsx(top, low, GOOD[:8], merge=("C1:D1", "E1:G1", "A1:A2", "B1:B2", "H1:H2"))
    found = Read(content, areas)
    assert found.names == ["Warung Siti"]
    assert found.rows[0][5][0] == {**found.rows[0][5][0], "name": "Siti Aminah", "nik": NIK}
    assert found.rejections() == []


def test_a_row_that_numbers_the_columns_is_no_data(areas):
    found = Read(xlsx(HEADER, [f"({place})" for place in range(1, 10)], GOOD), areas)
    assert found.names == ["Warung Siti"]


def test_totals_blank_rows_and_repeated_headers_are_no_data(areas):
    rows = [HEADER, GOOD, [None, "SUB JUMLAH", None, None, 17], [], [2], HEADER, changed(Nama_Usaha="Penjahit Ana"),
            ["JUMLAH", 2], [None, "Total", None, 99]]  # fmt: skip
    assert Read(xlsx(*rows), areas).names == ["Warung Siti", "Penjahit Ana"]


def test_a_place_alone_in_a_row_stands_for_the_rows_below_it(areas):
    place = [None] * len(HEADER)
    place[5:7] = "Tamansari", "Licin"
    second = [None] * len(HEADER)
    second[6] = "Muncar"
    rows = [place, changed(Desa=None, Kecamatan=None), changed(Desa="Tamansari", Kecamatan=None), second,
            changed(Desa="Kedungrejo", Kecamatan=None)]  # fmt: skip
    found = Read(xlsx(HEADER, *rows), areas)
    assert [row[3]["village_code"] for row in found.rows] == ["3510242008", "3510242008", "3510052002"]
    assert [found.warnings(place) for place in range(3)] == [[], [], []]
    assert found.end[4] == {"sections": 2}


def test_a_business_that_is_called_total_is_data(areas):
    assert Read(xlsx(HEADER, changed(Nama_Usaha="Total Jaya Motor")), areas).names == ["Total Jaya Motor"]


def test_synonyms_and_misspelt_headers_are_understood(areas):
    header = [
        "NO.",
        "NAMA UMKM *)",
        "Nama Pelaku Usaha",
        "No. KTP",
        "Alamat Lengkap",
        "Kelurahan/Desa",
        "Kec.",
        "Produk Utma",
        "Telp/HP",
    ]
    found = Read(xlsx(header, GOOD), areas)
    assert set(found.layouts[0][1]) >= {
        "nama_usaha",
        "nama_pemilik",
        "nik",
        "alamat",
        "kecamatan",
        "produk_utama",
        "no_hp",
    }
    assert found.rejections() == []


def test_columns_that_mean_nothing_are_listed(areas):
    assert Read(xlsx([*HEADER, "Zodiak"], [*GOOD, "Leo"]), areas).layouts[0][2] == ["Zodiak"]


@pytest.mark.parametrize(
    ("nik", "warnings", "value"),
    [
        (3510165708850000, [("nik", "ROUNDED_NUMBER")], None),
        ("3,51017E+15", [("nik", "ROUNDED_NUMBER")], None),
        ("'" + NIK, [], NIK),
        ("’" + NIK, [], NIK),
        ("351016570885001", [("nik", "WRONG_LENGTH")], None),
        ("35101657088500011", [("nik", "WRONG_LENGTH")], None),
        (0, [], None),
        ("-", [], None),
        (NIK + " / 3510161708450001", [("nik", "SEVERAL_VALUES")], NIK),
    ],
)
def test_a_nik_is_taken_or_doubted_and_the_row_stays(areas, nik, warnings, value):
    found = Read(xlsx(HEADER, changed(NIK=nik)), areas)
    assert found.warnings() == warnings
    assert found.rejections() == []
    assert found.rows[0][5][0].get("nik") == value


def test_two_owners_in_a_cell_become_two_people(areas):
    found = Read(xlsx(HEADER, changed(Nama_Pemilik="Siti Aminah / Budi Santoso")), areas)
    assert [owner["name"] for owner in found.rows[0][5]] == ["Siti Aminah", "Budi Santoso"]
    assert found.warnings() == [("nama_pemilik", "SEVERAL_OWNERS")]
    assert "nik" not in found.rows[0][5][1]


@pytest.mark.parametrize("name", ["H. Ahmad, S.E.", "Dani Ramdani", "Andan Sari"])
def test_titles_and_names_with_dan_inside_stay_one_person(areas, name):
    assert len(Read(xlsx(HEADER, changed(Nama_Pemilik=name)), areas).rows[0][5]) == 1


@pytest.mark.parametrize("text", ["Kec. Muncar", "MUNCAR ", "kecamatan muncar"])
def test_a_kecamatan_in_usual_spellings_is_silent(areas, text):
    assert Read(xlsx(HEADER, changed(Kecamatan=text)), areas).warnings() == []


def test_a_kecamatan_in_the_old_spelling_is_guessed(areas):
    assert Read(xlsx(HEADER, changed(Kecamatan="Moentjar")), areas).warnings() == [("kecamatan", "DISTRICT_GUESSED")]


def test_a_missing_kecamatan_follows_from_a_desa_that_is_alone(areas):
    found = Read(xlsx(HEADER, changed(Kecamatan=None, Desa="Kedungrejo")), areas)
    assert found.warnings() in ([("kecamatan", "DISTRICT_DERIVED")], [])
    assert found.rejections() in ([], [("kecamatan", "REQUIRED")])


def test_an_unknown_desa_leaves_the_kecamatan(areas):
    found = Read(xlsx(HEADER, changed(Desa="Negeri Dongeng")), areas)
    assert found.warnings() == [("desa_kelurahan", "VILLAGE_UNKNOWN")]
    assert found.rows[0][3]["district_code"] == "351005"


@pytest.mark.parametrize("column", ["Nama_Usaha", "Nama_Pemilik", "Alamat", "Desa", "Produk_Utama"])
def test_a_row_without_what_makes_a_business_is_rejected(areas, column):
    assert [one[1] for one in Read(xlsx(HEADER, changed(**{column: None})), areas).rejections()] == ["REQUIRED"]


def test_nonsense_in_a_row_is_rejected_and_the_next_row_is_not(areas):
    found = Read(xlsx(HEADER, changed(Nama_Usaha="#####"), GOOD), areas)
    assert found.rejections(0) == [("nama_usaha", "NOT_A_NAME")]
    assert found.rejections(1) == []


def test_sql_and_html_are_text_like_any_other(areas):
    evil = "<script>alert(1)</script>'; DROP TABLE vendors; --"
    found = Read(xlsx(HEADER, changed(Nama_Usaha=evil)), areas)
    assert found.names == [evil]


def test_real_dates_serials_and_formulas_are_read(areas):
    header = [*HEADER, "Tanggal Lahir", "Omzet Tahunan"]
    rows = [[*GOOD, datetime(1985, 8, 17), "Rp 1.500.000,-"], [*GOOD, 31276, "=1000*2000"]]
    found = Read(xlsx(header, *rows), areas)
    assert [row[5][0]["birth_date"] for row in found.rows] == ["1985-08-17", "1985-08-17"]
    assert found.rows[0][3]["turnover_idr"] == 1_500_000


def test_hidden_sheets_are_not_read_and_others_are_named(areas):
    sheets = {"Backup": [HEADER, GOOD, GOOD], "Data": [HEADER, GOOD], "Rekap": [["Kecamatan", "Jumlah"], ["Muncar", 1]]}
    found = Read(xlsx(sheets=sheets, hidden=("Backup",)), areas)
    assert len(found.rows) == 1
    assert found.end[:4] == ("end", 1, ["Rekap"], ["Backup"])


def test_several_sheets_of_different_columns_are_one_import(areas):
    other = ["Produk", "Nama Usaha", "Pemilik", "Alamat", "Desa", "Kecamatan"]
    second = ["Kopi", "Kopi Ijen", "Ana", "Jl. 1", "Tembokrejo", "Muncar"]
    found = Read(xlsx(sheets={"Muncar": [HEADER, GOOD], "Lain": [other, second]}), areas)
    assert found.names == ["Warung Siti", "Kopi Ijen"]
    assert [row[0] for row in found.rows] == [1, 2]


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8-sig", ";"), ("utf-8", ","), ("cp1252", ";"), ("utf-16", "\t")]
)
def test_text_tables_are_read_in_the_encodings_of_excel(areas, encoding, delimiter):
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerows([HEADER, changed(Nama_Usaha="Café Été")])
    found = Read(stream.getvalue().encode(encoding), areas)
    assert found.names == ["Café Été"]
    assert found.rejections() == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "WORKBOOK_EMPTY"),
        (b" \r\n\x00", "WORKBOOK_EMPTY"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "WORKBOOK_IS_PDF"),
        (b"PK\x03\x04 not really an archive", "WORKBOOK_NOT_READABLE"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "WORKBOOK_NOT_READABLE"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "WORKBOOK_NOT_READABLE"),
        (b"<html><table><tr><td>Nama Usaha</td></tr></table></html>", "WORKBOOK_IS_HTML"),
        (b"satu;dua;tiga\n1;2;3\n", "HEADER_NOT_FOUND"),
        (b"nama usaha;nik;kecamatan;desa;kbli\nA;1;Muncar;B;1\n", "REQUIRED_COLUMNS_MISSING"),
        (";".join(HEADER).encode() + b"\n", "WORKBOOK_EMPTY"),
    ],
)
def test_a_file_that_is_no_table_is_refused_as_a_whole(areas, content, code):
    assert refused(content, areas).code == code


def test_a_refusal_shows_the_columns_that_were_seen(areas):
    assert refused(xlsx(["Apel", "Jeruk", "Pisang"], [1, 2, 3]), areas).columns_seen == ["Apel", "Jeruk", "Pisang"]


def test_a_workbook_cut_in_half_is_refused(areas):
    content = xlsx(HEADER, GOOD)
    assert refused(content[: len(content) // 2], areas).code == "WORKBOOK_NOT_READABLE"


def test_an_archive_that_bursts_is_refused_before_it_is_opened(areas):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(7):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", bytes(100 * 1024 * 1024))
    assert refused(stream.getvalue(), areas).code == "WORKBOOK_TOO_LARGE_UNPACKED"


def test_too_many_rows_are_refused(areas, monkeypatch):
    monkeypatch.setattr(workbook_child, "MAX_ROWS", 3)
    lines = "\n".join(";".join(map(str, GOOD)) for _ in range(5))
    assert refused(f"{';'.join(HEADER)}\n{lines}".encode(), areas).code == "TOO_MANY_ROWS"


def test_too_many_columns_are_refused(areas):
    assert refused(";".join(["x"] * 300).encode() + b"\n", areas).code == "TOO_MANY_COLUMNS"


def test_a_fault_of_the_reader_is_logged_by_its_place_and_never_by_what_it_says(areas, monkeypatch, caplog):
    def broken(*arguments):
        yield "layout", 1
        int("3510161708450001 x")

    monkeypatch.setattr(workbook_child, "read", broken)
    *_, last = workbook_child.answers(b"", areas, TODAY, NO_OPTIONS)
    assert last[:2] == ("broken", "ValueError")
    with pytest.raises(WorkbookRefused) as caught:
        workbook_process._decoded(last)
    assert caught.value.code == "WORKBOOK_NOT_READABLE"
    (record,) = caplog.records
    assert (record.error, record.place.partition(":")[0]) == ("ValueError", "test_workbooks.py")
    assert "3510161708450001" not in str(record.__dict__)

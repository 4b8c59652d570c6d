"""Workbooks as government offices really hand them over, each imitating one kind, with what every row must become.

Deterministic and written without any code of the importer. Places are those of Kabupaten Banyuwangi (3510) and Solok
Selatan (1311) in `reference/areas.csv.gz`; people and firms are invented.

    python tests/data/hostile_workbooks.py --out folder
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from hostile_cases import (
    KEDUNGREJO,
    LICIN,
    NIK,
    PLAIN,
    SRONO,
    SUMBERSARI,
    TEGALSARI,
    Case,
    Want,
    book,
    plain,
    text,
    want,
)
from hostile_refusals import refused


def recapitulation() -> Case:
    """A recapitulation with a title, a header of two rows, formulas for numbers and totals, and signatures."""
    top = ["NO", "NAMA\nUSAHA", "DATA PEMILIK", None, "ALAMAT USAHA", None, None, "PRODUK\nUTAMA", "TENAGA KERJA", None]
    low = [None, None, "NAMA", "NIK", "JALAN", "DESA /\nKELURAHAN", "KECAMATAN", None, "L", "P"]
    lines = [
        ["PEMERINTAH KABUPATEN BANYUWANGI"], ["DINAS KOPERASI, USAHA MIKRO DAN PERDAGANGAN"],
        ["REKAPITULASI DATA UMKM SE-KABUPATEN BANYUWANGI TAHUN 2025"], [],
        top, low, [f"({place})" for place in range(1, 11)],
        [1, "Warung Melati 1", "Siti Rohmah 1", plain(1)[2], "Jl. Satu", "Tembokrejo", "Muncar", "Nasi kotak", 1, 2],
        ["=A8+1", "Warung Melati 2", "Siti Rohmah 2", plain(2)[2], "Jl. Dua", "Kedungrejo", "Muncar", "Kue", 0, 3],
        [None, "SUB TOTAL", None, None, None, None, None, None, "=SUM(I8:I9)", "=SUM(J8:J9)"],
        ["=A9+1", "Warung Melati 3", "Siti Rohmah 3", plain(3)[2], "Jl. Tiga", "Sumbersari", "Srono", "Kopi", 2, 0],
        ["JUMLAH KESELURUHAN", None, None, None, None, None, None, None, "=SUM(I8:I11)", "=SUM(J8:J11)"],
        [], [None] * 7 + ["Banyuwangi, 12 Maret 2025"], [None] * 7 + ["KEPALA DINAS"], [None] * 7 + ["Drs. H. AMIN"],
    ]  # fmt: skip
    merge = ["A1:J1", "A2:J2", "A3:J3", "C5:D5", "E5:G5", "I5:J5", "A5:A6", "B5:B6", "H5:H6", "A12:H12"]
    content = book({"Rekap 2025": lines}, merge={"Rekap 2025": merge},
                   cached={"A9": 2, "A11": 3, "I10": 1, "J10": 5, "I12": 3, "J12": 5})  # fmt: skip
    rows = [
        want(1, phone=None, workers_male=1, workers_female=2, address="Jl. Satu"),
        want(2, phone=None, village_code=KEDUNGREJO, workers_male=0, workers_female=3),
        want(3, phone=None, village_code=SUMBERSARI, district_code=SRONO, workers_male=2),
    ]
    return Case("rekap.xlsx", content, rows, skipped={"totals": 2, "notes": 3})


def sheet_per_district() -> Case:
    """A sheet for each kecamatan, named after it and without a column for it, columns in different places."""
    header = ["No", "Nama UMKM", "Pemilik", "Alamat", "Kel/Desa", "Produk"]
    other = ["Produk yang Dihasilkan", "Nama Pelaku Usaha", "Nama Usaha/Merk", "Nama Desa", "Alamat Lengkap", "No. WA"]
    srono = ["Kopi", "Siti Rohmah 2", "Warung Melati 2", "Sumbersari", "Jl. B", "81234567802"]
    sheets: dict[str, list[list[Any]]] = {
        "Kec. Muncar": [header, [1, "Warung Melati 1", "Siti Rohmah 1", "Jl. A", "Tembokrejo", "Nasi"]],
        "SRONO": [["DATA UMKM"], other, srono],
        "Grafik": [["Kecamatan", "Jumlah"], ["Muncar", 1], ["Srono", 1]],
        "Backup 2023": [header, [1, "Warung Lama", "Pak Lama", "Jl. Z", "Tamansari", "Nasi"]],
    }
    # Both desa are alone in the regency, which says more than the name of a sheet.
    derived = "kecamatan:DISTRICT_DERIVED"
    rows = [
        want(1, derived, nik=None, phone=None),
        want(2, derived, nik=None, village_code=SUMBERSARI, district_code=SRONO),
    ]
    return Case("per kecamatan.xlsx", book(sheets, hidden=("Backup 2023",)), rows, hidden=("Backup 2023",),
                skipped_sheets=("Grafik",))  # fmt: skip


def hidden_sheet_chosen() -> Case:
    """The officer asks for the hidden sheet of a workbook, named after a kecamatan whose desa has a namesake."""
    header = ["Nama UMKM", "Pemilik", "Alamat", "Desa", "Produk"]
    sheets = {
        "Data": [PLAIN, plain(9)],
        "Licin": [header, ["Warung Melati 1", "Siti Rohmah 1", "Jl. Z", "Tamansari", "Nasi"]],
    }
    rows = [want(1, "kecamatan:DISTRICT_FROM_TITLE", nik=None, phone=None, village_code="3510242008",
                 district_code=LICIN)]  # fmt: skip
    return Case("arsip.xlsx", book(sheets, hidden=("Licin",)), rows, sheets=("Licin",), skipped_sheets=("Data",))


def merged_groups() -> Case:
    """Kecamatan, desa, group and coordinator merged over their members; a NIK and a phone merged too, by mistake."""
    header = [
        "Kecamatan",
        "Desa",
        "Kelompok",
        "Koordinator",
        "Nama Usaha",
        "Nama Pemilik",
        "NIK",
        "No HP",
        "Alamat",
        "Produk",
    ]
    nik, phone = plain(1)[2], plain(1)[7]
    lines = [
        header,
        ["Muncar", "Tembokrejo", "KUB Mina", "Bu Tin", "Warung Melati 1", "Siti Rohmah 1", nik, phone, "Jl. 1", "Abon"],
        [None, None, None, None, "Warung Melati 2", "Siti Rohmah 2", None, None, "Jl. 2", "Terasi"],
        [None, "Kedungrejo", None, None, "Warung Melati 3", "Siti Rohmah 3", None, None, "Jl. 3", "Petis"],
        ["Srono", "Sumbersari", None, None, "Warung Melati 4", "Siti Rohmah 4", None, None, "Jl. 4", "Kopi"],
    ]  # fmt: skip
    merge = {"Data": ["A2:A4", "B2:B3", "C2:C4", "D2:D4", "G2:G4", "H2:H4"]}
    note = "Kelompok: KUB Mina; Koordinator: Bu Tin"
    rows = [
        want(1, note=note),
        want(2, nik=None, phone=None, note=note),
        want(3, nik=None, phone=None, village_code=KEDUNGREJO, note=note),
        want(4, nik=None, phone=None, village_code=SUMBERSARI, district_code=SRONO, note=None),
    ]
    return Case("kelompok.xlsx", book({"Data": lines}, merge=merge), rows)


def written_once() -> Case:
    """The same without merged cells, as text: the place stands in the first row of each group only."""
    header = ["Kecamatan", "Desa", "Nama Usaha", "Nama Pemilik", "Alamat", "Produk Utama"]

    def line(number: int, district: str, village: str) -> list[str]:
        return [district, village, f"Warung Melati {number}", f"Siti Rohmah {number}", f"Jl. {number}", "Nasi"]

    lines = [line(1, "Kec. Tegalsari", "Tamansari"), line(2, "", ""), line(3, "", "Tamansari"), line(4, "", ""),
             line(5, "Kec. Licin", "Tamansari"), line(6, "", "")]  # fmt: skip
    district, village = "kecamatan:FILLED_FROM_ABOVE", "desa_kelurahan:FILLED_FROM_ABOVE"
    tegalsari = {"district_code": TEGALSARI, "village_code": "3510232003"}
    licin = {"district_code": LICIN, "village_code": "3510242008"}
    rows = [
        want(1, **tegalsari), want(2, f"{district} {village}", **tegalsari), want(3, district, **tegalsari),
        want(4, f"{district} {village}", **tegalsari), want(5, **licin), want(6, f"{district} {village}", **licin),
    ]  # fmt: skip
    for row in rows:
        row.values |= {"nik": None, "phone": None}
    return Case("sekali tulis.csv", text([header, *lines], ";", "cp1252"), rows)


def sections() -> Case:
    """Headings of kecamatan and desa between the rows, and the header again at each page break."""
    header = ["No", "Nama Usaha", "Nama Pemilik", "Alamat", "Desa", "Produk"]

    def line(number: int, village: str | None) -> list[Any]:
        return [number, f"Warung Melati {number}", f"Siti Rohmah {number}", f"Jl. {number}", village, "Nasi"]

    lines = [
        ["DAFTAR USAHA MIKRO"], header, ["I.", "KECAMATAN TEGALSARI"], line(1, "Tamansari"),
        ["II.", "KECAMATAN LICIN"], line(2, "Tamansari"), header, ["A.", "DESA TAMANSARI"], line(3, None),
        [None, "Jumlah", None, None, None, 3],
    ]  # fmt: skip
    licin = {"district_code": LICIN, "village_code": "3510242008", "nik": None, "phone": None}
    rows = [want(1, nik=None, phone=None, district_code=TEGALSARI, village_code="3510232003"), want(2, **licin),
            want(3, **licin)]  # fmt: skip
    return Case("per bagian.xlsx", book({"Data": lines}), rows, skipped={"sections": 3, "headers": 1, "totals": 1})


def spellings() -> Case:
    """One kecamatan in five spellings and in that of before 1972; one that has been split since."""
    cells = ["Muncar", "Kec. Muncar", "MUNCAR ", "kec.muncar", "Kecamatan  Muncar Kab. Banyuwangi", "Moentjar"]
    lines = [plain(number, Kecamatan=cell) for number, cell in enumerate(cells, start=1)]
    lines += [plain(7, Kecamatan="Rogojampi", Desa="Blimbingsari"), plain(8, Kecamatan="Sragen", Desa="Tembokrejo"),
              plain(9, Kecamatan="Sragen", Desa="Negeri Dongeng"), plain(10, Desa="Ds. Tembok Rejo"),
              plain(11, Desa="Negeri Dongeng"), plain(12, Kecamatan="35.10.05")]  # fmt: skip
    rows = [want(number) for number in range(1, 6)]
    rows += [
        want(6, "kecamatan:DISTRICT_GUESSED"),
        want(7, "kecamatan:DISTRICT_DIFFERS", district_code="351025", village_code="3510252001"),
        want(8, "kecamatan:DISTRICT_UNKNOWN kecamatan:DISTRICT_DERIVED"),
        want(9, "kecamatan:DISTRICT_UNKNOWN", "kecamatan:DISTRICT_UNKNOWN", district_code=None, village_code=None),
        want(10),
        want(11, "desa_kelurahan:VILLAGE_UNKNOWN", village_code=None),
        want(12),
    ]
    return Case("ejaan.xlsx", book({"Data": [PLAIN, *lines]}), rows)


def without_district() -> Case:
    """Kecamatan left empty: it follows from a desa that is alone, from the NIK, or the officer must choose."""
    lines = [
        plain(1), plain(2, Kecamatan=None, Desa="Kedungrejo"),
        plain(3, Kecamatan="-", Desa="Tamansari", NIK="3510245708850003"),
        plain(4, Kecamatan=None, Desa="Tamansari"), plain(5, Kecamatan=None, Desa="Negeri Dongeng"),
    ]  # fmt: skip
    rows = [
        want(1), want(2, "kecamatan:DISTRICT_DERIVED", village_code=KEDUNGREJO),
        want(3, "kecamatan:DISTRICT_DERIVED_FROM_NIK", nik="3510245708850003", district_code=LICIN,
             village_code="3510242008"),
        want(4, "kecamatan:DISTRICT_CHOICES:Tegalsari|Licin", "kecamatan:DISTRICT_AMBIGUOUS", district_code=None,
             village_code=None),
        want(5, "", "kecamatan:REQUIRED", district_code=None, village_code=None),
    ]  # fmt: skip
    return Case("tanpa kecamatan.xlsx", book({"Data": [PLAIN, *lines]}), rows)


def identities() -> Case:
    """Numbers that name people and firms, as Excel and its users leave them."""
    header = [*PLAIN, "NIB", "No. KK"]
    good, nib = plain(1)[2], "1234567890123"

    def line(number: int, nik: Any, phone: Any, nib_cell: Any = None, kk: Any = None) -> list[Any]:
        return [*plain(number, NIK=nik, No_HP=phone), nib_cell, kk]

    lines = [
        line(1, "351005570885001", "81234567801", "tidak ada"),
        line(2, "35100557088500012", 81234567802.0, "Belum ada"),
        line(3, 3510055708850001, "0812 3456 7803 / 0813-9876-5432", f"{nib} / 9876543210987"),
        line(4, "3,51006E+15", "0812-3456-7804\n0813-9876-5432", nib + ".0"),
        line(5, 0, "081234567805 081398765432", 123456789012),
        line(6, "’" + good, "+62 812-3456-7806", "NIB belum terbit"),
        line(7, "'" + good, "(0812) 34567807", 1234567890123),
        line(8, "“" + good + "”", "8.12E+10", "-", "3510050101100001"),
        line(9, "3510 0557 0885 0001", "0812-345", "12345"),
        line(10, "9910055708850001", "tidak punya", ""),
        line(11, "3510053102850001", "0333-421234", "0"),
        line(12, good + " (istri)", "O81234567812", "0000000000000"),
    ]
    rows = [
        want(1, "nik:WRONG_LENGTH", nik=None, nib=None), want(2, "nik:WRONG_LENGTH", nik=None, nib=None),
        want(3, "no_hp:SEVERAL_VALUES nib:SEVERAL_VALUES nik:WRITTEN_AS_NUMBER", nik=good, nib=nib),
        want(4, "nik:ROUNDED_NUMBER no_hp:SEVERAL_VALUES", nik=None, nib=nib),
        want(5, "no_hp:SEVERAL_VALUES nib:LEADING_ZERO_ADDED", nik=None, nib="0123456789012"),
        want(6, "nib:NOT_A_NUMBER", nik=good, nib=None), want(7, nik=good, nib=nib),
        want(8, "no_hp:ROUNDED_NUMBER", nik=good, phone=None, nib=None, kk="3510050101100001"),
        want(9, "no_hp:WRONG_LENGTH nib:WRONG_LENGTH", nik=good, phone=None, nib=None),
        want(10, "nik:PROVINCE_UNKNOWN", nik=None, phone=None),
        want(11, "nik:DATE_NOT_REAL", nik=None, phone="+62333421234", nib=None),
        want(12, "nik:NOT_A_NUMBER no_hp:NOT_A_PHONE", nik=None, phone=None, nib=None),
    ]  # fmt: skip
    return Case("nomor.xlsx", book({"Data": [header, *lines]}), rows)


def money() -> Case:
    """Turnover in every way in which it is written, and classes where an amount should stand."""
    header = [*PLAIN, "OMSET/TAHUN", "Modal Usaha", "Skala Usaha"]
    cells: list[tuple[Any, Any, str, dict[str, Any]]] = [
        ("9.999.999", None, "", {"turnover_idr": 9_999_999}),
        ("9,999,999.00", None, "", {"turnover_idr": 9_999_999}),
        ("2 juta", "500rb", "", {"turnover_idr": 2_000_000, "capital_idr": 500_000}),
        ("1,5 jt", None, "", {"turnover_idr": 1_500_000}),
        ("Rp 1.500.000,-", None, "", {"turnover_idr": 1_500_000}),
        ("± 1.500.000 - 2.000.000", None, "omzet_tahunan:AMOUNT_RANGE",
         {"turnover_idr": 2_000_000, "note": "Omzet tahunan tertulis: ± 1.500.000 - 2.000.000"}),
        ("300 jt s/d 2,5 M", None, "omzet_tahunan:AMOUNT_RANGE", {"turnover_idr": 2_500_000_000}),
        ("< 2M", None, "", {"turnover_idr": None, "class_declared": "micro", "note": "Omzet tahunan tertulis: < 2M"}),
        ("mikro", None, "", {"turnover_idr": None, "class_declared": "micro"}),
        ("-", "< 5 M", "", {"turnover_idr": None, "class_declared": "small"}),
        ("Rp 3.000.000/bulan", None, "omzet_tahunan:AMOUNT_MONTHLY", {"turnover_idr": 36_000_000}),
        ("100.000 per hari", None, "omzet_tahunan:AMOUNT_OTHER_PERIOD", {"turnover_idr": None}),
        ("> 300 jt", None, "omzet_tahunan:AMOUNT_OPEN_ENDED", {"turnover_idr": None}),
        ("1 juta 500 ribu", None, "", {"turnover_idr": 1_500_000}),
        ("lumayan", None, "omzet_tahunan:AMOUNT_NOT_READABLE", {"turnover_idr": None}),
        (-5, "12,5", "omzet_tahunan:AMOUNT_NEGATIVE modal:AMOUNT_VERY_SMALL",
         {"turnover_idr": None, "capital_idr": 13}),
        (24_000_000.4, None, "omzet_tahunan:AMOUNT_ROUNDED", {"turnover_idr": 24_000_000}),
    ]  # fmt: skip
    lines = [[*plain(number), turnover, capital, None]
             for number, (turnover, capital, _, _) in enumerate(cells, start=1)]  # fmt: skip
    rows = [want(number, codes, **values) for number, (_, _, codes, values) in enumerate(cells, start=1)]
    lines.append([*plain(18), None, None, "Usaha Kecil"])
    rows.append(want(18, class_declared="small"))
    return Case("omset.xlsx", book({"Data": [header, *lines]}), rows)


def scaled_money() -> Case:
    """Amounts in millions as the header says, one written out all the same, and turnover for a month."""
    header = [*PLAIN, "Aset (Rp juta)", "Omzet per Bulan (ribuan)"]
    lines = [[*plain(1), 12.5, 750], [*plain(2), "1,2", "2.500"], [*plain(3), 15_000_000, None],
             [*plain(4), "30 juta", "-"]]  # fmt: skip
    monthly = "omzet_bulanan:AMOUNT_MONTHLY"
    rows = [
        want(1, monthly, assets_idr=12_500_000, turnover_idr=9_000_000),
        want(2, monthly, assets_idr=1_200_000, turnover_idr=30_000_000),
        want(3, "aset:AMOUNT_UNIT_DOUBTED", assets_idr=15_000_000),
        want(4, assets_idr=30_000_000, turnover_idr=None),
    ]
    return Case("aset.xlsx", book({"Data": [header, *lines]}), rows)


def dates() -> Case:
    """Birthdays and years as date cells, serial numbers and in words."""
    header = [*PLAIN, "TTL", "Tahun Berdiri"]
    cells: list[tuple[Any, Any, str, str | None, int | None]] = [
        (date(1985, 8, 17), 2015, "", "1985-08-17", 2015), (31276, "sejak 2015", "", "1985-08-17", 2015),
        ("17 Agustus 1985", "Th. 2015", "", "1985-08-17", 2015), ("Muncar, 17-08-85", None, "", "1985-08-17", None),
        ("Muncar 17/8/1985", date(2015, 2, 1), "", "1985-08-17", 2015),
        ("17 agt 85", "lama", "tahun_mulai:YEAR_NOT_READABLE", "1985-08-17", None),
        ("1985", "2090", "tanggal_lahir:DATE_YEAR_ONLY tahun_mulai:YEAR_NOT_REAL", "1985-08-17", None),
        ("31-02-1985", None, "tanggal_lahir:DATE_NOT_REAL", "1985-08-17", None),
        ("17-08-45", None, "tanggal_lahir:DIFFERS_FROM_NIK", "1945-08-17", None),
        ("kemarin", None, "tanggal_lahir:DATE_NOT_READABLE", "1985-08-17", None),
        (19850817, None, "", "1985-08-17", None), ("1985-08-17 00:00:00", None, "", "1985-08-17", None),
    ]  # fmt: skip
    lines = [[*plain(number), born, year] for number, (born, year, *_) in enumerate(cells, start=1)]
    rows = [want(number, codes, birth_date=born, start_year=year, sex="P")
            for number, (_, _, codes, born, year) in enumerate(cells, start=1)]  # fmt: skip
    return Case("lahir.xlsx", book({"Data": [header, *lines]}), rows)


def broken_formulas() -> Case:
    """Values fetched from a workbook that was not handed over: some kept from the last time, some lost."""
    header = [*PLAIN, "Omzet", "Desa Lama"]
    lines = [
        [*plain(1), "='[1]Data 2024'!B7"], [*plain(2), "=#REF!*12"], [*plain(3), "=1000000*12"],
        [*plain(4, Alamat="='[1]Data 2024'!C9"), None], [*plain(5, Produk_Utama="=VLOOKUP(A6,#REF!,2,0)"), None],
        [*plain(6), "#REF!"],
    ]  # fmt: skip
    content = book({"Data": [header, *lines]},
                   cached={"I2": 24_000_000, "I3": "#REF!", "D5": "Jl. Lama 9", "G6": "#N/A"})  # fmt: skip
    rows = [
        want(1, "omzet_tahunan:FORMULA_FROM_OTHER_FILE", turnover_idr=24_000_000),
        want(2, "omzet_tahunan:FORMULA_BROKEN", turnover_idr=None),
        want(3, "omzet_tahunan:FORMULA_WITHOUT_VALUE", turnover_idr=None),
        want(4, "alamat:FORMULA_FROM_OTHER_FILE", address="Jl. Lama 9"),
        want(5, "produk_utama:FORMULA_BROKEN", "produk_utama:REQUIRED", main_product=None),
        want(6, "omzet_tahunan:FORMULA_BROKEN", turnover_idr=None),
    ]
    return Case("rumus.xlsx", content, rows)


def owners() -> Case:
    """Several owners in a cell, titles, people who have died, one owner with several businesses."""
    cells = [
        ("Siti Rohmah / Budi Santoso", "Siti Rohmah", "nama_pemilik:SEVERAL_OWNERS"),
        ("H. Ahmad Fauzi, S.E., M.M.", "H. Ahmad Fauzi, S.E., M.M.", ""),
        ("Alm. Karto / Sumiati", "Sumiati", "nama_pemilik:SEVERAL_OWNERS nama_pemilik:OWNER_DECEASED"),
        ("Karto (alm)", "Karto", "nama_pemilik:OWNER_DECEASED"),
        ("Siti, Budi", "Siti", "nama_pemilik:SEVERAL_OWNERS"),
        ("Siti Rohmah dkk", "Siti Rohmah", "nama_pemilik:SEVERAL_OWNERS"),
        ("1. Siti\n2. Budi", "Siti", "nama_pemilik:SEVERAL_OWNERS"),
        ("Dani Ramdani", "Dani Ramdani", ""),
        ("?", None, ""),
    ]
    lines = [plain(number, Nama_Pemilik=cell, NIK=None) for number, (cell, _, _) in enumerate(cells, start=1)]
    rows = [want(number, codes, owner=name, nik=None) for number, (_, name, codes) in enumerate(cells, start=1)]
    rows[-1].rejections = {"nama_pemilik:REQUIRED"}
    lines += [plain(10, NIK=NIK, Nama_Pemilik="Ibu Tin"), plain(11, NIK=NIK, Nama_Pemilik="Ibu Tin"),
              plain(12, Nama_Usaha="Warung Tin;\nJahit Tin")]  # fmt: skip
    rows += [want(10, owner="Ibu Tin", nik=NIK), want(11, owner="Ibu Tin", nik=NIK),
             want(12, "nama_usaha:SEVERAL_BUSINESSES", name="Warung Tin; Jahit Tin")]  # fmt: skip
    return Case("pemilik.xlsx", book({"Data": [PLAIN, *lines]}), rows)


def nagari() -> Case:
    """A list from Solok Selatan: nagari and jorong, a header of three rows, a title that names the kecamatan."""
    lines = [
        ["DATA PELAKU USAHA MIKRO"], ["KECAMATAN : KOTO PARIK GADANG DIATEH"],
        ["No", "IDENTITAS", None, None, "LOKASI", None, "USAHA", None],
        [None, "PEMILIK", None, "USAHA", "ALAMAT", None, "PRODUK", "OMZET"],
        [None, "NAMA", "NO. KTP", "NAMA", "JORONG", "NAGARI", "UTAMA", "(Rp)"],
        [1, "Yuliana", "1311035708850001", "Rendang Uni", "Jorong Pasar", "Nag. Pakan Rabaa", "Rendang", "12 jt"],
        [2, "Zulkifli", None, "Kopi Uda", "Jr. Balun", "Pakan Rabaa Timur", "Kopi bubuk", "± 5 jt"],
    ]  # fmt: skip
    merge = {"KPGD": ["B3:D3", "E3:F3", "G3:H3", "B4:C4", "E4:F4", "A3:A5"]}
    rows = [
        Want({"name": "Rendang Uni", "owner": "Yuliana", "nik": "1311035708850001", "district_code": "131103",
              "village_code": "1311032001", "turnover_idr": 12_000_000, "address": "Jorong Pasar"},
             {"kecamatan:DISTRICT_DERIVED"}),
        Want({"name": "Kopi Uda", "owner": "Zulkifli", "nik": None, "village_code": "1311032002",
              "turnover_idr": 5_000_000}, {"kecamatan:DISTRICT_DERIVED"}),
    ]  # fmt: skip
    return Case("nagari.xlsx", book({"KPGD": lines}, merge=merge), rows, region="1311")


def tables_as_text() -> list[Case]:
    """The same table as the programs of different offices export it."""
    rows = [want(1, name="Café Été"), want(2)]
    lines = [PLAIN, plain(1, Nama_Usaha="Café Été", Alamat="Jl. Raya, RT 1, RW 2"), plain(2)]
    return [
        Case("bom.csv", text(lines, ";", "utf-8-sig"), rows),
        Case("koma.csv", text(lines, ",", "utf-8"), rows),
        Case("windows.csv", text(lines, ";", "cp1252"), rows),
        Case("tab.txt", text(lines, "\t", "cp1252"), rows),
        Case("unicode.txt", text(lines, "\t", "utf-16"), rows),
        Case("sep.csv", text(lines, "|", "utf-8-sig", "sep=|\r\n"), rows),
    ]


def mended() -> Case:
    """A few texts that were encoded twice, which can be read all the same."""
    lines = [plain(number) for number in range(1, 13)]
    lines[0] = plain(1, Nama_Usaha="CafÃ© Melati", NIK="â€™" + plain(1)[2])
    rows = [want(number) for number in range(1, 13)]
    rows[0] = want(1, name="Café Melati")
    return Case("sebagian rusak.csv", text([PLAIN, *lines], ";", "utf-8"), rows)


READ: tuple[Callable[[], Case], ...] = (
    recapitulation, sheet_per_district, hidden_sheet_chosen, merged_groups, written_once, sections, spellings,
    without_district, identities, money, scaled_money, dates, broken_formulas, owners, nagari, mended,
)  # fmt: skip


def cases() -> list[Case]:
    """Return every file that can be read."""
    return [*(make() for make in READ), *tables_as_text()]


def main() -> int:
    """Write all files into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    folder: Path = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    for case in (*cases(), *refused()):
        (folder / case.filename).write_bytes(case.content)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Make the workbook of story 3 (domain.md 11): what a regency's UMKM department really hands over.

Deterministic for a seed, from the real kecamatan and nagari, and written without any code of the importer: what each
row must become is known because it was made that way, and is written beside the workbook as JSON.

    python tests/data/make_workbook.py --out umkm.xlsx [--rows 10264] [--region 1311] [--seed 2026]

A name that ends in .csv gives the same table as semicolon-separated text.
"""

# The literals below are read as tables and as XML; broken lines would hide what they say.
# ruff: noqa: E501

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import sys
import zipfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

AREAS = Path(__file__).resolve().parents[2] / "reference" / "areas.csv.gz"
STORY_ROWS, STORY_DUPLICATES, STORY_REJECTED, STORY_WARNINGS = 10_264, 402, 80, 180

# (template column, group in the upper header row, text in the lower or only row)
LAYOUT = (
    ("no", "", "NO"), ("nama_usaha", "", "NAMA USAHA"),
    ("nama_pemilik", "PEMILIK", "NAMA"), ("nik", "PEMILIK", "NIK"), ("no_kk", "PEMILIK", "NO. KK"),
    ("jenis_kelamin", "PEMILIK", "L/P"), ("tempat_lahir", "PEMILIK", "TEMPAT LAHIR"),
    ("tanggal_lahir", "PEMILIK", "TGL.\nLAHIR"), ("no_hp", "PEMILIK", "NO. HP"), ("email", "PEMILIK", "E-MAIL"),
    ("alamat", "ALAMAT USAHA", "JALAN"), ("rt", "ALAMAT USAHA", "RT"), ("rw", "ALAMAT USAHA", "RW"),
    ("desa_kelurahan", "ALAMAT USAHA", "DESA/NAGARI"), ("kecamatan", "ALAMAT USAHA", "KECAMATAN"),
    ("kode_pos", "ALAMAT USAHA", "KODE POS"),
    ("bentuk_usaha", "LEGALITAS", "BENTUK USAHA"), ("nib", "LEGALITAS", "NIB"), ("npwp", "LEGALITAS", "NPWP"),
    ("iumk", "LEGALITAS", "IUMK"), ("pirt", "LEGALITAS", "PIRT"), ("halal", "LEGALITAS", "HALAL"),
    ("jenis_usaha", "", "JENIS USAHA"), ("kegiatan_utama", "", "KEGIATAN UTAMA"),
    ("produk_utama", "", "PRODUK UTAMA"), ("kbli", "", "KBLI"), ("tahun_mulai", "", "TAHUN MULAI"),
    ("modal", "", "MODAL (Rp)"), ("aset", "", "ASET (Rp)"), ("omzet_tahunan", "", "OMZET TAHUNAN (Rp)"),
    ("tk_laki", "TENAGA KERJA", "L"), ("tk_perempuan", "TENAGA KERJA", "P"),
    ("kapasitas_bulanan", "KAPASITAS", "PER BULAN"), ("satuan_kapasitas", "KAPASITAS", "SATUAN"),
    ("bank", "REKENING", "BANK"), ("no_rekening", "REKENING", "NOMOR"), ("nama_rekening", "REKENING", "ATAS NAMA"),
    ("medsos", "", "MEDSOS"), ("lat", "KOORDINAT", "LAT"), ("lon", "KOORDINAT", "LONG"),
    ("tahun_data", "", "TAHUN DATA"), ("keterangan", "", "KETERANGAN"),
)  # fmt: skip
TITLE = ("PEMERINTAH KABUPATEN", "DINAS KOPERASI, UKM, PERINDUSTRIAN DAN PERDAGANGAN", "REKAPITULASI DATA UMKM", "")

PRODUCTS = (
    ("Kuliner", "Nasi kotak", "56210", "Warung Nasi", "kotak"), ("Kuliner", "Kue basah", "10710", "Dapur Kue", "kotak"),
    ("Kuliner", "Keripik pisang", "10794", "Keripik", "bungkus"), ("Kuliner", "Rendang", "10750", "Rendang", "kg"),
    ("Fashion", "Seragam sekolah", "14120", "Penjahit", "stel"), ("Fashion", "Mukena bordir", "14111", "Bordir", "buah"),
    ("Kerajinan", "Anyaman pandan", "16291", "Anyaman", "buah"), ("Agrobisnis", "Kopi bubuk", "10761", "Kopi", "kg"),
    ("Agrobisnis", "Beras solok", "46310", "Kilang Padi", "kg"), ("Jasa", "Cetak spanduk", "18111", "Percetakan", "m2"),
    ("Jasa", "Bengkel motor", "45407", "Bengkel", "unit"), ("Mebel", "Kursi kayu", "31001", "Mebel", "buah"),
)  # fmt: skip
_SYLLABLES = ["an", "ba", "bu", "ca", "da", "di", "du", "fa", "ga", "gu", "ha", "ing", "ja", "jo", "ka", "ki", "ku", "la", "li", "lu", "ma", "mi", "mu", "na", "ni", "nu", "pa", "pi", "pu", "ra", "ri", "ro", "sa", "si", "su", "ta", "ti", "tu", "ya", "yu", "wa", "wi", "za"]  # fmt: skip
_FIRST = ["Ahmad", "Siti", "Rahmat", "Yuliana", "Zulkifli", "Desi", "Irwan", "Fitri", "Hendra", "Nurhayati", "Bujang", "Rosmawati", "Syafril", "Elvi", "Jon", "Marni"]  # fmt: skip
_LAST = [
    "Koto",
    "Chaniago",
    "Piliang",
    "Sikumbang",
    "Tanjung",
    "Guci",
    "Jambak",
    "Melayu",
    "Caniago",
    "Panyalai",
    "Mandailing",
    "Sutan",
    "Bagindo",
]
_MONTHS = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]


@dataclass
class Row:
    """One row of data and what it must become."""

    cells: dict[str, Any]
    verdict: str
    warnings: list[str] = field(default_factory=list)
    place: float = 0.0


def load_areas(region: str) -> list[tuple[str, str, str, str, str]]:
    """Return (village code, village, kecamatan code, kecamatan, postcode) of a regency."""
    with gzip.open(AREAS, "rt", encoding="utf-8", newline="") as file:
        found = [row for row in csv.reader(file) if row[0].startswith(region)]
    districts = {row[0]: row[1] for row in found if len(row[0]) == 6}
    return [(row[0], row[1], row[3], districts[row[3]], row[4]) for row in found if len(row[0]) == 10]


def trigrams(text: str) -> frozenset[str]:
    """Return the padded trigrams of a name, as PostgreSQL's pg_trgm has them."""
    words = "".join(char if char.isalnum() else " " for char in text.lower()).split()
    return frozenset(f"  {word} "[at : at + 3] for word in words for at in range(len(word) + 1))


class Maker:
    """Makes rows; every number and every name is used once."""

    def __init__(self, region: str, seed: int) -> None:
        self.dice = random.Random(seed)
        self.areas = load_areas(region)
        self.used: set[str] = set()
        self.names: dict[str, list[frozenset[str]]] = {}

    def once(self, make: Any) -> str:
        """Return something that was not made before."""
        while (text := make()) in self.used:
            pass
        self.used.add(text)
        return text

    def digits(self, count: int) -> str:
        """Return digits that do not begin with a zero."""
        return self.dice.choice("123456789") + "".join(self.dice.choices("0123456789", k=count - 1))

    def word(self) -> str:
        """Return an invented proper name."""
        return "".join(self.dice.choices(_SYLLABLES, k=self.dice.choice((3, 4)))).capitalize()

    def business_name(self, village: str, kind: str) -> str:
        """Return a name unlike every other one in the village (trigram similarity below 0.6)."""
        others = self.names.setdefault(village, [])
        while True:
            name = f"{kind} {self.word()} {self.word()}"
            grams = trigrams(name)
            # In a crowded village chance alone keeps two invented pairs of words apart.
            near = others if len(others) < 1500 else others[-50:]
            if all(8 * len(grams & other) < 3 * (len(grams) + len(other)) for other in near):
                others.append(grams)
                return name

    def birthday(self) -> date:
        """Return a day on which an owner may have been born."""
        return date(1950, 1, 1) + timedelta(days=self.dice.randrange(365 * 52))

    def nik(self, district: str, born: date, female: bool) -> str:
        """Return an unused NIK."""
        head = f"{district}{born.day + 40 * female:02d}{born:%m%y}"
        return self.once(lambda: f"{head}{self.dice.randrange(1, 9999):04d}")

    def clean(self) -> Row:
        """Return a row that becomes a new business without a warning, in the spellings people use."""
        dice = self.dice
        code, village, district, district_name, postcode = dice.choice(self.areas)
        kind, product, kbli, prefix, unit = dice.choice(PRODUCTS)
        born, female = self.birthday(), dice.random() < 0.5
        owner = f"{dice.choice(_FIRST)} {self.word()} {dice.choice(_LAST)}"
        nik = self.nik(district, born, female)
        cells: dict[str, Any] = {
            "nama_usaha": self.business_name(code, prefix),
            "nama_pemilik": owner,
            "nik": dice.choice((nik, nik, nik, "'" + nik, "’" + nik, f" {nik} ")),
            "no_kk": self.nik(district, date(2005 + dice.randrange(18), dice.randrange(1, 13), dice.randrange(1, 29)), False),
            "jenis_kelamin": dice.choice(("P", "Perempuan") if female else ("L", "Laki-laki")),
            "tempat_lahir": dice.choice(("Padang Aro", "Muara Labuh", "Solok")),
            "tanggal_lahir": self.dated(born),
            "no_hp": self.phone(),
            "email": f"{owner.split()[0].lower()}{dice.randrange(1000)}@example.id" if dice.random() < 0.2 else None,
            "alamat": f"Jorong {self.word()}",
            "rt": dice.choice((f"{dice.randrange(1, 9):03d}", dice.randrange(1, 9), None)),
            "rw": dice.choice((f"{dice.randrange(1, 5):03d}", None)),
            "desa_kelurahan": dice.choice((village, village.upper(), f"Nagari {village}", f"{village} ")),
            "kecamatan": dice.choice((district_name, f"Kec. {district_name}", district_name.upper() + " ", f"KECAMATAN {district_name.upper()}")),
            "kode_pos": dice.choice((postcode, int(postcode or 0) or None)),
            "bentuk_usaha": dice.choice(("Perorangan", "Perseorangan", "UD", None)),
            "jenis_usaha": kind, "kegiatan_utama": f"Produksi {product.lower()}", "produk_utama": product, "kbli": kbli,
            "nib": self.once(lambda: self.digits(13)) if dice.random() < 0.3 else dice.choice((None, "-", "tidak ada")),
            "npwp": dice.choice((None, None, None, nik)),
            "tahun_mulai": dice.choice((dice.randrange(1990, 2025), str(dice.randrange(1990, 2025)))),
            "modal": self.money(), "aset": self.money(), "omzet_tahunan": self.money(),
            "tk_laki": dice.randrange(6), "tk_perempuan": dice.choice((0, 1, 2, "3 orang")),
            "kapasitas_bulanan": dice.choice((dice.randrange(20, 3000), "1.500")), "satuan_kapasitas": unit,
            "bank": dice.choice(("Bank Nagari", "BRI", None)), "tahun_data": 2025,
            "medsos": f"@{self.word().lower()}" if dice.random() < 0.2 else None,
            "lat": round(-1.2 - dice.random() / 2, 5), "lon": round(100.9 + dice.random() / 2, 5),
            "keterangan": dice.choice((None, None, "binaan dinas")),
        }  # fmt: skip
        if cells["bank"]:
            cells["no_rekening"], cells["nama_rekening"] = self.once(lambda: self.digits(12)), owner.upper()
        return Row(cells, "new")

    def dated(self, born: date) -> Any:
        """Return a birthday as a date cell, an Excel serial, or one of three ways to write it."""
        return self.dice.choice((
            born, (born - date(1899, 12, 30)).days, f"{born:%d-%m-%y}", f"{born:%d/%m/%Y}",
            f"{born.day} {_MONTHS[born.month - 1]} {born.year}",
        ))  # fmt: skip

    def phone(self) -> str:
        """Return an unused mobile number, written in one of the usual ways."""
        rest = self.once(lambda: "8" + self.dice.choice("125") + self.digits(9))
        return self.dice.choice(
            (
                f"0{rest}",
                f"+62{rest}",
                f"62 {rest[:3]} {rest[3:7]} {rest[7:]}",
                rest,
                f"0{rest[:3]}-{rest[3:7]}-{rest[7:]}",
            )
        )

    def money(self) -> Any:
        """Return an amount as people type it."""
        jt = self.dice.randrange(1, 290)
        return self.dice.choice((
            jt * 1_000_000, f"Rp {jt}.500.000,-", f"{jt},5 jt", f"{jt} juta", f"{jt}.999.999", f"{jt},999,999.00",
            f"Rp. {jt}.000.000", f"{jt}jt",
        ))  # fmt: skip


def _second_business(maker: Maker, row: Row, first: Row) -> None:
    # The NIK without its dirt: equal digits are what makes the owner the same.
    row.cells["nik"], row.cells["nama_pemilik"] = first.cells["nik"].strip("'’ "), first.cells["nama_pemilik"]
    row.cells["npwp"] = None
    row.cells["tanggal_lahir"] = first.cells["tanggal_lahir"]


def _spoil(maker: Maker, kind: int, row: Row) -> None:
    """Give a row exactly one cell that cannot be taken as it stands."""
    dice, cells = maker.dice, row.cells
    nik = cells["nik"].strip("'’ ")
    cells["npwp"] = None
    if kind == 0:
        cells["nik"] = int(nik[:15] + "0")
        row.warnings = ["nik"]
    elif kind == 1:
        cells["nik"] = f"{nik[0]},{nik[1:6]}E+15"
        row.warnings = ["nik"]
    elif kind == 2:
        joint = dice.choice((" / ", " dan ", " & "))
        cells["nama_pemilik"] += f"{joint}{dice.choice(_FIRST)} {maker.word()}"
        row.warnings = ["nama_pemilik"]
    elif kind == 3:
        cells["nik"] = nik[:6] + "310299" + nik[12:]
        row.warnings = ["nik"]
    elif kind == 4:
        cells["no_hp"] = "0812-345"
        row.warnings = ["no_hp"]
    elif kind == 5:
        cells["omzet_tahunan"] = "± 15.000.000 - 20.000.000"
        row.warnings = ["omzet_tahunan"]
    else:
        cells["tanggal_lahir"] = "31-02-1980"
        row.warnings = ["tanggal_lahir"]


def _reject(kind: int, row: Row) -> None:
    """Take from a row something without which it is no business."""
    missing = ("nama_usaha", "nama_pemilik", "alamat", "desa_kelurahan", "produk_utama")
    row.verdict, row.warnings = "rejected", []
    if kind < len(missing):
        row.cells[missing[kind]] = None
    elif kind == 5:
        row.cells["kecamatan"], row.cells["desa_kelurahan"] = "Kec. Antah Berantah", "Desa Negeri Dongeng"
    else:
        row.cells["nama_usaha"] = "?????"


def _copy(maker: Maker, original: Row) -> Row:
    """Return the same business a second time, as the same list pasted twice or typed again gives it."""
    cells = dict(original.cells)
    name = cells["nama_usaha"]
    cells["nama_usaha"] = maker.dice.choice((name, name, name.upper(), f"{name} ", name.replace(" ", "  ")))
    cells["nama_pemilik"] = maker.dice.choice((cells["nama_pemilik"], cells["nama_pemilik"].upper()))
    return Row(cells, "duplicate")


def make_rows(count: int, region: str, seed: int) -> list[Row]:
    """Return rows in the sequence of the file, duplicates after their originals."""
    maker = Maker(region, seed)
    dice = maker.dice
    duplicates = count * STORY_DUPLICATES // STORY_ROWS
    rejected = count * STORY_REJECTED // STORY_ROWS
    spoiled = count * STORY_WARNINGS // STORY_ROWS
    rows = [maker.clean() for _ in range(count - duplicates)]
    for row in rows:
        row.place = dice.random()
    plain = rows[rejected + spoiled :]
    for number, row in enumerate(rows[:rejected]):
        _reject(number % 7, row)
    for number, row in enumerate(rows[rejected : rejected + spoiled]):
        first = plain[number] if number % 8 == 7 else None
        if first is not None:
            _second_business(maker, row, first)
            row.place = first.place + (1 - first.place) * dice.random()
            row.warnings = ["nik"]
        else:
            _spoil(maker, number % 8, row)
    for original in dice.sample(plain, duplicates):
        copy = _copy(maker, original)
        copy.place = original.place + (1 - original.place) * dice.random()
        rows.append(copy)
    rows.sort(key=lambda row: row.place)
    for number, row in enumerate(rows, start=1):
        row.cells["no"] = number
    return rows


def table(rows: list[Row], region: str) -> tuple[list[list[Any]], list[str]]:
    """Return the sheet's cells and its merged ranges: title, two header rows, numbering, data, totals."""
    width = len(LAYOUT)
    sheet: list[list[Any]] = [[text] for text in TITLE]
    sheet[0] = [f"{TITLE[0]} {region}"]
    top: list[Any] = [None] * width
    bottom: list[Any] = [None] * width
    merged = [f"A{line}:{_letters(width - 1)}{line}" for line in range(1, 4)]
    groups: dict[str, list[int]] = {}
    for place, (_, group, text) in enumerate(LAYOUT):
        if group:
            groups.setdefault(group, []).append(place)
            bottom[place] = text
        else:
            top[place] = text
            merged.append(f"{_letters(place)}5:{_letters(place)}6")
    for group, places in groups.items():
        top[places[0]] = group
        merged.append(f"{_letters(places[0])}5:{_letters(places[-1])}5")
    sheet += [top, bottom, [f"({number})" for number in range(1, width + 1)]]
    for number, row in enumerate(rows, start=1):
        sheet.append([row.cells.get(column) for column, _, _ in LAYOUT])
        if number % 2500 == 0:
            sheet.append([None, "SUB JUMLAH", None, None, None, number])
    sheet.append([None, "JUMLAH", None, None, None, len(rows)])
    return sheet, merged


def expected(rows: list[Row]) -> dict[str, Any]:
    """Return what an importer must say about the rows, on an empty register."""
    counts = {name: sum(row.verdict == name for row in rows) for name in ("new", "duplicate", "rejected")}
    warned = sum(row.verdict == "new" and bool(row.warnings) for row in rows)
    return {
        "rows": len(rows),
        "counts": {**counts, "update": 0, "possible_duplicate": 0},
        "new_with_warnings": warned,
        "per_row": [[row.cells["no"], row.verdict, row.warnings] for row in rows],
    }


def _letters(place: int) -> str:
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(65 + rest) + text
    return text


_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPE}.sharedStrings+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="Data UMKM" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/><Relationship Id="rId3" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
}  # fmt: skip


def write_xlsx(path: Path, sheet: list[list[Any]], merged: list[str]) -> None:
    """Write one sheet as an Office Open XML workbook with shared strings."""
    texts: dict[str, int] = {}
    lines = []
    for number, row in enumerate(sheet, start=1):
        cells = []
        for place, value in enumerate(row):
            ref = f"{_letters(place)}{number}"
            if value is None or value == "":
                continue
            if isinstance(value, date):
                cells.append(f'<c r="{ref}" s="1"><v>{(value - date(1899, 12, 30)).days}</v></c>')
            elif isinstance(value, int | float):
                cells.append(f'<c r="{ref}"><v>{value}</v></c>')
            else:
                cells.append(f'<c r="{ref}" t="s"><v>{texts.setdefault(value, len(texts))}</v></c>')
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    spans = "".join(f'<mergeCell ref="{ref}"/>' for ref in merged)
    body = f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData><mergeCells count="{len(merged)}">{spans}</mergeCells></worksheet>'
    shared = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts)
    strings = f'<sst xmlns="{_MAIN}" count="{len(texts)}" uniqueCount="{len(texts)}">{shared}</sst>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**_PARTS, "xl/sharedStrings.xml": strings, "xl/worksheets/sheet1.xml": body}.items():
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, _DECLARATION + text)


def write_csv(path: Path, sheet: list[list[Any]]) -> None:
    """Write the table as Excel's "CSV UTF-8" does in Indonesia: byte order mark, semicolons."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        for row in sheet:
            writer.writerow([_as_text(cell) for cell in row])


def _as_text(cell: Any) -> str:
    """Return a cell as Excel writes it to text: long numbers lose their digits on the way."""
    if isinstance(cell, int) and cell >= 10**11:
        return f"{cell:.5E}".replace(".", ",")
    return "" if cell is None else f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell)


def make(path: Path, *, rows: int = STORY_ROWS, region: str = "1311", seed: int = 2026) -> dict[str, Any]:
    """Write the workbook and what is expected of it; return the latter."""
    made = make_rows(rows, region, seed)
    sheet, merged = table(made, region)
    if path.suffix == ".csv":
        write_csv(path, sheet)
    else:
        write_xlsx(path, sheet, merged)
    wanted = expected(made)
    path.with_suffix(path.suffix + ".expected.json").write_text(json.dumps(wanted))
    return wanted


def main() -> int:
    """Read the arguments, write the files, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=STORY_ROWS)
    parser.add_argument("--region", default="1311")
    parser.add_argument("--seed", type=int, default=2026)
    arguments = parser.parse_args()
    wanted = make(arguments.out, rows=arguments.rows, region=arguments.region, seed=arguments.seed)
    print(json.dumps({**wanted["counts"], "rows": wanted["rows"], "new_with_warnings": wanted["new_with_warnings"]}))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What a hostile workbook is made of: the file, and what each of its rows must become."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import openpyxl

NIK = "3510165708850001"
MUNCAR, SRONO, GENTENG, TEGALSARI, LICIN = "351005", "351008", "351009", "351023", "351024"
TEMBOKREJO, KEDUNGREJO, SUMBERSARI = "3510052003", "3510052002", "3510082005"


@dataclass
class Want:
    """What a row of data must become.

    Attributes:
        values: Values by name, those of the profile, of the private details, and `owner`, `nik`, `kk`, `birth_date`,
            `sex` of the first owner; a name that must have no value is given as None.
        warnings: All of them, in any sequence, as "column:CODE".
        rejections: Likewise.
    """

    values: dict[str, Any]
    warnings: set[str] = field(default_factory=set)
    rejections: set[str] = field(default_factory=set)


@dataclass
class Case:
    """A file and what reading it must give.

    Attributes:
        sheets: Which sheets to ask for; none for every visible one.
        skipped: Rows that are no data, by kind.
        refusal: Code with which the file is refused as a whole, instead of rows.
    """

    filename: str
    content: bytes
    rows: list[Want] = field(default_factory=list)
    region: str = "3510"
    sheets: tuple[str, ...] | None = None
    skipped: dict[str, int] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    skipped_sheets: tuple[str, ...] = ()
    refusal: str | None = None
    columns_seen: tuple[str, ...] = ()


PLAIN = ["Nama Usaha", "Nama Pemilik", "NIK", "Alamat", "Desa", "Kecamatan", "Produk Utama", "No HP"]


def plain(number: int, **changes: Any) -> list[Any]:
    """Return a row under PLAIN that becomes a business without a doubt, with some cells changed."""
    cells = {
        "Nama Usaha": f"Warung Melati {number}", "Nama Pemilik": f"Siti Rohmah {number}",
        "NIK": f"351005570885{number:04d}", "Alamat": f"Jl. Pelabuhan {number}", "Desa": "Tembokrejo",
        "Kecamatan": "Muncar", "Produk Utama": "Nasi kotak", "No HP": f"0812345678{number:02d}",
    }  # fmt: skip
    cells.update({name.replace("_", " "): value for name, value in changes.items()})
    return list(cells.values())


def want(number: int, warnings: str = "", rejections: str = "", **values: Any) -> Want:
    """Return what `plain` becomes, with some values changed."""
    usual = {
        "name": f"Warung Melati {number}", "owner": f"Siti Rohmah {number}", "nik": f"351005570885{number:04d}",
        "village_code": TEMBOKREJO, "district_code": MUNCAR, "phone": f"+62812345678{number:02d}",
    }  # fmt: skip
    return Want({**usual, **values}, set(warnings.split()), set(rejections.split()))


def book(sheets: dict[str, list[list[Any]]], *, hidden: tuple[str, ...] = (), merge: dict[str, list[str]] | None = None,
         cached: dict[str, Any] | None = None, links: bool = False) -> bytes:  # fmt: skip
    """Return a workbook.

    Args:
        merge: Sheet -> merged ranges.
        cached: Cell of the first sheet -> what the office's Excel computed for its formula when it was last saved.
        links: The workbook refers to another one that was not handed over.
    """
    made = openpyxl.Workbook()
    made.remove(made.active)
    made.properties.created = made.properties.modified = datetime(2025, 3, 1)
    for name, lines in sheets.items():
        sheet = made.create_sheet(name)
        for line in lines:
            sheet.append(line)
        for span in (merge or {}).get(name, ()):
            sheet.merge_cells(span)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    stream = io.BytesIO()
    made.save(stream)
    return _with_cached(stream.getvalue(), cached or {}) if cached else stream.getvalue()


def _with_cached(content: bytes, cached: dict[str, Any]) -> bytes:
    """Put computed values beside formulas, which the writer cannot do."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            text = old.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                for ref, value in cached.items():
                    text = _cached_cell(text, ref, value)
            new.writestr(zipfile.ZipInfo(entry.filename, (2025, 3, 1, 0, 0, 0)), text)
    return stream.getvalue()


def _cached_cell(xml: bytes, ref: str, value: Any) -> bytes:
    kind = "e" if str(value).startswith("#") else "str" if isinstance(value, str) else "n"
    pattern = re.compile(rf'<c r="{ref}"[^>]*><f>(.*?)</f><v ?/?>(?:</v>)?</c>'.encode())
    found = pattern.search(xml)
    assert found is not None, ref
    cell = b'<c r="%s" t="%s"><f>%s</f><v>%s</v></c>' % (ref.encode(), kind.encode(), found[1], str(value).encode())
    return xml[: found.start()] + cell + xml[found.end() :]


def text(rows: list[list[Any]], delimiter: str, encoding: str, first: str = "") -> bytes:
    """Return a table as text with separators."""
    stream = io.StringIO(newline="")
    stream.write(first)
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue().encode(encoding)

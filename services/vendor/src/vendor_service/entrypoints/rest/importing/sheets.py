"""Tables as Excel and CSV files, made piece by piece: a register of 300,000 rows never stands in memory."""

import csv
import io
import zipfile
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from xml.sax.saxutils import escape

from vendor_service.domain.imports.changes.template import Shown, safe

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"

Batches = AsyncIterator[Sequence[Sequence[Shown]]]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Data UMKM" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}


class _Pieces(io.RawIOBase):
    """Collects what the archive writes until it is handed on; cannot be wound back, and the archive knows."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        self._held += piece
        return len(piece)

    def take(self) -> bytes:
        held = bytes(self._held)
        self._held.clear()
        return held


async def xlsx(batches: Batches) -> AsyncIterator[bytes]:
    """Yield a workbook of one sheet, texts inline."""
    pieces = _Pieces()
    with zipfile.ZipFile(pieces, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for name, text in _PARTS.items():
            archive.writestr(name, _HEAD + text)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            async for batch in batches:
                sheet.write("".join(f"<row>{_cells(row)}</row>" for row in batch).encode())
                yield pieces.take()
            sheet.write(b"</sheetData></worksheet>")
    yield pieces.take()


def _cells(row: Iterable[Shown]) -> str:
    return "".join(map(_cell, row))


def _cell(cell: Shown) -> str:
    if cell is None:
        return "<c/>"
    if isinstance(cell, int):
        return f"<c><v>{cell}</v></c>"
    text = escape("".join(char for char in str(safe(cell)) if char >= " " or char in "\n\t"))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


async def csv_text(batches: Batches) -> AsyncIterator[bytes]:
    """Yield text with semicolons as Excel writes it here: UTF-8 with a byte order mark."""
    yield b"\xef\xbb\xbf"
    async for batch in batches:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=";").writerows([safe(cell) for cell in row] for row in batch)
        yield text.getvalue().encode()


WRITERS: dict[str, tuple[Callable[[Batches], AsyncIterator[bytes]], str]] = {
    "xlsx": (xlsx, XLSX),
    "csv": (csv_text, CSV),
}
"""Ending of a file's name -> what writes it, and its media type."""

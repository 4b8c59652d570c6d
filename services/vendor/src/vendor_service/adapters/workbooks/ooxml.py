"""Reads the sheets of an .xlsx row by row, so that a list of 300,000 businesses needs no more memory than a short one.

Sheets are taken apart by patterns, since that is as fast as a reader that holds everything; what the patterns do not
cover goes through an XML parser row by row, and a workbook that is built in some other way altogether raises
`UnfamiliarWorkbook`, for a general reader to try.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import IO
from xml.etree import ElementTree

from vendor_service.adapters.workbooks.shared_strings import Strings, read_strings, text_of_escapes
from vendor_service.adapters.workbooks.sheet import Doubts, Numbered, Sheet
from vendor_service.domain.errors import WorkbookRefused
from vendor_service.domain.imports.cells import BROKEN_FORMULA, EMPTY_FORMULA, LINKED_FORMULA, Cell

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BLOCK = 1 << 18
_LONGEST_ROW = 16 << 20
_HELD_WHOLE = 32 << 20
_MOST_MERGES = 100_000
_FURTHEST_COLUMN = 16_384
_LONGEST_WHOLE = 20
_ROW_NUMBER = re.compile(rb'<row\b[^>]*?\br="(\d+)"')
_USUAL = re.compile(rb'<c r="([A-Z]+)[0-9]+"(?: s="([0-9]+)")?(?: t="([a-z]+)")?><v>([^<]*)</v></c>')
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)"')
_OTHER_FILE = re.compile(r"\[\d+\]")
_ROW_START = b'<row xmlns:x14ac="x" xmlns:xr="x" xmlns:r="x">'
_DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_NO_DATE_PART = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)


class UnfamiliarWorkbook(Exception):
    """The parts of this workbook are not where and as spreadsheet programs put them."""


class _Places(dict[bytes, int]):
    """Places of columns from 0 by their letters: A is 0, AB is 27."""

    def __missing__(self, letters: bytes) -> int:
        found = 0
        for letter in letters:
            found = found * 26 + letter - 64
        if found > _FURTHEST_COLUMN:
            raise _broken()
        self[letters] = found - 1
        return found - 1


@dataclass(slots=True)
class _Book:
    """What all sheets of a workbook need."""

    strings: Strings
    dates: frozenset[bytes]
    epoch: date
    places: _Places = field(default_factory=_Places)


def sheets_of(archive: zipfile.ZipFile) -> Iterator[Sheet]:
    """Yield the worksheets in the sequence of the workbook.

    Raises:
        UnfamiliarWorkbook: It must be read in some other way.
    """
    root = _xml(archive, "xl/workbook.xml")
    targets = {one.get("Id"): one for one in _xml(archive, "xl/_rels/workbook.xml.rels")}
    properties = root.find(f"{_MAIN}workbookPr")
    from_1904 = properties is not None and properties.get("date1904") in {"1", "true"}
    book = _Book(read_strings(archive), _date_styles(archive), _EPOCH_1904 if from_1904 else _EPOCH)
    for one in root.iterfind(f"{_MAIN}sheets/{_MAIN}sheet"):
        target = targets.get(one.get(_RELATION))
        if target is None or not (target.get("Type") or "").endswith("/worksheet"):
            continue
        path = (target.get("Target") or "").lstrip("/")
        part = path if path.startswith("xl/") else f"xl/{path}"
        if part not in archive.NameToInfo:
            raise UnfamiliarWorkbook
        _check_beginning(archive, part)
        yield _sheet(archive, book, part, one.get("name") or part, hidden=one.get("state", "visible") != "visible")


def _check_beginning(archive: zipfile.ZipFile, part: str) -> None:
    """Refuse a sheet whose elements carry a prefix or whose text is not UTF-8, before a row of the workbook is read."""
    with archive.open(part) as stream:
        if b"<sheetData" not in stream.read(_BLOCK):
            raise UnfamiliarWorkbook


def _sheet(archive: zipfile.ZipFile, book: _Book, part: str, name: str, *, hidden: bool) -> Sheet:
    # A sheet says at its end which cells are merged, and a reader wants to know it at the beginning.
    small = archive.getinfo(part).file_size <= _HELD_WHOLE
    content = archive.read(part) if small else b""

    def blocks() -> Iterator[bytes]:
        return iter((content,)) if small else _blocks(archive, part)

    def merges() -> list[tuple[int, int, int, int]]:
        tail = content[content.rfind(b"</sheetData>") :] if small else _tail(archive, part)
        return [
            (int(top) - 1, book.places[left], int(bottom) - 1, book.places[right])
            for left, top, right, bottom in _MERGED.findall(tail)[:_MOST_MERGES]
        ]

    return Sheet(name, hidden, lambda: _rows(blocks(), book), merges)


def _blocks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    with archive.open(part) as stream:
        yield from _whole_rows(stream)


def _whole_rows(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield pieces of a sheet that end behind a row."""
    rest = b""
    while block := stream.read(_BLOCK):
        block = rest + block if rest else block
        end = block.rfind(b"</row>") + 6
        if end == 5:
            if len(block) > _LONGEST_ROW:
                raise _broken()
            rest = block
            continue
        yield block[:end]
        rest = block[end:]
    yield rest


def _tail(archive: zipfile.ZipFile, part: str) -> bytes:
    """Return what stands behind the rows of a sheet that is too large to hold."""
    kept = b""
    with archive.open(part) as stream:
        found = False
        while block := stream.read(_BLOCK):
            kept = kept + block if found else kept[-16:] + block
            at = -1 if found else kept.find(b"</sheetData>")
            if at >= 0:
                found, kept = True, kept[at:]
            if found and len(kept) > _HELD_WHOLE:
                break
    return kept if found else b""


def _rows(blocks: Iterator[bytes], book: _Book) -> Iterator[Numbered]:
    last = 0
    for block in blocks:
        # Rows without cells close themselves and stand before a row that has some: the last beginning is that row's.
        for piece in block.partition(b"</sheetData>")[0].split(b"</row>"):
            start = max(piece.rfind(b"<row "), piece.rfind(b"<row>"))
            if start < 0:
                continue
            number = _ROW_NUMBER.match(piece, start)
            last = int(number.group(1)) if number else last + piece.count(b"<row")
            try:
                cells, doubts = _cells(piece, start, book)
            except (ElementTree.ParseError, ValueError, IndexError, OverflowError) as error:
                raise _broken() from error
            if cells:
                yield last, cells, doubts


def _cells(body: bytes, start: int, book: _Book) -> tuple[list[Cell], Doubts]:
    found = _USUAL.findall(body, start)
    if len(found) != body.count(b"<v", start) or b"<f" in body or b"<is" in body or b"<!" in body:
        return _unusual_cells(body[body.index(b">", start) + 1 :], book)
    if not found:
        return [], None
    strings, dates, places = book.strings, book.dates, book.places
    cells: list[Cell] = [None] * (places[found[-1][0]] + 1)
    try:
        for letters, style, kind, value in found:
            if kind == b"s":
                cells[places[letters]] = strings[int(value)]
            elif kind:
                return _unusual_cells(body[body.index(b">", start) + 1 :], book)
            elif style in dates:
                cells[places[letters]] = _day(value, book.epoch)
            elif value.isdigit() and len(value) <= _LONGEST_WHOLE:
                # Written without a point a number is exact, however many digits it has.
                cells[places[letters]] = int(value)
            else:
                cells[places[letters]] = float(value)
    except IndexError:
        # Cells that do not follow one another from left to right, or a text that is not there.
        return _unusual_cells(body[body.index(b">", start) + 1 :], book)
    return cells, None


def _day(value: bytes | str, epoch: date) -> Cell:
    serial = float(value)
    if not 1 <= serial < 2_958_466:
        return serial
    return epoch + timedelta(days=int(serial))


def _unusual_cells(body: bytes, book: _Book) -> tuple[list[Cell], Doubts]:
    """Read a row with formulas, inline texts, errors, comments, or attributes in another sequence."""
    row = ElementTree.fromstring(_ROW_START + body + b"</row>")  # noqa: S314  no declaration, so no entities
    cells: list[Cell] = []
    doubts: dict[int, str] = {}
    for one in row.iterfind("c"):
        letters = (one.get("r") or "").rstrip("0123456789")
        place = book.places[letters.encode()] if letters else len(cells)
        cells += [None] * (place + 1 - len(cells))
        formula, value = one.find("f"), one.findtext("v")
        cells[place] = _value(one, value, book)
        if one.get("t") == "e":
            doubts[place] = BROKEN_FORMULA
        elif formula is not None and cells[place] is None:
            doubts[place] = EMPTY_FORMULA
        elif formula is not None and _OTHER_FILE.search(formula.text or ""):
            doubts[place] = LINKED_FORMULA
    return cells, doubts or None


def _value(cell: ElementTree.Element, value: str | None, book: _Book) -> Cell:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(text.text or "" for text in cell.iter("t")) or None
    if not value or kind == "e":
        return None
    if kind == "s":
        return book.strings[int(value)]
    if kind == "n":
        if cell.get("s", "").encode() in book.dates:
            return _day(value, book.epoch)
        return int(value) if value.isdigit() and len(value) <= _LONGEST_WHOLE else float(value)
    if kind == "b":
        return "ya" if value.strip() == "1" else "tidak"
    if kind == "d":
        return value[:10]
    return text_of_escapes(value)


def _date_styles(archive: zipfile.ZipFile) -> frozenset[bytes]:
    """Return the numbers of the cell styles that show a number as a date."""
    if "xl/styles.xml" not in archive.NameToInfo:
        return frozenset()
    root = _xml(archive, "xl/styles.xml")
    own = {
        one.get("numFmtId"): bool(re.search("[dmyhs]", _NO_DATE_PART.sub("", one.get("formatCode") or "").casefold()))
        for one in root.iterfind(f"{_MAIN}numFmts/{_MAIN}numFmt")
    }
    return frozenset(
        str(place).encode()
        for place, one in enumerate(root.iterfind(f"{_MAIN}cellXfs/{_MAIN}xf"))
        if own.get(one.get("numFmtId"), int(one.get("numFmtId") or 0) in _DATE_FORMATS)
    )


def _xml(archive: zipfile.ZipFile, part: str) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(archive.read(part))  # noqa: S314  expat bounds what entities expand to
    except (KeyError, ElementTree.ParseError) as error:
        raise UnfamiliarWorkbook from error


def _broken() -> WorkbookRefused:
    return WorkbookRefused("WORKBOOK_NOT_READABLE", "Isi lembar kerja rusak.")

"""Reads one uploaded file in a process of its own and writes rows to its parent.

A workbook is a stranger's file: it may burst, hang or crash the reader. Here it can do so without taking the service
along, under limits of memory and time, and its parsing does not hold the service's interpreter. Run as a program by
`process`; nothing else imports it at run time.

Input: one line of JSON (tenant, today, areas), then the file. Output: frames of four bytes length and a marshalled
tuple: ("layout", …), ("rows", …), ("refused", code, detail, columns seen), ("end", number of rows).
"""

import csv
import gc
import io
import json
import marshal
import re
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, islice
from typing import Any, BinaryIO

from vendor_service.domain.areas import Area, AreaIndex
from vendor_service.domain.errors import WorkbookRefused
from vendor_service.domain.imports.cells import Cell, text_of
from vendor_service.domain.imports.columns import column_of
from vendor_service.domain.imports.header import LOOK_AT, Header, find_header, texts_seen
from vendor_service.domain.imports.job import MAX_COLUMNS, MAX_RATIO, MAX_ROWS, MAX_UNPACKED_BYTES
from vendor_service.domain.imports.row import RowParser

_MEMORY_BYTES = 1536 * 1024 * 1024
_CPU_SECONDS = 300
_BATCH = 500
_TOTALS = re.compile(r"^(sub\s*|grand\s*)?(jumlah|total)\b|^rekap", re.IGNORECASE)
_SMALLEST_SUSPECT = 100 * 1024 * 1024
_PARTS = 2_000

Numbered = tuple[int, Sequence[Cell]]


def main() -> int:
    """Read standard input, write frames to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    # Rows hold no cycles, and the process ends with its file: looking for garbage would cost a third of its time.
    gc.disable()
    source, target = sys.stdin.buffer, sys.stdout.buffer
    order = json.loads(source.readline())
    areas = AreaIndex(order["tenant"], (Area(code, name, kind, parent) for code, name, kind, parent in order["areas"]))
    try:
        for frame in read(source.read(), areas, date.fromisoformat(order["today"])):
            _write(target, frame)
    except WorkbookRefused as refusal:
        _write(target, ("refused", refusal.code, refusal.detail, refusal.columns_seen))
    except MemoryError:
        _write(target, ("refused", "WORKBOOK_TOO_LARGE_UNPACKED", "Isi berkas terlalu besar untuk dibaca.", []))
    return 0


def read(content: bytes, areas: AreaIndex, today: date) -> Iterator[tuple[Any, ...]]:
    """Yield the frames of a file.

    Raises:
        WorkbookRefused: The file as a whole cannot be read.
    """
    total = 0
    skipped: list[str] = []
    seen: list[str] = []
    missing: tuple[str, ...] = ()
    found = False
    for name, rows in _tables(content):
        head = list(islice(rows, LOOK_AT))
        header = find_header([cells for _, cells in head])
        if header is None or header.missing:
            texts = texts_seen([cells for _, cells in head])
            seen = max(seen, texts, key=len)
            missing = header.missing if header else missing
            skipped.append(name)
            continue
        found = True
        yield ("layout", name, dict(header.columns), list(header.ignored))
        for batch in _batches(
            _data(chain(head[header.first_row :], rows), header), RowParser(header.columns, areas, today)
        ):
            lines = [(total + place, name, *line) for place, line in enumerate(batch, start=1)]
            total += len(batch)
            if total > MAX_ROWS:
                raise WorkbookRefused("TOO_MANY_ROWS", f"Berkas memuat lebih dari {MAX_ROWS:,} baris data.")
            yield ("rows", lines)
    if not found:
        raise _no_header(seen, missing)
    if total == 0:
        raise WorkbookRefused("WORKBOOK_EMPTY", "Tabel tidak memuat satu pun baris data.")
    yield ("end", total, skipped)


def _no_header(seen: list[str], missing: tuple[str, ...]) -> WorkbookRefused:
    if not seen:
        return WorkbookRefused("WORKBOOK_EMPTY", "Berkas tidak memuat tabel.")
    if missing:
        detail = "Kolom wajib tidak ditemukan: " + ", ".join(missing) + "."
        return WorkbookRefused("REQUIRED_COLUMNS_MISSING", detail, seen)
    return WorkbookRefused("HEADER_NOT_FOUND", "Baris judul kolom tidak ditemukan.", seen)


def _batches(rows: Iterable[Numbered], parser: RowParser) -> Iterator[list[tuple[Any, ...]]]:
    rows = iter(rows)
    while chunk := list(islice(rows, _BATCH)):
        batch = []
        for number, cells in chunk:
            row = parser.parse(cells)
            batch.append((number, row.profile, row.private, row.owners, row.warnings, row.rejections))
        yield batch


def _data(rows: Iterable[Numbered], header: Header) -> Iterator[Numbered]:
    """Yield the rows that hold data: no blank ones, totals, numbering, or headers repeated at a page break."""
    number_column = header.columns.get("no")
    own = sorted(place for place in header.columns.values() if place != number_column)
    name_columns = [header.columns[name] for name in ("nama_usaha", "nama_pemilik")]
    for number, cells in rows:
        width = len(cells)
        first = next((text for place in own if place < width and (text := text_of(cells[place]))), None)
        if first is None:
            continue
        names = [text for place in name_columns if place < width and (text := text_of(cells[place]))]
        label = text_of(cells[number_column]) if number_column is not None and number_column < width else None
        is_total = len(names) < 2 and any(text and _TOTALS.match(text) for text in (first, label))
        is_header = len(names) == 2 and all(column_of(name) for name in names)
        if not is_total and not is_header:
            yield number, cells


def _tables(content: bytes) -> Iterator[tuple[str, Iterator[Numbered]]]:
    if not content.strip(b"\x00 \r\n\t"):
        raise WorkbookRefused("WORKBOOK_EMPTY", "Berkas kosong.")
    start = content[:1024].lstrip()
    if start.startswith(b"%PDF"):
        raise WorkbookRefused("WORKBOOK_IS_PDF", "Berkas ini PDF, bukan lembar kerja.")
    if start.startswith(b"PK"):
        _check_archive(content)
        return _sheets(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return _sheets(content)
    return _text_table(content)


def _check_archive(content: bytes) -> None:
    """Look at the archive's own list of sizes before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise WorkbookRefused("WORKBOOK_NOT_READABLE", "Arsip lembar kerja rusak.") from error
    unpacked = sum(entry.file_size for entry in entries)
    bursting = unpacked > _SMALLEST_SUSPECT and unpacked > MAX_RATIO * len(content)
    if unpacked > MAX_UNPACKED_BYTES or bursting or len(entries) > _PARTS:
        raise WorkbookRefused("WORKBOOK_TOO_LARGE_UNPACKED", "Isi berkas terlalu besar setelah dibuka.")


def _sheets(content: bytes) -> Iterator[tuple[str, Iterator[Numbered]]]:
    """Yield the visible sheets; hidden ones are somebody's backup."""
    from python_calamine import CalamineError, SheetTypeEnum, SheetVisibleEnum, load_workbook

    try:
        workbook = load_workbook(io.BytesIO(content))
        for sheet in workbook.sheets_metadata:
            if sheet.typ is not SheetTypeEnum.WorkSheet or sheet.visible is not SheetVisibleEnum.Visible:
                continue
            table = workbook.get_sheet_by_name(sheet.name)
            if table.height == 0:
                continue
            if table.height > MAX_ROWS + 1000:
                raise WorkbookRefused("TOO_MANY_ROWS", f"Berkas memuat lebih dari {MAX_ROWS:,} baris data.")
            if table.width > MAX_COLUMNS:
                raise WorkbookRefused("TOO_MANY_COLUMNS", f"Lembar {sheet.name} memuat lebih dari {MAX_COLUMNS} kolom.")
            top = table.start[0] if table.start else 0
            yield sheet.name, ((top + place, row) for place, row in enumerate(table.iter_rows(), start=1))
    except (CalamineError, ValueError, OSError, zipfile.BadZipFile) as error:
        raise WorkbookRefused("WORKBOOK_NOT_READABLE", "Berkas tidak dapat dibaca sebagai lembar kerja.") from error


def _text_table(content: bytes) -> Iterator[tuple[str, Iterator[Numbered]]]:
    """Read text with separators: UTF-8 with or without byte order mark, UTF-16 with one, else Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", errors="replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", errors="replace")
    sample = text[:20_000]
    odd = sum(char < " " and char not in "\r\n\t" for char in sample) + sample.count("\ufffd")
    if odd * 50 > len(sample) or sample.lstrip()[:1] == "<":
        raise WorkbookRefused("WORKBOOK_NOT_READABLE", "Berkas bukan lembar kerja Excel dan bukan CSV.")
    delimiter = max(";,\t|", key=sample.count)
    csv.field_size_limit(100_000)
    return iter([("CSV", _csv_rows(text, delimiter))])


def _csv_rows(text: str, delimiter: str) -> Iterator[Numbered]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            if len(row) > MAX_COLUMNS:
                raise WorkbookRefused("TOO_MANY_COLUMNS", f"Berkas memuat lebih dari {MAX_COLUMNS} kolom.")
            yield reader.line_num, row
    except csv.Error as error:
        raise WorkbookRefused("WORKBOOK_NOT_READABLE", "Berkas CSV rusak.") from error


def _write(target: BinaryIO, frame: tuple[Any, ...]) -> None:
    body = marshal.dumps(frame)
    target.write(len(body).to_bytes(4, "big") + body)
    target.flush()


if __name__ == "__main__":
    sys.exit(main())

"""Reads one uploaded file in a process of its own and writes rows to its parent.

A workbook is a stranger's file: it may burst, hang or crash the reader. Here it can do so without taking the service
along, under limits of memory and time, and its parsing does not hold the service's interpreter. Run as a program by
`process`; nothing else imports it at run time.

Input: one line of JSON (tenant, today, areas, sheets, mapping), then the file. Output: frames of four bytes length and
a marshalled tuple: ("layout", …), ("rows", …), ("refused", code, detail, columns seen), ("broken", kind, place),
("end", …).
"""

import gc
import json
import marshal
import resource
import sys
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

from vendor_service.adapters.workbooks.sheet import Sheet
from vendor_service.adapters.workbooks.tables import sheets
from vendor_service.domain.areas import Area, AreaIndex
from vendor_service.domain.errors import WorkbookRefused
from vendor_service.domain.imports.body import SAMPLE, Placed, TableBody
from vendor_service.domain.imports.damage import DamageWatch, one_column
from vendor_service.domain.imports.header import LOOK_AT, Header, find_header, texts_seen
from vendor_service.domain.imports.job import MAX_COLUMNS, MAX_ROWS
from vendor_service.domain.imports.mapping import NO_OPTIONS, HeaderMapping, ReadOptions, fingerprint
from vendor_service.domain.imports.row import RowParser

_MEMORY_BYTES = 1536 * 1024 * 1024
_CPU_SECONDS = 300
_BATCH = 500


def main() -> int:
    """Read standard input, write frames to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    # Rows hold no cycles, and the process ends with its file: looking for garbage would cost a third of its time.
    gc.disable()
    source, target = sys.stdin.buffer, sys.stdout.buffer
    order = json.loads(source.readline())
    areas = AreaIndex(order["tenant"], (Area(code, name, kind, parent) for code, name, kind, parent in order["areas"]))
    chosen = order["sheets"]
    options = ReadOptions(None if chosen is None else tuple(chosen), HeaderMapping(order["mapping"]))
    for frame in answers(source.read(), areas, date.fromisoformat(order["today"]), options):
        _write(target, frame)
    return 0


def answers(content: bytes, areas: AreaIndex, today: date, options: ReadOptions) -> Iterator[tuple[Any, ...]]:
    """Yield the frames of a file, the last of them a refusal if it cannot be read to its end."""
    try:
        yield from read(content, areas, today, options)
    except WorkbookRefused as refusal:
        yield "refused", refusal.code, refusal.detail, refusal.columns_seen
    except MemoryError:
        yield "refused", "WORKBOOK_TOO_LARGE_UNPACKED", "Isi berkas terlalu besar untuk dibaca.", []
    except Exception as error:
        # Whatever a stranger's file breaks here, its owner hears that it cannot be read; the parent logs where.
        yield "broken", type(error).__name__, _place_of(error)


def _place_of(error: BaseException) -> str:
    """Return where an error arose. Never what it says: that may be a cell, hence somebody's number."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno} {last.name}"


def read(content: bytes, areas: AreaIndex, today: date, options: ReadOptions = NO_OPTIONS) -> Iterator[tuple[Any, ...]]:
    """Yield the frames of a file.

    Raises:
        WorkbookRefused: The file as a whole cannot be read.
    """
    return _Reading(areas, today, options).frames(content)


class _Reading:
    """What is known while a file is read."""

    def __init__(self, areas: AreaIndex, today: date, options: ReadOptions) -> None:
        self._areas = areas
        self._today = today
        self._options = options
        self._total = 0
        self._tables = 0
        self._skipped: list[str] = []
        self._hidden: list[str] = []
        self._rows_skipped: Counter[str] = Counter()
        self._seen: list[str] = []
        self._missing: tuple[str, ...] = ()

    def frames(self, content: bytes) -> Iterator[tuple[Any, ...]]:
        """Yield the frames of a file."""
        wanted = self._options.sheets
        found: set[str] = set()
        for sheet in sheets(content):
            found.add(sheet.name)
            if wanted is not None and sheet.name not in wanted:
                (self._hidden if sheet.hidden else self._skipped).append(sheet.name)
            elif wanted is None and sheet.hidden:
                self._hidden.append(sheet.name)
            else:
                yield from self._sheet(sheet)
        lacking = [name for name in wanted or () if name not in found]
        if lacking:
            names = ", ".join(sorted(found))
            raise WorkbookRefused("SHEET_NOT_FOUND", f"Lembar {', '.join(lacking)} tidak ada. Yang ada: {names}.")
        if not self._tables:
            raise self._no_table()
        if self._total == 0:
            raise WorkbookRefused("WORKBOOK_EMPTY", "Tabel tidak memuat satu pun baris data.")
        yield ("end", self._total, self._skipped, self._hidden, dict(self._rows_skipped))

    def _sheet(self, sheet: Sheet) -> Iterator[tuple[Any, ...]]:
        merges = sheet.merges()
        rows = sheet.rows()
        head = list(islice(rows, LOOK_AT))
        first_rows = [cells for _, cells, _ in head]
        if not head:
            return
        if any(sum(cell is not None and cell != "" for cell in cells) > MAX_COLUMNS for cells in first_rows):
            raise WorkbookRefused("TOO_MANY_COLUMNS", f"Lembar {sheet.name} memuat lebih dari {MAX_COLUMNS} kolom.")
        header = find_header(first_rows, self._options.mapping)
        if header is None or header.missing:
            one_column(first_rows)
            texts = [one.header for one in header.headers][:60] if header else texts_seen(first_rows)
            self._seen = max(self._seen, texts, key=len)
            self._missing = header.missing if header else self._missing
            self._skipped.append(sheet.name)
            return
        self._tables += 1
        yield self._layout(sheet, header)
        body = TableBody(header, self._areas, merges, sheet.name)
        sample = list(islice(chain(head[header.first_row :], rows), SAMPLE))
        parser = RowParser(header.columns, self._areas, self._today, header.scales)
        for batch in self._batches(body.rows(sample, rows), parser, DamageWatch(header.columns)):
            lines = [(self._total + place, sheet.name, *line) for place, line in enumerate(batch, start=1)]
            self._total += len(batch)
            if self._total > MAX_ROWS:
                raise WorkbookRefused("TOO_MANY_ROWS", f"Berkas memuat lebih dari {MAX_ROWS:,} baris data.")
            yield ("rows", lines)
        self._rows_skipped += body.skipped

    def _layout(self, sheet: Sheet, header: Header) -> tuple[Any, ...]:
        headers = [(one.place, one.header, one.key, one.column, one.confidence, one.how.value)
                   for one in header.headers]  # fmt: skip
        mark = fingerprint(one.key for one in header.headers)
        return ("layout", sheet.name, dict(header.columns), list(header.ignored), headers, mark, sheet.hidden)

    def _batches(
        self, rows: Iterable[Placed], parser: RowParser, watch: DamageWatch
    ) -> Iterator[list[tuple[Any, ...]]]:
        rows = iter(rows)
        while chunk := list(islice(rows, _BATCH)):
            batch = []
            for number, cells, doubts, hint in chunk:
                row = parser.parse(cells, doubts, hint)
                batch.append((number, row.profile, row.private, row.owners, row.warnings, row.rejections, row.raw))
                watch.look(cells, row.warnings)
            watch.check()
            yield batch
        watch.check(at_end=True)

    def _no_table(self) -> WorkbookRefused:
        if not self._seen:
            return WorkbookRefused("WORKBOOK_EMPTY", "Berkas tidak memuat tabel.")
        if self._missing:
            detail = "Kolom wajib tidak ditemukan: " + ", ".join(self._missing) + "."
            return WorkbookRefused("REQUIRED_COLUMNS_MISSING", detail, self._seen)
        return WorkbookRefused("HEADER_NOT_FOUND", "Baris judul kolom tidak ditemukan.", self._seen)


def _write(target: BinaryIO, frame: tuple[Any, ...]) -> None:
    body = marshal.dumps(frame)
    target.write(len(body).to_bytes(4, "big") + body)
    target.flush()


if __name__ == "__main__":
    sys.exit(main())

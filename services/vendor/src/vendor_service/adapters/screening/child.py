"""Reads one uploaded list in a process of its own, as the import does, and writes its rows to its parent.

Input: one line of JSON (kind, today), then the file. Output: lines of JSON: `{"rows": …}`, last `{"rejected": …}` or
`{"refused": …}`. The parent is trusted with the numbers, nothing else is: they are written nowhere.
"""

import gc
import json
import resource
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from itertools import chain, islice
from typing import Any

from vendor_service.adapters.workbooks.tables import sheets
from vendor_service.domain.errors import WorkbookRefused
from vendor_service.domain.screening.rows import LOOK_AT, ListKind, ListReader

_MEMORY_BYTES = 1024 * 1024 * 1024
_CPU_SECONDS = 120
_BATCH = 1000


def main() -> int:
    """Read standard input, write lines to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    gc.disable()
    order = json.loads(sys.stdin.buffer.readline())
    reader = ListReader(ListKind(order["kind"]), date.fromisoformat(order["today"]))
    try:
        for batch in batches(sys.stdin.buffer.read(), reader):
            _write({"rows": batch})
        _write({"rejected": dict(reader.rejected)})
    except WorkbookRefused as refusal:
        _write({"refused": [refusal.code, refusal.detail]})
    except MemoryError:
        _write({"refused": ["WORKBOOK_TOO_LARGE_UNPACKED", "Isi berkas terlalu besar untuk dibaca."]})
    return 0


def batches(content: bytes, reader: ListReader) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of every visible sheet that has the headings.

    Raises:
        WorkbookRefused: No sheet has them, or the file cannot be read.
    """
    found = False
    for sheet in sheets(content):
        if sheet.hidden:
            continue
        rows = (row[1] for row in sheet.rows())
        head = list(islice(rows, LOOK_AT))
        place = reader.find_header(head)
        if place is None:
            continue
        found = True
        read = (reader.read(cells) for cells in chain(head[place + 1 :], rows))
        known = (asdict(row) for row in read if row is not None)
        while batch := list(islice(known, _BATCH)):
            yield batch
    if not found:
        raise WorkbookRefused("REQUIRED_COLUMNS_MISSING", "Judul kolom yang wajib tidak ditemukan.")


def _write(line: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(line, default=date.isoformat).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())

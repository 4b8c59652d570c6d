"""Reads text with separators: UTF-8 with or without byte order mark, UTF-16 with one, else Windows-1252."""

import codecs
import csv
import io
from collections.abc import Iterator

from vendor_service.adapters.workbooks.sheet import Numbered, Sheet
from vendor_service.domain.errors import WorkbookRefused
from vendor_service.domain.imports.header import LOOK_AT, find_header
from vendor_service.domain.imports.job import MAX_COLUMNS

_SAMPLE = 64 * 1024
_BLOCK = 1 << 20
_CELL_LENGTH = 100_000
_DELIMITERS = (";", ",", "\t", "|")


def text_table(content: bytes) -> Sheet:
    """Return the one table of a text file.

    Raises:
        WorkbookRefused: The content is no text, or a web page.
    """
    encoding = _encoding(content)
    sample = content[: _SAMPLE * 2].decode(encoding, errors="replace")[:_SAMPLE]
    odd = sum(char < " " and char not in "\r\n\t" for char in sample) + sample.count("\ufffd")
    start = sample.lstrip("\ufeff \r\n\t")[:200].casefold()
    if start.startswith("<") and ("<html" in start or "<table" in start or "<!doctype" in start):
        raise WorkbookRefused(
            "WORKBOOK_IS_HTML",
            "Berkas ini halaman web yang diberi nama Excel; buka di Excel lalu simpan sebagai .xlsx.",
        )
    if odd * 50 > len(sample) or start.startswith("<"):
        raise WorkbookRefused("WORKBOOK_NOT_READABLE", "Berkas bukan lembar kerja Excel dan bukan CSV.")
    delimiter, first = _delimiter(sample)
    return Sheet("CSV", False, lambda: _rows(content, encoding, delimiter, first), list)


def _encoding(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        for start in range(0, len(content), _BLOCK):
            decoder.decode(content[start : start + _BLOCK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _delimiter(sample: str) -> tuple[str, int]:
    """Return what separates the cells, and the number of lines to pass over: Excel may say it in a first line."""
    first, _, _ = sample.lstrip("\ufeff").partition("\n")
    told = first.strip().strip('"').casefold()
    if told.startswith("sep=") and len(told) == 5:
        return told[4], 1

    def columns(delimiter: str) -> tuple[int, int]:
        lines = io.StringIO(sample, newline="")
        try:
            rows = [row for row, _ in zip(csv.reader(lines, delimiter=delimiter), range(LOOK_AT + 2), strict=False)]
        except csv.Error:
            return 0, 0
        header = find_header(rows)
        return len(header.columns) if header else 0, sample.count(delimiter)

    return max(_DELIMITERS, key=columns), 0


def _rows(content: bytes, encoding: str, delimiter: str, first: int) -> Iterator[Numbered]:
    csv.field_size_limit(_CELL_LENGTH)
    text = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, errors="replace", newline="")
    reader = csv.reader(text, delimiter=delimiter)
    try:
        for row in reader:
            if len(row) > MAX_COLUMNS:
                raise WorkbookRefused("TOO_MANY_COLUMNS", f"Berkas memuat lebih dari {MAX_COLUMNS} kolom.")
            if reader.line_num > first:
                yield reader.line_num, row, None
    except csv.Error as error:
        raise WorkbookRefused("WORKBOOK_NOT_READABLE", "Berkas CSV rusak.") from error

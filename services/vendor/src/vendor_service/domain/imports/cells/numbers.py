"""What a cell says about a count or a coordinate."""

import re
from datetime import date, datetime, time, timedelta

from vendor_service.domain.imports.cells.text import Cell, text_of

_DEGREES = re.compile(r"-?\d{1,3}([.,]\d{1,15})?")
_WHOLE = re.compile(r"^(\d{1,3}(?:[.,]\d{3})+|\d{1,15})(?:[.,]0+)?(?:\s*[a-z/ .]*)?$")


def whole_of(cell: Cell, low: int, high: int) -> tuple[int | None, str | None]:
    """Read a whole number between two bounds, as in "12 orang" or 12.0."""
    if isinstance(cell, bool | date | datetime | time | timedelta):
        return None, "NUMBER_NOT_READABLE"
    if isinstance(cell, float | int):
        if cell != cell or abs(cell) > 1e15 or cell != int(cell):
            return None, "NUMBER_NOT_READABLE"
        number = int(cell)
    else:
        text = text_of(cell)
        if text is None:
            return None, None
        found = _WHOLE.match(text.casefold())
        if found is None:
            return None, "NUMBER_NOT_READABLE"
        number = int(found.group(1).replace(".", "").replace(",", ""))
    return (number, None) if low <= number <= high else (None, "NUMBER_OUT_OF_RANGE")


def degrees_of(cell: Cell, bound: int) -> tuple[str | None, str | None]:
    """Read a latitude or longitude as decimal text with at most six places."""
    if isinstance(cell, float):
        return _of_number(cell, bound)
    text = text_of(cell)
    if text is None:
        return None, None
    if not _DEGREES.fullmatch(text):
        return None, "COORDINATE_NOT_READABLE"
    sign, _, body = text.rpartition("-")
    whole, _, tail = body.replace(",", ".").partition(".")
    if int(whole) > bound or ("-" in sign):
        return None, "COORDINATE_OUT_OF_RANGE"
    shown = f"{int(whole)}.{tail[:6] or '0'}"
    return ("-" + shown if text.startswith("-") else shown), None


def _of_number(cell: float, bound: int) -> tuple[str | None, str | None]:
    # Text of a number, as everywhere: what is stored is compared as text.
    whole, _, tail = repr(cell).partition(".")
    if not tail.isdigit():
        return None, "COORDINATE_NOT_READABLE"
    if abs(int(whole)) > bound:
        return None, "COORDINATE_OUT_OF_RANGE"
    return f"{whole}.{tail[:6]}", None

"""What a cell says about a day or a year: date cells, serial numbers, and the ways people write a date."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from vendor_service.domain.imports.cells.text import Cell, text_of


@dataclass(frozen=True, slots=True)
class Day:
    """A date read from a cell; `place` is text found before it, as in "Muncar, 17-08-1945"."""

    value: date | None = None
    reason: str | None = None
    place: str | None = None


_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan januari january", "feb februari pebruari peb february", "mar maret mrt march", "apr april", "mei may",
         "jun juni june", "jul juli july", "agu agustus agt ags agust aug august", "sep september sept",
         "okt oktober oct october", "nov november nop nopember", "des desember dec december"), 1)
    for name in names.split()
}  # fmt: skip
_NUMERIC = re.compile(r"(\d{1,4})[\s./\\-]+(\d{1,2})[\s./\\-]+(\d{1,4})(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?")
_WORDED = re.compile(r"(\d{1,2})[\s.\-/]*([a-z]+)[\s.\-/]*(\d{2,4})")
_AFTER_PLACE = re.compile(r"([^\d]+?)[\s,/.\-]+(\d.*)")
_WEEKDAYS = frozenset(["senin", "selasa", "rabu", "kamis", "jumat", "jum'at", "sabtu", "minggu", "ahad"])
_EXCEL_EPOCH = date(1899, 12, 30)
_OLDEST = date(1900, 1, 1)


def date_of(cell: Cell, today: date) -> Day:
    """Read a date: a date cell, an Excel serial, or text with numbers or Indonesian month names, day first."""
    if isinstance(cell, datetime):
        return _real(cell.date(), today)
    if isinstance(cell, date):
        return _real(cell, today)
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return _of_number(cell, today)
    text = text_of(cell)
    if text is None:
        return Day()
    if text[0].isdigit():
        return Day(*_of_text(text.casefold(), today))
    found = _AFTER_PLACE.fullmatch(text)
    if found is None:
        return Day(*_of_text(text.casefold(), today))
    place = found.group(1).strip(" ,./-")
    value, reason = _of_text(found.group(2).casefold(), today)
    return Day(value, reason, place if place.casefold() not in _WEEKDAYS else None)


def _of_number(number: float, today: date) -> Day:
    # The bounds come first: neither "not a number" nor infinity has a whole part.
    if not 1 <= number < 1e15 or number != int(number):
        return Day(reason="DATE_NOT_READABLE")
    if 1900 <= number <= today.year:
        return Day(reason="DATE_YEAR_ONLY")
    if number <= 80_000:
        return _real(_EXCEL_EPOCH + timedelta(days=int(number)), today)
    return Day(*_of_text(str(int(number)), today))


def _of_text(text: str, today: date) -> tuple[date | None, str | None]:
    if text.isdigit() and text.isascii():
        return _of_digits(text, today)
    worded = _WORDED.search(text)
    if worded and worded.group(2) in _MONTHS:
        return _build(int(worded.group(1)), _MONTHS[worded.group(2)], worded.group(3), today)
    return _of_numbers(text, today)


def _of_digits(text: str, today: date) -> tuple[date | None, str | None]:
    if len(text) == 4 and text[:2] in {"19", "20"}:
        return None, "DATE_YEAR_ONLY"
    if len(text) == 5:
        day = _real(_EXCEL_EPOCH + timedelta(days=int(text)), today)
        return day.value, day.reason
    if len(text) == 8:
        text = (
            f"{text[:2]}-{text[2:4]}-{text[4:]}"
            if text[:2] not in {"19", "20"}
            else f"{text[:4]}-{text[4:6]}-{text[6:]}"
        )
    return _of_numbers(text, today)


def _of_numbers(text: str, today: date) -> tuple[date | None, str | None]:
    numeric = _NUMERIC.fullmatch(text.strip())
    if numeric is None:
        return None, "DATE_NOT_READABLE"
    first, middle, last = numeric.groups()
    if len(first) == 4:
        return _build(int(last), int(middle), first, today)
    if int(middle) > 12 >= int(first):
        return _build(int(middle), int(first), last, today)
    return _build(int(first), int(middle), last, today)


def _build(day: int, month: int, year: str, today: date) -> tuple[date | None, str | None]:
    number = int(year)
    if len(year) <= 2:
        number += 2000 if number <= today.year % 100 else 1900
    try:
        found = _real(date(number, month, day), today)
    except ValueError:
        return None, "DATE_NOT_REAL"
    return found.value, found.reason


def _real(value: date, today: date) -> Day:
    return Day(value) if _OLDEST <= value <= today else Day(reason="DATE_NOT_REAL")


def year_of(cell: Cell, today: date) -> tuple[int | None, str | None]:
    """Read a year: "2015", a date, "sejak 2015", "Th. 2015"."""
    if isinstance(cell, datetime | date):
        number: int | None = cell.year
    else:
        text = text_of(cell)
        if text is None:
            return None, None
        found = re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", text)
        number = int(found[0]) if found else None
        if number is None:
            day = date_of(cell, today)
            number = day.value.year if day.value else None
    if number is None:
        return None, "YEAR_NOT_READABLE"
    return (number, None) if 1900 <= number <= today.year else (None, "YEAR_NOT_REAL")

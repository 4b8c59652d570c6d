"""What a single cell means: text, amounts, dates, whole numbers, as people type them into spreadsheets.

Every function takes the cell as the reader gives it and returns the value with a reason when it cannot be read; none
of them raises, since one bad cell must not stop a row.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

Cell = str | float | int | bool | date | datetime | time | timedelta | None

MAX_RUPIAH = 10**15
_EMPTY_WORDS = (
    "-;--;---;.;n/a;na;nihil;null;none;tidak ada;tdk ada;tidak punya;belum ada;belum;blm ada;tidak;kosong;xxx;"
    "#n/a;#ref!;#value!;#name?;#div/0!;#null!"
)
_EMPTY = frozenset(["", *_EMPTY_WORDS.split(";")])
_QUOTES = "'’‘`\"“”"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060\ufeff\ufffe\uffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount read from a cell.

    Attributes:
        rupiah: Whole rupiah; the upper bound of a range; none if the cell gives no amount.
        reason: Why it cannot be read.
        warning: A doubt about an amount that was read.
        below: For "< 2 M": the bound of a class that was declared instead of an amount.
    """

    rupiah: int | None = None
    reason: str | None = None
    warning: str | None = None
    below: int | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """A date read from a cell; `place` is text found before it, as in "Muncar, 17-08-1945"."""

    value: date | None = None
    reason: str | None = None
    place: str | None = None


def text_of(cell: Cell, limit: int = 300) -> str | None:
    """Return the text of a cell without edge blanks, leading apostrophe and placeholders such as "-"."""
    if cell is None:
        return None
    if isinstance(cell, str):
        text = cell
    elif isinstance(cell, bool):
        text = "ya" if cell else "tidak"
    elif isinstance(cell, float) and cell == cell and abs(cell) < 1e15 and cell == int(cell):
        text = str(int(cell))
    else:
        text = str(cell)
    if not text.isprintable():
        text = " ".join(_SURROGATE.sub("", _CONTROL.sub("", text)).split())
    elif "  " in text or text[:1] == " " or text[-1:] == " ":
        text = " ".join(text.split())
    if text[:1] in _QUOTES:
        text = text.strip(_QUOTES + " ")
    return None if text.casefold() in _EMPTY else text[:limit]


_MULTIPLIERS = {
    "rb": 10**3, "ribu": 10**3, "k": 10**3, "jt": 10**6, "juta": 10**6, "jta": 10**6, "m": 10**9, "miliar": 10**9,
    "milyar": 10**9, "milliar": 10**9, "mlyr": 10**9, "t": 10**12, "triliun": 10**12, "trilyun": 10**12,
}  # fmt: skip
_AMOUNT_NOISE = re.compile(
    r"\b(?:rp|idr)\b\.?|\brp(?=\d)|\b(?:rupiah|per|bulan|bln|tahun|thn|th|hari|sekitar|kurang lebih|kira-kira)\b\.?"
    r"|±|\+/?-|~|/"
)
_RANGE = re.compile(r"\s*(?:\bsd\b\.?|\bsampai(?: dengan)?\b|\bhingga\b|[-–—])\s*")
_AMOUNT = re.compile(r"(\d[\d.,\s]*?)\s*(ribu|rb|k|juta|jta|jt|miliar|milyar|milliar|mlyr|m|triliun|trilyun|t)?")
_BELOW = re.compile(r"^(?:<=?|≤|kurang dari|di bawah|dibawah|maks(?:imal)?|max)\s*(.*)$")


def amount_of(cell: Cell) -> Amount:
    """Read an amount of rupiah; integers all the way, no floats."""
    if isinstance(cell, bool | date | datetime | time | timedelta):
        return Amount(reason="AMOUNT_NOT_READABLE")
    if isinstance(cell, float | int):
        if cell != cell or abs(cell) >= MAX_RUPIAH:
            return Amount(reason="AMOUNT_TOO_LARGE")
        if cell < 0:
            return Amount(reason="AMOUNT_NEGATIVE")
        whole = int(cell)
        return Amount(whole + (cell - whole >= 0.5), warning=None if cell == whole else "AMOUNT_ROUNDED")
    text = text_of(cell)
    if text is None:
        return Amount()
    return _amount_of_text(text.casefold())


def _amount_of_text(text: str) -> Amount:
    bound = _BELOW.match(text)
    if bound:
        inner = _amount_of_text(bound.group(1)) if bound.group(1) else Amount(reason="AMOUNT_NOT_READABLE")
        return Amount(below=inner.rupiah, reason=inner.reason)
    text = re.sub(r",\s*-+|,=|\.-", "", text)
    text = _AMOUNT_NOISE.sub(" ", text.replace("s/d", "sampai")).strip(" .")
    if text.startswith(("-", "(")):
        return Amount(reason="AMOUNT_NEGATIVE")
    parts = [part for part in _RANGE.split(text) if part]
    if not 1 <= len(parts) <= 2:
        return Amount(reason="AMOUNT_NOT_READABLE")
    found = [_AMOUNT.fullmatch(part.strip()) for part in parts]
    if found[-1] is None:
        return Amount(reason="AMOUNT_NOT_READABLE")
    value = _whole(found[-1].group(1), found[-1].group(2))
    if value is None:
        return Amount(reason="AMOUNT_NOT_READABLE")
    if value > MAX_RUPIAH:
        return Amount(reason="AMOUNT_TOO_LARGE")
    return Amount(value, warning="AMOUNT_RANGE" if len(parts) == 2 else None)


def _whole(digits: str, unit: str | None) -> int | None:
    """Return digits with their separators and unit as whole rupiah; a half rounds up."""
    digits = digits.replace(" ", "").strip(".,")
    factor = _MULTIPLIERS[unit] if unit else 1
    marks = [char for char in digits if char in ".,"]
    if not marks:
        return int(digits) * factor
    last = marks[-1]
    tail = digits.rsplit(last, 1)[1]
    # One kind of mark repeated, or before exactly three digits without a unit, groups thousands; else it is decimal.
    if len(set(marks)) == 1 and (len(marks) > 1 or (len(tail) == 3 and unit is None)):
        groups = digits.split(last)
        if any(len(group) != 3 for group in groups[1:]):
            return None
        return int("".join(groups)) * factor
    if marks.count(last) > 1 or len(tail) > 6:
        return None
    head = digits.rsplit(last, 1)[0].replace(",", "").replace(".", "")
    scale = int("1" + "0" * len(tail))
    return (2 * int(head + tail) * factor + scale) // (2 * scale)


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
    lowered = text.casefold()
    place, comma, rest = lowered.rpartition(",")
    if comma and not any(char.isdigit() for char in place):
        return Day(*_of_text(rest.strip(), today), place=text.rpartition(",")[0].strip() or None)
    return Day(*_of_text(lowered, today))


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
    if re.fullmatch(r"(19|20)\d{2}", text):
        return None, "DATE_YEAR_ONLY"
    if re.fullmatch(r"\d{5}", text):
        day = _real(_EXCEL_EPOCH + timedelta(days=int(text)), today)
        return day.value, day.reason
    if re.fullmatch(r"\d{8}", text):
        text = (
            f"{text[:2]}-{text[2:4]}-{text[4:]}"
            if text[:2] not in {"19", "20"}
            else f"{text[:4]}-{text[4:6]}-{text[6:]}"
        )
    worded = _WORDED.search(text)
    if worded and worded.group(2) in _MONTHS:
        return _build(int(worded.group(1)), _MONTHS[worded.group(2)], worded.group(3), today)
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
        found = re.match(r"^(\d{1,3}(?:[.,]\d{3})+|\d{1,15})(?:[.,]0+)?(?:\s*[a-z/ .]*)?$", text.casefold())
        if found is None:
            return None, "NUMBER_NOT_READABLE"
        number = int(found.group(1).replace(".", "").replace(",", ""))
    return (number, None) if low <= number <= high else (None, "NUMBER_OUT_OF_RANGE")


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


def degrees_of(cell: Cell, bound: int) -> tuple[str | None, str | None]:
    """Read a latitude or longitude as decimal text with at most six places."""
    text = text_of(cell)
    if text is None:
        return None, None
    if not re.fullmatch(r"-?\d{1,3}([.,]\d{1,15})?", text):
        return None, "COORDINATE_NOT_READABLE"
    sign, _, body = text.rpartition("-")
    whole, _, tail = body.replace(",", ".").partition(".")
    if int(whole) > bound or ("-" in sign):
        return None, "COORDINATE_OUT_OF_RANGE"
    shown = f"{int(whole)}.{tail[:6] or '0'}"
    return ("-" + shown if text.startswith("-") else shown), None

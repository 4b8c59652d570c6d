"""Amounts of rupiah as people write them: grouped, in words, as ranges, as a bound. Integers all the way, no floats."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from vendor_service.domain.imports.cells.text import Cell, text_of

MAX_RUPIAH = 10**15
_SMALLEST_LIKELY = 1000
_WRITTEN_OUT = 10**6
_MULTIPLIERS = {
    "rb": 10**3, "ribu": 10**3, "k": 10**3, "jt": 10**6, "juta": 10**6, "jta": 10**6, "m": 10**9, "miliar": 10**9,
    "milyar": 10**9, "milliar": 10**9, "mlyr": 10**9, "mlr": 10**9, "t": 10**12, "triliun": 10**12, "trilyun": 10**12,
}  # fmt: skip
_USUAL = re.compile(r"(?:rp\.? ?)?(\d{1,3}(?:\.\d{3}){1,4})(?:,-|,00)?")
_TAIL = re.compile(r",\s*-+|,=|\.-|,--|\(.*\)$")
_NOISE = re.compile(
    r"\b(?:rp|idr)\b\.?|\brp(?=\d)|\b(?:rupiah|per|bulan|bln|tahun|thn|th|hari|hr|minggu|mgg|sekitar"
    r"|kurang lebih|kira-kira|perbulan|pertahun|perhari|antara|sebulan|setahun|rata-rata|rata2|kl|kisaran)\b\.?"
    r"|±|\+/?-|~|/|≈|'"
)
_MONTHLY = re.compile(r"(?:/|per|se)\s*(?:bulan|bln)\b")
_SHORTER = re.compile(r"(?:/|per|se)\s*(?:hari|hr|minggu|mgg|panen|produksi)\b")
_RANGE = re.compile(r"\s*(?:\bsd\b\.?|\bsampai(?: dengan)?\b|\bhingga\b|\bdan\b|[-–—])\s*")
_UNIT = r"ribu|rb|k|juta|jta|jt|miliar|milyar|milliar|mlyr|mlr|m|triliun|trilyun|t"
_AMOUNT = re.compile(rf"(\d[\d.,\s]*?)\s*({_UNIT})?(?:\s*-?\s*an)?")
_JOINED = re.compile(r"(\d{1,3})\s*(juta|jt|miliar|milyar|m)\s*(\d{1,3})\s*(ribu|rb|juta|jt)")
_BELOW = re.compile(r"^(?:<=?|≤|kurang dari|di bawah|dibawah|maks(?:imal)?|max|paling banyak|s/d|sampai)\s*(.*)$")
_ABOVE = re.compile(r"^(?:>=?|≥|lebih dari|di atas|diatas|min(?:imal)?|paling sedikit)\s*\S")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount read from a cell.

    Attributes:
        rupiah: Whole rupiah; the upper bound of a range; none if the cell gives no amount.
        reason: Why it cannot be read.
        warning: A doubt about an amount that was read.
        below: For "< 2 M": the bound of a class that was declared instead of an amount.
        period: "month" or "shorter" if the cell says that the amount is for less than a year.
    """

    rupiah: int | None = None
    reason: str | None = None
    warning: str | None = None
    below: int | None = None
    period: str | None = None


_NOT_READABLE = Amount(reason="AMOUNT_NOT_READABLE")
_TOO_LARGE = Amount(reason="AMOUNT_TOO_LARGE")
_NEGATIVE = Amount(reason="AMOUNT_NEGATIVE")
_NOTHING = Amount()


def amount_of(cell: Cell, scale: int = 1) -> Amount:
    """Read an amount of rupiah.

    Args:
        cell: What stands in the cell.
        scale: What the header counts in, 1,000,000 for "OMZET (juta)"; used for figures without a unit of their own.
    """
    if isinstance(cell, bool | date | datetime | time | timedelta):
        return _NOT_READABLE
    if isinstance(cell, float | int):
        return _of_number(cell, scale)
    text = text_of(cell)
    return _NOTHING if text is None else _of_text(text.casefold(), scale)


def _of_number(cell: float, scale: int) -> Amount:
    if cell != cell or abs(cell) >= MAX_RUPIAH:
        return _TOO_LARGE
    if cell < 0:
        return _NEGATIVE
    exact = Decimal(cell) if isinstance(cell, int) else Decimal(repr(cell))
    value, doubt = _scaled(exact, scale)
    rupiah = int(value.quantize(Decimal(1), ROUND_HALF_UP))
    return _checked(rupiah, doubt or (None if rupiah == value else "AMOUNT_ROUNDED"))


def _scaled(value: Decimal, scale: int) -> tuple[Decimal, str | None]:
    if scale == 1 or value == 0:
        return value, None
    # Under a header "in millions" somebody wrote the rupiah out all the same.
    return (value, "AMOUNT_UNIT_DOUBTED") if value >= _WRITTEN_OUT else (value * scale, None)


def _checked(rupiah: int, warning: str | None, period: str | None = None) -> Amount:
    if rupiah > MAX_RUPIAH:
        return _TOO_LARGE
    if 0 < rupiah < _SMALLEST_LIKELY:
        warning = warning or "AMOUNT_VERY_SMALL"
    return Amount(rupiah, warning=warning, period=period)


def _of_text(text: str, scale: int) -> Amount:
    usual = _USUAL.fullmatch(text) if scale == 1 else None
    if usual:
        return _checked(int(usual.group(1).replace(".", "")), None)
    bound = _BELOW.match(text)
    if bound:
        inner = _of_text(bound.group(1), scale) if bound.group(1) else _NOT_READABLE
        return Amount(below=inner.rupiah, reason=inner.reason)
    if _ABOVE.match(text):
        return Amount(reason="AMOUNT_OPEN_ENDED")
    period = "month" if _MONTHLY.search(text) else "shorter" if _SHORTER.search(text) else None
    negative = text.startswith(("-", "("))
    text = text.replace("s/d", "sampai").replace("s.d", "sampai")
    text = _NOISE.sub(" ", _TAIL.sub("", text)).strip(" .")
    if negative or text.startswith("-"):
        return _NEGATIVE
    joined = _JOINED.fullmatch(text)
    if joined:
        parts = ((joined.group(1), joined.group(2)), (joined.group(3), joined.group(4)))
        return _checked(sum(int(digits) * _MULTIPLIERS[unit] for digits, unit in parts), None, period)
    parts_seen = [part for part in _RANGE.split(text) if part]
    if not 1 <= len(parts_seen) <= 2:
        return _NOT_READABLE
    last = _AMOUNT.fullmatch(parts_seen[-1].strip())
    value = _decimal(last.group(1), has_unit=bool(last.group(2))) if last else None
    if last is None or value is None or (len(parts_seen) == 2 and not _AMOUNT.fullmatch(parts_seen[0].strip())):
        return _NOT_READABLE
    doubt = None
    if last.group(2):
        value *= _MULTIPLIERS[last.group(2)]
    else:
        value, doubt = _scaled(value, scale)
    rupiah = int(value.quantize(Decimal(1), ROUND_HALF_UP)) if value <= MAX_RUPIAH else MAX_RUPIAH + 1
    return _checked(rupiah, "AMOUNT_RANGE" if len(parts_seen) == 2 else doubt, period)


def _decimal(digits: str, *, has_unit: bool) -> Decimal | None:
    """Return digits with their separators as a number; none if the separators make no sense."""
    digits = "".join(digits.split()).strip(".,")
    if digits.isdigit():
        return Decimal(digits)
    last = max(".,", key=digits.rfind)
    head, _, tail = digits.rpartition(last)
    kinds = {char for char in digits if char in ".,"}
    # One kind of mark repeated, or before exactly three digits without a unit, groups thousands; else it is decimal.
    if len(kinds) == 1 and (digits.count(last) > 1 or (len(tail) == 3 and not has_unit)):
        groups = digits.split(last)
        return Decimal("".join(groups)) if all(len(group) == 3 for group in groups[1:]) else None
    if digits.count(last) > 1 or len(tail) > 6:
        return None
    whole = head.replace(",", "").replace(".", "")
    return Decimal(f"{whole}.{tail}") if whole.isdigit() and tail.isdigit() else None

"""How the cell of each column is taken: its value for the register, or why it cannot be taken."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, TypeVar

from vendor_service.domain.identifiers import Checked
from vendor_service.domain.imports.cells import (
    BROKEN_FORMULA,
    ERRORS,
    Cell,
    amount_of,
    degrees_of,
    text_of,
    whole_of,
    year_of,
)
from vendor_service.domain.imports.classes import class_below, class_named

Taken = tuple[Any, str | None]
"""Value for the register or none, and the code of a doubt or none."""
Money = tuple[dict[str, Any], str | None, str | None]
"""Values by name of the profile, the code of a doubt, and what the register should remember as it was written."""
Checker = Callable[[str | float], Checked]

_SEVERAL = re.compile(r"\s*[/;&\n|]\s*|\s+(?:dan|atau|dg)\s+|,\s+")
_MAY_BE_SEVERAL = re.compile(r"[/;&\n|,]| (?:dan|atau|dg) ")
_TWO_PHONES = re.compile(r"(?:\+?62|0)8\d{7,11}")
_KBLI = re.compile(r"\d{5}")
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Taker:
    """How one column is taken.

    Attributes:
        target: Name in the profile or in the private details.
        take: From a cell that is not empty.
        repeats: The same cell comes again and again, so that its meaning is worth remembering.
        private: The value names or pays a person.
    """

    column: str
    target: str
    take: Callable[[Cell], Taken]
    repeats: bool = True
    private: bool = False


T = TypeVar("T")


class Remembered(dict[Cell, T]):
    """What cells mean, worked out once for each different one; in a list most columns hold few.

    Args:
        take: Works it out.
    """

    _MOST = 20_000

    def __init__(self, take: Callable[[Cell], T]) -> None:
        super().__init__()
        self._take = take

    def __missing__(self, cell: Cell) -> T:
        found = self._take(cell)
        if len(self) < self._MOST:
            self[cell] = found
        return found


_TEXTS = (
    ("rt", "rt", 10), ("rw", "rw", 10), ("kode_pos", "postcode", 10), ("jenis_usaha", "business_type", 100),
    ("kegiatan_utama", "main_activity", 200), ("satuan_kapasitas", "capacity_unit", 40), ("iumk", "iumk", 60),
    ("pirt", "pirt", 60), ("halal", "halal", 60), ("bpom", "bpom", 60), ("sni", "sni", 60),
    ("sumber", "source", 100), ("keterangan", "note", 300),
)  # fmt: skip
_WHOLES = (
    ("tk_laki", "workers_male", 100_000),
    ("tk_perempuan", "workers_female", 100_000),
    ("kapasitas_bulanan", "monthly_capacity", 10**9),
)
_AMOUNTS = {
    "modal": ("capital_idr", "Modal"),
    "aset": ("assets_idr", "Aset"),
    "omzet_tahunan": ("turnover_idr", "Omzet tahunan"),
    "omzet_bulanan": ("turnover_idr", "Omzet bulanan"),
}


def takers(today: date) -> list[Taker]:
    """Return how each column is taken that depends on no other one."""
    found = [Taker(column, target, partial(_text, limit=limit)) for column, target, limit in _TEXTS]
    found += [Taker(column, target, partial(_whole, high=high)) for column, target, high in _WHOLES]
    found += [
        Taker("tahun_mulai", "start_year", lambda cell: year_of(cell, today)),
        Taker("tahun_data", "data_year", lambda cell: year_of(cell, today)),
        Taker("kbli", "kbli", _kbli),
        Taker("medsos", "social_media", partial(_text, limit=200), repeats=False),
        Taker("lat", "latitude", partial(_degrees, bound=11), repeats=False),
        Taker("lon", "longitude", partial(_degrees, bound=142), repeats=False),
        Taker("bank", "bank", partial(_text, limit=100), private=True),
        Taker("nama_rekening", "account_holder", partial(_text, limit=100), repeats=False, private=True),
        Taker("email", "email", partial(_text, limit=100), repeats=False, private=True),
    ]
    return found


def amount_taker(column: str, today: date, scale: int) -> Callable[[Cell], Money]:
    """Return how a column of amounts is taken, or the one that names the class itself."""
    if column == "kelas_usaha":
        return _declared
    return partial(_amount, column=column, today=today, scale=scale)


def _amount(cell: Cell, *, column: str, today: date, scale: int) -> Money:
    target, label = _AMOUNTS[column]
    found = amount_of(cell, scale)
    text = text_of(cell, 60)
    if text is None:
        return {}, BROKEN_FORMULA if _is_error(cell) else None, None
    written = f"{label} tertulis: {text}"
    if found.below is not None:
        declared = class_below(found.below, capital=not target.startswith("turnover"), today=today)
        return {"class_declared": declared.value} if declared else {}, None, written
    if found.rupiah is None:
        named = class_named(text)
        if named is not None and found.reason == "AMOUNT_NOT_READABLE":
            return {"class_declared": named.value}, None, None
        return {}, found.reason, written if found.reason == "AMOUNT_OPEN_ENDED" else None
    rupiah, doubt = found.rupiah, found.reason or found.warning
    if target == "turnover_idr":
        if found.period == "shorter":
            return {}, "AMOUNT_OTHER_PERIOD", written
        if found.period == "month" or column == "omzet_bulanan":
            rupiah, doubt = rupiah * _MONTHS, doubt or "AMOUNT_MONTHLY"
    return {target: rupiah}, doubt, written if doubt in {"AMOUNT_RANGE", "AMOUNT_MONTHLY"} else None


def _declared(cell: Cell) -> Money:
    text = text_of(cell, 60)
    if text is None:
        return {}, BROKEN_FORMULA if _is_error(cell) else None, None
    named = class_named(text)
    return ({"class_declared": named.value}, None, None) if named else ({}, "CLASS_NOT_READABLE", None)


def number_in(cell: Cell, check: Checker) -> tuple[str | None, list[str]]:
    """Return the first number of a cell that names or pays somebody, and the codes of doubts."""
    if isinstance(cell, str):
        if cell.isdigit() and cell.strip("0"):
            checked = check(cell)
        else:
            return _number_in_text(cell, check)
    elif isinstance(cell, bool) or not isinstance(cell, float | int):
        return None, ["NOT_A_NUMBER"]
    elif cell == 0:
        return None, []
    else:
        checked = check(cell)
    if checked.reason is None and not checked.warnings:
        return checked.value, []
    return checked.value, [*([checked.reason] if checked.reason else []), *checked.warnings]


def _number_in_text(cell: str, check: Checker) -> tuple[str | None, list[str]]:
    text = text_of(cell)
    if text is None or not text.strip("0. "):
        return None, [BROKEN_FORMULA] if text is None and _is_error(cell) else []
    several = cell.strip() if "\n" in cell else text
    parts = [text]
    if _MAY_BE_SEVERAL.search(several):
        parts = [part for part in _SEVERAL.split(several) if any(char.isdigit() for char in part)] or parts
    reasons: list[str] = []
    checked = check(parts[0])
    # Two with nothing but a blank between them; a number in groups of digits looks the same until it is too long.
    if len(parts) == 1 and checked.value is None and len(found := _TWO_PHONES.findall(text.replace("-", ""))) > 1:
        parts = found
        checked = check(parts[0])
    if checked.reason and len(parts) > 1:
        better = next((one for one in map(check, parts[1:]) if one.value is not None), None)
        checked = better or checked
    if len(parts) > 1 and checked.value is not None:
        reasons.append("SEVERAL_VALUES")
    return checked.value, [*reasons, *([checked.reason] if checked.reason else []), *checked.warnings]


def _is_error(cell: Cell) -> bool:
    return isinstance(cell, str) and cell.strip().casefold() in ERRORS


def _text(cell: Cell, *, limit: int) -> Taken:
    text = text_of(cell, limit)
    return text, BROKEN_FORMULA if text is None and _is_error(cell) else None


def _whole(cell: Cell, *, high: int) -> Taken:
    return (None, BROKEN_FORMULA) if _is_error(cell) else whole_of(cell, 0, high)


def _degrees(cell: Cell, *, bound: int) -> Taken:
    return (None, BROKEN_FORMULA) if _is_error(cell) else degrees_of(cell, bound)


def _kbli(cell: Cell) -> Taken:
    text = text_of(cell, 40)
    if text is None or _KBLI.fullmatch(text):
        return text, BROKEN_FORMULA if text is None and _is_error(cell) else None
    found = _KBLI.search(text)
    return (found.group(), "SEVERAL_VALUES") if found else (None, "KBLI_NOT_READABLE")

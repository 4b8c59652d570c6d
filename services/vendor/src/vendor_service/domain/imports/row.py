"""One row of a spreadsheet becomes the record of a business, with a warning for each cell that could not be taken.

A row is rejected only when it cannot be a `collected` business (domain.md 2.3); everything else is a warning beside
the field. The result holds plain values only, so that it travels between processes.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from vendor_service.domain.areas import AreaIndex
from vendor_service.domain.identifiers import (
    birth_date_of,
    check_account,
    check_kk,
    check_nib,
    check_nik,
    check_npwp,
    check_phone,
    sex_of,
)
from vendor_service.domain.imports.cells import Cell, Day, date_of, text_of
from vendor_service.domain.imports.changes.template import is_masked
from vendor_service.domain.imports.classes import entity_kind_of, sex_from
from vendor_service.domain.imports.columns import ACCEPTED
from vendor_service.domain.imports.owners import owners_in
from vendor_service.domain.imports.place import NO_HINT, PlaceFinder, PlaceHint
from vendor_service.domain.imports.takers import Checker, Remembered, amount_taker, number_in, takers
from vendor_service.domain.profile import PERSON_FORMS

_ANY_WORD = re.compile(r"[^\W\d_]{2}")
_LISTED = re.compile(r"[;\n]\s*[^\W\d_]|\s2[.)]\s")
_RAW_LENGTH = 100


@dataclass(slots=True)
class ParsedRow:
    """One row as the register could hold it.

    Attributes:
        profile: Values of `Profile` by name, dates as text.
        private: Values of `PrivateDetails` by name.
        owners: Persons, the first with NIK, KK and birth if they are known.
        rejections: Why it cannot be a business at all, as (field, reason).
        raw: For each column with a doubt: what stood in the cell.
    """

    profile: dict[str, Any] = field(default_factory=dict)
    private: dict[str, Any] = field(default_factory=dict)
    owners: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    rejections: list[tuple[str, str]] = field(default_factory=list)
    raw: dict[str, str] = field(default_factory=dict)


class RowParser:
    """Reads the rows of one table; remembers what cells that come again and again mean.

    Args:
        columns: Template column -> place in the row.
        areas: The regency's kecamatan and desa.
        today: Day of the regency's calendar; dates after it are refused.
        scales: What the amounts of a column are counted in, if its header says so: 1,000,000 for "(juta)".
    """

    def __init__(
        self, columns: Mapping[str, int], areas: AreaIndex, today: date, scales: Mapping[str, int] | None = None
    ) -> None:
        self._columns = dict(columns)
        self._names = {place: name for name, place in self._columns.items()}
        # A row is cut to this width, with an empty cell behind it for every column that the table lacks.
        self._width = max(self._columns.values(), default=-1) + 1
        self._at = {name: self._columns.get(name, self._width) for name in ACCEPTED}
        self._today = today
        self._finder = PlaceFinder(areas)
        plan = [(self._columns[one.column], one) for one in takers(today) if one.column in self._columns]
        self._plan = [
            (place, taker, Remembered(taker.take) if taker.repeats else None)
            for place, taker in sorted(plan, key=lambda one: one[0])
        ]
        self._amounts = [
            (self._columns[name], name, Remembered(amount_taker(name, today, (scales or {}).get(name, 1))))
            for name in ("modal", "aset", "omzet_bulanan", "omzet_tahunan", "kelas_usaha")
            if name in self._columns
        ]
        self._groups = [
            (self._columns[name], label)
            for name, label in (("kelompok", "Kelompok"), ("koordinator", "Koordinator"))
            if name in self._columns
        ]
        self._days: Remembered[Day] = Remembered(partial(date_of, today=today))
        self._sexes = Remembered(_sex)
        self._forms = Remembered(text_of)
        self._birth_places = Remembered(partial(text_of, limit=100))
        self._checks: dict[str, Checker] = {
            "nik": partial(check_nik, today=today),
            "no_kk": partial(check_kk, today=today),
            "nib": check_nib,
            "no_hp": check_phone,
            "no_rekening": check_account,
        }

    def parse(
        self, row: Sequence[Cell], doubts: Mapping[int, str] | None = None, hint: PlaceHint = NO_HINT
    ) -> ParsedRow:
        """Return what a row says.

        Args:
            row: Its cells.
            doubts: Places of cells that hold a formula which may not be trusted, with the reason.
            hint: Where the business is by what stands around the row, if its own cells do not say.
        """
        result = ParsedRow()
        row = (
            [*row[: self._width], *[None] * (self._width + 1 - len(row))]
            if len(row) <= self._width
            else [*row[: self._width], None]
        )
        if doubts:
            result.warnings += [(self._names[place], why) for place, why in doubts.items() if place in self._names]
        self._business(row, result)
        self._plain(row, result)
        known = text_of(self._cell(row, "id_usaha"), 40)
        if known is not None:
            result.profile["vendor_id"] = known
        nik = self._identity(row, result)
        village, district = self._cell(row, "desa_kelurahan"), self._cell(row, "kecamatan")
        self._finder.find(district, village, hint, nik, result)
        self._money(row, result)
        for place, label in self._groups:
            text = text_of(row[place], 100)
            if text is not None:
                _note(result, f"{label}: {text}")
        if result.warnings or result.rejections:
            self._keep_raw(row, result)
        return result

    def _cell(self, row: Sequence[Cell], column: str) -> Cell:
        return row[self._at[column]]

    def _business(self, row: Sequence[Cell], result: ParsedRow) -> None:
        for column, target in (("nama_usaha", "name"), ("produk_utama", "main_product"), ("alamat", "address")):
            cell = self._cell(row, column)
            text = text_of(cell, 200)
            if text is None:
                result.rejections.append((column, "REQUIRED"))
            elif target != "address" and not _ANY_WORD.search(text):
                result.rejections.append((column, "NOT_A_NAME"))
            else:
                result.profile[target] = text
                if target == "name" and isinstance(cell, str) and _LISTED.search(cell):
                    result.warnings.append((column, "SEVERAL_BUSINESSES"))
        owners = self._cell(row, "nama_pemilik")
        text = text_of(owners, 200)
        if text is None or not _ANY_WORD.search(text):
            result.rejections.append(("nama_pemilik", "REQUIRED" if text is None else "NOT_A_NAME"))
            return
        names, doubts = owners_in(owners.strip() if isinstance(owners, str) and "\n" in owners else text)
        result.warnings.extend(("nama_pemilik", doubt) for doubt in doubts)
        result.owners = [{"name": name} for one in names if (name := text_of(one, 200))]

    def _plain(self, row: Sequence[Cell], result: ParsedRow) -> None:
        for place, taker, seen in self._plan:
            cell = row[place]
            if cell is None or cell == "":
                continue
            value, reason = taker.take(cell) if seen is None else seen[cell]
            if value is not None:
                (result.private if taker.private else result.profile)[taker.target] = value
            if reason is not None:
                result.warnings.append((taker.column, reason))

    def _identity(self, row: Sequence[Cell], result: ParsedRow) -> str | None:
        kind = entity_kind_of(self._forms[self._cell(row, "bentuk_usaha")], result.profile.get("name", ""))
        if kind is None:
            result.warnings.append(("bentuk_usaha", "ENTITY_KIND_UNKNOWN"))
        else:
            result.profile["entity_kind"] = kind.value
        owner = result.owners[0] if result.owners else {}
        for column, target in (("nik", "nik"), ("no_kk", "kk")):
            value = self._number(row, column, self._checks[column], result)
            if value is not None:
                owner[target] = value
        nik: str | None = owner.get("nik")
        self._person(row, owner, nik, result)
        entity = kind is not None and kind not in PERSON_FORMS
        npwp = self._number(row, "npwp", partial(check_npwp, today=self._today, nik=nik, entity=entity), result)
        if npwp is not None:
            result.private["npwp"] = npwp
        for column, target in (("nib", "nib"), ("no_hp", "phone"), ("no_rekening", "account_number")):
            value = self._number(row, column, self._checks[column], result)
            if value is not None:
                result.private[target] = value
        return nik

    def _number(self, row: Sequence[Cell], column: str, check: Checker, result: ParsedRow) -> str | None:
        cell = row[self._at[column]]
        if cell is None or cell == "" or is_masked(cell):
            return None
        if cell.__class__ is str and cell.isdigit():
            checked = check(cell)
            if checked.value is not None and not checked.warnings:
                return checked.value
        value, reasons = number_in(cell, check)
        if reasons:
            result.warnings.extend((column, reason) for reason in reasons)
        return value

    def _person(self, row: Sequence[Cell], owner: dict[str, Any], nik: str | None, result: ParsedRow) -> None:
        sex, doubt = self._sexes[self._cell(row, "jenis_kelamin")]
        if doubt:
            result.warnings.append(("jenis_kelamin", doubt))
        born = self._days[self._cell(row, "tanggal_lahir")]
        if born.reason:
            result.warnings.append(("tanggal_lahir", born.reason))
        place = self._birth_places[self._cell(row, "tempat_lahir")] or born.place
        day = born.value
        if nik is not None:
            inside = birth_date_of(nik, self._today)
            if day is not None and inside is not None and day != inside:
                result.warnings.append(("tanggal_lahir", "DIFFERS_FROM_NIK"))
            day, sex = day or inside, sex or sex_of(nik)
        if sex:
            owner["sex"] = sex
        if place:
            owner["birth_place"] = place
        if day:
            owner["birth_date"] = day.isoformat()

    def _money(self, row: Sequence[Cell], result: ParsedRow) -> None:
        for place, column, meanings in self._amounts:
            cell = row[place]
            if cell is None or cell == "":
                continue
            values, reason, note = meanings[cell]
            for name, value in values.items():
                # A figure for the year, or a class in its own column, comes last and goes before what was derived.
                result.profile[name] = value
            if reason is not None:
                result.warnings.append((column, reason))
            if note is not None:
                _note(result, note)

    def _keep_raw(self, row: Sequence[Cell], result: ParsedRow) -> None:
        for column, _ in (*result.warnings, *result.rejections):
            cell = self._cell(row, column)
            if cell is not None and cell != "" and column not in result.raw:
                result.raw[column] = str(cell)[:_RAW_LENGTH]


def _note(result: ParsedRow, text: str) -> None:
    known = result.profile.get("note")
    result.profile["note"] = f"{known}; {text}"[:300] if known else text


def _sex(cell: Cell) -> tuple[str | None, str | None]:
    told = text_of(cell)
    sex = sex_from(told)
    return sex, "SEX_NOT_READABLE" if told is not None and sex is None else None

"""One row of a spreadsheet becomes the record of a business, with a warning for each cell that could not be taken.

A row is rejected only when it cannot be a `collected` business (domain.md 2.3); everything else is a warning beside
the field. The result holds plain values only, so that it travels between processes.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from vendor_service.domain.areas import AreaIndex
from vendor_service.domain.identifiers import (
    Checked,
    birth_date_of,
    check_account,
    check_kk,
    check_nib,
    check_nik,
    check_npwp,
    check_phone,
    sex_of,
)
from vendor_service.domain.imports.cells import Cell, amount_of, date_of, degrees_of, text_of, whole_of, year_of
from vendor_service.domain.imports.classes import class_below, entity_kind_of, sex_from
from vendor_service.domain.profile import PERSON_FORMS

_OWNER_SPLIT = re.compile(r"\s*(?:/|;|&|\+|\n|\bdan\b|\bdgn\b)\s*", re.IGNORECASE)
_SEVERAL = re.compile(r"\s*[/;&\n]\s*|\s+dan\s+|,\s+")
_KBLI = re.compile(r"\d{5}")
_ANY_WORD = re.compile(r"[^\W\d_]{2}")


@dataclass(slots=True)
class ParsedRow:
    """One row as the register could hold it.

    Attributes:
        profile: Values of `Profile` by name, dates as text.
        private: Values of `PrivateDetails` by name.
        owners: Persons, the first with NIK, KK and birth if they are known.
        rejections: Why it cannot be a business at all, as (field, reason).
    """

    profile: dict[str, Any] = field(default_factory=dict)
    private: dict[str, Any] = field(default_factory=dict)
    owners: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    rejections: list[tuple[str, str]] = field(default_factory=list)


class RowParser:
    """Reads the rows of one table.

    Args:
        columns: Template column -> place in the row.
        areas: The regency's kecamatan and desa.
        today: Day of the regency's calendar; dates after it are refused.
    """

    def __init__(self, columns: dict[str, int], areas: AreaIndex, today: date) -> None:
        self._columns = columns
        self._areas = areas
        self._today = today

    def parse(self, row: Sequence[Cell]) -> ParsedRow:
        """Return what a row says."""
        size = len(row)
        cells = {name: row[place] for name, place in self._columns.items() if place < size}
        cells = {name: cell for name, cell in cells.items() if cell is not None and cell != ""}
        result = ParsedRow()
        self._names(cells, result)
        self._place(cells, result)
        self._identity(cells, result)
        self._numbers(cells, result)
        self._texts(cells, result)
        return result

    def _names(self, cells: dict[str, Cell], result: ParsedRow) -> None:
        for column, target in (("nama_usaha", "name"), ("produk_utama", "main_product"), ("alamat", "address")):
            text = text_of(cells.get(column), 200)
            if text is None:
                result.rejections.append((column, "REQUIRED"))
            elif target != "address" and not _ANY_WORD.search(text):
                result.rejections.append((column, "NOT_A_NAME"))
            else:
                result.profile[target] = text
        owners = text_of(cells.get("nama_pemilik"), 200)
        if owners is None or not _ANY_WORD.search(owners):
            result.rejections.append(("nama_pemilik", "REQUIRED" if owners is None else "NOT_A_NAME"))
            return
        names = [name for name in _OWNER_SPLIT.split(owners) if _ANY_WORD.search(name)][:5]
        if len(names) > 1:
            result.warnings.append(("nama_pemilik", "SEVERAL_OWNERS"))
        result.owners = [{"name": name.strip()} for name in names]

    def _place(self, cells: dict[str, Cell], result: ParsedRow) -> None:
        district_text = text_of(cells.get("kecamatan"), 100)
        village_text = text_of(cells.get("desa_kelurahan"), 100)
        district = self._areas.district(district_text) if district_text else None
        if district_text and district is None:
            result.warnings.append(("kecamatan", "DISTRICT_UNKNOWN"))
        elif district and district.guessed:
            result.warnings.append(("kecamatan", "DISTRICT_GUESSED"))
        if village_text is None:
            result.rejections.append(("desa_kelurahan", "REQUIRED"))
        village = self._areas.village(village_text, district.area.code if district else None) if village_text else None
        if village is not None:
            if district is None:
                result.warnings.append(("kecamatan", "DISTRICT_DERIVED"))
            elif village.area.parent != district.area.code:
                result.warnings.append(("kecamatan", "DISTRICT_DIFFERS"))
            elif village.guessed:
                result.warnings.append(("desa_kelurahan", "VILLAGE_GUESSED"))
            result.profile["village_code"] = village.area.code
            result.profile["district_code"] = village.area.parent
        elif district is not None:
            if village_text:
                result.warnings.append(("desa_kelurahan", "VILLAGE_UNKNOWN"))
            result.profile["district_code"] = district.area.code
        else:
            reason = "REQUIRED" if district_text is None else "DISTRICT_UNKNOWN"
            result.rejections.append(("kecamatan", reason))

    def _identity(self, cells: dict[str, Cell], result: ParsedRow) -> None:
        kind = entity_kind_of(text_of(cells.get("bentuk_usaha")), result.profile.get("name", ""))
        if kind is None:
            result.warnings.append(("bentuk_usaha", "ENTITY_KIND_UNKNOWN"))
        else:
            result.profile["entity_kind"] = kind.value
        owner = result.owners[0] if result.owners else {}
        nik = self._number(cells, "nik", lambda cell: check_nik(cell, self._today), result)
        kk = self._number(cells, "no_kk", lambda cell: check_kk(cell, self._today), result)
        if nik:
            owner["nik"] = nik
        if kk:
            owner["kk"] = kk
        self._person(cells, owner, nik, result)
        entity = kind is not None and kind not in PERSON_FORMS
        numbers: tuple[tuple[str, str, Callable[[str | float], Checked]], ...] = (
            ("npwp", "npwp", lambda cell: check_npwp(cell, self._today, nik=nik, entity=entity)),
            ("nib", "nib", check_nib),
            ("no_hp", "phone", check_phone),
            ("no_rekening", "account_number", check_account),
        )
        for column, target, check in numbers:
            value = self._number(cells, column, check, result)
            if value:
                result.private[target] = value

    def _person(self, cells: dict[str, Cell], owner: dict[str, Any], nik: str | None, result: ParsedRow) -> None:
        sex = sex_from(text_of(cells.get("jenis_kelamin")))
        if "jenis_kelamin" in cells and sex is None and text_of(cells["jenis_kelamin"]):
            result.warnings.append(("jenis_kelamin", "SEX_NOT_READABLE"))
        born = date_of(cells.get("tanggal_lahir"), self._today)
        if born.reason:
            result.warnings.append(("tanggal_lahir", born.reason))
        place = text_of(cells.get("tempat_lahir"), 100) or born.place
        day = born.value
        if nik is not None:
            inside = birth_date_of(nik, self._today)
            if day is not None and inside is not None and day != inside:
                result.warnings.append(("tanggal_lahir", "DIFFERS_FROM_NIK"))
            day, sex = day or inside, sex or sex_of(nik)
        found = {"sex": sex, "birth_place": place, "birth_date": day.isoformat() if day else None}
        owner.update({name: value for name, value in found.items() if value})

    def _number(
        self, cells: dict[str, Cell], column: str, check: Callable[[str | float], Checked], result: ParsedRow
    ) -> str | None:
        cell = cells.get(column)
        if cell is None or isinstance(cell, bool):
            return None
        if isinstance(cell, float | int):
            if cell == 0:
                return None
            checked = check(cell)
        else:
            text = text_of(cell)
            if text is None or text in {"0", "0.0"}:
                return None
            parts = [part for part in _SEVERAL.split(text) if any(char.isdigit() for char in part)] or [text]
            checked = check(parts[0])
            if len(parts) > 1 and checked.value is not None:
                result.warnings.append((column, "SEVERAL_VALUES"))
        if checked.reason:
            result.warnings.append((column, checked.reason))
        result.warnings.extend((column, reason) for reason in checked.warnings)
        return checked.value

    def _numbers(self, cells: dict[str, Cell], result: ParsedRow) -> None:
        for column, target in (("modal", "capital_idr"), ("aset", "assets_idr"), ("omzet_tahunan", "turnover_idr")):
            if column not in cells:
                continue
            amount = amount_of(cells[column])
            reason = amount.reason or amount.warning
            if reason:
                result.warnings.append((column, reason))
            if amount.rupiah is not None:
                result.profile[target] = amount.rupiah
            declared = class_below(amount.below, capital=column != "omzet_tahunan", today=self._today)
            if declared:
                result.profile["class_declared"] = declared.value
        bounds = (
            ("tk_laki", "workers_male", 100_000),
            ("tk_perempuan", "workers_female", 100_000),
            ("kapasitas_bulanan", "monthly_capacity", 10**9),
        )
        for column, target, high in bounds:
            if column in cells:
                number, reason = whole_of(cells[column], 0, high)
                self._put(result, column, target, number, reason)
        for column, target in (("tahun_mulai", "start_year"), ("tahun_data", "data_year")):
            if column in cells:
                number, reason = year_of(cells[column], self._today)
                self._put(result, column, target, number, reason)

    def _texts(self, cells: dict[str, Cell], result: ParsedRow) -> None:
        for column, target, limit in _TEXTS:
            if column in cells:
                text = text_of(cells[column], limit)
                if text is not None:
                    result.profile[target] = text
        for column, target in (("bank", "bank"), ("nama_rekening", "account_holder"), ("email", "email")):
            text = text_of(cells.get(column), 100)
            if text is not None:
                result.private[target] = text
        kbli = result.profile.get("kbli")
        if kbli is not None and not _KBLI.fullmatch(kbli):
            found = _KBLI.search(kbli)
            result.warnings.append(("kbli", "SEVERAL_VALUES" if found else "KBLI_NOT_READABLE"))
            result.profile["kbli"] = found.group() if found else None
        for column, target, bound in (("lat", "latitude", 11), ("lon", "longitude", 142)):
            if column in cells:
                degrees, reason = degrees_of(cells[column], bound)
                self._put(result, column, target, degrees, reason)

    @staticmethod
    def _put(result: ParsedRow, column: str, target: str, value: object, reason: str | None) -> None:
        if reason:
            result.warnings.append((column, reason))
        if value is not None:
            result.profile[target] = value


_TEXTS = (
    ("rt", "rt", 10),
    ("rw", "rw", 10),
    ("kode_pos", "postcode", 10),
    ("jenis_usaha", "business_type", 100),
    ("kegiatan_utama", "main_activity", 200),
    ("kbli", "kbli", 40),
    ("satuan_kapasitas", "capacity_unit", 40),
    ("iumk", "iumk", 60),
    ("pirt", "pirt", 60),
    ("halal", "halal", 60),
    ("bpom", "bpom", 60),
    ("sni", "sni", 60),
    ("medsos", "social_media", 200),
    ("sumber", "source", 100),
    ("keterangan", "note", 300),
)

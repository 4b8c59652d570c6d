"""A row of an uploaded list, read and checked; nothing here keeps or logs a number."""

import enum
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from vendor_service.domain.identifiers import Checked, check_account, check_nib, check_nik, check_npwp, check_phone
from vendor_service.domain.imports.cells import Cell, date_of, text_of

MAX_ROWS = 300_000
LOOK_AT = 30
_NO_END = date(2100, 1, 1)


class ListKind(enum.StrEnum):
    """What a list holds."""

    EMPLOYEES = "employees"
    DAFTAR_HITAM = "daftar_hitam"


class ListMode(enum.StrEnum):
    """Whether a list takes the place of the ones before, or is added to them."""

    REPLACE = "replace"
    ADD = "add"


_NUMBERS = {"nik": "nik", "nik ktp": "nik", "no ktp": "nik", "no nik": "nik", "nomor induk kependudukan": "nik"}
_HEADERS = {
    ListKind.EMPLOYEES: _NUMBERS
    | {
        "no hp": "phone",
        "hp": "phone",
        "telepon": "phone",
        "no telepon": "phone",
        "nomor telepon": "phone",
        "no rekening": "account",
        "nomor rekening": "account",
        "rekening": "account",
    },
    ListKind.DAFTAR_HITAM: _NUMBERS
    | {
        "nama": "name",
        "nama penyedia": "name",
        "nama peserta": "name",
        "nama perusahaan": "name",
        "npwp": "npwp",
        "nib": "nib",
        "nomor sk": "letter",
        "no sk": "letter",
        "sk penetapan": "letter",
        "nomor surat": "letter",
        "instansi": "issuer",
        "k/l/pd": "issuer",
        "satuan kerja": "issuer",
        "pelanggaran": "reason",
        "jenis pelanggaran": "reason",
        "tanggal mulai": "valid_from",
        "mulai": "valid_from",
        "berlaku mulai": "valid_from",
        "tanggal selesai": "valid_to",
        "sampai": "valid_to",
        "berlaku sampai": "valid_to",
    },
}
_REQUIRED = {
    ListKind.EMPLOYEES: frozenset({"nik"}),
    ListKind.DAFTAR_HITAM: frozenset({"name", "letter", "valid_from", "valid_to"}),
}


@dataclass(frozen=True, slots=True)
class EmployeeRow:
    """An employee, by numbers only."""

    nik: str
    phone: str | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry of the Daftar Hitam; numbers where the list has them."""

    name: str
    letter: str
    issuer: str
    reason: str
    valid_from: date
    valid_to: date
    nik: str | None = None
    npwp: str | None = None
    nib: str | None = None


@dataclass(slots=True)
class ListReader:
    """Reads the rows of one list; counts what it could not read, by reason."""

    kind: ListKind
    today: date
    columns: dict[str, int] = field(default_factory=dict)
    rejected: Counter[str] = field(default_factory=Counter)

    def find_header(self, rows: Iterable[Sequence[Cell]]) -> int | None:
        """Find the row of headings and remember which column is what; returns its place, or none."""
        for place, cells in enumerate(rows):
            found: dict[str, int] = {}
            for column, cell in enumerate(cells):
                name = _HEADERS[self.kind].get(_heading(cell))
                if name is not None:
                    found.setdefault(name, column)
            if found.keys() >= _REQUIRED[self.kind]:
                self.columns = found
                return place
        return None

    def read(self, cells: Sequence[Cell]) -> EmployeeRow | EntryRow | None:
        """Return a row, or none if it is blank or cannot be read."""
        given = {name: cells[column] for name, column in self.columns.items() if column < len(cells)}
        if all(text_of(cell) is None for cell in given.values()):
            return None
        return self._employee(given) if self.kind is ListKind.EMPLOYEES else self._entry(given)

    def _employee(self, given: dict[str, Cell]) -> EmployeeRow | None:
        nik = self._number(given, "nik")
        if nik is None:
            self.rejected["NIK_NOT_READABLE"] += 1
            return None
        return EmployeeRow(nik, self._number(given, "phone"), self._number(given, "account"))

    def _entry(self, given: dict[str, Cell]) -> EntryRow | None:
        texts = {name: text_of(given.get(name)) or "" for name in ("name", "letter", "issuer", "reason")}
        days = [date_of(given.get(name), _NO_END).value for name in ("valid_from", "valid_to")]
        first, last = days
        if not texts["name"] or not texts["letter"]:
            self.rejected["NAME_OR_LETTER_MISSING"] += 1
        elif first is None or last is None or last < first:
            self.rejected["DATES_NOT_READABLE"] += 1
        else:
            numbers = {name: self._number(given, name) for name in ("nik", "npwp", "nib")}
            issuer, reason = texts["issuer"] or "LKPP", texts["reason"] or "Daftar Hitam Nasional"
            return EntryRow(texts["name"], texts["letter"], issuer, reason, first, last, **numbers)
        return None

    def _number(self, given: dict[str, Cell], name: str) -> str | None:
        cell = given.get(name)
        text = text_of(cell) if not isinstance(cell, int | float) or isinstance(cell, bool) else cell
        return None if text is None else self._checked(name, text).value

    def _checked(self, name: str, raw: str | float) -> Checked:
        if name == "nik":
            return check_nik(raw, self.today)
        if name == "npwp":
            return check_npwp(raw, self.today, entity=True)
        return {"nib": check_nib, "phone": check_phone, "account": check_account}[name](raw)


def _heading(cell: Cell) -> str:
    text = text_of(cell) or ""
    return " ".join(text.casefold().replace(".", " ").replace("_", " ").replace(":", " ").split())

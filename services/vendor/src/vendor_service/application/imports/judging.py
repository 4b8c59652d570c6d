"""Give each row its verdict: compare with the register and with the rows above it (domain.md 10.3)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId

from vendor_service.application.imports.ports import RowKeys, SheetRow, StagedRow
from vendor_service.domain.imports.changes.values import known_values, row_values
from vendor_service.domain.imports.dedupe import ASK_A_HUMAN, Found, Known, Register, Rule
from vendor_service.domain.imports.row import ParsedRow
from vendor_service.domain.imports.verdict import Judged, Verdict, compare, gaps
from vendor_service.domain.owner import is_one_person
from vendor_service.domain.profile import OWNER_FIELDS
from vendor_service.domain.vendor import Vendor


@dataclass(frozen=True, slots=True)
class Compared:
    """A row and the business it speaks of: a new one of its own, one that is known, or none if it is rejected."""

    row: SheetRow
    own_id: UUID | None
    found: Found | None


Above = Mapping[int, ParsedRow]
"""Rows of the same file by number."""


class Judge:
    """Judges the rows of one file in their sequence; keeps keys only, never the rows."""

    def __init__(self, tenant: TenantId, register: Register, row_keys: RowKeys) -> None:
        self._tenant = tenant
        self._register = register
        self._row_keys = row_keys
        self._taken: dict[UUID, int] = {}
        self._filled: dict[UUID, set[str]] = {}
        self._fast: dict[UUID, frozenset[str]] = {}

    def compare(self, rows: Sequence[SheetRow]) -> list[Compared]:
        """Find for each row the business it speaks of."""
        compared: list[Compared] = []
        for row in rows:
            if row.parsed.rejections:
                compared.append(Compared(row, None, None))
                continue
            keys = self._row_keys.keys(self._tenant, row.parsed)
            found = self._named(row.parsed) or self._register.find(keys)
            own_id = None
            if found is None or found.rule in ASK_A_HUMAN or found.rule is Rule.NIK_ONLY:
                own_id = new_id()
                self._register.add(keys, Known(own_id, row.number))
            compared.append(Compared(row, own_id, found))
        return compared

    def _named(self, parsed: ParsedRow) -> Found | None:
        try:
            return self._register.named(UUID(parsed.profile["vendor_id"]))
        except (KeyError, ValueError):
            return None

    @staticmethod
    def known_ids(compared: Iterable[Compared]) -> set[UUID]:
        """Return the businesses of the register whose fields have to be looked at."""
        return {
            one.found.known.vendor_id
            for one in compared
            if one.found is not None and one.own_id is None and one.found.known.row is None
        }

    def hold(self, fast: Mapping[UUID, frozenset[str]]) -> None:
        """Leave fields of an owner alone that were verified for another business of the same person."""
        self._fast.update(fast)

    @staticmethod
    def earlier_rows(compared: Sequence[Compared]) -> set[int]:
        """Return the numbers of the rows of this file, staged before, that a row here repeats."""
        here = {one.row.number for one in compared}
        found = {one.found.known.row for one in compared if one.found is not None and one.own_id is None}
        return {number for number in found if number is not None} - here

    def decide(self, compared: Sequence[Compared], known: Mapping[UUID, Vendor], above: Above) -> list[StagedRow]:
        """Return the rows with their verdicts.

        Args:
            compared: The rows.
            known: The businesses of `known_ids`.
            above: The rows of `earlier_rows`, and those that are judged together with these.
        """
        return [self._staged(one, self._judged(one, known, above)) for one in compared]

    def _staged(self, one: Compared, judged: Judged) -> StagedRow:
        parsed = one.row.parsed
        links: list[bytes] = []
        if one.own_id is not None:
            links = self._row_keys.links(self._tenant, parsed)
        elif judged.verdict is Verdict.UPDATE:
            links = self._row_keys.links(self._tenant, only(parsed, frozenset(judged.changes)))
        return StagedRow(one.row, judged, links, self._row_keys.seal(self._tenant, parsed))

    def _judged(self, one: Compared, known: Mapping[UUID, Vendor], above: Above) -> Judged:
        parsed, found = one.row.parsed, one.found
        warnings = tuple(parsed.warnings)
        if parsed.rejections:
            reasons = tuple(f"{field}:{reason}" for field, reason in parsed.rejections)
            return Judged(Verdict.REJECTED, None, reasons, warnings)
        if one.own_id is not None:
            return _new(one.own_id, found, warnings)
        assert found is not None
        vendor_id, number = found.known.vendor_id, found.known.row
        if number is not None:
            return self._repeated(found, number, row_values(above[number]), parsed, warnings)
        if (first := self._taken.get(vendor_id)) is not None:
            return self._repeated(found, first, known_values(known[vendor_id]), parsed, warnings)
        self._taken[vendor_id] = one.row.number
        fast = known[vendor_id].verified_fields | self._fast.get(vendor_id, frozenset())
        judged = _against(known[vendor_id], found, parsed, warnings, fast)
        self._filled[vendor_id] = set(judged.changes)
        return judged

    def _repeated(
        self, found: Found, number: int, there: Mapping[str, Any], parsed: ParsedRow, warnings: "_Warnings"
    ) -> Judged:
        """Judge a row that repeats one further up: it may fill what is still empty there, and nothing else."""
        vendor_id = found.known.vendor_id
        filled = self._filled.setdefault(vendor_id, set())
        incoming, differs = _about(there, row_values(parsed))
        fields = tuple(name for name in gaps(there, incoming) if name not in filled)
        filled.update(fields)
        verdict = Verdict.UPDATE if fields else Verdict.DUPLICATE
        return Judged(verdict, vendor_id, (found.rule.value, f"ROW_{number}"), warnings + differs, changes=fields)


_Warnings = tuple[tuple[str, str], ...]


def _new(vendor_id: UUID, found: Found | None, warnings: _Warnings) -> Judged:
    if found is None:
        return Judged(Verdict.NEW, vendor_id, (), warnings)
    if found.rule is Rule.NIK_ONLY:
        return Judged(Verdict.NEW, vendor_id, (), (*warnings, ("nik", found.rule.value)))
    other = found.known.vendor_id
    return Judged(Verdict.POSSIBLE_DUPLICATE, vendor_id, (found.rule.value,), warnings, other_id=other)


def _against(vendor: Vendor, found: Found, parsed: ParsedRow, warnings: _Warnings, fast: frozenset[str]) -> Judged:
    vendor_id = vendor.vendor_id
    known = known_values(vendor)
    incoming, differs = _about(known, row_values(parsed))
    if found.known.aside:
        # What a merged record was called is no reason to rename the one it lives on in.
        filled = gaps(known, incoming)
        verdict = Verdict.UPDATE if filled else Verdict.DUPLICATE
        return Judged(verdict, vendor_id, (found.rule.value,), warnings + differs, changes=filled)
    changes = compare(known, incoming, fast)
    kept = tuple((name, "VERIFIED_VALUE_KEPT") for name in changes.kept)
    verdict = Verdict.UPDATE if changes.fields else Verdict.DUPLICATE
    return Judged(verdict, vendor_id, (found.rule.value,), warnings + differs + kept, changes=changes.fields)


def _about(known: Mapping[str, Any], incoming: dict[str, Any]) -> tuple[dict[str, Any], _Warnings]:
    """Return of a row what may be compared with a business: nothing about its owner if that is somebody else."""
    ours, theirs = known.get("owner_name"), incoming.get("owner_name")
    if ours is None or theirs is None or is_one_person(ours, known.get("nik"), theirs, incoming.get("nik")):
        return incoming, ()
    return {name: value for name, value in incoming.items() if name not in OWNER_FIELDS}, (
        ("nama_pemilik", "OWNER_DIFFERS"),
    )


def only(parsed: ParsedRow, fields: frozenset[str]) -> ParsedRow:
    """Return of a row's numbers those that it would set."""
    return ParsedRow(
        private={name: value for name, value in parsed.private.items() if name in fields},
        owners=[{name: value for name, value in owner.items() if name in fields} for owner in parsed.owners[:1]],
    )

"""Give each row its verdict: compare with the register and with the rows above it (domain.md 10.3)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId

from vendor_service.application.imports.ports import RowKeys, SheetRow, StagedRow
from vendor_service.domain.fields import values_of
from vendor_service.domain.imports.dedupe import ASK_A_HUMAN, Found, Keys, Known, Register, Rule
from vendor_service.domain.imports.row import ParsedRow
from vendor_service.domain.imports.verdict import Judged, Verdict, compare
from vendor_service.domain.vendor import Vendor

Compared = tuple[SheetRow, Keys, list[bytes], Found | None]


class Judge:
    """Judges the rows of one file in their sequence; keeps keys only, never the rows."""

    def __init__(self, tenant: TenantId, register: Register, row_keys: RowKeys) -> None:
        self._tenant = tenant
        self._register = register
        self._row_keys = row_keys
        self._taken: dict[UUID, int] = {}
        self._ids: dict[int, UUID] = {}

    def compare(self, rows: Sequence[SheetRow]) -> list[Compared]:
        """Find for each row the business it speaks of; computation only, for a thread."""
        compared: list[Compared] = []
        for row in rows:
            if row.parsed.rejections:
                compared.append((row, Keys("", ""), [], None))
                continue
            keys = self._row_keys.keys(self._tenant, row.parsed)
            found = self._register.find(keys)
            if found is None or found.rule in ASK_A_HUMAN or found.rule is Rule.NIK_ONLY:
                vendor_id = new_id()
                self._ids[row.number] = vendor_id
                self._register.add(keys, Known(vendor_id, row.number))
            compared.append((row, keys, self._row_keys.links(self._tenant, row.parsed), found))
        return compared

    def known_ids(self, compared: Iterable[Compared]) -> set[UUID]:
        """Return the businesses of the register whose fields have to be looked at."""
        return {
            found.known.vendor_id
            for row, _, _, found in compared
            if found is not None and row.number not in self._ids and found.known.row is None
        }

    def decide(self, compared: Sequence[Compared], known: dict[UUID, Vendor]) -> list[StagedRow]:
        """Return the rows with their verdicts; computation only, for a thread."""
        return [
            StagedRow(row, self._judged(row, found, known), links, self._row_keys.seal(self._tenant, row.parsed))
            for row, _, links, found in compared
        ]

    def _judged(self, row: SheetRow, found: Found | None, known: dict[UUID, Vendor]) -> Judged:
        parsed = row.parsed
        warnings = tuple(parsed.warnings)
        if parsed.rejections:
            reasons = tuple(f"{field}:{reason}" for field, reason in parsed.rejections)
            return Judged(Verdict.REJECTED, None, reasons, warnings)
        own_id = self._ids.get(row.number)
        if own_id is not None:
            return _new(own_id, found, warnings)
        assert found is not None
        vendor_id = found.known.vendor_id
        first = found.known.row or self._taken.get(vendor_id)
        if first is not None:
            return Judged(Verdict.DUPLICATE, vendor_id, (found.rule.value, f"ROW_{first}"), warnings)
        self._taken[vendor_id] = row.number
        return _against(known[vendor_id], vendor_id, found, parsed, warnings)


def _new(vendor_id: UUID, found: Found | None, warnings: tuple[tuple[str, str], ...]) -> Judged:
    if found is None:
        return Judged(Verdict.NEW, vendor_id, (), warnings)
    if found.rule is Rule.NIK_ONLY:
        return Judged(Verdict.NEW, vendor_id, (), (*warnings, ("nik", found.rule.value)))
    other = found.known.vendor_id
    return Judged(Verdict.POSSIBLE_DUPLICATE, vendor_id, (found.rule.value,), warnings, other_id=other)


def _against(
    vendor: Vendor, vendor_id: UUID, found: Found, parsed: ParsedRow, warnings: tuple[tuple[str, str], ...]
) -> Judged:
    changes = compare(known_values(vendor), row_values(parsed), vendor.verified_fields)
    kept = tuple((name, "VERIFIED_VALUE_KEPT") for name in changes.kept)
    verdict = Verdict.UPDATE if changes.fields else Verdict.DUPLICATE
    return Judged(verdict, vendor_id, (found.rule.value,), warnings + kept, changes=changes.fields)


def known_values(vendor: Vendor) -> dict[str, Any]:
    """Return a business and its first owner as one set of values."""
    values = {**values_of(vendor.profile), **values_of(vendor.private)}
    if vendor.owners:
        owner = values_of(vendor.owners[0])
        values |= {"owner_name": owner.pop("name"), **owner}
    return values


def row_values(parsed: ParsedRow) -> dict[str, Any]:
    """Return a row in the same shape; dates are dates on both sides."""
    values = {**parsed.profile, **parsed.private}
    if parsed.owners:
        owner = dict(parsed.owners[0])
        born = owner.get("birth_date")
        # Text on its way out of the reading process, a date once it was staged.
        owner["birth_date"] = date.fromisoformat(born) if isinstance(born, str) else born
        values |= {"owner_name": owner.pop("name"), **owner}
    return values

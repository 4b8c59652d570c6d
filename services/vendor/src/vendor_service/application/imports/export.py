"""The register, and the verdicts of an import, as rows for a file: a few at a time, each in its own transaction."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from bela_kit.core.tenancy import TenantId

from vendor_service.application.imports.ports import StagedRow
from vendor_service.application.ports import Transactions
from vendor_service.domain.areas import Area
from vendor_service.domain.imports.changes.template import EXPORTED, MASKED, Shown, cells_of
from vendor_service.domain.imports.changes.values import known_values, row_values
from vendor_service.domain.imports.columns import COLUMNS
from vendor_service.domain.imports.messages import sentence
from vendor_service.domain.standing import Standing
from vendor_service.domain.vendor import Moment, Vendor

_AT_ONCE = 500
_VERDICT_COLUMNS = ("baris", "lembar", "baris_lembar", "hasil", "kode", "penjelasan", "id_usaha")

Rows = AsyncIterator[Sequence[Sequence[Shown]]]


@dataclass(frozen=True, slots=True)
class Export:
    """What is exported.

    Attributes:
        reveal_reason: Why numbers are to stand in full; none for a masked export.
    """

    tenant: TenantId
    moment: Moment
    reveal_reason: str | None = None


async def register_rows(export: Export, *, transactions: Transactions) -> Rows:
    """Yield the header and the businesses of a region, oldest first; merged and closed records are left out.

    With a reason, every business whose numbers go out is written down before they do.
    """
    async with transactions(export.tenant) as uow:
        places = _names(await uow.areas.of_region(export.tenant))
    yield [EXPORTED]
    after: UUID | None = None
    number = 0
    while True:
        async with transactions(export.tenant) as uow:
            ids = await uow.bulk.page(after, _AT_ONCE)
            found = await uow.vendors.peek(ids)
            if export.reveal_reason is not None:
                await uow.journal.log_reveals(ids, MASKED, export.reveal_reason, export.moment)
        if not ids:
            return
        after = ids[-1]
        lines = []
        for vendor_id in ids:
            vendor = found[vendor_id]
            if vendor.standing in {Standing.MERGED, Standing.CLOSED}:
                continue
            number += 1
            lines.append(_line(vendor, number, places, masked=export.reveal_reason is None))
        yield lines


def _line(vendor: Vendor, number: int, places: dict[str, str], *, masked: bool) -> list[Shown]:
    shown = cells_of(known_values(vendor), places, masked=masked)
    shown["nama_pemilik"] = " / ".join(owner.name for owner in vendor.owners)
    shown |= {"id_usaha": str(vendor.vendor_id), "no": number}
    return [shown.get(column) for column in EXPORTED]


async def verdict_rows(tenant: TenantId, import_id: UUID, *, transactions: Transactions) -> Rows:
    """Yield the header and the rows of an import with the verdicts beside; what was not understood as it stood."""
    async with transactions(tenant) as uow:
        places = _names(await uow.areas.of_region(tenant))
        await uow.imports.get(import_id)
    yield [(*COLUMNS, *_VERDICT_COLUMNS)]
    after = 0
    while True:
        async with transactions(tenant) as uow:
            rows = await uow.imports.staged(import_id, after, _AT_ONCE)
        if not rows:
            return
        after = rows[-1].row.number
        yield [_judged(one, places) for one in rows]


def _judged(one: StagedRow, places: dict[str, str]) -> list[Shown]:
    parsed = one.row.parsed
    shown = {**cells_of(row_values(parsed), places, masked=False), **parsed.raw}
    if "nama_pemilik" not in parsed.raw:
        shown["nama_pemilik"] = " / ".join(owner["name"] for owner in parsed.owners)
    said = [_said(reason) for reason in one.judged.reasons]
    said += [(f"{column}:{code}", f"{column}: {sentence(code)}") for column, code in one.judged.warnings]
    verdict: list[Shown] = [
        one.row.number,
        one.row.sheet,
        one.row.sheet_row,
        one.judged.verdict.value,
        "; ".join(code for code, _ in said),
        " ".join(text for _, text in said),
        str(one.judged.vendor_id or ""),
    ]
    return [*(shown.get(column) for column in COLUMNS), *verdict]


def _said(reason: str) -> tuple[str, str]:
    column, colon, code = reason.partition(":")
    if colon:
        return reason, f"{column}: {sentence(code)}"
    return reason, f"Sama dengan baris {reason[4:]}." if reason.startswith("ROW_") else sentence(reason)


def _names(areas: Sequence[Area]) -> dict[str, str]:
    return {area.code: area.name for area in areas}

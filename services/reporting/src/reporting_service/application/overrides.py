"""How often rules were overridden, and why: counts and reason codes per budget holder, no order and no name."""

from collections.abc import Sequence
from dataclasses import dataclass

from reporting_service import measures
from reporting_service.application.ports import OverrideRow, Reports
from reporting_service.application.stamp import Asker, Stamped, rounded, stamped


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideLine:
    """One budget holder: signed orders, those with an override, and how often each reason and flag occurs."""

    unit_id: str
    name: str
    signed_orders: int
    overridden: int
    overridden_share: float | None
    reasons: dict[str, int]
    flags: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverridesReport(Stamped):
    """Overrides of a fiscal year."""

    year: int
    total: OverrideLine
    units: list[OverrideLine]


async def overrides(asker: Asker, year: int, *, reports: Reports) -> OverridesReport:
    """Return the overrides of a year."""
    rows = await reports.overrides(asker.tenant, year)
    units: dict[str, list[OverrideRow]] = {}
    for row in rows:
        units.setdefault(row.unit_id, []).append(row)
    lines = [_line(unit, of_unit[0].name, of_unit) for unit, of_unit in units.items()]
    return OverridesReport(
        **await stamped(asker, reports),  # type: ignore[arg-type]
        year=year,
        total=_line("", "", rows),
        units=sorted(lines, key=lambda line: (-line.overridden, line.name, line.unit_id)),
    )


def _line(unit: str, name: str, rows: Sequence[OverrideRow]) -> OverrideLine:
    signed, overridden = _count(rows, "signed"), _count(rows, "overridden")
    return OverrideLine(
        unit_id=unit,
        name=name,
        signed_orders=signed,
        overridden=overridden,
        overridden_share=rounded(measures.ratio(overridden, signed)),
        reasons=_codes(rows, "reason"),
        flags=_codes(rows, "flag"),
    )


def _count(rows: Sequence[OverrideRow], kind: str) -> int:
    return sum(row.orders for row in rows if row.kind == kind)


def _codes(rows: Sequence[OverrideRow], kind: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in sorted(rows, key=lambda row: row.code):
        if row.kind == kind:
            counts[row.code] = counts.get(row.code, 0) + row.orders
    return counts

"""How far businesses have come from the first row in a list to the first sale (domain.md 10.3)."""

from collections.abc import Iterable
from dataclasses import dataclass

from reporting_service import measures
from reporting_service.application.ports import FunnelRow, Reports
from reporting_service.application.stamp import Asker, Stamped, rounded, stamped

STEPS = ("collected", "trained", "account", "verified", "published", "first_sale")


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelLine:
    """Counts of one kecamatan, and which share of those collected have an account and a first sale."""

    district_code: str
    district_name: str
    collected: int
    trained: int
    account: int
    verified: int
    published: int
    first_sale: int
    account_share: float | None
    first_sale_share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelReport(Stamped):
    """The funnel of a region. `slowest_district` has the smallest share of accounts among those collected."""

    total: FunnelLine
    slowest_district: str | None
    slowest_district_name: str | None
    districts: list[FunnelLine]


async def funnel(asker: Asker, *, reports: Reports) -> FunnelReport:
    """Return the funnel of a region."""
    found = await reports.funnel(asker.tenant)
    rows = sorted((row for row in found if row.collected), key=lambda row: row.district_code)
    names = await reports.area_names(asker.tenant, (row.district_code for row in rows))
    lines = [_line(row, names.get(row.district_code, row.district_code)) for row in rows]
    # One kecamatan alone is not slow.
    compared = lines if len(lines) > 1 else []
    slowest = min(
        compared, key=lambda line: (line.account_share or 0, -line.collected, line.district_code), default=None
    )
    return FunnelReport(
        **await stamped(asker, reports),  # type: ignore[arg-type]
        total=_line(_sum(rows), ""),
        slowest_district=slowest.district_code if slowest is not None else None,
        slowest_district_name=slowest.district_name if slowest is not None else None,
        districts=lines,
    )


def _sum(rows: Iterable[FunnelRow]) -> FunnelRow:
    counts = dict.fromkeys(STEPS, 0)
    for row in rows:
        for step in STEPS:
            counts[step] += getattr(row, step)
    return FunnelRow("", **counts)


def _line(row: FunnelRow, name: str) -> FunnelLine:
    return FunnelLine(
        district_code=row.district_code,
        district_name=name,
        account_share=rounded(measures.ratio(row.account, row.collected)),
        first_sale_share=rounded(measures.ratio(row.first_sale, row.collected)),
        **{step: getattr(row, step) for step in STEPS},
    )

"""Whom the money reaches: which share of the active sellers, and of the kecamatan, sold anything."""

from dataclasses import dataclass

from reporting_service import measures
from reporting_service.application.groups import Group, grouped
from reporting_service.application.ports import Reports, Slice
from reporting_service.application.stamp import Asker, SlicedReport, rounded, sliced


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictReach:
    """Reach in one kecamatan; sellers are owner groups."""

    district_code: str
    district_name: str
    active: int
    with_sales: int
    reach: float | None
    spend_idr: int
    orders: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachReport(SlicedReport):
    """Reach over own sellers. `active` holds those that sold and have left since, so that reach stays below 1."""

    active: int
    with_sales: int
    reach: float | None
    districts_active: int
    districts_with_sales: int
    district_reach: float | None
    guests_with_sales: int
    districts: list[DistrictReach]


async def reach(asker: Asker, part: Slice, *, reports: Reports) -> ReachReport:
    """Return the reach report of a slice."""
    rows = await reports.sellers(asker.tenant, part, asker.today)
    groups = grouped(row for row in rows if not row.guest)
    guests = grouped(row for row in rows if row.guest)
    districts: dict[str, list[Group]] = {}
    for group in groups:
        districts.setdefault(group.district_code, []).append(group)
    names = await reports.area_names(asker.tenant, districts)
    lines = [_district(code, names.get(code, code), of_district) for code, of_district in sorted(districts.items())]
    sold = sum(1 for line in lines if line.with_sales)
    return ReachReport(
        **await sliced(asker, part, reports),  # type: ignore[arg-type]
        active=len(groups),
        with_sales=sum(line.with_sales for line in lines),
        reach=rounded(measures.reach(group.value_idr for group in groups)),
        districts_active=len(lines),
        districts_with_sales=sold,
        district_reach=rounded(measures.ratio(sold, len(lines))),
        guests_with_sales=sum(1 for group in guests if group.value_idr),
        districts=lines,
    )


def _district(code: str, name: str, groups: list[Group]) -> DistrictReach:
    return DistrictReach(
        district_code=code,
        district_name=name,
        active=len(groups),
        with_sales=sum(1 for group in groups if group.value_idr),
        reach=rounded(measures.reach(group.value_idr for group in groups)),
        spend_idr=sum(group.value_idr for group in groups),
        orders=sum(group.orders for group in groups),
    )

"""How evenly a region's money spreads over its owner groups (domain.md 10.1, Measures)."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from reporting_service import measures
from reporting_service.application.groups import Group, grouped
from reporting_service.application.ports import Reports, SellerRow, Slice
from reporting_service.application.stamp import Asker, SlicedReport, rounded, sliced

SMALLEST_PUBLISHED = 5
"""With fewer groups the Gini index says more about single sellers than about spread: n is shown, the index is not."""

_UMK_CLASSES = frozenset({"micro", "small"})


class Variant(enum.StrEnum):
    """Who is counted: every active group, those that sold nothing included, or only those that sold."""

    ACTIVE = "active"
    SELLERS = "sellers"


@dataclass(frozen=True, slots=True, kw_only=True)
class TheilParts:
    """The Theil index and its two parts: what differs inside kecamatan, and what differs between them."""

    total: float
    within: float
    between: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The measures of one population; null where nothing was sold, or where a measure is suppressed."""

    n: int
    sellers: int
    spend_idr: int
    orders: int
    gini: float | None
    hhi: float | None
    effective_number: float | None
    theil: TheilParts | None
    reach: float | None
    top1_share: float | None
    top5_share: float | None
    suppressed: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcentrationRow:
    """One of the largest owner groups, without a name: its share, and how many businesses it holds."""

    rank: int
    share: float
    businesses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EquityReport(SlicedReport):
    """Spread over the region's own groups; guests of other regions are counted apart.

    `umk_share` (small firms and cooperatives), `local_share` and `new_vendor_share` are shares of all spend, guests
    included; `new_vendors` counts own groups that never sold in an earlier year.
    """

    variant: Variant
    n: int
    sellers: int
    spend_idr: int
    orders: int
    gini: float | None
    hhi: float | None
    effective_number: float | None
    theil: TheilParts | None
    reach: float | None
    top1_share: float | None
    top5_share: float | None
    suppressed: list[str]
    new_vendors: int
    new_vendor_share: float | None
    umk_share: float | None
    umk_target: float
    local_share: float | None
    concentration: list[ConcentrationRow]
    guests: Spread


async def equity(asker: Asker, part: Slice, variant: Variant, *, reports: Reports) -> EquityReport:
    """Return the equity report of a slice."""
    rows = await reports.sellers(asker.tenant, part, asker.today)
    own, guests = grouped(row for row in rows if not row.guest), grouped(row for row in rows if row.guest)
    population = counted(own, variant)
    total = sum(row.value_idr for row in rows)
    newcomers = [group for group in (*own, *guests) if group.newcomer and group.value_idr]
    return EquityReport(
        **await sliced(asker, part, reports),  # type: ignore[arg-type]
        **_fields(spread(population)),  # type: ignore[arg-type]
        variant=variant,
        new_vendors=sum(1 for group in population if group.newcomer and group.value_idr),
        new_vendor_share=rounded(measures.ratio(sum(group.value_idr for group in newcomers), total)),
        umk_share=rounded(measures.ratio(sum(row.value_idr for row in rows if is_umk(row)), total)),
        umk_target=measures.UMK_TARGET,
        local_share=rounded(measures.ratio(sum(row.value_idr for row in rows if is_local(asker.tenant, row)), total)),
        concentration=concentration(population),
        guests=spread(counted(guests, variant)),
    )


def counted(groups: Sequence[Group], variant: Variant) -> list[Group]:
    """Return the population: sellers that are no longer active belong to it, or their money would be nobody's."""
    if variant is Variant.SELLERS:
        return [group for group in groups if group.value_idr]
    return list(groups)


def spread(groups: Sequence[Group]) -> Spread:
    """Return the measures of a population of groups."""
    values = [group.value_idr for group in groups]
    small = 0 < len(values) < SMALLEST_PUBLISHED
    return Spread(
        n=len(values),
        sellers=sum(1 for value in values if value),
        spend_idr=sum(values),
        orders=sum(group.orders for group in groups),
        gini=None if small else rounded(measures.gini(values)),
        hhi=rounded(measures.hhi(values)),
        effective_number=rounded(measures.effective_number(values)),
        theil=_theil(groups),
        reach=rounded(measures.reach(values)),
        top1_share=rounded(measures.top_share(values, 1)),
        top5_share=rounded(measures.top_share(values, 5)),
        suppressed=["gini"] if small else [],
    )


def concentration(groups: Sequence[Group], count: int = 5) -> list[ConcentrationRow]:
    """Return the largest groups by share."""
    total = sum(group.value_idr for group in groups)
    largest = sorted((group for group in groups if group.value_idr), key=lambda group: -group.value_idr)[:count]
    return [
        ConcentrationRow(rank=rank, share=round(group.value_idr / total, 6), businesses=group.businesses)
        for rank, group in enumerate(largest, start=1)
    ]


def is_umk(row: SellerRow) -> bool:
    """Say whether spend with a business counts towards the 40 %: micro, small, or a cooperative (Perpres 12/2021)."""
    return row.business_class in _UMK_CLASSES or row.entity_kind == "koperasi"


def is_local(region: str, row: SellerRow) -> bool:
    """Say whether a business is local: at home in the regency, or within the province that buys (domain.md 3.3)."""
    return row.home_region == region or (len(region) == 2 and row.home_region.startswith(region))


def _theil(groups: Sequence[Group]) -> TheilParts | None:
    places: dict[str, list[int]] = {}
    for group in groups:
        places.setdefault(group.district_code, []).append(group.value_idr)
    split = measures.theil_decomposition(places)
    if split is None:
        return None
    return TheilParts(total=round(split.total, 6), within=round(split.within, 6), between=round(split.between, 6))


def _fields(measured: Spread) -> dict[str, object]:
    return {name: getattr(measured, name) for name in Spread.__dataclass_fields__}

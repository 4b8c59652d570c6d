"""All regions side by side; a demonstration region never enters a national figure (domain.md 3.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bela_kit.core.clock import Clock
from bela_kit.core.errors import ServiceError
from bela_kit.core.tenancy import TenantId


@dataclass(frozen=True, slots=True)
class RegionRow:
    """Spend of one region in a year."""

    region: str
    value_idr: int
    orders: int


class NationalReports(Protocol):
    """Reads sums of whole regions, which are public everywhere."""

    async def all_regions(self, year: int) -> Sequence[RegionRow]:
        """Return the spend of every region, demonstrations included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionSpend:
    """One region's line."""

    region: str
    name: str
    value_idr: int
    orders: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalSpend:
    """Spend of all regions in a year, largest first."""

    year: int
    total_idr: int
    orders: int
    regions: list[RegionSpend]


async def national_spend(year: int, *, reports: NationalReports, clock: Clock) -> NationalSpend:
    """Return the spend of every real region."""
    regions = []
    for row in await reports.all_regions(year):
        name = _real_name(TenantId(row.region), clock)
        if name is not None:
            regions.append(RegionSpend(region=row.region, name=name, value_idr=row.value_idr, orders=row.orders))
    return NationalSpend(
        year=year,
        total_idr=sum(region.value_idr for region in regions),
        orders=sum(region.orders for region in regions),
        regions=regions,
    )


def _real_name(tenant: TenantId, clock: Clock) -> str | None:
    """Return the region's name; None for a demonstration, and for one whose settings have not arrived yet."""
    try:
        settings = clock.settings(tenant)
    except ServiceError:
        return None
    return None if settings.demo else settings.name

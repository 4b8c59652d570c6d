"""What every report says first: whose it is, how fresh it is, and whether it is only a demonstration."""

from dataclasses import dataclass
from datetime import date, datetime

from bela_kit.core.tenancy import TenantId

from reporting_service.application.ports import Reports, Slice


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """For whom and about which region a report is made.

    Attributes:
        member: Holds a grant in the region; sees what is not public.
        demo: The region is for demonstration; its figures enter no national one.
    """

    tenant: TenantId
    today: date
    demo: bool = False
    member: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamped:
    """Head of a report. `as_of` is when the newest event behind the figures happened, on the region's clock."""

    region: str
    demo: bool
    as_of: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlicedReport(Stamped):
    """Head of a report over a part of a region's spend; null means no filter."""

    year: int
    unit: str | None
    unit_name: str | None
    category: str | None
    district: str | None


async def sliced(asker: Asker, part: Slice, reports: Reports) -> dict[str, object]:
    """Return the head's fields."""
    return {
        **await stamped(asker, reports),
        "year": part.year,
        "unit": part.unit or None,
        "unit_name": await reports.unit_name(asker.tenant, part.unit) if part.unit else None,
        "category": part.category or None,
        "district": part.district or None,
    }


async def stamped(asker: Asker, reports: Reports) -> dict[str, object]:
    """Return the fields of `Stamped`."""
    return {"region": asker.tenant, "demo": asker.demo, "as_of": await reports.as_of(asker.tenant)}


def rounded(value: float | None) -> float | None:
    """Return a measure with six digits: more would tell nothing, and fewer would lose the vectors of the rules."""
    return None if value is None else round(value, 6)

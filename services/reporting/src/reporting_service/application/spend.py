"""Where the money went: per seller, kecamatan, budget holder, category or month."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from bela_kit.core.errors import FieldError, ServiceError

from reporting_service.application.groups import grouped
from reporting_service.application.ports import Reports, SellerRow, Slice, SpendRow
from reporting_service.application.stamp import Asker, SlicedReport, sliced

FEWEST_SELLERS = 3
"""Where fewer sellers share an aggregate, a person's part of it is that person's turnover (domain.md 8.2)."""


class FilterNotSupported(ServiceError):
    """Sums per unit, category and month are kept for the whole region, not per kecamatan of the seller."""

    reason = "FILTER_NOT_SUPPORTED"

    def __init__(self) -> None:
        message = "Saringan kecamatan hanya untuk daftar per penyedia atau per kecamatan."
        super().__init__(message, fields=[FieldError("district", self.reason, message)])


class SpendBy(enum.StrEnum):
    """What the spend is listed by."""

    VENDOR = "vendor"
    DISTRICT = "district"
    UNIT = "unit"
    CATEGORY = "category"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendLine:
    """One line of the list.

    `key` is the id, code or month (`2026-03`). `value_idr` is null, and `suppressed` true, where it would tell the
    turnover of a person; the values of the contracts themselves stay public.
    """

    key: str
    name: str
    value_idr: int | None
    orders: int | None
    vendors: int | None
    district: str | None
    guest: bool | None
    suppressed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendReport(SlicedReport):
    """Spend (value handed over, paid or not) of a slice, largest first, months in their order."""

    by: SpendBy
    total_idr: int
    orders: int
    rows: list[SpendLine]


async def spend(asker: Asker, part: Slice, by: SpendBy, *, reports: Reports) -> SpendReport:
    """Return the spend report of a slice.

    Raises:
        FilterNotSupported: A kecamatan was asked for, and the list is neither of sellers nor of kecamatan.
    """
    if by in (SpendBy.VENDOR, SpendBy.DISTRICT):
        sellers = [row for row in await reports.sellers(asker.tenant, part, asker.today) if row.value_idr]
        lines = (
            _by_vendor(sellers, asker.member) if by is SpendBy.VENDOR else await _by_district(asker, sellers, reports)
        )
        total, orders = sum(row.value_idr for row in sellers), sum(row.orders for row in sellers)
    elif part.district:
        raise FilterNotSupported
    else:
        rows = await _rows(asker, part, by, reports)
        lines = [_line(row) for row in rows if row.key]
        # Not the sum of the lines: an order may count in two months or categories, and once in all.
        total, orders = next(((row.value_idr, row.orders) for row in rows if not row.key), (0, 0))
    head = await sliced(asker, part, reports)
    return SpendReport(**head, by=by, total_idr=total, orders=orders, rows=lines)  # type: ignore[arg-type]


async def _rows(asker: Asker, part: Slice, by: SpendBy, reports: Reports) -> Sequence[SpendRow]:
    if by is SpendBy.UNIT:
        return await reports.spend_by_unit(asker.tenant, part)
    if by is SpendBy.CATEGORY:
        return await reports.spend_by_category(asker.tenant, part)
    return await reports.spend_by_month(asker.tenant, part)


def _line(row: SpendRow) -> SpendLine:
    return SpendLine(
        key=row.key,
        name=row.name,
        value_idr=row.value_idr,
        orders=row.orders,
        vendors=row.vendors,
        district=None,
        guest=None,
        suppressed=False,
    )


def _by_vendor(sellers: Sequence[SellerRow], member: bool) -> list[SpendLine]:
    few = len(sellers) < FEWEST_SELLERS and not member
    lines = []
    for row in sorted(sellers, key=lambda row: (-row.value_idr, row.vendor_id)):
        hidden = few and row.entity_kind in ("individual", "")
        lines.append(
            SpendLine(
                key=row.vendor_id,
                name=row.display_name,
                value_idr=None if hidden else row.value_idr,
                orders=None if hidden else row.orders,
                vendors=None,
                district=row.district_code,
                guest=row.guest,
                suppressed=hidden,
            )
        )
    return lines


async def _by_district(asker: Asker, sellers: Sequence[SellerRow], reports: Reports) -> list[SpendLine]:
    districts: dict[str, list[SellerRow]] = {}
    for row in sellers:
        districts.setdefault(row.district_code, []).append(row)
    names = await reports.area_names(asker.tenant, districts)
    lines = [
        SpendLine(
            key=code,
            name=names.get(code, code),
            value_idr=sum(row.value_idr for row in of_district),
            orders=sum(row.orders for row in of_district),
            vendors=len(grouped(of_district)),
            district=code,
            guest=all(row.guest for row in of_district),
            suppressed=False,
        )
        for code, of_district in districts.items()
    ]
    return sorted(lines, key=lambda line: (-(line.value_idr or 0), line.key))

"""What reports need to know, as a port; every method names the region it reads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol

from bela_kit.core.tenancy import TenantId

from reporting_service.facts.order import OrderFacts


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of a region's spend is meant; empty text means every one.

    Attributes:
        year: Fiscal year of the budget.
        unit: Budget holder.
        category: Level-2 category.
        district: Kecamatan of the seller.
    """

    year: int
    unit: str = ""
    category: str = ""
    district: str = ""


class SellerRow(NamedTuple):
    """One business that is active, sold in the slice, or both.

    A tuple, because a report may hold thousands: a frozen dataclass costs eight times as much to make.

    Attributes:
        active: Verified, something on sale now, standing ok.
        guest: At home in another region.
        value_idr: What it sold in the slice, handed over.
        sold_before: Whether it sold anything in an earlier year.
    """

    vendor_id: str
    owner_group_id: str
    display_name: str
    entity_kind: str
    business_class: str
    district_code: str
    home_region: str
    active: bool
    guest: bool
    value_idr: int
    orders: int
    sold_before: bool


@dataclass(frozen=True, slots=True)
class SpendRow:
    """Spend of one unit, category or month."""

    key: str
    name: str
    value_idr: int
    orders: int
    vendors: int | None


@dataclass(frozen=True, slots=True)
class ClockRow:
    """How fast one budget holder pays; days are calendar days from BAST to the last rupiah."""

    unit_id: str
    name: str
    handovers: int
    paid: int
    median_days: float | None
    p90_days: int | None
    unpaid: int
    oldest_unpaid_on: date | None
    orders: int


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """How many businesses of one kecamatan reached each milestone."""

    district_code: str
    collected: int
    trained: int
    account: int
    verified: int
    published: int
    first_sale: int


@dataclass(frozen=True, slots=True)
class BudgetLineRow:
    """A budget line, what it may hold, and what order events say it holds."""

    budget_line_id: str
    fiscal_year: int
    unit_id: str
    unit_name: str
    account_code: str
    sub_activity_code: str
    title: str
    fund_source: str
    ceiling_idr: int
    blocked_idr: int
    reserved_idr: int
    committed_idr: int
    accepted_idr: int
    paid_idr: int


@dataclass(frozen=True, slots=True)
class OrderOnLineRow:
    """What one order put on a budget line."""

    order_id: str
    state: str
    accepted_idr: int
    paid_idr: int


@dataclass(frozen=True, slots=True)
class OverrideRow:
    """How many orders of one budget holder carry a reason or a flag."""

    unit_id: str
    name: str
    kind: str
    code: str
    orders: int


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which public orders are listed; empty text means every one."""

    year: int | None = None
    unit: str = ""
    vendor: str = ""
    category: str = ""
    district: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One public order in a list."""

    order_id: str
    state: str
    title: str
    signed_on: date
    unit_id: str
    unit_name: str
    vendor_id: str
    vendor_name: str
    category_code: str
    total_idr: int
    spent_idr: int


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """One OCDS release as it was published; `release` is JSON text."""

    position: int
    release: str


class Reports(Protocol):
    """Reads the read models of one region within one transaction, so that figures of one answer agree."""

    async def as_of(self, tenant: TenantId) -> datetime | None:
        """Return when the newest event known here happened; None before the first."""

    async def unit_name(self, tenant: TenantId, unit: str) -> str:
        """Return the name of an organisation unit, empty if it is not known."""

    async def area_names(self, tenant: TenantId, codes: Iterable[str]) -> Mapping[str, str]:
        """Return the names of areas, wherever they lie; codes that are not known are left out."""

    async def sellers(self, tenant: TenantId, part: Slice, today: date) -> Sequence[SellerRow]:
        """Return every business that is active or sold in the slice."""

    async def spend_by_unit(self, tenant: TenantId, part: Slice) -> Sequence[SpendRow]:
        """Return spend per budget holder, and of all together under the empty key."""

    async def spend_by_category(self, tenant: TenantId, part: Slice) -> Sequence[SpendRow]:
        """Return spend per category, and of all together under the empty key."""

    async def spend_by_month(self, tenant: TenantId, part: Slice) -> Sequence[SpendRow]:
        """Return spend per month of the BAST, and of all together under the empty key."""

    async def payment_clock(self, tenant: TenantId, part: Slice) -> Sequence[ClockRow]:
        """Return the payment clock per budget holder, and of all together under the empty unit."""

    async def funnel(self, tenant: TenantId) -> Sequence[FunnelRow]:
        """Return milestone counts per kecamatan."""

    async def budget_lines(
        self, tenant: TenantId, year: int, unit: str, size: int, after: str
    ) -> Sequence[BudgetLineRow]:
        """Return budget lines of a year in the order of their ids, from behind one on."""

    async def budget_line(
        self, tenant: TenantId, line_id: str
    ) -> tuple[BudgetLineRow, Sequence[OrderOnLineRow]] | None:
        """Return one budget line and the public orders on it, both as of one instant."""

    async def overrides(self, tenant: TenantId, year: int) -> Sequence[OverrideRow]:
        """Return counts of signed orders, overrides, reasons and flags per budget holder."""

    async def orders(
        self, tenant: TenantId, wanted: OrderFilter, size: int, after: tuple[date, str] | None
    ) -> Sequence[OrderRow]:
        """Return public orders, newest signature first, from behind one on."""

    async def order(self, tenant: TenantId, order_id: str) -> OrderFacts | None:
        """Return a public order."""

    async def releases(self, tenant: TenantId, size: int, after: int) -> Sequence[ReleaseRow]:
        """Return releases of the feed from behind a position on."""

    async def releases_of(self, tenant: TenantId, order_id: str) -> Sequence[ReleaseRow]:
        """Return every release of one order, by version."""

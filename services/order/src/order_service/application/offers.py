"""What the catalog is asked and answers: offers of a profile, and priced lines with a hold."""

from dataclasses import dataclass
from datetime import date, datetime

from bela_kit.core.tenancy import TenantId


@dataclass(frozen=True, slots=True)
class CatalogOffer:
    """One offer of a profile with the facts of a date and a place, as the catalog tells them."""

    product_id: str
    vendor_id: str
    title: str
    category_code: str
    profile_code: str
    supply_type: str
    unit: str
    unit_price_idr: int
    price_includes_ppn: bool
    capacity_per_day: int
    capacity_confirmed: bool
    free_capacity: int
    lead_time_hours: int
    delivers_there: bool
    certificates_valid: bool
    guest: bool
    moderated: bool


@dataclass(frozen=True, slots=True)
class CategorySeller:
    """One active seller of a category: the base of fair shares (domain.md 10.1)."""

    vendor_id: str
    owner_group_id: str
    district_code: str
    capacity_per_day: int


@dataclass(frozen=True, slots=True)
class OfferSheet:
    """The catalog's answer for one profile, date and place."""

    offers: tuple[CatalogOffer, ...]
    category_sellers: tuple[CategorySeller, ...]
    category_code: str
    unit: str


@dataclass(frozen=True, slots=True)
class OffersWanted:
    """What offers are asked for."""

    profile_code: str
    quantity: int
    needed_on: date
    needed_at: datetime
    district_code: str


@dataclass(frozen=True, slots=True)
class HoldLine:
    """One line to price and hold."""

    line_number: int
    product_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class HoldWanted:
    """The lines of one order, to be priced and held until a deadline."""

    order_id: str
    unit_id: str
    lines: tuple[HoldLine, ...]
    needed_on: date
    needed_at: datetime
    district_code: str
    hold_until: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """One priced line; what the product was at that moment."""

    line_number: int
    product_id: str
    title: str
    category_code: str
    profile_code: str
    supply_type: str
    quantity: int
    unit: str
    unit_price_idr: int
    price_includes_ppn: bool
    amount_idr: int
    lead_time_hours: int


@dataclass(frozen=True, slots=True)
class Quote:
    """Prices and the hold of one order.

    Attributes:
        taken: Whether this very question took the capacity; another request may rely on a hold it only joined.
    """

    vendor_id: str
    vendor_region: TenantId
    lines: tuple[QuotedLine, ...]
    held_until: datetime
    taken: bool = False

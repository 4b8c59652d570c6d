"""What the use cases need from the world. Every method names the region it works for.

All writing ports live inside one open transaction, the unit of work; none of them commits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bela_kit.core.errors import JsonValue
from bela_kit.core.pages import Page, PageRequest
from bela_kit.core.tenancy import TenantId

from catalog_service.domain.capacity import CapacityDay, Hold, OrderReport
from catalog_service.domain.product import Product
from catalog_service.domain.reference import Certificate, ReferenceBook, SupplyType
from catalog_service.domain.search_query import SearchQuery
from catalog_service.domain.vendor import GuestGrant, Vendor


@dataclass(frozen=True, slots=True)
class Location:
    """Where a product lives: its seller and the seller's home region."""

    product_id: str
    home: TenantId
    vendor_id: str


@dataclass(frozen=True, slots=True)
class Sellable:
    """A product together with its seller, as both stand."""

    product: Product
    vendor: Vendor


@dataclass(frozen=True, slots=True)
class Listing:
    """One offer as a region's buyers see it, whether its seller is from here or a guest."""

    tenant: TenantId
    home: TenantId
    product_id: str
    version: int
    vendor_id: str
    title: str
    category_code: str
    profile_code: str
    unit: str
    unit_price_idr: int
    price_includes_ppn: bool
    supply_type: SupplyType
    capacity_per_day: int
    capacity_confirmed: bool
    lead_time_hours: int
    delivery_district_codes: tuple[str, ...]
    certificates: tuple[Certificate, ...]
    state: str


@dataclass(frozen=True, slots=True)
class CategorySeller:
    """A seller with at least one product of a category on sale in a region.

    Attributes:
        capacity_per_day: In the unit asked for; 0 if it sells only in other units, which counts as not known.
    """

    vendor_id: str
    owner_group_id: str
    district_code: str
    capacity_per_day: int


@dataclass(frozen=True, slots=True)
class ListingFilter:
    """What a buyer narrows a list by; absent means all.

    Attributes:
        today: Day on which a guest's grant must hold.
        category: A level-2 code, or a level-1 code for everything below it.
        district: Kecamatan of the seller.
    """

    today: date
    query: SearchQuery | None = None
    category: str | None = None
    profile: str | None = None
    district: str | None = None
    vendor_id: str | None = None
    max_price_idr: int | None = None


JsonObject = Mapping[str, JsonValue]


class ProductRepository(Protocol):
    """The products of a seller's home region."""

    async def get(self, tenant: TenantId, product_id: str, *, lock: bool = False) -> Product | None:
        """Return a product, locked against other changes if asked."""

    async def of_vendor(self, tenant: TenantId, vendor_id: str, page: PageRequest) -> Page[Product]:
        """Return all products of a seller in any state, newest first."""

    async def add(self, product: Product) -> None:
        """Store a new product."""

    async def save(self, product: Product, *, version: int) -> None:
        """Store a change based on a version; ETAG_MISMATCH if it is no longer the stored one."""

    async def sellable(self, tenant: TenantId, product_ids: Sequence[str]) -> list[Sellable]:
        """Return the products that exist, each with its seller."""

    async def prices(self, tenant: TenantId, profile_code: str, *, without: str) -> list[int]:
        """Return the prices of a profile's offers on sale in a region, one product left out."""


class VendorDirectory(Protocol):
    """The copies of businesses and guest grants."""

    async def get(self, tenant: TenantId, vendor_id: str, *, lock: bool = False) -> Vendor | None:
        """Return a business; a lock keeps its standing from changing until the end of the transaction."""

    async def guest_grants(self, host: TenantId, vendor_id: str) -> list[GuestGrant]:
        """Return the grants by which a business may sell in a host region, ended ones too."""


class CapacityCalendar(Protocol):
    """Capacity by day and what orders hold of it, in the seller's home region."""

    async def lock_days(self, tenant: TenantId, capacities: Mapping[str, int], on_date: date) -> list[CapacityDay]:
        """Return the days of products, each row locked, with every hold on them that was not released.

        `capacities` gives the products' own capacity, which counts unless the date has another.
        """

    async def days(self, tenant: TenantId, capacities: Mapping[str, int], on_date: date) -> list[CapacityDay]:
        """Return the same without locks."""

    async def set_capacity(
        self, tenant: TenantId, product_id: str, on_date: date, capacity: int, *, version: int
    ) -> int:
        """Set the capacity of one day and return its new version; ETAG_MISMATCH on another version."""

    async def hold_of(self, tenant: TenantId, order_id: str) -> Hold | None:
        """Return what an order holds, if anything was ever held and not replaced."""

    async def keep_hold(self, hold: Hold) -> None:
        """Store what an order holds; products it held before and no longer does are released."""

    async def release_hold(self, tenant: TenantId, order_id: str, *, buyer: TenantId, reserved_at: datetime) -> bool:
        """Give back an unsigned hold if nothing reserved it again since; return whether there was one."""


class Listings(Protocol):
    """Public reading: tables without row policies, always asked for one region."""

    async def search(self, tenant: TenantId, wanted: ListingFilter, page: PageRequest) -> Page[JsonObject]:
        """Return offers on sale, best match first; without words, newest first."""

    async def get(self, tenant: TenantId, product_id: str, today: date) -> JsonObject | None:
        """Return the public view of an offer on sale."""

    async def offers(self, tenant: TenantId, profile_code: str, today: date) -> list[Listing]:
        """Return every published or moderated offer of a profile whose seller may sell."""

    async def sellers(self, tenant: TenantId, category_code: str, unit: str, today: date) -> list[CategorySeller]:
        """Return the sellers of a category with their capacity in a unit: kilograms and packets do not add up."""

    async def locate(self, product_ids: Sequence[str]) -> list[Location]:
        """Return where products live, whatever the region: only the home region can say what is free."""


class ReferenceStore(Protocol):
    """Categories and profiles."""

    async def book(self) -> ReferenceBook:
        """Return the reference data as loaded at the last migration."""


class UnitOfWork(Protocol):
    """One open transaction of one region."""

    @property
    def products(self) -> ProductRepository:
        """Products."""

    @property
    def vendors(self) -> VendorDirectory:
        """Copies of businesses."""

    @property
    def calendar(self) -> CapacityCalendar:
        """Capacity and holds."""

    async def flush(self) -> None:
        """Append the recorded events to the outbox; the aggregates are stored already, which fixes their order."""


class VendorCopies(Protocol):
    """Keeps what the vendor registry's events say, across regions."""

    async def keep(self, vendors: Sequence[Vendor], grants: Sequence[GuestGrant]) -> None:
        """Keep what is newer than the copies, and carry it into what buyers see."""


class HoldStates(Protocol):
    """Follows orders in what they hold, across regions."""

    async def follow(self, reports: Sequence[OrderReport]) -> None:
        """Extend, confirm or release holds; a report older than what was heard is passed over."""

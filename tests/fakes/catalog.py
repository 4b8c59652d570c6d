"""In-memory ports of the catalog: they store copies and enforce versions, as the tables do."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import date, datetime

from bela_kit.core.pages import Page, PageRequest
from bela_kit.core.tenancy import TenantId
from catalog_service.application.ports import Sellable
from catalog_service.domain.capacity import CapacityDay, Held, Hold
from catalog_service.domain.errors import ProductChangedMeanwhile
from catalog_service.domain.product import Product, ProductEvent, ProductState
from catalog_service.domain.vendor import GuestGrant, Vendor


class Store:
    """What outlives one unit of work."""

    def __init__(self) -> None:
        self.products: dict[tuple[str, str], Product] = {}
        self.vendors: dict[tuple[str, str], Vendor] = {}
        self.grants: list[GuestGrant] = []
        self.days: dict[tuple[str, str, date], tuple[int | None, int]] = {}
        self.holds: dict[tuple[str, str], Hold] = {}
        self.events: list[ProductEvent] = []

    def unit_of_work(self) -> "MemoryUnitOfWork":
        """Open a unit of work; nothing it does can be undone."""
        return MemoryUnitOfWork(self)


class MemoryProducts:
    """Products by region."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.recorded: list[ProductEvent] = []

    async def get(self, tenant: TenantId, product_id: str, *, lock: bool = False) -> Product | None:
        """Return a copy."""
        found = self._store.products.get((tenant, product_id))
        return _copy(found) if found else None

    async def of_vendor(self, tenant: TenantId, vendor_id: str, page: PageRequest) -> Page[Product]:
        """Return one page of a seller's products, newest first; the token is the last id."""
        found = [
            one for (region, _), one in self._store.products.items() if region == tenant and one.vendor_id == vendor_id
        ]
        found.sort(key=lambda one: one.product_id, reverse=True)
        found = [one for one in found if page.token is None or one.product_id < page.token]
        more = len(found) > page.size
        return Page(found[: page.size], found[page.size - 1].product_id if more else None)

    async def add(self, product: Product) -> None:
        """Store a copy."""
        self._put(product)

    async def save(self, product: Product, *, version: int) -> None:
        """Replace the copy of that version."""
        stored = self._store.products.get((product.tenant, product.product_id))
        if stored is None or stored.version != version:
            raise ProductChangedMeanwhile
        self._put(product)

    async def sellable(self, tenant: TenantId, product_ids: Sequence[str]) -> list[Sellable]:
        """Return those that exist with their sellers."""
        found = [one for key in product_ids if (one := self._store.products.get((tenant, key)))]
        return [Sellable(_copy(one), self._store.vendors[tenant, one.vendor_id]) for one in found]

    async def prices(self, tenant: TenantId, profile_code: str, *, without: str) -> list[int]:
        """Return prices of offers on sale whose seller may sell."""
        return [
            one.unit_price_idr or 0
            for (region, product_id), one in self._store.products.items()
            if region == tenant
            and product_id != without
            and one.profile_code == profile_code
            and one.state is ProductState.PUBLISHED
            and self._store.vendors[region, one.vendor_id].may_sell
        ]

    def _put(self, product: Product) -> None:
        self.recorded += product.events
        product.events = []
        self._store.products[product.tenant, product.product_id] = _copy(product)


class MemoryVendors:
    """Businesses and guest grants."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, tenant: TenantId, vendor_id: str, *, lock: bool = False) -> Vendor | None:
        """Return a business."""
        return self._store.vendors.get((tenant, vendor_id))

    async def guest_grants(self, host: TenantId, vendor_id: str) -> list[GuestGrant]:
        """Return the grants for a host."""
        return [one for one in self._store.grants if one.host == host and one.vendor_id == vendor_id]


class MemoryCalendar:
    """Days and holds; one task at a time, so no locks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def lock_days(self, tenant: TenantId, capacities: Mapping[str, int], on_date: date) -> list[CapacityDay]:
        """Return the days."""
        return await self.days(tenant, capacities, on_date)

    async def days(self, tenant: TenantId, capacities: Mapping[str, int], on_date: date) -> list[CapacityDay]:
        """Return the days, by product id."""
        return [self._day(tenant, key, capacities[key], on_date) for key in sorted(capacities)]

    async def set_capacity(
        self, tenant: TenantId, product_id: str, on_date: date, capacity: int, *, version: int
    ) -> int:
        """Set a day of that version."""
        if self._store.days.get((tenant, product_id, on_date), (None, 0))[1] != version:
            raise ProductChangedMeanwhile
        self._store.days[tenant, product_id, on_date] = (capacity, version + 1)
        return version + 1

    async def hold_of(self, tenant: TenantId, order_id: str) -> Hold | None:
        """Return what an order holds."""
        found = self._store.holds.get((tenant, order_id))
        return copy(found) if found and not found.released else None

    async def keep_hold(self, hold: Hold) -> None:
        """Store what an order holds; the version of the order stays."""
        before = self._store.holds.get((hold.tenant, hold.order_id))
        version = before.order_version if before else 0
        lines = tuple(sorted(hold.lines, key=lambda one: one.product_id))
        self._store.holds[hold.tenant, hold.order_id] = replace(hold, lines=lines, order_version=version)

    async def release_hold(self, tenant: TenantId, order_id: str, *, buyer: TenantId, reserved_at: datetime) -> bool:
        """Give back what one attempt took."""
        found = self._store.holds.get((tenant, order_id))
        if found is None or found.released or found.signed or found.firm:
            return False
        found.released = found.buyer == buyer and found.reserved_at == reserved_at
        return found.released

    def _day(self, tenant: TenantId, product_id: str, own: int, on_date: date) -> CapacityDay:
        capacity, version = self._store.days.get((tenant, product_id, on_date), (None, 0))
        holds = tuple(
            Held(one.order_id, one.buyer, one.unit_id, line.quantity, one.held_until, one.signed, one.firm)
            for (region, _), one in self._store.holds.items()
            for line in one.lines
            if region == tenant and not one.released and one.on_date == on_date and line.product_id == product_id
        )
        overridden = capacity is not None
        return CapacityDay(product_id, on_date, own if capacity is None else capacity, holds, overridden, version)


class MemoryUnitOfWork:
    """One unit of work over a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.products = MemoryProducts(store)
        self.vendors = MemoryVendors(store)
        self.calendar = MemoryCalendar(store)

    async def flush(self) -> None:
        """Hand the recorded events over."""
        self._store.events += self.products.recorded
        self.products.recorded = []


def _copy(product: Product) -> Product:
    made = copy(product)
    made.events = []
    return made

"""The other services as the order service asks them, in memory: they count their calls and hold what they promise."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId
from bela_kit.db import in_transaction
from order_service.application.errors import (
    CapacityGone,
    DependencyUnavailable,
    LinesOfTwoVendors,
    ProductUnknown,
    ProfileUnknown,
)
from order_service.application.offers import (
    CatalogOffer,
    CategorySeller,
    HoldWanted,
    OfferSheet,
    OffersWanted,
    Quote,
    QuotedLine,
)

CATEGORIES = {
    "snack_box_standard": ("food.snack_box", "kotak", "restaurant"),
    "meal_box_standard": ("food.meal_box", "kotak", "catering"),
    "chair_student": ("furniture.chair", "buah", "goods"),
    "printer_ink_black": ("office.printer_ink", "botol", "goods"),
}


@dataclass(frozen=True)
class ListedProduct:
    """A product on sale."""

    vendor_id: str
    profile_code: str
    unit_price_idr: int
    capacity_per_day: int = 200
    capacity_confirmed: bool = True
    lead_time_hours: int = 4
    region: str = "3510"
    district_code: str = "351016"
    owner_group_id: str = ""
    price_includes_ppn: bool = False
    product_id: str = field(default_factory=lambda: str(new_id()))


@dataclass(frozen=True)
class _Hold:
    needed_on: date
    quantities: tuple[tuple[str, int], ...]
    until: datetime
    attempt: datetime

    def joined_by(self, wanted: HoldWanted, quantities: tuple[tuple[str, int], ...]) -> bool:
        """Say whether another try of the order finds it standing and is content with it."""
        return self.until > wanted.now and (self.needed_on, self.quantities) == (wanted.needed_on, quantities)


class MemoryCatalog:
    """Offers and holds. A hold replaces the one of the same order; what has lapsed no longer counts."""

    def __init__(self) -> None:
        self.products: dict[str, ListedProduct] = {}
        self.holds: dict[str, _Hold] = {}
        self.calls: list[str] = []
        self.away = False
        self.deaf = False

    def list(self, product: ListedProduct) -> ListedProduct:
        """Put a product on sale."""
        self.products[product.product_id] = product
        return product

    def _called(self, name: str) -> None:
        assert not in_transaction(), "a remote call inside a transaction"
        self.calls.append(name)
        if self.away:
            raise DependencyUnavailable("Katalog sedang tidak dapat dihubungi.")

    async def find_offers(self, tenant: TenantId, wanted: OffersWanted) -> OfferSheet:
        """Return every offer of a profile."""
        self._called("find_offers")
        if wanted.profile_code not in CATEGORIES:
            raise ProfileUnknown("Profil barang tidak dikenal.")
        category, unit, _ = CATEGORIES[wanted.profile_code]
        offers = [product for product in self.products.values() if product.profile_code == wanted.profile_code]
        return OfferSheet(
            offers=tuple(self._offer(product, wanted) for product in offers),
            category_sellers=tuple(
                CategorySeller(p.vendor_id, p.owner_group_id or p.vendor_id, p.district_code, p.capacity_per_day)
                for p in {p.vendor_id: p for p in offers}.values()
            ),
            category_code=category,
            unit=unit,
        )

    def _offer(self, product: ListedProduct, wanted: OffersWanted) -> CatalogOffer:
        category, unit, supply = CATEGORIES[product.profile_code]
        return CatalogOffer(
            product_id=product.product_id,
            vendor_id=product.vendor_id,
            title=f"Produk {product.profile_code}",
            category_code=category,
            profile_code=product.profile_code,
            supply_type=supply,
            unit=unit,
            unit_price_idr=product.unit_price_idr,
            price_includes_ppn=product.price_includes_ppn,
            capacity_per_day=product.capacity_per_day,
            capacity_confirmed=product.capacity_confirmed,
            free_capacity=self._free(product, wanted.needed_on, "", None),
            lead_time_hours=product.lead_time_hours,
            delivers_there=True,
            certificates_valid=True,
            guest=False,
            moderated=False,
        )

    def _free(self, product: ListedProduct, on: date, order_id: str, now: datetime | None) -> int:
        held = sum(
            quantity
            for holder, hold in self.holds.items()
            if holder != order_id and hold.needed_on == on and (now is None or hold.until > now)
            for product_id, quantity in hold.quantities
            if product_id == product.product_id
        )
        return product.capacity_per_day - held

    async def reserve(self, tenant: TenantId, wanted: HoldWanted) -> Quote:
        """Price lines and hold capacity."""
        self._called("reserve")
        lines = []
        for line in wanted.lines:
            product = self.products.get(line.product_id)
            if product is None:
                raise ProductUnknown("Produk tidak ditemukan.")
            if line.quantity > self._free(product, wanted.needed_on, wanted.order_id, wanted.now):
                raise CapacityGone("Kapasitas penyedia pada hari itu sudah penuh.")
            lines.append((line, product))
        if len({product.vendor_id for _, product in lines}) > 1:
            raise LinesOfTwoVendors("Semua baris pesanan harus dari satu penyedia.")
        quantities = tuple((line.product_id, line.quantity) for line, _ in lines)
        before = self.holds.get(wanted.order_id)
        joins = before is not None and before.joined_by(wanted, quantities)
        attempt = wanted.now
        if before is not None and joins and before.attempt == attempt:
            attempt += timedelta(microseconds=1)
        self.holds[wanted.order_id] = _Hold(wanted.needed_on, quantities, wanted.hold_until, attempt)
        seller = lines[0][1]
        return Quote(
            vendor_id=seller.vendor_id,
            vendor_region=TenantId(seller.region),
            lines=tuple(self._quoted(line.line_number, line.quantity, product) for line, product in lines),
            held_until=wanted.hold_until,
            taken=not joins,
        )

    async def release(self, tenant: TenantId, wanted: HoldWanted, quote: Quote) -> None:
        """Give back what one attempt took."""
        assert not in_transaction(), "a remote call inside a transaction"
        self.calls.append("release")
        found = self.holds.get(wanted.order_id)
        if not self.away and not self.deaf and found is not None and found.attempt == wanted.now:
            del self.holds[wanted.order_id]

    def _quoted(self, number: int, quantity: int, product: ListedProduct) -> QuotedLine:
        category, unit, supply = CATEGORIES[product.profile_code]
        return QuotedLine(
            line_number=number,
            product_id=product.product_id,
            title=f"Produk {product.profile_code}",
            category_code=category,
            profile_code=product.profile_code,
            supply_type=supply,
            quantity=quantity,
            unit=unit,
            unit_price_idr=product.unit_price_idr,
            price_includes_ppn=product.price_includes_ppn,
            amount_idr=product.unit_price_idr * quantity,
            lead_time_hours=product.lead_time_hours,
        )

    def held(self, product_id: str) -> Iterator[tuple[str, int]]:
        """Yield the orders that hold units of a product, with how many."""
        for order_id, hold in self.holds.items():
            yield from ((order_id, quantity) for held, quantity in hold.quantities if held == product_id)

    def reprice(self, product_id: str, unit_price_idr: int) -> None:
        """Change a price, as a seller may between draft and submission."""
        self.products[product_id] = replace(self.products[product_id], unit_price_idr=unit_price_idr)


class MemoryRegistry:
    """Answers that a seller may, unless told why not."""

    def __init__(self) -> None:
        self.reasons: dict[str, tuple[str, ...]] = {}
        self.asked: list[tuple[str, str, int]] = []
        self.away = False

    async def refusals(
        self, home: TenantId, vendor_id: str, *, value_idr: int, on: date, buyer: TenantId
    ) -> tuple[str, ...]:
        """Return why a business may not take an order."""
        assert not in_transaction(), "a remote call inside a transaction"
        if self.away:
            raise DependencyUnavailable("Data penyedia sedang tidak dapat diperiksa.")
        self.asked.append((home, vendor_id, value_idr))
        return self.reasons.get(vendor_id, ())

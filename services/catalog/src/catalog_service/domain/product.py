"""One thing a business sells: its states, what each needs, and the facts it records.

States: draft -> published -> withdrawn, and moderated while the seller has not confirmed a price below half the
median. A draft is nobody's business but the seller's and records no event.
"""

import enum
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime

from bela_kit.core.actor import Actor
from bela_kit.core.errors import FieldError
from bela_kit.core.tenancy import TenantId

from catalog_service.domain.errors import (
    PriceNeedsConfirmation,
    ProductAlreadyPublished,
    ProductIncomplete,
    ProductNotOnSale,
    VendorNotReady,
)
from catalog_service.domain.fields import (
    check_capacity,
    check_certificates,
    check_districts,
    check_lead_time,
    check_price,
    clean_text,
)
from catalog_service.domain.pricing import below_half_the_median, median_times_two, ppn_inside
from catalog_service.domain.reference import Category, Certificate, Profile, SupplyType
from catalog_service.domain.vendor import Vendor


class ProductState(enum.StrEnum):
    """Whether a buyer may see and take the product."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    MODERATED = "moderated"


class Happening(enum.StrEnum):
    """What an event says happened."""

    PUBLISHED = "product_published"
    CHANGED = "product_changed"
    WITHDRAWN = "product_withdrawn"


@dataclass(frozen=True, slots=True)
class ProductEvent:
    """A fact about a product, with the product as it stood right after."""

    happening: Happening
    product: "Product"
    actor: Actor
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ProductEdit:
    """What a seller wants changed; absent fields stay."""

    title: str | None = None
    description: str | None = None
    unit_price_idr: int | None = None
    capacity_per_day: int | None = None
    lead_time_hours: int | None = None
    delivery_district_codes: tuple[str, ...] | None = None
    certificates: tuple[Certificate, ...] | None = None


@dataclass(slots=True)
class Product:
    """The aggregate. One command raises `version` by one; its events stay in `events` until they are stored."""

    product_id: str
    tenant: TenantId
    vendor_id: str
    title: str
    description: str
    category_code: str
    profile_code: str
    unit: str
    supply_type: SupplyType
    created_at: datetime
    updated_at: datetime
    unit_price_idr: int | None = None
    price_includes_ppn: bool = False
    price_confirmed_idr: int | None = None
    capacity_per_day: int | None = None
    capacity_confirmed_on: date | None = None
    lead_time_hours: int | None = None
    delivery_district_codes: tuple[str, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    state: ProductState = ProductState.DRAFT
    version: int = 1
    created_by: Actor | None = None
    updated_by: Actor | None = None
    events: list[ProductEvent] = field(default_factory=list, compare=False)

    @classmethod
    def draft(
        cls,
        *,
        product_id: str,
        vendor: Vendor,
        category: Category,
        profile: Profile,
        title: str,
        edit: ProductEdit,
        now: datetime,
    ) -> "Product":
        """Return a new draft of a business. Only its title and profile must be known yet."""
        product = cls(
            product_id=product_id,
            tenant=vendor.tenant,
            vendor_id=vendor.vendor_id,
            title=clean_text("title", title, least=3, most=200),
            description="",
            category_code=category.code,
            profile_code=profile.code,
            unit=profile.unit,
            supply_type=category.supply_type or SupplyType.GOODS,
            created_at=now,
            updated_at=now,
        )
        product._take(edit)
        product.price_includes_ppn = ppn_inside(product.supply_type, pkp=vendor.pkp)
        return product

    @property
    def capacity_confirmed(self) -> bool:
        """True if a visit confirmed the capacity as it is now stated."""
        return self.capacity_confirmed_on is not None

    def edit(
        self, edit: ProductEdit, *, vendor: Vendor, offers_idr: Sequence[int], actor: Actor, now: datetime
    ) -> None:
        """Change what the seller asks for.

        `offers_idr` are the prices of the other published offers of the profile in the region; a changed price below
        half their median takes the product off sale until it is confirmed.
        """
        price_before, capacity_before = self.unit_price_idr, self.capacity_per_day
        self._take(edit)
        if edit.unit_price_idr is not None:
            self.price_includes_ppn = ppn_inside(self.supply_type, pkp=vendor.pkp)
        if self.capacity_per_day != capacity_before:
            self.capacity_confirmed_on = None
        self._step(now)
        if self.state not in (ProductState.PUBLISHED, ProductState.MODERATED):
            return
        was_moderated = self.state is ProductState.MODERATED
        if self.unit_price_idr != price_before:
            suspicious = self._suspicious(offers_idr)
            self.state = ProductState.MODERATED if suspicious else ProductState.PUBLISHED
        back_on_sale = was_moderated and self.state is ProductState.PUBLISHED
        self._record(Happening.PUBLISHED if back_on_sale else Happening.CHANGED, actor, now)

    def publish(
        self, *, vendor: Vendor, offers_idr: Sequence[int], confirm_price: bool, actor: Actor, now: datetime
    ) -> None:
        """Put the product on sale; a price below half the median must be confirmed first.

        Raises:
            VendorNotReady: Not verified, or standing not ok.
            ProductIncomplete: Price, capacity or lead time is missing.
            PriceNeedsConfirmation: It waits already, and the seller did not confirm.
        """
        if self.state is ProductState.PUBLISHED:
            raise ProductAlreadyPublished
        if not vendor.may_sell:
            raise VendorNotReady(vendor.obstacle)
        self._require_complete()
        if confirm_price:
            self.price_confirmed_idr = self.unit_price_idr
        suspicious = self._suspicious(offers_idr)
        if suspicious and self.state is ProductState.MODERATED:
            raise PriceNeedsConfirmation(
                self.unit_price_idr or 0, median_times_two([*offers_idr, self.unit_price_idr or 0])
            )
        self.price_includes_ppn = ppn_inside(self.supply_type, pkp=vendor.pkp)
        self.state = ProductState.MODERATED if suspicious else ProductState.PUBLISHED
        self._step(now)
        self._record(Happening.CHANGED if suspicious else Happening.PUBLISHED, actor, now)

    def withdraw(self, *, actor: Actor, now: datetime) -> None:
        """Take the product off sale; running orders go on."""
        if self.state not in (ProductState.PUBLISHED, ProductState.MODERATED):
            raise ProductNotOnSale({"product_id": self.product_id, "state": self.state.value})
        self.state = ProductState.WITHDRAWN
        self._step(now)
        self._record(Happening.WITHDRAWN, actor, now)

    def confirm_capacity(self, *, capacity_per_day: int, visited_on: date, actor: Actor, now: datetime) -> None:
        """Record that a visit confirmed how many units a day the seller makes."""
        self.capacity_per_day = check_capacity(capacity_per_day)
        self.capacity_confirmed_on = visited_on
        self._step(now)
        if self.state in (ProductState.PUBLISHED, ProductState.MODERATED):
            self._record(Happening.CHANGED, actor, now)

    def _take(self, edit: ProductEdit) -> None:
        if edit.title is not None:
            self.title = clean_text("title", edit.title, least=3, most=200)
        if edit.description is not None:
            self.description = clean_text("description", edit.description, least=0, most=4000)
        if edit.unit_price_idr is not None:
            self.unit_price_idr = check_price(edit.unit_price_idr)
        if edit.capacity_per_day is not None:
            self.capacity_per_day = check_capacity(edit.capacity_per_day)
        if edit.lead_time_hours is not None:
            self.lead_time_hours = check_lead_time(edit.lead_time_hours)
        if edit.delivery_district_codes is not None:
            self.delivery_district_codes = check_districts(edit.delivery_district_codes)
        if edit.certificates is not None:
            self.certificates = check_certificates(edit.certificates)

    def _require_complete(self) -> None:
        wanted = {
            "unit_price_idr": self.unit_price_idr,
            "capacity_per_day": self.capacity_per_day,
            "lead_time_hours": self.lead_time_hours,
        }
        missing = [
            FieldError(name, "REQUIRED", "Wajib diisi sebelum dijual.")
            for name, value in wanted.items()
            if value is None
        ]
        if missing:
            raise ProductIncomplete(missing)

    def _suspicious(self, offers_idr: Sequence[int]) -> bool:
        price = self.unit_price_idr
        return price is not None and price != self.price_confirmed_idr and below_half_the_median(price, offers_idr)

    def _step(self, now: datetime) -> None:
        self.version += 1
        self.updated_at = now

    def _record(self, happening: Happening, actor: Actor, now: datetime) -> None:
        snapshot = copy(self)
        snapshot.events = []
        self.events.append(ProductEvent(happening, snapshot, actor, now))

"""Bodies and answers of the public API."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from bela_kit.rest import Rupiah, Schema
from pydantic import Field

Title = Annotated[str, Field(min_length=3, max_length=200)]
Description = Annotated[str, Field(max_length=4000)]
Price = Annotated[int, Field(ge=1, le=10**12)]
Units = Annotated[int, Field(ge=1, le=1_000_000)]
Hours = Annotated[int, Field(ge=0, le=8760)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9_.]{1,60}$")]
District = Annotated[str, Field(pattern=r"^[0-9]{6}$")]
Districts = Annotated[list[District], Field(max_length=500)]
State = Literal["draft", "published", "withdrawn", "moderated"]


class CertificateBody(Schema):
    """A certificate; without `valid_to` it has no end."""

    kind: Literal["pirt", "bpom", "halal", "sni", "haki", "tkdn"]
    number: Annotated[str, Field(min_length=1, max_length=60)]
    valid_to: date | None = None


Certificates = Annotated[list[CertificateBody], Field(max_length=20)]


class CreateProductBody(Schema):
    """A new draft. Category and unit follow from the profile; if given, they must fit it."""

    vendor_id: UUID
    title: Title
    profile_code: Code
    category_code: Code | None = None
    unit: Annotated[str, Field(min_length=1, max_length=30)] | None = None
    description: Description | None = None
    unit_price_idr: Price | None = None
    capacity_per_day: Units | None = None
    lead_time_hours: Hours | None = None
    delivery_district_codes: Districts | None = None
    certificates: Certificates | None = None


class EditProductBody(Schema):
    """What to change; a field that is absent stays as it is."""

    title: Title | None = None
    description: Description | None = None
    unit_price_idr: Price | None = None
    capacity_per_day: Units | None = None
    lead_time_hours: Hours | None = None
    delivery_district_codes: Districts | None = None
    certificates: Certificates | None = None


class PublishBody(Schema):
    """How to publish."""

    confirm_price: bool = False


class ConfirmCapacityBody(Schema):
    """What the visit found."""

    capacity_per_day: Units
    visited_on: date


class SetCapacityBody(Schema):
    """Units the seller makes on that day; 0 closes it."""

    capacity: Annotated[int, Field(ge=0, le=1_000_000)]


class ProductCard(Schema):
    """One offer in a list."""

    product_id: UUID
    region: str
    vendor_region: str
    version: int
    vendor_id: UUID
    vendor_name: str
    vendor_district_code: str
    guest: bool
    title: str
    category_code: str
    profile_code: str
    unit: str
    unit_price_idr: Rupiah
    price_includes_ppn: bool
    supply_type: str
    capacity_per_day: int
    capacity_confirmed: bool
    lead_time_hours: int
    delivery_district_codes: list[str]
    state: State


class ProductView(Schema):
    """A product. What only the seller and overseers see is absent for others."""

    product_id: UUID
    region: str
    vendor_region: str
    version: int
    vendor_id: UUID
    vendor_name: str | None = None
    vendor_district_code: str | None = None
    guest: bool
    title: str
    description: str
    category_code: str
    profile_code: str
    unit: str
    unit_price_idr: Rupiah | None
    price_includes_ppn: bool
    supply_type: str
    capacity_per_day: int | None
    capacity_confirmed: bool
    lead_time_hours: int | None
    delivery_district_codes: list[str]
    certificates: list[CertificateBody]
    state: State
    capacity_confirmed_on: date | None = None
    price_confirmed_idr: Rupiah | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


class ProductPage(Schema):
    """Offers and where the next page begins."""

    products: list[ProductCard | ProductView]
    next_page_token: str | None


class CapacityView(Schema):
    """One day of one product. `overridden` says whether the day differs from the product's own capacity."""

    product_id: UUID
    date: date
    capacity: int
    held: int
    free: int
    overridden: bool
    version: int


class CategoryView(Schema):
    """One category; only level 2 has a supply type."""

    code: str
    level: int
    parent: str | None
    name: str
    supply_type: str | None
    must_be_producer: bool
    certificates: list[list[str]]
    kbli_examples: list[str]


class CategoryList(Schema):
    """All categories and the version of the seed."""

    version: str
    categories: list[CategoryView]


class ContentView(Schema):
    """One measurable part of a unit."""

    item: str
    quantity: int
    unit: str


class ProfileView(Schema):
    """One profile."""

    code: str
    name: str
    category_code: str
    unit: str
    content: list[ContentView]


class ProfileList(Schema):
    """All profiles and the version of the seed."""

    version: str
    profiles: list[ProfileView]

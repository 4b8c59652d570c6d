"""A product on the wire: the one mapping that events and answers to other services share."""

from typing import Protocol

from bela.catalog.v1 import product_pb2 as pb
from bela_kit.core.tenancy import TenantId
from google.type.money_pb2 import Money  # type: ignore[import-untyped]

from catalog_service.application.ports import Listing
from catalog_service.domain.product import Product
from catalog_service.domain.reference import SupplyType


class _Facts(Protocol):
    """What a product and an offer in a list have in common."""

    @property
    def product_id(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def vendor_id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def category_code(self) -> str: ...
    @property
    def profile_code(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def unit_price_idr(self) -> int | None: ...
    @property
    def price_includes_ppn(self) -> bool: ...
    @property
    def supply_type(self) -> SupplyType: ...
    @property
    def capacity_per_day(self) -> int | None: ...
    @property
    def capacity_confirmed(self) -> bool: ...
    @property
    def lead_time_hours(self) -> int | None: ...
    @property
    def delivery_district_codes(self) -> tuple[str, ...]: ...


def rupiah(amount: int) -> Money:
    """Return whole rupiah as a message."""
    return Money(currency_code="IDR", units=amount)


def product_message(product: Product) -> pb.Product:
    """Return a product as it stands."""
    return _message(product, product.tenant, product.state.value)


def listing_message(listing: Listing) -> pb.Product:
    """Return the product behind an offer; its region is the seller's home."""
    return _message(listing, listing.home, listing.state)


def _message(facts: _Facts, region: TenantId, state: str) -> pb.Product:
    return pb.Product(
        name=f"regions/{region}/products/{facts.product_id}",
        product_id=facts.product_id,
        region=region,
        version=facts.version,
        vendor_id=facts.vendor_id,
        title=facts.title,
        category_code=facts.category_code,
        profile_code=facts.profile_code,
        unit=facts.unit,
        unit_price=rupiah(facts.unit_price_idr) if facts.unit_price_idr is not None else None,
        price_includes_ppn=facts.price_includes_ppn,
        supply_type=f"SUPPLY_TYPE_{facts.supply_type.name}",
        capacity_per_day=facts.capacity_per_day or 0,
        capacity_confirmed=facts.capacity_confirmed,
        lead_time_hours=facts.lead_time_hours or 0,
        delivery_district_codes=facts.delivery_district_codes,
        state=f"PRODUCT_STATE_{state.upper()}",
    )

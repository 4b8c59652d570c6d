"""The domain as JSON."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bela_kit.core.tenancy import TenantId

from catalog_service.domain.capacity import CapacityDay
from catalog_service.domain.product import Product
from catalog_service.domain.reference import Category, Profile


def seller_view(product: Product) -> dict[str, Any]:
    """Return a product as its seller and overseers see it."""
    return {
        "product_id": product.product_id,
        "region": product.tenant,
        "vendor_region": product.tenant,
        "version": product.version,
        "vendor_id": product.vendor_id,
        "guest": False,
        "title": product.title,
        "description": product.description,
        "category_code": product.category_code,
        "profile_code": product.profile_code,
        "unit": product.unit,
        "unit_price_idr": product.unit_price_idr,
        "price_includes_ppn": product.price_includes_ppn,
        "supply_type": product.supply_type.value,
        "capacity_per_day": product.capacity_per_day,
        "capacity_confirmed": product.capacity_confirmed,
        "lead_time_hours": product.lead_time_hours,
        "delivery_district_codes": product.delivery_district_codes,
        "certificates": [
            {"kind": one.kind, "number": one.number, "valid_to": one.valid_to} for one in product.certificates
        ],
        "state": product.state.value,
        "capacity_confirmed_on": product.capacity_confirmed_on,
        "price_confirmed_idr": product.price_confirmed_idr,
        "created_at": product.created_at,
        "updated_at": product.updated_at,
    }


def capacity_view(day: CapacityDay, now_of: Callable[[TenantId], datetime]) -> dict[str, Any]:
    """Return one day of a product."""
    return {
        "product_id": day.product_id,
        "date": day.on_date,
        "capacity": day.capacity,
        "held": day.held(now_of),
        "free": day.free(now_of),
        "overridden": day.overridden,
        "version": day.version,
    }


def category_view(category: Category) -> dict[str, Any]:
    """Return a category."""
    return {
        "code": category.code,
        "level": category.level,
        "parent": category.parent,
        "name": category.name,
        "supply_type": category.supply_type.value if category.supply_type else None,
        "must_be_producer": category.must_be_producer,
        "certificates": category.certificates,
        "kbli_examples": category.kbli_examples,
    }


def profile_view(profile: Profile) -> dict[str, Any]:
    """Return a profile."""
    return {
        "code": profile.code,
        "name": profile.name,
        "category_code": profile.category_code,
        "unit": profile.unit,
        "content": [{"item": one.item, "quantity": one.quantity, "unit": one.unit} for one in profile.content],
    }

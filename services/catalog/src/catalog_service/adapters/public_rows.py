"""Writes what buyers see: the row of a product in its home region, and its copies in the regions that host the seller.

Both roles write here: the application with a product's change, the worker when a business or a guest grant changes.
They cannot miss each other, because both first lock the business's row: the product's change shared, the projection
exclusively.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog_service.adapters.tables import products, public_products
from catalog_service.domain.product import Product

# What a host region's copy shares with the home region's row.
_SHARED = (
    "product_id",
    "home_tenant_id",
    "version",
    "state",
    "vendor_id",
    "vendor_name",
    "vendor_district_code",
    "vendor_may_sell",
    "visible",
    "title",
    "description",
    "keywords",
    "category_code",
    "profile_code",
    "unit",
    "supply_type",
    "unit_price_idr",
    "price_includes_ppn",
    "capacity_per_day",
    "capacity_confirmed",
    "lead_time_hours",
    "delivery_district_codes",
    "certificates",
)
_FROM_PRODUCT = (
    "title",
    "description",
    "category_code",
    "profile_code",
    "unit",
    "supply_type",
    "unit_price_idr",
    "price_includes_ppn",
    "capacity_per_day",
    "lead_time_hours",
    "delivery_district_codes",
    "certificates",
    "state",
    "version",
)
_UPDATED = (*_FROM_PRODUCT, "keywords", "capacity_confirmed", "visible", "vendor_name", "vendor_district_code")
assert set(_FROM_PRODUCT) < {column.name for column in products.c}
assert set(_SHARED) < {column.name for column in public_products.c}

_HOME_ROW = sa.text(
    f"""
    INSERT INTO public_products AS p
        ({", ".join(_FROM_PRODUCT)}, tenant_id, product_id, home_tenant_id, guest, vendor_id, vendor_name,
         vendor_district_code, vendor_may_sell, visible, keywords, capacity_confirmed)
    SELECT {", ".join("s." + name for name in _FROM_PRODUCT)}, s.tenant_id, s.product_id, s.tenant_id, false,
        s.vendor_id, v.display_name, v.district_code, v.verified AND v.standing = 'ok',
        s.state = 'published' AND v.verified AND v.standing = 'ok', :keywords, s.capacity_confirmed_on IS NOT NULL
    FROM products s JOIN vendors v ON v.tenant_id = s.tenant_id AND v.vendor_id = s.vendor_id
    WHERE s.tenant_id = :tenant AND s.product_id = CAST(:product AS uuid)
    ON CONFLICT (tenant_id, product_id) DO UPDATE
        SET {", ".join(f"{name} = excluded.{name}" for name in _UPDATED)}, vendor_may_sell = excluded.vendor_may_sell
    """  # noqa: S608 - names of columns from this module
)

# Several grants of one host melt into their hull: a gap between two still shows the product, an order is refused then.
_COPY_GRANTED = f"""
    SELECT g.tenant_id, true, g.valid_from, g.valid_to, {", ".join("p." + name for name in _SHARED)}
    FROM public_products p
    CROSS JOIN LATERAL (
        SELECT tenant_id, min(valid_from) AS valid_from,
            CASE WHEN bool_or(valid_to IS NULL) THEN NULL ELSE max(valid_to) END AS valid_to
        FROM public_guest_grants
        WHERE vendor_id = p.vendor_id AND home_tenant_id = p.tenant_id AND tenant_id <> p.tenant_id AND NOT revoked
          AND (category_codes = '{{}}' OR p.category_code = ANY (category_codes))
        GROUP BY tenant_id
    ) g
    WHERE NOT p.guest AND p.vendor_id = ANY (CAST(:vendors AS uuid[]))
      AND (CAST(:product AS uuid) IS NULL OR p.product_id = CAST(:product AS uuid))
"""  # noqa: S608
_DROP_GUESTS = sa.text(
    """
    DELETE FROM public_products
    WHERE guest AND vendor_id = ANY (CAST(:vendors AS uuid[]))
      AND (CAST(:product AS uuid) IS NULL OR product_id = CAST(:product AS uuid))
    """
)
_ADD_GUESTS = sa.text(
    f"INSERT INTO public_products (tenant_id, guest, guest_from, guest_to, {', '.join(_SHARED)}) {_COPY_GRANTED}"
)
_ANY_GRANT = sa.text("SELECT EXISTS (SELECT FROM public_guest_grants WHERE vendor_id = CAST(:vendor AS uuid))")

# A business's new name, place or standing, carried into all its rows at home and abroad.
_FOLLOW_VENDORS = sa.text(
    """
    UPDATE public_products p
    SET vendor_name = v.display_name, vendor_district_code = v.district_code,
        vendor_may_sell = v.verified AND v.standing = 'ok',
        visible = p.state = 'published' AND v.verified AND v.standing = 'ok'
    FROM vendors v
    WHERE p.vendor_id = ANY (CAST(:vendors AS uuid[]))
      AND v.tenant_id = p.home_tenant_id AND v.vendor_id = p.vendor_id
      AND (p.vendor_name, p.vendor_district_code, p.vendor_may_sell)
          IS DISTINCT FROM (v.display_name, v.district_code, v.verified AND v.standing = 'ok')
    """
)


async def write_public_rows(connection: AsyncConnection, product: Product, keywords: str) -> None:
    """Write the rows of one product as it is now stored, in its home region and in every host region."""
    await connection.execute(_HOME_ROW, {"tenant": product.tenant, "product": product.product_id, "keywords": keywords})
    # Few sellers are guests anywhere: one look saves them two statements.
    if await connection.scalar(_ANY_GRANT, {"vendor": product.vendor_id}):
        await refresh_guests(connection, [product.vendor_id], product.product_id)


async def refresh_guests(connection: AsyncConnection, vendor_ids: Sequence[str], product_id: str | None = None) -> None:
    """Make the copies in host regions anew, for all products of some businesses or for one product."""
    scope = {"vendors": list(vendor_ids), "product": product_id}
    await connection.execute(_DROP_GUESTS, scope)
    await connection.execute(_ADD_GUESTS, scope)


async def follow_vendors(connection: AsyncConnection, vendor_ids: Sequence[str]) -> None:
    """Carry name, place and standing of businesses into what buyers see."""
    await connection.execute(_FOLLOW_VENDORS, {"vendors": list(vendor_ids)})

"""Products in their home region, and beside each the rows that buyers see, written in the same transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import sqlalchemy as sa
from bela_kit.core.actor import Actor
from bela_kit.core.pages import Page, PageRequest
from bela_kit.core.tenancy import TenantId
from bela_kit.pagination import BadPageToken, decode_token, encode_token
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog_service.adapters.driver import Driver
from catalog_service.adapters.public_rows import write_public_rows
from catalog_service.adapters.rows import as_uuid, vendor_of
from catalog_service.adapters.tables import products, public_products, vendors
from catalog_service.application.ports import Sellable
from catalog_service.domain.errors import ProductChangedMeanwhile
from catalog_service.domain.product import Product, ProductEvent, ProductState
from catalog_service.domain.reference import Certificate, ReferenceBook, SupplyType

_PLAIN = (
    "vendor_id",
    "title",
    "description",
    "category_code",
    "profile_code",
    "unit",
    "unit_price_idr",
    "price_includes_ppn",
    "price_confirmed_idr",
    "capacity_per_day",
    "capacity_confirmed_on",
    "lead_time_hours",
    "created_at",
    "updated_at",
    "version",
)
_PRICES = (
    sa.select(public_products.c.unit_price_idr)
    .where(public_products.c.tenant_id == sa.bindparam("tenant"))
    .where(public_products.c.profile_code == sa.bindparam("profile"))
    .where(public_products.c.visible)
    .where(public_products.c.product_id != sa.bindparam("without"))
)
_OF_PRODUCT = ", ".join(f"p.{column.name}{'::text' if column.name.endswith('_id') else ''}" for column in products.c)
_OF_VENDOR = ", ".join(
    f"v.{column.name}{'::text' if column.name.endswith('_id') else ''} AS v_{column.name}" for column in vendors.c
)
_SELLABLE = f"""
    SELECT {_OF_PRODUCT}, {_OF_VENDOR}
    FROM products p JOIN vendors v ON v.tenant_id = p.tenant_id AND v.vendor_id = p.vendor_id
    WHERE p.tenant_id = $1::text AND p.product_id = ANY ($2::uuid[])
"""  # noqa: S608 - names of columns


class SqlProductRepository:
    """Products of one open transaction. Events of what was stored gather in `recorded` until the outbox takes them."""

    def __init__(self, connection: AsyncConnection, reference: ReferenceBook) -> None:
        self._connection = connection
        self._driver = Driver(connection)
        self._reference = reference
        self.recorded: list[ProductEvent] = []

    async def get(self, tenant: TenantId, product_id: str, *, lock: bool = False) -> Product | None:
        """Return a product, locked against other changes if asked."""
        query = sa.select(products).where(products.c.tenant_id == tenant, products.c.product_id == product_id)
        row = (await self._connection.execute(query.with_for_update() if lock else query)).mappings().first()
        return product_of(row) if row is not None else None

    async def of_vendor(self, tenant: TenantId, vendor_id: str, page: PageRequest) -> Page[Product]:
        """Return all products of a seller in any state, newest first."""
        query = sa.select(products).where(products.c.tenant_id == tenant, products.c.vendor_id == vendor_id)
        if page.token is not None:
            last = as_uuid(decode_token(page.token, "id")["id"])
            if last is None:
                raise BadPageToken
            query = query.where(products.c.product_id < last)
        query = query.order_by(products.c.product_id.desc()).limit(page.size + 1)
        found = [product_of(row) for row in (await self._connection.execute(query)).mappings()]
        more = len(found) > page.size
        found = found[: page.size]
        return Page(found, encode_token({"id": found[-1].product_id}) if more else None)

    async def add(self, product: Product) -> None:
        """Store a new product."""
        await self._connection.execute(products.insert().values(**_values(product)))
        self._take_events(product)

    async def save(self, product: Product, *, version: int) -> None:
        """Store a change based on a version, and what buyers see of it."""
        values = _values(product)
        for key in ("tenant_id", "product_id", "vendor_id", "created_at", "created_by"):
            del values[key]
        result = await self._connection.execute(
            products.update()
            .where(
                products.c.tenant_id == product.tenant,
                products.c.product_id == product.product_id,
                products.c.version == version,
            )
            .values(**values)
        )
        if result.rowcount != 1:
            raise ProductChangedMeanwhile
        if product.state is not ProductState.DRAFT:
            await write_public_rows(self._connection, product, self._reference.keywords(product.profile_code))
        self._take_events(product)

    async def sellable(self, tenant: TenantId, product_ids: Sequence[str]) -> list[Sellable]:
        """Return the products that exist, each with its seller."""
        rows = await self._driver.fetch(_SELLABLE, tenant, list(product_ids))
        return [Sellable(product_of(found), vendor_of(found, prefix="v_")) for found in map(dict, rows)]

    async def prices(self, tenant: TenantId, profile_code: str, *, without: str) -> list[int]:
        """Return the prices of a profile's offers on sale in a region, one product left out."""
        rows = await self._connection.execute(_PRICES, {"tenant": tenant, "profile": profile_code, "without": without})
        return list(rows.scalars())

    def _take_events(self, product: Product) -> None:
        self.recorded += product.events
        product.events = []


def product_of(row: Mapping[Any, Any]) -> Product:
    """Return the aggregate of a row of `products`."""
    return Product(
        product_id=row["product_id"],
        tenant=TenantId(row["tenant_id"]),
        supply_type=SupplyType(row["supply_type"]),
        state=ProductState(row["state"]),
        delivery_district_codes=tuple(row["delivery_district_codes"]),
        certificates=certificates_of(row["certificates"]),
        created_by=_actor(row["created_by"]),
        updated_by=_actor(row["updated_by"]),
        **{name: row[name] for name in _PLAIN},
    )


def certificates_of(stored: str | Sequence[Mapping[str, Any]]) -> tuple[Certificate, ...]:
    """Return certificates from their JSON, which comes as text when the driver was asked itself."""
    found: Sequence[Mapping[str, Any]] = json.loads(stored) if isinstance(stored, str) else stored
    return tuple(
        Certificate(one["kind"], one["number"], date.fromisoformat(one["valid_to"]) if one.get("valid_to") else None)
        for one in found
    )


def certificates_json(certificates: Sequence[Certificate]) -> list[dict[str, str | None]]:
    """Return certificates as JSON."""
    return [
        {"kind": one.kind, "number": one.number, "valid_to": one.valid_to.isoformat() if one.valid_to else None}
        for one in certificates
    ]


def _values(product: Product) -> dict[str, Any]:
    return {name: getattr(product, name) for name in _PLAIN} | {
        "product_id": product.product_id,
        "tenant_id": product.tenant,
        "supply_type": product.supply_type.value,
        "state": product.state.value,
        "delivery_district_codes": list(product.delivery_district_codes),
        "certificates": certificates_json(product.certificates),
        "created_by": asdict(product.created_by) if product.created_by else None,
        "updated_by": asdict(product.updated_by) if product.updated_by else None,
    }


def _actor(stored: str | Mapping[str, Any] | None) -> Actor | None:
    found = json.loads(stored) if isinstance(stored, str) else stored
    return Actor(**found) if found else None

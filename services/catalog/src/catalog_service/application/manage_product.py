"""A seller, or an officer on its behalf, makes a product, changes it, puts it on sale and takes it off."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from bela_kit.core.actor import Actor
from bela_kit.core.errors import Kind, ServiceError
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId

from catalog_service.application.ports import UnitOfWork
from catalog_service.domain.errors import FieldInvalid, ProductUnknown, VendorUnknown
from catalog_service.domain.product import Product, ProductEdit, ProductState
from catalog_service.domain.reference import ReferenceBook
from catalog_service.domain.vendor import Vendor

# Returns who acts for a business, or refuses; the edge knows tokens and grants, the use case knows the business.
Authorize = Callable[[str], Actor]
# Refuses if the caller looked at another version than the stored one.
CheckVersion = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class CreateProduct:
    """A new draft of a business."""

    tenant: TenantId
    vendor_id: str
    title: str
    profile_code: str
    category_code: str | None
    unit: str | None
    edit: ProductEdit


async def create_product(
    command: CreateProduct, *, uow: UnitOfWork, reference: ReferenceBook, authorize: Authorize, now: datetime
) -> Product:
    """Return a new draft. Only a business of this region may have one.

    Raises:
        VendorUnknown: The catalog has not heard of the business, or it is a guest here.
        ProfileInvalid: Profile, category and unit do not fit together.
    """
    actor = authorize(command.vendor_id)
    category, profile = reference.place(command.profile_code, command.category_code, command.unit)
    vendor = await _home_vendor(uow, command.tenant, command.vendor_id)
    product = Product.draft(
        product_id=str(new_id()),
        vendor=vendor,
        category=category,
        profile=profile,
        title=command.title,
        edit=command.edit,
        now=now,
    )
    product.created_by = product.updated_by = actor
    await uow.products.add(product)
    await uow.flush()
    return product


async def edit_product(
    tenant: TenantId,
    product_id: str,
    edit: ProductEdit,
    *,
    check_version: CheckVersion,
    uow: UnitOfWork,
    authorize: Authorize,
    now: datetime,
) -> Product:
    """Change a product and return it; a price far below the others takes it off sale until it is confirmed."""
    product, actor = await _for_change(uow, tenant, product_id, authorize, check_version)
    before = product.version
    vendor = await _home_vendor(uow, tenant, product.vendor_id)
    prices = await uow.products.prices(tenant, product.profile_code, without=product_id)
    product.edit(edit, vendor=vendor, offers_idr=prices, actor=actor, now=now)
    return await _keep(uow, product, before)


async def publish_product(
    tenant: TenantId,
    product_id: str,
    *,
    confirm_price: bool,
    check_version: CheckVersion,
    uow: UnitOfWork,
    authorize: Authorize,
    now: datetime,
) -> Product:
    """Put a product on sale and return it; its state is `moderated` if the price must be confirmed first."""
    product, actor = await _for_change(uow, tenant, product_id, authorize, check_version)
    before = product.version
    vendor = await _home_vendor(uow, tenant, product.vendor_id)
    prices = await uow.products.prices(tenant, product.profile_code, without=product_id)
    product.publish(vendor=vendor, offers_idr=prices, confirm_price=confirm_price, actor=actor, now=now)
    return await _keep(uow, product, before)


async def withdraw_product(
    tenant: TenantId,
    product_id: str,
    *,
    check_version: CheckVersion,
    uow: UnitOfWork,
    authorize: Authorize,
    now: datetime,
) -> Product:
    """Take a product off sale and return it. Orders that are running are not touched."""
    product, actor = await _for_change(uow, tenant, product_id, authorize, check_version)
    before = product.version
    # Taken only for the sequence of locks: the business first, its public rows after it, as the projection does.
    await _home_vendor(uow, tenant, product.vendor_id)
    product.withdraw(actor=actor, now=now)
    return await _keep(uow, product, before)


async def confirm_capacity(
    tenant: TenantId,
    product_id: str,
    *,
    capacity_per_day: int,
    visited_on: date,
    today: date,
    check_version: CheckVersion,
    uow: UnitOfWork,
    authorize: Authorize,
    now: datetime,
) -> Product:
    """Record that an officer's visit confirmed the capacity, and return the product."""
    if visited_on > today:
        raise FieldInvalid("visited_on", "IN_THE_FUTURE", "Tanggal kunjungan belum tiba.")
    product, actor = await _for_change(uow, tenant, product_id, authorize, check_version)
    before = product.version
    await _home_vendor(uow, tenant, product.vendor_id)
    product.confirm_capacity(capacity_per_day=capacity_per_day, visited_on=visited_on, actor=actor, now=now)
    return await _keep(uow, product, before)


async def _for_change(
    uow: UnitOfWork, tenant: TenantId, product_id: str, authorize: Authorize, check_version: CheckVersion
) -> tuple[Product, Actor]:
    product = await uow.products.get(tenant, product_id, lock=True)
    if product is None:
        raise ProductUnknown
    try:
        actor = authorize(product.vendor_id)
    except ServiceError as refusal:
        if refusal.kind is Kind.FORBIDDEN and product.state is ProductState.DRAFT:
            # A draft is the seller's secret: to others it does not exist.
            raise ProductUnknown from refusal
        raise
    check_version(product.version)
    product.updated_by = actor
    return product, actor


async def _home_vendor(uow: UnitOfWork, tenant: TenantId, vendor_id: str) -> Vendor:
    vendor = await uow.vendors.get(tenant, vendor_id, lock=True)
    if vendor is None or vendor.home != tenant:
        raise VendorUnknown
    return vendor


async def _keep(uow: UnitOfWork, product: Product, before: int) -> Product:
    await uow.products.save(product, version=before)
    await uow.flush()
    return product

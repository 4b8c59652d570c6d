"""A seller says how much it makes on one day: more before a feast, nothing on a holiday."""

from datetime import date

from bela_kit.core.clock import Clock
from bela_kit.core.errors import Kind, ServiceError
from bela_kit.core.tenancy import TenantId

from catalog_service.application.manage_product import Authorize, CheckVersion
from catalog_service.application.ports import UnitOfWork
from catalog_service.domain.capacity import CapacityDay
from catalog_service.domain.errors import FieldInvalid, ProductUnknown
from catalog_service.domain.fields import check_capacity
from catalog_service.domain.product import Product, ProductState

DAYS_AHEAD = 3 * 366


async def set_capacity(
    tenant: TenantId,
    product_id: str,
    on_date: date,
    capacity: int,
    *,
    check_version: CheckVersion,
    uow: UnitOfWork,
    authorize: Authorize,
    clock: Clock,
) -> CapacityDay:
    """Set the capacity of one day and return the day; a day without an override is at version 0.

    What is already held stays held, even above the new capacity.

    Raises:
        FieldInvalid: The day lies in the past or too far ahead.
    """
    product = await uow.products.get(tenant, product_id)
    if product is None:
        raise ProductUnknown
    _authorize(product, authorize)
    check_capacity(capacity, least=0, field="capacity")
    today = clock.today(tenant)
    if not today <= on_date or (on_date - today).days > DAYS_AHEAD:
        raise FieldInvalid("date", "OUT_OF_RANGE", "Tanggal harus hari ini sampai tiga tahun ke depan.")
    [day] = await uow.calendar.lock_days(tenant, {product_id: product.capacity_per_day or 0}, on_date)
    check_version(day.version)
    version = await uow.calendar.set_capacity(tenant, product_id, on_date, capacity, version=day.version)
    return CapacityDay(product_id, on_date, capacity, day.holds, overridden=True, version=version)


async def read_capacity(
    tenant: TenantId, product_id: str, on_date: date, *, uow: UnitOfWork
) -> tuple[Product, CapacityDay]:
    """Return a product and one day of it."""
    product = await uow.products.get(tenant, product_id)
    if product is None:
        raise ProductUnknown
    [day] = await uow.calendar.days(tenant, {product_id: product.capacity_per_day or 0}, on_date)
    return product, day


def _authorize(product: Product, authorize: Authorize) -> None:
    try:
        authorize(product.vendor_id)
    except ServiceError as refusal:
        if refusal.kind is Kind.FORBIDDEN and product.state is ProductState.DRAFT:
            raise ProductUnknown from refusal
        raise

"""The same behaviour of the ports in memory and in PostgreSQL: what makes the fake worth believing."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import pytest_asyncio
from bela_kit.core.actor import Actor
from bela_kit.core.ids import new_id
from bela_kit.core.pages import PageRequest
from bela_kit.core.tenancy import SystemScope, TenantId
from bela_kit.outbox import Outbox
from bela_kit.testing.plugin import DatabaseFactory
from catalog_service.adapters.tables import kit
from catalog_service.adapters.unit_of_work import SqlUnitOfWork
from catalog_service.adapters.vendor_copies import SqlVendorCopies
from catalog_service.application.ports import UnitOfWork
from catalog_service.bootstrap import MIGRATIONS
from catalog_service.domain.capacity import Hold, HoldLine
from catalog_service.domain.errors import ProductChangedMeanwhile
from catalog_service.domain.product import Product, ProductEdit
from catalog_service.domain.reference import Category, Certificate, Profile, ReferenceBook, SupplyType
from catalog_service.domain.vendor import GuestGrant, Vendor

from tests.fakes.catalog import Store

HOME, OTHER = TenantId("3510"), TenantId("1311")
NOW = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
DAY = date(2026, 3, 10)
SECOND = timedelta(seconds=1)
CATEGORY = Category("food.meal_box", "Nasi kotak", 2, "food", SupplyType.CATERING)
PROFILE = Profile("meal", "Nasi kotak", "food.meal_box", "kotak")
BOOK = ReferenceBook("test", {CATEGORY.code: CATEGORY}, {PROFILE.code: PROFILE})
ACTOR = Actor("owner", "vendor_owner", "grant", None, None)

Open = Callable[[TenantId], AbstractAsyncContextManager[UnitOfWork]]
Keep = Callable[[Vendor, list[GuestGrant]], Awaitable[None]]


@pytest_asyncio.fixture(params=["fake", "postgres"], loop_scope="session")
async def world(request: pytest.FixtureRequest, service_database: DatabaseFactory) -> AsyncIterator[tuple[Open, Keep]]:
    """A way to open units of work, and a way to make businesses known."""
    if request.param == "fake":
        store = Store()

        @asynccontextmanager
        async def remember(tenant: TenantId) -> AsyncIterator[UnitOfWork]:
            yield store.unit_of_work()

        async def know(vendor: Vendor, grants: list[GuestGrant]) -> None:
            store.vendors[vendor.tenant, vendor.vendor_id] = vendor
            store.grants += grants

        yield remember, know
        return
    db = (await service_database("catalog", MIGRATIONS)).open()

    @asynccontextmanager
    async def connect(tenant: TenantId) -> AsyncIterator[UnitOfWork]:
        async with db.tenant_transaction(tenant) as connection:
            yield SqlUnitOfWork(connection, Outbox(kit, "catalog", lambda: None), BOOK)

    async def copy(vendor: Vendor, grants: list[GuestGrant]) -> None:
        async with db.system_transaction(SystemScope("test")) as connection:
            await SqlVendorCopies(connection).keep([vendor], grants)

    yield connect, copy
    await db.dispose()


def vendor() -> Vendor:
    return Vendor(HOME, str(new_id()), HOME, 1, "Warung", "group", "351005", "", "ok", verified=True, pkp=False)


def product_of(seller: Vendor, price: int = 25_000) -> Product:
    edit = ProductEdit(
        description="Lengkap",
        unit_price_idr=price,
        capacity_per_day=200,
        lead_time_hours=4,
        delivery_district_codes=("351006", "351005"),
        certificates=(Certificate("pirt", "1", date(2027, 1, 1)), Certificate("halal", "2")),
    )
    made = Product.draft(
        product_id=str(new_id()), vendor=seller, category=CATEGORY, profile=PROFILE, title="Nasi", edit=edit, now=NOW
    )
    made.created_by = made.updated_by = ACTOR
    return made


async def stored(open_: Open, product: Product) -> Product | None:
    async with open_(product.tenant) as uow:
        return await uow.products.get(product.tenant, product.product_id)


async def published(open_: Open, seller: Vendor, price: int = 25_000) -> Product:
    product = product_of(seller, price)
    async with open_(HOME) as uow:
        await uow.products.add(product)
        product.publish(vendor=seller, offers_idr=[], confirm_price=False, actor=ACTOR, now=NOW)
        await uow.products.save(product, version=1)
        await uow.flush()
    return product


async def test_a_product_comes_back_as_it_was_stored(world: tuple[Open, Keep]) -> None:
    open_, know = world
    seller = vendor()
    await know(seller, [])
    product = product_of(seller)
    async with open_(HOME) as uow:
        await uow.products.add(product)
    assert await stored(open_, product) == product
    async with open_(OTHER) as uow:
        assert await uow.products.get(OTHER, product.product_id) is None


async def test_a_change_based_on_an_old_version_is_refused(world: tuple[Open, Keep]) -> None:
    open_, know = world
    seller = vendor()
    await know(seller, [])
    product = await published(open_, seller)
    product.withdraw(actor=ACTOR, now=NOW)
    async with open_(HOME) as uow:
        await uow.products.save(product, version=2)
    with pytest.raises(ProductChangedMeanwhile):
        async with open_(HOME) as uow:
            await uow.products.save(product, version=2)


async def test_prices_are_those_of_other_offers_on_sale(world: tuple[Open, Keep]) -> None:
    open_, know = world
    seller = vendor()
    await know(seller, [])
    first = await published(open_, seller, 20_000)
    await published(open_, seller, 30_000)
    async with open_(HOME) as uow:
        await uow.products.add(product_of(seller, 1))
        assert await uow.products.prices(HOME, "meal", without=first.product_id) == [30_000]
        assert await uow.products.prices(HOME, "rice", without=first.product_id) == []


async def test_a_sellers_products_come_in_pages_newest_first(world: tuple[Open, Keep]) -> None:
    open_, know = world
    seller = vendor()
    await know(seller, [])
    made = [(await published(open_, seller)).product_id for _ in range(3)]
    async with open_(HOME) as uow:
        page = await uow.products.of_vendor(HOME, seller.vendor_id, PageRequest(2))
        rest = await uow.products.of_vendor(HOME, seller.vendor_id, PageRequest(2, page.next_token))
    assert [one.product_id for one in (*page.items, *rest.items)] == made[::-1]
    assert rest.next_token is None


async def test_sellable_products_come_with_their_seller(world: tuple[Open, Keep]) -> None:
    open_, know = world
    seller = vendor()
    await know(seller, [])
    product = await published(open_, seller)
    async with open_(HOME) as uow:
        [found] = await uow.products.sellable(HOME, [product.product_id, str(new_id())])
    assert (found.product.product_id, found.vendor) == (product.product_id, seller)


async def test_guest_grants_are_found_by_host_and_business(world: tuple[Open, Keep]) -> None:
    open_, know = world
    seller = vendor()
    grant = GuestGrant(OTHER, HOME, str(new_id()), seller.vendor_id, ("staple.rice",), date(2026, 1, 1), None, False, 1)
    await know(seller, [grant])
    async with open_(HOME) as uow:
        assert await uow.vendors.guest_grants(OTHER, seller.vendor_id) == [grant]
        assert await uow.vendors.guest_grants(HOME, seller.vendor_id) == []
        assert await uow.vendors.get(HOME, seller.vendor_id, lock=True) == seller
        assert await uow.vendors.get(HOME, str(new_id())) is None


async def test_a_day_follows_the_product_until_it_is_set(world: tuple[Open, Keep]) -> None:
    open_, _ = world
    product = str(new_id())
    async with open_(HOME) as uow:
        [day] = await uow.calendar.days(HOME, {product: 200}, DAY)
        assert (day.capacity, day.overridden, day.version) == (200, False, 0)
        await uow.calendar.lock_days(HOME, {product: 200}, DAY)
        assert await uow.calendar.set_capacity(HOME, product, DAY, 50, version=0) == 1
        [day] = await uow.calendar.days(HOME, {product: 200}, DAY)
        assert (day.capacity, day.overridden, day.version) == (50, True, 1)
    with pytest.raises(ProductChangedMeanwhile):
        async with open_(HOME) as uow:
            await uow.calendar.set_capacity(HOME, product, DAY, 60, version=0)


async def test_a_hold_comes_back_and_replaces_the_one_before(world: tuple[Open, Keep]) -> None:
    open_, _ = world
    first, second, order = str(new_id()), str(new_id()), str(new_id())
    hold = Hold(
        tenant=HOME,
        order_id=order,
        buyer=OTHER,
        unit_id="unit",
        vendor_id=str(new_id()),
        on_date=DAY,
        held_until=NOW + timedelta(days=1),
        reserved_at=NOW,
        lines=(HoldLine(first, 10),),
    )
    async with open_(HOME) as uow:
        assert await uow.calendar.hold_of(HOME, order) is None
        await uow.calendar.keep_hold(hold)
        assert await uow.calendar.hold_of(HOME, order) == hold
        [day] = await uow.calendar.lock_days(HOME, {first: 200}, DAY)
        assert [(one.order_id, one.buyer, one.quantity, one.firm) for one in day.holds] == [(order, OTHER, 10, False)]
        await uow.calendar.keep_hold(replace(hold, lines=(HoldLine(second, 5),)))
        days = await uow.calendar.days(HOME, {first: 200, second: 200}, DAY)
        assert {one.product_id: one.held(lambda region: NOW) for one in days} == {first: 0, second: 5}


async def test_a_hold_is_given_back_by_the_attempt_that_took_it_alone(world: tuple[Open, Keep]) -> None:
    open_, _ = world
    hold = Hold(
        tenant=HOME,
        order_id=str(new_id()),
        buyer=OTHER,
        unit_id="unit",
        vendor_id=str(new_id()),
        on_date=DAY,
        held_until=NOW + timedelta(days=1),
        reserved_at=NOW,
        lines=(HoldLine(str(new_id()), 10), HoldLine(str(new_id()), 5)),
    )
    async with open_(HOME) as uow:
        for firm in (replace(hold, signed=True), replace(hold, firm=True), replace(hold, reserved_at=NOW + SECOND)):
            await uow.calendar.keep_hold(firm)
            assert not await uow.calendar.release_hold(HOME, hold.order_id, buyer=OTHER, reserved_at=NOW)
        await uow.calendar.keep_hold(hold)
        assert not await uow.calendar.release_hold(HOME, hold.order_id, buyer=HOME, reserved_at=NOW)
        assert not await uow.calendar.release_hold(HOME, str(new_id()), buyer=OTHER, reserved_at=NOW)
        assert await uow.calendar.hold_of(HOME, hold.order_id) is not None
        assert await uow.calendar.release_hold(HOME, hold.order_id, buyer=OTHER, reserved_at=NOW)
        assert await uow.calendar.hold_of(HOME, hold.order_id) is None
        assert not await uow.calendar.release_hold(HOME, hold.order_id, buyer=OTHER, reserved_at=NOW)

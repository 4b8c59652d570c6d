"""Use cases over ports in memory."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from bela_kit.core.actor import Actor
from bela_kit.core.clock import FixedClock
from bela_kit.core.errors import ServiceError
from bela_kit.core.tenancy import TenantId
from catalog_service.application.manage_product import (
    CreateProduct,
    create_product,
    edit_product,
    publish_product,
    withdraw_product,
)
from catalog_service.application.reserve import Reserve, ReserveLine, end_of_day, reserve
from catalog_service.domain.product import Happening, Product, ProductEdit, ProductState
from catalog_service.domain.reference import Category, Profile, ReferenceBook, SupplyType
from catalog_service.domain.vendor import GuestGrant, Vendor

from tests.fakes.catalog import Store

NOW = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
HOME, HOST = TenantId("3510"), TenantId("19")
BOOK = ReferenceBook(
    "test",
    {"food.meal_box": Category("food.meal_box", "Nasi kotak", 2, "food", SupplyType.CATERING)},
    {"meal": Profile("meal", "Nasi kotak", "food.meal_box", "kotak")},
)
SELLER = Vendor(HOME, "v", HOME, 1, "Warung", "g", "351005", "", "ok", verified=True, pkp=False)
OWNER = Actor("owner", "vendor_owner", "grant")


@pytest.fixture
def store() -> Store:
    made = Store()
    made.vendors[HOME, "v"] = SELLER
    return made


def allow(vendor_id: str) -> Actor:
    return OWNER


async def draft(store: Store, *, unit_price_idr: int = 25_000) -> Product:
    edit = ProductEdit(unit_price_idr=unit_price_idr, capacity_per_day=200, lead_time_hours=4)
    command = CreateProduct(HOME, "v", "Nasi kotak", "meal", None, None, edit)
    return await create_product(command, uow=store.unit_of_work(), reference=BOOK, authorize=allow, now=NOW)


async def publish(store: Store, product: Product, *, confirm: bool = False) -> Product:
    return await publish_product(
        HOME,
        product.product_id,
        confirm_price=confirm,
        check_version=lambda version: None,
        uow=store.unit_of_work(),
        authorize=allow,
        now=NOW,
    )


async def reason_of(awaitable: object) -> str:
    with pytest.raises(ServiceError) as caught:
        await awaitable  # type: ignore[misc]
    return caught.value.reason


async def test_a_product_goes_from_draft_to_sale_to_withdrawn_and_back(store: Store) -> None:
    product = await draft(store)
    assert (await publish(store, product)).state is ProductState.PUBLISHED
    assert await reason_of(publish(store, product)) == "PRODUCT_ALREADY_PUBLISHED"
    facts = {"check_version": lambda version: None, "authorize": allow, "now": NOW}
    done = await withdraw_product(HOME, product.product_id, uow=store.unit_of_work(), **facts)  # type: ignore[arg-type]
    assert done.state is ProductState.WITHDRAWN
    again = withdraw_product(HOME, product.product_id, uow=store.unit_of_work(), **facts)  # type: ignore[arg-type]
    assert await reason_of(again) == "PRODUCT_NOT_ON_SALE"
    assert (await publish(store, product)).version == 4
    assert [one.happening for one in store.events] == [
        Happening.PUBLISHED,
        Happening.WITHDRAWN,
        Happening.PUBLISHED,
    ]
    assert [one.product.version for one in store.events] == [2, 3, 4]


async def test_an_event_keeps_the_product_as_it_was(store: Store) -> None:
    product = await publish(store, await draft(store))
    await edit_product(
        HOME,
        product.product_id,
        ProductEdit(title="Nasi tumpeng"),
        check_version=lambda version: None,
        uow=store.unit_of_work(),
        authorize=allow,
        now=NOW,
    )
    assert [one.product.title for one in store.events] == ["Nasi kotak", "Nasi tumpeng"]


async def test_a_business_the_catalog_does_not_know_or_a_guest_cannot_have_products_here(store: Store) -> None:
    store.vendors.clear()
    assert await reason_of(draft(store)) == "VENDOR_UNKNOWN"
    store.vendors[HOME, "v"] = replace(SELLER, home=TenantId("3511"))
    assert await reason_of(draft(store)) == "VENDOR_UNKNOWN"


async def test_a_confirmed_price_is_not_asked_for_again_until_it_changes(store: Store) -> None:
    for _ in range(3):
        await publish(store, await draft(store))
    cheap = await draft(store, unit_price_idr=1_000)
    assert (await publish(store, cheap)).state is ProductState.MODERATED
    assert await reason_of(publish(store, cheap)) == "PRICE_NEEDS_CONFIRMATION"
    assert (await publish(store, cheap, confirm=True)).state is ProductState.PUBLISHED
    changed = await edit_product(
        HOME,
        cheap.product_id,
        ProductEdit(unit_price_idr=900),
        check_version=lambda version: None,
        uow=store.unit_of_work(),
        authorize=allow,
        now=NOW,
    )
    assert changed.state is ProductState.MODERATED


def order(product: Product, quantity: int, **facts: object) -> Reserve:
    made = Reserve(
        buyer=HOME,
        order_id="o",
        unit_id="u",
        lines=(ReserveLine(1, product.product_id, quantity),),
        needed_on=date(2026, 3, 10),
        needed_at=datetime(2026, 3, 10, 3, tzinfo=UTC),
        district_code="351005",
        hold_until=NOW + timedelta(days=1),
        now=NOW,
    )
    return replace(made, **facts)  # type: ignore[arg-type]


async def test_lines_of_one_product_are_judged_together(store: Store) -> None:
    product = await publish(store, await draft(store))
    lines = tuple(ReserveLine(number, product.product_id, 120) for number in (1, 2))
    command = order(product, 1, lines=lines)
    made = reserve(command, HOME, uow=store.unit_of_work(), clock=FixedClock(NOW))
    assert await reason_of(made) == "CAPACITY_GONE"


async def test_a_firm_hold_stays_firm_when_the_order_asks_again(store: Store) -> None:
    product = await publish(store, await draft(store))
    clock = FixedClock(NOW)
    await reserve(order(product, 100), HOME, uow=store.unit_of_work(), clock=clock)
    store.holds[HOME, "o"].firm = True
    again = order(product, 100, now=NOW + timedelta(days=2), hold_until=NOW)
    await reserve(again, HOME, uow=store.unit_of_work(), clock=clock)
    assert store.holds[HOME, "o"].firm


@pytest.mark.parametrize(
    ("changes", "allowed"),
    [
        ({}, True),
        ({"revoked": True}, False),
        ({"category_codes": ("staple.rice",)}, False),
        ({"valid_to": date(2026, 3, 1)}, False),
        ({"valid_to": date(2026, 3, 2)}, True),
        ({"valid_from": date(2026, 3, 3)}, False),
    ],
)
async def test_a_guest_is_ordered_only_while_its_grant_covers_the_day_and_category(
    store: Store, changes: dict[str, object], allowed: bool
) -> None:
    product = await publish(store, await draft(store))
    grant = GuestGrant(HOST, HOME, "g", "v", (), date(2026, 1, 1), None, False, 1)
    store.grants.append(replace(grant, **changes))  # type: ignore[arg-type]
    made = reserve(order(product, 1, buyer=HOST), HOME, uow=store.unit_of_work(), clock=FixedClock(NOW))
    if allowed:
        assert (await made).home == HOME
    else:
        assert await reason_of(made) == "GUEST_NOT_GRANTED"


def test_a_day_without_an_hour_ends_at_midnight_of_the_buyers_zone() -> None:
    clock = FixedClock(NOW, "Asia/Jayapura")
    assert end_of_day(date(2026, 3, 10), HOME, clock) == datetime(2026, 3, 10, 15, tzinfo=UTC)

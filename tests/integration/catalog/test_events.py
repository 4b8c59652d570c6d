"""Through the real broker: what others publish arrives, what the catalog commits goes out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any
from uuid import uuid4

from bela.catalog.events.v1 import catalog_events_pb2
from bela.common.v1 import authority_pb2
from bela.order.events.v1 import order_events_pb2, order_pb2
from bela.vendor.events.v1 import vendor_events_pb2
from bela.vendor.v1 import vendor_pb2
from bela_kit.core.events import OutgoingEvent
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import SystemScope, TenantId
from bela_kit.events import subject, to_headers
from bela_kit.jetstream import ConsumerMetrics, Message, NatsConnection, Publisher
from bela_kit.jetstream.pull import PullReader
from bela_kit.outbox_relay import OutboxRelay
from bela_kit.testing.plugin import Broker, WaitFor
from catalog_service.adapters.tables import kit

from .world import NOW, Catalog


async def publish(nats: NatsConnection, source: str, name: str, aggregate: str, version: int, message: Any) -> None:
    event = OutgoingEvent(
        event_id=new_id(),
        tenant=TenantId("3510"),
        aggregate_type="x",
        aggregate_id=aggregate,
        aggregate_version=version,
        event_name=name,
        type=message.DESCRIPTOR.full_name,
        payload=message.SerializeToString(),
        occurred_at=NOW,
    )
    sent = Message(subject(source, event.tenant, name), to_headers(event, source), event.payload)
    assert await Publisher(nats, timeout=10).publish([sent]) == [None]


@asynccontextmanager
async def connected(broker: Broker, user: str) -> AsyncIterator[NatsConnection]:
    connection = await broker.connect(user)
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def worker(catalog: Catalog, nats: NatsConnection) -> AsyncIterator[None]:
    assert catalog.parts.consumers is not None
    stop = asyncio.Event()
    parts = list(catalog.parts.consumers(nats, ConsumerMetrics()))
    relay = OutboxRelay(catalog.db, kit, Publisher(nats), source="catalog")
    tasks = [asyncio.create_task(one.run(stop)) for one in (*parts, relay)]
    try:
        yield
    finally:
        stop.set()
        relay.wake()
        await asyncio.wait_for(asyncio.gather(*tasks), 10)


async def test_a_seller_known_by_events_publishes_and_an_orders_events_move_its_capacity(
    catalog: Catalog, nats_server: Broker, wait_for: WaitFor
) -> None:
    seller, owner = str(new_id()), "pemilik.3510"
    vendor = vendor_pb2.Vendor(
        vendor_id=seller,
        region="3510",
        version=1,
        display_name="Warung Kawat",
        district_code="351005",
        standing=vendor_pb2.STANDING_OK,
    )
    vendor.milestones.verified_on.year, vendor.milestones.verified_on.month = 2026, 1
    vendor.milestones.verified_on.day = 5
    grant = authority_pb2.Grant(
        grant_id=str(new_id()), tenant="3510", principal=owner, role="vendor_owner", scope_id=seller, version=1
    )
    grant.valid_from.year, grant.valid_from.month, grant.valid_from.day = 2026, 1, 1
    async with (
        connected(nats_server, "catalog") as ours,
        connected(nats_server, "vendor") as vendor_side,
        connected(nats_server, "order") as order_side,
        connected(nats_server, "reporting") as listener,
        worker(catalog, ours),
    ):
        await publish(
            vendor_side, "vendor", "vendor_verified", seller, 1, vendor_events_pb2.VendorVerified(vendor=vendor)
        )
        await publish(
            vendor_side, "vendor", "grant_changed", grant.grant_id, 1, authority_pb2.GrantChanged(grant=grant)
        )

        body = {
            "vendor_id": seller,
            "title": "Nasi liwet",
            "profile_code": "meal_box_standard",
            "unit_price_idr": 25_000,
            "capacity_per_day": 200,
            "lead_time_hours": 4,
        }

        async def drafted() -> str | None:
            made = await catalog.call("POST", "/regions/3510/products", as_=owner, body=body)
            return str(made.json()["product_id"]) if made.status_code == 201 else None

        product = str(await wait_for(drafted))
        await catalog.call("POST", f"/regions/3510/products/{product}:publish", as_=owner)

        event = await published_event(listener, product)
        assert (event.product.title, event.product.version) == ("Nasi liwet", 2)

        order_id = str(uuid4())
        await catalog.reserve(product, 150, order_id=order_id, day=date(2026, 3, 10))
        order = order_pb2.Order(
            order_id=order_id, region="3510", version=3, state=order_pb2.ORDER_STATE_CANCELLED, holds_capacity=False
        )
        order.vendor.region = "3510"
        await publish(order_side, "order", "order_cancelled", order_id, 3, order_events_pb2.OrderCancelled(order=order))

        async def given_back() -> bool:
            return await catalog.free(product) == 200

        await wait_for(given_back)
    async with catalog.db.system_transaction(SystemScope("test")) as open_:
        assert (await open_.exec_driver_sql("SELECT count(*) FROM dead_letters")).scalar_one() == 0


async def published_event(nats: NatsConnection, product_id: str) -> catalog_events_pb2.ProductPublished:
    """Return the first event of a product that reporting is given."""
    reader = PullReader(nats, "BELA_CATALOG_V1", "reporting__catalog_projection", 10)
    await reader.open()
    try:
        async with asyncio.timeout(10):
            while True:
                for message in await reader.next(timeout=0.5):
                    await message.ack()
                    event = catalog_events_pb2.ProductPublished.FromString(message.data)
                    if event.product.product_id == product_id:
                        return event
    finally:
        await reader.close()


async def test_a_replay_publishes_every_product_that_was_ever_on_sale_as_it_now_stands(catalog: Catalog) -> None:
    seller = await catalog.vendor("Ulangan")
    product, draft = await catalog.product(seller), await catalog.product(seller, publish=False)
    async with catalog.db.system_transaction(SystemScope("test")) as open_:
        await open_.exec_driver_sql(
            "INSERT INTO tenants VALUES ('3510', 'Banyuwangi', 'kabkota', 'Asia/Jakarta', 5, true, 0, 1)"
            " ON CONFLICT DO NOTHING"
        )
    before = await catalog.outbox()
    assert catalog.parts.replay is not None
    count = await catalog.parts.replay()
    again = (await catalog.outbox())[len(before) :]
    assert len(again) == count
    assert ("bela.catalog.v1.3510.product_published", product) in again
    assert draft not in {aggregate for _, aggregate in again}

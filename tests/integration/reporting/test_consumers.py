"""From the broker to the report: events published as the other services would, consumed by the real durables."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import sqlalchemy as sa
from bela.common.v1.authority_pb2 import TenantSettings, TenantSettingsChanged
from bela_kit import dead_letters
from bela_kit.authority import TenantClock
from bela_kit.core.events import OutgoingEvent
from bela_kit.core.tenancy import SystemScope, TenantId
from bela_kit.db import Database
from bela_kit.events import ReceivedEvent, subject, to_headers
from bela_kit.jetstream import ConsumerMetrics, Message, NatsConnection, Publisher
from bela_kit.testing.plugin import Broker, WaitFor
from reporting_service.entrypoints.events.subscriptions import consumers

from tests.fakes.reporting import START, OrderMaker, ProductMaker, VendorMaker, budget_line, received, unit


async def publish(broker: Broker, source: str, events: Sequence[ReceivedEvent]) -> None:
    connection = await broker.connect(source)
    messages = [
        Message(
            subject(source, event.tenant, event.name),
            to_headers(
                OutgoingEvent(
                    event_id=event.event_id,
                    tenant=event.tenant,
                    aggregate_type="any",
                    aggregate_id=event.aggregate_id,
                    aggregate_version=event.aggregate_version,
                    event_name=event.name,
                    type=event.type,
                    payload=event.payload,
                    occurred_at=event.occurred_at,
                ),
                source,
            ),
            event.payload,
        )
        for event in events
    ]
    assert set(await Publisher(connection, timeout=10).publish(messages)) <= {None}
    await connection.close()


@asynccontextmanager
async def working(nats: NatsConnection, db: Database) -> AsyncIterator[None]:
    stop = asyncio.Event()
    tasks = [asyncio.create_task(consumer.run(stop)) for consumer in consumers(nats, db, ConsumerMetrics())]
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(asyncio.gather(*tasks), 15)


async def test_events_of_three_streams_reach_the_reports(nats_server: Broker, db: Database, wait_for: WaitFor) -> None:
    vendor = VendorMaker()
    settings = TenantSettingsChanged(
        settings=TenantSettings(
            tenant="3510",
            name="Kabupaten Banyuwangi",
            kind="kabkota",
            zone="Asia/Jakarta",
            work_week_days=5,
            demo=True,
            version=1,
        )
    )
    order = OrderMaker(vendor)
    of_order = [
        received("order", "3510", "tenant_settings_changed", settings, START, "3510", 1),
        unit(),
        budget_line(),
        *order.until("OrderPaid"),
    ]
    await publish(nats_server, "vendor", [vendor.verified()])
    await publish(nats_server, "catalog", [ProductMaker(vendor).event()])
    await publish(nats_server, "order", of_order)
    poison = received("order", "3510", "order_paid", order.to("OrderClosed") and settings, START, "x", 1)
    await publish(nats_server, "order", [poison])
    nats = await nats_server.connect("reporting")
    clock = TenantClock(db)

    async def arrived() -> bool:
        async with db.system_transaction(SystemScope("test")) as connection:
            sold = await connection.scalar(sa.text("SELECT sum(value_idr) FROM public_region_spend"))
            lines = await connection.scalar(sa.text("SELECT count(*) FROM budget_lines"))
            listed = await connection.scalar(sa.text("SELECT count(*) FROM vendors JOIN assortments USING (vendor_id)"))
        await clock.refresh()
        letters = await dead_letters.list_dead_letters(db)
        return (sold, lines, listed, len(letters), clock.tenants()) == (720_000, 1, 2, 1, [TenantId("3510")])

    async with working(nats, db):
        assert await wait_for(arrived, timeout=20)
    await nats.close()
    assert clock.settings(TenantId("3510")).demo
    letter = (await dead_letters.list_dead_letters(db))[0]
    assert letter.consumer == "reporting__order_projection"

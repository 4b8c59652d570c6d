"""The register beside a real broker: it hears of a first product once, and its own events arrive in their stream."""

import asyncio
from contextlib import suppress

from bela.catalog.events.v1.catalog_events_pb2 import ProductPublished
from bela.common.v1.authority_pb2 import GrantChanged
from bela_kit.core.events import OutgoingEvent
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId
from bela_kit.events import subject, to_headers
from bela_kit.jetstream import ConsumerMetrics, Publisher
from bela_kit.outbox_relay import OutboxRelay
from bela_kit.testing.plugin import Broker, WaitFor

from .world import NOW, Register


def outgoing(name: str, message) -> OutgoingEvent:
    return OutgoingEvent(
        event_id=new_id(),
        tenant=TenantId("3510"),
        aggregate_type="x",
        aggregate_id=str(new_id()),
        aggregate_version=1,
        event_name=name,
        type=message.DESCRIPTOR.full_name,
        payload=message.SerializeToString(),
        occurred_at=NOW,
    )


async def publish(broker: Broker, source: str, event: OutgoingEvent) -> None:
    connection = await broker.connect(source)
    try:
        stream = connection.client.jetstream()
        headers = to_headers(event, source, None)
        await stream.publish(subject(source, event.tenant, event.event_name), event.payload, headers=headers)
    finally:
        await connection.close()


async def test_events_arrive_and_leave_through_the_broker(register: Register, nats_server: Broker, wait_for: WaitFor):
    vendor_id = await register.verified()
    grant = GrantChanged()
    grant.grant.grant_id, grant.grant.tenant, grant.grant.principal = str(new_id()), "3510", "new.3510"
    grant.grant.role, grant.grant.version = "koperindag_officer", 1
    grant.grant.valid_from.year, grant.grant.valid_from.month, grant.grant.valid_from.day = 2026, 1, 1
    await publish(nats_server, "order", outgoing("grant_changed", grant))
    product = ProductPublished()
    product.product.vendor_id, product.product.region = vendor_id, "3510"
    event = outgoing("product_published", product)
    await publish(nats_server, "catalog", event)

    connection = await nats_server.connect("vendor")
    assert register.parts.consumers is not None
    consumers = register.parts.consumers(connection, ConsumerMetrics())
    relay = OutboxRelay(register.db, register.parts.tables, Publisher(connection), source="vendor")
    stop = asyncio.Event()
    running = [asyncio.create_task(one.run(stop)) for one in (*consumers, relay)]
    try:

        async def published() -> bool:
            view = (await register.call("GET", f"vendors/{vendor_id}", None)).json()
            return view["milestones"]["published_on"] is not None

        async def relayed() -> bool:
            rows = await register.sql("SELECT 1 FROM outbox_messages WHERE published_at IS NULL")
            return not rows

        await wait_for(published, timeout=20)
        await wait_for(relayed, timeout=20)
        assert (await register.call("GET", "imports", "new.3510")).status_code == 200
        assert len(await register.events("vendor_published")) == 1
    finally:
        stop.set()
        for task in running:
            with suppress(TimeoutError):
                await asyncio.wait_for(task, 10)
        await connection.close()

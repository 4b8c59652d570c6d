from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from bela_kit.db import Database, new_metadata
from bela_kit.jetstream import NatsConnection
from bela_kit.plumbing import KitTables, kit_tables
from bela_kit.testing.databases import ServiceDatabase
from bela_kit.testing.plugin import Broker, DatabaseFactory
from bela_kit.topology import Consumer, Stream, Topology

STREAM = Stream(
    name="BELA_SAMPLE_V1",
    source="sample",
    events=("thing_changed", "thing_removed"),
    storage="file",
    replicas=1,
    max_age_days=1,
    max_bytes=2**28,
    duplicate_window_seconds=120,
)
MIGRATIONS = Path(__file__).parent / "migrations"


@pytest_asyncio.fixture(loop_scope="session")
async def sample(service_database: DatabaseFactory) -> ServiceDatabase:
    """A fresh database of an imagined service."""
    return await service_database("sample", MIGRATIONS)


@pytest_asyncio.fixture(loop_scope="session")
async def db(sample: ServiceDatabase) -> AsyncIterator[Database]:
    database = sample.open()
    yield database
    await database.dispose()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def tables() -> KitTables:
    return kit_tables(new_metadata())


@pytest.fixture(scope="session")
def nats_topology() -> Topology:
    """One publishing service and one that only listens."""
    consumers = tuple(
        Consumer(durable, STREAM, STREAM.events, ack_wait_seconds=2, max_ack_pending=2000)
        for durable in ("sample__thing_projection", "other__thing_projection", "other__thing_reactions")
    )
    return Topology((STREAM,), consumers, {"sample": "service", "other": "service", "topology": "topology"})


@pytest_asyncio.fixture(loop_scope="session")
async def broker(nats_server: Broker) -> AsyncIterator[Broker]:
    """The module's broker with empty streams."""
    if nats_server.server.process.poll() is not None:
        nats_server.start()
    await nats_server.clear()
    yield nats_server


@pytest_asyncio.fixture(loop_scope="session")
async def nats(broker: Broker) -> AsyncIterator[NatsConnection]:
    connection = await broker.connect("sample")
    yield connection
    await connection.close()

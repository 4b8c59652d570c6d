"""Events come more than once, out of order, in bursts and broken; effects happen once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import pytest
import sqlalchemy as sa
from bela_kit import dead_letters
from bela_kit.core.errors import Kind, ServiceError
from bela_kit.core.events import OutgoingEvent
from bela_kit.core.tenancy import SystemScope, TenantId
from bela_kit.db import Database
from bela_kit.events import ReceivedEvent, subject, to_headers
from bela_kit.jetstream import Message, NatsConnection, ProjectionConsumer, Publisher, ReactionConsumer
from bela_kit.plumbing import KitTables
from bela_kit.testing.databases import ServiceDatabase
from bela_kit.testing.plugin import Broker, WaitFor
from sqlalchemy.ext.asyncio import AsyncConnection

from .samples import A, B, event

SCOPE = SystemScope("test")
ADD = sa.text(
    """
    INSERT INTO thing_counts AS c (tenant_id, thing_id, amount, version) VALUES (:tenant, :thing, 1, :version)
    ON CONFLICT (tenant_id, thing_id) DO UPDATE SET amount = c.amount + 1, version = :version
    """
)
Project = Callable[[AsyncConnection, Sequence[ReceivedEvent]], Awaitable[None]]
React = Callable[[ReceivedEvent, AsyncConnection], Awaitable[None]]


async def count(connection: AsyncConnection, events: Sequence[ReceivedEvent]) -> None:
    rows = [{"tenant": e.tenant, "thing": e.aggregate_id, "version": e.aggregate_version} for e in events]
    await connection.execute(ADD, rows)


async def total(db: Database) -> int:
    async with db.system_transaction(SCOPE) as connection:
        return int(await connection.scalar(sa.text("SELECT COALESCE(sum(amount), 0) FROM thing_counts")))


async def publish(nats: NatsConnection, events: Sequence[OutgoingEvent]) -> None:
    messages = [Message(subject("sample", e.tenant, e.event_name), to_headers(e, "sample"), e.payload) for e in events]
    assert set(await Publisher(nats, timeout=10).publish(messages)) <= {None}


@pytest.fixture
def project() -> Project:
    return count


@asynccontextmanager
async def running(consumer: ProjectionConsumer | ReactionConsumer) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(consumer.run(stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, 10)


@pytest.fixture
async def other(broker: Broker) -> AsyncIterator[NatsConnection]:
    connection = await broker.connect("other")
    yield connection
    await connection.close()


def projection(nats: NatsConnection, db: Database, tables: KitTables, project: Project = count) -> ProjectionConsumer:
    return ProjectionConsumer(
        nats, db, tables, stream="BELA_SAMPLE_V1", durable="other__thing_projection", project=project
    )


def reaction(
    nats: NatsConnection,
    db: Database,
    tables: KitTables,
    react: Callable[[ReceivedEvent, AsyncConnection], Awaitable[None]],
) -> ReactionConsumer:
    return ReactionConsumer(nats, db, tables, stream="BELA_SAMPLE_V1", durable="other__thing_reactions", react=react)


async def test_a_burst_is_projected_in_few_transactions(
    db: Database, tables: KitTables, nats: NatsConnection, other: NatsConnection, wait_for: WaitFor
) -> None:
    batches: list[int] = []

    async def project(connection: AsyncConnection, events: Sequence[ReceivedEvent]) -> None:
        batches.append(len(events))
        await count(connection, events)

    for start in range(0, 3000, 1000):
        await publish(nats, [event(f"t{n}") for n in range(start, start + 1000)])
    async with running(projection(other, db, tables, project)):

        async def all_there() -> bool:
            return await total(db) == 3000

        await wait_for(all_there, timeout=20)
    assert sum(batches) == 3000
    assert len(batches) < 30


async def test_single_event_is_projected_at_once(
    db: Database, tables: KitTables, nats: NatsConnection, other: NatsConnection, wait_for: WaitFor
) -> None:
    async with running(projection(other, db, tables)):
        await asyncio.sleep(0.3)
        loop = asyncio.get_running_loop()
        waits: list[float] = []
        for wanted in range(1, 6):
            started = loop.time()
            await publish(nats, [event(f"t{wanted}")])

            async def there(wanted: int = wanted) -> bool:
                return await total(db) == wanted

            await wait_for(there, interval=0.002)
            waits.append(loop.time() - started)
        # The best of five: a busy machine may delay any one, a consumer that waits for its batch to fill delays all.
        assert min(waits) < 0.3


async def test_repetition_has_no_second_effect(
    db: Database, tables: KitTables, nats: NatsConnection, other: NatsConnection, wait_for: WaitFor
) -> None:
    sent = event()
    headers = {k: v for k, v in to_headers(sent, "sample").items() if k != "Nats-Msg-Id"}
    message = Message(subject("sample", A, sent.event_name), headers, b"x")
    assert await Publisher(nats).publish([message] * 3) == [None] * 3
    last = event("last")
    await publish(nats, [last])
    async with running(projection(other, db, tables)):

        async def there() -> bool:
            return await total(db) >= 2

        await wait_for(there)
        await asyncio.sleep(0.3)
    assert await total(db) == 2


async def test_poison_goes_to_the_dead_letters_and_holds_nothing_up(
    db: Database, tables: KitTables, nats: NatsConnection, other: NatsConnection, wait_for: WaitFor
) -> None:
    class Never(ServiceError):
        kind = Kind.INVALID
        reason = "NEVER"

    broken = True

    async def project(connection: AsyncConnection, events: Sequence[ReceivedEvent]) -> None:
        if broken and any(e.payload == b"poison" for e in events):
            raise Never
        await count(connection, events)

    await publish(nats, [event("a"), event("b", payload=b"poison"), event("c")])
    stranger = event("d", tenant=B)
    headers = {**to_headers(stranger, "sample"), "ce-tenant": "3510"}
    await Publisher(nats).publish([Message(subject("sample", B, "thing_changed"), headers, b"x")])
    consumer = projection(other, db, tables, project)
    async with running(consumer):

        async def settled() -> bool:
            return await total(db) == 2 and len(await dead_letters.list_dead_letters(db)) == 2

        await wait_for(settled)
    letters = {letter.reason: letter for letter in await dead_letters.list_dead_letters(db)}
    assert set(letters) == {"NEVER", "UNREADABLE"}
    assert letters["NEVER"].tenant_id == A
    assert "tenant" in letters["UNREADABLE"].error

    broken = False
    handlers = {consumer.durable: consumer.handle}
    ids = [letter.dead_letter_id for letter in letters.values()]
    outcome = await dead_letters.replay(db, ids, handlers)
    assert outcome[letters["NEVER"].dead_letter_id] == ""
    assert outcome[letters["UNREADABLE"].dead_letter_id] != ""
    assert await total(db) == 3
    await dead_letters.replay(db, ids, handlers)
    assert await total(db) == 3
    assert [letter.reason for letter in await dead_letters.list_dead_letters(db)] == ["UNREADABLE"]


async def test_passing_failure_is_tried_again(
    db: Database, tables: KitTables, nats: NatsConnection, other: NatsConnection, wait_for: WaitFor
) -> None:
    failures = 2

    async def project(connection: AsyncConnection, events: Sequence[ReceivedEvent]) -> None:
        nonlocal failures
        await count(connection, events)
        if failures:
            failures -= 1
            raise RuntimeError("for now")

    await publish(nats, [event()])
    async with running(projection(other, db, tables, project)):

        async def there() -> bool:
            return await total(db) == 1

        await wait_for(there)
    assert await dead_letters.list_dead_letters(db) == []


async def test_reaction_runs_in_the_tenant_of_the_event(
    db: Database, tables: KitTables, nats: NatsConnection, other: NatsConnection, wait_for: WaitFor
) -> None:
    seen: list[TenantId] = []

    async def react(received: ReceivedEvent, connection: AsyncConnection) -> None:
        tenant = await connection.scalar(sa.text("SELECT current_setting('app.tenant')"))
        assert tenant == received.tenant
        await connection.execute(
            sa.text("INSERT INTO things (tenant_id, thing_id, amount) VALUES (:t, :i, 1)"),
            {"t": received.tenant, "i": received.aggregate_id},
        )
        seen.append(received.tenant)

    await publish(nats, [event("a"), event("b", tenant=B)])
    async with running(reaction(other, db, tables, react)):
        await wait_for(lambda: len(seen) == 2)
    async with db.tenant_transaction(B) as connection:
        assert await connection.scalar(sa.text("SELECT thing_id FROM things")) == "b"


async def test_reaction_between_effect_and_ack_killed_happens_once(
    db: Database, tables: KitTables, nats: NatsConnection, broker: Broker, wait_for: WaitFor
) -> None:
    """The first consumer commits and dies before it can acknowledge; the second is given the event again."""
    effects: list[str] = []

    async def react(received: ReceivedEvent, connection: AsyncConnection) -> None:
        effects.append(received.aggregate_id)

    class Dying(ReactionConsumer):
        async def _acknowledge(self, *_: object) -> None:
            committed.set()
            await asyncio.sleep(60)

    committed = asyncio.Event()
    first = await broker.connect("other")
    dying = Dying(first, db, tables, stream="BELA_SAMPLE_V1", durable="other__thing_reactions", react=react)
    await publish(nats, [event("a")])
    task = asyncio.create_task(dying.run(asyncio.Event()))
    await committed.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await first.close()
    second = await broker.connect("other")
    async with running(reaction(second, db, tables, react)):
        await publish(nats, [event("b")])
        await wait_for(lambda: "b" in effects)
        await asyncio.sleep(2.5)
    assert effects == ["a", "b"]
    await second.close()


async def test_consumer_outlives_a_broker_that_is_killed(
    db: Database, tables: KitTables, nats: NatsConnection, other: NatsConnection, broker: Broker, wait_for: WaitFor
) -> None:
    async with running(projection(other, db, tables)):
        await publish(nats, [event(f"a{n}") for n in range(200)])
        broker.server.kill()
        await asyncio.sleep(0.5)
        broker.start()
        await nats.ready(10)
        await publish(nats, [event(f"b{n}") for n in range(200)])

        async def there() -> bool:
            return await total(db) == 400

        await wait_for(there, timeout=30)
        await asyncio.sleep(0.5)
        assert await total(db) == 400


async def test_consumer_outlives_a_database_that_throws_everybody_out(
    sample: ServiceDatabase, tables: KitTables, nats: NatsConnection, other: NatsConnection, wait_for: WaitFor
) -> None:
    db = sample.open()
    async with running(projection(other, db, tables)):
        admin = await sample.connect("worker")
        for n in range(20):
            await publish(nats, [event(f"t{n}-{m}") for m in range(20)])
            await admin.fetch(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND usename = 'sample_worker' AND datname = $1",
                sample.name,
            )
        await admin.close()

        async def there() -> bool:
            return await total(db) == 400

        await wait_for(there, timeout=30)
    await db.dispose()

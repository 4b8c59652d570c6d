"""What is committed gets out, in order within an aggregate, once; what is not committed never does."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
from bela_kit.core.tenancy import SystemScope
from bela_kit.db import Database
from bela_kit.events import ReceivedEvent, from_message
from bela_kit.jetstream import BrokerUnavailable, Message, NatsConnection, Poison, Publisher
from bela_kit.outbox import Outbox
from bela_kit.outbox_relay import OutboxRelay, unpark
from bela_kit.outbox_signal import CommitSignal, listen
from bela_kit.plumbing import KitTables
from bela_kit.testing.databases import ServiceDatabase
from bela_kit.testing.plugin import Broker, WaitFor

from .samples import A, B, event

SCOPE = SystemScope("test")


def outbox(tables: KitTables) -> Outbox:
    return Outbox(tables, "sample", lambda: None)


async def left(db: Database) -> int:
    async with db.system_transaction(SCOPE) as connection:
        return int(await connection.scalar(sa.text("SELECT count(*) FROM outbox_messages WHERE published_at IS NULL")))


async def stored(nats: NatsConnection) -> list[ReceivedEvent]:
    """Return what the stream holds, read by the second service's durable."""
    from bela_kit.jetstream.pull import PullReader

    reader = PullReader(nats, "BELA_SAMPLE_V1", "sample__thing_projection", 500)
    await reader.open()
    found: list[ReceivedEvent] = []
    while messages := await reader.next(0.4):
        for message in messages:
            found.append(from_message(message.subject, message.headers, message.data))
            await message.ack()
    await reader.close()
    return found


class Recorder:
    """A publisher that remembers, and fails on demand."""

    def __init__(self) -> None:
        self.payloads: list[bytes] = []
        self.failures: dict[bytes, Exception] = {}

    async def publish(self, messages: Sequence[Message]) -> list[Exception | None]:
        outcomes = []
        for message in messages:
            outcome = self.failures.get(message.payload)
            if outcome is None:
                self.payloads.append(message.payload)
            outcomes.append(outcome)
        return outcomes


async def test_event_reaches_the_stream_with_its_envelope(
    db: Database, tables: KitTables, nats: NatsConnection
) -> None:
    sent = event(payload=b"\x00\xff")
    async with db.tenant_transaction(A) as connection:
        await outbox(tables).append(connection, [sent])
    assert await OutboxRelay(db, tables, Publisher(nats), source="sample").run_once() == 1
    assert await left(db) == 0
    (received,) = await stored(nats)
    assert (received.event_id, received.tenant, received.payload) == (sent.event_id, A, b"\x00\xff")
    assert (received.type, received.name, received.aggregate_version) == ("sample.ThingChanged", "thing_changed", 1)
    assert received.occurred_at == sent.occurred_at


async def test_append_outside_a_transaction_is_refused(db: Database, tables: KitTables) -> None:
    async with db.tenant_transaction(A) as connection:
        pass
    with pytest.raises(RuntimeError):
        await outbox(tables).append(connection, [event()])


async def test_rolled_back_event_is_never_published(db: Database, tables: KitTables) -> None:
    woken: list[bool] = []
    with pytest.raises(ZeroDivisionError):
        async with db.tenant_transaction(A) as connection:
            await Outbox(tables, "sample", lambda: woken.append(True)).append(connection, [event()])
            raise ZeroDivisionError
    assert await left(db) == 0
    assert not woken


async def test_event_told_in_another_tenants_subject_belongs_to_the_tenant_that_wrote_it(
    db: Database, tables: KitTables
) -> None:
    async with db.tenant_transaction(A) as connection:
        await outbox(tables).append(connection, [event(tenant=B)])
    async with db.system_transaction(SystemScope("look at the rows")) as connection:
        row = (await connection.execute(sa.select(tables.outbox_messages))).one()
    assert row.tenant_id == A
    assert f".{B}." in row.subject
    assert row.headers["ce-tenant"] == B


async def test_many_events_keep_their_order(db: Database, tables: KitTables) -> None:
    events = [event("t", n, payload=str(n).encode()) for n in range(1, 1201)]
    async with db.tenant_transaction(A) as connection:
        await outbox(tables).append(connection, events[:150])
        await outbox(tables).append(connection, events[150:])
    recorder = Recorder()
    relay = OutboxRelay(db, tables, recorder, source="sample")
    while await relay.run_once():
        pass
    assert recorder.payloads == [e.payload for e in events]


async def test_positions_follow_commit_order_when_the_aggregate_is_locked_first(
    db: Database, tables: KitTables
) -> None:
    """Two sessions change one aggregate; the second gets the lock, and so its position, after the first commit."""
    async with db.tenant_transaction(A) as connection:
        await connection.execute(sa.text("INSERT INTO things (tenant_id, thing_id, amount) VALUES ('3510', 't', 0)"))
    first_has_lock = asyncio.Event()
    update = sa.text("UPDATE things SET version = version + 1 WHERE thing_id = 't' RETURNING version")

    async def change(name: bytes, hold: float) -> None:
        async with db.tenant_transaction(A) as connection:
            version = await connection.scalar(update)
            first_has_lock.set()
            await asyncio.sleep(hold)
            await outbox(tables).append(connection, [event("t", int(version or 0), payload=name)])

    slow = asyncio.create_task(change(b"first", 0.3))
    await first_has_lock.wait()
    await asyncio.gather(slow, change(b"second", 0))
    recorder = Recorder()
    await OutboxRelay(db, tables, recorder, source="sample").run_once()
    assert recorder.payloads == [b"first", b"second"]


async def test_late_committer_with_an_earlier_position_is_not_skipped(db: Database, tables: KitTables) -> None:
    recorder = Recorder()
    relay = OutboxRelay(db, tables, recorder, source="sample")
    appended, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        async with db.tenant_transaction(B) as connection:
            await outbox(tables).append(connection, [event("slow", tenant=B, payload=b"slow")])
            appended.set()
            await go_on.wait()

    task = asyncio.create_task(slow())
    await appended.wait()
    async with db.tenant_transaction(A) as connection:
        await outbox(tables).append(connection, [event("quick", payload=b"quick")])
    assert await relay.run_once() == 1
    go_on.set()
    await task
    assert await relay.run_once() == 1
    assert recorder.payloads == [b"quick", b"slow"]


async def test_failing_event_holds_back_its_own_aggregate_only(db: Database, tables: KitTables) -> None:
    recorder = Recorder()
    recorder.failures[b"a1"] = BrokerUnavailable("no acknowledgement in time")
    relay = OutboxRelay(db, tables, recorder, source="sample")
    async with db.tenant_transaction(A) as connection:
        await outbox(tables).append(
            connection, [event("a", 1, payload=b"a1"), event("a", 2, payload=b"a2"), event("b", 1, payload=b"b1")]
        )
    assert await relay.run_once() == 1
    assert recorder.payloads == [b"b1"]
    assert await relay.run_once() == 0
    recorder.failures.clear()
    await asyncio.sleep(0.6)
    assert await relay.run_once() == 2
    assert recorder.payloads == [b"b1", b"a1", b"a2"]


async def test_poison_is_parked_until_somebody_replays_it(db: Database, tables: KitTables) -> None:
    recorder = Recorder()
    recorder.failures[b"a1"] = Poison("too large")
    relay = OutboxRelay(db, tables, recorder, source="sample")
    async with db.tenant_transaction(A) as connection:
        await outbox(tables).append(connection, [event("a", 1, payload=b"a1"), event("a", 2, payload=b"a2")])
    assert await relay.run_once() == 1
    assert await relay.run_once() == 0
    assert recorder.payloads == [b"a2"]
    recorder.failures.clear()
    assert await unpark(db) == 1
    assert await relay.run_once() == 1


async def test_payload_beyond_the_limit_is_poison(nats: NatsConnection) -> None:
    from bela_kit.events import subject, to_headers

    big, small = event(payload=b"x" * 2_000_000), event()
    messages = [Message(subject("sample", A, e.event_name), to_headers(e, "sample"), e.payload) for e in (big, small)]
    outcomes = await Publisher(nats).publish(messages)
    assert isinstance(outcomes[0], Poison)
    assert outcomes[1] is None


async def test_one_relay_leads_at_a_time(db: Database, tables: KitTables) -> None:
    inside, go_on = asyncio.Event(), asyncio.Event()

    class Slow(Recorder):
        async def publish(self, messages: Sequence[Message]) -> list[Exception | None]:
            inside.set()
            await go_on.wait()
            return await super().publish(messages)

    async with db.tenant_transaction(A) as connection:
        await outbox(tables).append(connection, [event()])
    second = Recorder()
    leading = asyncio.create_task(OutboxRelay(db, tables, Slow(), source="sample").run_once())
    await inside.wait()
    assert await OutboxRelay(db, tables, second, source="sample").run_once() == 0
    go_on.set()
    assert await leading == 1
    assert second.payloads == []


async def test_relay_is_woken_by_the_commit(db: Database, tables: KitTables, wait_for: WaitFor) -> None:
    recorder, stop = Recorder(), asyncio.Event()
    relay = OutboxRelay(db, tables, recorder, source="sample")
    running = asyncio.create_task(relay.run(stop))
    await asyncio.sleep(0.1)
    clock = asyncio.get_running_loop()
    waits: list[float] = []
    for wanted in range(1, 6):
        async with db.tenant_transaction(A) as connection:
            await Outbox(tables, "sample", relay.wake).append(connection, [event(f"t{wanted}")])
        started = clock.time()
        await wait_for(lambda wanted=wanted: len(recorder.payloads) == wanted, interval=0.001)
        waits.append(clock.time() - started)
    # The best of five: a busy machine may delay any one; a relay that only polls would delay nearly all.
    assert min(waits) < 0.1
    stop.set()
    await asyncio.wait_for(running, 10)


async def test_relay_outlives_a_broker_that_is_killed(
    db: Database, tables: KitTables, broker: Broker, wait_for: WaitFor
) -> None:
    nats = await broker.connect("sample")
    stop = asyncio.Event()
    relay = OutboxRelay(db, tables, Publisher(nats, timeout=0.5), source="sample")
    running = asyncio.create_task(relay.run(stop))
    for round_ in range(3):
        if round_ == 1:
            broker.server.kill()
        async with db.tenant_transaction(A) as connection:
            await Outbox(tables, "sample", relay.wake).append(connection, [event(f"t{round_}-{n}") for n in range(50)])
        if round_ == 1:
            await asyncio.sleep(0.7)
            broker.start()

    async def all_out() -> bool:
        return await left(db) == 0

    await wait_for(all_out, timeout=20)
    received = await stored(nats)
    assert len(received) == len({e.event_id for e in received}) == 150
    stop.set()
    await running
    await nats.close()


async def test_relay_killed_between_publish_and_mark_repeats_with_one_effect(
    sample: ServiceDatabase, db: Database, tables: KitTables, broker: Broker, nats: NatsConnection
) -> None:
    async with db.tenant_transaction(A) as connection:
        await outbox(tables).append(connection, [event(f"t{n}") for n in range(20)])
    script = Path(__file__).with_name("relay_process.py")
    config = {"app": sample.app_url, "worker": sample.worker_url, **broker.settings("sample")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(script), env={**os.environ, "CONFIG": json.dumps(config)}
    )
    assert await asyncio.wait_for(process.wait(), 30) == -signal.SIGKILL
    assert await left(db) == 20
    assert await OutboxRelay(db, tables, Publisher(nats), source="sample").run_once() == 20
    received = await stored(nats)
    assert len(received) == 20
    assert await left(db) == 0


async def test_commit_in_another_process_wakes_the_relay(
    sample: ServiceDatabase, db: Database, tables: KitTables, wait_for: WaitFor
) -> None:
    """Two connections stand for two processes: the one that serves signals, the one that relays listens."""
    woken: list[int] = []
    stop = asyncio.Event()
    signal_ = CommitSignal(sample.app_url)
    listening = asyncio.create_task(listen(sample.worker_url, lambda: woken.append(1), stop))
    signalling = asyncio.create_task(signal_.run(stop))
    await asyncio.sleep(0.3)
    for _ in range(100):
        async with db.tenant_transaction(A) as connection:
            await Outbox(tables, "sample", signal_).append(connection, [event()])
    await wait_for(lambda: woken)
    assert len(woken) < 100

    admin = await sample.connect("worker")
    await admin.fetch(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        " AND usename = 'sample_worker' AND query LIKE 'LISTEN%' AND datname = $1",
        sample.name,
    )
    await admin.close()
    await asyncio.sleep(0.3)
    woken.clear()
    signal_()
    await wait_for(lambda: woken)
    stop.set()
    await asyncio.gather(listening, signalling)

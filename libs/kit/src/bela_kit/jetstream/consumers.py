"""Two ways to hear events: a projection takes whole batches as the worker, a reaction acts for one tenant at a time.

Always like this: begin, claim in the inbox, effect, commit, acknowledge. A repetition commits nothing and is
acknowledged; what can never be handled goes to the dead letters, where a command lists and replays it; all else comes
back later.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence

from google.protobuf.message import DecodeError
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from opentelemetry import trace
from prometheus_client import CollectorRegistry, Counter
from sqlalchemy.ext.asyncio import AsyncConnection

from bela_kit import dead_letters, inbox
from bela_kit.core.errors import Kind, ServiceError
from bela_kit.core.tenancy import SystemScope
from bela_kit.db import Database, DatabaseUnavailable
from bela_kit.events import BadEnvelope, ReceivedEvent, from_message, parent_context, span_link
from bela_kit.jetstream.connection import BrokerUnavailable, NatsConnection
from bela_kit.jetstream.pull import PullReader
from bela_kit.plumbing import KitTables

log = logging.getLogger(__name__)

Project = Callable[[AsyncConnection, Sequence[ReceivedEvent]], Awaitable[None]]
React = Callable[[ReceivedEvent, AsyncConnection], Awaitable[None]]

# Well under the consumers' ack_wait: a batch under way must not be delivered to somebody else.
_HEARTBEAT_SECONDS = 3.0
_LONGEST_PAUSE_SECONDS = 60.0
# After each batch a projection rests for so many times as long as the batch took, and not longer than this. A steady
# flow then comes in a few larger batches, whose fixed cost is many times that of one more event; after a pause the
# first event is still taken at once.
_REST = 4.0
_LONGEST_REST_SECONDS = 0.1
# An unexpected failure is tried for some minutes, since its cause may lie in what has not arrived yet.
_ATTEMPTS = 8
_RETRIED_FOR_EVER = frozenset({Kind.UNAVAILABLE, Kind.CONFLICT, Kind.LIMIT})

Delivery = tuple[Msg, ReceivedEvent]


class ConsumerMetrics:
    """What a consumer tells about itself."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.events = Counter(
            "bela_consumed_events",
            "Events taken from a durable, by outcome.",
            ("consumer", "outcome"),
            registry=registry or CollectorRegistry(),
        )


class _Consumer:
    """The loop that both kinds share: pull, decode, handle, acknowledge."""

    _rest = 0.0

    def __init__(
        self,
        nats: NatsConnection,
        database: Database,
        tables: KitTables,
        *,
        stream: str,
        durable: str,
        batch: int,
        metrics: ConsumerMetrics | None,
    ) -> None:
        self.stream = stream
        self.durable = durable
        self._nats = nats
        self._database = database
        self._tables = tables
        self._batch = batch
        self._scope = SystemScope(f"consumer {durable}")
        self._events = (metrics or ConsumerMetrics()).events
        self._tracer = trace.get_tracer("bela_kit")
        self._in_hand: list[Msg] = []

    async def handle(self, event: ReceivedEvent) -> None:
        """Handle one event outside the stream, as a replay of dead letters does; a repetition has no effect."""
        raise AssertionError("each kind of consumer has its own way")

    async def _handle_batch(self, deliveries: Sequence[Delivery]) -> None:
        raise AssertionError("each kind of consumer has its own way")

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until `stop` is set; neither the broker's nor the database's absence ends it."""
        pause = 0.0
        while not stop.is_set():
            try:
                await self._consume(stop)
                pause = 0.0
            except (BrokerUnavailable, NatsError, OSError) as error:
                pause = min(max(pause * 2, 0.25), 2.0)
                log.info("%s waits for the broker: %s", self.durable, error)
            except Exception:
                pause = 5.0
                log.exception("%s failed and will go on", self.durable)
            if pause and not stop.is_set():
                await _wait(stop, pause)

    async def _consume(self, stop: asyncio.Event) -> None:
        reader = PullReader(self._nats, self.stream, self.durable, self._batch)
        await reader.open()
        heartbeat = asyncio.create_task(self._heartbeat(reader))
        try:
            while not stop.is_set():
                messages = await reader.next(timeout=0.5)
                if messages:
                    started = time.monotonic()
                    self._in_hand = messages
                    await self._take(messages)
                    self._in_hand = []
                    if self._rest and len(messages) < self._batch:
                        await _wait(stop, min(self._rest * (time.monotonic() - started), _LONGEST_REST_SECONDS))
        finally:
            heartbeat.cancel()
            await reader.close()

    async def _heartbeat(self, reader: PullReader) -> None:
        while True:
            await asyncio.sleep(_HEARTBEAT_SECONDS)
            for message in [*self._in_hand, *reader.waiting]:
                if not message.is_acked and self._nats.connected:
                    await message.in_progress()

    async def _take(self, messages: Sequence[Msg]) -> None:
        deliveries: list[Delivery] = []
        for message in messages:
            try:
                event = from_message(message.subject, message.headers, message.data, message.metadata.sequence.stream)
            except BadEnvelope as error:
                await self._bury(message, None, "UNREADABLE", error)
            else:
                deliveries.append((message, event))
        if deliveries:
            await self._handle_batch(deliveries)

    async def _acknowledge(self, deliveries: Iterable[Delivery], outcome: str) -> None:
        count = 0
        for message, _ in deliveries:
            await message.ack()
            count += 1
        self._events.labels(self.durable, outcome).inc(count)

    async def _refuse(self, message: Msg, event: ReceivedEvent, error: Exception) -> None:
        """Decide about an event that failed: never, or later."""
        attempt = message.metadata.num_delivered
        kind = error.kind if isinstance(error, ServiceError) else None
        if isinstance(error, BadEnvelope | DecodeError) or kind is Kind.INVALID:
            await self._bury(message, event, "NEVER", error)
        elif attempt >= _ATTEMPTS and kind not in _RETRIED_FOR_EVER:
            await self._bury(message, event, "FAILED_REPEATEDLY", error)
        else:
            level = logging.INFO if isinstance(error, ServiceError) else logging.ERROR
            log.log(
                level,
                "%s will be given %s again: %s",
                self.durable,
                event.event_id,
                error,
                exc_info=None if isinstance(error, ServiceError) else error,
            )
            await message.nak(delay=min(0.2 * 2**attempt, _LONGEST_PAUSE_SECONDS))
            self._events.labels(self.durable, "postponed").inc()

    async def _bury(self, message: Msg, event: ReceivedEvent | None, reason: str, error: Exception) -> None:
        letter = dead_letters.NewDeadLetter(
            consumer=self.durable,
            stream=self.stream,
            stream_sequence=message.metadata.sequence.stream,
            subject=message.subject,
            headers=dict(message.headers or {}),
            payload=message.data,
            event=event,
            reason=reason,
            error=f"{type(error).__name__}: {error}"[:2000],
        )
        try:
            await dead_letters.record(self._database, letter)
        except DatabaseUnavailable:
            await message.nak(delay=5)
            return
        log.error("%s put event %s to the dead letters: %s", self.durable, event and event.event_id, error)
        await message.term()
        self._events.labels(self.durable, "dead_letter").inc()


class ProjectionConsumer(_Consumer):
    """Feeds a read model: one worker transaction per fetched batch, one by one only where a batch fails.

    Args:
        nats: The service's connection.
        database: Where the read model is.
        tables: The service's plumbing tables.
        stream: Name of the stream.
        durable: Name of the durable, also the consumer's name in the inbox.
        project: Applies events, in the sequence of the stream and without repetitions, to the open transaction.
        batch: Events per transaction at most.
        metrics: Where outcomes are counted.
    """

    _rest = _REST

    def __init__(
        self,
        nats: NatsConnection,
        database: Database,
        tables: KitTables,
        *,
        stream: str,
        durable: str,
        project: Project,
        batch: int = 500,
        metrics: ConsumerMetrics | None = None,
    ) -> None:
        super().__init__(nats, database, tables, stream=stream, durable=durable, batch=batch, metrics=metrics)
        self._project = project

    async def handle(self, event: ReceivedEvent) -> None:
        """Project one event."""
        await self._apply([event])

    async def _handle_batch(self, deliveries: Sequence[Delivery]) -> None:
        links = [link for link in (span_link(event.traceparent) for _, event in deliveries[:32]) if link]
        with self._tracer.start_as_current_span(
            f"{self.durable} project", kind=trace.SpanKind.CONSUMER, links=links
        ) as span:
            span.set_attribute("messaging.batch.message_count", len(deliveries))
            try:
                await self._apply([event for _, event in deliveries])
            except DatabaseUnavailable as error:
                for message, event in deliveries:
                    await self._refuse(message, event, error)
            except Exception as error:
                if len(deliveries) > 1:
                    log.warning("%s takes a batch of %s apart: %s", self.durable, len(deliveries), error)
                for delivery in deliveries:
                    await self._one(delivery)
            else:
                await self._acknowledge(deliveries, "projected")

    async def _one(self, delivery: Delivery) -> None:
        message, event = delivery
        try:
            await self._apply([event])
        except Exception as error:
            await self._refuse(message, event, error)
        else:
            await self._acknowledge([delivery], "projected")

    async def _apply(self, events: Sequence[ReceivedEvent]) -> None:
        async with self._database.system_transaction(self._scope) as connection:
            new = await inbox.claim(connection, self.durable, [event.event_id for event in events])
            fresh = []
            for event in events:
                if event.event_id in new:
                    new.discard(event.event_id)
                    fresh.append(event)
            if fresh:
                await self._project(connection, fresh)


class ReactionConsumer(_Consumer):
    """Runs a use case for each event, in a transaction of the application role in the event's tenant.

    Events of different aggregates are handled side by side, those of one aggregate one by one.

    Args:
        nats: The service's connection.
        database: The service's database.
        tables: The service's plumbing tables.
        stream: Name of the stream.
        durable: Name of the durable, also the consumer's name in the inbox.
        react: The use case; it commits nothing itself and derives from the event's state, not from its place.
        batch: Events fetched at once at most.
        concurrency: Transactions side by side; they come out of the application's pool.
        metrics: Where outcomes are counted.
    """

    def __init__(
        self,
        nats: NatsConnection,
        database: Database,
        tables: KitTables,
        *,
        stream: str,
        durable: str,
        react: React,
        batch: int = 100,
        concurrency: int = 3,
        metrics: ConsumerMetrics | None = None,
    ) -> None:
        super().__init__(nats, database, tables, stream=stream, durable=durable, batch=batch, metrics=metrics)
        self._react = react
        self._slots = asyncio.Semaphore(concurrency)

    async def handle(self, event: ReceivedEvent) -> None:
        """React to one event."""
        context = parent_context(event.traceparent)
        with self._tracer.start_as_current_span(
            f"{self.durable} react", context=context, kind=trace.SpanKind.CONSUMER
        ) as span:
            span.set_attribute("bela.tenant", event.tenant)
            async with self._database.tenant_transaction(event.tenant) as connection:
                if await inbox.claim(connection, self.durable, [event.event_id]):
                    await self._react(event, connection)

    async def _handle_batch(self, deliveries: Sequence[Delivery]) -> None:
        queues: dict[tuple[str, str], list[Delivery]] = {}
        for delivery in deliveries:
            queues.setdefault((delivery[1].tenant, delivery[1].aggregate_id), []).append(delivery)
        async with asyncio.TaskGroup() as group:
            for queue in queues.values():
                group.create_task(self._in_sequence(queue))

    async def _in_sequence(self, queue: Sequence[Delivery]) -> None:
        async with self._slots:
            for message, event in queue:
                try:
                    await self.handle(event)
                except Exception as error:
                    await self._refuse(message, event, error)
                else:
                    await self._acknowledge([(message, event)], "reacted")


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return

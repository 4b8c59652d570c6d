"""Brings what the outbox holds to the broker: in sequence within an aggregate, for ever, by one leader per database.

The lock belongs to a transaction, not a session, so it works behind a pooler and ends with the process. "Unpublished"
is a column and never a cursor: positions are handed out before commit, and a cursor would skip late committers.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import sqlalchemy as sa
from asyncpg import Record
from opentelemetry import trace
from prometheus_client import CollectorRegistry, Counter, Gauge
from sqlalchemy.ext.asyncio import AsyncConnection

from bela_kit.core.clock import system_now
from bela_kit.core.tenancy import SystemScope
from bela_kit.db import Database, DatabaseUnavailable
from bela_kit.events import parent_context
from bela_kit.jetstream.connection import BrokerUnavailable
from bela_kit.jetstream.publisher import Message, Poison
from bela_kit.plumbing import KitTables
from bela_kit.statements import Statement

log = logging.getLogger(__name__)

KEEP = timedelta(days=14)

_LOCK = 0x6F757462  # "outb"
_BATCH = 500
# How soon it looks again by itself, at first and after it has found nothing for a while.
_POLL_SECONDS = 0.25
_IDLE_POLL_SECONDS = 1.0
_MEASURE_SECONDS = 2.0
_LONGEST_PAUSE_SECONDS = 5.0
_LONGEST_HOLD_SECONDS = 60.0

_LEAD = Statement("SELECT pg_try_advisory_xact_lock(:lock)")
# An aggregate with an event that waits for its next attempt keeps its later events waiting too.
_NEXT = Statement(
    """
    WITH held AS MATERIALIZED (
        SELECT DISTINCT tenant_id, aggregate_type, aggregate_id FROM outbox_messages
        WHERE published_at IS NULL AND parked_at IS NULL AND next_attempt_at IS NOT NULL AND next_attempt_at > :now
    )
    SELECT o.position, o.tenant_id, o.aggregate_type, o.aggregate_id, o.subject, o.headers, o.payload, o.attempts
    FROM outbox_messages AS o
    WHERE o.published_at IS NULL AND o.parked_at IS NULL
      AND NOT EXISTS (
          SELECT 1 FROM held
          WHERE (held.tenant_id, held.aggregate_type, held.aggregate_id)
              = (o.tenant_id, o.aggregate_type, o.aggregate_id)
      )
    ORDER BY o.position
    LIMIT :batch
    """
)
_MARK = Statement(
    """
    UPDATE outbox_messages SET published_at = :now, attempts = attempts + 1, next_attempt_at = NULL
    WHERE position = ANY (CAST(:positions AS bigint[]))
    """
)
_HOLD = sa.text(
    """
    UPDATE outbox_messages SET attempts = attempts + 1, next_attempt_at = :next, last_error = :error
    WHERE position = :position
    """
)
_PARK = sa.text(
    """
    UPDATE outbox_messages SET attempts = attempts + 1, parked_at = :now, last_error = :error
    WHERE position = :position
    """
)
_MEASURE = sa.text(
    """
    SELECT count(*) AS depth, min(created_at) AS oldest,
           (SELECT count(*) FROM outbox_messages WHERE parked_at IS NOT NULL) AS parked
    FROM outbox_messages WHERE published_at IS NULL AND parked_at IS NULL
    """
)


class Publishes(Protocol):
    """Publishes messages side by side and tells for each whether it is stored."""

    async def publish(self, messages: Sequence[Message]) -> list[Exception | None]:
        """Return None, Poison or BrokerUnavailable for each message; raise BrokerUnavailable if nothing was sent."""


class RelayMetrics:
    """What the relay tells about itself; the age of the oldest event is the promise to keep."""

    def __init__(self, service: str, registry: CollectorRegistry | None = None) -> None:
        registry = registry or CollectorRegistry()
        names, label = ("service",), {"service": service}
        self.oldest = Gauge(
            "bela_outbox_oldest_age_seconds", "Age of the oldest unpublished event.", names, registry=registry
        ).labels(**label)
        self.depth = Gauge("bela_outbox_depth", "Events not yet published.", names, registry=registry).labels(**label)
        self.parked = Gauge(
            "bela_outbox_parked", "Events that cannot be published and wait for a person.", names, registry=registry
        ).labels(**label)
        attempts = Counter(
            "bela_outbox_attempts", "Attempts to publish, by outcome.", ("service", "outcome"), registry=registry
        )
        self.attempts = {name: attempts.labels(service, name) for name in ("published", "failed", "parked")}


class OutboxRelay:
    """Publishes the outbox of one database until it is told to stop.

    Any number may run; one at a time leads. Call `wake` after a commit that appended something; without it the relay
    looks every quarter of a second while there is something, and each second when there is nothing.
    """

    def __init__(
        self,
        database: Database,
        tables: KitTables,
        publisher: Publishes,
        *,
        source: str,
        metrics: RelayMetrics | None = None,
    ) -> None:
        self._database = database
        self._table = tables.outbox_messages
        self._publisher = publisher
        self._metrics = metrics or RelayMetrics(source)
        self._scope = SystemScope(f"relay of {source}")
        self._awake = asyncio.Event()
        self._measured_at = 0.0

    def wake(self) -> None:
        """Look again now."""
        self._awake.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Publish until `stop` is set; nothing that the broker or the database does ends it."""
        stopping = asyncio.create_task(stop.wait())
        pause = 0.0
        try:
            while not stop.is_set():
                self._awake.clear()
                wakes = False
                try:
                    moved = await self.run_once()
                    await self._measure()
                    if moved:
                        pause = 0.0 if moved >= _BATCH else _POLL_SECONDS
                    else:
                        pause = min(max(2 * pause, _POLL_SECONDS), _IDLE_POLL_SECONDS)
                    wakes = True
                except (BrokerUnavailable, DatabaseUnavailable) as error:
                    pause = min(max(pause, _POLL_SECONDS) * 2, _LONGEST_PAUSE_SECONDS)
                    log.warning("relay waits %.1f s: %s", pause, error)
                except Exception:
                    pause = _LONGEST_PAUSE_SECONDS
                    log.exception("relay failed and will go on")
                if pause:
                    await self._sleep(pause, stopping, wakes=wakes)
        finally:
            stopping.cancel()

    async def _sleep(self, seconds: float, stopping: asyncio.Task[bool], *, wakes: bool) -> None:
        waiting: set[asyncio.Task[bool]] = {stopping}
        if wakes:
            waiting.add(asyncio.create_task(self._awake.wait()))
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting - {stopping}:
            task.cancel()

    async def run_once(self) -> int:
        """Publish one batch and return how many events are out.

        Raises:
            BrokerUnavailable: Nothing came through.
        """
        now = system_now()
        async with self._database.system_transaction(self._scope) as connection:
            ((leads,),) = await _LEAD.fetch(connection, {"lock": _LOCK})
            if not leads:
                return 0
            rows = await _NEXT.fetch(connection, {"now": now, "batch": _BATCH})
            if not rows:
                return 0
            outcomes = await self._publish(rows)
            published = [position for position, outcome in outcomes.items() if outcome is None]
            unavailable = [outcome for outcome in outcomes.values() if isinstance(outcome, BrokerUnavailable)]
            if len(unavailable) == len(outcomes):
                # The broker itself is in trouble: hold back everything, blame no single event.
                self._metrics.attempts["failed"].inc(len(unavailable))
                raise unavailable[0]
            await _MARK.fetch(connection, {"now": system_now(), "positions": published})
            await self._put_aside(connection, rows, outcomes, system_now())
        self._metrics.attempts["published"].inc(len(published))
        return len(published)

    async def _publish(self, rows: Sequence[Record]) -> dict[int, Exception | None]:
        """Publish in rounds: each round takes the next event of every aggregate whose earlier events are out."""
        outcomes: dict[int, Exception | None] = {}
        queues: dict[tuple[str, str, str], list[Record]] = {}
        for row in rows:
            queues.setdefault((row["tenant_id"], row["aggregate_type"], row["aggregate_id"]), []).append(row)
        while queues:
            heads = [queue[0] for queue in queues.values()]
            messages = [Message(row["subject"], row["headers"], bytes(row["payload"])) for row in heads]
            spans = [span for row in heads if (span := _span(row)) is not None]
            try:
                results = await self._publisher.publish(messages)
            except BrokerUnavailable as error:
                results = [error] * len(heads)
            for span in spans:
                span.end()
            for (aggregate, queue), result in zip(list(queues.items()), results, strict=True):
                outcomes[queue.pop(0)["position"]] = result
                if not queue or isinstance(result, BrokerUnavailable):
                    del queues[aggregate]
        return outcomes

    async def _put_aside(
        self,
        connection: AsyncConnection,
        rows: Sequence[Record],
        outcomes: Mapping[int, Exception | None],
        now: datetime,
    ) -> None:
        for row in rows:
            outcome = outcomes.get(row["position"])
            values: dict[str, object] = {"position": row["position"], "error": str(outcome)[:500]}
            if isinstance(outcome, Poison):
                log.error("event at position %s is parked: %s", row["position"], outcome)
                await connection.execute(_PARK, {**values, "now": now})
                self._metrics.attempts["parked"].inc()
            elif outcome is not None:
                wait = min(0.5 * 2 ** min(row["attempts"], 10), _LONGEST_HOLD_SECONDS)
                await connection.execute(_HOLD, {**values, "next": now + timedelta(seconds=wait)})
                self._metrics.attempts["failed"].inc()

    async def _measure(self) -> None:
        loop_time = asyncio.get_running_loop().time()
        if loop_time - self._measured_at < _MEASURE_SECONDS:
            return
        self._measured_at = loop_time
        async with self._database.system_transaction(self._scope) as connection:
            row = (await connection.execute(_MEASURE)).one()
        self._metrics.depth.set(row.depth)
        self._metrics.parked.set(row.parked)
        self._metrics.oldest.set((system_now() - row.oldest).total_seconds() if row.oldest else 0)


def _span(row: Record) -> trace.Span | None:
    """Begin a span in the trace that made an event; none, and no cost, where that trace is not recorded."""
    traceparent = row["headers"].get("traceparent", "")
    if not traceparent.endswith("-01"):
        return None
    name = f"{row['subject'].rpartition('.')[2]} publish"
    tracer = trace.get_tracer("bela_kit")
    return tracer.start_span(name, context=parent_context(traceparent), kind=trace.SpanKind.PRODUCER)


async def unpark(database: Database, positions: Sequence[int] | None = None) -> int:
    """Let parked events be tried again, all or some, and return how many."""
    async with database.system_transaction(SystemScope("unpark outbox")) as connection:
        result = await connection.execute(
            sa.text(
                "UPDATE outbox_messages SET parked_at = NULL, next_attempt_at = NULL WHERE parked_at IS NOT NULL"
                " AND (CAST(:positions AS bigint[]) IS NULL OR position = ANY (CAST(:positions AS bigint[])))"
            ),
            {"positions": None if positions is None else list(positions)},
        )
        return int(result.rowcount)


async def forget_old(connection: AsyncConnection, now: datetime) -> int:
    """Delete events that have been out for two weeks; needs the worker role."""
    result = await connection.execute(
        sa.text("DELETE FROM outbox_messages WHERE published_at < :before"), {"before": now - KEEP}
    )
    return int(result.rowcount)

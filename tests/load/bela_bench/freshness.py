"""G9: how long after the commit of an order reporting shows it, at a fixed rate of arrivals.

Order and reporting live in one PostgreSQL, which notes the instant of every commit (`track_commit_timestamp`). The
difference of the two commits is exact, uses one clock, and costs the system nothing while it runs.
"""

from __future__ import annotations

import asyncio
import itertools
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import nats
from bela_kit.testing.servers import free_port, start_nats
from nats.aio.client import Client as NatsClient
from nats.js.api import ConsumerConfig, StreamConfig

from bela_bench.database import LIMIT_DATABASE, Postgres
from bela_bench.load import Outcome, fixed_rate, median, quantile
from bela_bench.machine import Meter, Window
from bela_bench.orders import Buyers
from bela_bench.result import Result, quietness

RATES = (50, 200)
ROUNDS = 3
SETTLE_SECONDS = 30.0
# The issue asks for 1 s at 50 orders a second; performance.md's gate is for 200.
GATE_MS = {50: 1000.0, 200: 250.0}

_ONE = """
WITH made AS (
    INSERT INTO orders (regency, vendor, total, state) VALUES ($1, $1, 150000, 'signed') RETURNING id
), lines AS (
    INSERT INTO lines SELECT id, n, $1, 5, 50000 FROM made, generate_series(1, 3) AS n
), budget AS (
    UPDATE budgets SET reserved = reserved + 150000 WHERE id = $1 AND reserved + 150000 <= ceiling
)
INSERT INTO outbox (order_id, payload) SELECT id, jsonb_build_object('order', id) FROM made RETURNING order_id
"""
_SHOW = """
INSERT INTO shown SELECT unnest($1::bigint[]) ON CONFLICT (order_id) DO UPDATE SET order_id = excluded.order_id
"""


@dataclass(frozen=True, slots=True)
class Fresh:
    """One round: delays in seconds, and how the load went."""

    delays: list[float]
    missing: int
    outcome: Outcome
    window: Window | None = None


async def switch_on_commit_times(postgres: Postgres) -> None:
    """Let PostgreSQL note the instant of each commit; counts from its next start."""
    connection = await postgres.connect("postgres")
    await connection.execute("ALTER SYSTEM SET track_commit_timestamp = on")
    await connection.close()


async def measure_freshness(
    buyers: Buyers, postgres: Postgres, meter: Meter, seconds: float, reached: float
) -> list[Result]:
    """Measure the way from event to report at each rate, interleaved with the bare pipe.

    Args:
        buyers: Who places the orders.
        postgres: Where both databases are.
        meter: Measures the machine meanwhile.
        seconds: Length of a round.
        reached: Orders a second that the system takes; half of it is measured too where the rates asked for exceed it.
    """
    results = []
    rates = RATES if reached >= RATES[0] else (max(1, round(reached / 2)), *RATES)
    async with _pipe(postgres) as pipe:
        for rate in rates:
            limits: list[Fresh] = []
            ours: list[Fresh] = []
            for _ in range(ROUNDS):
                limits.append(await pipe.run(rate, seconds / 2))
                ours.append(await _ours(buyers, postgres, meter, rate, seconds))
                if _saturated(ours[-1]):
                    break  # beyond what the system takes: more rounds would only measure the queue
            results.append(_result(rate, limits, ours))
    return results


async def _ours(buyers: Buyers, postgres: Postgres, meter: Meter, rate: int, seconds: float) -> Fresh:
    before = len(buyers.placed)
    start = meter.sample()
    outcome = await fixed_rate(buyers.act(), rate, seconds)
    window = meter.since(start)
    placed = buyers.placed[before:]
    shown = await _settled(postgres, placed)
    committed = await _commit_times(postgres, "bela_order", placed)
    delays = [shown[one] - committed[one] for one in placed if one in shown]
    return Fresh(delays, len(placed) - len(delays), outcome, window)


def _saturated(fresh: Fresh) -> bool:
    outcome = fresh.outcome
    return bool(outcome.left_out) or outcome.count < 0.95 * (outcome.count + sum(outcome.failures.values()))


async def _settled(postgres: Postgres, placed: list[str]) -> dict[str, float]:
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        shown = await _commit_times(postgres, "bela_reporting", placed)
        if len(shown) >= len(placed) or time.monotonic() > deadline:
            return shown
        await asyncio.sleep(0.2)


async def _commit_times(postgres: Postgres, database: str, order_ids: list[str]) -> dict[str, float]:
    connection = await postgres.connect(database)
    rows = await connection.fetch(
        "SELECT order_id::text, extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8 FROM orders"
        " WHERE order_id::text = ANY ($1)",
        order_ids,
    )
    await connection.close()
    return {row[0]: row[1] for row in rows}


def _result(rate: int, limits: list[Fresh], ours: list[Fresh]) -> Result:
    p50, p99 = (median([1000 * quantile(one.delays, share) for one in ours]) for share in (0.5, 0.99))
    l50, l99 = (median([1000 * quantile(one.delays, share) for one in limits]) for share in (0.5, 0.99))
    reached = min(one.outcome.rate for one in ours)
    left_out = sum(one.outcome.left_out for one in ours)
    missing = sum(one.missing for one in ours)
    request = median([one.outcome.quantile_ms(0.99) for one in ours])
    windows = [one.window for one in ours if one.window is not None]
    failures = {name: count for one in ours for name, count in one.outcome.failures.items()}
    notes = (
        f"reached {reached:.0f}/s, {left_out} arrivals left out, {missing} never shown, refused {failures or 'none'}; "
        f"placing itself p99 {request:.0f} ms; {quietness(windows)}"
    )
    return Result(
        "G9",
        f"event to report at {rate} orders/s, p50 / p99",
        f"{p50:.0f} / {p99:.0f} ms" + (" (saturated)" if any(map(_saturated, ours)) else ""),
        f"{l50:.1f} / {l99:.1f} ms",
        f"{p99 / l99:.0f} x" if l99 else "",
        p99 <= GATE_MS.get(rate, GATE_MS[50]) and not any(map(_saturated, ours)) and not missing,
        notes,
        {
            "p50_ms": [1000 * quantile(one.delays, 0.5) for one in ours],
            "p99_ms": [1000 * quantile(one.delays, 0.99) for one in ours],
            "limit_p99_ms": [1000 * quantile(one.delays, 0.99) for one in limits],
            "reached": [one.outcome.rate for one in ours],
        },
    )


class _Pipe:
    """Commit, publish, pull and upsert in one process: the least that an event-driven report needs."""

    def __init__(self, pool: asyncpg.Pool, client: NatsClient) -> None:
        self._pool = pool
        self._stream = client.jetstream()
        self._committed: dict[int, float] = {}
        self._shown: dict[int, float] = {}
        self._budgets = itertools.cycle(range(1, 501))

    async def run(self, rate: int, seconds: float) -> Fresh:
        """Run at a rate and return the delays."""
        self._committed.clear()
        self._shown.clear()
        stop = asyncio.Event()
        reader = asyncio.create_task(self._read(stop))
        outcome = await fixed_rate(self._place, rate, seconds)
        deadline = time.monotonic() + 5
        while len(self._shown) < len(self._committed) and time.monotonic() < deadline:
            await asyncio.sleep(0.01)
        stop.set()
        await reader
        delays = [self._shown[one] - at for one, at in self._committed.items() if one in self._shown]
        return Fresh(delays, len(self._committed) - len(delays), outcome)

    async def _place(self) -> str:
        async with self._pool.acquire() as connection:
            order_id = await connection.fetchval(_ONE, next(self._budgets))
        self._committed[order_id] = time.perf_counter()
        await self._stream.publish("limit.order", str(order_id).encode() + b" " * 500)
        return ""

    async def _read(self, stop: asyncio.Event) -> None:
        subscription = await self._stream.pull_subscribe("limit.order", durable="limit", stream="LIMIT")
        while not stop.is_set():
            try:
                # One at once without waiting for a batch to fill, then whatever else is there.
                messages = await subscription.fetch(1, timeout=0.5)
            except TimeoutError:
                continue
            found = [int(message.data) for message in messages]
            async with self._pool.acquire() as connection:
                await connection.execute(_SHOW, found)
            now = time.perf_counter()
            self._shown.update((one, now) for one in found)
            for message in messages:
                await message.ack()
        await subscription.unsubscribe()


@asynccontextmanager
async def _pipe(postgres: Postgres) -> AsyncIterator[_Pipe]:
    connection = await postgres.connect(LIMIT_DATABASE)
    await connection.execute("CREATE TABLE IF NOT EXISTS shown (order_id bigint PRIMARY KEY)")
    await connection.close()
    pool = await asyncpg.create_pool(
        host=postgres.host, port=postgres.port, user="postgres", database=LIMIT_DATABASE, min_size=8, max_size=8
    )
    with tempfile.TemporaryDirectory(prefix="bela-limit-", dir="/tmp") as name:
        port = free_port()
        config = f'listen: 127.0.0.1:{port}\njetstream {{ store_dir: "{name}/js", sync_interval: always }}\n'
        server = start_nats(Path(name), config, port)
        client = await nats.connect(server.url)
        try:
            stream = client.jetstream()
            await stream.add_stream(StreamConfig(name="LIMIT", subjects=["limit.>"]))
            await stream.add_consumer("LIMIT", ConsumerConfig(durable_name="limit", max_ack_pending=5000))
            yield _Pipe(pool, client)
        finally:
            await client.close()
            server.stop()
            await pool.close()

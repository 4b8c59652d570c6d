"""G1, G16 and a light G3: orders through the gateway beside a bare order transaction on the same PostgreSQL."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bela_bench.client import Client
from bela_bench.database import ORDER_SCRIPT, Postgres
from bela_bench.load import Act, Outcome, closed_loop, median
from bela_bench.machine import Meter, Window
from bela_bench.result import Result, breakdown, quietness
from bela_bench.world import World

USERS = 8
ROUNDS = 3
QUANTITY = 5
GATE_SHARE, GATE_CORE_MS = 0.05, 8.0
SETTLE_SECONDS = 60.0


@dataclass(slots=True)
class Buyers:
    """Signers of many regions who buy in turn: another region, need and seller each time.

    Attributes:
        placed: Every order that was answered 201.
        rate: Orders a second that the last measurement reached; 0 before.
    """

    client: Client
    world: World
    placed: list[str] = field(default_factory=list)
    rate: float = 0.0
    _turns: Iterator[tuple[int, str, int]] = field(init=False)

    def __post_init__(self) -> None:
        self._turns = self._take_turns()

    def _take_turns(self) -> Iterator[tuple[int, str, int]]:
        for turn in itertools.count():
            for region in self.world.regions:
                for holder in range(len(self.world.needs)):
                    yield turn, region, holder

    def act(self) -> Act:
        """Return the operation: buy once."""
        return self._buy

    async def buy(self) -> tuple[int, dict[str, Any]]:
        """Place one order by the short path; return status and answer."""
        turn, region, holder = next(self._turns)
        copy = self.world.copy(region)
        needs = self.world.needs[holder]
        # Sellers in turn, so that nobody is chosen five times in a row.
        seller = self.world.sellers[(turn + holder) % len(self.world.sellers)]
        body = {
            "need_id": copy(needs[turn % len(needs)]),
            "vendor_id": copy(seller.vendor_id),
            "lines": [{"product_id": copy(product), "quantity": QUANTITY} for product in seller.product_ids],
            "channel": "local",
        }
        bearer = self.world.tokens[hash(region) % len(self.world.tokens)]
        headers = {"authorization": f"Bearer {bearer}", "idempotency-key": str(uuid.uuid4())}
        answer = await self.client.request("POST", f"/order/v1/regions/{region}/orders:buy", headers=headers, json=body)
        return answer.status, answer.json

    async def _buy(self) -> str:
        status, body = await self.buy()
        if status == 201:
            self.placed.append(body["order_id"])
            return ""
        return f"{status} {body.get('reason', '')}"


async def measure_orders(buyers: Buyers, postgres: Postgres, meter: Meter, seconds: float) -> list[Result]:
    """Measure the rate of orders, and what one costs in CPU."""
    await closed_loop(buyers.act(), USERS, min(2.0, seconds))
    limits: list[Outcome] = []
    ours: list[tuple[Outcome, Window]] = []
    limit_windows: list[Window] = []
    limit_cpu: list[float] = []
    for _ in range(ROUNDS):
        start = meter.sample()
        limit, pgbench_cpu = await postgres.pgbench([ORDER_SCRIPT], clients=USERS, seconds=max(2.0, seconds / 2))
        limits.append(limit)
        limit_windows.append(meter.since(start))
        limit_cpu.append(1000 * (limit_windows[-1].cpu["postgres"] + pgbench_cpu) / max(1, limit.count))
        start = meter.sample()
        outcome = await closed_loop(buyers.act(), USERS, seconds)
        # What an order sets in motion belongs to its cost.
        await asyncio.sleep(0.5)
        ours.append((outcome, meter.since(start)))
    buyers.rate = median([outcome.rate for outcome, _ in ours])
    return _results(limits, limit_cpu, ours, limit_windows)


def _results(
    limits: list[Outcome], limit_cpu: list[float], ours: list[tuple[Outcome, Window]], limit_windows: list[Window]
) -> list[Result]:
    rate, limit = median([one.rate for one, _ in ours]), median([one.rate for one in limits])
    p50, p99 = (median([one.quantile_ms(share) for one, _ in ours]) for share in (0.5, 0.99))
    costs = [window.core_ms(outcome.count) for outcome, window in ours]
    cost = {name: median([one[name] for one in costs]) for name in costs[0]}
    windows = [window for _, window in ours] + limit_windows
    failures: dict[str, int] = {}
    for outcome, _ in ours:
        for name, count in outcome.failures.items():
            failures[name] = failures.get(name, 0) + count
    details = {
        "orders_per_second": [one.rate for one, _ in ours],
        "limit_per_second": [one.rate for one in limits],
        "p50_ms": p50,
        "p99_ms": p99,
        "limit_p99_ms": median([one.quantile_ms(0.99) for one in limits]),
        "core_ms": cost,
        "limit_core_ms": median(limit_cpu),
        "failures": failures,
        "windows": windows,
    }
    share = rate / limit if limit else 0.0
    notes = f"p50 {p50:.0f} ms, p99 {p99:.0f} ms; {quietness(windows)}; refused {failures or 'none'}"
    return [
        Result(
            "G1",
            f"orders through the gateway, 3 lines, c{USERS}",
            f"{rate:.0f}/s",
            f"{limit:.0f}/s",
            f"{100 * share:.1f} %",
            share >= GATE_SHARE,
            notes,
            details,
        ),
        Result(
            "G16",
            "CPU of one order, everything included",
            f"{cost['all']:.1f} core-ms",
            f"{median(limit_cpu):.2f} core-ms",
            f"{cost['all'] / median(limit_cpu):.0f} x",
            cost["all"] <= GATE_CORE_MS,
            breakdown(cost),
        ),
    ]


async def check_orders(buyers: Buyers, postgres: Postgres) -> Result:
    """Compare what buyers were told with what four databases hold, once events have settled."""
    placed = set(buyers.placed)
    reporting = await postgres.connect("bela_reporting")
    order = await postgres.connect("bela_order")
    catalog = await postgres.connect("bela_catalog")
    try:
        stored = {str(row[0]) for row in await order.fetch("SELECT order_id FROM orders")}
        async with asyncio.timeout(SETTLE_SECONDS):
            while await order.fetchval(
                "SELECT count(*) FROM outbox_messages WHERE published_at IS NULL"
            ) or await reporting.fetchval("SELECT count(*) FROM orders") < len(stored):
                await asyncio.sleep(0.1)
        shown = {row[0] for row in await reporting.fetch("SELECT order_id FROM orders")}
        held = {str(row[0]) for row in await catalog.fetch("SELECT DISTINCT order_id FROM holds WHERE NOT released")}
        told = {
            row[0]
            for row in await order.fetch(
                "SELECT DISTINCT aggregate_id FROM outbox_messages WHERE aggregate_type = 'order'"
            )
        }
        wrong_lines = await order.fetchval(_WRONG_LINES)
        double = await order.fetchval(_DOUBLE)
    finally:
        for connection in (reporting, order, catalog):
            await connection.close()
    counts = {
        "answered": len(placed),
        "stored": len(stored),
        "lost": len(placed - stored),
        "without event": len(stored - told),
        "not reported": len(stored - shown),
        "without hold": len(stored - held),
        "budget lines wrong": wrong_lines,
        "placed twice": double,
    }
    bad = {name: count for name, count in counts.items() if name not in ("answered", "stored") and count}
    text = f"{len(stored)} orders, 0 lost, 0 double" if not bad else str(bad)
    return Result("G3", "orders = events = reports, budget kept", text, gate=not bad, details=counts)


_WRONG_LINES = """
    SELECT count(*) FROM budget_lines AS b
    LEFT JOIN (
        SELECT tenant_id, budget_line_id, sum(reserved_idr) AS r, sum(committed_idr) AS c
        FROM budget_movements GROUP BY tenant_id, budget_line_id
    ) AS m USING (tenant_id, budget_line_id)
    WHERE b.reserved_idr <> COALESCE(m.r, 0) OR b.committed_idr <> COALESCE(m.c, 0)
       OR b.reserved_idr + b.committed_idr + b.accepted_idr + b.paid_idr > b.ceiling_idr - b.blocked_idr
"""
# One purchase is one request: what was committed must be the orders' own sum.
_DOUBLE = """
    SELECT count(*) FROM orders AS o
    JOIN (SELECT tenant_id, order_id, sum(committed_idr) AS c FROM budget_movements GROUP BY tenant_id, order_id) AS m
        USING (tenant_id, order_id)
    WHERE o.total_idr <> m.c
"""

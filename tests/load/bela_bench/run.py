"""Runs the chosen measurements against a stack of their own, one after another."""

from __future__ import annotations

import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import uvloop
from bela_local.stack import Stack

from bela_bench import machine
from bela_bench.client import Client
from bela_bench.database import Postgres
from bela_bench.footprint import GATE_LOADED_MIB, ROUNDS, idle_result, measure_start, memory_result
from bela_bench.freshness import measure_freshness, switch_on_commit_times
from bela_bench.import_growth import measure_growth
from bela_bench.imports import measure_imports
from bela_bench.machine import Meter
from bela_bench.orders import Buyers, check_orders, measure_orders
from bela_bench.register import Register, fill_register, measure_eligibility, measure_lists
from bela_bench.result import Result, table, write_json
from bela_bench.search import fill_catalog, measure_search
from bela_bench.world import SIGNERS, World, build_world


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure and how long."""

    goals: frozenset[str]
    seconds: float
    regions: int
    products: int
    out: Path


def say(text: str) -> None:
    """Show progress."""
    print(f"[{time.strftime('%H:%M:%S')}] {text}", flush=True)


def run(plan: Plan) -> list[Result]:
    """Start a stack, measure, print the table, write the JSON, take the stack down."""
    facts = machine.facts()
    say(f"machine: {facts}")
    started = time.monotonic()
    # Told to end, the stack is taken down too.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))
    stack = Stack(Path(tempfile.mkdtemp(prefix="bela-bench-", dir="/tmp")), seed=True)
    try:
        stack.start()
        results = _measure(stack, plan)
    finally:
        stack.stop()
        stack.remove()
    say(f"all took {time.monotonic() - started:.0f} s")
    print(table(results))
    write_json(plan.out, facts, results)
    say(f"all figures: {plan.out}")
    return results


def _measure(stack: Stack, plan: Plan) -> list[Result]:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        results = Results()
        if "g14" in plan.goals:
            say("memory at rest")
            results.append(runner.run(idle_result(stack)))
        if plan.goals & {"g9", "start"}:
            postgres = Postgres(stack.info.postgres_host, stack.info.postgres_port)
            runner.run(switch_on_commit_times(postgres))
            stack.stop()
            stack.start()
        bench = Bench(stack, plan)
        list.extend(results, runner.run(bench.load()))
        if "start" in plan.goals:
            say(f"{ROUNDS} starts over the data of this run")
            results.append(measure_start(stack, bench.first_order, runner.run))
    return results


class Results(list[Result]):
    """Results that are shown as they come, so that a run that is cut short was not for nothing."""

    def append(self, one: Result) -> None:
        """Keep a result and show it."""
        say(f"{one.goal} {one.what}: {one.ours}" + (f", limit {one.limit}, {one.ratio}" if one.limit else ""))
        super().append(one)

    def extend(self, several: Iterable[Result]) -> None:
        """Keep results and show them."""
        for one in several:
            self.append(one)


class Bench:
    """The measurements that need a world of regions, sellers and buyers."""

    def __init__(self, stack: Stack, plan: Plan) -> None:
        self._stack = stack
        self._plan = plan
        self._info = stack.info
        self._postgres = Postgres(self._info.postgres_host, self._info.postgres_port)
        self._meter = Meter({name: child.pid for name, child in self._info.children.items()})
        self._world: World | None = None
        self._client = Client(self._info.gateway_url)

    async def load(self) -> list[Result]:
        """Make the world and run the chosen measurements in it."""
        plan, results = self._plan, Results()
        await self._postgres.prepare_limit()
        buyers: Buyers | None = None
        if plan.goals & {"g1", "g4", "g9", "start"}:
            started = time.monotonic()
            self._world = await build_world(self._info, self._postgres, plan.regions)
            say(f"{len(self._world.regions)} regions, {self._world.rows} rows: {time.monotonic() - started:.1f} s")
            buyers = Buyers(self._client, self._world)
        if buyers is not None and "g1" in plan.goals:
            say("G1, G16: orders")
            results.extend(await measure_orders(buyers, self._postgres, self._meter, plan.seconds))
        if buyers is not None and "g9" in plan.goals:
            say("G9: from event to report")
            reached = max((buyers.rate, 10.0))
            results.extend(await measure_freshness(buyers, self._postgres, self._meter, plan.seconds, reached))
        if buyers is not None and buyers.placed:
            results.append(await check_orders(buyers, self._postgres))
        if "g4" in plan.goals:
            results.append(await self._search())
        if "g8" in plan.goals:
            say("G8: imports")
            results.extend(await self._imports())
        if "g8x" in plan.goals:
            say("G8x: imports of growing size")
            results.extend(await self._growth())
        if plan.goals & {"vendors", "eligibility"}:
            results.extend(await self._register())
        if "g14" in plan.goals:
            results.append(memory_result(self._stack, "after all this", GATE_LOADED_MIB))
        await self._client.close()
        return results

    async def _search(self) -> Result:
        assert self._world is not None
        say(f"G4: filling {self._plan.products:,} products")
        used, seconds = await fill_catalog(self._postgres, self._world.regions, self._plan.products)
        say(f"G4: filled {len(used)} regions in {seconds:.0f} s; searching")
        return await measure_search(self._client, self._postgres, self._meter, used, self._plan.seconds)

    async def _imports(self) -> list[Result]:
        with tempfile.TemporaryDirectory(prefix="bela-books-", dir="/tmp") as name:
            return await measure_imports(self._info, self._client, self._postgres, self._meter, Path(name))

    async def _growth(self) -> list[Result]:
        with tempfile.TemporaryDirectory(prefix="bela-books-", dir="/tmp") as name:
            return await measure_growth(self._info, self._client, self._meter, Path(name))

    async def _register(self) -> list[Result]:
        count, seconds = await fill_register(self._postgres)
        say(f"register: {count:,} businesses in {seconds:.0f} s")
        register = Register(self._stack, self._client, self._postgres, self._meter, self._plan.seconds)
        results = await measure_lists(register, count) if "vendors" in self._plan.goals else []
        if "eligibility" in self._plan.goals:
            results.append(await measure_eligibility(register))
        return results

    async def first_order(self) -> bool:
        """Place one order with the stack as it is now."""
        assert self._world is not None
        client = Client(self._stack.gateway_url)
        try:
            world = replace(self._world, tokens=tuple(self._stack.token(signer) for signer in SIGNERS))
            status, _ = await Buyers(client, world).buy()
            return status == 201
        finally:
            await client.close()

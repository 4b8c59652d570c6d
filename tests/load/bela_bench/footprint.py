"""G14 and G15: memory of the processes, and how soon a stopped stack takes orders again."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from typing import Any

from bela_local.layout import SERVICES
from bela_local.memory import COUNTED
from bela_local.stack import Stack

from bela_bench.load import median
from bela_bench.result import Result, breakdown

FirstOrder = Callable[[], Coroutine[Any, Any, bool]]

REST_SECONDS = 5.0
GATE_IDLE_MIB, GATE_LOADED_MIB, GATE_START_SECONDS = 600.0, 600.0, 10.0
ROUNDS = 3


def memory_result(stack: Stack, when: str, gate: float) -> Result:
    """Measure the memory of every process now."""
    measured = stack.memory_mib()
    together = measured.pop("together")
    counted = {name: value for name, value in measured.items() if name in COUNTED}
    apart = {name: value for name, value in measured.items() if name not in COUNTED}
    return Result(
        "G14",
        f"PSS of gateway, {len(SERVICES)} services and NATS, {when}",
        f"{together:.0f} MiB",
        gate=together <= gate,
        notes=f"{breakdown(counted, 'MiB')}; apart: {breakdown(apart, 'MiB')}",
        details={"together_mib": together, **measured},
    )


async def idle_result(stack: Stack) -> Result:
    """Measure the memory of a stack that has done nothing yet."""
    await asyncio.sleep(REST_SECONDS)
    return memory_result(stack, "idle", GATE_IDLE_MIB)


def measure_start(stack: Stack, first_order: FirstOrder, run: Callable[[Coroutine[Any, Any, bool]], bool]) -> Result:
    """Stop the stack and start it over its data, some times; the raw limit is importing the services side by side."""
    starts, orders, limits = [], [], []
    for _ in range(ROUNDS):
        stack.stop()
        limits.append(_import_side_by_side())
        started = time.monotonic()
        stack.start()
        starts.append(time.monotonic() - started)
        if not run(first_order()):
            raise RuntimeError("the first order after a start was refused")
        orders.append(time.monotonic() - started)
    limit = median(limits)
    return Result(
        "G15",
        "warm start to ready / to the first order",
        f"{median(starts):.1f} / {median(orders):.1f} s",
        f"{limit:.1f} s",
        f"{median(starts) / limit:.1f} x",
        median(starts) <= GATE_START_SECONDS,
        f"starts {', '.join(f'{one:.1f}' for one in starts)} s; limit: {len(SERVICES)} services imported at once",
        {"starts": starts, "first_orders": orders, "limits": limits},
    )


def _import_side_by_side() -> float:
    started = time.monotonic()
    children = [
        subprocess.Popen([sys.executable, "-c", f"import {service}_service.bootstrap"], stdin=subprocess.DEVNULL)
        for service in SERVICES
    ]
    for child in children:
        if child.wait() != 0:
            raise RuntimeError("a service cannot be imported")
    return time.monotonic() - started

"""Two ways to load a system: so many users without a pause, or so many arrivals a second whatever comes back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

Act = Callable[[], Awaitable[str]]
"""One operation; returns an empty string, or what went wrong."""

MOST_UNDER_WAY = 256


@dataclass(slots=True)
class Outcome:
    """What a load came to. Times are in seconds."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)
    left_out: int = 0

    @property
    def count(self) -> int:
        """Operations that succeeded."""
        return len(self.times)

    @property
    def rate(self) -> float:
        """Operations a second."""
        return self.count / self.seconds if self.seconds else 0.0

    def quantile_ms(self, share: float) -> float:
        """Return a quantile of the times, in milliseconds."""
        return 1000 * quantile(self.times, share)


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of all lies; 0 of none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: Sequence[float]) -> float:
    """Return the middle value, the lower one of two."""
    ordered = sorted(values)
    return ordered[(len(ordered) - 1) // 2] if ordered else 0.0


async def closed_loop(act: Act, users: int, seconds: float) -> Outcome:
    """Let so many users act one operation after another."""
    outcome = Outcome()
    start = time.perf_counter()
    end = start + seconds

    async def user() -> None:
        while time.perf_counter() < end:
            await _once(act, outcome, time.perf_counter())

    await asyncio.gather(*(user() for _ in range(users)))
    outcome.seconds = time.perf_counter() - start
    return outcome


async def fixed_rate(act: Act, rate: float, seconds: float) -> Outcome:
    """Begin operations at fixed instants; times count from those instants, so that a stall is not forgotten.

    What would make more than `MOST_UNDER_WAY` operations wait is left out and counted.
    """
    outcome = Outcome()
    under_way: set[asyncio.Task[None]] = set()
    start = time.perf_counter()
    for number in range(int(rate * seconds)):
        due = start + number / rate
        pause = due - time.perf_counter()
        if pause > 0:
            await asyncio.sleep(pause)
        if len(under_way) >= MOST_UNDER_WAY:
            outcome.left_out += 1
            continue
        task = asyncio.create_task(_once(act, outcome, due))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    if under_way:
        await asyncio.wait(under_way)
    outcome.seconds = time.perf_counter() - start
    return outcome


async def _once(act: Act, outcome: Outcome, since: float) -> None:
    try:
        trouble = await act()
    except (OSError, asyncio.IncompleteReadError) as error:
        trouble = type(error).__name__
    if trouble:
        outcome.failures[trouble] = outcome.failures.get(trouble, 0) + 1
    else:
        outcome.times.append(time.perf_counter() - since)

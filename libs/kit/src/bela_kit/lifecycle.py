"""Starts a process and lets it die in order; the only module that knows of signals.

Order of dying: unready → wait while the last clients leave → stop accepting and let requests and background work
finish, together, within the grace → close clients → dispose pools → flush telemetry. A second signal ends the process
at once.
"""

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bela_kit.health import Health

log = logging.getLogger(__name__)

_SIGNALS = (signal.SIGTERM, signal.SIGINT)

Run = Callable[[asyncio.Event], Awaitable[None]]
Stop = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    start: Callable[[], Awaitable[object]] | None
    stop: Stop | None


class Lifecycle:
    """The parts of a process in the order they start, and how each one stops.

    Args:
        health: Is told when draining begins and when a task dies.
        drain_seconds: How long to accept while unready.
        grace_seconds: How long what is under way may take.
    """

    def __init__(self, health: Health, *, drain_seconds: float, grace_seconds: float) -> None:
        self._health = health
        self._drain_seconds = drain_seconds
        self._grace_seconds = grace_seconds
        self._parts: list[_Part] = []
        self._servers: list[_Part] = []
        self._drains: list[Callable[[], Awaitable[None]]] = []
        self._tasks: list[tuple[str, Run]] = []
        self._running: dict[str, asyncio.Task[None]] = {}
        self._stop_tasks = asyncio.Event()
        self._ending = asyncio.Event()
        self._failed = False

    def add(
        self,
        name: str,
        start: Callable[[], Awaitable[object]] | None = None,
        stop: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        """Add a resource: started in the sequence of adding, stopped in the reverse one after all servers and tasks."""

        async def close(_: float) -> None:
            if stop is not None:
                await stop()

        self._parts.append(_Part(name, start, close))

    def add_server(self, name: str, start: Callable[[], Awaitable[object]], stop: Stop) -> None:
        """Add a server; `stop` is given the grace in seconds within which requests under way may finish."""
        self._servers.append(_Part(name, start, stop))

    def add_task(self, name: str, run: Run) -> None:
        """Add background work that runs until its event is set; if it ends by itself, the process ends with it."""
        self._tasks.append((name, run))

    def on_drain(self, callback: Callable[[], Awaitable[None]]) -> None:
        """Call back when the process turns unready."""
        self._drains.append(callback)

    def request_stop(self) -> None:
        """Begin to stop, as a signal would."""
        self._ending.set()

    async def run(self) -> int:
        """Start everything, wait for a signal or a death, stop everything; return the exit code of the process."""
        self._listen_for_signals()
        started: list[_Part] = []
        try:
            for part in self._parts:
                started.append(part)
                await self._start(part)
            for name, run in self._tasks:
                self._running[name] = asyncio.create_task(self._supervise(name, run), name=name)
            for server in self._servers:
                await self._start(server)
            self._health.started()
            log.info("started", extra={"event": "STARTED"})
            await self._ending.wait()
        except Exception:
            log.exception("could not start", extra={"event": "START_FAILED"})
            self._failed = True
        await self._drain()
        await self._finish()
        for part in reversed(started):
            await self._stop(part, self._grace_seconds)
        for number in _SIGNALS:
            asyncio.get_running_loop().remove_signal_handler(number)
        return 1 if self._failed else 0

    async def _start(self, part: _Part) -> None:
        if part.start is not None:
            await part.start()

    async def _supervise(self, name: str, run: Run) -> None:
        try:
            await run(self._stop_tasks)
        except Exception:
            log.exception("task died", extra={"event": "TASK_DIED", "task": name})
        if not self._stop_tasks.is_set():
            self._failed = True
            self._health.died(name)
            self._ending.set()

    async def _drain(self) -> None:
        log.info("draining", extra={"event": "DRAINING"})
        self._health.drain()
        for callback in self._drains:
            with contextlib.suppress(Exception):
                await callback()
        if not self._failed:
            await asyncio.sleep(self._drain_seconds)

    async def _finish(self) -> None:
        self._stop_tasks.set()
        await asyncio.gather(*(self._stop(server, self._grace_seconds) for server in self._servers))
        if self._running:
            _, late = await asyncio.wait(self._running.values(), timeout=self._grace_seconds)
            for task in late:
                log.warning("task was cut off", extra={"event": "TASK_CUT_OFF", "task": task.get_name()})
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _stop(self, part: _Part, grace: float) -> None:
        if part.stop is None:
            return
        try:
            async with asyncio.timeout(grace + 5):
                await part.stop(grace)
        except Exception:
            log.exception("could not stop cleanly", extra={"event": "STOP_FAILED", "part": part.name})

    def _listen_for_signals(self) -> None:
        loop = asyncio.get_running_loop()

        def on_signal() -> None:
            if self._ending.is_set():
                os._exit(1)
            self._ending.set()

        for number in _SIGNALS:
            loop.add_signal_handler(number, on_signal)

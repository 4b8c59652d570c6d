"""Whether this process lives, and whether it should be sent work.

Liveness asks nothing of others: the loop answers and no critical task has died. Readiness is the last result of checks
that run in the background, so a probe never waits for a database.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import orjson
from prometheus_client import generate_latest
from starlette.types import ASGIApp, Receive, Scope, Send

from bela_kit.telemetry import Telemetry

log = logging.getLogger(__name__)

_METRICS_TYPE = b"text/plain; version=0.0.4; charset=utf-8"


@dataclass(slots=True)
class _Check:
    run: Callable[[], Awaitable[object]]
    interval_seconds: float
    timeout_seconds: float
    problem: str | None = "not checked yet"


class Health:
    """Named checks and what they said last."""

    def __init__(self) -> None:
        self._checks: dict[str, _Check] = {}
        self._dead: list[str] = []
        self._draining = False
        self._started = False

    def add(
        self,
        name: str,
        check: Callable[[], Awaitable[object]],
        *,
        interval_seconds: float = 2.0,
        timeout_seconds: float = 2.0,
    ) -> None:
        """Add a check, which raises while its part is not usable; unready until it has passed once."""
        self._checks[name] = _Check(check, interval_seconds, timeout_seconds)

    def started(self) -> None:
        """Say that the servers listen; before that nothing is ready."""
        self._started = True

    def drain(self) -> None:
        """Be unready for good: this process is about to stop."""
        self._draining = True

    def died(self, task: str) -> None:
        """Say that a critical task has ended by itself; the process is to be replaced."""
        self._dead.append(task)

    @property
    def alive(self) -> bool:
        """Whether every critical task still runs."""
        return not self._dead

    @property
    def ready(self) -> bool:
        """Whether requests may be sent here."""
        checks = all(check.problem is None for check in self._checks.values())
        return self._started and not self._draining and self.alive and checks

    def report(self) -> dict[str, str]:
        """Return what each check said last."""
        return {name: check.problem or "ok" for name, check in self._checks.items()}

    async def run(self, stop: asyncio.Event) -> None:
        """Run every check at its interval until told to stop."""
        async with asyncio.TaskGroup() as group:
            for name, check in self._checks.items():
                group.create_task(self._watch(name, check, stop))

    async def _watch(self, name: str, check: _Check, stop: asyncio.Event) -> None:
        while not stop.is_set():
            before = check.problem
            try:
                async with asyncio.timeout(check.timeout_seconds):
                    await check.run()
                check.problem = None
            except Exception as error:
                check.problem = str(error) or type(error).__name__
            if check.problem != before:
                log.info(
                    "check changed", extra={"event": "HEALTH_CHANGED", "check": name, "said": check.problem or "ok"}
                )
            # Look again soon while unready: a process that has just started is waited for.
            pause = check.interval_seconds if check.problem is None else min(0.25, check.interval_seconds)
            try:
                await asyncio.wait_for(stop.wait(), pause)
            except TimeoutError:
                continue


def create_probe_app(health: Health, telemetry: Telemetry) -> ASGIApp:
    """Return the application that answers `/livez`, `/readyz` and `/metrics`, on a bind of its own."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        status, body, content_type = _answer(scope["path"], health, telemetry)
        headers = [(b"content-type", content_type), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


def _answer(path: str, health: Health, telemetry: Telemetry) -> tuple[int, bytes, bytes]:
    if path == "/livez":
        return (200 if health.alive else 500), orjson.dumps({"alive": health.alive}), b"application/json"
    if path == "/readyz":
        body = orjson.dumps({"ready": health.ready, "checks": health.report()})
        return (200 if health.ready else 503), body, b"application/json"
    if path == "/metrics":
        return 200, generate_latest(telemetry.registry), _METRICS_TYPE
    return 404, b"{}", b"application/json"

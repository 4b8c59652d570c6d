"""The command line that every service has: the same verbs, the same order of starting and dying.

A service gives its settings and a function that builds its parts; what a process is made of is decided here.
"""

import argparse
import asyncio
import base64
import ctypes
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import orjson
from pydantic import SecretStr
from starlette.types import ASGIApp

from bela_kit import dead_letters, idempotency, inbox, jobs, outbox_relay
from bela_kit.auth import Verifier
from bela_kit.authority import TenantClock
from bela_kit.core.clock import Clock, system_now
from bela_kit.core.tenancy import SystemScope
from bela_kit.db import Database, DatabaseUnavailable
from bela_kit.grpc_server import Registration, build_server
from bela_kit.health import Health, create_probe_app
from bela_kit.http_server import HttpServer, remove_stale
from bela_kit.jetstream import ConsumerMetrics, NatsConnection, ProjectionConsumer, Publisher, ReactionConsumer
from bela_kit.jobs import JobHandler, JobRunner
from bela_kit.lifecycle import Lifecycle
from bela_kit.migrations import run_migrations, verify_head
from bela_kit.outbox_relay import OutboxRelay, RelayMetrics
from bela_kit.outbox_signal import CommitSignal, listen
from bela_kit.plumbing import KitTables
from bela_kit.settings import ServiceSettings, load
from bela_kit.telemetry import Telemetry

log = logging.getLogger(__name__)

S = TypeVar("S", bound=ServiceSettings)
Consumer = ProjectionConsumer | ReactionConsumer
Hook = Callable[[], Awaitable[object]]
ROLES = ("relay", "consumers", "jobs")

_HOUSEKEEPING_SECONDS = 3600.0
_NOWHERE = SecretStr("postgresql+asyncpg://nobody@/nothing?host=/nonexistent")
_PR_SET_PDEATHSIG = 1


class Waker:
    """Passes a wake-up on to whoever has been connected; given to the outbox before the relay exists."""

    def __init__(self) -> None:
        self._sleepers: list[Callable[[], None]] = []

    def connect(self, wake: Callable[[], None]) -> None:
        """Let this one be woken too."""
        self._sleepers.append(wake)

    def __call__(self) -> None:
        """Wake everybody."""
        for wake in self._sleepers:
            wake()


@dataclass(kw_only=True, slots=True)
class ServiceParts:
    """What `build(settings)` of a service returns; nothing in it has been started.

    Attributes:
        service: Short name: first segment of its paths, second token of its subjects.
        script_location: Folder of its migrations.
        rest_app: From `bela_kit.rest.create_app`.
        grpc_services: Generated registration and servicer of each gRPC service.
        allowed_callers: For each full RPC name, the client ids that may call it.
        publishes: Whether it has an outbox to relay.
        outbox_waker: Given to the `Outbox`; wakes the relay of this process.
        job_waker: Called after something scheduled a job that is due; wakes the runner of this process.
        consumers: Makes its consumers, given the connection to the broker and the metrics to count on.
        job_handlers: Handler of each kind of job.
        replay: Appends the current state of every aggregate to the outbox again and returns how many.
        seed: Loads reference data after migrations; runs twice without harm.
        on_start: Run before servers listen.
        on_stop: Run after servers stopped; closes clients, for example.
    """

    service: str
    settings: ServiceSettings
    db: Database
    tables: KitTables
    clock: Clock
    telemetry: Telemetry
    verifier: Verifier
    script_location: str | Path
    rest_app: ASGIApp
    grpc_services: Sequence[Registration] = ()
    allowed_callers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    publishes: bool = True
    outbox_waker: Waker | None = None
    job_waker: Waker | None = None
    consumers: Callable[[NatsConnection, ConsumerMetrics], Sequence[Consumer]] | None = None
    job_handlers: Mapping[str, JobHandler] = field(default_factory=dict)
    replay: Callable[[], Awaitable[int]] | None = None
    seed: Hook | None = None
    on_start: Sequence[Hook] = ()
    on_stop: Sequence[Hook] = ()


def main(
    prog: str, settings_cls: type[S], build: Callable[[S], ServiceParts], argv: Sequence[str] | None = None
) -> int:
    """Run one verb and return the exit code of the process."""
    _die_with_parent()
    # The C core of grpc writes lines of its own to stderr, which is for JSON.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    arguments = _parser(prog).parse_args(argv)
    if arguments.verb == "openapi":
        return _run(_openapi(_without_servers(load(settings_cls)), build))
    settings = load(settings_cls)
    if arguments.verb == "check-config":
        sys.stdout.write("\n".join(f"{name}={value!r}" for name, value in settings) + "\n")
        return 0
    return _run(_verb(arguments, settings, build))


async def _openapi(settings: S, build: Callable[[S], ServiceParts]) -> int:
    document = build(settings).rest_app.openapi()  # type: ignore[attr-defined]
    sys.stdout.write(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n")
    return 0


async def _verb(arguments: argparse.Namespace, settings: S, build: Callable[[S], ServiceParts]) -> int:
    # Built inside the loop: channels and servers of grpc bind to the loop that is there when they are made.
    parts = build(settings)
    parts.telemetry.install()
    match arguments.verb:
        case "serve":
            return await _process(parts, serve=True, roles=ROLES if arguments.with_worker else ())
        case "work":
            return await _process(parts, serve=False, roles=tuple(arguments.only or ROLES))
        case "migrate":
            return await _closing(parts, _migrate(parts))
        case "replay":
            return await _closing(parts, _replay(parts))
        case _:
            return await _closing(parts, _dead_letters(parts, arguments))


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=prog)
    verbs = parser.add_subparsers(dest="verb", required=True)
    serve = verbs.add_parser("serve", help="answer REST and gRPC")
    serve.add_argument("--with-worker", action="store_true", help="do the worker's part in this process too")
    work = verbs.add_parser("work", help="relay, consume and run jobs")
    work.add_argument("--only", action="append", choices=ROLES, help="this part only; may be given again")
    verbs.add_parser("migrate", help="bring the database to the newest schema and load reference data")
    verbs.add_parser("check-config", help="print the settings, secrets masked")
    verbs.add_parser("openapi", help="print the OpenAPI document; needs no server")
    verbs.add_parser("replay", help="publish the current state of every aggregate again")
    letters = verbs.add_parser("dead-letters", help="events that could not be handled")
    actions = letters.add_subparsers(dest="action", required=True)
    listing = actions.add_parser("list", help="one line of JSON each")
    listing.add_argument("--all", action="store_true", help="replayed ones too")
    again = actions.add_parser("replay", help="hand them to their consumers again")
    again.add_argument("ids", nargs="*", type=int, help="which ones; all that were not replayed if none is given")
    return parser


async def _process(parts: ServiceParts, *, serve: bool, roles: Sequence[str]) -> int:
    settings, health = parts.settings, Health()
    lifecycle = Lifecycle(health, drain_seconds=settings.drain_seconds, grace_seconds=settings.grace_seconds)
    lifecycle.add("telemetry", stop=lambda: asyncio.to_thread(parts.telemetry.flush))
    lifecycle.add("database", stop=parts.db.dispose)
    probes = HttpServer(create_probe_app(health, parts.telemetry), settings.bind("probe"))
    lifecycle.add("probes", probes.start, lambda: probes.stop(1))
    lifecycle.add("clients", stop=lambda: _all(parts.on_stop))
    lifecycle.add("preparation", start=lambda: _all(parts.on_start))
    health.add("database", lambda: verify_head(parts.db, parts.script_location), interval_seconds=5)
    lifecycle.add_task("health", health.run)
    if isinstance(parts.clock, TenantClock):
        lifecycle.add("clock", start=lambda: _first_settings(parts.clock))
        lifecycle.add_task("clock", parts.clock.run)
    if roles:
        _add_worker(lifecycle, health, parts, roles, ready_with_broker=not serve)
    if serve:
        _add_servers(lifecycle, parts)
    if parts.outbox_waker is not None and "relay" not in roles:
        # The relay is another process, which is told of commits through the database.
        signal_ = CommitSignal(parts.db.app_url)
        parts.outbox_waker.connect(signal_)
        lifecycle.add_task("outbox signal", signal_.run)
    return await lifecycle.run()


def _add_servers(lifecycle: Lifecycle, parts: ServiceParts) -> None:
    settings = parts.settings
    rest = HttpServer(parts.rest_app, settings.bind("rest"))
    lifecycle.add_server("rest", rest.start, rest.stop)
    lifecycle.on_drain(rest.drain)
    if not parts.grpc_services:
        return
    server = build_server(
        settings, parts.grpc_services, parts.verifier, parts.allowed_callers, telemetry=parts.telemetry
    )

    async def start() -> None:
        path = settings.bind("grpc").path
        if path is not None:
            remove_stale(path)
        await server.start()

    lifecycle.add_server("grpc", start, server.stop)
    lifecycle.on_drain(server.drain)


def _add_worker(
    lifecycle: Lifecycle, health: Health, parts: ServiceParts, roles: Sequence[str], *, ready_with_broker: bool
) -> None:
    settings = parts.settings
    nats = NatsConnection(settings.nats_url, settings.nats_user, settings.nats_password.get_secret_value())

    async def connect() -> None:
        nats.start()

    lifecycle.add("broker", start=connect, stop=nats.close)
    lifecycle.add_task("broker", lambda stop: _watch(nats, stop))
    if ready_with_broker:
        health.add("broker", lambda: nats.ready(1))
    if "relay" in roles and parts.publishes:
        metrics = RelayMetrics(parts.service, parts.telemetry.registry)
        relay = OutboxRelay(parts.db, parts.tables, Publisher(nats), source=parts.service, metrics=metrics)
        if parts.outbox_waker is not None:
            parts.outbox_waker.connect(relay.wake)
        if ready_with_broker:
            lifecycle.add_task("outbox listener", lambda stop: listen(parts.db.worker_url, relay.wake, stop))
        lifecycle.add_task("relay", relay.run)
        lifecycle.add_task("housekeeping", lambda stop: _housekeeping(parts.db, stop))
    if "consumers" in roles and parts.consumers is not None:
        for consumer in parts.consumers(nats, ConsumerMetrics(parts.telemetry.registry)):
            lifecycle.add_task(consumer.durable, consumer.run)
    if "jobs" in roles and parts.job_handlers:
        registry = parts.telemetry.registry
        runner = JobRunner(parts.db, parts.clock, parts.job_handlers, service=parts.service, registry=registry)
        if parts.job_waker is not None:
            parts.job_waker.connect(runner.wake)
        lifecycle.add_task("jobs", runner.run)


async def _watch(nats: NatsConnection, stop: asyncio.Event) -> None:
    """End, and the process with it, once the client of the broker has given up for good."""
    waiting = [asyncio.create_task(event.wait()) for event in (stop, nats.failed)]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()


async def _housekeeping(db: Database, stop: asyncio.Event) -> None:
    """Delete plumbing rows past their time, once an hour."""
    while not stop.is_set():
        for module in (outbox_relay, idempotency, inbox, jobs):
            try:
                async with db.system_transaction(SystemScope("housekeeping")) as connection:
                    await module.forget_old(connection, system_now())
            except DatabaseUnavailable:
                log.info("housekeeping waits for the database")
        try:
            await asyncio.wait_for(stop.wait(), _HOUSEKEEPING_SECONDS)
        except TimeoutError:
            continue


async def _first_settings(clock: Clock) -> None:
    """Know the tenants before the first request; a database that is away only delays it."""
    assert isinstance(clock, TenantClock)
    try:
        await clock.refresh()
    except Exception as error:
        log.warning("tenant settings are not known yet: %s", error)


async def _migrate(parts: ServiceParts) -> int:
    await run_migrations(parts.settings, parts.script_location)
    if parts.seed is not None:
        await parts.seed()
    log.info("migrated", extra={"event": "MIGRATED"})
    return 0


async def _replay(parts: ServiceParts) -> int:
    if parts.replay is None:
        sys.stderr.write(f"{parts.service} publishes nothing\n")
        return 2
    sys.stdout.write(f"{await parts.replay()}\n")
    return 0


async def _dead_letters(parts: ServiceParts, arguments: argparse.Namespace) -> int:
    letters = await dead_letters.list_dead_letters(
        parts.db, include_replayed=arguments.action == "list" and arguments.all
    )
    if arguments.action == "list":
        sys.stdout.write("".join(orjson.dumps(letter).decode() + "\n" for letter in letters))
        return 0
    if isinstance(parts.clock, TenantClock):
        await parts.clock.refresh()
    nats = NatsConnection("", "", "")
    consumers = parts.consumers(nats, ConsumerMetrics()) if parts.consumers is not None else ()
    handlers = {consumer.durable: consumer.handle for consumer in consumers}
    ids = arguments.ids or [letter.dead_letter_id for letter in letters]
    outcome = await dead_letters.replay(parts.db, ids, handlers)
    sys.stdout.write("".join(f"{number} {error or 'ok'}\n" for number, error in outcome.items()))
    return 1 if any(outcome.values()) else 0


async def _closing(parts: ServiceParts, work: Awaitable[int]) -> int:
    try:
        return await work
    finally:
        await _all(parts.on_stop)
        await parts.db.dispose()
        parts.telemetry.flush()


async def _all(hooks: Sequence[Hook]) -> None:
    for hook in hooks:
        await hook()


def _run(work: Coroutine[Any, Any, int]) -> int:
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def _without_servers(settings: S) -> S:
    """Fill in what only a running process needs, so that a document can be made anywhere."""
    blanks: dict[str, Any] = {}
    for name in ("database_app_url", "database_worker_url", "database_owner_url"):
        if not getattr(settings, name).get_secret_value():
            blanks[name] = _NOWHERE
    if not settings.pii_master_key.get_secret_value():
        blanks["pii_master_key"] = SecretStr(base64.b64encode(bytes(32)).decode())
    return settings.model_copy(update=blanks)


def _die_with_parent() -> None:
    """Ask the kernel for a SIGTERM when the parent dies, if the parent asked for that.

    A supervisor that was killed cannot stop its children; without this they would hold its sockets and files.
    """
    if os.environ.get("BELA_DIE_WITH_PARENT") == "1" and sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)

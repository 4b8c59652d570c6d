"""What a running service is made of, and in what sequence its parts start and stop.

A service names its parts; which of them run in this process is the command line's choice (`bela_kit.service_cli`).
"""

import asyncio
import gc
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from starlette.types import ASGIApp

from bela_kit import idempotency, inbox, jobs, outbox_relay
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
from bela_kit.migrations import verify_head
from bela_kit.outbox_relay import OutboxRelay, RelayMetrics
from bela_kit.outbox_signal import CommitSignal, listen
from bela_kit.plumbing import KitTables
from bela_kit.settings import ServiceSettings
from bela_kit.telemetry import Telemetry

log = logging.getLogger(__name__)

Consumer = ProjectionConsumer | ReactionConsumer
Hook = Callable[[], Awaitable[object]]
ROLES = ("relay", "consumers", "jobs")

_HOUSEKEEPING_SECONDS = 3600.0
# Objects made before the youngest are looked through, and how many of such looks before the older ones are. The
# default of 700 is reached several times by a single request, whose objects nearly all end by themselves.
_COLLECT_AFTER = (20_000, 20, 20)


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


async def run_process(parts: ServiceParts, *, serve: bool, roles: Sequence[str]) -> int:
    """Run a service until a signal or a death ends it, and return its exit code.

    Args:
        parts: What the service is made of.
        serve: Whether it answers REST and gRPC.
        roles: Which of the worker's roles it takes: relay, consumers, jobs.
    """
    settings, health = parts.settings, Health()
    lifecycle = Lifecycle(health, drain_seconds=settings.drain_seconds, grace_seconds=settings.grace_seconds)
    lifecycle.add("telemetry", stop=lambda: asyncio.to_thread(parts.telemetry.flush))
    lifecycle.add("database", stop=parts.db.dispose)
    probes = HttpServer(create_probe_app(health, parts.telemetry), settings.bind("probe"))
    lifecycle.add("probes", probes.start, lambda: probes.stop(1))
    lifecycle.add("clients", stop=lambda: run_hooks(parts.on_stop))
    lifecycle.add("preparation", start=lambda: run_hooks(parts.on_start))
    health.add("database", lambda: verify_head(parts.db, parts.script_location), interval_seconds=5)
    lifecycle.add_task("health", health.run)
    if isinstance(parts.clock, TenantClock):
        lifecycle.add("clock", start=lambda: _first_settings(parts.clock))
        lifecycle.add_task("clock", parts.clock.run)
    lifecycle.add("memory", start=_spare_the_collector)
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
    consumers: Sequence[Consumer] = ()
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
        consumers = parts.consumers(nats, ConsumerMetrics(parts.telemetry.registry))
        for consumer in consumers:
            lifecycle.add_task(consumer.durable, consumer.run)
    if "jobs" in roles and parts.job_handlers:
        registry = parts.telemetry.registry
        runner = JobRunner(parts.db, parts.clock, parts.job_handlers, service=parts.service, registry=registry)
        if parts.job_waker is not None:
            parts.job_waker.connect(runner.wake)
        lifecycle.add_task("jobs", runner.run)
    if ready_with_broker:
        health.add("broker", lambda: _durables_exist(nats, consumers), interval_seconds=5)


async def _watch(nats: NatsConnection, stop: asyncio.Event) -> None:
    """End, and the process with it, once the client of the broker has given up for good."""
    waiting = [asyncio.create_task(event.wait()) for event in (stop, nats.failed)]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()


async def _durables_exist(nats: NatsConnection, consumers: Sequence[Consumer]) -> None:
    await nats.ready(1)
    for consumer in consumers:
        await nats.jetstream.consumer_info(consumer.stream, consumer.durable)


async def _spare_the_collector() -> None:
    """Look no more through what was imported, which never ends, and less often through what requests leave."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)


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


async def run_hooks(hooks: Sequence[Hook]) -> None:
    """Run hooks one after another."""
    for hook in hooks:
        await hook()

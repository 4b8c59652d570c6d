"""The way to the database: one short transaction per unit of work, bound to a tenant before anything else is said.

Three doors, and no fourth: a tenant's own rows, public rows, and plumbing across tenants. Nothing outside this module
commits. Row-level security does the filtering; a forgotten WHERE shows nothing of another tenant.
"""

import asyncio
import contextlib
import itertools
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, cast

import asyncpg
import orjson
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.util.concurrency import greenlet_spawn

from bela_kit.core.errors import Kind, ServiceError
from bela_kit.core.tenancy import SystemScope, TenantId
from bela_kit.settings import ServiceSettings

log = logging.getLogger(__name__)

_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
_PROBE = sa.text("SELECT 1")
# A server that is killed in the middle of an answer leaves the driver in a state of its own, which is neither of the
# first two: "cannot switch to state 12; another operation (2) is in progress".
_DRIVER_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
# serialization failure, deadlock, lock timeout, statement timeout
_BUSY = frozenset({"40001", "40P01", "55P03", "57014"})
_temporary = itertools.count(1)


class DatabaseUnavailable(ServiceError):
    """The database cannot be reached, or broke off before it confirmed the commit; the same request may be repeated."""

    kind = Kind.UNAVAILABLE
    reason = "DATABASE_UNAVAILABLE"

    def __init__(self) -> None:
        super().__init__("Penyimpanan data sedang tidak dapat dihubungi. Coba lagi sebentar.")


class DatabaseBusy(ServiceError):
    """Others held what this transaction needed, or it deadlocked with them; nothing happened, so it may be repeated."""

    kind = Kind.UNAVAILABLE
    reason = "DATABASE_BUSY"

    def __init__(self) -> None:
        super().__init__("Data ini sedang diubah oleh banyak permintaan. Coba lagi sebentar.")


@dataclass(slots=True)
class _Open:
    """The transaction that the current task is in."""

    connection: AsyncConnection
    driver: asyncpg.Connection
    tenant: str = ""
    open: bool = True
    callbacks: list[Callable[[], None]] = field(default_factory=list)


_current: ContextVar[_Open | None] = ContextVar("bela_transaction", default=None)


def new_metadata() -> sa.MetaData:
    """Return metadata with the naming convention that migrations and constraint errors rely on."""
    return sa.MetaData(naming_convention=_NAMING)


def in_transaction() -> bool:
    """Say whether the current task holds a transaction open; remote calls are refused while it does."""
    state = _current.get()
    return state is not None and state.open


def transaction_tenant() -> str:
    """Return the tenant the current transaction is bound to; empty in one of the worker role, or without any."""
    state = _current.get()
    return state.tenant if state is not None and state.open else ""


def after_commit(callback: Callable[[], None]) -> None:
    """Call back once the current transaction has committed; never after a rollback.

    Raises:
        RuntimeError: No transaction is open.
    """
    state = _current.get()
    if state is None or not state.open:
        raise RuntimeError("no transaction is open")
    state.callbacks.append(callback)


class Database:
    """Connections of one service: a pool for the application role and a smaller one for the worker role.

    Engines connect at first use, so a process that only serves keeps no worker connections.
    """

    def __init__(self, app_url: str, worker_url: str, *, pool_size: int = 10, worker_pool_size: int = 4) -> None:
        self._app = _engine(app_url, pool_size)
        # The worker says the same few keyed statements for ever. Left to itself, PostgreSQL plans those over arrays
        # anew each time, since it takes every array for ten elements, and that costs more than running them.
        self._worker = _engine(worker_url, worker_pool_size, plan_cache_mode="force_generic_plan")
        self.app_url = app_url
        self.worker_url = worker_url

    @classmethod
    def create(cls, settings: ServiceSettings) -> "Database":
        """Return the database that the settings name, not yet connected."""
        return cls(
            settings.database_app_url.get_secret_value(),
            settings.database_worker_url.get_secret_value(),
            pool_size=settings.database_pool_size,
            worker_pool_size=settings.database_worker_pool_size,
        )

    @asynccontextmanager
    async def tenant_transaction(self, tenant: TenantId) -> AsyncIterator[AsyncConnection]:
        """Open a transaction of the application role that sees and writes one tenant's rows; commit at the end.

        Raises:
            DatabaseUnavailable: No connection, or it broke; the effect happened entirely or not at all.
        """
        async with _transaction(self._app, tenant) as connection:
            yield connection

    @asynccontextmanager
    async def public_transaction(self) -> AsyncIterator[AsyncConnection]:
        """Open a read-only transaction without a tenant: only `public_*` and reference tables show rows."""
        async with _transaction(self._app, "", readonly=True) as connection:
            yield connection

    @asynccontextmanager
    async def system_transaction(self, scope: SystemScope) -> AsyncIterator[AsyncConnection]:
        """Open a transaction of the worker role across tenants, over plumbing and projections only."""
        log.debug("system transaction: %s", scope.reason)
        async with _transaction(self._worker, "") as connection:
            yield connection

    async def lone_query(self, sql: str, *arguments: Any) -> Sequence[asyncpg.Record]:
        """Run one query of the application role without a transaction, hence in one round trip instead of three.

        It shows public rows only, unless it binds a tenant itself as `statements.TenantQuery` does.

        Raises:
            DatabaseUnavailable: No connection, or it broke.
            DatabaseBusy: It took too long.
        """
        if in_transaction():
            raise RuntimeError("a transaction is open in this task; ask on its connection")
        for attempt in (1, 2):
            connection, driver = await _taken(self._app)
            dead = False
            try:
                return cast(Sequence[asyncpg.Record], await driver.fetch(sql, *arguments))
            except _DRIVER_ERRORS as error:
                dead = _is_dead(driver, error)
                if not dead and getattr(error, "sqlstate", None) in _BUSY:
                    raise DatabaseBusy from error
                if not dead:
                    raise
                # A connection that died in the pool is replaced; to ask twice changes nothing.
                if attempt == 2:
                    raise DatabaseUnavailable from error
            finally:
                await (_discard if dead else _give_back)(connection, driver)
        raise AssertionError("unreachable")

    async def dispose(self) -> None:
        """Close every connection of both pools."""
        await self._app.dispose()
        await self._worker.dispose()


def _engine(url: str, pool_size: int, **server_settings: str) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=5,
        # The connection that came back last: its backend has all it needs in the caches of the processor.
        pool_use_lifo=True,
        # Given back clean by `_transaction`.
        pool_reset_on_return=None,
        # SQLAlchemy opens and ends no transaction: the kit does, with the tenant in the same round trip.
        isolation_level="AUTOCOMMIT",
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
        connect_args={
            "timeout": 5,
            "server_settings": {
                "application_name": "bela",
                # Planning-time compilation never pays off for statements of a millisecond.
                "jit": "off",
                "lock_timeout": "5s",
                "statement_timeout": "30s",
                "idle_in_transaction_session_timeout": "60s",
                **server_settings,
            },
        },
    )


@asynccontextmanager
async def _transaction(engine: AsyncEngine, tenant: str, *, readonly: bool = False) -> AsyncIterator[AsyncConnection]:
    if in_transaction():
        # Two connections for one piece of work can exhaust the pool against itself, and would commit separately.
        raise RuntimeError("a transaction is already open in this task; pass its connection on")
    connection, driver = await _begin(engine, tenant, readonly)
    state = _Open(connection, driver, tenant)
    _current.set(state)
    try:
        yield connection
        if await driver.execute("COMMIT") != "COMMIT":
            raise RuntimeError("a statement had failed, so that nothing could be committed")
    except (DBAPIError, *_DRIVER_ERRORS) as error:
        if _is_dead(driver, error):
            raise DatabaseUnavailable from error
        if getattr(getattr(error, "orig", error), "sqlstate", None) in _BUSY:
            raise DatabaseBusy from error
        raise
    finally:
        state.open = False
        _current.set(None)
        await _give_back(connection, driver)
    for callback in state.callbacks:
        callback()


async def _begin(engine: AsyncEngine, tenant: str, readonly: bool) -> tuple[AsyncConnection, asyncpg.Connection]:
    """Take a connection, begin and bind the tenant in one round trip; a connection that died in the pool is replaced.

    The first round trip is the liveness check too: a ping per checkout would be another one.
    """
    quoted = tenant.replace("'", "''")
    statement = f"BEGIN{' READ ONLY' if readonly else ''}; SET LOCAL app.tenant = '{quoted}'"
    for attempt in (1, 2):
        connection, driver = await _taken(engine)
        try:
            await driver.execute(statement)
        except _DRIVER_ERRORS as error:
            await _discard(connection, driver)
            if not _is_dead(driver, error):
                raise
            if attempt == 2:
                raise DatabaseUnavailable from error
        except BaseException:
            await asyncio.shield(_end(connection, driver))
            raise
        else:
            return connection, driver
    raise AssertionError("unreachable")


async def _taken(engine: AsyncEngine) -> tuple[AsyncConnection, asyncpg.Connection]:
    try:
        opened, driver = await greenlet_spawn(_check_out, engine.sync_engine)
    except (OSError, DBAPIError, PoolTimeout) as error:
        raise DatabaseUnavailable from error
    return AsyncConnection(engine, opened), driver


def _check_out(engine: sa.Engine) -> tuple[sa.Connection, asyncpg.Connection]:
    """Take a connection and the driver's own beneath it, in one crossing into SQLAlchemy instead of two."""
    connection = engine.connect()
    return connection, cast(asyncpg.Connection, connection.connection.driver_connection)


def _is_dead(driver: asyncpg.Connection, error: BaseException) -> bool:
    return driver.is_closed() or isinstance(error, asyncpg.InternalClientError)


async def driver_of(connection: AsyncConnection) -> asyncpg.Connection:
    """Return the driver's connection beneath an open one."""
    state = _current.get()
    if state is not None and state.connection is connection:
        return state.driver
    driver = (await connection.get_raw_connection()).driver_connection
    if driver is None:
        raise RuntimeError("the connection is closed")
    return cast(asyncpg.Connection, driver)


async def _give_back(connection: AsyncConnection, driver: asyncpg.Connection) -> None:
    if driver.is_closed() or driver.is_in_transaction() or connection.sync_connection is None:
        # Shielded, so that a cancelled request gives its connection back clean.
        await asyncio.shield(_end(connection, driver))
    else:
        # Nothing to tell the server any more, so nothing to wait for.
        connection.sync_connection.close()


async def _end(connection: AsyncConnection, driver: asyncpg.Connection) -> None:
    """Give a connection back, rolled back if it was not committed."""
    try:
        if not driver.is_closed() and driver.is_in_transaction():
            await driver.execute("ROLLBACK")
    except _DRIVER_ERRORS:
        await connection.invalidate()
    finally:
        await connection.close()


async def _discard(connection: AsyncConnection, driver: asyncpg.Connection) -> None:
    """Give a connection back whose first statement failed; if it is dead, the whole pool is as old and is replaced."""
    if driver.is_closed():
        with contextlib.suppress(DBAPIError):
            await connection.execute(_PROBE)
    await _end(connection, driver)


async def copy_rows(
    connection: AsyncConnection,
    table: sa.Table,
    columns: Sequence[str],
    records: Iterable[tuple[Any, ...]],
    *,
    on_conflict: str = "",
) -> int:
    """Write many rows by COPY and return how many were inserted or updated.

    COPY straight into a table under row-level security is refused, so the rows pass through a temporary table, and the
    policies check them on the way out of it. Values of JSON columns are given as text. Rows keep their sequence.

    Args:
        connection: A connection inside a transaction.
        table: Where the rows go.
        columns: Names of the columns that the records hold, in their sequence.
        records: One tuple per row.
        on_conflict: The whole clause, for example `ON CONFLICT (tenant_id, id) DO NOTHING`.
    """
    name = f"copy_{next(_temporary)}_{table.name}"[:63]
    dialect = connection.dialect
    preparer = dialect.identifier_preparer
    shape = ", ".join(f"{preparer.quote(c)} {table.c[c].type.compile(dialect)}" for c in columns)
    names = ", ".join(preparer.quote(c) for c in columns)
    await connection.execute(sa.text(f'CREATE TEMPORARY TABLE "{name}" ({shape}) ON COMMIT DROP'))
    driver = await driver_of(connection)
    await driver.copy_records_to_table(name, records=records, columns=list(columns))
    result = await connection.execute(
        sa.text(f'INSERT INTO {preparer.format_table(table)} ({names}) SELECT {names} FROM "{name}" {on_conflict}')  # noqa: S608
    )
    return result.rowcount

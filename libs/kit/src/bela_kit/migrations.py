"""How a schema comes to be: the run itself, and the few steps every service's migrations repeat.

Policies and privileges are written here once, so that a table cannot be opened wider by accident of copying. Alembic is
imported only inside the functions that migrate: a serving process never pays for it.
"""

import ast
import asyncio
import functools
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from bela_kit.core.errors import Kind, ServiceError
from bela_kit.core.tenancy import SystemScope
from bela_kit.db import Database
from bela_kit.plumbing import PLUMBING_TABLES, KitTables, kit_tables
from bela_kit.plumbing_ddl import CREATE_PLUMBING, PRIVILEGES
from bela_kit.settings import ServiceSettings

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.operations import Operations

__all__ = [
    "KitTables",
    "SchemaOutdated",
    "create_plumbing",
    "kit_tables",
    "open_table",
    "protect_tenant_table",
    "run_env",
    "run_migrations",
    "verify_head",
]

_LOCK = 0x62656C61  # "bela": one migration run per database at a time
_LOCK_WAIT_SECONDS = 60
# A migration that waits for a lock holds up everybody behind it; one that needs longer says so with SET LOCAL.
MIGRATION_TIMEOUTS = {"lock_timeout": "5s", "statement_timeout": "60s"}
_OWN_ROWS = "tenant_id = current_setting('app.tenant'::text, true)"


class SchemaOutdated(ServiceError):
    """The database lacks migrations that this code needs; the process stays unready until they have run."""

    kind = Kind.UNAVAILABLE
    reason = "SCHEMA_OUTDATED"


def alembic_config(script_location: str | Path, connection: sa.Connection | None = None) -> "Config":
    """Return Alembic's configuration for a folder of migrations or a `package:folder`."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(script_location).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


async def run_migrations(settings: ServiceSettings | str, script_location: str | Path, revision: str = "head") -> None:
    """Bring the database to a revision, as its owner, over a direct connection.

    Two runs at once are safe: the second waits for the first, for a minute at most.

    Args:
        settings: The service's settings, or the owner's URL itself.
        script_location: Folder of the migrations, or `package:folder`.
        revision: Where to go; the newest by default.
    """
    url = settings if isinstance(settings, str) else settings.database_owner_url.get_secret_value()
    engine = create_async_engine(url, poolclass=NullPool, connect_args={"server_settings": dict(MIGRATION_TIMEOUTS)})
    try:
        async with engine.connect() as connection:
            await _lock(connection)
            await connection.run_sync(_upgrade, script_location, revision)
            await connection.commit()
    finally:
        await engine.dispose()


async def _lock(connection: AsyncConnection) -> None:
    deadline = time.monotonic() + _LOCK_WAIT_SECONDS
    # A session lock, because the run spans several transactions; safe here, as this connection never sees a pooler.
    while not await connection.scalar(sa.select(sa.func.pg_try_advisory_lock(_LOCK))):
        await connection.rollback()
        if time.monotonic() > deadline:
            raise SchemaOutdated("Migrasi lain sedang berjalan.")
        await asyncio.sleep(0.2)
    await connection.commit()


def _upgrade(connection: sa.Connection, script_location: str | Path, revision: str) -> None:
    from alembic import command

    command.upgrade(alembic_config(script_location, connection), revision)


def run_env(metadata: sa.MetaData) -> None:
    """Run the migrations; the whole body of a service's `migrations/env.py`."""
    from alembic import context

    connection = context.config.attributes["connection"]
    if connection is None:
        raise RuntimeError("migrations run through bela_kit.migrations.run_migrations")
    context.configure(
        connection=connection, target_metadata=metadata, transaction_per_migration=True, compare_server_default=True
    )
    with context.begin_transaction():
        context.run_migrations()


async def verify_head(database: Database, script_location: str | Path) -> None:
    """Check that the database has every migration this code knows; one that is ahead of the code is fine.

    Raises:
        SchemaOutdated: Migrations are missing.
    """
    known, heads = _revisions(Path(script_location))
    async with database.system_transaction(SystemScope("schema revision")) as connection:
        exists = await connection.scalar(sa.text("SELECT to_regclass('alembic_version') IS NOT NULL"))
        current = await connection.scalar(sa.text("SELECT version_num FROM alembic_version")) if exists else None
    if current is None or (current in known and current not in heads):
        raise SchemaOutdated(f"Skema basis data ada di {current or 'awal'}, aplikasi memerlukan {sorted(heads)}.")


@functools.cache
def _revisions(folder: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Read all revisions and the heads from the files themselves: Alembic's own way would load it into every server."""
    known: set[str] = set()
    followed: set[str] = set()
    for file in (folder / "versions").glob("*.py"):
        for line in file.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition("=")
            name = name.partition(":")[0].strip()
            if name == "revision":
                known.add(ast.literal_eval(value.strip()))
            elif name == "down_revision" and value.strip() != "None":
                followed.add(ast.literal_eval(value.strip()))
    return frozenset(known), frozenset(known - followed)


def service_name(op: "Operations") -> str:
    """Return the service that the migrating role `<service>_owner` belongs to."""
    role = str(op.get_bind().exec_driver_sql("SELECT current_user").scalar_one())
    if not role.endswith("_owner"):
        raise RuntimeError(f"migrations run as <service>_owner, not as {role}")
    return role.removesuffix("_owner")


def create_plumbing(op: Any) -> None:
    """Create outbox, inbox, idempotency keys, jobs, dead letters and the copy of tenants and grants, locked down."""
    service = service_name(op)
    for statement in CREATE_PLUMBING:
        op.execute(statement)
    for table, app, worker in PRIVILEGES:
        _force(op, table)
        if app:
            _own_rows_policy(op, table, service)
            op.execute(f"GRANT {app} ON {table} TO {service}_app")
        op.execute(f"CREATE POLICY {table}_worker ON {table} TO {service}_worker USING (true) WITH CHECK (true)")
        op.execute(f"GRANT {worker} ON {table} TO {service}_worker")
    # Every process keeps all tenants' time settings in memory; they are public facts.
    op.execute(f"CREATE POLICY tenants_read ON tenants FOR SELECT TO {service}_app USING (true)")
    op.execute(f"GRANT SELECT ON alembic_version TO {service}_app, {service}_worker")


def protect_tenant_table(
    op: Any,
    table: str,
    worker: Literal["none", "read", "write"] = "none",
    cross_tenant_indexes: tuple[str, ...] = (),
) -> None:
    """Close a table to everyone but its tenant; call it after the table's indexes have been made.

    Args:
        op: Alembic's operations.
        table: Name of the table, which has a column `tenant_id`.
        worker: Whether the worker role sees (`read`) or keeps (`write`) the rows of all tenants: projections only.
        cross_tenant_indexes: Indexes that do not begin with `tenant_id` on purpose, for work across tenants.

    Raises:
        RuntimeError: An index does not begin with `tenant_id`: it could not serve a tenant's query, and a unique one
            would tell a tenant about another's rows.
    """
    service = service_name(op)
    for index in cross_tenant_indexes:
        op.execute(f"COMMENT ON INDEX {index} IS 'cross-tenant'")
    wrong = [row[0] for row in op.get_bind().execute(sa.text(FOREIGN_INDEXES), {"table": table})]
    if wrong:
        raise RuntimeError(f"indexes of {table} that do not begin with tenant_id: {', '.join(wrong)}")
    _force(op, table)
    _own_rows_policy(op, table, service)
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {service}_app")
    if worker != "none":
        writes = worker == "write"
        command = "ALL" if writes else "SELECT"
        check = "WITH CHECK (true)" if writes else ""
        op.execute(f"CREATE POLICY {table}_worker ON {table} FOR {command} TO {service}_worker USING (true) {check}")
        op.execute(f"GRANT {'SELECT, INSERT, UPDATE, DELETE' if writes else 'SELECT'} ON {table} TO {service}_worker")


def open_table(
    op: Any, table: str, app: Literal["read", "write"] = "read", worker: Literal["read", "write"] = "write"
) -> None:
    """Register a table without policies: public columns only (`public_*`), or reference data that no tenant owns."""
    service = service_name(op)
    op.execute(f"COMMENT ON TABLE {table} IS 'open: no row-level security'")
    for role, access in ((f"{service}_app", app), (f"{service}_worker", worker)):
        rights = "SELECT, INSERT, UPDATE, DELETE" if access == "write" else "SELECT"
        op.execute(f"GRANT {rights} ON {table} TO {role}")


def _force(op: Any, table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _own_rows_policy(op: Any, table: str, service: str) -> None:
    op.execute(f"CREATE POLICY {table}_tenant ON {table} TO {service}_app USING ({_OWN_ROWS}) WITH CHECK ({_OWN_ROWS})")


# Indexes whose first column is not tenant_id; GIN and the like only have to hold it: their columns have no sequence.
FOREIGN_INDEXES = """
    SELECT i.relname
    FROM pg_index x
    JOIN pg_class i ON i.oid = x.indexrelid
    JOIN pg_class t ON t.oid = x.indrelid
    JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = current_schema()
    JOIN pg_am m ON m.oid = i.relam
    WHERE t.relname = :table
      AND COALESCE(obj_description(i.oid, 'pg_class'), '') <> 'cross-tenant'
      AND NOT EXISTS (
          SELECT 1 FROM pg_attribute a
          WHERE a.attrelid = t.oid AND a.attname = 'tenant_id'
            AND CASE WHEN m.amname = 'btree' THEN x.indkey[0] = a.attnum ELSE a.attnum = ANY (x.indkey) END
      )
    ORDER BY i.relname
"""

assert {table for table, _, _ in PRIVILEGES} == set(PLUMBING_TABLES)

"""The proof by rows: in every table of every service the application role sees and touches its own region's rows only.

The database of this module is a throwaway, so its checks and references are dropped first; then any row will do, and
the test needs to know nothing of any table.
"""

from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio
from bela_kit.plumbing import PLUMBING_TABLES
from bela_kit.testing.servers import PostgresServer

from .conftest import Migrated

MINE, OTHER = "3510", "6112"
_CONSTRAINTS = """
    SELECT c.conrelid::regclass::text AS table, c.conname AS name FROM pg_constraint c
    WHERE c.connamespace = current_schema()::regnamespace AND c.contype IN ('c', 'f')
"""
_TABLES = """
    SELECT c.relname AS name FROM pg_class c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND c.relrowsecurity
    ORDER BY c.relname
"""
_COLUMNS = """
    SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, t.typcategory::text AS category
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull
      AND NOT a.atthasdef AND a.attidentity = '' AND a.attgenerated = '' AND a.attname <> 'tenant_id'
"""
_VALUES = {"N": "1", "B": "false", "D": "2026-01-05", "S": "x", "A": "{}"}
_BY_TYPE = {"uuid": "01890000-0000-7000-8000-000000000001", "jsonb": "{}", "json": "{}", "bytea": "\\x00"}


STATEMENTS = {
    "insert": f"""INSERT INTO TABLE SELECT (jsonb_populate_record(t, '{{"tenant_id": "{OTHER}"}}')).* FROM TABLE t""",
    "move": f"UPDATE TABLE SET tenant_id = '{OTHER}'",
    "update": f"UPDATE TABLE SET tenant_id = tenant_id WHERE tenant_id = '{OTHER}'",
    "delete": f"DELETE FROM TABLE WHERE tenant_id = '{OTHER}'",
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def filled(migrated: Migrated, postgres: PostgresServer) -> AsyncIterator[tuple[Migrated, list[str]]]:
    """One row of two regions in every protected table."""
    url = postgres.url("postgres", migrated.database.name).replace("+asyncpg", "", 1)
    admin = await asyncpg.connect(url)
    for row in await admin.fetch(_CONSTRAINTS):
        await admin.execute(f'ALTER TABLE {row["table"]} DROP CONSTRAINT IF EXISTS "{row["name"]}" CASCADE')
    tables = [row["name"] for row in await admin.fetch(_TABLES)]
    for table in tables:
        columns = await admin.fetch(_COLUMNS, table)
        names = ", ".join(["tenant_id", *(f'"{column["name"]}"' for column in columns)])
        for number, tenant in enumerate((MINE, OTHER)):
            values = ", ".join(literal(column, number) for column in columns)
            await admin.execute(f"INSERT INTO {table} ({names}) VALUES ('{tenant}'{', ' if values else ''}{values})")
    yield migrated, tables
    await admin.close()


def literal(column: asyncpg.Record, number: int) -> str:
    kind = column["type"]
    value = _BY_TYPE.get(kind, _VALUES.get(column["category"], "x"))
    if kind == "uuid":
        value = value[:-1] + str(number + 1)
    elif column["category"] == "N":
        value = str(number + 1)
    elif column["category"] == "S":
        value = f"x{number}"
    return f"'{value}'::{kind}"


async def rows(connection: asyncpg.Connection, table: str, tenant: str | None) -> set[str]:
    """The regions whose rows a role sees; with a right it lacks it sees none."""
    try:
        async with connection.transaction():
            if tenant is not None:
                await connection.execute("SELECT set_config('app.tenant', $1, true)", tenant)
            return {row["tenant_id"] for row in await connection.fetch(f"SELECT tenant_id FROM {table}")}
    except asyncpg.InsufficientPrivilegeError:
        return set()


async def test_the_application_sees_its_own_rows_only(filled: tuple[Migrated, list[str]]) -> None:
    migrated, tables = filled
    app = await migrated.database.connect("app")
    try:
        for table in tables:
            # Every process knows every region's zone and clock (kit, `tenants_read`); public facts.
            expected = {MINE, OTHER} if table == "tenants" else {MINE}
            assert await rows(app, table, MINE) <= expected, table
            if table not in PLUMBING_TABLES:
                assert await rows(app, table, MINE) == {MINE}, table
    finally:
        await app.close()


async def test_without_a_region_there_are_no_rows(filled: tuple[Migrated, list[str]]) -> None:
    migrated, tables = filled
    app = await migrated.database.connect("app")
    try:
        for tenant in (None, "", "35", "3510' OR '1'='1"):
            for table in tables:
                if table != "tenants":
                    assert await rows(app, table, tenant) == set(), (table, tenant)
    finally:
        await app.close()


@pytest.mark.parametrize("act", ["insert", "move", "update", "delete"])
async def test_the_application_cannot_touch_another_regions_rows(filled: tuple[Migrated, list[str]], act: str) -> None:
    migrated, tables = filled
    app = await migrated.database.connect("app")
    try:
        for table in tables:
            transaction = app.transaction()
            await transaction.start()
            try:
                await app.execute("SELECT set_config('app.tenant', $1, true)", MINE)
                done = await app.execute(STATEMENTS[act].replace("TABLE", table))
                assert done.split()[-1] == "0", f"{act} on {table}: {done}"
            except (asyncpg.InsufficientPrivilegeError, asyncpg.GeneratedAlwaysError) as refused:
                assert "row-level security" in str(refused) or "permission denied" in str(refused) or act == "insert"
            finally:
                await transaction.rollback()
    finally:
        await app.close()


async def test_the_worker_sees_what_its_policies_open_and_nothing_else(filled: tuple[Migrated, list[str]]) -> None:
    migrated, tables = filled
    worker = await migrated.database.connect("worker")
    opened = {
        row["tablename"]
        for row in await worker.fetch(
            "SELECT tablename FROM pg_policies WHERE $1 = ANY (roles)", f"{migrated.service}_worker"
        )
    }
    try:
        for table in tables:
            assert await rows(worker, table, None) == ({MINE, OTHER} if table in opened else set()), table
    finally:
        await worker.close()

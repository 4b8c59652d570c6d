"""The schema that migrations make is the schema the code means, and it is closed."""

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from bela_kit.core.tenancy import SystemScope
from bela_kit.db import Database, new_metadata
from bela_kit.migrations import SchemaOutdated, run_migrations, verify_head
from bela_kit.plumbing import kit_tables
from bela_kit.testing.audit import audit_policies, list_policies
from bela_kit.testing.databases import ServiceDatabase, provision_database
from bela_kit.testing.servers import PostgresServer
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

MIGRATIONS = Path(__file__).parent / "migrations"
SCOPE = SystemScope("test")


async def test_migrated_plumbing_equals_its_tables(sample: ServiceDatabase) -> None:
    metadata = new_metadata()
    kit_tables(metadata)

    def differences(connection: sa.Connection) -> list[object]:
        options = {"compare_server_default": True, "include_name": lambda n, t, p: t != "table" or n in metadata.tables}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))

    engine = create_async_engine(sample.owner_url, poolclass=NullPool)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_every_table_is_closed(db: Database) -> None:
    async with db.system_transaction(SCOPE) as connection:
        assert await audit_policies(connection) == []
        tables = {table.name: table for table in await list_policies(connection)}
    assert {"things", "thing_counts", "public_things", "outbox_messages", "grants"} <= set(tables)
    assert tables["things"].forced
    assert tables["public_things"].open


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("CREATE TABLE loose (tenant_id text PRIMARY KEY)", "loose: row-level security is not forced"),
        ("ALTER TABLE things NO FORCE ROW LEVEL SECURITY", "things: row-level security is not forced"),
        ("CREATE POLICY wide ON things TO sample_app USING (true)", "things: policy wide opens true"),
        ("CREATE POLICY all_in ON things USING (true)", "things: policy all_in is for public"),
        ("CREATE UNIQUE INDEX u ON things (thing_id)", "things: index u does not begin with tenant_id"),
        ("CREATE VIEW seen AS SELECT * FROM things", "seen: the view reads with its owner's rights"),
        ("CREATE TABLE public_more (id text)", "public_more: is named public_ but not registered by open_table"),
    ],
)
async def test_audit_finds(sample: ServiceDatabase, db: Database, statement: str, problem: str) -> None:
    owner = await sample.connect()
    await owner.execute(statement)
    await owner.close()
    async with db.system_transaction(SCOPE) as connection:
        assert problem in await audit_policies(connection)


async def test_two_runs_at_once_migrate_once(postgres: PostgresServer) -> None:
    database = await provision_database(postgres, "sample", "sample_twice")
    await asyncio.gather(*(run_migrations(database.owner_url, MIGRATIONS) for _ in range(2)))
    db = database.open()
    await verify_head(db, MIGRATIONS)
    await db.dispose()


async def test_database_behind_the_code_is_refused_and_one_ahead_is_not(
    sample: ServiceDatabase, db: Database, tmp_path: Path
) -> None:
    newer = tmp_path / "versions"
    newer.mkdir()
    (newer / "a.py").write_text('revision = "202611210900"\ndown_revision = None\n')
    await verify_head(db, tmp_path)
    other = tmp_path / "ahead"
    (other / "versions").mkdir(parents=True)
    (other / "versions" / "a.py").write_text('revision = "202611210900"\ndown_revision = None\n')
    (other / "versions" / "b.py").write_text('revision: str = "2"\ndown_revision: str | None = "202611210900"\n')
    with pytest.raises(SchemaOutdated):
        await verify_head(db, other)
    owner = await sample.connect()
    await owner.execute("UPDATE alembic_version SET version_num = '9'")
    await owner.close()
    await verify_head(db, other)


async def test_roles_of_one_service_cannot_enter_the_database_of_another(
    postgres: PostgresServer, sample: ServiceDatabase
) -> None:
    await provision_database(postgres, "stranger")
    engine = create_async_engine(postgres.url("stranger_app", sample.name), poolclass=NullPool)
    with pytest.raises(Exception, match="permission denied"):
        async with engine.connect():
            pass
    await engine.dispose()

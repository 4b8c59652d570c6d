import importlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
import sqlalchemy as sa
from bela_kit.testing.databases import ServiceDatabase
from bela_kit.testing.plugin import DatabaseFactory
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

SERVICES = ("vendor", "catalog", "order", "reporting")


@dataclass(frozen=True)
class Migrated:
    """A service's database as its migrations made it, seen by its owner."""

    service: str
    database: ServiceDatabase
    connection: AsyncConnection
    metadata: sa.MetaData


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=SERVICES)
async def migrated(
    request: pytest.FixtureRequest, service_database: DatabaseFactory, repository: Path
) -> AsyncIterator[Migrated]:
    service: str = request.param
    home = repository / "services" / service / "src" / f"{service}_service"
    database = await service_database(service, home / "migrations")
    # A service's features bring tables of their own, which attach to its metadata when they are imported.
    importlib.import_module(f"{service}_service.bootstrap")
    tables = importlib.import_module(f"{service}_service.adapters.tables")
    engine = create_async_engine(database.owner_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        yield Migrated(service, database, connection, tables.metadata)
    await engine.dispose()

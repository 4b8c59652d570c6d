from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from bela_kit.db import Database, new_metadata
from bela_kit.plumbing import KitTables, kit_tables
from bela_kit.testing.databases import ServiceDatabase
from bela_kit.testing.plugin import DatabaseFactory

MIGRATIONS = Path(__file__).parent / "migrations"


@pytest_asyncio.fixture(loop_scope="session")
async def sample(service_database: DatabaseFactory) -> ServiceDatabase:
    """A fresh database of an imagined service."""
    return await service_database("sample", MIGRATIONS)


@pytest_asyncio.fixture(loop_scope="session")
async def db(sample: ServiceDatabase) -> AsyncIterator[Database]:
    database = sample.open()
    yield database
    await database.dispose()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def tables() -> KitTables:
    return kit_tables(new_metadata())

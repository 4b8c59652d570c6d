"""A migrated database of reporting per module, emptied before each test, and a shortcut to project events into it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path

import pytest_asyncio
import reporting_service
import sqlalchemy as sa
from bela_kit.core.tenancy import SystemScope
from bela_kit.db import Database
from bela_kit.events import ReceivedEvent
from bela_kit.testing.databases import ServiceDatabase
from bela_kit.testing.plugin import DatabaseFactory
from reporting_service.adapters.tables import READ_MODELS
from reporting_service.projections.budget import project_budget
from reporting_service.projections.orders import project_orders
from reporting_service.projections.products import project_products
from reporting_service.projections.vendors import project_vendors

MIGRATIONS = Path(reporting_service.__file__).parent / "migrations"

Project = Callable[[Sequence[ReceivedEvent]], Awaitable[None]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def reporting_database(service_database: DatabaseFactory) -> ServiceDatabase:
    return await service_database("reporting", MIGRATIONS)


@pytest_asyncio.fixture(loop_scope="session")
async def db(reporting_database: ServiceDatabase) -> AsyncIterator[Database]:
    database = reporting_database.open()
    await empty(database)
    yield database
    await database.dispose()


async def empty(database: Database) -> None:
    async with database.system_transaction(SystemScope("test")) as connection:
        for table in READ_MODELS:
            await connection.execute(sa.delete(table))


@pytest_asyncio.fixture(loop_scope="session")
async def project(db: Database) -> Project:
    """Project a mixed batch, each event by the projection of its stream, in one worker transaction each."""

    async def run(events: Sequence[ReceivedEvent]) -> None:
        parts = (
            (project_vendors, [event for event in events if event.source == "vendor"]),
            (project_products, [event for event in events if event.source == "catalog"]),
            (project_orders, [event for event in events if event.name.startswith("order_")]),
            (project_budget, [event for event in events if event.name in {"budget_line_changed", "unit_changed"}]),
        )
        for projection, batch in parts:
            if batch:
                async with db.system_transaction(SystemScope("test")) as connection:
                    await projection(connection, batch)

    return run

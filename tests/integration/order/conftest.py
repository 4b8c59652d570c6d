from collections.abc import AsyncIterator

import httpx
import pytest_asyncio
from bela_kit.core.clock import FixedClock
from bela_kit.telemetry import setup
from bela_kit.testing.plugin import DatabaseFactory
from bela_kit.testing.tokens import TokenIssuer
from order_service.bootstrap import MIGRATIONS, assemble
from order_service.config import OrderSettings

from tests.fakes.order import MemoryCatalog, MemoryRegistry

from .described import Described
from .world import World, at


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def world(service_database: DatabaseFactory, token_issuer: TokenIssuer) -> AsyncIterator[World]:
    """Banyuwangi on 5 January 2026, without units, budget or sellers."""
    database = await service_database("order", MIGRATIONS)
    settings = OrderSettings(
        environment="test",
        auth_issuer=token_issuer.issuer,
        database_owner_url=database.owner_url,
        database_app_url=database.app_url,
        database_worker_url=database.worker_url,
    )
    db, clock = database.open(), FixedClock(at("2026-01-05"))
    catalog, registry = MemoryCatalog(), MemoryRegistry()
    parts = assemble(
        settings,
        db=db,
        catalog=catalog,
        registry=registry,
        verifier=token_issuer.verifier(settings),
        telemetry=setup(settings, "order"),
        clock=clock,
    )
    transport = httpx.ASGITransport(app=parts.rest_app)
    described = Described(parts.rest_app.openapi())  # type: ignore[attr-defined]
    hooks = {"response": [described.check]}
    async with httpx.AsyncClient(transport=transport, base_url="http://order", event_hooks=hooks) as http:
        made = World(parts, database, db, clock, catalog, registry, token_issuer, http, described)
        await made.create_region("3510")
        yield made
    await db.dispose()

from collections.abc import AsyncIterator

import httpx
import pytest_asyncio
from bela_kit.testing.plugin import DatabaseFactory
from bela_kit.testing.tokens import TokenIssuer
from catalog_service.bootstrap import MIGRATIONS, build
from catalog_service.config import CatalogSettings

from .world import NOW, REGIONS, Catalog, KnownRegions


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def catalog(service_database: DatabaseFactory, token_issuer: TokenIssuer) -> AsyncIterator[Catalog]:
    """A catalog with reference data and no businesses."""
    database = await service_database("catalog", MIGRATIONS)
    settings = CatalogSettings(
        environment="test",
        auth_issuer=token_issuer.issuer,
        database_owner_url=database.owner_url,
        database_app_url=database.app_url,
        database_worker_url=database.worker_url,
    )
    db, clock = database.open(), KnownRegions(NOW)
    parts = build(settings, db=db, clock=clock, verifier=token_issuer.verifier(settings))
    assert parts.seed is not None
    await parts.seed()
    transport = httpx.ASGITransport(app=parts.rest_app)
    async with httpx.AsyncClient(transport=transport, base_url="http://catalog") as http:
        made = Catalog(parts, database, db, clock, token_issuer, http)
        for region in sorted(REGIONS):
            await made.grant(f"officer.{region}", "koperindag_officer", region=region)
        yield made
    await db.dispose()

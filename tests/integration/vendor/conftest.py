from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest_asyncio
from bela_kit.testing.plugin import DatabaseFactory
from bela_kit.testing.tokens import TokenIssuer
from vendor_service.bootstrap import MIGRATIONS, build
from vendor_service.config import VendorSettings

from .world import NOW, REGIONS, KnownRegions, Register


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def register(
    service_database: DatabaseFactory, token_issuer: TokenIssuer, tmp_path_factory
) -> AsyncIterator[Register]:
    """An empty register with areas, and one officer in each region."""
    database = await service_database("vendor", MIGRATIONS)
    folder: Path = tmp_path_factory.mktemp("files")
    settings = VendorSettings(
        environment="test",
        auth_issuer=token_issuer.issuer,
        database_owner_url=database.owner_url,
        database_app_url=database.app_url,
        database_worker_url=database.worker_url,
        files_folder=str(folder),
        pii_master_key="QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI=",
    )
    db, clock = database.open(), KnownRegions(NOW)
    parts = build(settings, db=db, clock=clock, verifier=token_issuer.verifier(settings))
    assert parts.seed is not None
    await parts.seed()
    transport = httpx.ASGITransport(app=parts.rest_app)
    async with httpx.AsyncClient(transport=transport, base_url="http://vendor", timeout=60) as http:
        made = Register(parts, database, db, clock, token_issuer, http, folder)
        for region in sorted(REGIONS):
            await made.tell_region(region)
            await made.grant(f"officer.{region}", "koperindag_officer", region=region)
            await made.grant(f"lpse.{region}", "lpse_admin", region=region)
            await made.grant(f"pp.{region}", "pp", region=region)
        yield made
    await db.dispose()

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from bela_kit.core.clock import FixedClock
from bela_kit.db import Database
from bela_kit.jetstream import ConsumerMetrics
from bela_kit.service_cli import ServiceParts
from bela_kit.settings import ServiceSettings
from bela_kit.telemetry import setup
from bela_kit.testing.databases import ServiceDatabase
from bela_kit.testing.plugin import DatabaseFactory
from bela_kit.testing.tokens import TokenIssuer

SERVICES = ("vendor", "catalog", "order", "reporting")


@dataclass
class Listener:
    """A service's consumers over a migrated database, without a broker."""

    service: str
    database: ServiceDatabase
    db: Database
    consumers: dict[str, Any] = field(default_factory=dict)


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=SERVICES)
async def listener(
    request: pytest.FixtureRequest, service_database: DatabaseFactory, token_issuer: TokenIssuer, tmp_path_factory: Any
) -> AsyncIterator[Listener]:
    service: str = request.param
    module = __import__(f"{service}_service.bootstrap", fromlist=["build"])
    config = __import__(f"{service}_service.config", fromlist=["config"])
    database = await service_database(service, module.MIGRATIONS)
    own: dict[str, str] = {}
    if service == "vendor":
        own = {"pii_master_key": "QkJC" * 10 + "QkI=", "files_folder": str(tmp_path_factory.mktemp("files"))}
    settings: ServiceSettings = getattr(config, f"{service.capitalize()}Settings")(
        environment="test",
        auth_issuer=token_issuer.issuer,
        database_owner_url=database.owner_url,
        database_app_url=database.app_url,
        database_worker_url=database.worker_url,
        **own,
    )
    db = database.open()
    parts = assembled(service, module, settings, db, token_issuer)
    made = Listener(service, database, db)
    nobody: Any = None
    made.consumers = {one.durable: one for one in parts.consumers(nobody, ConsumerMetrics())}  # type: ignore[misc]
    yield made
    await db.dispose()


def assembled(service: str, module: Any, settings: Any, db: Database, issuer: TokenIssuer) -> ServiceParts:
    """The parts of a service, wired as its own bootstrap does it."""
    clock = FixedClock(datetime(2026, 3, 2, 3, tzinfo=UTC))
    verifier = issuer.verifier(settings)
    parts: ServiceParts
    if service == "order":
        outside = {"catalog": None, "registry": None, "telemetry": setup(settings, service)}
        parts = module.assemble(settings, db=db, clock=clock, verifier=verifier, **outside)
    elif service == "reporting":
        parts = module.build(settings, database=db, clock=clock, verifier=verifier)
    else:
        parts = module.build(settings, db=db, clock=clock, verifier=verifier)
    return parts

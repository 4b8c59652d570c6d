"""Puts the service together: the only module that names concrete adapters."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from bela.catalog.v1 import catalog_service_pb2_grpc as stubs
from bela_kit.auth import TokenVerifier, Verifier
from bela_kit.authority import TenantClock, project_authority
from bela_kit.core.clock import Clock
from bela_kit.db import Database
from bela_kit.jetstream import ConsumerMetrics, NatsConnection, ProjectionConsumer
from bela_kit.outbox import Outbox
from bela_kit.rest import create_app
from bela_kit.service_cli import ServiceParts, Waker
from bela_kit.telemetry import setup
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog_service.adapters.doors import SqlDoors
from catalog_service.adapters.hold_states import SqlHoldStates
from catalog_service.adapters.listings import SqlListings
from catalog_service.adapters.reference_store import ReferenceTables, load_reference, read_seed
from catalog_service.adapters.replay import replay
from catalog_service.adapters.tables import kit
from catalog_service.adapters.unit_of_work import SqlUnitOfWork
from catalog_service.adapters.vendor_copies import SqlVendorCopies
from catalog_service.config import CatalogSettings
from catalog_service.entrypoints.events.handlers import Project, order_reactions, vendor_projection
from catalog_service.entrypoints.grpc.catalog_servicer import ALLOWED_CALLERS, CatalogServicer
from catalog_service.entrypoints.rest.api import Api
from catalog_service.entrypoints.rest.app import routers

MIGRATIONS = Path(__file__).parent / "migrations"


def build(
    settings: CatalogSettings,
    *,
    db: Database | None = None,
    clock: Clock | None = None,
    verifier: Verifier | None = None,
) -> ServiceParts:
    """Return the parts of the service, none of them started; tests may bring their own database, clock and keys."""
    db = db or Database.create(settings)
    clock = clock or TenantClock(db)
    verifier = verifier or TokenVerifier(settings)
    telemetry = setup(settings, "catalog")
    waker = Waker()
    outbox = Outbox(kit, "catalog", waker)
    reference = ReferenceTables(db)
    doors = SqlDoors(db, outbox, reference)

    async def unit_of_work(connection: AsyncConnection) -> SqlUnitOfWork:
        return SqlUnitOfWork(connection, outbox, await reference.book(connection))

    async def listings(connection: AsyncConnection) -> SqlListings:
        return SqlListings(connection, await reference.vocabulary(connection))

    async def seed() -> None:
        document = await asyncio.to_thread(read_seed, settings.seed_path())
        await load_reference(settings.database_owner_url.get_secret_value(), document)

    api = Api(db, clock, reference, unit_of_work, listings)
    rest_app = create_app(
        settings,
        service="catalog",
        title="Bela: katalog",
        routers=routers(api),
        tenant_collection="regions",
        db=db,
        clock=clock,
        tables=kit,
        verifier=verifier,
        telemetry=telemetry,
    )
    return ServiceParts(
        service="catalog",
        settings=settings,
        db=db,
        tables=kit,
        clock=clock,
        telemetry=telemetry,
        verifier=verifier,
        script_location=MIGRATIONS,
        rest_app=rest_app,
        grpc_services=[(stubs.add_CatalogServiceServicer_to_server, CatalogServicer(doors, doors, reference, clock))],
        allowed_callers=ALLOWED_CALLERS,
        outbox_waker=waker,
        consumers=lambda nats, metrics: _consumers(nats, db, settings.consumer_batch_events, metrics),
        replay=lambda: replay(db, outbox),
        seed=seed,
    )


def _consumers(
    nats: NatsConnection, db: Database, batch: int, metrics: ConsumerMetrics
) -> Sequence[ProjectionConsumer]:
    """Return the four durables the catalog listens on; they are declared in `deploy/nats/consumers.yaml`."""
    wanted: tuple[tuple[str, str, Project], ...] = (
        ("BELA_ORDER_V1", "catalog__order_authority", project_authority),
        ("BELA_ORDER_V1", "catalog__order_reactions", order_reactions(SqlHoldStates)),
        ("BELA_VENDOR_V1", "catalog__vendor_authority", project_authority),
        ("BELA_VENDOR_V1", "catalog__vendor_projection", vendor_projection(SqlVendorCopies)),
    )
    return [
        ProjectionConsumer(nats, db, kit, stream=stream, durable=durable, project=project, batch=batch, metrics=metrics)
        for stream, durable, project in wanted
    ]

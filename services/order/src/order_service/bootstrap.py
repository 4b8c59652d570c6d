"""Puts the order service together; the only module that names concrete adapters."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from bela_kit.auth import ServiceTokenSource, TokenVerifier, Verifier
from bela_kit.authority import TenantClock
from bela_kit.core.clock import Clock
from bela_kit.core.tenancy import TenantId
from bela_kit.db import Database
from bela_kit.grpc_client import channel
from bela_kit.jetstream import ConsumerMetrics, NatsConnection, ProjectionConsumer
from bela_kit.outbox import Outbox
from bela_kit.rest import create_app
from bela_kit.service_cli import ServiceParts, Waker
from bela_kit.telemetry import Telemetry, setup
from sqlalchemy.ext.asyncio import AsyncConnection

from order_service.adapters.catalog_client import GrpcCatalog
from order_service.adapters.read_models import SqlReads
from order_service.adapters.region_clock import RegionClock, read_holidays
from order_service.adapters.replay import replay_everything
from order_service.adapters.repositories.orders import DEADLINE_JOB
from order_service.adapters.repositories.placing_case import CasesAlone
from order_service.adapters.tables import plumbing
from order_service.adapters.unit_of_work import SqlUnitOfWork
from order_service.adapters.vendor_client import GrpcVendorRegistry
from order_service.adapters.vendor_projection import project_grants, project_vendors
from order_service.application.ports import Catalog, VendorRegistry
from order_service.config import OrderSettings
from order_service.entrypoints.jobs.deadlines import order_deadline_handler
from order_service.entrypoints.rest.app import routers
from order_service.entrypoints.rest.edge import Services

SERVICE = "order"
MIGRATIONS = Path(__file__).parent / "migrations"
_STREAM = "BELA_VENDOR_V1"


def build(settings: OrderSettings) -> ServiceParts:
    """Return the parts of the order service, nothing started."""
    telemetry = setup(settings, SERVICE)
    tokens = ServiceTokenSource(settings)
    catalog = channel(settings.catalog_target, tokens, telemetry=telemetry)
    registry = channel(settings.vendor_target, tokens, telemetry=telemetry)
    return assemble(
        settings,
        db=Database.create(settings),
        catalog=GrpcCatalog(catalog, timeout_seconds=settings.catalog_deadline_seconds),
        registry=GrpcVendorRegistry(registry, timeout_seconds=settings.vendor_deadline_seconds),
        verifier=TokenVerifier(settings),
        telemetry=telemetry,
        on_stop=(catalog.close, registry.close),
    )


def assemble(
    settings: OrderSettings,
    *,
    db: Database,
    catalog: Catalog,
    registry: VendorRegistry,
    verifier: Verifier,
    telemetry: Telemetry,
    clock: Clock | None = None,
    on_stop: Sequence[Callable[[], Awaitable[object]]] = (),
) -> ServiceParts:
    """Return the parts around given doors to the outside; tests give their own."""
    tenant_clock = TenantClock(db)
    used_clock: Clock = clock or tenant_clock
    waker = Waker()
    outbox = Outbox(plumbing, SERVICE, waker)

    def unit_of_work(connection: AsyncConnection, tenant: TenantId) -> SqlUnitOfWork:
        return SqlUnitOfWork(connection, tenant, outbox)

    services = Services(
        db=db,
        clock=RegionClock(used_clock, read_holidays(settings.holidays_path())),
        catalog=catalog,
        registry=registry,
        unit_of_work=unit_of_work,
        cases=lambda tenant: CasesAlone(db, tenant),
        reads=SqlReads,
        refresh_clock=tenant_clock.refresh,
        production=settings.environment == "production",
    )
    return ServiceParts(
        service=SERVICE,
        settings=settings,
        db=db,
        tables=plumbing,
        clock=used_clock,
        telemetry=telemetry,
        verifier=verifier,
        script_location=MIGRATIONS,
        rest_app=create_app(
            settings,
            service=SERVICE,
            title="Bela: pesanan",
            routers=routers(services),
            tenant_collection="regions",
            db=db,
            clock=used_clock,
            tables=plumbing,
            verifier=verifier,
            telemetry=telemetry,
        ),
        outbox_waker=waker,
        consumers=lambda nats, metrics: _consumers(nats, metrics, db),
        job_handlers={DEADLINE_JOB: order_deadline_handler(services)},
        replay=lambda: replay_everything(db, tenant_clock, outbox),
        on_stop=on_stop,
    )


def _consumers(nats: NatsConnection, metrics: ConsumerMetrics, db: Database) -> list[ProjectionConsumer]:
    return [
        ProjectionConsumer(
            nats, db, plumbing, stream=_STREAM, durable=f"order__{purpose}", project=project, metrics=metrics
        )
        for purpose, project in (("vendor_projection", project_vendors), ("vendor_authority", project_grants))
    ]

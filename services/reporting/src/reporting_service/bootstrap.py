"""Puts reporting together: the one module that names concrete adapters."""

from pathlib import Path

from bela_kit.auth import TokenVerifier, Verifier
from bela_kit.authority import TenantClock
from bela_kit.core.clock import Clock
from bela_kit.db import Database
from bela_kit.rest import create_app
from bela_kit.service_cli import ServiceParts
from bela_kit.telemetry import setup

from reporting_service.adapters.areas import load_areas
from reporting_service.adapters.tables import plumbing
from reporting_service.config import ReportingSettings
from reporting_service.entrypoints.events.subscriptions import consumers
from reporting_service.entrypoints.rest.documents import documents_router
from reporting_service.entrypoints.rest.feeds import feeds_router
from reporting_service.entrypoints.rest.reports import reports_router

MIGRATIONS = Path(__file__).parent / "migrations"


def build(
    settings: ReportingSettings,
    *,
    database: Database | None = None,
    clock: Clock | None = None,
    verifier: Verifier | None = None,
) -> ServiceParts:
    """Return the parts of the service; nothing is started. Tests put in a database, a clock or a verifier."""
    database = database or Database.create(settings)
    clock = clock or TenantClock(database)
    verifier = verifier or TokenVerifier(settings)
    telemetry = setup(settings, "reporting")
    app = create_app(
        settings,
        service="reporting",
        title="Bela: pelaporan",
        routers=[
            reports_router(database, clock),
            feeds_router(database, clock, settings.public_url),
            documents_router(settings.openapi_file),
        ],
        tenant_collection="regions",
        db=database,
        clock=clock,
        tables=plumbing,
        verifier=verifier,
        telemetry=telemetry,
    )
    return ServiceParts(
        service="reporting",
        settings=settings,
        db=database,
        tables=plumbing,
        clock=clock,
        telemetry=telemetry,
        verifier=verifier,
        script_location=MIGRATIONS,
        rest_app=app,
        publishes=False,
        seed=lambda: load_areas(database, settings.areas_path),
        consumers=lambda nats, metrics: consumers(nats, database, metrics),
    )

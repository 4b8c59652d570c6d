"""Builds the REST application of one service, and the small one beside it that answers probes."""

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.middleware import Middleware
from starlette.responses import Response

from bela_kit.auth import Verifier
from bela_kit.core.clock import Clock
from bela_kit.db import Database
from bela_kit.plumbing import KitTables
from bela_kit.rest.context import Edge, PublicContext
from bela_kit.rest.errors import install_handlers
from bela_kit.rest.middleware import RequestMiddleware, guard_route
from bela_kit.rest.openapi import documented, install_openapi
from bela_kit.rest.schema import Schema, json_response
from bela_kit.settings import ServiceSettings
from bela_kit.telemetry import Telemetry


class TenantTimeView(Schema):
    """What time it is for a tenant."""

    now: str
    zone: str
    demo: bool


def create_app(
    settings: ServiceSettings,
    *,
    service: str,
    title: str,
    routers: Sequence[APIRouter],
    tenant_collection: str,
    db: Database,
    clock: Clock,
    tables: KitTables,
    verifier: Verifier,
    telemetry: Telemetry,
) -> FastAPI:
    """Return the REST application of a service.

    Args:
        settings: The service's settings.
        service: First segment of every path, and first word of every operation id.
        title: Title of the OpenAPI document.
        routers: The service's operations, whose paths are complete.
        tenant_collection: Plural of the tenant in paths; the path parameter is its singular, without the last letter.
        db: The service's database.
        clock: Tells the time of a tenant.
        tables: The plumbing tables of the service.
        verifier: Checks bearer tokens.
        telemetry: What is measured with.
    """
    app = FastAPI(
        title=title,
        version="1.0.0",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # The kit's own middleware makes the span and counts; FastAPI's would do both again, and log what was refused.
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
        middleware=[Middleware(RequestMiddleware, telemetry=telemetry)],
    )
    parameter = tenant_collection.removesuffix("s")
    app.state.edge = Edge(service, parameter, db, clock, verifier)
    app.state.settings = settings
    app.state.tables = tables
    install_handlers(app)
    for router in [*routers, _time_router(f"/{service}/v1/{tenant_collection}/{{{parameter}}}/time", clock)]:
        for route in router.routes:
            # Not include_router: it would copy every route, and hide from the guard what a route takes.
            if isinstance(route, APIRoute):
                route.operation_id = route.operation_id or f"{service}_{route.name}"
                guard_route(route)
            app.router.routes.append(route)
    install_openapi(app, tenant_parameter=parameter)
    return app


def _time_router(path: str, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.get(
        path,
        response_model=TenantTimeView,
        **documented(example={"now": "2026-03-02T09:15:00+07:00", "zone": "Asia/Jakarta", "demo": False}),
    )
    async def time(ctx: PublicContext) -> Response:
        """Tell what time it is for a tenant; in a demonstration this is not the time of the world."""
        local = ctx.now.astimezone(clock.zone(ctx.tenant))
        kept = clock.settings(ctx.tenant)
        return json_response({"now": local.isoformat(timespec="seconds"), "zone": kept.zone, "demo": kept.demo})

    return router

"""An imagined service of three operations, run as a process by test_service_process.py."""

import asyncio
import sys
from pathlib import Path
from typing import Any

from bela_kit import telemetry
from bela_kit.auth import TokenVerifier
from bela_kit.authority import TenantClock
from bela_kit.db import Database, new_metadata
from bela_kit.plumbing import kit_tables
from bela_kit.rest import create_app, json_response
from bela_kit.service_cli import ServiceParts, main
from bela_kit.settings import ServiceSettings
from fastapi import APIRouter
from pydantic_settings import SettingsConfigDict
from starlette.responses import Response

MIGRATIONS = Path(__file__).parent / "migrations"


class SampleSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="SAMPLE_")


def build(settings: SampleSettings) -> ServiceParts:
    db = Database.create(settings)
    clock, tables = TenantClock(db), kit_tables(new_metadata())
    measured, verifier = telemetry.setup(settings, "sample"), TokenVerifier(settings)
    router = APIRouter()

    @router.get("/sample/v1/slow")
    async def slow(seconds: float = 1.0) -> Response:
        """Answer after a while."""
        await asyncio.sleep(seconds)
        return json_response({"waited": seconds})

    app = create_app(
        settings,
        service="sample",
        title="Sample",
        routers=[router],
        tenant_collection="places",
        db=db,
        clock=clock,
        tables=tables,
        verifier=verifier,
        telemetry=measured,
    )

    def register(servicer: Any, server: Any) -> None:
        server.add_generic_rpc_handlers(())

    return ServiceParts(
        service="sample",
        settings=settings,
        db=db,
        tables=tables,
        clock=clock,
        telemetry=measured,
        verifier=verifier,
        script_location=MIGRATIONS,
        rest_app=app,
        grpc_services=[(register, None)],
    )


if __name__ == "__main__":
    sys.exit(main("sample", SampleSettings, build))

"""An application of the kit without servers: tokens are names, grants are a list."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from bela_kit import telemetry
from bela_kit.auth import Principal, TokenInvalid
from bela_kit.authority import Grant
from bela_kit.core.clock import FixedClock, TenantTime
from bela_kit.core.tenancy import TenantId, TenantUnknown
from bela_kit.rest import create_app
from bela_kit.settings import ServiceSettings
from fastapi import APIRouter, FastAPI


class NamedTokens:
    """Takes a token for the name of its principal; `bad` is none."""

    async def verify(self, token: str) -> Principal:
        if token == "bad":
            raise TokenInvalid
        client = token.startswith("svc:")
        return Principal(token, client, token == "operator", {})


class KnownTenants(FixedClock):
    """Knows two tenants."""

    def settings(self, tenant: TenantId) -> TenantTime:
        if tenant not in ("3510", "19"):
            raise TenantUnknown
        return super().settings(tenant)


class NoDatabase:
    """Opens transactions that hold nothing."""

    opened = 0

    @asynccontextmanager
    async def tenant_transaction(self, tenant: TenantId) -> AsyncIterator[Any]:
        self.opened += 1
        yield object()


@dataclass
class World:
    clock: KnownTenants
    db: NoDatabase
    telemetry: telemetry.Telemetry
    grants: list[Grant] = field(default_factory=list)

    def give(self, principal: str, role: str, *, tenant: str = "3510", scope: str = "") -> None:
        self.grants.append(
            Grant(
                f"g{len(self.grants)}",
                TenantId(tenant),
                principal,
                role,
                scope,
                date(2026, 1, 1),
                None,
                "",
                None,
                False,
                1,
            )
        )

    def app(self, *routers: APIRouter) -> FastAPI:
        return create_app(
            ServiceSettings(environment="test"),
            service="thing",
            title="Things",
            routers=routers,
            tenant_collection="places",
            db=self.db,  # type: ignore[arg-type]
            clock=self.clock,
            tables=None,  # type: ignore[arg-type]
            verifier=NamedTokens(),
            telemetry=self.telemetry,
        )

    def client(self, *routers: APIRouter) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=self.app(*routers), raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://kit")


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(
        KnownTenants(datetime(2026, 3, 2, 2, 15, tzinfo=UTC)),
        NoDatabase(),
        telemetry.setup(ServiceSettings(environment="test"), "thing"),
    )

    async def find_grants(database: Any, tenant: TenantId, principal: str, on: date) -> list[Grant]:
        return [one for one in made.grants if one.tenant == tenant and one.principal == principal]

    monkeypatch.setattr("bela_kit.rest.context.find_grants", find_grants)
    return made


def bearer(name: str, **headers: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {name}", **headers}

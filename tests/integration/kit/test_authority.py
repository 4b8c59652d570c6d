"""The copy of grants and tenant settings keeps the newest, in whatever order they come."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from bela.common.v1.authority_pb2 import Grant as GrantMessage
from bela.common.v1.authority_pb2 import GrantChanged, TenantSettings, TenantSettingsChanged
from bela_kit.authority import Grant, TenantClock, active_grants, apply_grant, project_authority
from bela_kit.core.clock import system_now
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import SystemScope, TenantId, TenantUnknown
from bela_kit.db import Database
from bela_kit.events import BadEnvelope, ReceivedEvent
from bela_kit.testing.plugin import WaitFor
from google.type.date_pb2 import Date

from .samples import A, B

SCOPE = SystemScope("test")
GRANT = Grant("g1", A, "p1", "pp", "", date(2027, 1, 1), date(2027, 12, 31), "SK 1", None, False, 1)


def received(message: GrantChanged | TenantSettingsChanged, tenant: TenantId = A) -> ReceivedEvent:
    return ReceivedEvent(
        event_id=new_id(),
        tenant=tenant,
        source="sample",
        type=message.DESCRIPTOR.full_name,
        name="x",
        aggregate_id="x",
        aggregate_version=1,
        occurred_at=datetime(2027, 1, 1, tzinfo=UTC),
        payload=message.SerializeToString(),
    )


def grant_changed(version: int, revoked: bool = False, tenant: str = A) -> GrantChanged:
    grant = GrantMessage(grant_id="g1", tenant=tenant, principal="p1", role="pp", version=version, revoked=revoked)
    grant.valid_from.CopyFrom(Date(year=2027, month=1, day=1))
    return GrantChanged(grant=grant)


def settings_changed(version: int, offset: int = 0, zone: str = "Asia/Makassar") -> TenantSettingsChanged:
    settings = TenantSettings(
        tenant=A, name="A", kind="kabkota", zone=zone, work_week_days=5, demo=True, clock_offset_seconds=offset
    )
    settings.version = version
    return TenantSettingsChanged(settings=settings)


async def grants(db: Database, on: date = date(2027, 6, 1), tenant: TenantId = A) -> list[Grant]:
    async with db.tenant_transaction(tenant) as connection:
        return await active_grants(connection, tenant, "p1", on)


async def test_grant_holds_between_its_days_in_its_tenant(db: Database) -> None:
    async with db.tenant_transaction(A) as connection:
        assert await apply_grant(connection, GRANT)
    assert await grants(db) == [GRANT]
    assert await grants(db, date(2027, 12, 31)) == [GRANT]
    assert await grants(db, date(2028, 1, 1)) == []
    assert await grants(db, date(2026, 12, 31)) == []
    assert await grants(db, tenant=B) == []
    assert GRANT.actor().grant_id == "g1"


async def test_older_version_does_not_return(db: Database) -> None:
    async with db.system_transaction(SCOPE) as connection:
        await project_authority(connection, [received(grant_changed(2, revoked=True)), received(grant_changed(1))])
    assert await grants(db) == []
    async with db.tenant_transaction(A) as connection:
        assert not await apply_grant(connection, replace(GRANT, version=2))
        assert await apply_grant(connection, replace(GRANT, version=3))
    assert len(await grants(db)) == 1


async def test_payload_of_another_tenant_is_refused(db: Database) -> None:
    with pytest.raises(BadEnvelope):
        async with db.system_transaction(SCOPE) as connection:
            await project_authority(connection, [received(grant_changed(1, tenant=B))])


async def test_clock_follows_settings(db: Database, wait_for: WaitFor) -> None:
    clock, stop = TenantClock(db), asyncio.Event()
    running = asyncio.create_task(clock.run(stop))
    with pytest.raises(TenantUnknown):
        clock.now(A)
    async with db.system_transaction(SCOPE) as connection:
        await project_authority(connection, [received(settings_changed(1, offset=86_400))])

    def known() -> bool:
        return A in clock.tenants()

    await wait_for(known, timeout=3)
    assert timedelta(hours=23) < clock.now(A) - system_now() <= timedelta(hours=24)
    assert clock.zone(A).key == "Asia/Makassar"
    assert clock.today(A) == (system_now() + timedelta(days=1, hours=8)).date()
    stop.set()
    await running

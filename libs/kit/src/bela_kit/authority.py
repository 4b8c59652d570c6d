"""Who may do what, and how each tenant keeps time: the copy that every service keeps, and for its owner the truth.

A copy keeps the highest version it has seen, so events may arrive twice or in any sequence.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from asyncpg import PostgresError, Record
from bela.common.v1.authority_pb2 import GrantChanged, TenantSettingsChanged
from google.type.date_pb2 import Date  # type: ignore[import-untyped]
from sqlalchemy.ext.asyncio import AsyncConnection

from bela_kit.core.actor import Actor
from bela_kit.core.clock import TenantTime, system_now
from bela_kit.core.tenancy import TenantId, TenantUnknown, parse_tenant
from bela_kit.db import Database, DatabaseUnavailable
from bela_kit.events import BadEnvelope, ReceivedEvent
from bela_kit.statements import Statement, TenantQuery

log = logging.getLogger(__name__)

_REFRESH_SECONDS = 1.0
_TENANTS = Statement(
    """
    SELECT tenant_id, name, kind, zone, work_week_days, demo, clock_offset_seconds, version FROM tenants
    """
)
_APPLY_TENANT = sa.text(
    """
    INSERT INTO tenants AS t
        (tenant_id, name, kind, zone, work_week_days, demo, clock_offset_seconds, version)
    VALUES (:tenant, :name, :kind, :zone, :work_week_days, :demo, :clock_offset_seconds, :version)
    ON CONFLICT (tenant_id) DO UPDATE
        SET name = excluded.name, kind = excluded.kind, zone = excluded.zone,
            work_week_days = excluded.work_week_days, demo = excluded.demo,
            clock_offset_seconds = excluded.clock_offset_seconds, version = excluded.version
        WHERE t.version < excluded.version
    RETURNING true
    """
)
_APPLY_GRANT = sa.text(
    """
    INSERT INTO grants AS g
        (tenant_id, grant_id, principal, role, scope_id, valid_from, valid_to, letter_number, acting_for,
         revoked, version)
    VALUES (:tenant, :grant_id, :principal, :role, :scope_id, :valid_from, :valid_to, :letter_number, :acting_for,
            :revoked, :version)
    ON CONFLICT (tenant_id, grant_id) DO UPDATE
        SET principal = excluded.principal, role = excluded.role, scope_id = excluded.scope_id,
            valid_from = excluded.valid_from, valid_to = excluded.valid_to, letter_number = excluded.letter_number,
            acting_for = excluded.acting_for, revoked = excluded.revoked, version = excluded.version
        WHERE g.version < excluded.version
    RETURNING true
    """
)
_ACTIVE_SQL = """
SELECT tenant_id, grant_id, principal, role, scope_id, valid_from, valid_to, letter_number, acting_for,
       revoked, version
FROM grants
WHERE tenant_id = :tenant AND principal = :principal AND NOT revoked
  AND valid_from <= :day AND (valid_to IS NULL OR valid_to >= :day)
ORDER BY grant_id
"""
_ACTIVE = Statement(_ACTIVE_SQL)
_ACTIVE_ALONE = TenantQuery(_ACTIVE_SQL)


@dataclass(frozen=True, slots=True)
class Grant:
    """A principal holds a role in a tenant, over the whole of it or over `scope_id`, between two days, by a letter."""

    grant_id: str
    tenant: TenantId
    principal: str
    role: str
    scope_id: str
    valid_from: date
    valid_to: date | None
    letter_number: str
    acting_for: str | None
    revoked: bool
    version: int

    def actor(self) -> Actor:
        """Return who acts when acting on this grant."""
        return Actor(
            principal=self.principal,
            role=self.role,
            grant_id=self.grant_id,
            acting_for=self.acting_for,
            on_behalf_of=None,
        )


class TenantClock:
    """Business time from memory: real time plus the tenant's offset, in the tenant's zone.

    `run` keeps it fresh; a service that has just applied settings calls `refresh` to see them at once.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tenants: dict[TenantId, TenantTime] = {}
        self._zones: dict[str, ZoneInfo] = {}

    def now(self, tenant: TenantId) -> datetime:
        """Return the present instant in UTC, the tenant's offset added."""
        return system_now() + timedelta(seconds=self.settings(tenant).clock_offset_seconds)

    def today(self, tenant: TenantId) -> date:
        """Return the calendar day it is now in the tenant's zone."""
        return self.now(tenant).astimezone(self.zone(tenant)).date()

    def zone(self, tenant: TenantId) -> ZoneInfo:
        """Return the tenant's zone."""
        return self._zones[self.settings(tenant).zone]

    def settings(self, tenant: TenantId) -> TenantTime:
        """Return how the tenant keeps time; TENANT_UNKNOWN if there is no such tenant."""
        try:
            return self._tenants[tenant]
        except KeyError:
            raise TenantUnknown from None

    def tenants(self) -> list[TenantId]:
        """Return every tenant that is known."""
        return sorted(self._tenants)

    async def refresh(self) -> None:
        """Load the settings of all tenants."""
        rows = await _TENANTS.fetch_alone(self._database, {})
        self._tenants = {TenantId(row["tenant_id"]): TenantTime(*row) for row in rows}
        self._zones = {name: ZoneInfo(name) for name in {row["zone"] for row in rows}}

    async def run(self, stop: asyncio.Event) -> None:
        """Refresh each second until told to stop; a database that is away or not migrated leaves what is known."""
        while not stop.is_set():
            try:
                await self.refresh()
            except (DatabaseUnavailable, PostgresError) as error:
                log.warning("tenant settings could not be refreshed: %s", type(error).__name__)
            try:
                await asyncio.wait_for(stop.wait(), _REFRESH_SECONDS)
            except TimeoutError:
                continue


async def apply_tenant_settings(connection: AsyncConnection, settings: TenantTime) -> bool:
    """Keep these settings unless a higher or equal version is there; say whether they were kept."""
    values = {name: getattr(settings, name) for name in TenantTime.__slots__}
    return bool(await connection.scalar(_APPLY_TENANT, values))


async def apply_grant(connection: AsyncConnection, grant: Grant) -> bool:
    """Keep this grant unless a higher or equal version is there; say whether it was kept."""
    values = {name: getattr(grant, name) for name in Grant.__slots__}
    return bool(await connection.scalar(_APPLY_GRANT, values))


async def active_grants(connection: AsyncConnection, tenant: TenantId, principal: str, on: date) -> list[Grant]:
    """Return the grants that a principal holds in a tenant on a day of the tenant's calendar."""
    rows = await _ACTIVE.fetch(connection, {"tenant": tenant, "principal": principal, "day": on})
    return [_grant_of(row) for row in rows]


async def find_grants(database: Database, tenant: TenantId, principal: str, on: date) -> list[Grant]:
    """Return the same as `active_grants`, outside of any transaction."""
    rows = await _ACTIVE_ALONE.fetch(database, {"tenant": tenant, "principal": principal, "day": on})
    return [_grant_of(row) for row in rows]


async def project_authority(connection: AsyncConnection, events: Sequence[ReceivedEvent]) -> None:
    """Copy grants and tenant settings out of a batch of events; other events are passed over.

    Raises:
        BadEnvelope: The payload speaks of another tenant than the subject.
    """
    for event in events:
        if event.type == GrantChanged.DESCRIPTOR.full_name:
            await apply_grant(connection, decode_grant(event))
        elif event.type == TenantSettingsChanged.DESCRIPTOR.full_name:
            await apply_tenant_settings(connection, _decode_settings(event))


def decode_grant(event: ReceivedEvent) -> Grant:
    """Read the grant out of a GrantChanged event; BadEnvelope if it is of another tenant."""
    message = GrantChanged.FromString(event.payload).grant
    _same_tenant(event, message.tenant)
    return Grant(
        grant_id=message.grant_id,
        tenant=event.tenant,
        principal=message.principal,
        role=message.role,
        scope_id=message.scope_id,
        valid_from=_day(message.valid_from),
        valid_to=_day(message.valid_to) if message.HasField("valid_to") else None,
        letter_number=message.letter_number,
        acting_for=message.acting_for or None,
        revoked=message.revoked,
        version=message.version,
    )


def _decode_settings(event: ReceivedEvent) -> TenantTime:
    message = TenantSettingsChanged.FromString(event.payload).settings
    _same_tenant(event, message.tenant)
    ZoneInfo(message.zone)
    return TenantTime(
        tenant=parse_tenant(message.tenant),
        name=message.name,
        kind=message.kind,
        zone=message.zone,
        work_week_days=message.work_week_days,
        demo=message.demo,
        clock_offset_seconds=message.clock_offset_seconds,
        version=message.version,
    )


def _same_tenant(event: ReceivedEvent, tenant: str) -> None:
    if tenant != event.tenant:
        raise BadEnvelope(f"payload of tenant {tenant} on a subject of tenant {event.tenant}")


def _day(message: Date) -> date:
    return date(message.year, message.month, message.day)


def _grant_of(row: Record) -> Grant:
    return Grant(
        tenant=TenantId(row["tenant_id"]),
        **{name: row[name] for name in Grant.__slots__ if name != "tenant"},
    )

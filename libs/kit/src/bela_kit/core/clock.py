"""Business time as a port: a tenant has a zone, a working week and, for demonstrations, an offset from real time.

Everything that a law or a contract dates asks a `Clock`. `system_now()` is real time, for plumbing only (leases,
expiry of tokens, ages in metrics).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bela_kit.core.tenancy import TenantId


@dataclass(frozen=True, slots=True)
class TenantTime:
    """How one tenant keeps time; the copy with the highest version counts."""

    tenant: TenantId
    name: str
    kind: str
    zone: str
    work_week_days: int
    demo: bool
    clock_offset_seconds: int
    version: int


class Clock(Protocol):
    """Tells the time of a tenant. Every method refuses an unknown tenant with TENANT_UNKNOWN."""

    def now(self, tenant: TenantId) -> datetime:
        """Return the present instant in UTC, the tenant's offset added."""

    def today(self, tenant: TenantId) -> date:
        """Return the calendar day it is now in the tenant's zone."""

    def zone(self, tenant: TenantId) -> ZoneInfo:
        """Return the tenant's zone."""

    def settings(self, tenant: TenantId) -> TenantTime:
        """Return how the tenant keeps time."""


class FixedClock:
    """A clock for tests: stands still for every tenant until it is told to move."""

    def __init__(self, instant: datetime, zone: str = "Asia/Jakarta", *, work_week_days: int = 5) -> None:
        self._zone = ZoneInfo(zone)
        self._work_week_days = work_week_days
        self.set(instant)

    def set(self, instant: datetime) -> None:
        """Move to an instant, which must carry its zone."""
        if instant.tzinfo is None:
            raise ValueError("an instant needs a zone")
        self._instant = instant.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Move on by a span of time."""
        self._instant += by

    def now(self, tenant: TenantId) -> datetime:
        """Return the instant it was set to."""
        return self._instant

    def today(self, tenant: TenantId) -> date:
        """Return the local day of that instant."""
        return self._instant.astimezone(self._zone).date()

    def zone(self, tenant: TenantId) -> ZoneInfo:
        """Return the one zone of this clock."""
        return self._zone

    def settings(self, tenant: TenantId) -> TenantTime:
        """Return settings that fit the clock, whatever the tenant."""
        return TenantTime(
            tenant=tenant,
            name=f"Daerah {tenant}",
            kind="kabkota" if len(tenant) == 4 else "provinsi",
            zone=self._zone.key,
            work_week_days=self._work_week_days,
            demo=False,
            clock_offset_seconds=0,
            version=1,
        )


def system_now() -> datetime:
    """Return real time in UTC; for plumbing, never for a date that a person or a law reads."""
    return datetime.now(UTC)

"""The calendar of a region: its zone and week from its settings, the holidays from the reference file."""

import json
from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bela_kit.core.clock import Clock, TenantTime
from bela_kit.core.tenancy import TenantId

from order_service.domain.working_time import RegionCalendar


class HolidaysUnreadable(Exception):
    """Without the holidays every deadline of working days would be wrong, so nothing starts."""


def read_holidays(path: Path) -> frozenset[date]:
    """Return the days on which offices are closed.

    Raises:
        HolidaysUnreadable: There is no such file, or it is not what `reference/holidays.README.md` describes.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return frozenset(date.fromisoformat(day["date"]) for year in document["years"] for day in year["holidays"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise HolidaysUnreadable(f"ORDER_HOLIDAYS_FILE: {path} cannot be read: {error}") from error


class RegionClock:
    """`BusinessClock` on a clock and one set of holidays, which are national."""

    def __init__(self, clock: Clock, holidays: Collection[date]) -> None:
        self._clock = clock
        self._holidays = frozenset(holidays)

    def now(self, tenant: TenantId) -> datetime:
        """Return the present instant."""
        return self._clock.now(tenant)

    def today(self, tenant: TenantId) -> date:
        """Return the region's local day."""
        return self._clock.today(tenant)

    def zone(self, tenant: TenantId) -> ZoneInfo:
        """Return the region's zone."""
        return self._clock.zone(tenant)

    def settings(self, tenant: TenantId) -> TenantTime:
        """Return how the region keeps time."""
        return self._clock.settings(tenant)

    def calendar(self, tenant: TenantId) -> RegionCalendar:
        """Return how the region counts days and hours."""
        return RegionCalendar(
            zone=self._clock.zone(tenant),
            work_week_days=self._clock.settings(tenant).work_week_days,
            holidays=self._holidays,
        )

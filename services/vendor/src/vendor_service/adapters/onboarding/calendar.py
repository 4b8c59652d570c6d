"""Working weeks of regions: days from their settings, holidays from the reference file, which are national."""

import json
from collections.abc import Collection
from datetime import date
from pathlib import Path

from bela_kit.core.clock import Clock
from bela_kit.core.tenancy import TenantId

from vendor_service.domain.reviews.calendar import WorkingWeek


class HolidaysUnreadable(Exception):
    """Without the holidays every deadline of working days would be wrong, so nothing starts."""


def read_holidays(path: Path) -> frozenset[date]:
    """Return the days on which offices are closed; HolidaysUnreadable if the file is not what its README says."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return frozenset(date.fromisoformat(day["date"]) for year in document["years"] for day in year["holidays"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise HolidaysUnreadable(f"VENDOR_HOLIDAYS_FILE: {path} cannot be read: {error}") from error


class RegionWeeks:
    """Knows the working week of each region."""

    def __init__(self, clock: Clock, holidays: Collection[date]) -> None:
        self._clock = clock
        self._holidays = frozenset(holidays)

    def week(self, tenant: TenantId) -> WorkingWeek:
        """Return how a region counts working days."""
        return WorkingWeek(self._clock.settings(tenant).work_week_days, self._holidays)

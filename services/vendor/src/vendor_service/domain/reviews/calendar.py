"""Working days of a region: its week, and the days on which offices are closed (domain.md 3.3)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingWeek:
    """How a region counts working days.

    Attributes:
        days: 5 (Monday to Friday) or 6 (Monday to Saturday).
        holidays: Days on which offices are closed, collective leave included.
    """

    days: int = 5
    holidays: Collection[date] = field(default_factory=frozenset)

    def is_working_day(self, day: date) -> bool:
        """Say whether offices are open that day."""
        return day.weekday() < self.days and day not in self.holidays

    def later(self, day: date, count: int) -> date:
        """Return the count-th working day after a day; the day itself is not counted."""
        while count > 0:
            day += _ONE_DAY
            if self.is_working_day(day):
                count -= 1
        return day

"""How a region counts time: local days, working days, quiet hours, the fiscal year (domain.md 3.3, 6.2, 7.2).

Instants are aware datetimes in UTC; a day is always the region's local day.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

QUIET_FROM = time(21, 0)
QUIET_TO = time(5, 0)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RegionCalendar:
    """One region's zone, working week and holidays.

    Attributes:
        zone: Time zone of the region.
        work_week_days: 5 (Monday to Friday) or 6 (Monday to Saturday).
        holidays: Days on which offices are closed, collective leave included.
    """

    zone: ZoneInfo
    work_week_days: int = 5
    holidays: Collection[date] = field(default_factory=frozenset)

    def local(self, at: datetime) -> datetime:
        """The instant on the region's wall clock."""
        return at.astimezone(self.zone)

    def day(self, at: datetime) -> date:
        """The region's local day of an instant."""
        return self.local(at).date()

    def fiscal_year(self, at: datetime) -> int:
        """The fiscal year of an instant: the calendar year in the region's zone."""
        return self.day(at).year

    def at_local(self, day: date, clock: time) -> datetime:
        """The instant of a wall-clock time on a local day, in UTC."""
        return datetime.combine(day, clock, tzinfo=self.zone).astimezone(UTC)

    def end_of_day(self, day: date) -> datetime:
        """The last second of a local day, so that a person reads the day itself as the limit."""
        return self.at_local(day, time(23, 59, 59))

    def is_working_day(self, day: date) -> bool:
        """Whether offices are open that day."""
        return day.weekday() < self.work_week_days and day not in self.holidays

    def add_working_days(self, day: date, count: int) -> date:
        """The count-th working day after a day; the day itself is not counted."""
        while count > 0:
            day += ONE_DAY
            if self.is_working_day(day):
                count -= 1
        return day

    def working_days_later(self, at: datetime, count: int) -> datetime:
        """The end of the count-th working day after an instant."""
        return self.end_of_day(self.add_working_days(self.day(at), count))

    def leave_quiet_hours(self, at: datetime) -> datetime:
        """The instant itself, or 05:00 local time if it falls into the quiet hours."""
        local = self.local(at)
        if local.time() >= QUIET_FROM:
            return self.at_local(local.date() + ONE_DAY, QUIET_TO)
        if local.time() < QUIET_TO:
            return self.at_local(local.date(), QUIET_TO)
        return at.astimezone(UTC)

    def add_waking_time(self, at: datetime, duration: timedelta) -> datetime:
        """Run a clock of hours that stands still from 21:00 to 05:00 local time."""
        moment = self.leave_quiet_hours(at)
        left = max(duration, timedelta())
        while True:
            night = self.at_local(self.day(moment), QUIET_FROM)
            if moment + left <= night:
                return moment + left
            left -= night - moment
            moment = self.leave_quiet_hours(night)

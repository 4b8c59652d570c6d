from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from order_service.domain.working_time import RegionCalendar

WIB = ZoneInfo("Asia/Jakarta")


def wib(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=WIB)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("start", "expected"), [(date(2026, 11, 20), date(2026, 11, 25)), (date(2026, 12, 23), date(2026, 12, 30))]
)
def test_three_working_days_skip_weekend_and_holidays(calendar: RegionCalendar, start: date, expected: date) -> None:
    assert calendar.add_working_days(start, 3) == expected


def test_six_day_week_counts_saturday(calendar: RegionCalendar) -> None:
    six = RegionCalendar(WIB, 6, calendar.holidays)
    assert six.add_working_days(date(2026, 11, 20), 3) == date(2026, 11, 24)


def test_clock_of_hours_stands_still_at_night(calendar: RegionCalendar) -> None:
    due = calendar.add_waking_time(wib(2026, 3, 2, 15, 0), timedelta(hours=6, minutes=40))
    assert due == wib(2026, 3, 3, 5, 40)


def test_clock_started_at_night_waits_for_the_morning(calendar: RegionCalendar) -> None:
    assert calendar.add_waking_time(wib(2026, 3, 2, 23, 0), timedelta(hours=1)) == wib(2026, 3, 3, 6, 0)
    assert calendar.leave_quiet_hours(wib(2026, 3, 2, 4, 59)) == wib(2026, 3, 2, 5, 0)


def test_end_of_the_waking_day_is_not_pushed_to_the_morning(calendar: RegionCalendar) -> None:
    assert calendar.add_waking_time(wib(2026, 3, 2, 15, 0), timedelta(hours=6)) == wib(2026, 3, 2, 21, 0)


def test_fiscal_year_changes_at_local_midnight() -> None:
    papua = RegionCalendar(ZoneInfo("Asia/Jayapura"))
    instant = datetime(2026, 12, 31, 15, 30, tzinfo=UTC)
    assert papua.fiscal_year(instant) == 2027
    assert RegionCalendar(WIB).fiscal_year(instant) == 2026


@given(
    st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2026, 12, 31)),
    st.integers(0, 60 * 60),
)
def test_waking_time_never_ends_in_quiet_hours(start: datetime, minutes: int) -> None:
    calendar = RegionCalendar(WIB)
    due = calendar.add_waking_time(start.replace(tzinfo=UTC), timedelta(minutes=minutes))
    local = calendar.local(due).time()
    assert (5, 0) <= (local.hour, local.minute) <= (21, 0)
    assert due >= start.replace(tzinfo=UTC)

"""Fixtures of the order domain's tests."""

from zoneinfo import ZoneInfo

import pytest
from order_service.domain.rules import PolicyBook, national_rules
from order_service.domain.working_time import RegionCalendar

from .world import World, holidays


@pytest.fixture
def calendar() -> RegionCalendar:
    return RegionCalendar(ZoneInfo("Asia/Jakarta"), 5, holidays())


@pytest.fixture
def world(calendar: RegionCalendar) -> World:
    return World(calendar)


@pytest.fixture
def policy() -> PolicyBook:
    return PolicyBook(national_rules())

"""Deadlines of working days skip the region's weekend and the holidays of the reference file (domain.md 3.2, 7.2)."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from bela_kit.core.clock import FixedClock
from bela_kit.core.tenancy import TenantId
from order_service.adapters.region_clock import HolidaysUnreadable, RegionClock, read_holidays
from order_service.config import OrderSettings

from .world import World, at

INK = {"profile": "printer_ink_black", "meeting_kind": "none", "participants": None, "duration_minutes": None}


async def test_waits_of_three_working_days_skip_weekend_and_holidays(world: World) -> None:
    world.clock.set(at("2026-11-20"))
    office = await world.office("libur")
    seller = await world.seller("Toko Libur", 50_000, profile=str(INK["profile"]))
    # So far ahead that a sixth of the lead is longer than three working days.
    order = await office.draft(await office.need(10, days=60, **INK), seller, 10)
    submitted = await office.act(order, "submit", office.who("pp"))
    assert submitted["deadline_at"] == "2026-11-25T23:59:59+07:00"
    await office.act(order, "sign", office.who("ppk"))
    await office.act(order, "confirm", seller.member)
    world.clock.set(at("2026-12-23"))
    delivered = await office.act(order, "deliver", seller.member, {"lines": [{"line_number": 1, "quantity": 10}]})
    assert delivered["deliveries"][0]["deadline_at"] == "2026-12-30T23:59:59+07:00"


def test_a_region_that_works_on_saturdays_waits_shorter() -> None:
    holidays = read_holidays(OrderSettings().holidays_path())
    six = RegionClock(FixedClock(at("2026-12-23"), work_week_days=6), holidays).calendar(TenantId("3510"))
    assert six.add_working_days(date(2026, 12, 23), 3) == date(2026, 12, 29)
    assert six.zone == ZoneInfo("Asia/Jakarta")


def test_the_file_is_found_from_any_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert date(2026, 12, 24) in read_holidays(OrderSettings().holidays_path())
    monkeypatch.setenv("ORDER_HOLIDAYS_FILE", str(tmp_path / "own.json"))
    (tmp_path / "own.json").write_text('{"years": [{"year": 2026, "holidays": [{"date": "2026-04-07"}]}]}')
    assert read_holidays(OrderSettings().holidays_path()) == {date(2026, 4, 7)}


@pytest.mark.parametrize("text", [None, "{", "{}", '{"years": [{"holidays": [{"date": "soon"}]}]}'])
def test_without_readable_holidays_nothing_starts(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "holidays.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(HolidaysUnreadable, match="ORDER_HOLIDAYS_FILE"):
        read_holidays(path)

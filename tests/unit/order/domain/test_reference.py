"""The reference files the order service loads."""

import json
import subprocess
import sys
from datetime import date, timedelta
from typing import Any

import lokal
import pytest
from lokal import wilayah
from order_service.domain.working_time import RegionCalendar

from .world import REFERENCE


def test_holidays_are_what_the_script_writes() -> None:
    script = REFERENCE.parent / "scripts" / "export_holidays.py"
    subprocess.run([sys.executable, str(script), "--check"], check=True, capture_output=True)


def test_working_days_agree_with_lokal_over_two_years(calendar: RegionCalendar) -> None:
    day = date(2026, 1, 1)
    while day < date(2027, 12, 20):
        assert calendar.add_working_days(day, 3) == lokal.add_working_days(day, 3)
        day += timedelta(days=1)


def adjacency() -> list[dict[str, Any]]:
    document = json.loads((REFERENCE / "adjacency.json").read_text(encoding="utf-8"))
    return list(document["regions"])


@pytest.mark.parametrize("table", adjacency(), ids=lambda table: str(table["region"]))
def test_neighbours_are_symmetric_known_and_unverified(table: dict[str, Any]) -> None:
    neighbours = table["neighbours"]
    region = table["region"]
    known = {area.code.replace(".", "") for area in wilayah.list_wilayah(f"{region[:2]}.{region[2:]}")}
    assert set(neighbours) == known
    assert table["verified"] is False
    for district, others in neighbours.items():
        assert district not in others
        assert all(district in neighbours[other] for other in others)

"""Write reference/holidays.json: national holidays and collective leave, so that no service needs lokal-id.

2026 and 2027 come from the pinned development dependency lokal-id, with their decrees. Earlier years hold only the
holidays whose date is fixed by law; they are marked `complete: false`. `--check` compares instead of writing.
"""

from __future__ import annotations

import argparse
import json
import sys
from importlib.metadata import version
from pathlib import Path

import lokal

TARGET = Path(__file__).resolve().parent.parent / "reference" / "holidays.json"
FIXED_YEARS = range(2021, 2026)
FIXED = (
    ("01-01", "Tahun Baru Masehi"),
    ("05-01", "Hari Buruh Internasional"),
    ("06-01", "Hari Lahir Pancasila"),
    ("08-17", "Proklamasi Kemerdekaan"),
    ("12-25", "Kelahiran Yesus Kristus"),
)


def years() -> list[dict[str, object]]:
    """Return every year with its holidays, oldest first."""
    found: list[dict[str, object]] = [
        {
            "year": year,
            "complete": False,
            "decree": "",
            "holidays": [{"date": f"{year}-{day}", "name": name, "kind": "libur_nasional"} for day, name in FIXED],
        }
        for year in FIXED_YEARS
    ]
    for year in lokal.HOLIDAY_YEARS:
        known = lokal.get_holidays(year)
        rows = [{"date": row.date, "name": row.name, "kind": row.type} for row in known.holidays]
        found.append({"year": year, "complete": True, "decree": known.decree, "holidays": rows})
    return found


def render() -> str:
    """The file's text; the same data gives the same bytes."""
    document = {"source": f"lokal-id {version('lokal-id')}", "years": years()}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def main() -> int:
    """Write or compare the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    if parser.parse_args().check:
        same = TARGET.exists() and TARGET.read_text(encoding="utf-8") == render()
        print("holidays.json is up to date" if same else "holidays.json differs: run scripts/export_holidays.py")
        return 0 if same else 1
    TARGET.write_text(render(), encoding="utf-8")
    print(f"wrote {TARGET.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

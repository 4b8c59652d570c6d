"""G8: a workbook from upload to committed, beside reading it bare and copying its cells into one table."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from bela_local.layout import ROOT
from bela_local.run_file import RunInfo
from bela_local.tokens import token

from bela_bench.client import Client
from bela_bench.database import LIMIT_DATABASE, Postgres
from bela_bench.load import median
from bela_bench.machine import Meter, Window
from bela_bench.result import Result, breakdown, quietness

STORY_REGIONS = ("1311", "6112", "1904")
PLAIN_REGION = "1271"
PLAIN_ROWS, PLAIN_COLUMNS = 10_000, 40
STORY_SECONDS = 5.0
# Of performance.md: reading the file with openpyxl took 7.8 s where calamine and COPY took 0.77 s.
GATE_MULTIPLE = 10.1
WAIT_SECONDS = 120.0
# Seldom enough that asking does not slow what is asked about: every 20 ms cost a tenth of the importing process.
POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Import:
    """How long the parts of one import took, in seconds."""

    upload: float
    preview: float
    commit: float
    counts: dict[str, Any]

    @property
    def all(self) -> float:
        """From the first byte sent to the last row stored."""
        return self.upload + self.preview + self.commit


class Importer:
    """Imports workbooks as an officer does."""

    def __init__(self, info: RunInfo, client: Client, *, wait_seconds: float = WAIT_SECONDS) -> None:
        self._info = info
        self._wait_seconds = wait_seconds
        self._client = client

    async def run(self, region: str, path: Path) -> Import:
        """Upload, wait for the preview, commit, wait for the end."""
        base = f"/vendor/v1/regions/{region}/imports"
        headers = {"authorization": f"Bearer {token(self._info, f'koperindag_officer.{region}')}"}
        started = time.perf_counter()
        answer = await self._client.request(
            "POST",
            f"{base}?filename={path.name}",
            headers={**headers, "content-type": "application/octet-stream"},
            body=path.read_bytes(),
        )
        uploaded = time.perf_counter()
        if answer.status != 202:
            raise RuntimeError(f"upload: {answer.status} {answer.body.decode()}")
        place = f"{base}/{answer.json['import_id']}"
        await self._until(place, headers, "previewed")
        previewed = time.perf_counter()
        keyed = {**headers, "idempotency-key": str(uuid.uuid4())}
        answer = await self._client.request("POST", f"{place}:commit", headers=keyed)
        if answer.status != 202:
            raise RuntimeError(f"commit: {answer.status} {answer.body.decode()}")
        record = await self._until(place, headers, "committed")
        return Import(uploaded - started, previewed - uploaded, time.perf_counter() - previewed, dict(record["counts"]))

    async def _until(self, place: str, headers: dict[str, str], state: str) -> dict[str, Any]:
        async with asyncio.timeout(self._wait_seconds):
            while True:
                record = (await self._client.request("GET", place, headers=headers)).json
                if record["state"] == state:
                    return dict(record)
                if record["state"] == "failed":
                    raise RuntimeError(f"import failed: {record['failure']}")
                await asyncio.sleep(POLL_SECONDS)


async def measure_imports(
    info: RunInfo, client: Client, postgres: Postgres, meter: Meter, folder: Path
) -> list[Result]:
    """Measure story 3's workbook three times, and a plain one of 10,000 x 40 once."""
    books = maker()
    importer = Importer(info, client)
    found: list[tuple[float, Import, Window]] = []
    for number, region in enumerate(STORY_REGIONS):
        path = folder / f"story-{region}.xlsx"
        books.make(path, region=region, seed=2026 + number)
        found.append(await _one(importer, postgres, meter, region, path))
    path = folder / "plain.xlsx"
    _make_plain(books, path)
    plain = await _one(importer, postgres, meter, PLAIN_REGION, path)
    return [_story(found, books.STORY_ROWS), _plain(plain)]


async def _one(
    importer: Importer, postgres: Postgres, meter: Meter, region: str, path: Path
) -> tuple[float, Import, Window]:
    limit = await _bare(postgres, path)
    start = meter.sample()
    done = await importer.run(region, path)
    return limit, done, meter.since(start)


def _story(found: list[tuple[float, Import, Window]], rows: int) -> Result:
    seconds, limit = median([one.all for _, one, _ in found]), median([bare for bare, _, _ in found])
    cost = found[-1][2].core_ms(rows)
    middle = sorted((one for _, one, _ in found), key=lambda one: one.all)[len(found) // 2]
    parts = f"upload {middle.upload:.2f} s, read and judge {middle.preview:.2f} s, store {middle.commit:.2f} s"
    return Result(
        "G8",
        f"story 3's workbook, {rows:,} rows x 42, upload to committed",
        f"{seconds:.1f} s",
        f"{limit:.2f} s",
        f"{seconds / limit:.1f} x",
        seconds <= GATE_MULTIPLE * limit,
        f"{parts}; {breakdown(cost)} of CPU a row; {quietness([window for _, _, window in found])}; {middle.counts}",
        {"imports": [one for _, one, _ in found], "limits": [bare for bare, _, _ in found], "core_ms_a_row": cost},
    )


def _plain(found: tuple[float, Import, Window]) -> Result:
    limit, one, window = found
    return Result(
        "G8",
        f"{PLAIN_ROWS:,} rows x {PLAIN_COLUMNS} without dirt",
        f"{one.all:.1f} s",
        f"{limit:.2f} s",
        f"{one.all / limit:.1f} x",
        one.all <= GATE_MULTIPLE * limit,
        details={"import": one, "limit": limit, "cpu": window.cpu, "counts": one.counts},
    )


async def _bare(postgres: Postgres, path: Path) -> float:
    """Read the file with calamine and copy its cells as text; return the seconds."""
    connection = await postgres.connect(LIMIT_DATABASE)
    started = time.perf_counter()
    rows = await asyncio.to_thread(_read, path)
    width = max(map(len, rows))
    columns = [f"c{number}" for number in range(width)]
    await connection.execute("DROP TABLE IF EXISTS cells")
    await connection.execute(f"CREATE TABLE cells ({', '.join(f'{name} text' for name in columns)})")
    records = (tuple(str(cell) for cell in row) for row in rows)
    await connection.copy_records_to_table("cells", records=records, columns=columns)
    seconds = time.perf_counter() - started
    await connection.close()
    return seconds


def _read(path: Path) -> list[list[Any]]:
    from python_calamine import CalamineWorkbook

    rows: list[list[Any]] = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return rows


def maker() -> ModuleType:
    """Return the maker of workbooks that the tests use."""
    spec = importlib.util.spec_from_file_location("make_workbook", ROOT / "tests" / "data" / "make_workbook.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_workbook"] = module
    spec.loader.exec_module(module)
    return module


def _make_plain(books: ModuleType, path: Path) -> None:
    made = books.Maker(PLAIN_REGION, 1)
    rows = [made.clean() for _ in range(PLAIN_ROWS)]
    for number, row in enumerate(rows, start=1):
        row.cells["no"] = number
    names = [name for name, _, _ in books.LAYOUT][:PLAIN_COLUMNS]
    sheet = [names, *([row.cells.get(name) for name in names] for row in rows)]
    books.write_xlsx(path, sheet, [])

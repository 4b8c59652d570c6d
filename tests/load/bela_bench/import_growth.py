"""G8x: one import of ten, a hundred and three hundred thousand rows: time must stay linear, memory bounded.

Not among the goals of a plain run, since the largest takes minutes: `--only g8x`.
"""

from __future__ import annotations

import asyncio
import csv
from pathlib import Path
from types import ModuleType
from typing import Any

from bela_local.run_file import RunInfo

from bela_bench.client import Client
from bela_bench.imports import Import, Importer, maker
from bela_bench.machine import Meter, Window
from bela_bench.result import Result, breakdown

SIZES = {"1271": 10_000, "6112": 100_000, "3510": 300_000}
"""Region of the local seed, and how many rows it imports."""
COLUMNS = (
    "nama_usaha", "nama_pemilik", "nik", "no_hp", "alamat", "desa_kelurahan", "kecamatan", "produk_utama", "nib",
    "no_rekening",
)  # fmt: skip
"""As many as keep 300,000 rows of text below the largest file that is taken."""
GATE_MIB = 400
# What a row may cost more at three hundred thousand than at ten thousand and still be called linear.
GATE_GROWTH = 1.5
WAIT_SECONDS = 1_800.0


async def measure_growth(info: RunInfo, client: Client, meter: Meter, folder: Path) -> list[Result]:
    """Import tables of growing size and compare time a row and the peak of the importing process."""
    importer = Importer(info, client, wait_seconds=WAIT_SECONDS)
    process = info.children["vendor"].pid
    results: list[Result] = []
    first: float | None = None
    for region, rows in SIZES.items():
        path = folder / f"{rows}.csv"
        await asyncio.to_thread(_make, maker(), path, region, rows)
        _forget_peak(process)
        start = meter.sample()
        done = await importer.run(region, path)
        per_row = done.all * 1000 / rows
        first = first or per_row
        results.append(_result(rows, done, meter.since(start), _peak_mib(process), per_row / first))
        path.unlink()
    return results


def _result(rows: int, done: Import, window: Window, peak_mib: int, growth: float) -> Result:
    cost = window.core_ms(rows)
    return Result(
        "G8x",
        f"{rows:,} rows x {len(COLUMNS)}, upload to committed",
        f"{done.all:.1f} s, peak {peak_mib} MiB",
        f"{GATE_MIB} MiB",
        f"{growth:.2f} x a row",
        peak_mib <= GATE_MIB and growth <= GATE_GROWTH,
        f"read and judge {done.preview:.1f} s, store {done.commit:.1f} s; {breakdown(cost)} of CPU a row",
        {"import": done, "peak_mib": peak_mib, "core_ms_a_row": cost},
    )


def _make(tools: ModuleType, path: Path, region: str, rows: int) -> None:
    made: Any = tools.Maker(region, rows)
    # Three invented words are unlike enough; comparing each name with all others would take hours.
    made.business_name = lambda village, kind: f"{kind} {made.word()} {made.word()} {made.word()}"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(COLUMNS)
        for _ in range(rows):
            cells = made.clean().cells
            writer.writerow(["" if cells.get(name) is None else str(cells[name]) for name in COLUMNS])


def _forget_peak(pid: int) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def _peak_mib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))

"""What a measurement came to, and how it is shown."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bela_bench.machine import Window


@dataclass(slots=True)
class Result:
    """One line of the table.

    Attributes:
        goal: Number of the goal, G1 to G16, or a name.
        what: What was measured.
        ours: Our figure with its unit.
        limit: The raw limit, measured in the same run; empty if there is none.
        ratio: Ours as a share or multiple of the limit.
        gate: Whether the gate of CI holds; none if it has none.
        details: Everything else, for the JSON.
    """

    goal: str
    what: str
    ours: str
    limit: str = ""
    ratio: str = ""
    gate: bool | None = None
    notes: str = ""
    details: dict[str, Any] = field(default_factory=dict)


def quietness(windows: Sequence[Window]) -> str:
    """Return how undisturbed some measurements were: the worst of steal and of foreign load, and the mean idle rest."""
    steal, others = max(one.steal for one in windows), max(one.others for one in windows)
    idle = sum(one.idle for one in windows) / len(windows)
    return f"steal {100 * steal:.0f} %, others {100 * others:.0f} %, idle {100 * idle:.0f} %"


def breakdown(shares: Mapping[str, float], unit: str = "ms") -> str:
    """Return parts of a sum, the largest first."""
    parts = sorted(((name, value) for name, value in shares.items() if name != "all"), key=lambda one: -one[1])
    return ", ".join(f"{name} {value:.2f}" for name, value in parts if value >= 0.005) + f" {unit}"


def table(results: Sequence[Result]) -> str:
    """Return the results as a table for a terminal."""
    heads = ("goal", "what", "ours", "raw limit", "ratio", "gate")
    lines = [heads]
    for one in results:
        gate = "" if one.gate is None else "holds" if one.gate else "MISSED"
        lines.append((one.goal, one.what, one.ours, one.limit, one.ratio, gate))
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    text.insert(1, "  ".join("-" * width for width in widths))
    text += ["", *(f"{one.goal}: {one.notes}" for one in results if one.notes)]
    return "\n".join(text)


def write_json(path: Path, machine: Mapping[str, Any], results: Sequence[Result]) -> None:
    """Write everything that was measured."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps({"machine": machine, "results": [asdict(one) for one in results]}, indent=1, default=str)
    )

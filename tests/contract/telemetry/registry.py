"""The registry of metric names: the table of docs/metrics.md, read and compared with what a process shows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import Metric

TABLE = Path(__file__).parents[3] / "docs" / "metrics.md"
# A tenant or a person multiplies every series by hundreds, and puts personal data where nobody looks for it.
FORBIDDEN = frozenset({"tenant", "region", "principal", "user", "sub", "vendor", "order", "path", "url", "trace_id"})
_ROW = re.compile(r"^\| `(?P<name>\w+)` \| (?P<kind>\w+) \| (?P<labels>[^|]*) \| (?P<meaning>[^|]+) \|$", re.MULTILINE)


@dataclass(frozen=True)
class Registered:
    """One row of the table."""

    name: str
    kind: str
    labels: frozenset[str]


def registered() -> dict[str, Registered]:
    found = {}
    for row in _ROW.finditer(TABLE.read_text(encoding="utf-8")):
        labels = frozenset(re.findall(r"`(\w+)`", row["labels"]))
        found[row["name"]] = Registered(row["name"], row["kind"], labels)
    return found


def ours(metrics: Iterable[Metric]) -> list[Metric]:
    """The metrics of the project among those a process shows; `_created` is the client library's own."""
    return [one for one in metrics if one.name.startswith("bela_") and not one.name.endswith("_created")]


def differences(metrics: Iterable[Metric]) -> list[str]:
    """What a process shows that the table does not know; an empty list is the goal."""
    table = registered()
    found = []
    for metric in ours(metrics):
        row = table.get(metric.name)
        if row is None or row.kind != metric.type:
            found.append(f"{metric.name} ({metric.type}) is not in docs/metrics.md")
            continue
        for sample in metric.samples:
            labels = set(sample.labels) - {"le"}
            if labels != row.labels and not sample.name.endswith("_created"):
                found.append(f"{sample.name} has the labels {sorted(labels)}")
            if labels & FORBIDDEN:
                found.append(f"{sample.name} has a label that is forbidden")
    return sorted(set(found))

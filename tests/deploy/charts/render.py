"""Renders charts with the real helm, once for each chart and values file."""

from __future__ import annotations

import functools
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[3]
CHARTS = ROOT / "deploy" / "charts"
SERVICES = ("vendor", "catalog", "order", "reporting")


def run_helm(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "helm.py"), *arguments], capture_output=True, text=True, check=False
    )


@functools.cache
def render(chart: str, values: str, *settings: str) -> tuple[dict[str, Any], ...]:
    """Objects of `helm template bela <chart>`; fails with helm's own words."""
    done = run_helm(
        "template",
        "bela",
        str(CHARTS / chart),
        "--values",
        str(ROOT / "deploy" / values),
        *(part for setting in settings for part in ("--set", setting)),
    )
    assert done.returncode == 0, done.stderr
    return tuple(item for item in yaml.safe_load_all(done.stdout) if item)


def only(objects: tuple[dict[str, Any], ...], kind: str, suffix: str = "") -> dict[str, Any]:
    found = [o for o in objects if o["kind"] == kind and o["metadata"]["name"].endswith(suffix)]
    assert len(found) == 1, [(o["kind"], o["metadata"]["name"]) for o in objects]
    return found[0]

"""run.json: what a running stack tells every other command of the same clone."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bela_local.processes import ProcessId


@dataclass(slots=True)
class RunInfo:
    """Addresses and processes of one stack. Secrets are not in it; they stay in secrets.json."""

    supervisor: ProcessId
    state: str
    runtime: str
    control_socket: str
    status: str = "starting"
    gateway_url: str = ""
    issuer_url: str = ""
    nats_url: str = ""
    postgres_host: str = ""
    postgres_port: int = 5432
    envoy_admin_socket: str = ""
    sockets: dict[str, dict[str, str]] = field(default_factory=dict)
    children: dict[str, ProcessId] = field(default_factory=dict)
    personas_file: str = ""

    @property
    def running(self) -> bool:
        """Whether the supervisor that wrote this still lives."""
        return self.supervisor.alive

    def write(self, path: Path) -> None:
        """Replace the file in one step, so that nobody reads half of it."""
        fresh = path.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
            json.dump(asdict(self), stream, indent=2)
            stream.write("\n")
        fresh.replace(path)


def read_run_info(path: Path) -> RunInfo | None:
    """Return what a stack wrote, None if there is nothing readable. Ask `.running` before trusting it."""
    try:
        source: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        source["supervisor"] = ProcessId(**source["supervisor"])
        source["children"] = {name: ProcessId(**child) for name, child in source["children"].items()}
        return RunInfo(**source)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def need_run_info(path: Path) -> RunInfo:
    """Return the running stack's addresses, or end the program saying what to type."""
    info = read_run_info(path)
    if info is None or not info.running:
        raise SystemExit("Bela is not running here. Start it with: make run")
    return info

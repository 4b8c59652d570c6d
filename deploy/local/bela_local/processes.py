"""Know a process by pid and start time, so that a recycled pid is never taken for one of ours."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ProcessId:
    """A pid and the clock tick at which it started."""

    pid: int
    started: int

    @classmethod
    def of(cls, pid: int) -> ProcessId | None:
        """Return the identity of a living process, None if there is none."""
        started = start_tick(pid)
        return None if started is None else cls(pid, started)

    @property
    def alive(self) -> bool:
        """Whether this very process still runs."""
        return start_tick(self.pid) == self.started


def start_tick(pid: int) -> int | None:
    """Return when a process started (ticks since boot), None if it is gone or a zombie."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The name in the second field may hold spaces and brackets; what follows its last bracket is regular.
    fields = text.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else int(fields[19])


def kill_sessions(leaders: Iterable[ProcessId], *, grace_seconds: float = 3.0) -> None:
    """End processes left over from a supervisor that died, each with its whole session."""
    left = [leader for leader in leaders if leader.alive]
    for leader in left:
        # SIGQUIT lets PostgreSQL take its backends along; the others die of it just the same.
        _signal_group(leader.pid, signal.SIGQUIT)
    deadline = time.monotonic() + grace_seconds
    while any(leader.alive for leader in left) and time.monotonic() < deadline:
        time.sleep(0.02)
    for leader in left:
        if leader.alive:
            _signal_group(leader.pid, signal.SIGKILL)


def _signal_group(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def proportional_kib(pid: int) -> int:
    """Return the proportional set size of a process in KiB, 0 if it is gone."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)


def session_members(leader: int) -> list[int]:
    """Return the pids of a session, the leader's own included."""
    members = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError, ValueError):
                if os.getsid(int(folder.name)) == leader:
                    members.append(int(folder.name))
    return members

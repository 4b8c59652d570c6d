"""What the stack's processes take of the machine's memory (goal G14 counts gateway, services and NATS)."""

from __future__ import annotations

import os

from bela_local.layout import SERVICES
from bela_local.processes import proportional_kib, session_members
from bela_local.run_file import RunInfo

COUNTED = ("gateway", *SERVICES, "nats")


def memory_mib(info: RunInfo) -> dict[str, float]:
    """Return the proportional set size in MiB of every child with its own children, and of the supervisor."""
    measured = {
        name: sum(proportional_kib(pid) for pid in session_members(child.pid)) / 1024
        for name, child in info.children.items()
    }
    measured["supervisor"] = proportional_kib(info.supervisor.pid) / 1024
    return measured


def counted_mib(measured: dict[str, float]) -> float:
    """Return the sum that the goal speaks of: PostgreSQL, issuer and supervisor are not in it."""
    return sum(value for name, value in measured.items() if name in COUNTED)


def print_memory(info: RunInfo) -> None:
    """Print a table, what counts first."""
    measured = memory_mib(info)
    for name in sorted(measured, key=lambda name: (name not in COUNTED, name)):
        mark = "" if name in COUNTED else "  (apart)"
        print(f"{name:<12} {measured[name]:8.1f} MiB{mark}")
    print(f"{'together':<12} {counted_mib(measured):8.1f} MiB, {os.cpu_count()} cores")

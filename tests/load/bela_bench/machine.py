"""What the machine did during a measurement: CPU of every process of the stack, of the generator, of strangers.

Rates on a shared machine mean little by themselves; stolen and foreign time stand beside each of them.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))


def facts() -> dict[str, object]:
    """Return what a reader must know about the machine."""
    memory = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    models = [
        line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line
    ]
    return {
        "cores": cores(),
        "cpu": models[0] if models else "",
        "memory_mib": int(memory.split()[1]) // 1024,
        "kernel": os.uname().release,
        "load_average": os.getloadavg()[0],
    }


@dataclass(frozen=True, slots=True)
class Sample:
    """Counters at one instant, in seconds of CPU."""

    at: float
    machine: Mapping[str, float]
    programs: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Window:
    """What happened between two samples.

    Attributes:
        seconds: Length.
        cpu: Seconds of CPU by program; `generator` is this process.
        steal: Share of all cores that the host took away, 0 to 1.
        idle: Share of all cores that nobody used.
        others: Share of all cores that programs outside of the measurement used.
    """

    seconds: float
    cpu: Mapping[str, float]
    steal: float
    idle: float
    others: float

    def core_ms(self, operations: int, leave_out: tuple[str, ...] = ()) -> dict[str, float]:
        """Return the CPU by program for one operation, in milliseconds, and their sum as `all`."""
        each = {
            name: 1000 * seconds / max(1, operations) for name, seconds in self.cpu.items() if name not in leave_out
        }
        return {"all": sum(each.values()), **each}


class Meter:
    """Samples the programs of a stack, each with its descendants.

    Args:
        pids: Leading process by program name.
    """

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._pids = dict(pids)

    def sample(self) -> Sample:
        """Read the counters now."""
        processes = _processes()
        children: dict[int, list[int]] = {}
        for pid, (parent, _) in processes.items():
            children.setdefault(parent, []).append(pid)
        programs = {name: _tree(pid, processes, children) for name, pid in self._pids.items()}
        own = os.times()
        programs["generator"] = own.user + own.system + own.children_user + own.children_system
        return Sample(time.monotonic(), _machine(), programs)

    def since(self, start: Sample) -> Window:
        """Return what happened since a sample."""
        end = self.sample()
        seconds = end.at - start.at
        cpu = {name: max(0.0, end.programs[name] - start.programs.get(name, 0.0)) for name in end.programs}
        spent = {name: end.machine[name] - start.machine[name] for name in end.machine}
        total = max(1e-9, sum(spent.values()))
        idle = spent["idle"] + spent["iowait"]
        busy = total - idle - spent["steal"]
        return Window(seconds, cpu, spent["steal"] / total, idle / total, max(0.0, busy - sum(cpu.values())) / total)


def _machine() -> dict[str, float]:
    names = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal")
    numbers = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    return {name: int(number) / _TICK for name, number in zip(names, numbers, strict=False)}


def _processes() -> dict[int, tuple[int, float]]:
    """Return parent and CPU (with that of its ended children) of every process."""
    found = {}
    for folder in os.scandir("/proc"):
        if not folder.name.isdigit():
            continue
        try:
            text = Path(folder.path, "stat").read_text()
        except OSError:
            continue
        fields = text.rpartition(")")[2].split()
        found[int(folder.name)] = (int(fields[1]), sum(map(int, fields[11:15])) / _TICK)
    return found


def _tree(pid: int, processes: Mapping[int, tuple[int, float]], children: Mapping[int, list[int]]) -> float:
    seconds = processes.get(pid, (0, 0.0))[1]
    return seconds + sum(_tree(child, processes, children) for child in children.get(pid, ()))

"""Keep one program running: start it, notice its end, start it again with growing pauses, stop it.

A child runs in a session of its own, so that Ctrl-C reaches the supervisor alone, and dies with the supervisor. Its end
is noticed through a pidfd, without a thread for each child: the kernel ties a child's life to the thread that made it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bela_kit.testing.servers import on_leash

from bela_local.probes import Probe, until
from bela_local.processes import ProcessId

BACKOFF_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
STEADY_SECONDS = 20.0
FIRST_START_ATTEMPTS = 3
LOG_BYTES = 20_000_000

Report = Callable[[str], None]


class StartFailed(Exception):
    """A program did not come up; the message says what its log ends with."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to run and how to treat it."""

    name: str
    start: Callable[[Mapping[str, str]], subprocess.Popen[bytes]]
    """Starts the program with variables added to its environment; may block for a moment."""
    ready: Probe
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 15.0
    ready_seconds: float = 60.0


def spawn(
    command: Sequence[str],
    environment: Mapping[str, str],
    log: Path,
    *,
    fresh_log: bool = False,
    on_parent_death: signal.Signals = signal.SIGKILL,
) -> subprocess.Popen[bytes]:
    """Start a command as a child on the leash, its output appended to a log file, or to a fresh one."""
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
    with log.open("wb" if fresh_log else "ab") as stream:
        return subprocess.Popen(
            on_leash(command, on_parent_death),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            cwd="/",
            env=dict(environment),
            start_new_session=True,
        )


async def exit_code(process: subprocess.Popen[bytes]) -> int:
    """Wait for a process to end and return its exit code."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    descriptor = os.pidfd_open(process.pid)
    try:
        loop.add_reader(descriptor, ended.set)
        await ended.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)
    return process.wait()


def log_tail(log: Path, lines: int = 15) -> str:
    """Return the end of a log file for an error message."""
    try:
        with log.open("rb") as stream:
            stream.seek(max(0, log.stat().st_size - 8192))
            text = stream.read().decode(errors="replace")
    except OSError:
        return ""
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])


class Child:
    """A program the supervisor answers for."""

    def __init__(self, program: Program, *, report: Report, changed: Callable[[], None]) -> None:
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None
        self.identity: ProcessId | None = None
        self.starts = 0
        self._report = report
        self._changed = changed
        self._extra: dict[str, str] = {}
        self._wanted = True
        self._resumed = asyncio.Event()
        self._resumed.set()
        self._ready = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()
        self._broken = asyncio.Event()
        self._fault = ""
        self._seen_ready = False
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Start the program and keep it running from now on."""
        if self._task is None:
            self._task = asyncio.create_task(self._keep(), name=f"keep {self.program.name}")

    async def until_ready(self) -> None:
        """Wait until the program answers.

        Raises:
            StartFailed: It ended several times before it was ready, or never answered.
        """
        waiters = {asyncio.create_task(event.wait()) for event in (self._ready, self._broken)}
        try:
            await asyncio.wait(waiters, timeout=self.program.ready_seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiter in waiters:
                waiter.cancel()
        if self._broken.is_set():
            raise self._failure(self._fault)
        if not self._ready.is_set():
            raise self._failure(f"did not become ready in {self.program.ready_seconds:.0f} s")

    def signal(self, number: int, *, hold: bool) -> None:
        """Send a signal; with `hold` the program stays down until `resume`."""
        if hold:
            self._resumed.clear()
        self._ready.clear()
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(number)

    async def down(self) -> None:
        """Wait until the process has ended."""
        await self._ended.wait()

    def resume(self, extra: Mapping[str, str] | None = None) -> None:
        """Let a held program run again, with other variables added to its environment if given."""
        if extra is not None:
            self._extra = dict(extra)
        self._resumed.set()

    async def stop(self) -> None:
        """End the program for good: ask, wait, kill."""
        self._wanted = False
        self._resumed.set()
        if self._task is None:
            return
        if self.process is not None:
            self.signal(self.program.stop_signal, hold=False)
        _, running = await asyncio.wait({self._task}, timeout=self.program.stop_seconds)
        if running:
            self._report(f"! {self.program.name} did not stop in {self.program.stop_seconds:.0f} s, killed")
            self.kill()
            await asyncio.wait({self._task}, timeout=5)

    def kill(self) -> None:
        """End the program's whole session at once."""
        self._wanted = False
        self._resumed.set()
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def _failure(self, what: str) -> StartFailed:
        return StartFailed(f"{self.program.name} {what}; end of {self.program.log}:\n{log_tail(self.program.log)}")

    async def _keep(self) -> None:
        pauses = iter(BACKOFF_SECONDS)
        while True:
            await self._resumed.wait()
            if not self._wanted:
                return
            began = time.monotonic()
            what = await self._run_once()
            if not self._wanted:
                return
            if not self._seen_ready and self.starts >= FIRST_START_ATTEMPTS:
                self._fault = what
                self._broken.set()
            self._ready.clear()
            if not self._resumed.is_set():
                self._report(f"  {self.program.name} {what}, held down")
                continue
            if time.monotonic() - began > STEADY_SECONDS:
                pauses = iter(BACKOFF_SECONDS)
            pause = next(pauses, BACKOFF_SECONDS[-1])
            self._report(f"! {self.program.name} {what}, starting again in {pause} s ({self.program.log})")
            await asyncio.sleep(pause)

    async def _run_once(self) -> str:
        """Run the program to its end and say how it ended."""
        self.starts += 1
        try:
            self.process = self.program.start(self._extra)
        except (OSError, RuntimeError) as error:
            return "could not start: " + " ".join(str(error).split())[:500]
        self._ended.clear()
        self.identity = ProcessId.of(self.process.pid)
        self._changed()
        watch = asyncio.create_task(self._watch_ready(self.starts))
        code = await exit_code(self.process)
        watch.cancel()
        self.process = self.identity = None
        self._ended.set()
        self._changed()
        return f"ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"

    async def _watch_ready(self, start: int) -> None:
        if await until(self.program.ready, seconds=self.program.ready_seconds):
            self._ready.set()
            self._seen_ready = True
            if start > 1:
                self._report(f"  {self.program.name} is back")

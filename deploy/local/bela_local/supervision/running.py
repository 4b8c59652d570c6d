"""Run a supervisor as a program: one for each state folder, signals, first and last words."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from bela_local.control import serve_control
from bela_local.layout import ROOT, Layout, claim_layout
from bela_local.supervision.child import StartFailed
from bela_local.supervision.programs import Options
from bela_local.supervision.supervisor import Supervisor

Ready = Callable[[Supervisor], Awaitable[None]]


class AlreadyRunning(Exception):
    """Another supervisor holds this state folder."""


def _lock(layout: Layout) -> int:
    # In the runtime folder: somebody may remove .state while a stack runs.
    descriptor = os.open(layout.runtime / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise AlreadyRunning from None
    return descriptor


def say(text: str) -> None:
    """Print a line at once. A terminal that has gone away is no reason to stop."""
    with contextlib.suppress(OSError):
        print(text, flush=True)


async def supervise(state: Path, options: Options, *, ready: Ready | None = None) -> int:
    """Run a stack until it is told to stop; returns the exit code.

    Raises:
        AlreadyRunning: The state folder belongs to a running stack.
    """
    layout = claim_layout(state)
    lock = _lock(layout)
    try:
        return await _supervise(layout, options, ready)
    finally:
        os.close(lock)


async def _supervise(layout: Layout, options: Options, ready: Ready | None) -> int:
    supervisor = Supervisor(layout, options, say=say)
    loop = asyncio.get_running_loop()

    def interrupt() -> None:
        if supervisor.stopping.is_set():
            say("  killed")
            supervisor.kill()
        supervisor.stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, interrupt)
    control = await serve_control(layout.control_socket, supervisor.obey)
    stopping = asyncio.create_task(supervisor.stopping.wait())
    starting = asyncio.create_task(_start(supervisor, ready))
    code = 0
    await asyncio.wait({stopping, starting}, return_when=asyncio.FIRST_COMPLETED)
    if starting.done() and (error := starting.exception()) is not None:
        if not isinstance(error, StartFailed):
            supervisor.kill()
            raise error
        say(f"\nBela did not start: {error}")
        code = 1
    else:
        await stopping
        starting.cancel()
        await asyncio.wait({starting})
        say("\nStopping (again Ctrl-C kills) ...")
    stopping.cancel()
    began = time.monotonic()
    await supervisor.stop()
    control.close()
    if code == 0:
        say(f"Stopped in {time.monotonic() - began:.1f} s.")
    return code


async def _start(supervisor: Supervisor, ready: Ready | None) -> None:
    supervisor.say(f"Starting Bela from {ROOT}")
    await supervisor.start()
    if ready is not None:
        await ready(supervisor)
    supervisor.announce()

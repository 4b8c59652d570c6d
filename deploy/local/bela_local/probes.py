"""Ask a server whether it is ready, over a Unix socket or loopback, without a HTTP library."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

Probe = Callable[[], Awaitable[bool]]

POLL_SECONDS = 0.05
ASK_SECONDS = 2.0


async def http_ask(where: Path | tuple[str, int], path: str, *, method: str = "GET") -> tuple[int, str]:
    """Return status and raw body (chunked or not) of a bare HTTP request; status 0 if nobody answers one."""
    writer = None
    try:
        async with asyncio.timeout(ASK_SECONDS):
            if isinstance(where, Path):
                reader, writer = await asyncio.open_unix_connection(where)
            else:
                reader, writer = await asyncio.open_connection(*where)
            writer.write(f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            head, _, body = (await reader.read()).partition(b"\r\n\r\n")
            return int(head.split()[1]), body.decode()
    except (OSError, ValueError, IndexError, TimeoutError):
        return 0, ""
    finally:
        if writer is not None:
            writer.close()


def http_ready(where: Path | tuple[str, int], path: str) -> Probe:
    """Return a probe that holds once the path answers 200."""

    async def ask() -> bool:
        return (await http_ask(where, path))[0] == 200

    return ask


def greets(where: tuple[str, int], greeting: bytes) -> Probe:
    """Return a probe that holds once the server speaks first, as NATS does."""

    async def ask() -> bool:
        writer = None
        try:
            async with asyncio.timeout(ASK_SECONDS):
                reader, writer = await asyncio.open_connection(*where)
                return (await reader.readline()).startswith(greeting)
        except (OSError, TimeoutError):
            return False
        finally:
            if writer is not None:
                writer.close()

    return ask


async def until(probe: Probe, *, seconds: float) -> bool:
    """Ask again and again; return False if time is up first."""
    deadline = time.monotonic() + seconds
    while True:
        if await probe():
            return True
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(POLL_SECONDS)


def free_port(preferred: int | None = None) -> int:
    """Return a loopback port nobody listens on: the one used last time if it is free, else any."""
    for port in (preferred, 0) if preferred else (0,):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(trial.getsockname()[1])
    raise SystemExit("No free port on the loopback address.")

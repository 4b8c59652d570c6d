"""Wakes the relay of another process: a signal after commits, at most one in ten milliseconds, on its own connection.

Never inside a business transaction: a NOTIFY there takes a lock that spans the whole server until the commit is on
disk, and halves the commits per second. A lost signal costs a second at most, as the relay also looks by itself.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import TypeAlias

import asyncpg

log = logging.getLogger(__name__)

_CHANNEL = "bela_outbox"
_SPACING_SECONDS = 0.01
_RETRY_SECONDS = 1.0

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


class CommitSignal:
    """Given to the outbox as its wake-up by a process that serves without a relay.

    Args:
        url: Address of the database for any role of the service.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._due = asyncio.Event()

    def __call__(self) -> None:
        """Ask for a signal soon."""
        self._due.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send signals until `stop` is set."""
        stopping = asyncio.create_task(stop.wait())
        connection: Connection | None = None
        try:
            while not stop.is_set():
                due = asyncio.create_task(self._due.wait())
                await asyncio.wait({due, stopping}, return_when=asyncio.FIRST_COMPLETED)
                due.cancel()
                if not self._due.is_set():
                    continue
                self._due.clear()
                try:
                    if connection is None or connection.is_closed():
                        connection = await _connect(self._url)
                    await connection.execute(f"NOTIFY {_CHANNEL}")
                    await asyncio.sleep(_SPACING_SECONDS)
                except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                    log.info("the relay could not be signalled: %s", error)
                    await asyncio.wait({stopping}, timeout=_RETRY_SECONDS)
        finally:
            stopping.cancel()
            if connection is not None and not connection.is_closed():
                await connection.close(timeout=1)


async def listen(url: str, wake: Callable[[], None], stop: asyncio.Event) -> None:
    """Call `wake` for every signal until `stop` is set; wants a direct connection, as poolers pass no signals on."""
    stopping = asyncio.create_task(stop.wait())
    try:
        while not stop.is_set():
            try:
                connection = await _connect(url)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.info("signals of commits cannot be heard: %s", error)
                await asyncio.wait({stopping}, timeout=_RETRY_SECONDS)
                continue
            ended = asyncio.Event()
            connection.add_termination_listener(lambda _, ended=ended: ended.set())
            await connection.add_listener(_CHANNEL, lambda *_: wake())
            gone = asyncio.create_task(ended.wait())
            await asyncio.wait({gone, stopping}, return_when=asyncio.FIRST_COMPLETED)
            gone.cancel()
            if not connection.is_closed():
                await connection.close(timeout=1)
    finally:
        stopping.cancel()


async def _connect(url: str) -> Connection:
    return await asyncpg.connect(url.replace("postgresql+asyncpg://", "postgresql://", 1), timeout=5)

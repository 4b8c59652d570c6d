"""Working ahead: the next piece is made while the one before is still being dealt with."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from typing import TypeVar

T = TypeVar("T")


async def ahead(pieces: AsyncGenerator[T, None], size: int) -> AsyncIterator[T]:
    """Yield what a source yields, fetching up to `size` pieces before they are asked for.

    Raises:
        Exception: Whatever the source raises, after the pieces that came before it.
    """
    ready: asyncio.Queue[tuple[T] | Exception | None] = asyncio.Queue(size)

    async def fetch() -> None:
        try:
            async with aclosing(pieces):
                async for piece in pieces:
                    await ready.put((piece,))
        except Exception as error:
            await ready.put(error)
        else:
            await ready.put(None)

    fetching = asyncio.create_task(fetch())
    try:
        while (found := await ready.get()) is not None:
            if isinstance(found, Exception):
                raise found
            yield found[0]
    finally:
        fetching.cancel()
        with suppress(asyncio.CancelledError):
            await fetching

"""Orders to a running supervisor over its Unix socket: one JSON line in, one JSON line out.

Who may open the socket's folder may give orders; there is no other check.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

Order = dict[str, Any]
Handler = Callable[[Order], Awaitable[dict[str, Any]]]

LONGEST_ORDER_SECONDS = 90.0


async def serve_control(path: Path, handler: Handler) -> asyncio.Server:
    """Listen for orders. A refused order is answered with its reason, and the next one is awaited."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            order = json.loads(await reader.readline())
            try:
                answer = {"ok": True, **await handler(order)}
            except (KeyError, ValueError, RuntimeError) as error:
                answer = {"ok": False, "error": f"{type(error).__name__}: {error}"}
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
        except (OSError, ValueError):
            pass  # whoever asked has gone away, or is not one of our commands
        finally:
            writer.close()

    return await asyncio.start_unix_server(serve, path)


def give_order(path: Path | str, order: Order) -> dict[str, Any]:
    """Give an order and return the answer.

    Raises:
        RuntimeError: The supervisor refused.
        OSError: There is no supervisor.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(LONGEST_ORDER_SECONDS)
        connection.connect(str(path))
        connection.sendall(json.dumps(order).encode() + b"\n")
        with connection.makefile("rb") as stream:
            answer: dict[str, Any] = json.loads(stream.readline() or b'{"ok": false, "error": "no answer"}')
    if not answer.pop("ok", False):
        raise RuntimeError(answer.get("error", "refused"))
    return answer

"""A HTTP/1.1 client that costs little: the generator runs on the cores it measures.

One connection carries one request at a time. Nothing is retried: a refusal is a result.
"""

from __future__ import annotations

import asyncio
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import httptools
import orjson


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body of one answer."""

    status: int
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return orjson.loads(self.body)


class _Wire(asyncio.Protocol):
    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._parser = httptools.HttpResponseParser(self)
        self._waiting: asyncio.Future[Answer] | None = None
        self.transport: asyncio.Transport | None = None
        self.closing = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"connection" and value.lower() == b"close":
            self.closing = True

    def on_body(self, body: bytes) -> None:
        self._parts.append(body)

    def on_message_complete(self) -> None:
        waiting, self._waiting = self._waiting, None
        answer = Answer(self._parser.get_status_code(), b"".join(self._parts))
        self._parts = []
        self._parser = httptools.HttpResponseParser(self)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    def connection_lost(self, error: Exception | None) -> None:
        self.closing = True
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_exception(error or ConnectionResetError("the connection was closed"))

    def ask(self, data: bytes) -> asyncio.Future[Answer]:
        assert self.transport is not None
        self._waiting = asyncio.get_running_loop().create_future()
        self.transport.write(data)
        return self._waiting


class Client:
    """Connections to one origin, as many as requests are under way at once."""

    def __init__(self, url: str) -> None:
        parts = urllib.parse.urlsplit(url)
        assert parts.hostname is not None
        self._host = parts.hostname
        self._port = parts.port or 80
        self._free: list[_Wire] = []

    async def request(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, json: Any = None, body: bytes = b""
    ) -> Answer:
        """Send one request and return the answer, whatever its status."""
        lines = [f"{method} {path} HTTP/1.1", f"host: {self._host}:{self._port}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if json is not None:
            body = orjson.dumps(json)
            lines.append("content-type: application/json")
        if body or method != "GET":
            lines.append(f"content-length: {len(body)}")
        wire = await self._wire()
        answer = await wire.ask("\r\n".join([*lines, "", ""]).encode() + body)
        if wire.closing:
            if wire.transport is not None:
                wire.transport.close()
        else:
            self._free.append(wire)
        return answer

    async def close(self) -> None:
        """Close every idle connection."""
        while self._free:
            transport = self._free.pop().transport
            if transport is not None:
                transport.close()

    async def _wire(self) -> _Wire:
        while self._free:
            wire = self._free.pop()
            if not wire.closing:
                return wire
        _, wire = await asyncio.get_running_loop().create_connection(_Wire, self._host, self._port)
        return wire

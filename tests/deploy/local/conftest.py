"""A stack without services, and an upstream that tells what reached it."""

import asyncio
import json
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from bela_local.stack import Stack

TRANSACTIONAL_LIMIT = 1_000_000


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """PostgreSQL, NATS, issuer and gateway of the local run; no service."""
    with Stack(tmp_path_factory.mktemp("stack"), services=(), rate_limits=True) as running:
        yield running
    running.remove()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A state folder for a stack of the test's own."""
    made = Path(tempfile.mkdtemp(prefix="bela-", dir="/tmp"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


async def upstream_app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer what the tests ask for by path."""
    if scope["type"] != "http":
        return
    path: str = scope["path"]

    async def answer(status: int, body: bytes, kind: bytes = b"application/json") -> None:
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind)]})
        await send({"type": "http.response.body", "body": body})

    if path.endswith("/too-large"):
        await answer(413, b'{"reason": "BODY_TOO_LARGE"}', b"application/problem+json")
        return
    if path.endswith("/slow"):
        await asyncio.sleep(2.5)
    if path.endswith("/events"):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
        for number in range(5):
            await send({"type": "http.response.body", "body": f"data: {number}\n\n".encode(), "more_body": True})
            await asyncio.sleep(0.5)
        await send({"type": "http.response.body", "body": b""})
        return
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    headers = {name.decode(): value.decode() for name, value in scope["headers"]}
    await answer(200, json.dumps({"path": path, "bytes": size, "headers": headers}).encode())


@pytest.fixture(scope="session")
def upstream(stack: Stack) -> Iterator[None]:
    """The upstream behind the routes of vendor and reporting."""
    servers = []
    for service in ("vendor", "reporting"):
        socket = stack.info.sockets[service]["rest"]
        config = uvicorn.Config(upstream_app, uds=socket, log_level="error", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        servers.append((server, thread))
    deadline = time.monotonic() + 10
    while not all(server.started for server, _ in servers) and time.monotonic() < deadline:
        time.sleep(0.02)
    yield
    for server, thread in servers:
        server.should_exit = True
        thread.join(5)


@pytest.fixture
def client(stack: Stack, upstream: None) -> Iterator[httpx.Client]:
    """A client of the gateway."""
    with httpx.Client(base_url=stack.gateway_url, timeout=30, trust_env=False) as made:
        yield made

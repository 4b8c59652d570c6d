"""Runs an ASGI application on a bind, inside a loop that has other work, with no say over signals."""

import asyncio
import contextlib
import errno
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bela_kit.settings import Bind

_BACKLOG = 1024


class _Uvicorn(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the lifecycle."""
        yield


class HttpServer:
    """One HTTP server; started and stopped by the lifecycle."""

    def __init__(self, app: ASGIApp, bind: Bind) -> None:
        self._app = app
        self._draining = False
        config = uvicorn.Config(
            self._answer,
            interface="asgi3",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws="none",
            http="httptools",
            timeout_keep_alive=75,
            backlog=_BACKLOG,
        )
        self._bind = bind
        self._config = config
        self._server = _Uvicorn(config)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen; an address in use is an OSError."""
        listener = listen(self._bind)
        self._task = asyncio.create_task(self._server.serve(sockets=[listener]), name="http")
        while not self._server.started:
            if self._task.done():
                await self._task
                raise RuntimeError("the HTTP server ended while starting")
            await asyncio.sleep(0.005)

    async def drain(self) -> None:
        """Close each connection with its next answer.

        Otherwise a proxy may send a request down a connection in the very moment that the idle end of it closes here.
        """
        self._draining = True

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._draining:
            await self._app(scope, receive, send)
            return

        async def closing(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), (b"connection", b"close")]
            await send(message)

        await self._app(scope, receive, closing)

    async def stop(self, grace: float) -> None:
        """Accept no more and wait for requests under way, `grace` seconds at most."""
        if self._task is None:
            # Never listened: a socket file that lies there is another process's.
            return
        self._config.timeout_graceful_shutdown = max(1, round(grace))
        self._server.should_exit = True
        await self._task
        if self._bind.path is not None:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self._bind.path)


def listen(bind: Bind) -> socket.socket:
    """Return a listening socket; a socket file that nobody answers on any more is replaced."""
    if bind.path is None:
        family = socket.AF_INET6 if ":" in (bind.host or "") else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((bind.host, bind.port))
    else:
        remove_stale(bind.path)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(bind.path)
    listener.listen(_BACKLOG)
    listener.setblocking(False)
    return listener


def remove_stale(path: str) -> None:
    """Remove a socket file that was left behind; OSError (address in use) if somebody answers on it."""
    if not os.path.exists(path):
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        try:
            probe.connect(path)
        except OSError:
            Path(path).unlink(missing_ok=True)
            return
    raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE), path)

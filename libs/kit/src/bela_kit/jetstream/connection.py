"""The connection to the broker: made in the background, remade for ever, closed only on purpose.

A process serves without it; that is what the outbox is for. Should the client ever give up by itself, `failed` is set,
and the worker ends so that somebody starts it anew.
"""

import asyncio
import logging
from typing import Any

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.client import JetStreamContext

from bela_kit.settings import ServiceSettings

log = logging.getLogger(__name__)

_RETRY_SECONDS = 0.25


class BrokerUnavailable(Exception):
    """The broker is not connected, or did not confirm in time; try again later."""


class NatsConnection:
    """One client of one service.

    Attributes:
        generation: Counts connections made; what was asked of an earlier one will not be answered.
        failed: Set when the client closed by itself.
    """

    def __init__(self, url: str, user: str, password: str) -> None:
        self._url, self._user, self._password = url, user, password
        self._client = Client()
        self._jetstream: JetStreamContext | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._connected = asyncio.Event()
        self._closing = False
        self.generation = 0
        self.failed = asyncio.Event()

    @classmethod
    async def connect(cls, settings: ServiceSettings) -> "NatsConnection":
        """Begin to connect and return at once; the broker may be away for now."""
        connection = cls(settings.nats_url, settings.nats_user, settings.nats_password.get_secret_value())
        connection.start()
        return connection

    def start(self) -> None:
        """Begin to connect in the background."""
        self._connecting = asyncio.create_task(self._connect(), name="connect to broker")

    async def ready(self, timeout: float | None = None) -> None:
        """Wait until connected; BrokerUnavailable if that takes too long."""
        try:
            await asyncio.wait_for(self._connected.wait(), timeout)
        except TimeoutError:
            raise BrokerUnavailable("not connected") from None

    @property
    def connected(self) -> bool:
        """Whether the broker is there right now."""
        return self._jetstream is not None and self._client.is_connected

    @property
    def client(self) -> Client:
        """The client; BrokerUnavailable unless it is connected right now."""
        if not self.connected:
            raise BrokerUnavailable("not connected")
        return self._client

    @property
    def jetstream(self) -> JetStreamContext:
        """JetStream; BrokerUnavailable unless it is connected right now."""
        if self._jetstream is None or not self.connected:
            raise BrokerUnavailable("not connected")
        return self._jetstream

    async def close(self) -> None:
        """Send what is pending, then close."""
        self._closing = True
        if self._connecting is not None and not self._connecting.done():
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        if self.connected:
            try:
                await self._client.flush(1)
            except (NatsError, TimeoutError, OSError):
                log.info("the broker was away at the end")
        if not self._client.is_closed:
            await self._client.close()

    async def _connect(self) -> None:
        options: dict[str, Any] = {
            "inbox_prefix": f"_INBOX.{self._user}".encode(),
            # Fewer than zero: for ever, the first time too.
            "max_reconnect_attempts": -1,
            "reconnect_time_wait": _RETRY_SECONDS,
            "connect_timeout": 2,
            "ping_interval": 20,
            "error_cb": self._on_error,
            "disconnected_cb": self._on_disconnect,
            "reconnected_cb": self._on_connect,
            "closed_cb": self._on_closed,
        }
        await self._client.connect(self._url, user=self._user, password=self._password, **options)
        self._jetstream = self._client.jetstream(timeout=2)
        await self._on_connect()

    async def _on_connect(self) -> None:
        self.generation += 1
        self._connected.set()
        log.info("connected to the broker")

    async def _on_disconnect(self) -> None:
        if not self._closing and self._connected.is_set():
            log.warning("the broker is away")
        self._connected.clear()

    async def _on_closed(self) -> None:
        self._connected.clear()
        if not self._closing and self._jetstream is not None:
            log.error("the client of the broker gave up")
            self.failed.set()

    async def _on_error(self, error: Exception) -> None:
        # While it is away every attempt reports; that it is away has been said already.
        level = logging.WARNING if self._connected.is_set() else logging.DEBUG
        log.log(level, "broker: %s: %s", type(error).__name__, error)

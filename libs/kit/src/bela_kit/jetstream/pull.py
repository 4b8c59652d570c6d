"""A steady flow of messages from one durable: the next request is on its way before the last is used up.

The client's own `fetch` waits out its whole timeout for a batch to fill, which costs a report a second of freshness;
here the first message comes at once, and what arrives while a batch is being handled makes the next one larger.
"""

import asyncio
import json
import logging
import time
from collections import deque

from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.js.api import StatusCode

from bela_kit.jetstream.connection import BrokerUnavailable, NatsConnection

log = logging.getLogger(__name__)

_EXPIRES_SECONDS = 5.0
_NO_RESPONDERS = "503"


class PullReader:
    """Reads from a durable consumer that somebody else has created.

    Args:
        nats: The service's connection.
        stream: Name of the stream.
        durable: Name of the consumer.
        batch: How many messages may be on their way or waiting here.
    """

    def __init__(self, nats: NatsConnection, stream: str, durable: str, batch: int) -> None:
        self._nats = nats
        self._durable = durable
        self._request_subject = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}"
        self._batch = batch
        self._buffer: deque[Msg] = deque()
        self._arrived = asyncio.Event()
        self._subscription: Subscription | None = None
        self._outstanding = 0
        self._expires_at = 0.0
        self._generation = -1
        self._missing = False

    async def open(self) -> None:
        """Subscribe to an inbox of its own; BrokerUnavailable if not connected."""
        client = self._nats.client
        self._inbox = client.new_inbox()
        self._subscription = await client.subscribe(self._inbox, cb=self._take)

    async def close(self) -> None:
        """Stop taking messages and give back those that nobody has looked at."""
        if self._subscription is not None and self._nats.connected:
            await self._subscription.unsubscribe()
            for message in self._buffer:
                await message.nak()
        self._buffer.clear()

    @property
    def waiting(self) -> list[Msg]:
        """Messages delivered here that have not been returned yet."""
        return list(self._buffer)

    async def next(self, timeout: float) -> list[Msg]:
        """Return what is there, at most a batch, waiting for the first; empty after the timeout.

        Raises:
            BrokerUnavailable: Not connected, or the durable does not exist.
        """
        deadline = time.monotonic() + timeout
        while not self._buffer:
            await self._ask()
            self._arrived.clear()
            left = deadline - time.monotonic()
            if left <= 0:
                return []
            try:
                # Short slices, so that a lost connection is noticed while waiting.
                await asyncio.wait_for(self._arrived.wait(), min(left, 0.5))
            except TimeoutError:
                continue
        messages = [self._buffer.popleft() for _ in range(min(self._batch, len(self._buffer)))]
        await self._ask()
        return messages

    async def _ask(self) -> None:
        if self._missing:
            self._missing = False
            raise BrokerUnavailable(f"the durable {self._durable} does not exist")
        now = time.monotonic()
        if self._generation != self._nats.generation or now > self._expires_at:
            self._generation, self._outstanding = self._nats.generation, 0
        room = self._batch - len(self._buffer)
        if self._outstanding > 0 or room <= 0:
            return
        request = {"batch": room, "expires": int(_EXPIRES_SECONDS * 1e9)}
        await self._nats.client.publish(self._request_subject, json.dumps(request).encode(), reply=self._inbox)
        self._outstanding, self._expires_at = room, now + _EXPIRES_SECONDS + 1

    async def _take(self, message: Msg) -> None:
        status = (message.headers or {}).get("Status") if not message.reply else None
        if status is None:
            self._buffer.append(message)
            self._outstanding -= 1
        elif status != StatusCode.CONTROL_MESSAGE:
            # The request is over: expired, filled, or refused.
            self._outstanding = 0
            self._missing = status == _NO_RESPONDERS
        self._arrived.set()

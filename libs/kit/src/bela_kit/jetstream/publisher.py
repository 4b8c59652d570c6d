"""Publishing with confirmation: a message counts as out when the stream has acknowledged it, not before."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nats.errors import BadHeaderError, BadSubjectError, MaxPayloadError
from nats.errors import Error as NatsError
from nats.js.api import PubAck
from nats.js.errors import APIError, NoStreamResponseError

from bela_kit.jetstream.connection import BrokerUnavailable, NatsConnection

# https://github.com/nats-io/nats-server/blob/main/server/errors.json: message size exceeds the maximum allowed
_TOO_LARGE = 10054


class Poison(Exception):
    """A message that no retry can bring through: too large, or not a message at all."""


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out; `Nats-Msg-Id` among the headers lets the stream drop a repetition."""

    subject: str
    headers: Mapping[str, str]
    payload: bytes


class Publisher:
    """Publishes to the streams of one service.

    Args:
        nats: The service's connection.
        timeout: How long acknowledgements are waited for; a transaction is open meanwhile.
    """

    def __init__(self, nats: NatsConnection, *, timeout: float = 2.0) -> None:
        self._nats = nats
        self._timeout = timeout

    async def publish(self, messages: Sequence[Message]) -> list[Exception | None]:
        """Publish side by side and return one outcome per message: None if it is stored.

        Raises:
            BrokerUnavailable: Not connected; nothing was sent.
        """
        client = self._nats.client
        sent: list[asyncio.Future[PubAck] | Exception] = []
        for message in messages:
            # The client checks the size itself, but only after it has taken a slot that it then never gives back.
            if len(message.payload) > client.max_payload - 8192:
                sent.append(Poison(f"payload of {len(message.payload)} bytes"))
            else:
                sent.append(await self._send(message))
        waiting = [future for future in sent if isinstance(future, asyncio.Future)]
        if waiting:
            await asyncio.wait(waiting, timeout=self._timeout)
        return [_outcome(future) if isinstance(future, asyncio.Future) else future for future in sent]

    async def _send(self, message: Message) -> "asyncio.Future[PubAck] | Exception":
        try:
            return await self._nats.jetstream.publish_async(
                message.subject, message.payload, wait_stall=self._timeout, headers=dict(message.headers)
            )
        except (BadHeaderError, BadSubjectError, MaxPayloadError) as error:
            return Poison(str(error))
        except (NatsError, BrokerUnavailable, OSError) as error:
            return BrokerUnavailable(str(error))


def _outcome(future: "asyncio.Future[PubAck]") -> Exception | None:
    if not future.done():
        future.cancel()
        return BrokerUnavailable("no acknowledgement in time")
    error = future.exception()
    if error is None:
        return None
    if isinstance(error, APIError) and error.err_code == _TOO_LARGE:
        return Poison(str(error))
    if isinstance(error, NoStreamResponseError):
        return BrokerUnavailable("no stream takes this subject")
    return BrokerUnavailable(str(error))

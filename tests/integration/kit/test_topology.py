"""A service publishes its own facts, reads what it was given, and nothing else."""

import asyncio
import json

import pytest
from bela_kit.events import subject, to_headers
from bela_kit.jetstream import BrokerUnavailable, Message, NatsConnection, Publisher
from bela_kit.testing.plugin import Broker
from bela_kit.topology import load
from nats.errors import TimeoutError as NatsTimeout

from .samples import A, event


def message(source: str = "sample", name: str = "thing_changed") -> Message:
    return Message(subject(source, A, name), to_headers(event(), source), b"x")


async def publish(nats: NatsConnection, wanted: Message) -> Exception | None:
    return (await Publisher(nats, timeout=0.4).publish([wanted]))[0]


async def test_service_publishes_its_declared_events_only(nats: NatsConnection) -> None:
    assert await publish(nats, message()) is None
    assert isinstance(await publish(nats, message(name="thing_invented")), BrokerUnavailable)


async def test_service_cannot_publish_for_another(broker: Broker) -> None:
    other = await broker.connect("other")
    assert isinstance(await publish(other, message()), BrokerUnavailable)
    await other.close()


@pytest.mark.parametrize(
    "place",
    [
        "$JS.API.STREAM.DELETE.BELA_SAMPLE_V1",
        "$JS.API.STREAM.PURGE.BELA_SAMPLE_V1",
        "$JS.API.STREAM.MSG.GET.BELA_SAMPLE_V1",
        "$JS.API.CONSUMER.CREATE.BELA_SAMPLE_V1",
        "$JS.API.CONSUMER.DELETE.BELA_SAMPLE_V1.other__thing_projection",
        "$JS.API.CONSUMER.MSG.NEXT.BELA_SAMPLE_V1.other__thing_projection",
    ],
)
async def test_service_cannot_touch_what_is_not_its_own(nats: NatsConnection, place: str) -> None:
    with pytest.raises(NatsTimeout):
        await nats.client.request(place, b"{}", timeout=0.3)


async def test_service_cannot_listen_in(nats: NatsConnection, broker: Broker) -> None:
    other = await broker.connect("other")
    heard: list[bytes] = []

    async def listen(received: object) -> None:
        heard.append(b"heard")

    for place in ("bela.>", "_INBOX.sample.>", ">"):
        await other.client.subscribe(place, cb=listen)
    assert await publish(nats, message()) is None
    await asyncio.sleep(0.2)
    assert heard == []
    await other.close()


async def test_wrong_password_is_not_let_in(broker: Broker) -> None:
    connection = NatsConnection(broker.server.url, "sample", "wrong")
    connection.start()
    with pytest.raises(BrokerUnavailable):
        await connection.ready(0.5)
    await connection.close()


async def test_applying_again_keeps_what_is_stored(nats: NatsConnection, broker: Broker) -> None:
    assert await publish(nats, message()) is None
    await broker.apply()
    answer = await nats.client.request("$JS.API.CONSUMER.INFO.BELA_SAMPLE_V1.sample__thing_projection", b"", timeout=2)
    assert json.loads(answer.data)["num_pending"] == 1


def test_consumer_of_an_unknown_event_is_refused(tmp_path: object, repository: object) -> None:
    from pathlib import Path

    source, target = Path(str(repository)) / "deploy" / "nats", Path(str(tmp_path))
    for name in ("streams", "consumers", "accounts"):
        text = (source / f"{name}.yaml").read_text()
        (target / f"{name}.yaml").write_text(text.replace("[order_handed_over,", "[order_handed_over_twice,"))
    with pytest.raises(ValueError, match="no event"):
        load(target)

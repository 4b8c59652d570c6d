"""Every durable of every service reads every golden it may be sent, with its own code, into its own migrated tables."""

from uuid import uuid4

import pytest
import sqlalchemy as sa
from bela_kit.core.tenancy import SystemScope
from bela_kit.events import BadEnvelope, ReceivedEvent
from bela_kit.topology import Consumer, load
from google.protobuf.message import Message

from .conftest import Listener
from .golden import ROOT, Golden, goldens

TOPOLOGY = load(ROOT / "deploy" / "nats")
GOLDENS = goldens()
FOREIGN = "6112"
_CLAIMS = sa.text("SELECT count(*) FROM inbox_claims WHERE consumer = :consumer")
_CLAIMS_OF = sa.text("SELECT count(*) FROM inbox_claims WHERE consumer = :consumer AND event_id = ANY(:ids)")


def sent_to(consumer: Consumer) -> list[Golden]:
    return [one for one in GOLDENS if one.source == consumer.stream.source and one.name in consumer.events]


def mine(listener: Listener) -> list[Consumer]:
    return [consumer for consumer in TOPOLOGY.consumers if consumer.owner == listener.service]


async def claims(listener: Listener, durable: str) -> int:
    async with listener.db.system_transaction(SystemScope("test")) as connection:
        return int(await connection.scalar(_CLAIMS, {"consumer": durable}) or 0)


async def claims_of(listener: Listener, durable: str, events: list[Golden]) -> int:
    """Claims of these events alone: the tests share a database and run in any sequence."""
    ids = [one.received().event_id for one in events]
    async with listener.db.system_transaction(SystemScope("test")) as connection:
        return int(await connection.scalar(_CLAIMS_OF, {"consumer": durable, "ids": ids}) or 0)


def test_code_and_topology_name_the_same_durables(listener: Listener) -> None:
    assert {consumer.durable: consumer.stream.name for consumer in mine(listener)} == {
        durable: consumer.stream for durable, consumer in listener.consumers.items()
    }


async def test_every_golden_is_read(listener: Listener) -> None:
    for consumer in mine(listener):
        events = sent_to(consumer)
        assert {one.name for one in events} == set(consumer.events), consumer.durable
        for golden in events:
            await listener.consumers[consumer.durable].handle(golden.received())
        assert await claims_of(listener, consumer.durable, events) == len(events), consumer.durable


async def test_a_golden_read_twice_changes_nothing(listener: Listener) -> None:
    for consumer in mine(listener):
        for golden in sent_to(consumer):
            for _ in range(2):
                await listener.consumers[consumer.durable].handle(golden.received())
        events = sent_to(consumer)
        assert await claims_of(listener, consumer.durable, events) == len(events), consumer.durable


async def test_unknown_fields_of_a_later_version_are_passed_over(listener: Listener) -> None:
    """Contracts grow by addition: what a newer producer adds must not stop an older consumer."""
    for consumer in mine(listener):
        for golden in sent_to(consumer):
            event = golden.received()
            payload = event.payload + b"\xfa\x3f\x05later"  # field 1023, length-delimited
            await listener.consumers[consumer.durable].handle(renewed(event, payload))


async def test_a_payload_of_another_region_is_refused(listener: Listener) -> None:
    """The subject's region is what permissions guard; a payload that speaks of another is poison, not data."""
    for consumer in mine(listener):
        for golden in sent_to(consumer):
            message = golden.message()
            assert moved(message), golden.id
            event = renewed(golden.received(), message.SerializeToString())
            before = await claims(listener, consumer.durable)
            with pytest.raises(BadEnvelope):
                await listener.consumers[consumer.durable].handle(event)
            assert await claims(listener, consumer.durable) == before, (consumer.durable, golden.id)


async def test_rubbish_is_refused(listener: Listener) -> None:
    for consumer in mine(listener):
        for golden in sent_to(consumer):
            before = await claims(listener, consumer.durable)
            with pytest.raises(Exception):  # noqa: B017 - any error parks it; what matters is that nothing is kept
                await listener.consumers[consumer.durable].handle(renewed(golden.received(), b"\xff\xff\xff"))
            assert await claims(listener, consumer.durable) == before


def renewed(event: ReceivedEvent, payload: bytes) -> ReceivedEvent:
    """The same event as another one, with another payload."""
    return ReceivedEvent(
        event_id=uuid4(),
        tenant=event.tenant,
        source=event.source,
        type=event.type,
        name=event.name,
        aggregate_id=event.aggregate_id,
        aggregate_version=event.aggregate_version,
        occurred_at=event.occurred_at,
        payload=payload,
    )


def moved(message: Message) -> bool:
    """Let the aggregate of an event speak of another region."""
    for name in ("host_region",):
        if name in message.DESCRIPTOR.fields_by_name:
            setattr(message, name, FOREIGN)
            return True
    for field in message.DESCRIPTOR.fields:
        kind = field.message_type
        if kind is None or "version" not in kind.fields_by_name:
            continue
        state = getattr(message, field.name)
        setattr(state, "region" if "region" in kind.fields_by_name else "tenant", FOREIGN)
        return True
    return False

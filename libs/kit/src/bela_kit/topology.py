"""Streams, consumers and permissions of the broker: read from files, rendered for the server, applied to it.

Services never create what they use. Tests, the local run and the deployment's job all come through here: what is tested
is what runs.
"""

import argparse
import asyncio
import fnmatch
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nats
from nats.js import api
from nats.js.errors import NotFoundError
from nats.js.manager import JetStreamManager


@dataclass(frozen=True, slots=True)
class Stream:
    """The facts one service publishes."""

    name: str
    source: str
    events: tuple[str, ...]
    storage: str
    replicas: int
    max_age_days: int
    max_bytes: int
    duplicate_window_seconds: int


@dataclass(frozen=True, slots=True)
class Consumer:
    """A durable pull consumer."""

    durable: str
    stream: Stream
    events: tuple[str, ...]
    ack_wait_seconds: int
    max_ack_pending: int

    @property
    def subjects(self) -> list[str]:
        """What it is delivered, for any tenant."""
        return [f"bela.{self.stream.source}.v1.*.{event}" for event in self.events]

    @property
    def owner(self) -> str:
        """The user who pulls from it."""
        return self.durable.partition("__")[0]


@dataclass(frozen=True, slots=True)
class Topology:
    """The desired state of the broker; `users` maps a user to its role, `service` or `topology`."""

    streams: tuple[Stream, ...]
    consumers: tuple[Consumer, ...]
    users: Mapping[str, str]


def load(folder: Path) -> Topology:
    """Read `streams.yaml`, `consumers.yaml` and `accounts.yaml`.

    Raises:
        ValueError: A consumer names a stream or an event that does not exist, or belongs to no user.
    """
    import yaml

    files = {
        name: yaml.safe_load((folder / f"{name}.yaml").read_text()) for name in ("streams", "consumers", "accounts")
    }
    users = {name: entry["role"] for name, entry in files["accounts"]["users"].items()}
    streams = {
        name: Stream(name=name, **{**files["streams"]["defaults"], **entry, "events": tuple(entry["events"])})
        for name, entry in files["streams"]["streams"].items()
    }
    consumers = []
    for durable, entry in files["consumers"]["consumers"].items():
        values = {**files["consumers"]["defaults"], **entry}
        if values["stream"] not in streams:
            raise ValueError(f"{durable} reads from {values['stream']}, which is not a stream")
        stream = streams[values.pop("stream")]
        patterns = values.pop("events")
        consumer = Consumer(durable=durable, stream=stream, events=_expand(durable, patterns, stream), **values)
        if users.get(consumer.owner) != "service":
            raise ValueError(f"{durable} belongs to nobody")
        consumers.append(consumer)
    return Topology(tuple(streams.values()), tuple(consumers), users)


def _expand(durable: str, patterns: list[str], stream: Stream) -> tuple[str, ...]:
    found: list[str] = []
    for pattern in patterns:
        matches = fnmatch.filter(stream.events, pattern)
        if not matches:
            raise ValueError(f"{durable}: no event of {stream.name} is called {pattern}")
        found += matches
    return tuple(dict.fromkeys(found))


def permissions(topology: Topology, user: str) -> dict[str, dict[str, list[str]]]:
    """Return what a user may publish and subscribe to."""
    inbox = [f"_INBOX.{user}.>"]
    if topology.users[user] == "topology":
        return {"publish": {"allow": ["$JS.API.>"]}, "subscribe": {"allow": inbox}}
    allow = ["$JS.API.INFO"]
    for stream in topology.streams:
        if stream.source == user:
            allow += [f"bela.{user}.v1.*.{event}" for event in stream.events]
    for consumer in topology.consumers:
        if consumer.owner == user:
            place = f"{consumer.stream.name}.{consumer.durable}"
            allow += [f"$JS.API.CONSUMER.MSG.NEXT.{place}", f"$JS.API.CONSUMER.INFO.{place}", f"$JS.ACK.{place}.>"]
    return {"publish": {"allow": allow}, "subscribe": {"allow": inbox}}


def render_server_config(
    topology: Topology,
    *,
    port: int,
    store_folder: Path,
    passwords: Mapping[str, str],
    host: str = "127.0.0.1",
    sync: str = "always",
) -> str:
    """Return the configuration of one NATS server: JetStream, and each user's permissions.

    Args:
        topology: The desired state.
        port: TCP port for clients.
        store_folder: Where streams are kept.
        passwords: One for each user of the topology.
        host: Address to listen on.
        sync: `always` makes every acknowledged message survive a power cut; tests may say `1m`.
    """
    users = [
        {"user": user, "password": passwords[user], "permissions": permissions(topology, user)}
        for user in topology.users
    ]
    config: dict[str, Any] = {
        "listen": f"{host}:{port}",
        "max_payload": 1_048_576,
        "jetstream": {
            "store_dir": str(store_folder),
            "max_memory_store": 64 * 2**20,
            "max_file_store": 8 * 2**30,
            "sync_interval": sync,
        },
        "authorization": {"users": users},
    }
    # The server's own format is a superset of JSON.
    return json.dumps(config, indent=1)


async def apply(topology: Topology, url: str, password: str, user: str = "topology", timeout: float = 30) -> None:
    """Create or update every stream and consumer; what exists besides them is left alone.

    Raises:
        TimeoutError: The server cannot be reached in time.
    """
    async with asyncio.timeout(timeout), _manager(url, user, password) as manager:
        for stream in topology.streams:
            await _apply_stream(manager, stream)
        for consumer in topology.consumers:
            await manager.add_consumer(consumer.stream.name, _consumer_config(consumer))


async def clear(topology: Topology, url: str, password: str, user: str = "topology", timeout: float = 30) -> None:
    """Delete the streams with all they hold, for tests; `apply` makes them anew."""
    async with asyncio.timeout(timeout), _manager(url, user, password) as manager:
        for stream in topology.streams:
            await manager.delete_stream(stream.name)


@asynccontextmanager
async def _manager(url: str, user: str, password: str) -> AsyncIterator[JetStreamManager]:
    client = await nats.connect(
        url,
        user=user,
        password=password,
        inbox_prefix=f"_INBOX.{user}".encode(),
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.05,
        error_cb=_quiet,
    )
    try:
        yield client.jetstream()
    finally:
        await client.close()


async def _quiet(error: Exception) -> None:
    """Swallow what the client reports while the server is still coming up; a lasting fault ends in the timeout."""


async def _apply_stream(manager: JetStreamManager, stream: Stream) -> None:
    config = api.StreamConfig(
        name=stream.name,
        subjects=[f"bela.{stream.source}.v1.>"],
        storage=api.StorageType(stream.storage),
        retention=api.RetentionPolicy.LIMITS,
        discard=api.DiscardPolicy.NEW,
        num_replicas=stream.replicas,
        max_age=stream.max_age_days * 86_400,
        max_bytes=stream.max_bytes,
        duplicate_window=stream.duplicate_window_seconds,
        allow_direct=False,
    )
    try:
        await manager.stream_info(stream.name)
    except NotFoundError:
        await manager.add_stream(config)
    else:
        await manager.update_stream(config)


def _consumer_config(consumer: Consumer) -> api.ConsumerConfig:
    return api.ConsumerConfig(
        durable_name=consumer.durable,
        filter_subjects=consumer.subjects,
        ack_policy=api.AckPolicy.EXPLICIT,
        deliver_policy=api.DeliverPolicy.ALL,
        ack_wait=consumer.ack_wait_seconds,
        max_deliver=-1,
        max_ack_pending=consumer.max_ack_pending,
    )


def main(arguments: list[str] | None = None) -> None:
    """Apply the topology to a server: `python -m bela_kit.topology FOLDER URL`, password in NATS_TOPOLOGY_PASSWORD."""
    parser = argparse.ArgumentParser(prog="bela_kit.topology", description="Create or update streams and consumers.")
    parser.add_argument("folder", type=Path, help="folder with streams.yaml, consumers.yaml and accounts.yaml")
    parser.add_argument("url", help="address of the server, nats://host:port")
    options = parser.parse_args(arguments)
    password = os.environ.get("NATS_TOPOLOGY_PASSWORD")
    if password is None:
        sys.exit("NATS_TOPOLOGY_PASSWORD is not set")
    asyncio.run(apply(load(options.folder), options.url, password))


if __name__ == "__main__":
    main()

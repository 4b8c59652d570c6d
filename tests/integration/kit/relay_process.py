"""A relay that is killed after the stream has its events and before the database knows."""

import asyncio
import json
import os
import signal
from collections.abc import Sequence

from bela_kit.db import Database, new_metadata
from bela_kit.jetstream import Message, NatsConnection, Publisher
from bela_kit.outbox_relay import OutboxRelay
from bela_kit.plumbing import kit_tables


class Deadly(Publisher):
    async def publish(self, messages: Sequence[Message]) -> list[Exception | None]:
        await super().publish(messages)
        os.kill(os.getpid(), signal.SIGKILL)
        return []


async def main() -> None:
    config = json.loads(os.environ["CONFIG"])
    nats = NatsConnection(config["nats_url"], config["nats_user"], config["nats_password"])
    nats.start()
    await nats.ready(10)
    database = Database(config["app"], config["worker"])
    await OutboxRelay(database, kit_tables(new_metadata()), Deadly(nats), source="sample").run_once()


asyncio.run(main())

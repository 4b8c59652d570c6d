"""Broker, database and gateway killed under load, and services told to end: what buyers notice, and what remains."""

import asyncio
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from bela_local.layout import SERVICES

from .buyers import Buyers
from .region import CODE, Region

LOAD_SECONDS = 1.5


@asynccontextmanager
async def _load(buyers: Buyers, seed: int) -> AsyncIterator[None]:
    """One buyer in each office, buying all the time."""
    busy = [
        asyncio.create_task(buyers.wander(office, random.Random(seed + at)))
        for at, office in enumerate(buyers.region.offices)
    ]
    try:
        yield
    finally:
        buyers.stopping.set()
        await asyncio.gather(*busy)


@pytest.mark.parametrize("name", ["nats", "postgres", "gateway"])
async def test_killed_under_load(region: Region, buyers: Buyers, name: str) -> None:
    region.failures.clear()
    async with _load(buyers, seed=11):
        await asyncio.sleep(LOAD_SECONDS)
        told = len(buyers.said)
        await region.kill(name)
        await asyncio.sleep(0.5)
        during = len(buyers.said)
        await region.restart(name)
        await asyncio.sleep(LOAD_SECONDS)
    assert told > 0
    assert len(buyers.said) > during, "buying goes on"
    if name == "nats":
        assert during > told, "buying never stopped"
        assert not region.failures, region.failures
    await buyers.must_all_stand()


READS = {
    "vendor": "/vendor/v1/regions/{r}/vendors?page_size=5",
    "catalog": "/catalog/v1/regions/{r}/products?q=kue",
    "order": "/order/v1/regions/{r}/orders?page_size=5",
    "reporting": "/reporting/v1/regions/{r}/equity",
}


async def test_told_to_end_under_load_no_request_is_cut_off(region: Region, buyers: Buyers) -> None:
    """SIGTERM for one service after another while all are asked: only 503 with Retry-After, while nobody listens."""
    outcomes: Counter[str] = Counter()
    stopping = asyncio.Event()

    async def ask(service: str) -> None:
        path = READS[service].format(r=CODE)
        while not stopping.is_set():
            try:
                answer = await region.once("GET", path, None)
            except httpx.TransportError as error:
                outcomes[f"{service} {type(error).__name__}"] += 1
                continue
            again = " with Retry-After" if "retry-after" in answer.headers else ""
            outcomes[f"{service} {answer.status_code}{again}"] += 1
            await asyncio.sleep(0.01)

    region.failures.clear()
    askers = [asyncio.create_task(ask(service)) for service in SERVICES for _ in range(2)]
    async with _load(buyers, seed=23):
        await asyncio.sleep(0.5)
        for service in SERVICES:
            await region.kill(service, number=signal.SIGTERM)
            await region.restart(service)
            await asyncio.sleep(0.3)
    stopping.set()
    await asyncio.gather(*askers)
    print(dict(outcomes), "buyers:", dict(region.failures))
    assert {key.split(" ", 1)[1] for key in outcomes} <= {"200", "503 with Retry-After"}, outcomes
    assert set(region.failures) <= {"503 with Retry-After"}, region.failures
    await buyers.must_all_stand()

"""A minute of buying while something is killed every few seconds; then all the books must agree.

The seed is printed: `CHAOS_SEED=… make chaos` kills the same things in the same sequence. It is no part of `make test`,
which runs the named crash points: what a random minute finds depends on the machine, and a person looks into it.
"""

import asyncio
import os
import random

from bela_local.layout import SERVICES

from .buyers import Buyers
from .region import Region

SECONDS = 60.0
EVERY_SECONDS = (3.0, 7.0)
VICTIMS = (*SERVICES, "nats", "postgres", "gateway")


async def test_a_minute_of_chaos_loses_and_doubles_nothing(region: Region, buyers: Buyers) -> None:
    seed = int(os.environ.get("CHAOS_SEED") or random.SystemRandom().randrange(10**6))
    print(f"CHAOS_SEED={seed}")
    chance = random.Random(seed)
    region.failures.clear()
    busy = [
        asyncio.create_task(buyers.wander(office, random.Random(seed * 100 + at)))
        for at, office in enumerate(region.offices)
    ]
    killed = await _kill_for_a_minute(region, chance)
    buyers.stopping.set()
    await asyncio.gather(*busy)
    print(f"killed {killed}; {len(buyers.said)} acts; met {dict(region.failures)}; refused {dict(buyers.refused)}")
    assert len(killed) >= 6
    assert len(buyers.said) > 50
    await buyers.must_all_stand()


async def _kill_for_a_minute(region: Region, chance: random.Random) -> list[str]:
    killed: list[str] = []
    returning: dict[str, asyncio.Task[None]] = {}
    end = asyncio.get_running_loop().time() + SECONDS
    while asyncio.get_running_loop().time() < end:
        await asyncio.sleep(chance.uniform(*EVERY_SECONDS))
        name = chance.choice(VICTIMS)
        if name in returning and not returning[name].done():
            continue  # it is down already, and on a busy machine it would never come back
        # Nobody holds it down: the supervisor starts it again, as a cluster would.
        await asyncio.to_thread(region.stack.kill, name)
        returning[name] = asyncio.create_task(region.restart(name))
        killed.append(name)
    await asyncio.gather(*returning.values())
    return killed

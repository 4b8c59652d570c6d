"""A system of its own for the tests that break it: one region, several offices, one stall."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from bela_local.layout import SERVICES
from bela_local.stack import Stack

from .buyers import Buyers
from .region import Region, open_region


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The running system, empty."""
    made = Stack(Path(tempfile.mkdtemp(prefix="bela-crash-", dir="/tmp")))
    made.start()
    yield made
    made.stop()
    made.remove()


@pytest.fixture(scope="session")
async def region(stack: Stack) -> AsyncIterator[Region]:
    """A regency with its people, eight offices with money, and a stall that could serve all of them."""
    async with open_region(stack) as made:
        yield made


@pytest.fixture
async def buyers(region: Region) -> AsyncIterator[Buyers]:
    """Clients that repeat what was not answered, under the same key; each test ends with `must_all_stand`."""
    yield Buyers(region)
    # Whatever a failed test left down would fail all others.
    await region.restart(*region.stack.info.children, *SERVICES)

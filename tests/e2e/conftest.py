"""One whole system for all tests of this tier that do not break it; tests that kill processes start their own."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from bela_local.stack import Stack

Client = Callable[[str | None], httpx.Client]


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The running system with the demo regions, units, grants and budget lines; no vendor, product or order.

    Everybody shares it: make what you need under names of your own, and expect rows of others.
    """
    made = Stack(Path(tempfile.mkdtemp(prefix="bela-e2e-", dir="/tmp")), seed=True)  # a socket's path must be short
    made.start()
    yield made
    made.stop()
    made.remove()


@pytest.fixture(scope="session")
def client(stack: Stack) -> Iterator[Client]:
    """Clients of the public API by persona (`pp.3510`); None is nobody."""
    made: dict[str | None, httpx.Client] = {}

    def of(persona: str | None) -> httpx.Client:
        if persona not in made:
            headers = stack.headers(persona) if persona else {}
            made[persona] = httpx.Client(base_url=stack.gateway_url, headers=headers, timeout=30, trust_env=False)
        return made[persona]

    yield of
    for one in made.values():
        one.close()

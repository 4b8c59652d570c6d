"""The stories' own system: fresh, since they count exactly, and with a collector for the one test that reads spans."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from bela_local.demo.api import Api
from bela_local.layout import SERVICES
from bela_local.stack import Stack

from .collector import Collector


class TracedStack(Stack):
    """A stack whose gateway sends spans; services begin to when they are restarted with an endpoint."""

    def __init__(self, folder: Path, endpoint: str) -> None:
        # Spans of every statement would slow all other tests down for nothing.
        super().__init__(folder, seed=True, environment={f"{name.upper()}_OTLP_ENDPOINT": "" for name in SERVICES})
        self._arguments += ["--otlp-endpoint", endpoint]


@pytest.fixture(scope="session")
def collector() -> Iterator[Collector]:
    """What receives spans."""
    with Collector() as made:
        yield made


@pytest.fixture(scope="session")
def stack(collector: Collector) -> Iterator[Stack]:
    """The running system with the demo regions; each story has regions of its own."""
    made = TracedStack(Path(tempfile.mkdtemp(prefix="bela-flows-", dir="/tmp")), collector.endpoint)
    made.start()
    yield made
    made.stop()
    made.remove()


@pytest.fixture(scope="session")
def api(stack: Stack) -> Iterator[Api]:
    """The public API as all personas use it."""
    made = Api(stack.info)
    yield made
    made._client.close()

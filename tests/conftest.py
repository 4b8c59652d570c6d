"""Every test, by tier then by service: the tier is the folder, and decides what a test may touch."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest_plugins = ["bela_kit.testing.plugin"]

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the repository."""
    return ROOT


@pytest.fixture(autouse=True)
def _sockets_by_tier(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Unit tests connect to nothing, all others to this machine only."""
    tier = request.path.relative_to(ROOT / "tests").parts[0]
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        local = self.family == socket.AF_UNIX or (isinstance(address, tuple) and address[0] in {"127.0.0.1", "::1"})
        if tier in {"unit", "architecture"} or not local:
            raise AssertionError(f"a {tier} test may not connect to {address!r}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)
    yield

"""A whole stack under a test's or a benchmark's control, run by the same supervisor that `make run` uses.

    with Stack(folder) as stack:
        httpx.get(f"{stack.gateway_url}/order/v1/regions/3510", headers=stack.headers("pp.3510"))
        stack.kill("order", hold=True)      # kill -9; stays down
        stack.restart("order")              # up again, ready when this returns

Start it from a thread that lives as long as the stack: the kernel ties a child's life to the thread that made it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from bela_kit.testing.servers import on_leash

from bela_local.control import give_order
from bela_local.layout import ROOT, SERVICES
from bela_local.memory import counted_mib, memory_mib
from bela_local.run_file import RunInfo, read_run_info
from bela_local.tokens import token_from

START_SECONDS = 120.0
STOP_SECONDS = 60.0
POLL_SECONDS = 0.05


class StackError(Exception):
    """The stack did not come up or did not obey."""


class Stack:
    """One stack in a folder of its own; any number of them run side by side.

    Args:
        folder: State folder (logs, secrets, data unless root); may already hold an earlier run's data.
        seed: Load the demo regions, units, grants and budget lines after the start.
        rate_limits: Whether the gateway limits callers.
        services: Which services to run; the gateway answers 503 for the others.
        environment: Variables for the services, e.g. `{"ORDER_LOG_LEVEL": "DEBUG"}`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        seed: bool = False,
        rate_limits: bool = False,
        services: tuple[str, ...] = SERVICES,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder.resolve()
        self._arguments = ["run", "--services", ",".join(services)]
        self._arguments += [] if seed else ["--no-seed"]
        self._arguments += [] if rate_limits else ["--no-rate-limits"]
        for name, value in (environment or {}).items():
            self._arguments += ["--env", f"{name}={value}"]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def info(self) -> RunInfo:
        """What run.json says now."""
        info = read_run_info(self.folder / "run.json")
        if info is None:
            raise StackError(f"no run.json in {self.folder}")
        return info

    @property
    def gateway_url(self) -> str:
        """Where the public API is."""
        return self.info.gateway_url

    @property
    def issuer_url(self) -> str:
        """Where tokens come from."""
        return self.info.issuer_url

    @property
    def output(self) -> str:
        """What the supervisor has said so far."""
        return (self.folder / "supervisor.out").read_text(errors="replace")

    def start(self) -> None:
        """Start everything and return when the gateway serves every service.

        Raises:
            StackError: Something did not come up; the message holds the supervisor's output.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "bela_local", "--state", str(self.folder), *self._arguments]
        with (self.folder / "supervisor.out").open("wb") as output:
            self._process = subprocess.Popen(
                on_leash(command, signal.SIGKILL),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, "PYTHONPATH": str(ROOT / "deploy" / "local")},
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._is_up():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise StackError(f"the stack did not start:\n{self.output}")
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """Take everything down in order; the data stay."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def remove(self) -> None:
        """Delete what a stopped stack left on disk, its data included."""
        runtime = self.info.runtime
        shutil.rmtree(runtime, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill(self, name: str, number: int = signal.SIGKILL, *, hold: bool = False) -> None:
        """Send a signal to a process: a service, `gateway`, `nats`, `postgres`, `issuer` or `supervisor`.

        Without `hold` the supervisor starts it again by itself; with it the process has ended when this returns and
        stays down until `restart`.
        """
        if name == "supervisor":
            assert self._process is not None
            self._process.send_signal(number)
            self._process.wait()
            return
        give_order(self.info.control_socket, {"do": "signal", "name": name, "signal": int(number), "hold": hold})

    def restart(self, name: str, environment: Mapping[str, str] | None = None) -> None:
        """Start a held process again, or wait for one that was killed; returns when it is ready.

        Args:
            name: Which process.
            environment: Variables it gets from now on beside its own; none takes back those of an earlier restart.
        """
        give_order(self.info.control_socket, {"do": "resume", "name": name, "environment": dict(environment or {})})

    def pid(self, name: str) -> int:
        """Return the process id of a child."""
        return self.info.children[name].pid

    def token(self, sub: str) -> str:
        """Return an access token of a persona."""
        return token_from(self.issuer_url, sub)

    def headers(self, sub: str) -> dict[str, str]:
        """Return the request headers by which a persona acts."""
        return {"Authorization": f"Bearer {self.token(sub)}"}

    def database_url(self, service: str, role: str = "owner", *, driver: str = "+asyncpg") -> str:
        """Return the address of a service's database for one of its roles: owner, app or worker."""
        user = "postgres" if role == "superuser" else f"{service}_{role}"
        host = self.info.postgres_host
        return f"postgresql{driver}://{user}:local@/bela_{service}?host={host}&port={self.info.postgres_port}"

    def memory_mib(self) -> dict[str, float]:
        """Return the proportional set size of every process, and `together`: gateway, services and NATS (G14)."""
        measured = memory_mib(self.info)
        return {**measured, "together": counted_mib(measured)}

    def _is_up(self) -> bool:
        info = read_run_info(self.folder / "run.json")
        # A file left by an earlier run names another supervisor.
        assert self._process is not None
        return info is not None and info.supervisor.pid == self._process.pid and info.status == "running"

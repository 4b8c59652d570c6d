"""Start a whole stack in the right order, keep it running, take it down in the right order.

The supervisor is the only process that takes Ctrl-C. What needs nothing starts first and at once; what needs an address
waits for the process that has it. Whoever dies is started again, visibly.
"""

from __future__ import annotations

import asyncio
import dataclasses
import os
import shutil
import sys
import time
from collections.abc import Callable
from typing import Any

from bela_kit.testing.servers import PostgresServer

from bela_local.gateway.admin import drain
from bela_local.layout import SERVICES, Layout
from bela_local.probes import free_port
from bela_local.processes import ProcessId, kill_sessions
from bela_local.run_file import RunInfo, read_run_info
from bela_local.supervision import broker, programs
from bela_local.supervision.child import Child, Program, StartFailed
from bela_local.supervision.credentials import Credentials, ensure_credentials
from bela_local.supervision.prepare import forget_other_data, gather_all, prepare_databases
from bela_local.supervision.programs import Options, Ports

PORT_ATTEMPTS = 4


class Supervisor:
    """One stack: its children, its run.json, its end."""

    def __init__(self, layout: Layout, options: Options, *, say: Callable[[str], None]) -> None:
        self.layout = layout
        self.options = options
        self.say = say
        self.children: dict[str, Child] = {}
        self.began = time.monotonic()
        self.stopping = asyncio.Event()
        self.credentials: Credentials = ensure_credentials(layout.state, layout.data)
        self._server: PostgresServer | None = None
        before = read_run_info(layout.run_file)
        self.ports = _choose_ports(before)
        me = ProcessId.of(os.getpid())
        assert me is not None
        self.info = RunInfo(
            supervisor=me,
            state=str(layout.state),
            runtime=str(layout.runtime),
            control_socket=str(layout.control_socket),
            postgres_host=str(layout.postgres_sockets),
            envoy_admin_socket=str(layout.envoy_admin_socket),
            personas_file=str(programs.PERSONAS_FILE),
            sockets={
                service: {
                    "rest": str(layout.rest_socket(service)),
                    "grpc": str(layout.grpc_socket(service)),
                    "probe": str(layout.probe_socket(service)),
                }
                for service in SERVICES
            },
        )
        _clear_remains(before, layout)
        self._write()

    async def start(self) -> None:
        """Bring everything up; returns when the gateway serves every service.

        Raises:
            StartFailed: Something did not come up; the message says what and why.
        """
        forget_other_data(self.layout, lambda folder: shutil.rmtree(folder, ignore_errors=True))
        self._link_logs()
        issuer = asyncio.create_task(self._on_free_port("issuer", self._issuer))
        await asyncio.sleep(0.01)  # let it start before PostgreSQL's launcher holds the loop
        try:
            await gather_all(self._stores_and_services(), self._gateway_after(issuer))
        finally:
            issuer.cancel()

    def announce(self) -> None:
        """Tell every other command that the stack is up, demo data included."""
        self.info.status = "running"
        self._write()

    @property
    def seconds(self) -> float:
        """How long ago the start began."""
        return time.monotonic() - self.began

    async def stop(self) -> None:
        """Take everything down: first who asks, then who answers, last who remembers."""
        self.info.status = "stopping"
        self._write()
        await drain(self.layout.envoy_admin_socket)
        await self._stop("gateway")
        await asyncio.gather(*(self._stop(service) for service in SERVICES))
        await self._stop("nats")
        await self._stop("postgres")
        await self._stop("issuer")
        self.layout.control_socket.unlink(missing_ok=True)
        self.info.status = "stopped"
        self._write()

    def kill(self) -> None:
        """End everything at once; what was under way is recovered at the next start."""
        for child in self.children.values():
            child.kill()

    async def obey(self, order: dict[str, Any]) -> dict[str, Any]:
        """Carry out an order from the control socket."""
        match order["do"]:
            case "down":
                self.stopping.set()
                return {}
            case "signal":
                child = self.children[order["name"]]
                child.signal(int(order["signal"]), hold=bool(order.get("hold")))
                if order.get("hold"):
                    await child.down()
                return {}
            case "resume":
                child = self.children[order["name"]]
                child.resume(order.get("environment"))
                await child.until_ready()
                return {}
            case other:
                raise ValueError(f"unknown order {other}")

    async def _stores_and_services(self) -> None:
        postgres = self._add(programs.postgres_program(self.layout, self._postgres_started))
        await postgres.until_ready()
        self.done("PostgreSQL")
        await self._on_free_port("nats", self._nats)
        nats_url = f"nats://127.0.0.1:{self.ports.nats}"
        await gather_all(broker.declare(nats_url, self.credentials), self._databases())
        await gather_all(*(self._service(service) for service in self.options.services))

    async def _service(self, service: str) -> None:
        await self._add(programs.service_program(service, self._environment(service), self.layout)).until_ready()
        self.done(service)

    async def _databases(self) -> None:
        assert self._server is not None

        def command(service: str) -> tuple[list[str], dict[str, str]]:
            return [sys.executable, "-m", f"{service}_service", "migrate"], self._environment(service)

        await prepare_databases(
            self._server, self.options.services, self.layout, command, finished=lambda s: self.done(f"database of {s}")
        )

    async def _gateway_after(self, issuer: asyncio.Task[None]) -> None:
        await issuer
        await self._on_free_port("gateway", self._gateway)

    def _issuer(self) -> Program:
        return programs.issuer_program(self.layout, self.credentials, self.ports)

    def _nats(self) -> Program:
        return programs.nats_program(
            self.layout, broker.server_config(self.layout, self.credentials, self.ports), self.ports
        )

    def _gateway(self) -> Program:
        return programs.gateway_program(self.layout, self.ports, self.options)

    def _environment(self, service: str) -> dict[str, str]:
        (self.layout.files / service).mkdir(parents=True, exist_ok=True)
        return programs.service_environment(service, self.layout, self.credentials, self.ports, self.options)

    async def _on_free_port(self, name: str, make: Callable[[], Program]) -> None:
        """Start what listens on TCP; if somebody took the port meanwhile, choose another one."""
        for attempt in range(PORT_ATTEMPTS):
            child = self._add(make())
            try:
                await child.until_ready()
                break
            except StartFailed:
                await child.stop()
                port = getattr(self.ports, name)
                if attempt + 1 == PORT_ATTEMPTS or free_port(port) == port:
                    raise
                self.ports = dataclasses.replace(self.ports, **{name: free_port()})
        self.done(name)
        self._write()

    def _add(self, program: Program) -> Child:
        child = Child(program, report=self.say, changed=self._write)
        self.children[program.name] = child
        child.begin()
        return child

    async def _stop(self, name: str) -> None:
        if name in self.children:
            await self.children[name].stop()

    def _postgres_started(self, server: PostgresServer) -> None:
        self._server = server

    def done(self, what: str) -> None:
        """Say that a step is complete."""
        self.say(f"  ✓ {what} ({self.seconds:.1f} s)")

    def _write(self) -> None:
        self.info.gateway_url = f"http://127.0.0.1:{self.ports.gateway}"
        self.info.issuer_url = self.ports.issuer_url
        self.info.nats_url = f"nats://127.0.0.1:{self.ports.nats}"
        self.info.children = {name: c.identity for name, c in self.children.items() if c.identity is not None}
        self.info.write(self.layout.run_file)

    def _link_logs(self) -> None:
        """Show the logs that the kit's launchers keep beside the data where all others are."""
        for name, target in (("postgres", self.layout.postgres), ("nats", self.layout.nats)):
            link = self.layout.log(name)
            link.unlink(missing_ok=True)
            link.symlink_to(target / f"{name}.log")


def _choose_ports(before: RunInfo | None) -> Ports:
    """Return free ports, those of the last run where possible, so that bookmarks keep working."""

    def last(url: str) -> int | None:
        tail = url.rpartition(":")[2]
        return int(tail) if tail.isdigit() else None

    chosen: dict[str, int] = {}
    for name in ("gateway", "issuer", "nats"):
        port = free_port(last(getattr(before, f"{name}_url")) if before else None)
        while port in chosen.values():
            port = free_port()
        chosen[name] = port
    return Ports(**chosen)


def _clear_remains(before: RunInfo | None, layout: Layout) -> None:
    """End what a killed supervisor left behind; its children die with it, but not within the same instant."""
    if before is not None:
        kill_sessions(before.children.values())
    for socket in layout.sockets.iterdir():
        socket.unlink(missing_ok=True)

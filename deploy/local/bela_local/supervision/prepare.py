"""Bring the databases to where the code expects them, and skip that quickly when nothing has changed.

What was done is written beside PostgreSQL's data, so it is forgotten together with them.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path

from bela_kit.testing.servers import PostgresServer

from bela_local.layout import ROOT, Layout
from bela_local.supervision.child import StartFailed, exit_code, log_tail, spawn

MigrationCommand = Callable[[str], tuple[list[str], Mapping[str, str]]]


def forget_other_data(layout: Layout, remove: Callable[[Path], None]) -> None:
    """Where PostgreSQL begins anew, the streams and uploads of an older database must not meet it."""
    if not (layout.postgres / "data").exists():
        for folder in (layout.nats, layout.files):
            remove(folder)
        for record in (_record(layout), layout.data / "seeded"):
            record.unlink(missing_ok=True)


async def prepare_databases(
    server: PostgresServer,
    services: tuple[str, ...],
    layout: Layout,
    command: MigrationCommand,
    *,
    finished: Callable[[str], None],
) -> None:
    """Create and migrate the databases whose migrations are not those of the last time, all at once.

    Raises:
        StartFailed: A migration failed; the message holds the end of its log.
    """
    done = _done(layout)
    wanted = {service: _fingerprint(service) for service in services}
    open_work = [service for service in services if done.get(service) != wanted[service]]

    async def prepare(service: str) -> None:
        # Imported late: a warm start never needs a database driver in the supervisor.
        from bela_kit.testing.databases import provision_database

        await provision_database(server, service)
        await _run(*command(service), layout.log(f"{service}-migrate"), f"migration of {service}")
        finished(service)

    results = await asyncio.gather(*(prepare(service) for service in open_work), return_exceptions=True)
    succeeded = {s: wanted[s] for s, result in zip(open_work, results, strict=True) if result is None}
    _record(layout).write_text(json.dumps({**done, **succeeded}), encoding="utf-8")
    for result in results:
        if isinstance(result, BaseException):
            raise result


async def gather_all(*parts: Awaitable[None]) -> None:
    """Wait for all, then raise the first failure: nothing is left running behind the caller's back."""
    for result in await asyncio.gather(*parts, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result


async def _run(command: list[str], environment: Mapping[str, str], log: Path, what: str) -> None:
    process = spawn(command, environment, log, fresh_log=True)
    try:
        code = await exit_code(process)
    except asyncio.CancelledError:
        process.kill()
        process.wait()
        raise
    if code != 0:
        raise StartFailed(f"{what} failed (code {code}); end of {log}:\n{log_tail(log, 30)}")


def _record(layout: Layout) -> Path:
    return layout.data / "migrated.json"


def _done(layout: Layout) -> dict[str, str]:
    try:
        source = json.loads(_record(layout).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in source.items()}


def _fingerprint(service: str) -> str:
    """Hash whatever a migration's outcome can depend on."""
    digest = hashlib.sha256()
    for path in _sources(service):
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources(service: str) -> Iterator[Path]:
    package = ROOT / "services" / service / "src" / f"{service}_service"
    kit = ROOT / "libs" / "kit" / "src" / "bela_kit"
    yield from sorted((package / "migrations").rglob("*.py"))
    yield from sorted(path for path in (package / "adapters").glob("*.py") if "reference" in path.name)
    yield from sorted([*kit.glob("migrations*.py"), *kit.glob("plumbing*.py")])
    yield from sorted(path for path in (ROOT / "reference").rglob("*") if path.is_file())
    yield Path(__file__)

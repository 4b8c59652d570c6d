"""The command line that every service has: the same verbs, the same order of starting and dying.

A service gives its settings and a function that builds its parts; which of them a verb runs is decided here.
"""

import argparse
import asyncio
import base64
import ctypes
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeVar

import orjson
from pydantic import SecretStr

from bela_kit import dead_letters
from bela_kit.authority import TenantClock
from bela_kit.jetstream import ConsumerMetrics, NatsConnection
from bela_kit.migrations import run_migrations
from bela_kit.service_process import ROLES, ServiceParts, Waker, run_hooks, run_process
from bela_kit.settings import ServiceSettings, load

__all__ = ["ServiceParts", "Waker", "main"]

log = logging.getLogger(__name__)

S = TypeVar("S", bound=ServiceSettings)
_NOWHERE = SecretStr("postgresql+asyncpg://nobody@/nothing?host=/nonexistent")
_PR_SET_PDEATHSIG = 1


def main(
    prog: str, settings_cls: type[S], build: Callable[[S], ServiceParts], argv: Sequence[str] | None = None
) -> int:
    """Run one verb and return the exit code of the process."""
    _die_with_parent()
    arguments = _parser(prog).parse_args(argv)
    if arguments.verb == "openapi":
        return _run(_openapi(_without_servers(load(settings_cls)), build))
    settings = load(settings_cls)
    if arguments.verb == "check-config":
        sys.stdout.write("\n".join(f"{name}={value!r}" for name, value in settings) + "\n")
        return 0
    return _run(_verb(arguments, settings, build))


async def _openapi(settings: S, build: Callable[[S], ServiceParts]) -> int:
    document = build(settings).rest_app.openapi()  # type: ignore[attr-defined]
    sys.stdout.write(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n")
    return 0


async def _verb(arguments: argparse.Namespace, settings: S, build: Callable[[S], ServiceParts]) -> int:
    # Built inside the loop: channels and servers of grpc bind to the loop that is there when they are made.
    parts = build(settings)
    parts.telemetry.install()
    match arguments.verb:
        case "serve":
            return await run_process(parts, serve=True, roles=ROLES if arguments.with_worker else ())
        case "work":
            return await run_process(parts, serve=False, roles=tuple(arguments.only or ROLES))
        case "migrate":
            return await _closing(parts, _migrate(parts))
        case "replay":
            return await _closing(parts, _replay(parts))
        case _:
            return await _closing(parts, _dead_letters(parts, arguments))


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=prog)
    verbs = parser.add_subparsers(dest="verb", required=True)
    serve = verbs.add_parser("serve", help="answer REST and gRPC")
    serve.add_argument("--with-worker", action="store_true", help="do the worker's part in this process too")
    work = verbs.add_parser("work", help="relay, consume and run jobs")
    work.add_argument("--only", action="append", choices=ROLES, help="this part only; may be given again")
    verbs.add_parser("migrate", help="bring the database to the newest schema and load reference data")
    verbs.add_parser("check-config", help="print the settings, secrets masked")
    verbs.add_parser("openapi", help="print the OpenAPI document; needs no server")
    verbs.add_parser("replay", help="publish the current state of every aggregate again")
    letters = verbs.add_parser("dead-letters", help="events that could not be handled")
    actions = letters.add_subparsers(dest="action", required=True)
    listing = actions.add_parser("list", help="one line of JSON each")
    listing.add_argument("--all", action="store_true", help="replayed ones too")
    again = actions.add_parser("replay", help="hand them to their consumers again")
    again.add_argument("ids", nargs="*", type=int, help="which ones; all that were not replayed if none is given")
    return parser


async def _migrate(parts: ServiceParts) -> int:
    await run_migrations(parts.settings, parts.script_location)
    if parts.seed is not None:
        await parts.seed()
    log.info("migrated", extra={"event": "MIGRATED"})
    return 0


async def _replay(parts: ServiceParts) -> int:
    if parts.replay is None:
        sys.stderr.write(f"{parts.service} publishes nothing\n")
        return 2
    sys.stdout.write(f"{await parts.replay()}\n")
    return 0


async def _dead_letters(parts: ServiceParts, arguments: argparse.Namespace) -> int:
    letters = await dead_letters.list_dead_letters(
        parts.db, include_replayed=arguments.action == "list" and arguments.all
    )
    if arguments.action == "list":
        sys.stdout.write("".join(orjson.dumps(letter).decode() + "\n" for letter in letters))
        return 0
    if isinstance(parts.clock, TenantClock):
        await parts.clock.refresh()
    nats = NatsConnection("", "", "")
    consumers = parts.consumers(nats, ConsumerMetrics()) if parts.consumers is not None else ()
    handlers = {consumer.durable: consumer.handle for consumer in consumers}
    ids = arguments.ids or [letter.dead_letter_id for letter in letters]
    outcome = await dead_letters.replay(parts.db, ids, handlers)
    sys.stdout.write("".join(f"{number} {error or 'ok'}\n" for number, error in outcome.items()))
    return 1 if any(outcome.values()) else 0


async def _closing(parts: ServiceParts, work: Awaitable[int]) -> int:
    try:
        return await work
    finally:
        await run_hooks(parts.on_stop)
        await parts.db.dispose()
        parts.telemetry.flush()


def _run(work: Coroutine[Any, Any, int]) -> int:
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def _without_servers(settings: S) -> S:
    """Fill in what only a running process needs, so that a document can be made anywhere."""
    blanks: dict[str, Any] = {}
    for name in ("database_app_url", "database_worker_url", "database_owner_url"):
        if not getattr(settings, name).get_secret_value():
            blanks[name] = _NOWHERE
    if not settings.pii_master_key.get_secret_value():
        blanks["pii_master_key"] = SecretStr(base64.b64encode(bytes(32)).decode())
    return settings.model_copy(update=blanks)


def _die_with_parent() -> None:
    """Ask the kernel for a SIGTERM when the parent dies, if the parent asked for that.

    A supervisor that was killed cannot stop its children; without this they would hold its sockets and files.
    """
    if os.environ.get("BELA_DIE_WITH_PARENT") == "1" and sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)

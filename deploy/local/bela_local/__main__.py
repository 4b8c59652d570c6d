"""Commands behind the Makefile: run, down, token, status, memory, seed."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from pathlib import Path

from bela_local.layout import ROOT, SERVICES

DOWN_SECONDS = 60.0


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    return int(COMMANDS[options.command](options))


def run(options: argparse.Namespace) -> int:
    """Start a stack and stay with it until it is told to stop."""
    from bela_local.run_file import read_run_info
    from bela_local.supervision.programs import Options
    from bela_local.supervision.running import AlreadyRunning, say, supervise
    from bela_local.supervision.welcome import after_start

    chosen = Options(
        rate_limits=not options.no_rate_limits,
        seed=not options.no_seed,
        services=tuple(name for name in options.services.split(",") if name),
        otlp_endpoint=options.otlp_endpoint,
        environment=dict(pair.split("=", 1) for pair in options.env),
    )
    try:
        return asyncio.run(supervise(options.state, chosen, ready=after_start))
    except AlreadyRunning:
        info = read_run_info(options.state / "run.json")
        say(f"Bela is already running here: {info.gateway_url if info else options.state}")
        say("Stop it with `make down`, or with Ctrl-C where it runs.")
        return 0


def down(options: argparse.Namespace) -> int:
    """Stop the stack of this clone, also what a killed supervisor left behind."""
    from bela_local.control import give_order
    from bela_local.processes import kill_sessions
    from bela_local.run_file import read_run_info

    info = read_run_info(options.state / "run.json")
    if info is None or not info.running:
        kill_sessions(info.children.values() if info else ())
        print("Bela is not running here.")
        return 0
    give_order(info.control_socket, {"do": "down"})
    deadline = time.monotonic() + DOWN_SECONDS
    while info.running:
        if time.monotonic() > deadline:
            print("Bela did not stop in time; see .state/log.", file=sys.stderr)
            return 1
        time.sleep(0.05)
    print("Bela has stopped.")
    return 0


def token(options: argparse.Namespace) -> int:
    """Print a token of a persona."""
    from bela_local.run_file import need_run_info
    from bela_local.tokens import UnknownPersona
    from bela_local.tokens import token as token_of

    try:
        print(token_of(need_run_info(options.state / "run.json"), options.persona))
    except UnknownPersona as error:
        print(f"No such persona: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"The issuer does not answer: {error}", file=sys.stderr)
        return 1
    return 0


def status(options: argparse.Namespace) -> int:
    """Print what runs where."""
    from bela_local.run_file import read_run_info

    info = read_run_info(options.state / "run.json")
    if info is None or not info.running:
        print("Bela is not running here.")
        return 1
    print(f"{info.status}: {info.gateway_url}")
    for name, child in sorted(info.children.items()):
        print(f"  {name:<10} {child.pid}")
    return 0


def memory(options: argparse.Namespace) -> int:
    """Print the memory of every process (PSS)."""
    from bela_local.memory import print_memory
    from bela_local.run_file import need_run_info

    print_memory(need_run_info(options.state / "run.json"))
    return 0


def seed(options: argparse.Namespace) -> int:
    """Load regions, units, personas' grants and budget lines through the gateway."""
    from bela_local.run_file import need_run_info
    from bela_local.seed import seed as load

    print(load(need_run_info(options.state / "run.json")))
    return 0


COMMANDS = {"run": run, "down": down, "token": token, "status": status, "memory": memory, "seed": seed}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bela_local", description=__doc__)
    parser.add_argument("--state", type=Path, default=ROOT / ".state", help="state folder of the stack")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, function in COMMANDS.items():
        command = commands.add_parser(name, help=function.__doc__)
        if name == "token":
            command.add_argument("persona", help="for example pp.3510")
        if name == "run":
            command.add_argument("--no-seed", action="store_true", help="start with empty databases")
            command.add_argument("--services", default=",".join(SERVICES), help="only these; for tests of the rest")
            command.add_argument("--no-rate-limits", action="store_true", help="for benchmarks")
            command.add_argument("--otlp-endpoint", default="", help="where spans go, http://host:port")
            command.add_argument("--env", action="append", default=[], metavar="NAME=VALUE", help="for the services")
    return parser


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except KeyboardInterrupt:
        raise SystemExit(130) from None

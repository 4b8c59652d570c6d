import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import httpx
import pytest
import pytest_asyncio
from bela_kit.testing.databases import ServiceDatabase
from bela_kit.testing.plugin import WaitFor
from grpc_health.v1 import health_pb2, health_pb2_grpc

PROGRAM = Path(__file__).parent / "sample_service.py"


class Sample:
    def __init__(self, folder: Path, database: ServiceDatabase | None) -> None:
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "SAMPLE_REST_BIND": f"unix:{folder}/r",
            "SAMPLE_GRPC_BIND": f"unix:{folder}/g",
            "SAMPLE_PROBE_BIND": f"unix:{folder}/p",
            "SAMPLE_DRAIN_SECONDS": "0.3",
            "SAMPLE_GRACE_SECONDS": "5",
            "SAMPLE_NATS_URL": "nats://127.0.0.1:9",
        }
        if database is not None:
            self.environment |= {
                "SAMPLE_DATABASE_APP_URL": database.app_url,
                "SAMPLE_DATABASE_WORKER_URL": database.worker_url,
                "SAMPLE_DATABASE_OWNER_URL": database.owner_url,
            }
        self.process: asyncio.subprocess.Process | None = None

    async def start(self, *arguments: str, **environment: str) -> asyncio.subprocess.Process:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(PROGRAM),
            *arguments,
            env=self.environment | environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        return self.process

    async def run(self, *arguments: str, **environment: str) -> tuple[int, str, str]:
        process = await self.start(*arguments, **environment)
        out, err = await process.communicate()
        return process.returncode or 0, out.decode(), err.decode()

    async def get(self, path: str, *, socket: str = "r") -> httpx.Response:
        transport = httpx.AsyncHTTPTransport(uds=f"{self.folder}/{socket}")
        async with httpx.AsyncClient(transport=transport, base_url="http://sample", timeout=10) as client:
            return await client.get(path)

    async def ready(self) -> bool:
        try:
            return (await self.get("/readyz", socket="p")).status_code == 200
        except httpx.TransportError:
            return False


@pytest_asyncio.fixture(loop_scope="session")
async def service(
    sample: ServiceDatabase, server_folder: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Sample]:
    folder = server_folder / f"s{abs(hash(request.node.name)) % 10**6}"
    folder.mkdir()
    made = Sample(folder, sample)
    yield made
    if made.process is not None and made.process.returncode is None:
        made.process.kill()
        await made.process.communicate()


async def health_of(service: Sample) -> str:
    async with grpc.aio.insecure_channel(f"unix:{service.folder}/g") as channel:
        answer = await health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest())
    return str(health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status))


async def test_a_process_dies_in_order(service: Sample, wait_for: WaitFor):
    # A drain long enough for a busy machine to look at everything that holds while it lasts.
    process = await service.start("serve", "--with-worker", SAMPLE_DRAIN_SECONDS="6")
    await wait_for(service.ready)
    assert (await service.get("/livez", socket="p")).status_code == 200
    assert await health_of(service) == "SERVING"

    slow = asyncio.create_task(service.get("/sample/v1/slow?seconds=8"))
    await asyncio.sleep(0.5)
    process.send_signal(signal.SIGTERM)

    async def unready() -> bool:
        return (await service.get("/readyz", socket="p")).status_code == 503

    await wait_for(unready)
    # Unready, yet alive and still accepting.
    assert (await service.get("/livez", socket="p")).status_code == 200
    assert await health_of(service) == "NOT_SERVING"
    last = await service.get("/sample/v1/slow?seconds=0")
    assert (last.status_code, last.headers["connection"]) == (200, "close")
    assert (await slow).json() == {"waited": 8}

    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    assert out == b""
    events = [json.loads(line).get("event") for line in err.decode().splitlines()]
    assert [one for one in events if one in {"STARTED", "DRAINING"}] == ["STARTED", "DRAINING"]
    assert not list(service.folder.iterdir())


async def test_worker_is_ready_only_with_its_broker(service: Sample, wait_for: WaitFor):
    process = await service.start("work", "--only", "relay")

    async def report() -> dict[str, str]:
        try:
            return (await service.get("/readyz", socket="p")).json()["checks"]
        except httpx.TransportError:
            return {}

    await wait_for(lambda: _said(report(), "database", "ok"))
    await wait_for(lambda: _said(report(), "broker", "not connected"))
    assert (await service.get("/readyz", socket="p")).status_code == 503
    assert (await service.get("/livez", socket="p")).status_code == 200
    assert not (service.folder / "r").exists()
    process.send_signal(signal.SIGTERM)
    await process.communicate()
    assert process.returncode == 0


async def _said(report, name: str, text: str) -> bool:
    return (await report).get(name) == text


async def test_second_signal_ends_at_once(service: Sample, wait_for: WaitFor):
    process = await service.start("serve", SAMPLE_DRAIN_SECONDS="60")
    await wait_for(service.ready)
    process.send_signal(signal.SIGINT)
    await asyncio.sleep(0.2)
    process.send_signal(signal.SIGINT)
    await asyncio.wait_for(process.communicate(), 2)
    assert process.returncode == 1


async def test_socket_left_by_a_killed_process_is_replaced(service: Sample, wait_for: WaitFor):
    process = await service.start("serve")
    await wait_for(service.ready)
    process.kill()
    await process.communicate()
    assert (service.folder / "r").exists()
    await service.start("serve")
    await wait_for(service.ready)
    # And one that somebody answers on is left alone.
    second = Sample(service.folder, None)
    second.environment = service.environment
    code, _, err = await second.run("serve")
    assert code == 1
    assert "Address already in use" in err
    assert await service.ready()
    assert (service.folder / "r").exists()


async def test_a_child_dies_with_its_parent(service: Sample, wait_for: WaitFor):
    code = (
        "import os, subprocess, sys, time;"
        "p = subprocess.Popen([sys.executable, sys.argv[1], 'serve'], start_new_session=True);"
        "print(p.pid, flush=True); time.sleep(60)"
    )
    parent = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        code,
        str(PROGRAM),
        env=service.environment | {"BELA_DIE_WITH_PARENT": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert parent.stdout is not None
    child = int(await parent.stdout.readline())
    await wait_for(service.ready)
    parent.kill()
    await parent.wait()
    await wait_for(lambda: not Path(f"/proc/{child}/stat").exists() or _zombie(child), timeout=5)


def _zombie(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"


async def test_worker_without_a_relay_forgets_old_claims_too(
    service: Sample, sample: ServiceDatabase, wait_for: WaitFor
):
    worker = await sample.connect("worker")
    await worker.execute(
        "INSERT INTO inbox_claims (consumer, event_id, claimed_at)"
        " VALUES ('c', gen_random_uuid(), now() - interval '121 days'), ('c', gen_random_uuid(), now())"
    )
    await service.start("work", "--only", "consumers")

    async def one_left() -> bool:
        return bool(await worker.fetchval("SELECT count(*) = 1 FROM inbox_claims"))

    await wait_for(one_left)
    await worker.close()


async def test_process_without_its_schema_is_unready_and_says_why(service: Sample, wait_for: WaitFor, postgres):
    from bela_kit.testing.databases import provision_database

    empty = await provision_database(postgres, "sample", "sample_empty")
    service.environment = Sample(service.folder, empty).environment
    await service.start("serve")

    async def report() -> dict[str, str] | None:
        try:
            return (await service.get("/readyz", socket="p")).json()["checks"]
        except httpx.TransportError:
            return None

    checks = await wait_for(report)
    assert checks["database"] != "ok"
    code, _, err = await Sample(service.folder, empty).run("migrate")
    assert code == 0, err
    await wait_for(service.ready)


async def test_openapi_needs_no_server_and_no_settings(server_folder: Path):
    code, out, err = await Sample(server_folder, None).run("openapi")
    assert code == 0, err
    assert json.loads(out)["paths"].keys() == {"/sample/v1/slow", "/sample/v1/places/{place}/time"}


async def test_check_config_masks_secrets_and_names_what_is_wrong(server_folder: Path):
    sample = Sample(server_folder, None)
    code, out, _ = await sample.run("check-config", SAMPLE_NATS_PASSWORD="hush", SAMPLE_AUTH_CLIENT_SECRET="hush")
    assert code == 0
    assert "hush" not in out
    code, out, err = await sample.run("check-config", SAMPLE_REST_BIND="here", SAMPLE_DATABASE_POOL_SIZE="0")
    assert code == 1
    assert "SAMPLE_REST_BIND" in err
    assert "SAMPLE_DATABASE_POOL_SIZE" in err


async def test_dead_letters_are_listed_and_replayed(service: Sample):
    assert await service.run("dead-letters", "list") == (0, "", "")
    code, out, _ = await service.run("dead-letters", "replay")
    assert (code, out) == (0, "")

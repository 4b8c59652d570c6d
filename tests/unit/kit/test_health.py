import asyncio

import httpx
from bela_kit import telemetry
from bela_kit.health import Health, create_probe_app
from bela_kit.lifecycle import Lifecycle
from bela_kit.settings import ServiceSettings


def client(health: Health) -> httpx.AsyncClient:
    app = create_probe_app(health, telemetry.setup(ServiceSettings(), "thing"))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://p")


async def test_ready_only_while_every_check_passes():
    health, stop = Health(), asyncio.Event()
    broken = True

    async def check() -> None:
        if broken:
            raise OSError("away")

    health.add("store", check, interval_seconds=0.01)
    health.started()
    probes = client(health)
    assert (await probes.get("/readyz")).status_code == 503
    watching = asyncio.create_task(health.run(stop))
    await asyncio.sleep(0.03)
    answer = await probes.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]) == (503, {"store": "away"})
    assert (await probes.get("/livez")).status_code == 200
    broken = False
    await asyncio.sleep(0.05)
    assert (await probes.get("/readyz")).status_code == 200
    health.drain()
    assert (await probes.get("/readyz")).status_code == 503
    assert (await probes.get("/livez")).status_code == 200
    stop.set()
    await watching


async def test_check_that_hangs_is_a_failed_check():
    health, stop = Health(), asyncio.Event()

    async def check() -> None:
        await asyncio.sleep(60)

    health.add("store", check, interval_seconds=0.01, timeout_seconds=0.02)
    watching = asyncio.create_task(health.run(stop))
    await asyncio.sleep(0.1)
    assert health.report() == {"store": "TimeoutError"}
    stop.set()
    await watching


async def test_metrics_and_nothing_else():
    probes = client(Health())
    answer = await probes.get("/metrics")
    assert answer.status_code == 200
    assert "bela_http_requests" in answer.text
    assert (await probes.get("/other")).status_code == 404


async def test_parts_stop_in_reverse_after_servers_and_tasks():
    said: list[str] = []
    health = Health()
    lifecycle = Lifecycle(health, drain_seconds=0.01, grace_seconds=1)

    def step(text: str):
        async def run(*_: object) -> None:
            said.append(text)

        return run

    async def work(stop: asyncio.Event) -> None:
        await stop.wait()
        said.append("task ends")

    lifecycle.add("pool", step("pool opens"), step("pool closes"))
    lifecycle.add("client", step("client opens"), step("client closes"))
    lifecycle.add_task("work", work)
    lifecycle.add_server("rest", step("rest starts"), step("rest stops"))
    lifecycle.on_drain(step("drain"))
    running = asyncio.create_task(lifecycle.run())
    await asyncio.sleep(0.02)
    assert health.ready
    lifecycle.request_stop()
    assert await running == 0
    assert said[:4] == ["pool opens", "client opens", "rest starts", "drain"]
    assert sorted(said[4:6]) == ["rest stops", "task ends"]
    assert said[6:] == ["client closes", "pool closes"]


async def test_task_that_dies_ends_the_process_with_a_failure():
    health = Health()
    lifecycle = Lifecycle(health, drain_seconds=0, grace_seconds=1)

    async def work(stop: asyncio.Event) -> None:
        raise RuntimeError("gone")

    lifecycle.add_task("work", work)
    assert await asyncio.wait_for(lifecycle.run(), 2) == 1
    assert not health.alive


async def test_task_that_will_not_end_is_cut_off():
    lifecycle = Lifecycle(Health(), drain_seconds=0, grace_seconds=0.05)

    async def work(stop: asyncio.Event) -> None:
        await asyncio.sleep(60)

    lifecycle.add_task("work", work)
    running = asyncio.create_task(lifecycle.run())
    await asyncio.sleep(0.01)
    lifecycle.request_stop()
    assert await asyncio.wait_for(running, 2) == 0


async def test_part_that_cannot_start_fails_the_process_and_closes_the_others():
    said: list[str] = []
    lifecycle = Lifecycle(Health(), drain_seconds=0, grace_seconds=1)

    async def close() -> None:
        said.append("closed")

    async def fail() -> None:
        raise OSError("address in use")

    lifecycle.add("pool", None, close)
    lifecycle.add("server", fail)
    assert await lifecycle.run() == 1
    assert said == ["closed"]

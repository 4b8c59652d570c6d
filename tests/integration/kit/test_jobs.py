"""Due jobs run once each, whoever looks for them, and whoever dies over them."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from bela_kit import jobs
from bela_kit.authority import TenantClock, apply_tenant_settings
from bela_kit.core.clock import FixedClock, TenantTime, system_now
from bela_kit.core.tenancy import SystemScope
from bela_kit.db import Database
from bela_kit.jobs import Job, JobRunner, LeaseLost
from bela_kit.testing.databases import ServiceDatabase

from .samples import A, B

NOW = datetime(2027, 3, 1, 1, tzinfo=UTC)


def job(subject: str = "s", at: datetime = NOW, kind: str = "expire", dedupe: str | None = None) -> Job:
    return Job(tenant=A, kind=kind, subject_id=subject, run_at=at, payload={"n": 1}, dedupe_key=dedupe)


async def put(db: Database, *wanted: Job) -> None:
    async with db.tenant_transaction(A) as connection:
        for one in wanted:
            await jobs.schedule(connection, one)


async def unfinished(db: Database) -> int:
    async with db.system_transaction(SystemScope("test")) as connection:
        return int(await connection.scalar(sa.text("SELECT count(*) FROM jobs WHERE finished_at IS NULL")))


async def test_job_runs_once_it_is_due_on_the_tenants_clock(db: Database) -> None:
    clock, seen = FixedClock(NOW), []

    async def handle(one: Job) -> None:
        seen.append((one.tenant, one.subject_id, one.payload, one.attempts))

    runner = JobRunner(db, clock, {"expire": handle})
    await put(db, job(at=NOW + timedelta(hours=1)))
    assert await runner.run_due() == 0
    clock.advance(timedelta(hours=1))
    assert await runner.run_due() == 1
    assert await runner.run_due() == 0
    assert seen == [(A, "s", {"n": 1}, 1)]


async def test_offset_of_a_demo_tenant_counts(db: Database) -> None:
    ahead = 30 * 86_400
    async with db.tenant_transaction(A) as connection:
        settings = TenantTime(A, "A", "kabkota", "Asia/Jakarta", 5, True, ahead, 1)
        await apply_tenant_settings(connection, settings)
    clock = TenantClock(db)
    await clock.refresh()
    ran = []

    async def handle(one: Job) -> None:
        ran.append(one.tenant)

    in_ten_days = system_now() + timedelta(days=10)
    await put(db, job(at=in_ten_days))
    async with db.tenant_transaction(B) as connection:
        await jobs.schedule(connection, Job(tenant=B, kind="expire", subject_id="s", run_at=in_ten_days))
    await JobRunner(db, clock, {"expire": handle}).run_due()
    assert ran == [A]


async def test_two_runners_share_the_work_without_overlap(db: Database) -> None:
    ran: list[str] = []

    async def handle(one: Job) -> None:
        ran.append(one.subject_id)
        await asyncio.sleep(0.01)

    await put(db, *[job(f"s{n}") for n in range(60)])
    runners = [JobRunner(db, FixedClock(NOW), {"expire": handle}) for _ in range(2)]
    await asyncio.gather(*(runner.run_due() for runner in runners))
    assert sorted(ran) == sorted(f"s{n}" for n in range(60))
    assert await unfinished(db) == 0


async def test_job_of_a_killed_runner_is_taken_over_after_its_lease(sample: ServiceDatabase, db: Database) -> None:
    starts: list[int] = []
    hang = True

    async def handle(one: Job) -> None:
        starts.append(one.attempts)
        if hang:
            await dying.dispose()
            await asyncio.sleep(60)

    await put(db, job())
    dying = sample.open()
    killed = asyncio.create_task(JobRunner(dying, FixedClock(NOW), {"expire": handle}, lease_seconds=600).run_due())
    while not starts:
        await asyncio.sleep(0.01)
    hang = False
    second = JobRunner(db, FixedClock(NOW), {"expire": handle})
    assert await second.run_due() == 0
    async with db.system_transaction(SystemScope("test")) as connection:
        await connection.execute(sa.text("UPDATE jobs SET available_at = now() - interval '1 second'"))
    assert await second.run_due() == 1
    assert starts == [1, 2]
    killed.cancel()
    await asyncio.gather(killed, return_exceptions=True)
    await dying.dispose()
    assert await unfinished(db) == 0


async def test_lease_lives_while_the_handler_works(db: Database) -> None:
    ran: list[str] = []

    async def handle(one: Job) -> None:
        ran.append(one.subject_id)
        await asyncio.sleep(1.2)

    await put(db, job())
    first = asyncio.create_task(JobRunner(db, FixedClock(NOW), {"expire": handle}, lease_seconds=0.6).run_due())
    await asyncio.sleep(0.9)
    assert await JobRunner(db, FixedClock(NOW), {"expire": handle}, lease_seconds=0.6).run_due() == 0
    await first
    assert ran == ["s"]
    assert await unfinished(db) == 0


async def test_failed_job_is_tried_again_later(db: Database) -> None:
    attempts: list[int] = []

    async def handle(one: Job) -> None:
        attempts.append(one.attempts)
        if len(attempts) == 1:
            raise RuntimeError("for now")

    runner = JobRunner(db, FixedClock(NOW), {"expire": handle})
    await put(db, job())
    assert await runner.run_due() == 1
    assert await runner.run_due() == 0
    async with db.system_transaction(SystemScope("test")) as connection:
        error = await connection.scalar(sa.text("SELECT last_error FROM jobs"))
        await connection.execute(sa.text("UPDATE jobs SET available_at = now() - interval '1 second'"))
    assert error == "RuntimeError: for now"
    assert await runner.run_due() == 1
    assert attempts == [1, 2]
    assert await unfinished(db) == 0


async def test_job_of_an_unknown_kind_stays(db: Database) -> None:
    async def handle(one: Job) -> None:
        raise AssertionError(one.kind)

    await put(db, job(kind="unheard"))
    assert await JobRunner(db, FixedClock(NOW), {"expire": handle}).run_due() == 0
    assert await unfinished(db) == 1


async def test_same_key_replaces_and_cancel_drops(db: Database) -> None:
    await put(db, job("a", NOW, dedupe="k"), job("a", NOW + timedelta(days=1), dedupe="k"), job("b"))
    assert await unfinished(db) == 2
    async with db.tenant_transaction(A) as connection:
        assert await jobs.cancel(connection, A, "expire", "b") == 1
    ran: list[str] = []

    async def handle(one: Job) -> None:
        ran.append(one.subject_id)

    assert await JobRunner(db, FixedClock(NOW), {"expire": handle}).run_due() == 0
    assert await JobRunner(db, FixedClock(NOW + timedelta(days=1)), {"expire": handle}).run_due() == 1


async def test_schedule_anew_during_a_run_leads_to_another_run(db: Database) -> None:
    runs: list[int] = []

    async def handle(one: Job) -> None:
        runs.append(1)
        if len(runs) == 1:
            await put(db, job(at=NOW + timedelta(hours=1), dedupe="k"))
            with pytest.raises(LeaseLost):
                await one.heartbeat()

    await put(db, job(dedupe="k"))
    await JobRunner(db, FixedClock(NOW), {"expire": handle}).run_due()
    assert await unfinished(db) == 1
    await JobRunner(db, FixedClock(NOW + timedelta(hours=1)), {"expire": handle}).run_due()
    assert len(runs) == 2
    assert await unfinished(db) == 0


async def test_checkpoint_is_what_the_next_attempt_sees(db: Database) -> None:
    seen: list[dict[str, int]] = []

    async def handle(one: Job) -> None:
        seen.append(dict(one.payload))
        if len(seen) == 1:
            await one.checkpoint({"n": 500})
            raise RuntimeError("killed here")

    runner = JobRunner(db, FixedClock(NOW), {"expire": handle})
    await put(db, job())
    await runner.run_due()
    async with db.system_transaction(SystemScope("test")) as connection:
        await connection.execute(sa.text("UPDATE jobs SET available_at = now() - interval '1 second'"))
    await runner.run_due()
    assert seen == [{"n": 1}, {"n": 500}]


async def test_runner_that_is_stopped_finishes_and_one_that_is_cancelled_gives_back(db: Database) -> None:
    started, stop = asyncio.Event(), asyncio.Event()
    finished: list[bool] = []

    async def handle(one: Job) -> None:
        started.set()
        await asyncio.sleep(0.2)
        finished.append(True)

    await put(db, job())
    running = asyncio.create_task(JobRunner(db, FixedClock(NOW), {"expire": handle}).run(stop))
    await started.wait()
    stop.set()
    await running
    assert finished == [True]

    started.clear()
    await put(db, job("second"))
    running = asyncio.create_task(JobRunner(db, FixedClock(NOW), {"expire": handle}).run(asyncio.Event()))
    await started.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert finished == [True]
    assert await JobRunner(db, FixedClock(NOW), {"expire": handle}).run_due() == 1

"""Work that happens later or outlives a request: durable, claimed by one runner at a time, repeated until done.

`run_at` is business time on the tenant's clock; leases and pauses are real time. A job is scheduled in the transaction
that makes it necessary, and a handler must bear to run twice: its runner may die between its effect and its end.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
import sqlalchemy as sa
from asyncpg import Record
from prometheus_client import CollectorRegistry, Counter
from sqlalchemy.ext.asyncio import AsyncConnection

from bela_kit.core.clock import Clock, system_now
from bela_kit.core.errors import ServiceError
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import SystemScope, TenantId
from bela_kit.db import Database, DatabaseUnavailable
from bela_kit.statements import Statement

log = logging.getLogger(__name__)

KEEP = timedelta(days=30)

_POLL_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 300.0

# A new schedule under the same key counts from now on, also against a run of the old one that is under way.
SCHEDULE_SQL = """
    INSERT INTO jobs AS j (job_id, tenant_id, kind, subject_id, run_at, payload, dedupe_key)
    VALUES (:job_id, :tenant, :kind, :subject_id, :run_at, CAST(:payload AS jsonb), :dedupe_key)
    ON CONFLICT (tenant_id, kind, dedupe_key) WHERE finished_at IS NULL DO UPDATE
        SET run_at = excluded.run_at, payload = excluded.payload, subject_id = excluded.subject_id,
            attempts = 0, available_at = excluded.available_at, lease_token = NULL
"""
"""What `schedule` says, for a statement of a service that has it as a part; with the values of `schedule_values`."""
_SCHEDULE = Statement(SCHEDULE_SQL)
_CANCEL = sa.text(
    "DELETE FROM jobs WHERE tenant_id = :tenant AND kind = :kind AND subject_id = :subject_id AND finished_at IS NULL"
)
# The earliest unfinished job of each tenant, one step in the index per tenant however many jobs wait for later.
_HEADS = Statement(
    """
    WITH RECURSIVE heads AS (
        (SELECT tenant_id, run_at FROM jobs WHERE finished_at IS NULL ORDER BY tenant_id, run_at LIMIT 1)
        UNION ALL
        SELECT n.tenant_id, n.run_at
        FROM heads, LATERAL (
            SELECT tenant_id, run_at FROM jobs
            WHERE finished_at IS NULL AND tenant_id > heads.tenant_id
            ORDER BY tenant_id, run_at LIMIT 1
        ) AS n
    )
    SELECT tenant_id, run_at FROM heads
    """
)
_CLAIM = sa.text(
    """
    UPDATE jobs AS j
    SET lease_token = :token, available_at = :lease_end, attempts = attempts + 1
    FROM (
        SELECT d.job_id
        FROM jobs AS d
        JOIN unnest(CAST(:tenants AS text[]), CAST(:nows AS timestamptz[])) AS t (tenant_id, business_now)
            USING (tenant_id)
        WHERE d.finished_at IS NULL AND d.available_at <= :now
          AND d.kind = ANY (CAST(:kinds AS text[])) AND d.run_at <= t.business_now
        ORDER BY d.run_at
        LIMIT :slots
        FOR UPDATE OF d SKIP LOCKED
    ) AS due
    WHERE j.job_id = due.job_id
    RETURNING j.job_id, j.tenant_id, j.kind, j.subject_id, j.run_at, j.payload, j.dedupe_key, j.attempts
    """
)
_MINE = "WHERE job_id = :job_id AND lease_token = :token AND finished_at IS NULL"
_FINISH = sa.text(f"UPDATE jobs SET finished_at = :now, lease_token = NULL, last_error = NULL {_MINE}")  # noqa: S608
_RELEASE = sa.text(f"UPDATE jobs SET available_at = :now, lease_token = NULL, attempts = attempts - 1 {_MINE}")  # noqa: S608
_FAIL = sa.text(f"UPDATE jobs SET available_at = :next, lease_token = NULL, last_error = :error {_MINE}")  # noqa: S608
_HEARTBEAT = sa.text(f"UPDATE jobs SET available_at = :lease_end {_MINE}")  # noqa: S608
_CHECKPOINT = sa.text(
    f"UPDATE jobs SET available_at = :lease_end, payload = CAST(:payload AS jsonb), attempts = 1 {_MINE}"  # noqa: S608
)


class LeaseLost(Exception):
    """The job was cancelled, scheduled anew, or taken by another runner; stop working on it."""


@dataclass(slots=True)
class Job:
    """One piece of work.

    Attributes:
        tenant: Whose it is.
        kind: Which handler does it.
        subject_id: What it is about; `cancel` finds it by this.
        run_at: When it is due, on the tenant's clock.
        payload: What the handler needs beside the subject; JSON, without personal data.
        dedupe_key: At most one unfinished job of a kind and tenant carries it.
        attempts: How often it was begun, this time included.
    """

    tenant: TenantId
    kind: str
    subject_id: str
    run_at: datetime
    payload: dict[str, Any] = field(default_factory=dict)
    dedupe_key: str | None = None
    job_id: UUID = field(default_factory=new_id)
    attempts: int = 0
    _lease: "_Lease | None" = field(default=None, repr=False, compare=False)

    async def heartbeat(self) -> None:
        """Make sure that the job is still this runner's before something costly; LeaseLost if not."""
        if self._lease is not None:
            await self._lease.extend(self)

    async def checkpoint(self, payload: dict[str, Any]) -> None:
        """Keep the lease and store how far the work is, for whoever goes on with it; LeaseLost if it is gone."""
        self.payload = payload
        if self._lease is not None:
            await self._lease.extend(self, payload)


JobHandler = Callable[[Job], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Lease:
    database: Database
    token: UUID
    seconds: float

    async def extend(self, job: Job, payload: dict[str, Any] | None = None) -> None:
        values: dict[str, object] = {"job_id": job.job_id, "token": self.token}
        values["lease_end"] = system_now() + timedelta(seconds=self.seconds)
        if payload is not None:
            values["payload"] = orjson.dumps(payload).decode()
        async with self.database.system_transaction(SystemScope("extend the lease of a job")) as connection:
            result = await connection.execute(_HEARTBEAT if payload is None else _CHECKPOINT, values)
        if result.rowcount == 0:
            raise LeaseLost(str(job.job_id))


async def schedule(connection: AsyncConnection, job: Job) -> None:
    """Store a job in the open transaction; under a `dedupe_key` it replaces the unfinished one."""
    await _SCHEDULE.fetch(connection, schedule_values(job))


def schedule_values(job: Job) -> dict[str, object]:
    """Return the parameters of `SCHEDULE_SQL`."""
    return {
        "job_id": job.job_id,
        "tenant": job.tenant,
        "kind": job.kind,
        "subject_id": job.subject_id,
        "run_at": job.run_at,
        "payload": orjson.dumps(job.payload).decode(),
        "dedupe_key": job.dedupe_key,
    }


async def cancel(connection: AsyncConnection, tenant: TenantId, kind: str, subject_id: str) -> int:
    """Drop the unfinished jobs of a kind about a subject and return how many there were."""
    result = await connection.execute(_CANCEL, {"tenant": tenant, "kind": kind, "subject_id": subject_id})
    return int(result.rowcount)


class JobRunner:
    """Runs due jobs of the kinds it has handlers for; jobs of other kinds wait for somebody who has.

    Args:
        database: Jobs are claimed as the worker; handlers open their own transactions in the job's tenant.
        clock: Says for each tenant what is due.
        handlers: What to do, by kind.
        concurrency: Jobs side by side.
        lease_seconds: How long after the end of a killed process another runner takes its jobs; extended by itself
            while a handler works.
        service: Label on the metrics.
        registry: Where outcomes are counted.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        handlers: Mapping[str, JobHandler],
        *,
        concurrency: int = 4,
        lease_seconds: float = 15,
        service: str = "",
        registry: CollectorRegistry | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._handlers = dict(handlers)
        self._concurrency = concurrency
        self._lease_seconds = lease_seconds
        self._service = service
        self._outcomes = Counter(
            "bela_jobs",
            "Jobs run, by outcome.",
            ("service", "kind", "outcome"),
            registry=registry or CollectorRegistry(),
        )
        self._awake = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Look for due jobs now."""
        self._awake.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Run due jobs until `stop` is set, then let those under way come to their end; cancelled, give them back."""
        try:
            await self._run(stop)
            if self._running:
                await asyncio.wait(self._running)
        finally:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)

    async def _run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self._awake.clear()
            try:
                found = await self._start_due()
            except DatabaseUnavailable:
                found = 0
                log.warning("jobs wait for the database")
            except Exception:
                found = 0
                log.exception("jobs could not be claimed")
            if not found or len(self._running) >= self._concurrency:
                await self._sleep(stop)

    async def run_due(self) -> int:
        """Run what is due now to its end and return how many jobs that was; for tests and commands."""
        count = 0
        while await self._start_due():
            count += len(self._running)
            await asyncio.wait(self._running)
        return count

    async def _sleep(self, stop: asyncio.Event) -> None:
        waiting = {asyncio.create_task(stop.wait()), asyncio.create_task(self._awake.wait())}
        await asyncio.wait({*waiting, *self._running}, timeout=_POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()

    async def _start_due(self) -> int:
        slots = self._concurrency - len(self._running)
        if slots <= 0 or not self._handlers:
            return 0
        lease = _Lease(self._database, uuid4(), self._lease_seconds)
        async with self._database.system_transaction(SystemScope("claim due jobs")) as connection:
            due = self._due(await _HEADS.fetch(connection, {}))
            if not due:
                return 0
            values = self._claim(lease, due, slots)
            jobs = [_job(row, lease) for row in await connection.execute(_CLAIM, values)]
        for job in jobs:
            task = asyncio.create_task(self._execute(job, lease), name=f"job {job.kind}")
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return len(jobs)

    def _due(self, heads: Sequence[Record]) -> dict[str, datetime]:
        """Return the tenants that have something due and what time it is there."""
        due = {}
        for head in heads:
            try:
                now = self._clock.now(TenantId(head["tenant_id"]))
            except ServiceError:
                # The tenant's settings have not arrived here yet; its jobs wait for them.
                continue
            if head["run_at"] <= now:
                due[head["tenant_id"]] = now
        return due

    def _claim(self, lease: _Lease, due: Mapping[str, datetime], slots: int) -> dict[str, object]:
        now = system_now()
        return {
            "token": lease.token,
            "now": now,
            "lease_end": now + timedelta(seconds=self._lease_seconds),
            "tenants": list(due),
            "nows": list(due.values()),
            "kinds": list(self._handlers),
            "slots": slots,
        }

    async def _execute(self, job: Job, lease: _Lease) -> None:
        handler = asyncio.ensure_future(self._handlers[job.kind](job))
        try:
            await self._keep_alive(handler, job, lease)
            await handler
        except LeaseLost:
            outcome = "lost"
        except asyncio.CancelledError:
            # The process ends: the next runner need not wait for the lease to run out.
            await asyncio.gather(handler, return_exceptions=True)
            await asyncio.shield(self._end(_RELEASE, job, lease, {"now": system_now()}))
            raise
        except Exception as error:
            outcome = "failed"
            log.exception("job %s (%s) failed at attempt %s", job.kind, job.job_id, job.attempts)
            await self._end(_FAIL, job, lease, self._pause(job, error))
        else:
            outcome = "done"
            await self._end(_FINISH, job, lease, {"now": system_now()})
        self._outcomes.labels(self._service, job.kind, outcome).inc()

    async def _keep_alive(self, handler: "asyncio.Future[None]", job: Job, lease: _Lease) -> None:
        """Extend the lease while the handler works; stop the handler when the lease is gone."""
        try:
            while not (await asyncio.wait({handler}, timeout=lease.seconds / 3))[0]:
                try:
                    await lease.extend(job)
                except DatabaseUnavailable:
                    log.warning("the lease of job %s could not be extended", job.job_id)
        except BaseException:
            handler.cancel()
            raise

    def _pause(self, job: Job, error: Exception) -> dict[str, object]:
        seconds = min(2.0 ** min(job.attempts, 10), _LONGEST_PAUSE_SECONDS)
        text = f"{type(error).__name__}: {error}"[:500]
        return {"next": system_now() + timedelta(seconds=seconds), "error": text}

    async def _end(self, statement: sa.TextClause, job: Job, lease: _Lease, values: dict[str, object]) -> None:
        try:
            async with self._database.system_transaction(SystemScope("end a job")) as connection:
                await connection.execute(statement, {"job_id": job.job_id, "token": lease.token, **values})
        except Exception:
            # The lease runs out and the job runs again, which it must bear anyway.
            log.exception("the end of job %s could not be stored", job.job_id)


def _job(row: sa.Row[Any], lease: _Lease) -> Job:
    return Job(
        tenant=TenantId(row.tenant_id),
        kind=row.kind,
        subject_id=row.subject_id,
        run_at=row.run_at,
        payload=row.payload,
        dedupe_key=row.dedupe_key,
        job_id=row.job_id,
        attempts=row.attempts,
        _lease=lease,
    )


async def forget_old(connection: AsyncConnection, now: datetime) -> int:
    """Delete jobs that ended a month ago; needs the worker role."""
    result = await connection.execute(sa.text("DELETE FROM jobs WHERE finished_at < :before"), {"before": now - KEEP})
    return int(result.rowcount)

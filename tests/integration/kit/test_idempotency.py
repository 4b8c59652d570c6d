"""One key, one effect, also when both requests come at the same moment."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa
from bela_kit import idempotency
from bela_kit.core.clock import system_now
from bela_kit.core.tenancy import SystemScope
from bela_kit.db import Database
from bela_kit.idempotency import IdempotencyKey, IdempotencyKeyReused, StoredResponse

from .samples import A, B

KEY = IdempotencyKey(A, "pp.3510", "make_thing", "k1", "f1")
INSERT = sa.text("INSERT INTO things (tenant_id, thing_id, amount) VALUES ('3510', :id, 1)")


async def attempt(db: Database, thing: str, key: IdempotencyKey = KEY, hold: float = 0) -> StoredResponse:
    async with db.tenant_transaction(key.tenant) as connection:
        stored = await idempotency.begin(connection, key, system_now())
        if stored is not None:
            return stored
        await connection.execute(INSERT, {"id": thing})
        await asyncio.sleep(hold)
        response = StoredResponse(201, thing.encode(), '"1"')
        await idempotency.complete(connection, key, response)
        return response


async def things(db: Database) -> list[str]:
    async with db.tenant_transaction(A) as connection:
        return list(await connection.scalars(sa.text("SELECT thing_id FROM things ORDER BY 1")))


async def test_second_request_gets_the_first_answer(db: Database) -> None:
    first = await attempt(db, "a")
    assert await attempt(db, "b") == first
    assert await things(db) == ["a"]


async def test_two_at_once_have_one_effect(db: Database) -> None:
    answers = await asyncio.gather(*(attempt(db, f"t{n}", hold=0.2) for n in range(5)))
    assert len(set(answers)) == 1
    assert len(await things(db)) == 1


async def test_failed_request_leaves_the_key_free(db: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with db.tenant_transaction(A) as connection:
            assert await idempotency.begin(connection, KEY, system_now()) is None
            raise ZeroDivisionError
    assert (await attempt(db, "a")).body == b"a"


async def test_waiting_request_takes_over_when_the_first_fails(db: Database) -> None:
    begun = asyncio.Event()

    async def failing() -> None:
        async with db.tenant_transaction(A) as connection:
            await idempotency.begin(connection, KEY, system_now())
            begun.set()
            await asyncio.sleep(0.2)
            raise ZeroDivisionError

    first = asyncio.create_task(failing())
    await begun.wait()
    assert (await attempt(db, "b")).body == b"b"
    with pytest.raises(ZeroDivisionError):
        await first


async def test_key_with_another_body_is_refused(db: Database) -> None:
    await attempt(db, "a")
    with pytest.raises(IdempotencyKeyReused):
        await attempt(db, "b", IdempotencyKey(A, "pp.3510", "make_thing", "k1", "f2"))


async def test_keys_of_others_are_apart(db: Database) -> None:
    await attempt(db, "a")
    await attempt(db, "b", IdempotencyKey(A, "ppk.3510", "make_thing", "k1", "f2"))
    await attempt(db, "c", IdempotencyKey(A, "pp.3510", "other", "k1", "f3"))
    assert await things(db) == ["a", "b", "c"]
    elsewhere = IdempotencyKey(B, "pp.3510", "make_thing", "k1", "f")
    async with db.tenant_transaction(B) as connection:
        assert await idempotency.begin(connection, elsewhere, system_now()) is None
        await idempotency.complete(connection, elsewhere, StoredResponse(200, b"", None))


async def test_old_keys_are_forgotten(db: Database) -> None:
    await attempt(db, "a")
    for hours, gone in ((71, 0), (73, 1)):
        async with db.system_transaction(SystemScope("test")) as connection:
            assert await idempotency.forget_old(connection, system_now() + timedelta(hours=hours)) == gone

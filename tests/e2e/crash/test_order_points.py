"""The order service, the catalog and the relay killed at named points of a submission."""

import asyncio
import signal
import uuid

import httpx
import pytest

from .agreement import messages
from .buyers import PP, PPK, Buyers
from .region import CODE, SELLER, Json, Region, purchase_body

BUDGET_LINE = "SELECT 1 FROM budget_lines WHERE budget_line_id = $1 FOR UPDATE"
OUTBOX_ROWS = "SELECT 1 FROM outbox_messages WHERE published_at IS NULL FOR UPDATE"
STREAM = "BELA_ORDER_V1"
# Words of the statements that wait for the budget line: a purchase stores its order and moves its money in one.
WAITING = {"submit": "budget_lines", "buy": "WITH placed AS (INSERT INTO orders"}


async def _held(region: Region, order_id: str) -> int:
    async with region.database("catalog") as connection:
        query = "SELECT COALESCE(sum(quantity), 0) FROM holds WHERE order_id = $1 AND NOT released"
        return int(await connection.fetchval(query, order_id))


async def _reserved(region: Region, office: Json) -> tuple[int, int]:
    async with region.database("order") as connection:
        query = "SELECT reserved_idr, committed_idr FROM budget_lines WHERE budget_line_id = $1"
        return tuple(await connection.fetchrow(query, office["line"]))  # type: ignore[return-value]


async def _unanswered(sent: "asyncio.Task[httpx.Response]") -> None:
    """The caller got no answer, or one that says: again."""
    try:
        answer = await sent
    except httpx.TransportError:
        return
    assert answer.status_code == 503, answer.text
    assert "retry-after" in answer.headers


async def test_killed_between_reserve_and_submit(region: Region, buyers: Buyers) -> None:
    office, key = region.offices[0], str(uuid.uuid4())
    before = await _reserved(region, office)
    order = await buyers.draft(office)
    path = f"orders/{order['order_id']}:submit"
    async with region.locked("order", BUDGET_LINE, office["line"]):
        sent = asyncio.create_task(region.once("POST", f"{region.path()}/{path}", PP, {"reason": "other"}, key))
        await region.blocked("order", WAITING["submit"])
        assert await _held(region, order["order_id"]) == 10
        await region.kill("order")
        await _unanswered(sent)
    assert await _reserved(region, office) == before
    await region.restart("order")
    told = await buyers.act(path, PP, {"reason": "other"}, key=key)
    assert told["state"] == "ppk_review"
    assert await _reserved(region, office) == (before[0] + 100_000, before[1])
    assert await _held(region, order["order_id"]) == 10
    await buyers.must_all_stand()


async def test_killed_between_reserve_and_a_purchase_in_one_act(region: Region, buyers: Buyers) -> None:
    office, key = region.offices[1], str(uuid.uuid4())
    before = await _reserved(region, office)
    body = purchase_body(region, await buyers.need(office))
    async with region.locked("order", BUDGET_LINE, office["line"]):
        sent = asyncio.create_task(region.once("POST", f"{region.path()}/orders:buy", PPK, body, key))
        await region.blocked("order", WAITING["buy"])
        await region.kill("order")
        await _unanswered(sent)
    await region.restart("order")
    told = await asyncio.gather(*(buyers.region.post(f"{region.path()}/orders:buy", PPK, body, key) for _ in range(4)))
    assert len({one["order_id"] for one in told}) == 1
    assert await _reserved(region, office) == (before[0], before[1] + 100_000)
    assert await _held(region, told[0]["order_id"]) == 10
    await buyers.act(f"orders/{told[0]['order_id']}:accept", SELLER)
    await buyers.must_all_stand()


@pytest.mark.parametrize("verb", ["submit", "buy"])
async def test_repeated_while_the_first_is_under_way(region: Region, buyers: Buyers, verb: str) -> None:
    """An impatient client: the second Reserve must not make the catalog deaf to the event of the first."""
    office, key = region.offices[2], str(uuid.uuid4())
    if verb == "submit":
        order = await buyers.draft(office)
        path, who, body = f"orders/{order['order_id']}:submit", PP, {"reason": "other"}
    else:
        path, who, body = "orders:buy", PPK, purchase_body(region, await buyers.need(office))
    async with region.locked("order", BUDGET_LINE, office["line"]):
        first = asyncio.create_task(region.once("POST", f"{region.path()}/{path}", who, body, key))
        await region.blocked("order", WAITING[verb])
        second = asyncio.create_task(region.once("POST", f"{region.path()}/{path}", who, body, key))
        await region.blocked("order", "idempotency_keys")
    answers = [await first, await second]
    assert [one.status_code for one in answers] == [201 if verb == "buy" else 200] * 2
    assert answers[0].json() == answers[1].json()
    await buyers.must_all_stand()


async def test_killed_between_commit_and_publish(region: Region, buyers: Buyers) -> None:
    await region.kill("nats")
    told = [await buyers.buy(office) for office in region.offices[:4]]
    assert {one["state"] for one in told} == {"sp_issued"}, "orders are taken while the broker is away"
    await region.kill("order")
    await region.restart("nats", "order")
    for one in told:
        await buyers.act(f"orders/{one['order_id']}:accept", SELLER)
    await buyers.must_all_stand()


async def test_killed_between_publish_and_mark(region: Region, buyers: Buyers) -> None:
    await region.kill("nats")
    told = [await buyers.buy(office) for office in region.offices[:4]]
    async with region.locked("order", OUTBOX_ROWS):
        await region.restart("nats")
        await region.blocked("order", "outbox_messages")
        there = {one.aggregate_id for one in await messages(region, STREAM)}
        assert there >= {one["order_id"] for one in told}, "published, and not marked"
        await region.kill("order")
    async with region.database("order") as connection:
        assert await connection.fetchval("SELECT count(*) FROM outbox_messages WHERE published_at IS NULL") >= 8
    await region.restart("order")
    await buyers.must_all_stand()


async def test_catalog_killed_during_reserve(region: Region, buyers: Buyers) -> None:
    office, key = region.offices[3], str(uuid.uuid4())
    await buyers.buy(office)  # so that the day has a row to lock
    order = await buyers.draft(office)
    path = f"orders/{order['order_id']}:submit"
    async with region.locked("catalog", "SELECT 1 FROM capacity_days FOR UPDATE"):
        sent = asyncio.create_task(region.once("POST", f"{region.path()}/{path}", PP, {"reason": "other"}, key))
        await region.blocked("catalog", "capacity_days")
        await region.kill("catalog")
        answer = await sent
    assert (answer.status_code, answer.json()["reason"]) == (503, "DEPENDENCY_UNAVAILABLE")
    assert "retry-after" in answer.headers
    await region.restart("catalog")
    assert (await buyers.act(path, PP, {"reason": "other"}, key=key))["state"] == "ppk_review"
    await buyers.must_all_stand()


async def test_reporting_and_broker_killed_between_effect_and_acknowledgement(region: Region, buyers: Buyers) -> None:
    """The broker stands still when the projection commits, so the acknowledgement dies with both of them."""
    order = await buyers.buy(region.offices[4])
    accepted = await buyers.act(f"orders/{order['order_id']}:accept", SELLER)
    watermark = "SELECT 1 FROM watermarks WHERE tenant_id = $1 AND source = 'order' FOR UPDATE"
    query = "SELECT version FROM orders WHERE order_id = $1"
    async with region.database("reporting") as connection:
        while await connection.fetchval(query, order["order_id"]) != accepted["version"]:
            await asyncio.sleep(0.02)
    async with region.locked("reporting", watermark, CODE):
        await buyers.act(f"orders/{order['order_id']}:receive", f"pptk.{CODE}", {"lines": []})
        await region.blocked("reporting", "watermarks")
        await asyncio.to_thread(region.stack.kill, "nats", signal.SIGSTOP)
    async with region.database("reporting") as connection, asyncio.timeout(10):
        while await connection.fetchval(query, order["order_id"]) == accepted["version"]:
            await asyncio.sleep(0.02)
    await region.kill("nats", "reporting")
    await region.restart("nats", "reporting")
    await _delivered_again(region)
    await buyers.must_all_stand()


async def _delivered_again(region: Region) -> None:
    """The new process gets the event once more: the proof that it had not been acknowledged."""
    transport = httpx.AsyncHTTPTransport(uds=region.stack.info.sockets["reporting"]["probe"])
    async with httpx.AsyncClient(transport=transport, base_url="http://probe") as probe, asyncio.timeout(20):
        line = 'bela_consumed_events_total{consumer="reporting__order_projection",outcome="projected"}'
        while line not in (await probe.get("/metrics")).text:
            await asyncio.sleep(0.1)

"""What must be true once everything has come to rest: order, ledger, stream, catalog and reports say the same."""

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

import nats
from nats.js import api
from nats.js.errors import APIError

from .region import CODE, Region

STREAMS = {"order": "BELA_ORDER_V1", "vendor": "BELA_VENDOR_V1", "catalog": "BELA_CATALOG_V1"}
BUCKETS = ("reserved", "committed", "accepted", "paid")
# Longer than the broker waits before it delivers again what nobody acknowledged.
REST_SECONDS = 45.0
WITHOUT_CAPACITY = {"draft", "refused", "expired", "cancelled", "stopped", "terminated"}
BEFORE_THE_YES = {"submitted", "ppk_review", "sp_issued", "lapsed"}


@dataclass(frozen=True)
class Message:
    """One message of a stream."""

    event_id: str
    name: str
    aggregate_id: str
    version: int


async def connect(region: Region) -> nats.NATS:
    """Return a connection that may look into streams."""
    secret = region.stack.folder / "secrets" / "topology.nats_password"
    return await nats.connect(
        region.stack.info.nats_url, user="topology", password=secret.read_text(), inbox_prefix=b"_INBOX.topology"
    )


async def messages(region: Region, stream: str) -> list[Message]:
    """Return everything a stream holds, in its sequence."""
    client = await connect(region)
    try:
        jetstream = client.jetstream()
        total = (await jetstream.stream_info(stream)).state.messages
        config = api.ConsumerConfig(ack_policy=api.AckPolicy.NONE, inactive_threshold=30, mem_storage=True)
        consumer = await jetstream.add_consumer(stream, config)
        reader = await jetstream.pull_subscribe_bind(consumer.name, stream)
        found: list[Message] = []
        while len(found) < total:
            for message in await reader.fetch(min(500, total - len(found)), timeout=5):
                headers = message.headers or {}
                name = message.subject.rpartition(".")[2]
                version = int(headers["ce-aggregateversion"])
                found.append(Message(headers["ce-id"], name, headers["ce-subject"], version))
        return found
    finally:
        await client.close()


async def at_rest(region: Region) -> None:
    """Wait until every event is published and every consumer has acknowledged all of its own."""
    deadline = asyncio.get_running_loop().time() + REST_SECONDS
    while True:
        waiting = await _waiting(region)
        if not waiting:
            return
        assert asyncio.get_running_loop().time() < deadline, f"no rest: {waiting}"
        await asyncio.sleep(0.2)


async def _waiting(region: Region) -> dict[str, Any]:
    waiting: dict[str, Any] = {}
    for service in STREAMS:
        async with region.database(service) as connection:
            count = await connection.fetchval("SELECT count(*) FROM outbox_messages WHERE published_at IS NULL")
        if count:
            waiting[f"outbox of {service}"] = count
    client = await connect(region)
    try:
        manager = client.jetstream()
        for stream in STREAMS.values():
            for info in await manager.consumers_info(stream):
                if "__" in info.name and (info.num_pending or info.num_ack_pending):
                    waiting[info.name] = (info.num_pending, info.num_ack_pending)
    except (APIError, TimeoutError) as error:
        waiting["broker"] = str(error)
    finally:
        await client.close()
    return waiting


async def must_agree(region: Region, made: set[str]) -> None:
    """Compare everything with everything.

    Args:
        region: Where.
        made: Orders that clients were told exist.
    """
    await at_rest(region)
    orders = await _orders(region)
    missing = made - orders.keys()
    assert not missing, f"orders that were confirmed and are lost: {missing}"
    await _nothing_was_given_up(region)
    await _stream_agrees(region, orders)
    await _budget_agrees(region, orders)
    await _reports_agree(region, orders)
    await _holds_agree(region, orders)


async def _orders(region: Region) -> dict[str, dict[str, Any]]:
    async with region.database("order") as connection:
        rows = await connection.fetch("SELECT order_id, version, state, body FROM orders WHERE tenant_id = $1", CODE)
        told = await connection.fetch(
            "SELECT aggregate_id, max(aggregate_version) AS version FROM outbox_messages"
            " WHERE subject LIKE 'bela.order.v1.%.order_%' GROUP BY 1"
        )
    # A half of a signature changes an order without being an event: nobody else has to know yet.
    versions = {row["aggregate_id"]: row["version"] for row in told}
    orders = {str(row["order_id"]): {**row, "told": versions.get(str(row["order_id"]), 0)} for row in rows}
    assert all(order["told"] <= order["version"] for order in orders.values())
    return orders


async def _nothing_was_given_up(region: Region) -> None:
    for service in ("order", "vendor", "catalog", "reporting"):
        async with region.database(service) as connection:
            letters = await connection.fetch("SELECT consumer, reason, error FROM dead_letters")
            parked = await connection.fetchval("SELECT count(*) FROM outbox_messages WHERE parked_at IS NOT NULL")
        assert not letters, f"dead letters of {service}: {letters}"
        assert not parked, f"parked events of {service}: {parked}"


async def _stream_agrees(region: Region, orders: dict[str, dict[str, Any]]) -> None:
    """Every event of the outbox is in the stream, in the sequence of versions, and nothing else is."""
    for service, stream in STREAMS.items():
        async with region.database(service) as connection:
            rows = await connection.fetch("SELECT event_id FROM outbox_messages")
        published = await messages(region, stream)
        events, there = {str(row["event_id"]) for row in rows}, {one.event_id for one in published}
        assert events == there, f"{stream}: lost {len(events - there)}, made up {len(there - events)}"
    versions: dict[str, list[int]] = defaultdict(list)
    seen: set[str] = set()
    for one in await messages(region, STREAMS["order"]):
        if one.name.startswith("order_") and one.event_id not in seen:
            seen.add(one.event_id)
            versions[one.aggregate_id].append(one.version)
    for order_id, order in orders.items():
        told = versions.get(order_id, [])
        assert told == sorted(set(told)), f"{order_id} out of sequence: {told}"
        if told:
            assert told[-1] == order["told"], f"{order_id}: stream {told[-1]}, outbox {order['told']}"
        else:
            assert order["state"] == "draft"
    assert versions.keys() <= orders.keys(), "events of orders that do not exist"


async def _budget_agrees(region: Region, orders: dict[str, dict[str, Any]]) -> None:
    """The buckets of each line are the sums over its orders and the sums over the ledger of movements."""
    of_orders: dict[str, Counter[str]] = defaultdict(Counter)
    for order in orders.values():
        for use in order["body"]["uses"]:
            of_orders[use["budget_line_id"]].update({name: use[name] for name in BUCKETS})
    columns = ", ".join(f"sum({name}_idr) AS {name}" for name in BUCKETS)
    async with region.database("order") as connection:
        lines = await connection.fetch("SELECT * FROM budget_lines WHERE tenant_id = $1", CODE)
        moved = await connection.fetch(
            f"SELECT budget_line_id, {columns} FROM budget_movements WHERE tenant_id = $1 GROUP BY 1",
            CODE,
        )
    ledger = {str(row["budget_line_id"]): {name: int(row[name]) for name in BUCKETS} for row in moved}
    for line in lines:
        key = str(line["budget_line_id"])
        buckets = {name: line[f"{name}_idr"] for name in BUCKETS}
        assert buckets == {name: of_orders[key][name] for name in BUCKETS}, f"line {key} and its orders"
        assert buckets == ledger.get(key, dict.fromkeys(BUCKETS, 0)), f"line {key} and its movements"
        assert sum(buckets.values()) <= line["ceiling_idr"] - line["blocked_idr"]


async def _reports_agree(region: Region, orders: dict[str, dict[str, Any]]) -> None:
    """Reports know the last version of every order, and their roll-ups have counted each change once."""
    async with region.database("reporting") as connection:
        rows = await connection.fetch(
            "SELECT order_id, version, state, spent_idr FROM orders WHERE tenant_id = $1", CODE
        )
        usage = await connection.fetch("SELECT * FROM budget_usage WHERE tenant_id = $1", CODE)
        spent = await connection.fetchval(
            "SELECT COALESCE(sum(value_idr), 0) FROM public_region_spend WHERE tenant_id = $1", CODE
        )
        by_vendor = await connection.fetchval(
            "SELECT COALESCE(sum(value_idr), 0) FROM vendor_spend"
            " WHERE tenant_id = $1 AND budget_holder_id = '' AND category_code = ''",
            CODE,
        )
    told = {row["order_id"]: (row["version"], row["state"]) for row in rows}
    known = {order_id: (order["told"], order["state"]) for order_id, order in orders.items() if order["told"]}
    assert told == known
    async with region.database("order") as connection:
        lines = await connection.fetch("SELECT * FROM budget_lines WHERE tenant_id = $1", CODE)
    used = {str(line["budget_line_id"]): tuple(line[f"{name}_idr"] for name in BUCKETS) for line in lines}
    reported = {row["budget_line_id"]: tuple(row[f"{name}_idr"] for name in BUCKETS) for row in usage}
    nothing = (0, 0, 0, 0)
    assert {key: value for key, value in reported.items() if value != nothing} == {
        key: value for key, value in used.items() if value != nothing
    }
    handed_over = sum(line["accepted_idr"] + line["paid_idr"] for line in lines)
    assert (int(spent), int(by_vendor), sum(row["spent_idr"] for row in rows)) == (handed_over,) * 3


async def _holds_agree(region: Region, orders: dict[str, dict[str, Any]]) -> None:
    """An order holds capacity exactly while its state says so, at least until its deadline."""
    async with region.database("catalog") as connection:
        rows = await connection.fetch("SELECT * FROM holds WHERE buyer_tenant_id = $1", CODE)
    holds = {str(row["order_id"]): row for row in rows}
    assert len(holds) == len(rows), "one product, one hold"
    for order_id, order in orders.items():
        state, hold = order["state"], holds.get(order_id)
        if state in WITHOUT_CAPACITY:
            assert hold is None or hold["released"] or hold["order_version"] == 0, f"{order_id} {state} still holds"
            continue
        assert hold is not None, f"{order_id} {state} holds nothing"
        quantity = sum(line["quantity"] for line in order["body"]["lines"])
        assert (hold["released"], hold["quantity"]) == (False, quantity), f"{order_id} {state}: {dict(hold)}"
        assert hold["order_version"] == order["told"], f"{order_id}: catalog heard {hold['order_version']}"
        assert hold["firm"] is (state not in BEFORE_THE_YES), f"{order_id} {state}: firm {hold['firm']}"
        if state in BEFORE_THE_YES:
            due = order["body"]["deadline"]["due_at"]
            assert hold["held_until"].isoformat() == due, (
                f"{order_id} {state}: held until {hold['held_until']}, due {due}"
            )

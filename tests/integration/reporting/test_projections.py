"""Projections over real PostgreSQL: batches, repeats, versions out of order, regions mixed, two workers at once."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Sequence

import pytest
import sqlalchemy as sa
from bela_kit.core.tenancy import SystemScope, TenantId
from bela_kit.db import Database
from bela_kit.events import ReceivedEvent
from reporting_service.adapters import tables
from reporting_service.facts.wire import order_facts
from reporting_service.projections.contributions import contributions
from reporting_service.projections.orders import latest_versions, project_orders

from tests.fakes.reporting import FULL_PATH, OrderMaker, ProductMaker, VendorMaker, budget_line

ROLLUPS = ("vendor_spend", "monthly_spend", "public_region_spend", "budget_usage", "override_counts")


async def all_rows(db: Database, table: sa.Table) -> list[sa.Row]:
    async with db.system_transaction(SystemScope("test")) as connection:
        return list(await connection.execute(sa.select(table).order_by(*table.primary_key.columns)))


async def rollups(db: Database) -> dict:
    found = {}
    for name in ROLLUPS:
        table = tables.metadata.tables[name]
        keys = len(table.primary_key.columns)
        for row in await all_rows(db, table):
            values = tuple(row)
            if any(values[keys:]):
                key = tuple(str(part) for part in values[:keys])
                found[name, *key] = values[keys:]
    return found


def recomputed(events: Sequence[ReceivedEvent]) -> dict:
    sums: dict = defaultdict(lambda: None)
    for facts in latest_versions(order_facts(event) for event in events).values():
        for name, rows in contributions(facts).items():
            for key, amounts in rows.items():
                if any(amounts):
                    place = (name, facts.tenant, *(str(part) for part in key))
                    before = sums[place] or (0,) * len(amounts)
                    sums[place] = tuple(a + b for a, b in zip(before, amounts, strict=True))
    return dict(sums)


def random_life(rng: random.Random, tenant: str, vendors: list[VendorMaker]) -> list[ReceivedEvent]:
    order = OrderMaker(
        rng.choice(vendors),
        total=rng.randrange(40, 90_000_000, 40),
        tenant=tenant,
        holder=f"opd-{rng.randint(1, 3)}",
        category=rng.choice(["food.snack_box", "food.meal_box", "staple.rice"]),
        line_id=f"line-{rng.randint(1, 4)}",
        payer=rng.choice(["apbd"] * 5 + ["private_group"]),
        reason=rng.choice(["", "", "only_vendor"]),
        flags=rng.choice([(), ("COOLING_LIFTED",)]),
    )
    events = order.until(rng.choice(FULL_PATH))
    if order.state in {"SP_ISSUED", "PPK_REVIEW"} and rng.random() < 0.5:
        events.append(order.to(rng.choice(["OrderRefused", "OrderExpired", "OrderCancelled"])))
    return events


@pytest.mark.parametrize("seed", range(6))
async def test_rollups_equal_a_recomputation_after_any_sequence(db: Database, project, seed: int) -> None:
    rng = random.Random(seed)
    makers = {tenant: [VendorMaker(tenant=tenant) for _ in range(3)] for tenant in ("3510", "1311")}
    events = [e for tenant in makers for _ in range(15) for e in random_life(rng, tenant, makers[tenant])]
    stream = events + rng.sample(events, len(events) // 3)
    rng.shuffle(stream)
    position = 0
    while position < len(stream):
        size = rng.randint(1, 60)
        await project(stream[position : position + size])
        position += size
    assert await rollups(db) == recomputed(events)
    public = {(f.tenant, f.order_id, f.version) for f in map(order_facts, events) if f.is_public}
    releases = await all_rows(db, tables.ocds_releases)
    assert {(r.tenant_id, r.order_id, r.version) for r in releases} == public
    for tenant in makers:
        positions = sorted(r.position for r in releases if r.tenant_id == tenant)
        assert positions == list(range(1, len(positions) + 1))


async def test_repeated_batch_changes_nothing(db: Database, project) -> None:
    events = OrderMaker(VendorMaker()).until("OrderPaid")
    await project(events)
    before = [await all_rows(db, table) for table in tables.READ_MODELS]
    await project(events)
    assert [await all_rows(db, table) for table in tables.READ_MODELS] == before


async def test_older_version_that_comes_late_adds_only_its_release(db: Database, project) -> None:
    events = OrderMaker(VendorMaker()).until("OrderPaid")
    late = events.pop(5)
    await project(events)
    sums = await rollups(db)
    await project([late])
    assert await rollups(db) == sums
    releases = await all_rows(db, tables.ocds_releases)
    assert sorted(row.version for row in releases) == list(range(2, 10))


async def test_two_workers_with_overlapping_batches_count_each_order_once(db: Database) -> None:
    events = [e for _ in range(20) for e in OrderMaker(VendorMaker()).until("OrderPaid")]
    events += [e for _ in range(20) for e in OrderMaker(VendorMaker(tenant="1311"), tenant="1311").until("OrderPaid")]

    async def worker(seed: int) -> None:
        mine = list(events)
        random.Random(seed).shuffle(mine)
        for start in range(0, len(mine), 50):
            async with db.system_transaction(SystemScope("test")) as connection:
                await project_orders(connection, mine[start : start + 50])

    await asyncio.gather(worker(1), worker(2), worker(3))
    assert await rollups(db) == recomputed(events)
    assert (await rollups(db))["public_region_spend", "3510", "2026"] == (20 * 720_000, 20)


async def test_reported_spend_equals_accepted_plus_paid_at_every_cut(db: Database, project) -> None:
    order = OrderMaker(VendorMaker(), total=1_000_000)
    await project([budget_line()])
    for step in FULL_PATH:
        await project([order.to(step)])
        buckets = order.buckets()
        spend = (await rollups(db)).get(("public_region_spend", "3510", "2026"), (0, 0))[0]
        usage = (await all_rows(db, tables.budget_usage))[0]
        assert spend == buckets["accepted"] + buckets["paid"]
        assert (usage.reserved_idr, usage.committed_idr, usage.accepted_idr, usage.paid_idr) == tuple(buckets.values())


async def test_refusal_gives_the_money_back(db: Database, project) -> None:
    order = OrderMaker(VendorMaker())
    for step in ("OrderSubmitted", "OrderSigned", "OrderRefused"):
        await project([order.to(step)])
    usage = (await all_rows(db, tables.budget_usage))[0]
    assert (usage.reserved_idr, usage.committed_idr, usage.accepted_idr, usage.paid_idr) == (0, 0, 0, 0)


async def test_funnel_follows_milestones_and_moves(db: Database, project) -> None:
    vendor = VendorMaker()
    await project([vendor.verified()])
    await project([vendor.event(district="351006")])
    counts = {row.district_code: row for row in await all_rows(db, tables.funnel_counts)}
    assert counts["351005"].collected == 0
    assert (counts["351006"].collected, counts["351006"].trained, counts["351006"].verified) == (1, 0, 1)
    await project([vendor.event("VendorStandingChanged", standing="MERGED")])
    counts = {row.district_code: row for row in await all_rows(db, tables.funnel_counts)}
    assert counts["351006"].collected == 0


async def test_assortment_counts_products_on_sale(db: Database, project) -> None:
    vendor = VendorMaker()
    one, two = ProductMaker(vendor), ProductMaker(vendor, category="food.meal_box")
    await project([one.event(), two.event(), one.event("WITHDRAWN")])
    counts = {row.category_code: row.on_sale for row in await all_rows(db, tables.assortments)}
    assert counts == {"": 1, "food.meal_box": 1}


async def test_handover_knows_when_it_was_paid(db: Database, project) -> None:
    order = OrderMaker(VendorMaker())
    await project(order.until("OrderInvoiced"))
    assert (await all_rows(db, tables.handovers))[0].paid_on is None
    await project([order.to("OrderPaid")])
    assert (await all_rows(db, tables.handovers))[0].paid_on == order.payments[0][0]


async def test_a_tenant_sees_only_its_own_rows(db: Database, project) -> None:
    await project(OrderMaker(VendorMaker()).until("OrderPaid"))
    await project(OrderMaker(VendorMaker(tenant="1311"), tenant="1311").until("OrderPaid"))
    for table in tables.READ_MODELS:
        if not table.name.startswith("public_"):
            async with db.tenant_transaction(TenantId("1311")) as connection:
                found = {row.tenant_id for row in await connection.execute(sa.select(table))}
            assert found <= {"1311"}

"""The shortcuts of the submission's one query change no judgement: random histories, judged both ways."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId
from order_service.adapters.repositories.past_orders import past_orders
from order_service.application.judged import PastWanted
from order_service.domain.rotation import CountedOrder, RotationSettings, streak_length
from order_service.domain.splitting import SplitOrder, find_splitting

from .world import World

REGION = TenantId("3510")
START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)
GROUPS = [f"group-{letter}" for letter in "ABCDE"]
SETTINGS = RotationSettings()


def _row(holder: str, index: int, dice: random.Random) -> dict[str, Any]:
    at = NOW - timedelta(hours=dice.randint(1, 24 * 140))
    return {
        "tenant_id": REGION, "order_id": str(new_id()), "version": 1, "state": "closed",
        "need_id": str(new_id()), "unit_id": holder, "budget_holder_id": holder, "vendor_id": str(new_id()),
        "owner_group_id": dice.choice(GROUPS[: dice.randint(1, 5)]),
        "category_code": dice.choice(["food.a", "food.a", "food.b"]),
        "fiscal_year": 2026, "total_idr": dice.choice([100_000, 400_000, 900_000, 20_000_000, 45_000_000]),
        "rup_code": "", "created_by": dice.choice(["pp.1", "pp.2"]), "account_codes": [dice.choice(["5.1", "5.2"])],
        "sub_activity_code": dice.choice(["S1", "S1", "S2"]), "items": [dice.choice(["x", "x", "y"])],
        "event_id": dice.choice(["", "", "E1", "E2"]), "plan_lot": dice.random() < 0.1, "submitted_at": at,
        "signed_on": None, "counted": dice.random() < 0.9, "unsigned": False, "body": {},
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(30))
async def test_the_query_fetches_whatever_matters(world: World, seed: int) -> None:
    dice = random.Random(seed)
    holder = str(new_id())
    rows = [_row(holder, index, dice) for index in range(dice.randint(0, 40))]
    for row in rows:  # some needs are served more than once
        if dice.random() < 0.2:
            row["need_id"] = dice.choice(rows)["need_id"]
    connection = await world.database.connect()
    columns = list(rows[0]) if rows else []
    for row in rows:
        places = ", ".join(f"${n}" for n in range(1, len(columns) + 1))
        await connection.execute(
            f"INSERT INTO orders ({', '.join(columns)}) VALUES ({places})",
            *[("{}" if name == "body" else row[name]) for name in columns],
        )
    await connection.close()
    total, group, event = dice.choice([500_000, 30_000_000]), dice.choice(GROUPS), dice.choice(["", "E1"])
    wanted = PastWanted(
        order_id=str(new_id()), need_id=str(new_id()), budget_holder_id=holder, category_code="food.a",
        year_start=START, rup_code="", zone="Asia/Jakarta", owner_group_id=group, rotation=SETTINGS,
        seller_group_id=group, event_id=event, sub_activity_code="S1", account_codes=("5.1",), total=total,
        window_start=NOW - timedelta(days=31),
    )  # fmt: skip
    async with world.db.tenant_transaction(REGION) as open_connection:
        found = await past_orders(open_connection, REGION, wanted)
    counted = [row for row in rows if row["counted"]]
    everything = [
        CountedOrder(r["order_id"], r["need_id"], r["owner_group_id"], r["total_idr"], r["submitted_at"], r["plan_lot"])
        for r in counted
        if r["category_code"] == "food.a"
    ]
    # The first attempt judges by the largest m, whose streaks are the longest; any other is judged by all orders.
    by_all = streak_length(everything, group, SETTINGS.breaking_groups, SETTINGS) >= SETTINGS.limit
    by_found = streak_length(found.counted, group, SETTINGS.breaking_groups, SETTINGS) >= SETTINGS.limit
    assert by_found == by_all
    new = SplitOrder(
        wanted.order_id, wanted.need_id, total, NOW.date(), holder, "food.a", frozenset({"5.1"}), "S1", group, "pp.1",
        frozenset({"x"}), event,
    )  # fmt: skip
    whole = [
        SplitOrder(
            r["order_id"], r["need_id"], r["total_idr"], (r["submitted_at"] + timedelta(hours=7)).date(), holder,
            r["category_code"], frozenset(r["account_codes"]), r["sub_activity_code"], r["owner_group_id"],
            r["created_by"], frozenset(r["items"]), r["event_id"], r["plan_lot"],
        )
        for r in counted
    ]  # fmt: skip
    assert find_splitting(new, found.splitting) == find_splitting(new, whole)

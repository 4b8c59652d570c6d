"""Two acts on one order at the same instant: exactly one of them happens, and money and deadlines follow that one.

A session of the test holds the order's row, so that both acts have read the order before either can write it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from bela_kit.core.tenancy import TenantId
from bela_kit.jobs import JobRunner

from .world import Office, SellerInWorld, World, at

VALUE = 720_000
STEPS = ("submit", "sign", "confirm", "deliver", "inspect", "hand_over", "countersign", "invoice", "pay")
LATE = {"reason": "Rapat batal."}
LINES = {"lines": [{"line_number": 1, "quantity": 40}]}
GOOD = {"lines": [{"line_number": 1, "good": 40}]}
BODIES: dict[str, Any] = {
    "deliver": LINES,
    "inspect": GOOD,
    "invoice": {"number": "INV-1"},
    "pay": {"reference": "SP2D 1"},
    "return": LATE,
    "cancel": LATE,
    "withdraw": LATE,
    "refuse": LATE,
    "stop": LATE,
    "return_invoice": LATE,
    "propose_quantity": {"line_number": 1, "quantity": 41},
}
ACTORS = {
    "submit": "pp", "sign": "ppk", "sign again": "kpa", "cancel": "pp", "return": "ppk", "withdraw": "ppk",
    "inspect": "ppk", "hand_over": "ppk", "receive": "ppk", "pay": "bendahara", "return_invoice": "bendahara",
    "stop": "ppk", "propose_quantity": "pp",
}  # fmt: skip


async def prepared(world: World, tag: str, before: str) -> tuple[Office, SellerInWorld, str]:
    """Play an order up to a step that is not taken yet."""
    world.clock.set(at("2026-01-05"))
    office, seller = await world.office(tag), await world.seller(f"Warung {tag}", 18_000)
    order = await office.draft(await office.need(40), seller)
    for step in STEPS[: STEPS.index(before)]:
        await office.act(order, step, who(office, seller, step), BODIES.get(step))
    return office, seller, order


def who(office: Office, seller: SellerInWorld, step: str) -> str:
    return office.who(ACTORS[step]) if step in ACTORS else seller.member


async def collide(world: World, order: str, *acts: Callable[[], Awaitable[Any]]) -> list[Any]:
    """Let acts run into each other on the order's row, and return what came of them."""
    connection = await world.database.connect()
    try:
        async with connection.transaction():
            await connection.execute("SELECT 1 FROM orders WHERE order_id = $1 FOR UPDATE", order)
            tasks = [asyncio.ensure_future(act()) for act in acts]
            async with asyncio.timeout(20):
                waiting = 0
                while waiting + sum(task.done() for task in tasks) < len(tasks):
                    waiting = await connection.fetchval("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
                    await asyncio.sleep(0.01)
        return list(await asyncio.gather(*tasks))
    finally:
        await connection.close()


async def consistent(world: World, order: str) -> None:
    """Check that the deadline job, the version and the events of an order are those of its present state."""
    found = (await world.get(f"orders/{order}", f"lpse_admin.{world.region}")).json()
    connection = await world.database.connect()
    try:
        versions = await connection.fetch(
            "SELECT aggregate_version v FROM outbox_messages WHERE aggregate_id = $1", order
        )
        jobs = await connection.fetch("SELECT run_at FROM jobs WHERE subject_id = $1 AND finished_at IS NULL", order)
    finally:
        await connection.close()
    assert len({row["v"] for row in versions}) == len(versions)
    assert max(row["v"] for row in versions) <= found["version"]
    due = [found["deadline_at"], *(each["deadline_at"] for each in found["deliveries"])]
    final = found["state"] in {"closed", "cancelled", "refused", "expired", "stopped", "terminated"}
    assert len(jobs) == (0 if final or not any(due) else 1)


PAIRS = [
    ("submit", "submit", "submit"),
    ("submit", "submit", "cancel"),
    ("sign", "sign", "sign again"),
    ("sign", "sign", "return"),
    ("sign", "sign", "cancel"),
    ("confirm", "confirm", "withdraw"),
    ("confirm", "confirm", "refuse"),
    ("confirm", "refuse", "refuse"),
    ("deliver", "deliver", "deliver"),
    ("deliver", "deliver", "stop"),
    ("deliver", "receive", "receive"),
    ("deliver", "receive", "deliver"),
    ("deliver", "propose_quantity", "deliver"),
    ("hand_over", "hand_over", "hand_over"),
    ("countersign", "countersign", "countersign"),
    ("invoice", "invoice", "invoice"),
    ("pay", "pay", "pay"),
    ("pay", "pay", "return_invoice"),
]
HELD = {
    "submit": "reserved", "return": "", "cancel": "", "withdraw": "", "refuse": "", "stop": "", "pay": "paid",
    "countersign": "accepted", "invoice": "accepted", "return_invoice": "accepted",
}  # fmt: skip


@pytest.mark.parametrize(("before", "one", "other"), PAIRS, ids=["-".join(pair) for pair in PAIRS])
async def test_one_of_two_acts_happens(world: World, before: str, one: str, other: str) -> None:
    office, seller, order = await prepared(world, f"{one} {other} {before}".replace(" ", "_"), before)
    names = [one, other]

    def act(name: str) -> Callable[[], Awaitable[Any]]:
        verb = name.removesuffix(" again")
        return lambda: world.post(f"orders/{order}:{verb}", who(office, seller, name), BODIES.get(verb))

    answers = await collide(world, order, *map(act, names))
    assert sorted(answer.status_code for answer in answers) == [200, 409], [answer.text for answer in answers]
    won = next(name for name, answer in zip(names, answers, strict=True) if answer.status_code == 200)
    bucket = HELD.get(won.removesuffix(" again"), "committed")
    expected = {"reserved": 0, "committed": 0, "accepted": 0, "paid": 0}
    assert await world.buckets(office.line) == expected | ({bucket: VALUE} if bucket else {})
    await consistent(world, order)


@pytest.mark.parametrize(
    ("before", "verb", "hours", "states"),
    [
        ("sign", "sign", 96, {"sp_issued", "lapsed"}),
        ("sign", "return", 96, {"draft", "lapsed"}),
        ("confirm", "confirm", 48, {"confirmed", "lapsed"}),
        ("confirm", "refuse", 48, {"refused", "lapsed"}),
    ],
)
async def test_an_act_and_the_deadline_at_once(
    world: World, before: str, verb: str, hours: int, states: set[str]
) -> None:
    office, seller, order = await prepared(world, f"tenggat_{verb}", before)
    world.clock.advance(timedelta(hours=hours))
    runner = JobRunner(world.db, world.clock, world.parts.job_handlers)
    answer, _ = await collide(
        world,
        order,
        lambda: world.post(f"orders/{order}:{verb}", who(office, seller, verb), BODIES.get(verb)),
        runner.run_due,
    )
    found = (await world.get(f"orders/{order}", office.who("ppk"))).json()
    assert found["state"] in states
    assert (answer.status_code == 200) is (found["state"] != "lapsed")
    given_back = found["state"] in {"draft", "refused"}
    assert sum((await world.buckets(office.line)).values()) == (0 if given_back else VALUE)
    await consistent(world, order)


async def test_an_order_that_changed_while_the_registry_was_asked_is_not_signed(world: World) -> None:
    office, seller, order = await prepared(world, "berubah", "sign")
    ask = world.registry.refusals

    async def meanwhile(*arguments: Any, **facts: Any) -> tuple[str, ...]:
        answer = await ask(*arguments, **facts)
        await office.act(order, "return", office.who("kpa"), LATE)
        world.catalog.reprice(seller.product_id, 200_000)
        await office.act(order, "submit", office.who("pp"))
        return answer

    world.registry.refusals = meanwhile
    try:
        await world.refused(f"orders/{order}:sign", office.who("ppk"), {}, "VERSION_MISMATCH")
    finally:
        del world.registry.refusals
    assert (await office.act(order, "sign", office.who("ppk")))["total_idr"] == 8_000_000


async def test_another_purchase_under_a_used_key_takes_nothing_from_the_first(world: World) -> None:
    world.clock.set(at("2026-01-05"))
    office, seller = await world.office("kunci"), await world.seller("Warung Kunci", 18_000, capacity=100)
    need = await office.need(40)
    first, second = await asyncio.gather(
        office.buy(need, seller, 40, idempotency_key="k-buy"), office.buy(need, seller, 41, idempotency_key="k-buy")
    )
    passed, refused = (first, second) if first.status_code == 201 else (second, first)
    assert refused.json()["reason"] == "IDEMPOTENCY_KEY_REUSED"
    order = passed.json()
    assert list(world.catalog.held(seller.product_id)) == [(order["order_id"], order["lines"][0]["quantity"])]


async def test_an_old_request_sent_again_after_a_return_holds_nothing(world: World) -> None:
    office, _, order = await prepared(world, "lama", "submit")
    await office.act(order, "submit", office.who("pp"), idempotency_key="k-old")
    await office.act(order, "return", office.who("ppk"), LATE)
    world.catalog.holds.pop(order)  # what the event of the return does
    again = await office.act(order, "submit", office.who("pp"), idempotency_key="k-old")
    assert again["state"] == "ppk_review"
    assert order not in world.catalog.holds


async def test_room_on_the_second_line_is_found_though_another_order_just_took_the_first(world: World) -> None:
    world.clock.set(at("2026-01-05"))
    office = await world.office("dua_baris", ceiling=VALUE)
    second = await world.budget_line(office.unit, VALUE)
    sellers = [await world.seller(f"Warung Baris {number}", 18_000) for number in range(2)]
    only_first = await office.draft(await office.need(40), sellers[0])
    both = await office.draft(await office.need(40, days=9, budget_line_ids=[office.line, second]), sellers[1])
    connection = await world.database.connect()
    name = f"submit:{world.region}:{office.unit}"
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", name)
        tasks = []
        for number, order in enumerate((only_first, both), start=1):
            tasks.append(asyncio.ensure_future(world.post(f"orders/{order}:submit", office.who("pp"))))
            while await connection.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted") < number:
                await asyncio.sleep(0.01)
    await connection.close()
    answers = await asyncio.gather(*tasks)
    assert [answer.status_code for answer in answers] == [200, 200], [answer.text for answer in answers]
    assert (await world.buckets(office.line))["reserved"] == (await world.buckets(second))["reserved"] == VALUE


async def test_a_demo_clock_moved_back_does_not_lose_a_deadline(world: World) -> None:
    office, _, order = await prepared(world, "mundur", "sign")
    world.clock.advance(timedelta(days=4))
    due = world.clock.now(TenantId(world.region))
    world.clock.set(at("2026-01-05"))

    class MovedBack:
        """Says once, at the claim, what the clock said before it was moved back."""

        def __init__(self) -> None:
            self.before = [due]

        def __getattr__(self, name: str) -> Any:
            return getattr(world.clock, name)

        def now(self, tenant: TenantId) -> Any:
            return self.before.pop() if self.before else world.clock.now(tenant)

    await JobRunner(world.db, MovedBack(), world.parts.job_handlers).run_due()  # type: ignore[arg-type]
    await consistent(world, order)
    world.clock.advance(timedelta(days=4))
    await JobRunner(world.db, world.clock, world.parts.job_handlers).run_due()
    assert (await world.get(f"orders/{order}", office.who("ppk"))).json()["state"] == "lapsed"

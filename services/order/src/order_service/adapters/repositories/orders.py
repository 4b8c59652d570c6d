"""Orders as aggregates: the row with what SQL asks for, the whole order as one document beside it.

`save` keeps the sequence on which the rest relies: the row first, since its lock orders the events of concurrent
changes; then the money, the deadline, the seller's record. Events go to the outbox when the unit of work is flushed.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from bela_kit.jobs import SCHEDULE_SQL, Job, cancel, schedule, schedule_values
from sqlalchemy.ext.asyncio import AsyncConnection

from order_service.adapters.budget_ledger import MOVES, apply_movements, check_moved, movement_values
from order_service.adapters.codec import from_document, to_document
from order_service.adapters.driver import Statement, fetch
from order_service.adapters.repositories.past_orders import past_orders
from order_service.adapters.repositories.placing_case import placing_case
from order_service.adapters.repositories.seller_facts import note_events
from order_service.adapters.tables import orders
from order_service.application.errors import VersionMismatch
from order_service.application.judged import LoadedOrder, PastOrders, PastWanted
from order_service.application.orders.case import PlacingCase
from order_service.domain.budget import Movement
from order_service.domain.events import OrderEvent
from order_service.domain.order.facts import OrderFacts
from order_service.domain.order.order import Order
from order_service.domain.order.state import NOT_COUNTED, UNSIGNED, OrderState

DEADLINE_JOB = "order_deadline"

_LOCK = Statement("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
_NEXT_NUMBER = Statement(
    """
    INSERT INTO document_counters AS c (tenant_id, budget_holder_id, year, kind, last_number)
    VALUES (:tenant, :holder, :year, :kind, 1)
    ON CONFLICT (tenant_id, budget_holder_id, year, kind) DO UPDATE SET last_number = c.last_number + 1
    RETURNING last_number
    """
)
_RUP_LEFT = Statement(
    """
    SELECT p.value_idr - COALESCE((
        SELECT sum(m.reserved_idr + m.committed_idr + m.accepted_idr + m.paid_idr)
        FROM orders AS o JOIN budget_movements AS m ON m.tenant_id = o.tenant_id AND m.order_id = o.order_id
        WHERE o.tenant_id = :tenant AND o.rup_code = :rup
    ), 0) AS room
    FROM rup_packages AS p WHERE p.tenant_id = :tenant AND p.rup_code = :rup
    """
)
_GET = Statement(
    """
    SELECT o.body, o.version, u.path
    FROM orders AS o JOIN units AS u ON u.tenant_id = o.tenant_id AND u.unit_id = o.unit_id
    WHERE o.tenant_id = :tenant AND o.order_id = :order
    """
)
_COLUMNS = tuple(column.name for column in orders.c)
_KEYS = ("tenant_id", "order_id")
_ROW = f"INSERT INTO orders ({', '.join(_COLUMNS)}) VALUES ({', '.join(f':{name}' for name in _COLUMNS)})"  # noqa: S608
_INSERT = Statement(_ROW)
# An order that begins with money and a deadline, in one round trip. Only a new one: the parts of a statement run in no
# certain sequence, while a change must hold the order's row before it touches the budget.
_PLACE = Statement(f"WITH placed AS ({_ROW}), awaited AS ({SCHEDULE_SQL}), {MOVES} SELECT budget_line_id FROM moved")  # noqa: S608
_SET = ", ".join(f"{name} = :{name}" for name in _COLUMNS if name not in _KEYS)
_UPDATE = Statement(
    f"UPDATE orders SET {_SET} WHERE tenant_id = :tenant_id AND order_id = :order_id AND version = :stored RETURNING 1"  # noqa: S608
)


class SqlOrders:
    """`Orders` on the table `orders`."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId, note: Callable[[OrderEvent], None]) -> None:
        self._connection = connection
        self._tenant = tenant
        self._note = note

    async def get(self, order_id: str) -> LoadedOrder | None:
        """Return an order with the scopes of its unit."""
        rows = await fetch(self._connection, _GET, {"tenant": self._tenant, "order": order_id})
        if not rows:
            return None
        facts = from_document(OrderFacts, rows[0]["body"])
        return LoadedOrder(Order(facts, rows[0]["version"]), frozenset(str(unit) for unit in rows[0]["path"]))

    async def save(self, order: Order) -> None:
        """Store an order, move its money, set its deadline and note its events, in this sequence."""
        row, movements, job = order_row(order), order.pull_movements(), self._deadline(order)
        events = order.pull_events()
        at = events[-1].occurred_at if events else order.facts.created_at
        if order.stored_version == 0 and movements and job is not None:
            await self._place(row, movements, at, job)
        else:
            if order.stored_version == 0:
                await fetch(self._connection, _INSERT, row)
            elif not await fetch(self._connection, _UPDATE, row | {"stored": order.stored_version}):
                raise VersionMismatch
            await apply_movements(self._connection, self._tenant, movements, at)
            await self._set_deadline(order)
        await note_events(self._connection, self._tenant, events)
        for event in events:
            self._note(event)

    async def _place(self, row: Mapping[str, Any], movements: Sequence[Movement], at: datetime, job: Job) -> None:
        values = {**row, **movement_values(self._tenant, movements, at), **schedule_values(job)}
        await check_moved(self._connection, self._tenant, movements, await fetch(self._connection, _PLACE, values))

    async def _set_deadline(self, order: Order) -> None:
        job = self._deadline(order)
        if job is None:
            await cancel(self._connection, self._tenant, DEADLINE_JOB, order.facts.order_id)
        else:
            await schedule(self._connection, job)

    def _deadline(self, order: Order) -> Job | None:
        facts = order.facts
        if facts.deadline_at is None:
            return None
        return Job(
            tenant=self._tenant,
            kind=DEADLINE_JOB,
            subject_id=facts.order_id,
            run_at=facts.deadline_at,
            payload={},
            dedupe_key=facts.order_id,
        )

    async def serialise(self, budget_holder_id: str, rup_code: str = "") -> None:
        """Take locks that end with the transaction; the next statement then sees every earlier submission.

        Always the holder's first and then the package's, so that nobody waits in a circle.
        """
        await fetch(self._connection, _LOCK, {"name": f"submit:{self._tenant}:{budget_holder_id}"})
        if rup_code:
            await fetch(self._connection, _LOCK, {"name": f"rup:{self._tenant}:{rup_code}"})

    async def wait_on(self, order: Order) -> None:
        """Set the deadline of an unchanged order again."""
        await self._set_deadline(order)

    async def case(self, need_id: str, vendor_id: str, order_id: str | None = None) -> PlacingCase | None:
        """Return what an order of a need from a seller stands on, and whether it has been made already."""
        return await placing_case(self._connection, self._tenant, need_id, vendor_id, order_id)

    async def past(self, wanted: PastWanted) -> PastOrders:
        """Return what a submission is judged by, in one statement."""
        return await past_orders(self._connection, self._tenant, wanted)

    async def of_package(self, order_id: str, need_id: str, event_id: str) -> Sequence[OrderFacts]:
        """Return the other counted orders of the same need or dated event."""
        same = orders.c.need_id == need_id
        if event_id:
            same = sa.or_(same, orders.c.event_id == event_id)
        query = sa.select(orders.c.body).where(
            orders.c.tenant_id == self._tenant, same, orders.c.counted, orders.c.order_id != order_id
        )
        return [from_document(OrderFacts, body) for body in (await self._connection.execute(query)).scalars()]

    async def rup_left(self, rup_code: str) -> int | None:
        """Return the room left on a RUP package."""
        if not rup_code:
            return None
        rows = await fetch(self._connection, _RUP_LEFT, {"tenant": self._tenant, "rup": rup_code})
        return int(rows[0]["room"]) if rows else None

    async def next_number(self, budget_holder_id: str, year: int, kind: str) -> int:
        """Return the next number of a kind of paper in an OPD and year."""
        values = {"tenant": self._tenant, "holder": budget_holder_id, "year": year, "kind": kind}
        return int((await fetch(self._connection, _NEXT_NUMBER, values))[0]["last_number"])


def order_row(order: Order) -> dict[str, Any]:
    """Return the row of an order."""
    facts = order.facts
    waits_for_signature = facts.state is OrderState.LAPSED and facts.signed_at is None
    return {
        "tenant_id": facts.tenant,
        "order_id": facts.order_id,
        "version": order.version,
        "state": facts.state.value,
        "need_id": facts.need.need_id,
        "unit_id": facts.buyer.unit_id,
        "budget_holder_id": facts.buyer.budget_holder_id,
        "vendor_id": facts.seller.vendor_id,
        "owner_group_id": facts.seller.owner_group_id,
        "category_code": facts.category_code,
        "fiscal_year": facts.uses[0].fiscal_year if facts.uses else facts.created_at.year,
        "total_idr": facts.total,
        "rup_code": facts.rup_code,
        "created_by": facts.created_by.principal,
        "account_codes": sorted({use.account_code for use in facts.uses}),
        "sub_activity_code": facts.need.sub_activity_code,
        "items": sorted({line.profile_code for line in facts.lines}),
        "event_id": facts.need.event_id,
        "plan_lot": facts.plan_basis != "direct",
        "submitted_at": facts.submitted_at,
        "signed_on": facts.signed_on,
        "counted": is_counted(facts),
        "unsigned": facts.state in UNSIGNED or waits_for_signature,
        "body": orjson.dumps(to_document(facts)).decode(),
    }


def is_counted(facts: OrderFacts) -> bool:
    """Return whether rotation and splitting count the order: one stopped before any delivery drops out again."""
    if facts.state in NOT_COUNTED:
        return False
    ended = facts.state in (OrderState.STOPPED, OrderState.TERMINATED)
    return not ended or bool(facts.deliveries)

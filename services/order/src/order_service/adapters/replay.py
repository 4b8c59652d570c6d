"""Publishes the current state of everything again, so that readers can be rebuilt.

Each aggregate carries the version it has, so that a reader that is up to date changes nothing. Batches are committed
one by one, so that one region cannot starve the others.
"""

from zoneinfo import ZoneInfo

from bela_kit.authority import TenantClock
from bela_kit.core.events import OutgoingEvent
from bela_kit.core.tenancy import TenantId
from bela_kit.db import Database
from bela_kit.outbox import Outbox
from sqlalchemy.ext.asyncio import AsyncConnection

from order_service.adapters.event_mapping import LAST_EVENT, order_event
from order_service.adapters.fact_mapping import fact_event
from order_service.adapters.read_models import SqlReads
from order_service.adapters.repositories.authority import SqlRegions
from order_service.application.authority import system
from order_service.application.facts import BudgetLineChanged, Fact, GrantChanged, RegionSettingsChanged, UnitChanged
from order_service.application.queries import OrderFilter, StoredOrder, Window

BATCH = 200


async def replay_everything(db: Database, clock: TenantClock, outbox: Outbox) -> int:
    """Append the state of every aggregate of every region, and return how many there were."""
    await clock.refresh()
    count = 0
    for tenant in clock.tenants():
        for kind in ("settings", "grants", "units", "budget_lines", "orders"):
            after: str | None = None
            while True:
                async with db.tenant_transaction(tenant) as connection:
                    events, after = await _batch(connection, tenant, kind, after, clock)
                    await outbox.append(connection, events)
                count += len(events)
                if after is None:
                    break
    return count


async def _batch(
    connection: AsyncConnection, tenant: TenantId, kind: str, after: str | None, clock: TenantClock
) -> tuple[list[OutgoingEvent], str | None]:
    """Return the events of one batch and behind which id the next begins; None at the end."""
    reads, window, now, actor = SqlReads(connection, tenant), Window(BATCH, after), clock.now(tenant), system()
    if kind == "orders":
        stored = await reads.orders(window, OrderFilter())
        told = [order for order in stored if len(order.facts.history) > 1]
        return [_order_event(order, clock.zone(tenant)) for order in told], stored[-1].facts.order_id if len(
            stored
        ) == BATCH else None
    facts: list[tuple[str, Fact]]
    if kind == "settings":
        settings = await SqlRegions(connection, tenant).get()
        facts = [(tenant, RegionSettingsChanged(settings, now))] if settings else []
    elif kind == "grants":
        facts = [(row.grant_id, GrantChanged(row, now)) for row in await reads.grants(window, None)]
    elif kind == "units":
        facts = [(row.unit.unit_id, UnitChanged(row.unit, actor, now)) for row in await reads.units(window)]
    else:
        lines = await reads.budget_lines(window, None, None)
        facts = [(line.budget_line_id, BudgetLineChanged(line, actor, now, "replay")) for line in lines]
    events = [fact_event(tenant, fact) for _, fact in facts]
    return events, facts[-1][0] if len(facts) == BATCH else None


def _order_event(stored: StoredOrder, zone: ZoneInfo) -> OutgoingEvent:
    facts = stored.facts
    at = facts.history[-1].at
    event = LAST_EVENT[facts.state](facts, stored.version, system(), at, at.astimezone(zone).date(), "replay")
    return order_event(event)

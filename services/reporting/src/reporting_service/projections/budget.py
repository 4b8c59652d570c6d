"""Ceilings of budget lines and names of units, as `order` publishes them; what is used is summed from order events."""

from collections.abc import Mapping, Sequence
from typing import Any

from bela.order.events.v1 import order_events_pb2
from bela_kit.events import ReceivedEvent
from sqlalchemy.ext.asyncio import AsyncConnection

from reporting_service.adapters import tables
from reporting_service.facts import wire
from reporting_service.facts.scrubbing import scrub
from reporting_service.projections import rows

LINE_EVENT = "budget_line_changed"
UNIT_EVENT = "unit_changed"


async def project_budget(connection: AsyncConnection, events: Sequence[ReceivedEvent]) -> None:
    """Keep the latest ceilings and units of a batch."""
    lines = rows.latest(budget_line_row(event) for event in events if event.name == LINE_EVENT)
    units = rows.latest(unit_row(event) for event in events if event.name == UNIT_EVENT)
    await rows.keep_latest(connection, tables.budget_lines, lines)
    await rows.keep_latest(connection, tables.units, units)


def budget_line_row(event: ReceivedEvent) -> Mapping[str, Any]:
    """Return the row of one budget line."""
    line: order_events_pb2.BudgetLine = wire.decode(event).budget_line  # type: ignore[attr-defined]
    return {
        "tenant_id": wire.owned(event, line.region),
        "budget_line_id": line.budget_line_id,
        "version": line.version,
        "fiscal_year": line.fiscal_year,
        "unit_id": line.unit_id,
        "sub_activity_code": line.sub_activity_code,
        "account_code": line.account_code,
        "title": scrub(line.title),
        "fund_source": line.fund_source,
        "ceiling_idr": wire.rupiah(line.ceiling),
        "blocked_idr": wire.rupiah(line.blocked),
    }


def unit_row(event: ReceivedEvent) -> Mapping[str, Any]:
    """Return the row of one organisation unit."""
    unit: order_events_pb2.Unit = wire.decode(event).unit  # type: ignore[attr-defined]
    return {
        "tenant_id": wire.owned(event, unit.region),
        "unit_id": unit.unit_id,
        "version": unit.version,
        "display_name": scrub(unit.display_name),
        "parent_unit_id": unit.parent_unit_id,
        "budget_holder": unit.budget_holder,
        "district_code": unit.district_code,
    }

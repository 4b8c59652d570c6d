"""Order events: the latest facts per order, every roll-up fed by them, and one OCDS release per public event.

A batch may hold several versions of one order, repeats, and versions older than the one stored. The latest wins; a
roll-up changes by what the latest adds minus what the stored one had added. Releases are kept for every version seen.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from bela_kit.events import ReceivedEvent
from sqlalchemy.ext.asyncio import AsyncConnection

from reporting_service.adapters import tables
from reporting_service.facts.order import OrderFacts, from_json, to_json
from reporting_service.facts.wire import order_facts
from reporting_service.projections import rows
from reporting_service.projections.contributions import Amounts, Contributions, Key, contributions, difference, merge
from reporting_service.projections.payment_clock import replace_handovers
from reporting_service.projections.releases import append_releases
from reporting_service.projections.watermarks import advance

SOURCE = "order"


async def project_orders(connection: AsyncConnection, events: Sequence[ReceivedEvent]) -> None:
    """Bring every order read model up to a batch of order events."""
    if not events:
        return
    seen = [order_facts(event) for event in events]
    positions = await advance(connection, SOURCE, events)
    latest = latest_versions(seen)
    present = await rows.stored(connection, tables.orders, ("version", "facts"), latest)
    changed: list[OrderFacts] = []
    changes: dict[str, dict[str, dict[Key, Amounts]]] = {}
    for key, facts in latest.items():
        old = present.get(key)
        if old is not None and old["version"] >= facts.version:
            continue
        before = contributions(from_json(old["facts"]) if old is not None else None)
        _add(changes, facts.tenant, difference(contributions(facts), before))
        changed.append(facts)
    await rows.keep_latest(connection, tables.orders, [order_row(facts) for facts in changed])
    await rows.keep_latest(connection, tables.sellers, _seller_rows(changed))
    await replace_handovers(connection, changed)
    for name, of_tenants in changes.items():
        await rows.add_all(connection, tables.metadata.tables[name], of_tenants)
    await append_releases(connection, SOURCE, seen, positions)


def latest_versions(seen: Iterable[OrderFacts]) -> dict[tuple[str, ...], OrderFacts]:
    """Return the highest version of each order."""
    latest: dict[tuple[str, ...], OrderFacts] = {}
    for facts in seen:
        key = (facts.tenant, facts.order_id)
        if key not in latest or latest[key].version < facts.version:
            latest[key] = facts
    return latest


def order_row(facts: OrderFacts) -> Mapping[str, Any]:
    """Return the row of one order: what lists filter and sort by, and all facts as JSON."""
    return {
        "tenant_id": facts.tenant,
        "order_id": facts.order_id,
        "version": facts.version,
        "state": facts.state,
        "is_public": facts.is_public,
        "signed_on": facts.signed_on,
        "fiscal_year": facts.fiscal_year,
        "budget_holder_id": facts.budget_holder_id,
        "budget_holder_name": facts.budget_holder_name,
        "vendor_id": facts.seller.vendor_id,
        "category_code": facts.lines[0].category_code if facts.lines else "",
        "seller_district_code": facts.seller.district_code,
        "total_idr": facts.total_idr,
        "spent_idr": facts.spent_idr,
        "facts": orjson.Fragment(to_json(facts)),
    }


def _add(changes: dict[str, dict[str, dict[Key, Amounts]]], tenant: str, of_order: Contributions) -> None:
    for name, amounts in of_order.items():
        merge(changes.setdefault(name, {}), {tenant: amounts})


def _seller_rows(changed: Iterable[OrderFacts]) -> list[Mapping[str, Any]]:
    latest: dict[tuple[str, str], OrderFacts] = {}
    for facts in changed:
        key = (facts.tenant, facts.seller.vendor_id)
        if key not in latest or latest[key].seller.version < facts.seller.version:
            latest[key] = facts
    return [
        {
            "tenant_id": facts.tenant,
            "vendor_id": facts.seller.vendor_id,
            "version": facts.seller.version,
            "home_region": facts.seller.region,
            "owner_group_id": facts.seller.owner_group_id,
            "display_name": facts.seller.name,
            "entity_kind": facts.seller.entity_kind,
            "business_class": facts.seller.business_class,
            "district_code": facts.seller.district_code,
        }
        for facts in latest.values()
    ]

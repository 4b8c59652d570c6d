"""OCDS releases: append-only, one per public event, in a feed whose positions have no gaps.

A release is made from the event alone, so that the same event gives the same release whatever came before or after it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from reporting_service.adapters import tables
from reporting_service.adapters.areas import area_names
from reporting_service.facts.order import OrderFacts
from reporting_service.ocds.parties import area_codes
from reporting_service.ocds.release import build_release
from reporting_service.projections import rows
from reporting_service.projections.watermarks import set_positions


async def append_releases(
    connection: AsyncConnection, source: str, seen: Sequence[OrderFacts], positions: Mapping[str, int]
) -> None:
    """Append a release for each public version that has none yet, oldest event first."""
    public = {(facts.tenant, facts.order_id, facts.version): facts for facts in seen if facts.is_public}
    if not public:
        return
    present = await _present(connection, public)
    fresh = sorted(
        (facts for key, facts in public.items() if key not in present),
        key=lambda facts: (facts.tenant, facts.occurred_at, facts.order_id, facts.version),
    )
    names = await area_names(connection, (code for facts in fresh for code in area_codes(facts)))
    last = dict(positions)
    records: list[Mapping[str, Any]] = []
    for facts in fresh:
        last[facts.tenant] += 1
        records.append(
            {
                "tenant_id": facts.tenant,
                "order_id": facts.order_id,
                "version": facts.version,
                "position": last[facts.tenant],
                "released_at": facts.occurred_at,
                "release": orjson.Fragment(orjson.dumps(build_release(facts, names))),
            }
        )
    await rows.insert_new(connection, tables.ocds_releases, records)
    await set_positions(connection, source, {tenant: last[tenant] for tenant in {facts.tenant for facts in fresh}})


async def _present(
    connection: AsyncConnection, public: Mapping[tuple[str, str, int], OrderFacts]
) -> set[tuple[str, str, int]]:
    keys = [(tenant, order, version) for tenant, order, version in public]
    found = await rows.stored(connection, tables.ocds_releases, (), keys)
    return {(str(tenant), str(order), int(version)) for tenant, order, version in found}

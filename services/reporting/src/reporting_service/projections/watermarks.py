"""How fresh each source's part of the reports is, and the lock that keeps one tenant's projections in single file.

The row of (tenant, source) is updated first in every batch and so held until the commit: two workers that pull the same
durable take turns per tenant, in the order of tenant codes. That makes `(new - old)` exact and positions of the public
feed gap-free, without a sequence that hands out numbers before the commit.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import orjson
from bela_kit.events import ReceivedEvent
from bela_kit.statements import Statement
from sqlalchemy.ext.asyncio import AsyncConnection

_ADVANCE = Statement(
    """
    INSERT INTO watermarks (tenant_id, source, as_of, last_position)
    SELECT tenant_id, :source, as_of, 0
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS given (tenant_id text, as_of timestamptz)
    ORDER BY tenant_id
    ON CONFLICT (tenant_id, source) DO UPDATE SET as_of = greatest(watermarks.as_of, excluded.as_of)
    RETURNING tenant_id, last_position
    """
)
_SET_POSITIONS = Statement(
    """
    UPDATE watermarks SET last_position = given.last_position
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS given (tenant_id text, last_position bigint)
    WHERE watermarks.tenant_id = given.tenant_id AND watermarks.source = :source
    """
)


async def advance(connection: AsyncConnection, source: str, events: Sequence[ReceivedEvent]) -> dict[str, int]:
    """Take the tenants of a batch, note how far it reaches, and return each tenant's last feed position."""
    reached: dict[str, datetime] = {}
    for event in events:
        reached[event.tenant] = max(event.occurred_at, reached.get(event.tenant, event.occurred_at))
    rows = [{"tenant_id": tenant, "as_of": as_of} for tenant, as_of in sorted(reached.items())]
    found = await _ADVANCE.fetch(connection, {"source": source, "rows": orjson.dumps(rows).decode()})
    return {row["tenant_id"]: row["last_position"] for row in found}


async def set_positions(connection: AsyncConnection, source: str, positions: Mapping[str, int]) -> None:
    """Note the last feed position handed out per tenant."""
    rows = _rows(positions.items())
    await _SET_POSITIONS.fetch(connection, {"source": source, "rows": rows})


def _rows(items: Iterable[tuple[str, int]]) -> str:
    return orjson.dumps([{"tenant_id": tenant, "last_position": last} for tenant, last in items]).decode()

"""Which events a consumer has already had: the guarantee behind "everything runs twice, nothing happens twice".

Duplicate windows of the broker are a convenience; this table, written in the transaction of the effect, is the promise.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bela_kit.statements import Statement

KEEP = timedelta(days=120)

# Sorted, so that two transactions that claim overlapping batches wait for each other and never deadlock.
_CLAIM = Statement(
    """
    INSERT INTO inbox_claims (consumer, event_id)
    SELECT :consumer, e FROM unnest(CAST(:event_ids AS uuid[])) AS e ORDER BY e
    ON CONFLICT DO NOTHING
    RETURNING event_id
    """
)


async def claim(connection: AsyncConnection, consumer: str, event_ids: Sequence[UUID]) -> set[UUID]:
    """Claim events for a consumer and return those that are new to it; the claim stands if the transaction commits."""
    if not event_ids:
        return set()
    rows = await _CLAIM.fetch(connection, {"consumer": consumer, "event_ids": list(dict.fromkeys(event_ids))})
    return {row["event_id"] for row in rows}


async def forget_old(connection: AsyncConnection, now: datetime) -> int:
    """Delete claims that are older than any event a stream still holds; needs the worker role."""
    result = await connection.execute(
        sa.text("DELETE FROM inbox_claims WHERE claimed_at < :before"), {"before": now - KEEP}
    )
    return int(result.rowcount)

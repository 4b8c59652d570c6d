"""Where facts wait for the relay: rows written in the transaction that made them true.

Nobody publishes from a request. Flush the aggregate first, so that its row lock is held when its events get their
positions: only then does the sequence of positions within an aggregate follow that of commits.
"""

from collections.abc import Callable, Sequence

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from bela_kit.core.events import OutgoingEvent
from bela_kit.db import after_commit, copy_rows, in_transaction, transaction_tenant
from bela_kit.events import current_traceparent, subject, to_headers
from bela_kit.plumbing import KitTables
from bela_kit.statements import Statement

_COPY_ABOVE = 200
_COLUMNS = (
    "event_id",
    "tenant_id",
    "aggregate_type",
    "aggregate_id",
    "aggregate_version",
    "subject",
    "headers",
    "payload",
)
# One statement and one round trip for any number of rows, prepared once.
_APPEND = Statement(
    """
    INSERT INTO outbox_messages
        (event_id, tenant_id, aggregate_type, aggregate_id, aggregate_version, subject, headers, payload)
    SELECT e, t, ty, a, v, s, h::jsonb, p
    FROM unnest(
        CAST(:event_id AS uuid[]), CAST(:tenant_id AS text[]), CAST(:aggregate_type AS text[]),
        CAST(:aggregate_id AS text[]), CAST(:aggregate_version AS bigint[]), CAST(:subject AS text[]),
        CAST(:headers AS text[]), CAST(:payload AS bytea[])
    ) WITH ORDINALITY AS rows (e, t, ty, a, v, s, h, p, place)
    ORDER BY place
    """
)


class Outbox:
    """Appends events for the relay of one service.

    Args:
        tables: The service's plumbing tables.
        source: Short name of the service, the second token of its subjects.
        wake: Called after each commit that appended something; wakes the relay of this process, or signals another.
    """

    def __init__(self, tables: KitTables, source: str, wake: Callable[[], None]) -> None:
        self._table = tables.outbox_messages
        self._source = source
        self._wake = wake

    async def append(self, connection: AsyncConnection, events: Sequence[OutgoingEvent]) -> None:
        """Store events in the open transaction, in the given sequence; the current span goes with them.

        Raises:
            RuntimeError: No transaction of the kit is open: an event without the effect it tells of would be a lie.
        """
        if not events:
            return
        if not in_transaction():
            raise RuntimeError("events are appended inside the transaction that makes them true")
        traceparent = current_traceparent()
        rows = [self._row(event, traceparent) for event in events]
        if len(rows) > _COPY_ABOVE:
            await copy_rows(connection, self._table, _COLUMNS, rows)
        else:
            values = zip(*rows, strict=True)
            await _APPEND.fetch(connection, {n: list(v) for n, v in zip(_COLUMNS, values, strict=True)})
        after_commit(self._wake)

    def _row(self, event: OutgoingEvent, traceparent: str | None) -> tuple[object, ...]:
        return (
            event.event_id,
            # The row belongs to the tenant that wrote it, also where the event is told in another tenant's subject.
            transaction_tenant() or event.tenant,
            event.aggregate_type,
            event.aggregate_id,
            event.aggregate_version,
            subject(self._source, event.tenant, event.event_name),
            orjson.dumps(to_headers(event, self._source, traceparent)).decode(),
            event.payload,
        )

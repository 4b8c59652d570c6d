"""Events that could not be handled: kept whole, listed, and handled again by command once the cause is gone."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
import sqlalchemy as sa

from bela_kit.core.clock import system_now
from bela_kit.core.tenancy import SystemScope
from bela_kit.db import Database
from bela_kit.events import ReceivedEvent, from_message

log = logging.getLogger(__name__)

Handler = Callable[[ReceivedEvent], Awaitable[None]]

_RECORD = sa.text(
    """
    INSERT INTO dead_letters
        (tenant_id, consumer, stream, stream_sequence, event_id, subject, headers, payload, reason, error)
    VALUES (:tenant, :consumer, :stream, :stream_sequence, :event_id, :subject, CAST(:headers AS jsonb), :payload,
            :reason, :error)
    ON CONFLICT (consumer, stream, stream_sequence) DO UPDATE
        SET reason = excluded.reason, error = excluded.error, created_at = now(), replayed_at = NULL,
            tenant_id = excluded.tenant_id, event_id = excluded.event_id, subject = excluded.subject,
            headers = excluded.headers, payload = excluded.payload
    """
)
_LIST = sa.text(
    """
    SELECT dead_letter_id, tenant_id, consumer, stream, stream_sequence, event_id, subject, reason, error, created_at,
           replayed_at
    FROM dead_letters
    WHERE (:all OR replayed_at IS NULL) AND (CAST(:consumer AS text) IS NULL OR consumer = :consumer)
    ORDER BY dead_letter_id
    LIMIT :limit
    """
)
_TAKE = sa.text(
    """
    SELECT dead_letter_id, consumer, stream_sequence, subject, headers, payload
    FROM dead_letters WHERE dead_letter_id = ANY (CAST(:ids AS bigint[])) ORDER BY dead_letter_id
    """
)
_REPLAYED = sa.text("UPDATE dead_letters SET replayed_at = :now WHERE dead_letter_id = :id")


@dataclass(frozen=True, slots=True)
class NewDeadLetter:
    """A message on its way into the table; `event` is None if it could not even be read."""

    consumer: str
    stream: str
    stream_sequence: int
    subject: str
    headers: Mapping[str, str]
    payload: bytes
    event: ReceivedEvent | None
    reason: str
    error: str


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message in the table, without its payload."""

    dead_letter_id: int
    tenant_id: str
    consumer: str
    stream: str
    stream_sequence: int
    event_id: UUID | None
    subject: str
    reason: str
    error: str
    created_at: datetime
    replayed_at: datetime | None


async def record(database: Database, letter: NewDeadLetter) -> None:
    """Keep a message that its consumer gives up on; recording it twice keeps one row."""
    values = {
        "tenant": letter.event.tenant if letter.event else "",
        "consumer": letter.consumer,
        "stream": letter.stream,
        "stream_sequence": letter.stream_sequence,
        "event_id": letter.event.event_id if letter.event else None,
        "subject": letter.subject,
        "headers": orjson.dumps(dict(letter.headers)).decode(),
        "payload": letter.payload,
        "reason": letter.reason,
        "error": letter.error,
    }
    async with database.system_transaction(SystemScope("record a dead letter")) as connection:
        await connection.execute(_RECORD, values)


async def list_dead_letters(
    database: Database, *, consumer: str | None = None, include_replayed: bool = False, limit: int = 1000
) -> list[DeadLetter]:
    """Return dead letters, oldest first."""
    async with database.system_transaction(SystemScope("list dead letters")) as connection:
        rows = await connection.execute(_LIST, {"all": include_replayed, "consumer": consumer, "limit": limit})
        return [DeadLetter(**row._mapping) for row in rows]


async def replay(database: Database, ids: Sequence[int], handlers: Mapping[str, Handler]) -> dict[int, str]:
    """Hand dead letters to their consumers' `handle` again.

    Args:
        database: The service's database.
        ids: Which letters.
        handlers: `handle` of each consumer, by its durable.

    Returns:
        For each letter found, an empty text if it was handled, or why it failed again.
    """
    async with database.system_transaction(SystemScope("read dead letters")) as connection:
        rows = (await connection.execute(_TAKE, {"ids": list(ids)})).all()
    outcome: dict[int, str] = {}
    for row in rows:
        try:
            event = from_message(row.subject, row.headers, bytes(row.payload), row.stream_sequence)
            await handlers[row.consumer](event)
        except Exception as error:
            log.warning("dead letter %s failed again: %s", row.dead_letter_id, error)
            outcome[row.dead_letter_id] = f"{type(error).__name__}: {error}"
            continue
        async with database.system_transaction(SystemScope("mark a dead letter replayed")) as connection:
            await connection.execute(_REPLAYED, {"now": system_now(), "id": row.dead_letter_id})
        outcome[row.dead_letter_id] = ""
    return outcome

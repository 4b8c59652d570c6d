"""The same request twice has one effect and two equal answers.

The row is written in the transaction of the effect: what failed may be tried again under the same key. It holds the
answer and nothing else about a person.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bela_kit.core.errors import Kind, ServiceError
from bela_kit.core.tenancy import TenantId
from bela_kit.statements import Statement

KEEP = timedelta(hours=72)

# A second transaction with the same key waits here until the first has ended.
_BEGIN = Statement(
    """
    INSERT INTO idempotency_keys (tenant_id, principal, operation, key, fingerprint, created_at)
    VALUES (:tenant, :principal, :operation, :key, :fingerprint, :now)
    ON CONFLICT DO NOTHING
    RETURNING true
    """
)
_WHERE = "tenant_id = :tenant AND principal = :principal AND operation = :operation AND key = :key"
_FIND = Statement(f"SELECT fingerprint, status, body, etag FROM idempotency_keys WHERE {_WHERE}")  # noqa: S608
_COMPLETE = Statement(f"UPDATE idempotency_keys SET status = :status, body = :body, etag = :etag WHERE {_WHERE}")  # noqa: S608


class IdempotencyKeyReused(ServiceError):
    """The key belongs to another request of the same caller."""

    kind = Kind.CONFLICT
    reason = "IDEMPOTENCY_KEY_REUSED"

    def __init__(self) -> None:
        super().__init__("Kunci idempotensi ini sudah dipakai untuk permintaan yang isinya berbeda.")


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """Which request this is: the caller's key within tenant, principal and operation, and what was asked."""

    tenant: TenantId
    principal: str
    operation: str
    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """The answer that was given the first time."""

    status: int
    body: bytes
    etag: str | None


async def begin(connection: AsyncConnection, key: IdempotencyKey, now: datetime) -> StoredResponse | None:
    """Take a key for the open transaction, or return the answer stored under it.

    A request under the same key that is still under way is waited for.

    Args:
        connection: In a transaction of the key's tenant.
        key: Which request it is.
        now: Real time (`system_now()`), from which the row's 72 hours count.

    Raises:
        IdempotencyKeyReused: The key was used with another fingerprint.
    """
    place = {"tenant": key.tenant, "principal": key.principal, "operation": key.operation, "key": key.key}
    if await _BEGIN.fetch(connection, {**place, "fingerprint": key.fingerprint, "now": now}):
        return None
    (row,) = await _FIND.fetch(connection, place)
    if row["fingerprint"] != key.fingerprint:
        raise IdempotencyKeyReused
    if row["status"] is None:
        raise RuntimeError(f"{key.operation} committed without an answer under its key")
    return StoredResponse(row["status"], bytes(row["body"]), row["etag"])


async def complete(connection: AsyncConnection, key: IdempotencyKey, response: StoredResponse) -> None:
    """Store the answer under the key that `begin` took, in the same transaction."""
    values = {"tenant": key.tenant, "principal": key.principal, "operation": key.operation, "key": key.key}
    values |= {"status": response.status, "body": response.body, "etag": response.etag}  # type: ignore[dict-item]
    await _COMPLETE.fetch(connection, values)


async def forget_old(connection: AsyncConnection, now: datetime) -> int:
    """Delete keys older than 72 hours, across tenants; needs the worker role."""
    result = await connection.execute(
        sa.text("DELETE FROM idempotency_keys WHERE created_at < :before"), {"before": now - KEEP}
    )
    return int(result.rowcount)

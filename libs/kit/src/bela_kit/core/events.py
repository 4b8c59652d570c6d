"""A fact on its way out: what the outbox stores and the relay publishes. Payloads are already encoded here."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bela_kit.core.tenancy import TenantId


@dataclass(frozen=True, slots=True)
class OutgoingEvent:
    """One encoded event of one aggregate.

    Attributes:
        event_id: Names the event for ever; consumers recognise a repetition by it.
        aggregate_version: Version of the aggregate after the event; a projection keeps the highest.
        event_name: Token of the subject, snake case.
        type: Full name of the message in `payload`.
        occurred_at: When it happened on the tenant's clock.
    """

    event_id: UUID
    tenant: TenantId
    aggregate_type: str
    aggregate_id: str
    aggregate_version: int
    event_name: str
    type: str
    payload: bytes
    occurred_at: datetime

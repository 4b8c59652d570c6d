"""Events of an imagined service, as text payloads."""

from datetime import UTC, datetime

from bela_kit.core.events import OutgoingEvent
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId

A, B = TenantId("3510"), TenantId("1311")


def event(thing: str = "t1", version: int = 1, tenant: TenantId = A, payload: bytes = b"x") -> OutgoingEvent:
    return OutgoingEvent(
        event_id=new_id(),
        tenant=tenant,
        aggregate_type="thing",
        aggregate_id=thing,
        aggregate_version=version,
        event_name="thing_changed",
        type="sample.ThingChanged",
        payload=payload,
        occurred_at=datetime(2027, 3, 1, 8, tzinfo=UTC),
    )

"""Domain events as they go on the wire. No identifier of a person is in reach of these messages."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from bela.common.v1.actor_pb2 import Actor as ActorMessage
from bela.common.v1.authority_pb2 import Grant as GrantMessage
from bela.common.v1.authority_pb2 import GrantChanged
from bela.vendor.events.v1 import vendor_events_pb2 as events
from bela_kit.core.actor import Actor
from bela_kit.core.events import OutgoingEvent
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId
from google.protobuf.timestamp_pb2 import Timestamp

from vendor_service.domain.events import GuestGrant, Membership, Transition, VendorEvent
from vendor_service.domain.fields import values_of
from vendor_service.domain.vendor import Vendor
from vendor_service.vendor_message import day_message, vendor_message

_EVENTS: dict[VendorEvent, Any] = {
    VendorEvent.COLLECTED: events.VendorCollected,
    VendorEvent.TRAINED: events.VendorTrained,
    VendorEvent.ACCOUNT_OPENED: events.VendorAccountOpened,
    VendorEvent.VERIFIED: events.VendorVerified,
    VendorEvent.PUBLISHED: events.VendorPublished,
    VendorEvent.FIRST_SALE_MADE: events.VendorFirstSaleMade,
    VendorEvent.STANDING_CHANGED: events.VendorStandingChanged,
    VendorEvent.PROFILE_CHANGED: events.VendorProfileChanged,
}


def vendor_event(vendor: Vendor, transition: Transition) -> OutgoingEvent:
    """Return one recorded transition with the state the business now has."""
    message = _EVENTS[transition.event](
        vendor=vendor_message(vendor, transition.version), transition=_transition(transition)
    )
    return _outgoing(
        vendor.tenant,
        str(vendor.vendor_id),
        transition.version,
        transition.event.value,
        message,
        transition.occurred_at,
        new_id(),
    )


def replayed_event(vendor: Vendor, now: datetime) -> OutgoingEvent:
    """Return the present state as an event of its own; a consumer that has this version already keeps what it has."""
    return vendor_event(vendor, replay_transition(vendor, now))


def replay_transition(vendor: Vendor, now: datetime) -> Transition:
    """Return why a state is published that has not changed."""
    return Transition(VendorEvent.PROFILE_CHANGED, vendor.version, Actor("svc:vendor", "system"), now, "REPLAY")


def guest_event(vendor: Vendor, grant: GuestGrant, copy_version: int, transition: Transition) -> OutgoingEvent:
    """Return the copy of a business for the region that it sells in as a guest, in that region's own subject."""
    message = events.GuestVendorChanged(
        vendor=vendor_message(vendor),
        transition=_transition(transition),
        guest_grant_id=grant.guest_grant_id,
        host_region=grant.host_region,
        category_codes=grant.category_codes,
        valid_from=day_message(grant.valid_from),
        valid_to=day_message(grant.valid_to),
        revoked=grant.revoked,
        version=copy_version,
    )
    host = TenantId(grant.host_region)
    return _outgoing(
        host,
        grant.guest_grant_id,
        copy_version,
        "guest_vendor_changed",
        message,
        transition.occurred_at,
        new_id(),
        aggregate_type="guest_vendor",
    )


def membership_event(tenant: TenantId, vendor_id: UUID, member: Membership, now: datetime) -> OutgoingEvent:
    """Return who acts for a business, as the grant that every service keeps a copy of."""
    grant = GrantMessage(
        grant_id=member.grant_id,
        tenant=tenant,
        principal=member.principal,
        role=member.role,
        scope_id=str(vendor_id),
        valid_from=day_message(member.valid_from),
        valid_to=day_message(member.valid_to),
        revoked=member.revoked,
        version=member.version,
    )
    message = GrantChanged(grant=grant, occurred_at=_stamp(now))
    return _outgoing(
        tenant, member.grant_id, member.version, "grant_changed", message, now, new_id(), aggregate_type="grant"
    )


def _outgoing(
    tenant: TenantId,
    aggregate_id: str,
    version: int,
    name: str,
    message: Any,
    occurred_at: datetime,
    event_id: UUID,
    aggregate_type: str = "vendor",
) -> OutgoingEvent:
    return OutgoingEvent(
        event_id=event_id,
        tenant=tenant,
        aggregate_type=aggregate_type,
        aggregate_id=aggregate_id,
        aggregate_version=version,
        event_name=name,
        type=message.DESCRIPTOR.full_name,
        payload=message.SerializeToString(deterministic=True),
        occurred_at=occurred_at,
    )


def _transition(transition: Transition) -> events.Transition:
    return _transition_message(transition.actor, transition.occurred_at, transition.reason)


@lru_cache(maxsize=64)
def _transition_message(actor: Actor, occurred_at: datetime, reason: str) -> events.Transition:
    # Thousands of rows of an import share one; where a message is set in another it is copied.
    known = {name: value for name, value in values_of(actor).items() if value is not None}
    return events.Transition(actor=ActorMessage(**known), occurred_at=_stamp(occurred_at), reason=reason)


def _stamp(value: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(value.astimezone(UTC).replace(tzinfo=None))
    return stamp

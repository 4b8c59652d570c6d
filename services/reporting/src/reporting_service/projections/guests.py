"""Guests: businesses of another region that may sell here (domain.md 3.3); equity counts them apart."""

from collections.abc import Mapping
from typing import Any

from bela.vendor.events.v1 import vendor_events_pb2
from bela.vendor.v1 import vendor_pb2
from bela_kit.events import ReceivedEvent

from reporting_service.facts import wire

GUEST_EVENT = "guest_vendor_changed"


def guest_row(event: ReceivedEvent) -> Mapping[str, Any]:
    """Return the row of one guest grant in the region that is sold in."""
    message = wire.decode(event)
    assert isinstance(message, vendor_events_pb2.GuestVendorChanged)
    vendor = message.vendor
    return {
        "tenant_id": wire.owned(event, message.host_region),
        "guest_grant_id": message.guest_grant_id,
        "version": message.version,
        "vendor_id": vendor.vendor_id,
        "owner_group_id": vendor.owner_group_id or vendor.vendor_id,
        "home_region": vendor.region,
        "district_code": vendor.district_code,
        "standing": wire.code(vendor_pb2.Standing, vendor.standing, "STANDING_"),
        "verified_on": wire.optional_day(vendor.milestones, "verified_on"),
        "published_on": wire.optional_day(vendor.milestones, "published_on"),
        "valid_from": wire.optional_day(message, "valid_from"),
        "valid_to": wire.optional_day(message, "valid_to"),
        "revoked": message.revoked,
    }

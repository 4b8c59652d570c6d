"""Events of other services, read as what the catalog understands of them."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Protocol

from bela.order.events.v1 import order_events_pb2 as orders
from bela.order.events.v1 import order_pb2
from bela.vendor.events.v1 import vendor_events_pb2 as vendors
from bela.vendor.v1 import vendor_pb2
from bela_kit.core.tenancy import TenantId, parse_tenant
from bela_kit.events import BadEnvelope, ReceivedEvent
from google.type.date_pb2 import Date  # type: ignore[import-untyped]

from catalog_service.domain.capacity import HoldLine, OrderReport
from catalog_service.domain.vendor import GuestGrant, Vendor


class _VendorEvent(Protocol):
    @property
    def vendor(self) -> vendor_pb2.Vendor: ...


class _OrderEvent(Protocol):
    @property
    def order(self) -> order_pb2.Order: ...


_VENDOR_EVENTS: Mapping[str, Callable[[bytes], _VendorEvent]] = {
    "vendor_collected": vendors.VendorCollected.FromString,
    "vendor_trained": vendors.VendorTrained.FromString,
    "vendor_account_opened": vendors.VendorAccountOpened.FromString,
    "vendor_verified": vendors.VendorVerified.FromString,
    "vendor_published": vendors.VendorPublished.FromString,
    "vendor_first_sale_made": vendors.VendorFirstSaleMade.FromString,
    "vendor_standing_changed": vendors.VendorStandingChanged.FromString,
    "vendor_profile_changed": vendors.VendorProfileChanged.FromString,
}
_ORDER_EVENTS: Mapping[str, Callable[[bytes], _OrderEvent]] = {
    "order_submitted": orders.OrderSubmitted.FromString,
    "order_returned": orders.OrderReturned.FromString,
    "order_signed": orders.OrderSigned.FromString,
    "order_confirmed": orders.OrderConfirmed.FromString,
    "order_refused": orders.OrderRefused.FromString,
    "order_lapsed": orders.OrderLapsed.FromString,
    "order_reissued": orders.OrderReissued.FromString,
    "order_expired": orders.OrderExpired.FromString,
    "order_cancelled": orders.OrderCancelled.FromString,
    "order_stopped": orders.OrderStopped.FromString,
    "order_started": orders.OrderStarted.FromString,
    "order_delivered": orders.OrderDelivered.FromString,
    "order_inspected": orders.OrderInspected.FromString,
    "order_handed_over": orders.OrderHandedOver.FromString,
    "order_invoiced": orders.OrderInvoiced.FromString,
    "order_paid": orders.OrderPaid.FromString,
    "order_closed": orders.OrderClosed.FromString,
}
# From the seller's yes on, capacity is firm (domain.md 7.2).
_FIRM = frozenset(
    {
        order_pb2.ORDER_STATE_CONFIRMED,
        order_pb2.ORDER_STATE_IN_PROGRESS,
        order_pb2.ORDER_STATE_PARTLY_DELIVERED,
        order_pb2.ORDER_STATE_DELIVERED,
        order_pb2.ORDER_STATE_INSPECTED,
        order_pb2.ORDER_STATE_HANDED_OVER,
        order_pb2.ORDER_STATE_INVOICED,
        order_pb2.ORDER_STATE_PAID,
        order_pb2.ORDER_STATE_CLOSED,
    }
)


def vendor_of(event: ReceivedEvent) -> Vendor | None:
    """Return the business an event tells of; None for events that are not about one.

    Raises:
        BadEnvelope: The payload speaks of another region than the subject.
    """
    read = _VENDOR_EVENTS.get(event.name)
    if read is None:
        return None
    vendor = _vendor(read(event.payload).vendor, event.tenant)
    if vendor.home != event.tenant:
        raise BadEnvelope(f"business of region {vendor.home} on a subject of region {event.tenant}")
    return vendor


def guest_of(event: ReceivedEvent) -> tuple[Vendor, GuestGrant] | None:
    """Return a guest's copy and its grant; None for other events. The event's region is the host."""
    if event.name != "guest_vendor_changed":
        return None
    message = vendors.GuestVendorChanged.FromString(event.payload)
    if message.host_region != event.tenant:
        raise BadEnvelope(f"host {message.host_region} on a subject of region {event.tenant}")
    vendor = _vendor(message.vendor, event.tenant)
    grant = GuestGrant(
        host=event.tenant,
        home=vendor.home,
        guest_grant_id=message.guest_grant_id,
        vendor_id=vendor.vendor_id,
        category_codes=tuple(message.category_codes),
        valid_from=_day(message.valid_from),
        valid_to=_day(message.valid_to) if message.HasField("valid_to") else None,
        revoked=message.revoked,
        version=message.version,
    )
    return vendor, grant


def order_report_of(event: ReceivedEvent) -> OrderReport | None:
    """Return what an event says of an order's capacity; None for events that are not about one."""
    read = _ORDER_EVENTS.get(event.name)
    if read is None:
        return None
    order = read(event.payload).order
    if order.region != event.tenant:
        raise BadEnvelope(f"order of region {order.region} on a subject of region {event.tenant}")
    return OrderReport(
        order_id=order.order_id,
        home=parse_tenant(order.vendor.region or order.region),
        version=order.version,
        occurred_at=event.occurred_at,
        holds_capacity=order.holds_capacity,
        signed=order.HasField("signed_on"),
        firm=order.state in _FIRM,
        deadline_at=_instant(order) if order.HasField("deadline_at") else None,
        lines=tuple(HoldLine(line.product_id, line.quantity) for line in order.lines),
    )


def _vendor(message: vendor_pb2.Vendor, tenant: TenantId) -> Vendor:
    standing = vendor_pb2.Standing.Name(message.standing).removeprefix("STANDING_").lower()
    return Vendor(
        tenant=tenant,
        vendor_id=message.vendor_id,
        home=parse_tenant(message.region),
        version=message.version,
        display_name=message.display_name,
        owner_group_id=message.owner_group_id,
        district_code=message.district_code,
        village_code=message.village_code,
        standing=standing,
        verified=message.milestones.HasField("verified_on"),
        pkp=message.tax_profile.pkp,
    )


def _day(message: Date) -> date:
    return date(message.year, message.month, message.day)


def _instant(order: order_pb2.Order) -> datetime:
    return order.deadline_at.ToDatetime(tzinfo=UTC)

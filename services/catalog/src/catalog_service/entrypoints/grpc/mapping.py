"""Requests and answers of other services, between proto and the use cases."""

import re
from datetime import UTC, date, datetime
from uuid import UUID

from bela.catalog.v1 import catalog_service_pb2 as pb
from bela_kit.core.clock import Clock
from bela_kit.core.errors import ServiceError
from bela_kit.core.tenancy import TenantId, parse_tenant
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date  # type: ignore[import-untyped]

from catalog_service.application.find_offers import FindOffers, Offers
from catalog_service.application.release import Release
from catalog_service.application.reserve import Reservation, Reserve, ReserveLine, end_of_day
from catalog_service.domain.errors import FieldInvalid, ProductUnknown, RegionUnknown
from catalog_service.product_message import listing_message, product_message, rupiah

_PARENT = re.compile(r"regions/([0-9]{2}|[0-9]{4})")


def region_of(parent: str, clock: Clock) -> TenantId:
    """Return the region a resource name starts with; REGION_UNKNOWN if nobody keeps time for it."""
    match = _PARENT.fullmatch(parent)
    if match is None:
        raise RegionUnknown
    try:
        tenant = parse_tenant(match[1])
        clock.settings(tenant)
    except ServiceError:
        raise RegionUnknown from None
    return tenant


def find_offers_of(request: pb.FindOffersRequest, clock: Clock) -> FindOffers:
    """Return the query in a request."""
    buyer = region_of(request.parent, clock)
    needed_at = _instant(request.needed_at) if request.HasField("needed_at") else None
    day = _day(request.needed_on) if request.HasField("needed_on") else None
    return FindOffers(buyer, request.profile_code, _needed_on(day, needed_at, buyer, clock), request.district_code)


def offers_message(found: Offers) -> pb.FindOffersResponse:
    """Return the answer of FindOffers."""
    return pb.FindOffersResponse(
        offers=[
            pb.Offer(
                product=listing_message(one.listing),
                free_capacity=one.free_capacity,
                delivers_there=one.delivers_there,
                certificates_valid=one.certificates_valid,
                guest=one.guest,
            )
            for one in found.offers
        ],
        category_sellers=[
            pb.CategorySeller(
                vendor_id=one.vendor_id,
                owner_group_id=one.owner_group_id,
                district_code=one.district_code,
                capacity_per_day=one.capacity_per_day,
            )
            for one in found.sellers
        ],
        category_code=found.category.code,
        unit=found.profile.unit,
    )


def reserve_of(request: pb.ReserveRequest, clock: Clock) -> Reserve:
    """Return the command in a request."""
    buyer = region_of(request.parent, clock)
    if not request.HasField("now") or not request.HasField("hold_until"):
        raise FieldInvalid("now", "REQUIRED", "now dan hold_until wajib diisi.")
    given = _instant(request.needed_at) if request.HasField("needed_at") else None
    day = _day(request.needed_on) if request.HasField("needed_on") else None
    needed_on = _needed_on(day, given, buyer, clock)
    return Reserve(
        buyer=buyer,
        order_id=_uuid("order_id", request.order_id),
        unit_id=request.unit_id,
        lines=tuple(
            ReserveLine(line.line_number, _product_id(line.product_id), line.quantity) for line in request.lines
        ),
        needed_on=needed_on,
        needed_at=given or end_of_day(needed_on, buyer, clock),
        district_code=request.district_code,
        hold_until=_instant(request.hold_until),
        now=_instant(request.now),
    )


def release_of(request: pb.ReleaseRequest, clock: Clock) -> Release:
    """Return the command in a request."""
    if not request.HasField("now"):
        raise FieldInvalid("now", "REQUIRED", "now wajib diisi.")
    return Release(
        buyer=region_of(request.parent, clock),
        order_id=_uuid("order_id", request.order_id),
        home=region_of(f"regions/{request.vendor_region}", clock),
        reserved_at=_instant(request.now),
    )


def reservation_message(made: Reservation) -> pb.ReserveResponse:
    """Return the answer of Reserve."""
    message = pb.ReserveResponse(
        vendor_id=made.vendor_id,
        vendor_region=made.home,
        taken=made.taken,
        lines=[
            pb.QuotedLine(
                line_number=line.line_number,
                product=product_message(line.product),
                quantity=line.quantity,
                amount=rupiah(line.amount_idr),
            )
            for line in made.lines
        ],
    )
    message.held_until.FromDatetime(made.held_until)
    return message


def _needed_on(day: date | None, needed_at: datetime | None, buyer: TenantId, clock: Clock) -> date:
    if day is not None:
        return day
    if needed_at is None:
        raise FieldInvalid("needed_on", "REQUIRED", "Tanggal diperlukan.")
    return needed_at.astimezone(clock.zone(buyer)).date()


def _instant(message: Timestamp) -> datetime:
    try:
        return message.ToDatetime(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise FieldInvalid("now", "TIMESTAMP", "Waktu tidak sah.") from None


def _day(message: Date) -> date:
    try:
        return date(message.year, message.month, message.day)
    except ValueError:
        raise FieldInvalid("needed_on", "DATE", "Tanggal tidak sah.") from None


def _uuid(field: str, text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise FieldInvalid(field, "UUID", "Pengenal tidak sah.") from None


def _product_id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise ProductUnknown({"product_id": text[:64]}) from None

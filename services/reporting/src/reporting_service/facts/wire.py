"""From the wire to facts: the one place that reads protobuf messages of other services."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Protocol

from bela.catalog.events.v1 import catalog_events_pb2
from bela.order.events.v1 import order_events_pb2, order_pb2
from bela.vendor.events.v1 import vendor_events_pb2
from bela.vendor.v1 import vendor_pb2
from bela_kit.events import BadEnvelope, ReceivedEvent
from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from reporting_service.facts.order import (
    BudgetUseFacts,
    HandoverFacts,
    LineFacts,
    OrderFacts,
    PaymentFacts,
    SellerFacts,
    StateFacts,
)
from reporting_service.facts.scrubbing import scrub

_MODULES = {
    "bela.order.events.v1.": order_events_pb2,
    "bela.vendor.events.v1.": vendor_events_pb2,
    "bela.catalog.events.v1.": catalog_events_pb2,
}


# Words a program wrote: no spaces, and too few digits for anybody's number.
_CODE = re.compile(r"[A-Za-z][A-Za-z_]{0,39}\d{0,4}")


class Money(Protocol):
    """google.type.Money, whose package ships no types."""

    units: int


class Date(Protocol):
    """google.type.Date."""

    year: int
    month: int
    day: int


class UnreadableEvent(BadEnvelope):
    """The event is of no type known here, or its payload does not fit; it goes to the dead letters."""


def decode(event: ReceivedEvent) -> Message:
    """Return the message an event carries.

    Raises:
        UnreadableEvent: Unknown type, or a payload that cannot be parsed.
    """
    package, _, name = event.type.rpartition(".")
    kind = getattr(_MODULES.get(package + "."), name, None)
    if kind is None:
        raise UnreadableEvent(f"unknown event type {event.type}")
    message: Message = kind()
    try:
        message.ParseFromString(event.payload)
    except Exception as error:
        raise UnreadableEvent(f"{event.type} cannot be parsed") from error
    return message


def owned(event: ReceivedEvent, region: str) -> str:
    """Return the tenant of an event after comparing what its subject says with what its payload says."""
    if region != event.tenant:
        raise UnreadableEvent(f"subject says {event.tenant}, payload says {region}")
    return region


def code(enum: EnumTypeWrapper, number: int, prefix: str) -> str:
    """Return an enum value as a lower-case word, empty for unspecified."""
    value = enum.DESCRIPTOR.values_by_number.get(number)
    word = value.name.removeprefix(prefix).lower() if value else ""
    return "" if word == "unspecified" else word


def rupiah(money: Money) -> int:
    """Return whole rupiah."""
    return money.units


def day(value: Date) -> date:
    """Return a plain date."""
    return date(value.year, value.month, value.day)


def optional_day(message: Message, field: str) -> date | None:
    """Return the date in a field, or None where it is absent."""
    return day(getattr(message, field)) if message.HasField(field) else None


def instant(value: Timestamp) -> datetime:
    """Return an aware instant in UTC."""
    return value.ToDatetime(tzinfo=UTC)


def order_facts(event: ReceivedEvent) -> OrderFacts:
    """Return what an order event says."""
    message = decode(event)
    order: order_pb2.Order = message.order  # type: ignore[attr-defined]
    return OrderFacts(
        tenant=owned(event, order.region),
        order_id=order.order_id,
        version=order.version,
        event=event.name,
        occurred_at=event.occurred_at,
        state=code(order_pb2.OrderState, order.state, "ORDER_STATE_"),
        need_id=order.need_id,
        need_title=scrub(order.need_title),
        unit_id=order.buyer.unit_id,
        unit_name=scrub(order.buyer.unit_name),
        budget_holder_id=order.buyer.budget_holder_id,
        budget_holder_name=scrub(order.buyer.budget_holder_name),
        seller=seller_facts(order.vendor),
        lines=tuple(_line(line) for line in order.lines),
        total_idr=rupiah(order.total),
        uses=tuple(_use(use) for use in order.budget_uses),
        channel=order.channel,
        external_number=scrub(order.external_number),
        rup_code=order.rup_code,
        contract_form=order.contract_form,
        document_number=scrub(order.document_number),
        signed_on=optional_day(order, "signed_on"),
        needed_at=instant(order.needed_at) if order.HasField("needed_at") else None,
        district_code=order.district_code,
        village_code=order.village_code,
        handovers=tuple(_handover(handover) for handover in order.handovers),
        payments=tuple(_payment(payment) for payment in order.payments),
        history=_history(order.history),
        suggestion_rank=order.suggestion_rank,
        override_reason=reason_code(order.override_reason),
        best_unit_price_idr=rupiah(order.best_unit_price) if order.HasField("best_unit_price") else None,
        flags=tuple(sorted({reason_code(flag) for flag in order.flags} - {""})),
        payer_kind=order.payer_kind,
    )


def reason_code(text: str) -> str:
    """Return a reason as its code; words that a person typed behind `other` are not public."""
    word = text.partition(":")[0].strip()
    if not word:
        return ""
    return word if _CODE.fullmatch(word) else "other"


def seller_facts(vendor: vendor_pb2.Vendor) -> SellerFacts:
    """Return the public part of a business."""
    return SellerFacts(
        vendor_id=vendor.vendor_id,
        version=vendor.version,
        region=vendor.region,
        owner_group_id=vendor.owner_group_id or vendor.vendor_id,
        name=scrub(vendor.display_name),
        entity_kind=code(vendor_pb2.EntityKind, vendor.entity_kind, "ENTITY_KIND_"),
        business_class=code(vendor_pb2.BusinessClass, vendor.business_class, "BUSINESS_CLASS_"),
        district_code=vendor.district_code,
        village_code=vendor.village_code,
    )


def _line(line: order_pb2.OrderLine) -> LineFacts:
    return LineFacts(
        number=line.line_number,
        product_id=line.product_id,
        title=scrub(line.title),
        category_code=line.category_code,
        profile_code=line.profile_code,
        quantity=line.quantity,
        unit=line.unit,
        unit_price_idr=rupiah(line.unit_price),
        amount_idr=rupiah(line.amount),
        quantity_accepted=line.quantity_accepted,
    )


def _use(use: order_pb2.BudgetUse) -> BudgetUseFacts:
    return BudgetUseFacts(
        budget_line_id=use.budget_line_id,
        account_code=use.account_code,
        sub_activity_code=use.sub_activity_code,
        fiscal_year=use.fiscal_year,
        reserved_idr=rupiah(use.reserved),
        committed_idr=rupiah(use.committed),
        accepted_idr=rupiah(use.accepted),
        paid_idr=rupiah(use.paid),
    )


def _handover(handover: order_pb2.Handover) -> HandoverFacts:
    return HandoverFacts(
        handover_id=handover.handover_id,
        number=scrub(handover.number),
        on=day(handover.on),
        value_idr=rupiah(handover.value),
        deemed=handover.deemed,
    )


def _payment(payment: order_pb2.Payment) -> PaymentFacts:
    return PaymentFacts(
        payment_id=payment.payment_id,
        on=day(payment.on),
        gross_idr=rupiah(payment.gross),
        handover_id=payment.handover_id,
    )


def _history(changes: Iterable[order_pb2.StateChange]) -> tuple[StateFacts, ...]:
    return tuple(
        StateFacts(code(order_pb2.OrderState, change.state, "ORDER_STATE_"), instant(change.at)) for change in changes
    )

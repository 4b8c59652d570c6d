"""What goes on the wire: every event has a message, carries the whole order, and holds nothing personal."""

import pytest
from bela.order.events.v1 import order_events_pb2, order_pb2
from order_service.adapters.event_mapping import LAST_EVENT, order_event
from order_service.domain import events
from order_service.domain.order.state import OrderState

from .test_codec import ACTOR, NOW, whole_order

EVENTS = [kind for kind in vars(events).values() if isinstance(kind, type) and issubclass(kind, events.OrderEvent)]


@pytest.mark.parametrize("kind", [kind for kind in EVENTS if kind is not events.OrderEvent])
def test_every_event_has_a_message_of_its_name(kind: type[events.OrderEvent]) -> None:
    told = order_event(kind(whole_order(), 9, ACTOR, NOW, NOW.date(), "alasan"))
    message = getattr(order_events_pb2, kind.__name__)()
    message.ParseFromString(told.payload)
    assert told.type == f"bela.order.events.v1.{kind.__name__}"
    assert told.event_name.replace("_", "") == kind.__name__.lower()
    assert (told.aggregate_version, message.order.version, message.transition.reason) == (9, 9, "alasan")


def test_the_message_holds_what_reports_sum() -> None:
    told = order_event(events.OrderPaid(whole_order(), 9, ACTOR, NOW, NOW.date()))
    order = order_events_pb2.OrderPaid.FromString(told.payload).order
    assert order.state == order_pb2.ORDER_STATE_PAID
    assert (order.total.units, order.total.currency_code) == (720_000, "IDR")
    assert [use.paid.units for use in order.budget_uses] == [683_000]
    # A price cut after the BAST lowers what was handed over, as it lowers the ledger.
    assert [handover.value.units for handover in order.handovers] == [683_000]
    assert [tax.amount.units for tax in order.payments[0].taxes] == [37_500]
    assert order.holds_capacity
    assert not order.on_time_and_complete
    assert order.HasField("on_time_and_complete")
    assert order.vendor.tax_profile.umkm_certificate_from.year == 2025


def test_every_state_can_be_told_again() -> None:
    assert set(LAST_EVENT) == set(OrderState)

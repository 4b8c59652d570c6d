"""Order events as messages: every one carries the whole order as it stands after it.

Public facts of the seller go with it, never NIK, phone or bank account of a person; who acted is audit data.
"""

from bela.order.events.v1 import order_events_pb2 as pb
from bela.order.events.v1 import order_pb2
from bela_kit.core.events import OutgoingEvent

from order_service.adapters.fact_mapping import day, outgoing, rupiah, timestamp, transition
from order_service.adapters.seller_mapping import vendor_message
from order_service.domain import events
from order_service.domain.budget import BudgetUse
from order_service.domain.order.delivery import Delivery, VendorSignature
from order_service.domain.order.facts import OrderFacts
from order_service.domain.order.order_line import OrderLine
from order_service.domain.order.state import OrderState

_MESSAGES: dict[type[events.OrderEvent], tuple[str, type]] = {
    events.OrderSubmitted: ("order_submitted", pb.OrderSubmitted),
    events.OrderReturned: ("order_returned", pb.OrderReturned),
    events.OrderSigned: ("order_signed", pb.OrderSigned),
    events.OrderConfirmed: ("order_confirmed", pb.OrderConfirmed),
    events.OrderRefused: ("order_refused", pb.OrderRefused),
    events.OrderLapsed: ("order_lapsed", pb.OrderLapsed),
    events.OrderReissued: ("order_reissued", pb.OrderReissued),
    events.OrderExpired: ("order_expired", pb.OrderExpired),
    events.OrderCancelled: ("order_cancelled", pb.OrderCancelled),
    events.OrderStopped: ("order_stopped", pb.OrderStopped),
    events.OrderStarted: ("order_started", pb.OrderStarted),
    events.OrderDelivered: ("order_delivered", pb.OrderDelivered),
    events.OrderInspected: ("order_inspected", pb.OrderInspected),
    events.OrderHandedOver: ("order_handed_over", pb.OrderHandedOver),
    events.OrderInvoiced: ("order_invoiced", pb.OrderInvoiced),
    events.OrderPaid: ("order_paid", pb.OrderPaid),
    events.OrderClosed: ("order_closed", pb.OrderClosed),
}
# For a replay: the event that a consumer would have seen last for an order in this state.
LAST_EVENT: dict[OrderState, type[events.OrderEvent]] = {
    OrderState.DRAFT: events.OrderReturned,
    OrderState.SUBMITTED: events.OrderSubmitted,
    OrderState.OFFER_PENDING: events.OrderSubmitted,
    OrderState.NEGOTIATING: events.OrderSubmitted,
    OrderState.AGREED: events.OrderSubmitted,
    OrderState.PPK_REVIEW: events.OrderSubmitted,
    OrderState.SP_ISSUED: events.OrderSigned,
    OrderState.CONFIRMED: events.OrderConfirmed,
    OrderState.IN_PROGRESS: events.OrderStarted,
    OrderState.PARTLY_DELIVERED: events.OrderDelivered,
    OrderState.DELIVERED: events.OrderDelivered,
    OrderState.INSPECTED: events.OrderInspected,
    OrderState.HANDED_OVER: events.OrderHandedOver,
    OrderState.INVOICED: events.OrderInvoiced,
    OrderState.PAID: events.OrderPaid,
    OrderState.CLOSED: events.OrderClosed,
    OrderState.LAPSED: events.OrderLapsed,
    OrderState.REFUSED: events.OrderRefused,
    OrderState.EXPIRED: events.OrderExpired,
    OrderState.CANCELLED: events.OrderCancelled,
    OrderState.STOPPED: events.OrderStopped,
    OrderState.TERMINATED: events.OrderStopped,
}


def order_event(event: events.OrderEvent) -> OutgoingEvent:
    """Return an order event with its envelope."""
    facts = event.order
    name, message = _MESSAGES[type(event)]
    payload = message(
        order=order_message(facts, event.version),
        transition=transition(event.actor, event.occurred_at, event.reason),
    )
    return outgoing(facts.tenant, ("order", facts.order_id, event.version), name, payload, event.occurred_at)


def order_message(facts: OrderFacts, version: int) -> order_pb2.Order:
    """Return the whole order."""
    due = facts.deadline_at
    return order_pb2.Order(
        name=f"regions/{facts.tenant}/orders/{facts.order_id}",
        order_id=facts.order_id,
        region=facts.tenant,
        version=version,
        state=f"ORDER_STATE_{facts.state.value.upper()}",
        need_id=facts.need.need_id,
        need_title=facts.need.title,
        buyer=order_pb2.Buyer(
            unit_id=facts.buyer.unit_id,
            unit_name=facts.buyer.unit_name,
            budget_holder_id=facts.buyer.budget_holder_id,
            budget_holder_name=facts.buyer.budget_holder_name,
        ),
        vendor=vendor_message(facts.seller),
        lines=[_line(line) for line in facts.lines],
        total=rupiah(facts.total),
        budget_uses=[_use(use) for use in facts.uses],
        channel=facts.channel,
        external_number=facts.external_number,
        rup_code=facts.rup_code,
        contract_form=facts.contract_form.value if facts.contract_form else "",
        document_number=facts.document_number,
        signed_on=day(facts.signed_on),
        needed_at=timestamp(facts.need.needed_at),
        district_code=facts.need.district_code,
        village_code=facts.need.village_code,
        handovers=[_handover(each) for each in facts.deliveries if _stands(each)],
        payments=[_payment(each) for each in facts.deliveries if each.payment is not None],
        history=[
            order_pb2.StateChange(state=f"ORDER_STATE_{change.state.value.upper()}", at=timestamp(change.at))
            for change in facts.history
        ],
        suggestion_rank=facts.suggestion_rank,
        override_reason=facts.override_reason or facts.choice_reason,
        best_unit_price=None if facts.best_unit_price is None else rupiah(facts.best_unit_price),
        flags=list(facts.flags),
        deadline_at=None if due is None else timestamp(due),
        holds_capacity=facts.holds_capacity,
        payer_kind=facts.need.payer_kind.value,
        on_time_and_complete=facts.on_time_and_complete,
    )


def _line(line: OrderLine) -> order_pb2.OrderLine:
    return order_pb2.OrderLine(
        line_number=line.line_number,
        product_id=line.product_id,
        title=line.title,
        category_code=line.category_code,
        profile_code=line.profile_code,
        supply_type=f"SUPPLY_TYPE_{line.supply_type.value.upper()}",
        quantity=line.quantity,
        unit=line.unit,
        unit_price=rupiah(line.unit_price),
        amount=rupiah(line.amount),
        quantity_accepted=line.quantity_accepted,
    )


def _use(use: BudgetUse) -> order_pb2.BudgetUse:
    return order_pb2.BudgetUse(
        budget_line_id=use.budget_line_id,
        account_code=use.account_code,
        sub_activity_code=use.sub_activity_code,
        fiscal_year=use.fiscal_year,
        reserved=rupiah(use.reserved),
        committed=rupiah(use.committed),
        accepted=rupiah(use.accepted),
        paid=rupiah(use.paid),
    )


def _stands(delivery: Delivery) -> bool:
    """Return whether the BAST counts: signed by both, or by the buyer with the seller silent."""
    return delivery.handover is not None and delivery.handover.vendor_signature is not VendorSignature.PENDING


def _handover(delivery: Delivery) -> order_pb2.Handover:
    handover = delivery.handover
    assert handover is not None
    return order_pb2.Handover(
        handover_id=handover.handover_id,
        number=handover.number,
        on=day(handover.on),
        value=rupiah(handover.due),
        deemed=handover.deemed,
    )


def _payment(delivery: Delivery) -> order_pb2.Payment:
    payment, handover = delivery.payment, delivery.handover
    assert payment is not None
    assert handover is not None
    return order_pb2.Payment(
        payment_id=payment.payment_id,
        on=day(payment.on),
        gross=rupiah(payment.gross),
        received=rupiah(payment.received),
        taxes=[
            order_pb2.TaxLine(
                kind=tax.kind.value,
                base=rupiah(tax.base),
                amount=rupiah(tax.amount),
                collector=tax.collector.value,
                legal_basis=tax.legal_basis,
            )
            for tax in payment.taxes
        ],
        reference=payment.reference,
        handover_id=handover.handover_id,
    )

"""Needs and orders as JSON: the whole for those who take part, the public part for everybody after the signature.

`schemas.need_answers` and `schemas.order_answers` document the same shapes.
The public view (domain.md 8.2) names units, business, goods, sums and dates; no principal, note, tax or budget line.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from order_service.domain.need import Need
from order_service.domain.order.delivery import Delivery, Payment
from order_service.domain.order.facts import HeadcountProposal, OrderFacts


def need_view(need: Need, zone: ZoneInfo) -> dict[str, Any]:
    """Return a need."""
    return {
        "need_id": need.need_id,
        "unit_id": need.unit_id,
        "budget_holder_id": need.budget_holder_id,
        "title": need.title,
        "category_code": need.category_code,
        "profile_code": need.profile_code,
        "quantity": need.quantity,
        "needed_at": _at(need.needed_at, zone),
        "district_code": need.delivery.district_code,
        "village_code": need.delivery.village_code,
        "address": need.delivery.address,
        "activity_name": need.activity.name,
        "activity_place": need.activity.place,
        "sub_activity_code": need.activity.sub_activity_code,
        "meeting_kind": need.meeting_kind.value,
        "participants": need.participants,
        "duration_minutes": need.duration_minutes,
        "budget_line_ids": list(need.budget_line_ids),
        "payer_kind": need.payer_kind.value,
        "budget_unit_price_idr": need.budget_unit_price,
        "hps_idr": need.hps,
        "rup_code": need.rup_code,
        "event_id": need.event_id,
        "created_by": need.created_by.principal,
        "created_at": _at(need.created_at, zone),
        "approved_by": need.approved_by.principal if need.approved_by else None,
        "warnings": [{"code": warning.code.value, "message": warning.message} for warning in need.warnings],
        "version": need.version,
    }


def order_view(facts: OrderFacts, version: int, zone: ZoneInfo) -> dict[str, Any]:
    """Return an order as those see it who take part in it or watch over it."""
    due = facts.deadline_at
    return public_order_view(facts, version, zone) | {
        "created_by": facts.created_by.principal,
        "chosen_by": facts.chosen_by.principal if facts.chosen_by else None,
        "signer": facts.signer.principal if facts.signer else None,
        "budget_uses": [
            {
                "budget_line_id": use.budget_line_id,
                "account_code": use.account_code,
                "sub_activity_code": use.sub_activity_code,
                "fiscal_year": use.fiscal_year,
                "amount_idr": use.amount,
                "reserved_idr": use.reserved,
                "committed_idr": use.committed,
                "accepted_idr": use.accepted,
                "paid_idr": use.paid,
            }
            for use in facts.uses
        ],
        "short_path": facts.short_path,
        "choice_reason": facts.choice_reason,
        "deadline_at": None if due is None else _at(due, zone),
        "held_until": None if facts.held_until is None else _at(facts.held_until, zone),
        "proposed_quantity": None if facts.headcount is None else _proposal(facts.headcount, zone),
        "deliveries": [_delivery(each, zone) for each in facts.deliveries],
        "end_reason": facts.end_reason,
    }


def public_order_view(facts: OrderFacts, version: int, zone: ZoneInfo) -> dict[str, Any]:
    """Return what everybody may read of a signed order."""
    seller = facts.seller
    return {
        "order_id": facts.order_id,
        "version": version,
        "state": facts.state.value,
        "need_id": facts.need.need_id,
        "need_title": facts.need.title,
        "buyer": {
            "unit_id": facts.buyer.unit_id,
            "unit_name": facts.buyer.unit_name,
            "budget_holder_id": facts.buyer.budget_holder_id,
            "budget_holder_name": facts.buyer.budget_holder_name,
        },
        "vendor": {
            "vendor_id": seller.vendor_id,
            "region": seller.region,
            "display_name": seller.display_name,
            "entity_kind": seller.entity_kind.value,
            "business_class": seller.business_class,
            "district_code": seller.district_code,
        },
        "lines": [
            {
                "line_number": line.line_number,
                "product_id": line.product_id,
                "title": line.title,
                "category_code": line.category_code,
                "profile_code": line.profile_code,
                "quantity": line.quantity,
                "unit": line.unit,
                "unit_price_idr": line.unit_price,
                "amount_idr": line.amount,
                "quantity_accepted": line.quantity_accepted,
                "quantity_released": line.quantity_released,
            }
            for line in facts.lines
        ],
        "total_idr": facts.total,
        "channel": facts.channel,
        "external_number": facts.external_number,
        "rup_code": facts.rup_code,
        "contract_form": facts.contract_form.value if facts.contract_form else None,
        "document_number": facts.document_number,
        "signed_on": facts.signed_on.isoformat() if facts.signed_on else None,
        "needed_at": _at(facts.need.needed_at, zone),
        "district_code": facts.need.district_code,
        "village_code": facts.need.village_code,
        "payer_kind": facts.need.payer_kind.value,
        "suggestion_rank": facts.suggestion_rank,
        "best_unit_price_idr": facts.best_unit_price,
        "override_reason": facts.override_reason,
        "flags": list(facts.flags),
        "history": [{"state": change.state.value, "at": _at(change.at, zone)} for change in facts.history],
        "handovers": [
            {"on": each.handover.on.isoformat(), "value_idr": each.handover.due, "deemed": each.handover.deemed}
            for each in facts.deliveries
            if each.handover is not None
        ],
        "payments": [{"on": each.payment.on.isoformat()} for each in facts.deliveries if each.payment is not None],
    }


def _proposal(proposal: HeadcountProposal, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "line_number": proposal.line_number,
        "quantity": proposal.quantity,
        "proposed_at": _at(proposal.proposed_at, zone),
    }


def _delivery(delivery: Delivery, zone: ZoneInfo) -> dict[str, Any]:
    handover, invoice = delivery.handover, delivery.invoice
    return {
        "delivery_id": delivery.delivery_id,
        "sequence": delivery.sequence,
        "arrived_at": _at(delivery.arrived_at, zone),
        "note_number": delivery.note_number,
        "state": delivery.state.value,
        "disputed": delivery.disputed,
        "deadline_at": _at(delivery.deadline.due_at, zone) if delivery.deadline else None,
        "lines": [
            {
                "line_number": line.line_number,
                "quantity": line.quantity,
                "good": line.inspection.good if line.inspection else None,
                "short": line.inspection.short if line.inspection else None,
                "damaged": line.inspection.damaged if line.inspection else None,
                "wrong": line.inspection.wrong if line.inspection else None,
            }
            for line in delivery.lines
        ],
        "handover": None
        if handover is None
        else {
            "handover_id": handover.handover_id,
            "number": handover.number,
            "on": handover.on.isoformat(),
            "value_idr": handover.value,
            "price_cut_idr": handover.price_cut,
            "vendor_signature": handover.vendor_signature.value,
            "notes": handover.notes,
            "deemed": handover.deemed,
        },
        "invoice": None
        if invoice is None
        else {
            "invoice_id": invoice.invoice_id,
            "number": invoice.number,
            "on": invoice.on.isoformat(),
            "amount_idr": invoice.amount,
            "by_system": invoice.by_system,
        },
        "payment": None if delivery.payment is None else _payment(delivery.payment),
    }


def _payment(payment: Payment) -> dict[str, Any]:
    return {
        "payment_id": payment.payment_id,
        "on": payment.on.isoformat(),
        "gross_idr": payment.gross,
        "received_idr": payment.received,
        "reference": payment.reference,
        "mechanism": payment.mechanism.value,
        "late_fee_idr": payment.late_fee,
        "taxes": [
            {
                "kind": tax.kind.value,
                "base_idr": tax.base,
                "amount_idr": tax.amount,
                "collector": tax.collector.value,
                "withheld": tax.withheld,
                "legal_basis": tax.legal_basis,
            }
            for tax in payment.taxes
        ],
        "missing_proofs": [kind.value for kind in payment.missing_proofs()],
        "proofs": [
            {
                "kind": proof.kind.value,
                "slip_number": proof.slip_number,
                "ntpn": proof.ntpn,
                "filed_on": proof.filed_on.isoformat(),
            }
            for proof in payment.proofs
        ],
    }


def _at(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).isoformat(timespec="seconds")

"""One release per event: the whole contracting process as it stood after it, so that a release can be read alone."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from reporting_service.facts.order import HandoverFacts, LineFacts, OrderFacts, PaymentFacts
from reporting_service.ocds import codes
from reporting_service.ocds.parties import parties, seller_reference, unit_reference

Json = dict[str, Any]

_NO_NAMES: Mapping[str, str] = MappingProxyType({})


def build_release(facts: OrderFacts, names: Mapping[str, str] = _NO_NAMES) -> Json:
    """Return the release of one event; its id is the ocid and the order's version. `names` are those of areas."""
    identifier = codes.ocid(facts.tenant, facts.order_id)
    return {
        "ocid": identifier,
        "id": f"{identifier}-{facts.version}",
        "date": _instant(facts.occurred_at),
        "tag": codes.tags(facts),
        "initiationType": "tender",
        "language": "id",
        **_process(facts, names),
    }


def compile_release(facts: OrderFacts, names: Mapping[str, str] = _NO_NAMES) -> Json:
    """Return the compiled release: every release carries the whole process, so the latest is the merge of all."""
    identifier = codes.ocid(facts.tenant, facts.order_id)
    when = _instant(facts.occurred_at)
    return {
        "ocid": identifier,
        "id": f"{identifier}-{when}",
        "date": when,
        "tag": ["compiled"],
        "initiationType": "tender",
        "language": "id",
        **_process(facts, names),
    }


def _process(facts: OrderFacts, names: Mapping[str, str]) -> Json:
    process: Json = {
        "parties": parties(facts, names),
        "buyer": unit_reference(facts),
        "planning": _planning(facts),
        "tender": _tender(facts),
        "awards": [_award(facts)],
        "contracts": [_contract(facts)],
    }
    equity = _equity(facts)
    if equity:
        process["equity"] = equity
    return process


def _planning(facts: OrderFacts) -> Json:
    planning: Json = {"rationale": facts.need_title}
    if not facts.uses:
        return planning
    first = facts.uses[0]
    budget: Json = {
        "id": first.account_code,
        "amount": _value(facts.total_idr),
        "projectID": first.sub_activity_code,
    }
    if facts.rup_code:
        budget["uri"] = f"urn:id:rup:{facts.rup_code}"
    if len(facts.uses) > 1:
        budget["budgetBreakdown"] = [
            {
                "id": use.budget_line_id,
                "description": use.account_code,
                "amount": _value(use.reserved_idr + use.committed_idr + use.spent_idr),
            }
            for use in facts.uses
        ]
    planning["budget"] = budget
    return planning


def _tender(facts: OrderFacts) -> Json:
    return {
        "id": facts.need_id or facts.order_id,
        "title": facts.need_title,
        "status": "complete",
        "procuringEntity": unit_reference(facts),
        "items": [_item(line) for line in facts.lines],
        "value": _value(facts.total_idr),
        "procurementMethod": "direct",
        "procurementMethodDetails": codes.method_details(facts.channel),
        "mainProcurementCategory": codes.procurement_category(facts),
        "tenderers": [seller_reference(facts)],
    }


def _award(facts: OrderFacts) -> Json:
    return {
        "id": f"{facts.order_id}-award",
        "title": facts.need_title,
        "status": codes.award_status(facts),
        "date": _signed_at(facts),
        "value": _value(facts.total_idr),
        "suppliers": [seller_reference(facts)],
        "items": [_item(line) for line in facts.lines],
    }


def _contract(facts: OrderFacts) -> Json:
    contract: Json = {
        "id": f"{facts.order_id}-contract",
        "awardID": f"{facts.order_id}-award",
        "title": facts.need_title,
        "status": codes.contract_status(facts),
        "value": _value(facts.total_idr),
        "items": [_item(line) for line in facts.lines],
        "dateSigned": _signed_at(facts),
    }
    if facts.needed_at is not None:
        contract["period"] = {"startDate": _signed_at(facts), "endDate": _instant(facts.needed_at)}
    if facts.document_number:
        contract["documents"] = [
            {
                "id": f"{facts.order_id}-signed",
                "documentType": "contractSigned",
                "title": f"{_form(facts.contract_form)} {facts.document_number}",
                "datePublished": _signed_at(facts),
                "language": "id",
            }
        ]
    implementation = _implementation(facts)
    if implementation:
        contract["implementation"] = implementation
    return contract


def _implementation(facts: OrderFacts) -> Json:
    implementation: Json = {}
    if facts.handovers:
        implementation["milestones"] = [_milestone(handover) for handover in facts.handovers]
        implementation["documents"] = [_certificate(handover) for handover in facts.handovers]
    if facts.payments:
        implementation["transactions"] = [_transaction(facts, payment) for payment in facts.payments]
    return implementation


def _milestone(handover: HandoverFacts) -> Json:
    return {
        "id": handover.handover_id,
        "title": "Serah terima (BAST)",
        "type": "delivery",
        "status": "met",
        "dateMet": _day(handover.on),
        "value": _value(handover.value_idr),
    }


def _certificate(handover: HandoverFacts) -> Json:
    return {
        "id": f"{handover.handover_id}-bast",
        "documentType": "completionCertificate",
        "title": f"BAST {handover.number}".strip(),
        "datePublished": _day(handover.on),
        "language": "id",
    }


def _transaction(facts: OrderFacts, payment: PaymentFacts) -> Json:
    return {
        "id": payment.payment_id,
        "date": _day(payment.on),
        "value": _value(payment.gross_idr),
        "payer": unit_reference(facts),
        "payee": seller_reference(facts),
    }


def _item(line: LineFacts) -> Json:
    return {
        "id": str(line.number),
        "description": line.title,
        "classification": {"scheme": "x-bela-category", "id": line.category_code},
        "additionalClassifications": [{"scheme": "x-bela-profile", "id": line.profile_code}],
        "quantity": line.quantity,
        "unit": {"name": line.unit, "value": _value(line.unit_price_idr)},
    }


def _equity(facts: OrderFacts) -> Json:
    """The local extension: where the seller stood in the suggestion, and why another was taken."""
    equity: Json = {}
    if facts.suggestion_rank:
        equity["rank"] = facts.suggestion_rank
    if facts.override_reason:
        equity["reasonCode"] = facts.override_reason
    if facts.flags:
        equity["flags"] = list(facts.flags)
    return equity


def _value(amount: int) -> Json:
    return {"amount": amount, "currency": "IDR"}


def _signed_at(facts: OrderFacts) -> str:
    """The moment of the signature where the history holds it, else the day."""
    signed = [change.at for change in facts.history if change.state == "sp_issued"]
    if signed:
        return _instant(signed[0])
    return _day(facts.signed_on) if facts.signed_on is not None else _instant(facts.occurred_at)


def _instant(moment: datetime) -> str:
    return moment.replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _day(on: date) -> str:
    # A day in the region's own calendar; its midnight is written as UTC so that the calendar day survives every reader.
    return f"{on.isoformat()}T00:00:00Z"


def _form(contract_form: str) -> str:
    return contract_form.replace("_", " ").capitalize() or "Surat pesanan"

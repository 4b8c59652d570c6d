"""The acts on an order that ask nobody else: one entry a verb, all of one shape.

Every verb wants an Idempotency-Key, takes an optional If-Match, and answers with the whole order as it stands after it.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bela_kit.rest import Schema, TenantContext, check_if_match, documented, etag_of
from fastapi import APIRouter
from starlette.responses import Response

from order_service.application.authority import VENDOR_ROLES
from order_service.application.business_time import BusinessClock
from order_service.application.orders import answering, ending, paying, receiving
from order_service.application.orders.acting import Acting
from order_service.application.orders.placing import MAKERS, SIGNERS
from order_service.application.ports import UnitOfWork
from order_service.domain.order.delivery import Inspection
from order_service.domain.order.order import Order
from order_service.entrypoints.rest.edge import Answer, Id, Services, authority_of, perform
from order_service.entrypoints.rest.examples import ORDER
from order_service.entrypoints.rest.order_views import order_view
from order_service.entrypoints.rest.orders import ORDERS
from order_service.entrypoints.rest.schemas.order_answers import OrderView
from order_service.entrypoints.rest.schemas.order_bodies import (
    CountersignInput,
    DeliverInput,
    HandOverInput,
    InspectedLine,
    InspectInput,
    InvoiceInput,
    PayInput,
    QuantityInput,
    ReasonInput,
    ReceiveInput,
    ReturnInvoiceInput,
    SettleInput,
    TaxProofInput,
)

Run = Callable[[Acting, Any, UnitOfWork, BusinessClock], Awaitable[Order]]


@dataclass(frozen=True, slots=True)
class Verb:
    """One act: its name, its body, who may do it, and the use case behind it."""

    name: str
    summary: str
    schema: type[Schema]
    roles: Sequence[str]
    run: Run
    example: dict[str, Any]
    reasons: Sequence[str] = ()


def _inspections(lines: Sequence[InspectedLine]) -> dict[int, Inspection]:
    return {line.line_number: Inspection(line.good, line.short, line.damaged, line.wrong) for line in lines}


def _simple(use_case: Callable[..., Awaitable[Order]]) -> Run:
    return lambda acting, body, uow, clock: use_case(acting, uow=uow, clock=clock)


def _deliver(acting: Acting, body: DeliverInput, uow: UnitOfWork, clock: BusinessClock) -> Awaitable[Order]:
    quantities = {line.line_number: line.quantity for line in body.lines}
    return answering.deliver_goods(acting, quantities, body.note_number, uow=uow, clock=clock)


def _inspect(acting: Acting, body: InspectInput, uow: UnitOfWork, clock: BusinessClock) -> Awaitable[Order]:
    found = _inspections(body.lines)
    return receiving.inspect_goods(acting, body.delivery_id, found, body.remedy, uow=uow, clock=clock)


def _hand_over(acting: Acting, body: HandOverInput, uow: UnitOfWork, clock: BusinessClock) -> Awaitable[Order]:
    return receiving.hand_over(acting, body.delivery_id, body.number, uow=uow, clock=clock)


def _receive(acting: Acting, body: ReceiveInput, uow: UnitOfWork, clock: BusinessClock) -> Awaitable[Order]:
    receipt = receiving.Receipt(body.delivery_id, _inspections(body.lines), body.number, body.note_number)
    return receiving.receive_goods(acting, receipt, uow=uow, clock=clock)


def _countersign(acting: Acting, body: CountersignInput, uow: UnitOfWork, clock: BusinessClock) -> Awaitable[Order]:
    return answering.countersign(acting, body.delivery_id, body.notes, uow=uow, clock=clock)


def _invoice(acting: Acting, body: InvoiceInput, uow: UnitOfWork, clock: BusinessClock) -> Awaitable[Order]:
    command = answering.SellerInvoice(tuple(body.delivery_ids), body.number, body.amount_idr, body.tax_invoice_on)
    return answering.invoice_order(acting, command, uow=uow, clock=clock)


def _return_invoice(
    acting: Acting, body: ReturnInvoiceInput, uow: UnitOfWork, clock: BusinessClock
) -> Awaitable[Order]:
    return paying.return_invoice(acting, body.delivery_id, uow=uow, clock=clock)


def _pay(acting: Acting, body: PayInput, uow: UnitOfWork, clock: BusinessClock) -> Awaitable[Order]:
    command = paying.Pay(
        delivery_id=body.delivery_id,
        reference=body.reference,
        mechanism=body.mechanism,
        late_fee_idr=body.late_fee_idr,
        npwp_checked=body.npwp_checked,
        individual_caterer=body.individual_caterer,
    )
    return paying.pay_delivery(acting, command, uow=uow, clock=clock)


def _file_tax_proof(acting: Acting, body: TaxProofInput, uow: UnitOfWork, clock: BusinessClock) -> Awaitable[Order]:
    command = paying.FileTaxProof(body.delivery_id, body.kind, body.slip_number, body.ntpn)
    return paying.file_tax_proof(acting, command, uow=uow, clock=clock)


def _settle(acting: Acting, body: SettleInput, uow: UnitOfWork, clock: BusinessClock) -> Awaitable[Order]:
    return paying.settle_dispute(acting, body.delivery_id, body.price_cut_idr, uow=uow, clock=clock)


def _propose(acting: Acting, body: QuantityInput, uow: UnitOfWork, clock: BusinessClock) -> Awaitable[Order]:
    return answering.propose_quantity(acting, body.line_number, body.quantity, uow=uow, clock=clock)


def _stop(acting: Acting, body: ReasonInput, uow: UnitOfWork, clock: BusinessClock) -> Awaitable[Order]:
    return ending.stop_order(acting, fault=False, uow=uow, clock=clock)


def _terminate(acting: Acting, body: ReasonInput, uow: UnitOfWork, clock: BusinessClock) -> Awaitable[Order]:
    return ending.stop_order(acting, fault=True, uow=uow, clock=clock)


_REASON = {"reason": "Kegiatan ditunda."}
_GOOD = {"lines": [{"line_number": 1, "good": 40}]}
_RECEIVERS = list(answering.RECEIVERS)
_confirm, _refuse = _simple(answering.confirm_order), _simple(answering.refuse_order)

BUYER_VERBS = (
    Verb("return", "Send an order back to its maker.", ReasonInput, SIGNERS, _simple(ending.return_order), _REASON),
    Verb(
        "cancel",
        "Give an order up before the seller's yes.",
        ReasonInput,
        (*MAKERS, "pa"),
        _simple(ending.cancel_order),
        _REASON,
    ),
    Verb(
        "withdraw",
        "Take a signed order back before the seller answered.",
        ReasonInput,
        SIGNERS,
        _simple(ending.withdraw_order),
        _REASON,
    ),
    Verb(
        "reissue",
        "Ask the same seller once more after he did not answer.",
        ReasonInput,
        SIGNERS,
        _simple(ending.reissue_order),
        {},
        ("ALREADY_REISSUED",),
    ),
    Verb("stop", "End the rest without fault.", ReasonInput, (*SIGNERS, "pa"), _stop, _REASON),
    Verb("terminate", "End the rest for the seller's fault.", ReasonInput, (*SIGNERS, "pa"), _terminate, _REASON),
    Verb(
        "inspect",
        "Say what is good, short, damaged and wrong.",
        InspectInput,
        _RECEIVERS,
        _inspect,
        _GOOD,
        ("INSPECTION_QUANTITY", "DELIVERY_STATE"),
    ),
    Verb("hand_over", "Sign the buyer's side of the BAST.", HandOverInput, _RECEIVERS, _hand_over, {}),
    Verb("receive", "Receive: delivery, inspection and BAST in one act.", ReceiveInput, _RECEIVERS, _receive, _GOOD),
    Verb(
        "pay",
        "Pay a delivery; the answer shows every tax.",
        PayInput,
        paying.TREASURERS,
        _pay,
        {"reference": "SP2D 00123/2026", "mechanism": "LS"},
        ("PAYOUT_HELD", "TAX_CHECK_REQUIRED", "DUTIES_NOT_SEPARATED", "LATE_FEE_ABOVE_LIMIT"),
    ),
    Verb(
        "return_invoice",
        "Send an invoice back for missing papers.",
        ReturnInvoiceInput,
        paying.TREASURERS,
        _return_invoice,
        {"reason": "Daftar hadir belum ada."},
        ("INVOICE_RETURN_OVER",),
    ),
    Verb(
        "settle_dispute",
        "End a dispute, with a cut of the price or without.",
        SettleInput,
        paying.MEDIATORS,
        _settle,
        {"price_cut_idr": 0, "reason": "Disepakati tanpa potongan."},
    ),
    Verb(
        "propose_quantity",
        "Propose another headcount, ten percent at most, before the seller begins to prepare.",
        QuantityInput,
        _RECEIVERS,
        _propose,
        {"line_number": 1, "quantity": 44},
        ("HEADCOUNT_CHANGE_REFUSED",),
    ),
    Verb(
        "file_tax_proof",
        "File bukti potong/pungut and NTPN; the last one closes the order.",
        TaxProofInput,
        paying.TREASURERS,
        _file_tax_proof,
        {"kind": "PPH_FINAL_UMKM", "slip_number": "BP-0001", "ntpn": "1234567890123456"},
        ("TAX_PROOF_INVALID",),
    ),
)
SELLER_VERBS = (
    Verb("confirm", "Say yes.", ReasonInput, VENDOR_ROLES, _confirm, {}),
    Verb("accept", "Say yes; the short path's word for `confirm`.", ReasonInput, VENDOR_ROLES, _confirm, {}),
    Verb("refuse", "Say no, with a reason.", ReasonInput, VENDOR_ROLES, _refuse, {"reason": "Kapasitas penuh."}),
    Verb(
        "accept_quantity",
        "Agree to another headcount.",
        ReasonInput,
        VENDOR_ROLES,
        _simple(answering.accept_quantity),
        {},
        ("HEADCOUNT_CHANGE_REFUSED", "BUDGET_EXCEEDED"),
    ),
    Verb("start", "Begin work.", ReasonInput, VENDOR_ROLES, _simple(answering.start_order), {}),
    Verb(
        "deliver",
        "Record a delivery.",
        DeliverInput,
        (*VENDOR_ROLES, *_RECEIVERS),
        _deliver,
        {"lines": [{"line_number": 1, "quantity": 40}], "note_number": "SJ-1"},
        ("DELIVERY_QUANTITY",),
    ),
    Verb("countersign", "Sign the BAST, with notes or without.", CountersignInput, VENDOR_ROLES, _countersign, {}),
    Verb("acknowledge", "The short path's word for `countersign`.", CountersignInput, VENDOR_ROLES, _countersign, {}),
    Verb("invoice", "Invoice what was handed over.", InvoiceInput, VENDOR_ROLES, _invoice, {"number": "INV-1"}),
)


def router(services: Services) -> APIRouter:
    """Return one operation a verb."""
    routes = APIRouter(tags=["orders"])
    for verb in (*BUYER_VERBS, *SELLER_VERBS):
        _add(routes, services, verb)
    return routes


def _add(routes: APIRouter, services: Services, verb: Verb) -> None:
    async def handler(ctx: TenantContext, order_id: Id, body: Any) -> Response:
        acting = Acting(
            order_id=order_id,
            authority=authority_of(ctx),
            check_version=lambda version: check_if_match(ctx, version, required=False),
            reason=getattr(body, "reason", ""),
        )

        async def work(uow: UnitOfWork) -> Answer:
            order = await verb.run(acting, body if body is not None else verb.schema(), uow, services.clock)
            return 200, order_view(order.facts, order.version, services.clock.zone(ctx.tenant)), etag_of(order.version)

        return await perform(services, ctx, f"{verb.name}_order", work)

    handler.__name__ = f"{verb.name}_order"
    handler.__doc__ = verb.summary
    optional = all(not field.is_required() for field in verb.schema.model_fields.values())
    handler.__annotations__["body"] = (verb.schema | None) if optional else verb.schema
    if optional:
        handler.__defaults__ = (None,)
    arguments = documented(
        roles=list(verb.roles),
        reasons=["ORDER_STATE", "ORDER_FINAL", "ETAG_MISMATCH", *verb.reasons],
        example=ORDER,
        request_example=verb.example,
        idempotency="required",
    )
    routes.post(f"{ORDERS}/{{order_id}}:{verb.name}", response_model=OrderView, **arguments)(handler)

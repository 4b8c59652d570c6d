"""Every order that can be is stored and read back as it was."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from bela_kit.core.actor import Actor
from bela_kit.core.tenancy import TenantId
from order_service.adapters.codec import from_document, to_document
from order_service.domain.budget import BudgetUse
from order_service.domain.money import Rate
from order_service.domain.need import PayerKind
from order_service.domain.order.delivery import (
    Delivery,
    DeliveryLine,
    DeliveryState,
    Handover,
    Inspection,
    Invoice,
    Payment,
    TaxProof,
    VendorSignature,
)
from order_service.domain.order.facts import HeadcountProposal, OrderFacts
from order_service.domain.order.order_line import Buyer, NeedSummary, OrderLine, Seller
from order_service.domain.order.state import Deadline, DeadlineStage, OrderState, StateChange
from order_service.domain.rules import ContractForm
from order_service.domain.suggestion import SuggestionSettings
from order_service.domain.tax import Collector, EntityKind, Mechanism, Period, SupplyType, TaxKind, TaxLine, TaxProfile

NOW = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
ACTOR = Actor("ppk.3510", "ppk", "g1", "ppk.asli", None)


def whole_order() -> OrderFacts:
    """An order with something in every field."""
    tax = TaxLine(
        TaxKind.PPH22, 2_500_000, 37_500, Collector.TREASURER, "PMK", Rate(15, 1000), "PPH22:15/1000", 2_500_000
    )
    delivery = Delivery(
        delivery_id="d1", sequence=1, arrived_at=NOW, note_number="SJ-1", recorded_by=ACTOR,
        lines=(DeliveryLine(1, 40, Inspection(38, short=1, damaged=1)),), state=DeliveryState.PAID,
        deadline=Deadline(NOW + timedelta(days=1), DeadlineStage.APPROVER, (NOW,)), inspected_at=NOW,
        inspected_by=ACTOR,
        handover=Handover("h1", "0001/BAST/2026", date(2026, 1, 6), 684_000, (("l1", 684_000),),
                          VendorSignature.SIGNED_WITH_NOTES, "kurang dua", deemed=True, price_cut=1_000),
        invoice=Invoice("i1", "INV-1", date(2026, 1, 7), 683_000, by_system=True, tax_invoice_on=date(2026, 1, 7)),
        payment=Payment("p1", date(2026, 1, 8), 683_000, 645_500, (tax,), "SP2D", Mechanism.LS, 0,
                        (TaxProof(TaxKind.PPH22, "BP-1", "NTPN", date(2026, 2, 1)),)),
        invoice_returned=True, disputed=True,
    )  # fmt: skip
    seller = Seller(
        "v1", "3510", "group", "Warung A", EntityKind.KOPERASI, "micro", "351016", "3510161001", "ok", "B", False,
        frozenset({"b", "a"}),
        TaxProfile(EntityKind.KOPERASI, umkm_certificate=Period(date(2025, 1, 1)), skb_taxes=frozenset({"PPH22"})),
        "kue", 7,
    )  # fmt: skip
    return OrderFacts(
        order_id="o1", tenant=TenantId("3510"), state=OrderState.PAID,
        need=NeedSummary("n1", "Rapat", "pptk", NOW, True, "351016", payer_kind=PayerKind.BOS, hps=1_000_000),
        buyer=Buyer("u1", "Dinas", "u1", "Dinas"), seller=seller,
        lines=(OrderLine(1, "p1", "Snack", "food.snack_box", "snack", SupplyType.RESTAURANT, 40, "kotak", 18_000),),
        uses=(BudgetUse("l1", "5.1.02.01.01.0052", "1.02.02.2.02.0033", 2026, 720_000, paid=683_000),),
        channel="local", created_by=ACTOR, created_at=NOW, seller_lead=timedelta(hours=4), chosen_by=ACTOR,
        submitted_at=NOW, held_until=NOW, signer=ACTOR, signed_at=NOW, signed_on=date(2026, 1, 5),
        document_number="0001/NOTA/2026", contract_form=ContractForm.NOTA, suggestion_rank=2, best_unit_price=17_000,
        flags=("SHORT_PATH",), deliveries=(delivery,), history=(StateChange(OrderState.DRAFT, NOW),),
        lapsed_from=OrderState.SP_ISSUED, headcount=HeadcountProposal(1, 44, NOW), end_reason="",
    )  # fmt: skip


def test_a_whole_order_comes_back_equal() -> None:
    order = whole_order()
    assert from_document(OrderFacts, to_document(order)) == order


def test_exact_fractions_survive() -> None:
    settings = SuggestionSettings(premium=Fraction(1, 3), district_weights={"351016": Fraction(2, 7)})
    assert from_document(SuggestionSettings, to_document(settings)) == settings


def test_an_older_document_takes_the_defaults_of_new_fields() -> None:
    document = to_document(whole_order())
    for name in ("headcount", "end_reason", "flags"):
        del document[name]
    read = from_document(OrderFacts, document)
    assert (read.headcount, read.end_reason, read.flags) == (None, "", ())


def test_a_missing_field_without_default_is_an_error() -> None:
    document = to_document(whole_order())
    del document["buyer"]
    with pytest.raises(KeyError):
        from_document(OrderFacts, document)

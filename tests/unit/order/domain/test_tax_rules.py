"""Rules of the tax engine beyond the vectors: objects, exemptions, individuals, dates, regimes, late fee."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from order_service.domain.tax import (
    Collector,
    EarlierTax,
    EntityKind,
    Funds,
    IndividualCaterer,
    Mechanism,
    NpwpState,
    OpenPoint,
    Payer,
    Period,
    PriceBasis,
    Regime,
    SupplyType,
    TaxableLine,
    TaxKind,
    TaxProfile,
    TaxRequest,
    TaxResult,
    compute_taxes,
    late_fee,
    package_net,
)
from order_service.domain.tax.eligibility import final_tax_eligibility, regime_start
from order_service.domain.tax.withholding import article_17

DAY = date(2026, 11, 21)


def profile(kind: str = "cv", npwp: str = "active", **more: Any) -> TaxProfile:
    return TaxProfile(kind=EntityKind(kind), npwp=NpwpState(npwp), **more)


def pay(supply: str, amount: int, seller: TaxProfile, basis: str = "net", **more: Any) -> TaxResult:
    lines = [TaxableLine(SupplyType(supply), amount, PriceBasis(basis))]
    return compute_taxes(TaxRequest(lines, seller, more.pop("payer", Payer()), more.pop("paid_on", DAY), **more))


@pytest.mark.parametrize("supply", ["rice", "fuel", "utility"])
def test_never_an_object(supply: str) -> None:
    assert pay(supply, 50_000_000, profile(npwp="none")).income_tax == 0


def test_school_funds_are_never_an_object() -> None:
    assert pay("goods", 50_000_000, profile(), payer=Payer(funds=Funds.BOS)).income_tax == 0
    assert pay("catering", 50_000_000, profile(), payer=Payer(funds=Funds.BOS)).income_tax == 0


def test_government_card_leaves_goods_to_the_seller_but_not_services() -> None:
    card = Payer(mechanism=Mechanism.KKPD)
    result = pay("goods", 5_000_000, profile(pkp=True), payer=card)
    assert (result.income_tax, result.payable) == (0, 5_550_000)
    assert result.taxes[0].collector is Collector.VENDOR
    assert pay("catering", 5_000_000, profile(), payer=card).income_tax == 100_000


@pytest.mark.parametrize("supply", ["catering", "service_listed", "service_other", "rent_movable"])
def test_services_of_entities_bear_article_23_without_minimum(supply: str) -> None:
    result = pay(supply, 100_000, profile())
    assert (result.taxes[0].kind, result.income_tax) == (TaxKind.PPH23, 2_000)
    assert pay(supply, 100_000, profile(npwp="none")).income_tax == 4_000


def test_restaurant_counts_as_goods_and_bears_no_ppn() -> None:
    result = pay("restaurant", 3_000_000, profile(pkp=True))
    assert (result.ppn, result.taxes[0].kind, result.income_tax) == (0, TaxKind.PPH22, 45_000)


@pytest.mark.parametrize("supply", ["restaurant", "catering", "rice", "exempt_goods"])
def test_no_ppn_on_food_served_rice_and_exempt_goods(supply: str) -> None:
    result = pay(supply, 10_000_000, profile(pkp=True), "gross")
    assert (result.net, result.ppn) == (10_000_000, 0)


def test_shop_food_bears_ppn() -> None:
    assert pay("packaged_food", 10_000_000, profile(pkp=True)).ppn == 1_100_000


def test_exemption_letter_ends_withholding_while_it_holds() -> None:
    letter = Period(date(2026, 1, 1), date(2026, 12, 31))
    assert pay("goods", 9_000_000, profile(skb=letter)).income_tax == 0
    assert pay("goods", 9_000_000, profile(skb=letter), paid_on=date(2027, 1, 1)).income_tax == 135_000
    for_23 = profile(skb=letter, skb_taxes=frozenset({"PPH23"}))
    assert pay("goods", 9_000_000, for_23).income_tax == 135_000
    assert pay("catering", 9_000_000, for_23).income_tax == 0


def test_statement_counts_only_for_individuals_and_its_year() -> None:
    assert pay("goods", 9_000_000, profile("individual", statement_500_year=2025)).income_tax == 135_000
    assert pay("goods", 9_000_000, profile("perseroan_perorangan", statement_500_year=2026)).income_tax == 135_000


def test_individual_caterer_pays_article_21_and_waits_for_a_choice() -> None:
    result = pay("catering", 3_500_000, profile("individual"))
    assert (result.taxes[0].kind, result.income_tax) == (TaxKind.PPH21, 87_500)
    assert OpenPoint.INDIVIDUAL_CATERER in result.open_points
    assert pay("catering", 3_500_000, profile("individual", "none")).income_tax == 105_000


@pytest.mark.parametrize(("choice", "kind", "tax"), [("PPH21", "PPH21", 87_500), ("PPH23", "PPH23", 70_000)])
def test_region_chooses_the_tax_of_individual_caterers(choice: str, kind: str, tax: int) -> None:
    payer = Payer(individual_caterer=IndividualCaterer(choice))
    result = pay("catering", 3_500_000, profile("individual"), payer=payer)
    assert (result.taxes[0].kind, result.income_tax, result.open_points) == (kind, tax, ())


def test_one_person_company_is_an_entity() -> None:
    assert pay("catering", 3_500_000, profile("perseroan_perorangan")).taxes[0].kind is TaxKind.PPH23


def test_article_17_rises_after_sixty_million_of_base_a_year() -> None:
    assert article_17(Fraction(60_000_000)) == 3_000_000
    assert article_17(Fraction(70_000_000)) == 4_500_000
    result = pay("service_listed", 20_000_000, profile("individual"), individual_gross_this_year=110_000_000)
    assert result.income_tax == 250_000 + 750_000


def test_the_last_payment_keeps_the_layers_that_another_order_filled_in_between() -> None:
    seller = profile("individual")
    first = pay("service_listed", 100_000_000, seller)
    assert first.income_tax == 2_500_000
    # Another order was paid 40 million meanwhile: the second payment begins at 140 million, all of it at 15 %.
    earlier = [[EarlierTax(t.rule_id, t.base, t.amount, t.gross, t.paid_before) for t in first.taxes]]
    last = pay("service_listed", 20_000_000, seller, earlier=earlier, last=True, individual_gross_this_year=140_000_000)
    assert (last.income_tax, last.taxes[0].paid_before) == (1_500_000, 140_000_000)


def test_a_new_year_begins_at_the_first_layer_again_also_for_a_last_payment() -> None:
    seller = profile("individual")
    first = pay("service_listed", 150_000_000, seller, paid_on=date(2025, 12, 20))
    earlier = [[EarlierTax(t.rule_id, t.base, t.amount, t.gross, t.paid_before) for t in first.taxes]]
    assert pay("service_listed", 20_000_000, seller, earlier=earlier, last=True).income_tax == 500_000


def test_article_21_half_rupiah_bases_are_exact() -> None:
    assert pay("service_listed", 2_500_020, profile("individual")).income_tax == 62_501


def test_unknown_npwp_shows_both_amounts_and_waits() -> None:
    result = pay("goods", 2_500_000, profile(npwp="unknown"))
    assert result.must_wait
    assert (result.payable, result.payable_without_npwp) == (2_462_500, 2_425_000)
    assert not pay("goods", 2_000_000, profile(npwp="unknown")).must_wait


def test_final_tax_does_not_ask_for_the_npwp_state() -> None:
    seller = profile("individual", "unknown", umkm_certificate=Period(date(2026, 1, 1)))
    assert not pay("goods", 2_500_000, seller).must_wait


@pytest.mark.parametrize(
    ("invoice_on", "ppn"),
    [(date(2022, 3, 31), 1_000_000), (date(2022, 4, 1), 1_100_000), (date(2025, 1, 1), 1_100_000)],
)
def test_ppn_follows_the_date_of_the_tax_invoice(invoice_on: date, ppn: int) -> None:
    assert pay("goods", 10_000_000, profile(pkp=True), invoice_on=invoice_on).ppn == ppn


def test_gross_price_before_april_2022_holds_ten_percent() -> None:
    result = pay("goods", 11_000_000, profile(pkp=True), "gross", invoice_on=date(2021, 5, 1), paid_on=date(2021, 5, 1))
    assert (result.net, result.ppn) == (10_000_000, 1_000_000)


@pytest.mark.parametrize(
    ("kind", "start", "on", "eligible", "review"),
    [
        ("individual", date(2018, 7, 1), date(2024, 12, 31), True, False),
        ("individual", date(2018, 7, 1), date(2025, 6, 1), False, True),
        ("individual", date(2018, 7, 1), date(2026, 4, 21), False, True),
        ("individual", date(2018, 7, 1), date(2026, 4, 22), True, False),
        ("individual", date(2015, 1, 1), date(2024, 12, 31), True, False),
        ("individual", date(2015, 1, 1), date(2025, 1, 1), False, True),
        ("perseroan_perorangan", date(2021, 1, 1), date(2025, 1, 1), False, False),
        ("perseroan_perorangan", date(2021, 1, 1), date(2026, 5, 1), True, False),
        ("koperasi", date(2023, 1, 1), date(2026, 12, 31), True, False),
        ("koperasi", date(2022, 1, 1), date(2026, 5, 1), False, False),
        ("koperasi", date(2026, 5, 1), date(2029, 12, 31), True, False),
        ("cv", date(2024, 1, 1), date(2026, 5, 1), True, False),
        ("cv", date(2024, 1, 1), date(2028, 1, 1), False, False),
        ("cv", date(2026, 4, 22), date(2026, 5, 1), False, False),
        ("cv", date(2026, 4, 21), date(2026, 5, 1), True, False),
        ("pt", date(2023, 1, 1), date(2025, 12, 31), True, False),
        ("pt", date(2023, 1, 1), date(2026, 1, 1), False, False),
        ("bumdes", date(2025, 1, 1), date(2026, 12, 1), True, False),
        ("other", date(2025, 1, 1), date(2026, 12, 1), False, False),
    ],
)
def test_term_of_the_final_tax(kind: str, start: date, on: date, eligible: bool, review: bool) -> None:
    found = final_tax_eligibility(profile(kind, regime_start=start), on)
    assert (found.eligible, found.review) == (eligible, review)


def test_certificate_after_the_term_is_ordinary_tax_with_review() -> None:
    seller = profile("individual", umkm_certificate=Period(date(2018, 7, 1)))
    result = pay("goods", 2_500_000, seller, paid_on=date(2025, 6, 1))
    assert (result.income_tax, result.open_points) == (37_500, (OpenPoint.REGIME_REVIEW,))


def test_expired_certificate_does_not_count() -> None:
    seller = profile("individual", umkm_certificate=Period(date(2024, 1, 1), date(2026, 11, 20)))
    assert pay("goods", 2_500_000, seller).income_tax == 37_500


def test_start_of_the_regime_from_a_year() -> None:
    assert regime_start(2026, date(2026, 5, 1)) == date(2026, 5, 1)
    assert regime_start(2024, date(2026, 5, 1)) == date(2024, 1, 1)
    assert regime_start(0, None) is None


def test_appointed_marketplace_collects_instead_of_the_treasurer() -> None:
    payer = Payer(regime=Regime.MARKETPLACE, mechanism=Mechanism.UP)
    result = pay("goods", 5_000_000, profile(pkp=True), payer=payer)
    assert {tax.collector for tax in result.taxes} == {Collector.MARKETPLACE}
    assert result.payable == 5_550_000 - 550_000 - 25_000
    by_ls = Payer(regime=Regime.MARKETPLACE, mechanism=Mechanism.LS)
    assert pay("goods", 5_000_000, profile(pkp=True), payer=by_ls).income_tax == 75_000


@pytest.mark.parametrize(
    ("paid_on", "collector", "received"),
    [(date(2022, 4, 30), Collector.TREASURER, 9_850_000), (date(2022, 5, 1), Collector.MARKETPLACE, 9_950_000)],
)
def test_marketplace_collects_from_may_2022_and_the_treasurer_before(
    paid_on: date, collector: Collector, received: int
) -> None:
    shop = Payer(regime=Regime.MARKETPLACE, mechanism=Mechanism.UP)
    result = pay("goods", 10_000_000, profile(pkp=True), payer=shop, paid_on=paid_on)
    assert {tax.collector for tax in result.taxes} == {collector}
    assert result.payable == received


@pytest.mark.parametrize(("paid_on", "withheld"), [(date(2018, 6, 30), 75_000), (date(2018, 7, 1), 25_000)])
def test_the_half_percent_begins_in_july_2018(paid_on: date, withheld: int) -> None:
    seller = profile(umkm_certificate=Period(date(2018, 1, 1)))
    assert pay("goods", 5_000_000, seller, paid_on=paid_on).income_tax == withheld


@pytest.mark.parametrize(("year", "withheld"), [(2021, 75_000), (2022, 0)])
def test_the_statement_of_500_million_begins_with_the_year_2022(year: int, withheld: int) -> None:
    seller = profile("individual", statement_500_year=year)
    assert pay("goods", 5_000_000, seller, paid_on=date(year, 6, 1)).income_tax == withheld


def test_ppn_that_rounds_to_nothing_still_counts_for_the_rest_of_the_last_payment() -> None:
    seller = profile(pkp=True)
    first = pay("goods", 5, seller, "gross")
    assert [(tax.base, tax.amount) for tax in first.taxes if tax.kind is TaxKind.PPN] == [(5, 0)]
    paid = tuple(EarlierTax(tax.rule_id, tax.base, tax.amount, tax.gross) for tax in first.taxes)
    second = pay("goods", 5, seller, "gross", earlier=[paid], last=True)
    assert (second.net, second.ppn) == (4, 1)


def test_ppn_kept_back_alone_needs_its_ntpn() -> None:
    exempt = profile(pkp=True, skb=Period(date(2026, 1, 1)))
    assert pay("goods", 5_000_000, exempt).documents == ("faktur pajak", "NTPN")
    by_card = pay("goods", 5_000_000, exempt, payer=Payer(mechanism=Mechanism.KKPD))
    assert by_card.documents == ("faktur pajak",)


def test_mixed_lines_are_rounded_per_rule_and_add_up() -> None:
    lines = [
        TaxableLine(SupplyType.GOODS, 3_333_333, PriceBasis.GROSS),
        TaxableLine(SupplyType.PACKAGED_FOOD, 1_111_111, PriceBasis.GROSS),
        TaxableLine(SupplyType.SERVICE_LISTED, 2_222_222, PriceBasis.GROSS),
        TaxableLine(SupplyType.CATERING, 1_000_001, PriceBasis.GROSS),
    ]
    result = compute_taxes(TaxRequest(lines, profile(pkp=True), Payer(), DAY))
    assert result.gross == 3_333_333 + 1_111_111 + 2_222_222 + 1_000_001
    assert {tax.kind for tax in result.taxes} == {TaxKind.PPN, TaxKind.PPH22, TaxKind.PPH23}
    assert sum(t.base for t in result.taxes if t.kind is not TaxKind.PPN) == result.net


def test_package_net_takes_ppn_out_of_gross_prices() -> None:
    lines = [
        TaxableLine(SupplyType.GOODS, 2_220_000, PriceBasis.GROSS),
        TaxableLine(SupplyType.CATERING, 500_000, PriceBasis.GROSS),
    ]
    assert package_net(lines, profile(pkp=True), DAY) == 2_500_000


supplies = st.sampled_from(list(SupplyType))
profiles = st.builds(
    TaxProfile,
    kind=st.sampled_from(list(EntityKind)),
    npwp=st.sampled_from(list(NpwpState)),
    pkp=st.booleans(),
    umkm_certificate=st.sampled_from([None, Period(date(2024, 1, 1))]),
    statement_500_year=st.sampled_from([None, 2026]),
)
lines_of = st.lists(
    st.builds(TaxableLine, supplies, st.integers(1, 10**10), st.sampled_from(list(PriceBasis))), min_size=1, max_size=4
)


@given(lines_of, profiles, st.sampled_from(list(Mechanism)))
def test_seller_never_receives_more_than_gross_nor_less_than_nothing(
    lines: list[TaxableLine], seller: TaxProfile, mechanism: Mechanism
) -> None:
    result = compute_taxes(TaxRequest(lines, seller, Payer(mechanism=mechanism), DAY))
    assert 0 <= result.payable <= result.gross == result.net + result.ppn
    assert result.payable == result.gross - result.withheld
    gross = sum(line.amount for line in lines if line.price_basis is PriceBasis.GROSS)
    assert result.gross >= gross


def test_late_fee_is_rounded_down_and_capped() -> None:
    assert late_fee(10_000_000, 7) == 70_000
    assert late_fee(999, 1) == 0
    assert late_fee(10_000_000, 80) == 500_000
    assert late_fee(10_000_000, -3) == 0

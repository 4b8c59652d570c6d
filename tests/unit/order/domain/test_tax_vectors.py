"""Every vector of domain.md 5.5, and the cases around them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from order_service.domain.tax import (
    Collector,
    EarlierTax,
    EntityKind,
    NpwpState,
    Payer,
    Period,
    PriceBasis,
    SupplyType,
    TaxableLine,
    TaxKind,
    TaxProfile,
    TaxRequest,
    TaxResult,
    compute_taxes,
)

DAY = date(2026, 11, 21)
CERTIFICATE = Period(date(2024, 1, 1), date(2027, 12, 31))


def profile(kind: str = "cv", npwp: str = "active", **more: Any) -> TaxProfile:
    return TaxProfile(kind=EntityKind(kind), npwp=NpwpState(npwp), **more)


def pay(supply: str, amount: int, seller: TaxProfile, basis: str = "net", **more: Any) -> TaxResult:
    lines = [TaxableLine(SupplyType(supply), amount, PriceBasis(basis))]
    return compute_taxes(TaxRequest(lines, seller, more.pop("payer", Payer()), more.pop("paid_on", DAY), **more))


def earlier(*results: TaxResult) -> Sequence[Sequence[EarlierTax]]:
    return [[EarlierTax(t.rule_id, t.base, t.amount, t.gross) for t in result.taxes] for result in results]


PKP = profile(pkp=True)


@pytest.mark.parametrize(
    ("supply", "amount", "seller", "basis", "net", "ppn", "withheld", "received"),
    [
        ("goods", 2_000_000, PKP, "net", 2_000_000, 220_000, 0, 2_220_000),
        ("goods", 2_000_001, PKP, "net", 2_000_001, 220_000, 30_000, 1_970_001),
        ("goods", 2_500_000, PKP, "net", 2_500_000, 275_000, 37_500, 2_462_500),
        ("goods", 2_500_000, profile(npwp="none"), "net", 2_500_000, 0, 75_000, 2_425_000),
        ("goods", 2_500_000, profile(npwp="nik_not_activated"), "net", 2_500_000, 0, 75_000, 2_425_000),
        (
            "goods",
            2_500_000,
            profile("individual", umkm_certificate=CERTIFICATE),
            "net",
            2_500_000,
            0,
            12_500,
            2_487_500,
        ),
        ("goods", 2_500_000, profile("individual", statement_500_year=2026), "net", 2_500_000, 0, 0, 2_500_000),
        ("catering", 3_500_000, profile(), "net", 3_500_000, 0, 70_000, 3_430_000),
        ("rice", 13_500_000, profile("koperasi"), "net", 13_500_000, 0, 0, 13_500_000),
        ("rice", 13_500_000, profile("koperasi", umkm_certificate=CERTIFICATE), "net", 13_500_000, 0, 0, 13_500_000),
        ("goods", 20_000_000, PKP, "gross", 18_018_018, 1_981_982, 270_270, 17_747_748),
        ("goods", 50_000_000, PKP, "gross", 45_045_045, 4_954_955, 675_676, 44_369_369),
    ],
)
def test_vector(
    supply: str, amount: int, seller: TaxProfile, basis: str, net: int, ppn: int, withheld: int, received: int
) -> None:
    result = pay(supply, amount, seller, basis)
    assert (result.net, result.ppn, result.income_tax, result.payable) == (net, ppn, withheld, received)
    assert result.gross == net + ppn


def test_vendor_remits_ppn_up_to_two_million_and_treasurer_above() -> None:
    assert pay("goods", 2_000_000, PKP).taxes[0].collector is Collector.VENDOR
    assert pay("goods", 2_000_001, PKP).taxes[0].collector is Collector.TREASURER


def test_last_of_two_payments_takes_the_rounding_rest() -> None:
    first = pay("goods", 1_250_033, profile(), package_net=2_500_066)
    last = pay("goods", 1_250_033, profile(), package_net=2_500_066, earlier=earlier(first), last=True)
    assert (first.income_tax, first.payable) == (18_750, 1_231_283)
    assert (last.income_tax, last.payable) == (18_751, 1_231_282)


def test_chairs_in_two_payments_by_a_cooperative_with_certificate() -> None:
    seller = profile("koperasi", umkm_certificate=CERTIFICATE)
    first = pay("goods", 48_000_000, seller, package_net=80_000_000)
    last = pay("goods", 32_000_000, seller, package_net=80_000_000, earlier=earlier(first), last=True)
    assert [(t.kind, t.amount) for t in first.taxes] == [(TaxKind.PPH_FINAL_UMKM, 240_000)]
    assert (last.income_tax, first.payable, last.payable) == (160_000, 47_760_000, 31_840_000)


@pytest.mark.parametrize("parts", [(1_250_033, 1_250_033), (999_999, 1, 1_500_001), (7, 7, 7, 3_000_000)])
def test_taxes_of_all_payments_add_up_to_the_tax_of_the_whole(parts: tuple[int, ...]) -> None:
    whole = sum(parts)
    for seller, basis in ((profile(), "net"), (PKP, "gross"), (PKP, "net")):
        paid: list[TaxResult] = []
        package = pay("goods", whole, seller, basis).net
        for index, part in enumerate(parts):
            last = index == len(parts) - 1
            paid.append(pay("goods", part, seller, basis, package_net=package, earlier=earlier(*paid), last=last))
        at_once = pay("goods", whole, seller, basis)
        assert sum(result.income_tax for result in paid) == at_once.income_tax
        assert sum(result.ppn for result in paid) == at_once.ppn
        assert sum(result.net for result in paid) == at_once.net
        assert sum(result.payable for result in paid) == at_once.payable


def test_changed_profile_starts_a_new_sum() -> None:
    first = pay("goods", 1_250_033, profile(), package_net=2_500_066)
    last = pay("goods", 1_250_033, profile(npwp="none"), package_net=2_500_066, earlier=earlier(first), last=True)
    assert last.income_tax == 37_501  # 3 % of 1,250,033 alone


def test_profile_that_changed_and_changed_back_does_not_reopen_the_first_sum() -> None:
    first = pay("goods", 1_250_033, profile(), package_net=3_750_099)
    second = pay("goods", 1_250_033, profile(npwp="none"), package_net=3_750_099, earlier=earlier(first))
    last = pay("goods", 1_250_033, profile(), package_net=3_750_099, earlier=earlier(first, second), last=True)
    assert last.income_tax == 18_750


def test_package_decides_the_limit_not_the_payment() -> None:
    assert pay("goods", 720_000, profile(), package_net=3_600_000).income_tax == 10_800
    assert pay("goods", 720_000, profile()).income_tax == 0

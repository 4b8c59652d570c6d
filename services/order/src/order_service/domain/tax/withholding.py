"""Which income tax a supply bears: object at all, exemption, final tax, article 22, 23 or 21 (domain.md 5.5 step 3)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from order_service.domain.money import Rate
from order_service.domain.tax.eligibility import final_tax_eligibility, free_below_500_million
from order_service.domain.tax.facts import (
    EntityKind,
    Funds,
    IndividualCaterer,
    Mechanism,
    NpwpState,
    SupplyType,
    TaxProfile,
    TaxRequest,
)
from order_service.domain.tax.rates import ARTICLE_17, FINAL_UMKM, PPH21_BASE, PPH22, PPH23, SMALL_PAYMENT
from order_service.domain.tax.result import OpenPoint, TaxKind

NEVER_OBJECT = frozenset({SupplyType.RICE, SupplyType.FUEL, SupplyType.UTILITY})
GOODS_LIKE = frozenset({SupplyType.GOODS, SupplyType.PACKAGED_FOOD, SupplyType.RESTAURANT, SupplyType.EXEMPT_GOODS})
SERVICES = frozenset(SupplyType) - NEVER_OBJECT - GOODS_LIKE
WITHOUT_NPWP = frozenset({NpwpState.NONE, NpwpState.NIK_NOT_ACTIVATED})


@dataclass(frozen=True, slots=True)
class IncomeRule:
    """The rule a supply falls under.

    Attributes:
        rule_id: Names rule and rate; the same id shares its rounding over payments.
        kind: Which tax; none means nothing is withheld.
        rate: Effective rate on the net base.
        legal_basis: The legal source.
        document: Paper the treasurer must file; empty if none.
        tax: The tax of a net sum, exact, given what an individual was paid before it this year.
        without_npwp: The rule that would hold without a tax number, while its state is unknown.
        open_points: What a person must settle.
    """

    rule_id: str
    kind: TaxKind | None
    rate: Rate
    legal_basis: str
    document: str
    tax: Callable[[int, int], Fraction]
    without_npwp: "IncomeRule | None" = None
    open_points: tuple[OpenPoint, ...] = ()


def _nothing(rule_id: str, legal_basis: str, open_points: tuple[OpenPoint, ...] = ()) -> IncomeRule:
    return IncomeRule(
        rule_id, None, Rate(0, 1), legal_basis, "", lambda net, before: Fraction(0), open_points=open_points
    )


def _flat(kind: TaxKind, rate: Rate, legal_basis: str, document: str) -> IncomeRule:
    return IncomeRule(f"{kind}:{rate}", kind, rate, legal_basis, document, lambda net, before: rate.fraction() * net)


def article_17(base: Fraction) -> Fraction:
    """Tax of a yearly base by the layers of article 17, exact."""
    tax, lower = Fraction(0), Fraction(0)
    for bound, rate in ARTICLE_17:
        upper = base if bound is None else min(base, Fraction(bound))
        if upper > lower:
            tax += (upper - lower) * rate.fraction()
            lower = upper
    return tax


def _article_21(surcharge: Rate) -> IncomeRule:
    def tax(net: int, before: int) -> Fraction:
        half = PPH21_BASE.fraction()
        layers = article_17((before + net) * half) - article_17(before * half)
        return layers * surcharge.fraction()

    rate = PPH21_BASE.times(5, 100).times(surcharge.numerator, surcharge.denominator)
    basis = "UU PPh pasal 21 dan 17; PMK 168/2023: 50% dari penghasilan bruto"
    return IncomeRule(f"PPH21:{rate}", TaxKind.PPH21, rate, basis, "bukti potong PPh 21", tax)


def _by_npwp(state: NpwpState, ordinary: IncomeRule, higher: IncomeRule) -> IncomeRule:
    if state in WITHOUT_NPWP:
        return higher
    if state is NpwpState.ACTIVE:
        return ordinary
    points = (*ordinary.open_points, OpenPoint.NPWP_UNKNOWN)
    return IncomeRule(
        ordinary.rule_id,
        ordinary.kind,
        ordinary.rate,
        ordinary.legal_basis,
        ordinary.document,
        ordinary.tax,
        without_npwp=higher,
        open_points=points,
    )


def may_bear_article_21(supplies: Iterable[SupplyType], profile: TaxProfile) -> bool:
    """Whether a payment can fall under article 21, so that what the seller was paid before this year matters."""
    return profile.kind is EntityKind.INDIVIDUAL and not SERVICES.isdisjoint(supplies)


def is_object(supply: SupplyType, request: TaxRequest, package_net: int) -> bool:
    """Step 3a: whether the supply is an object of withholding at all, certificate or not."""
    if supply in NEVER_OBJECT or request.payer.funds is Funds.BOS:
        return False
    small = package_net <= SMALL_PAYMENT or request.payer.mechanism is Mechanism.KKPD
    return not (supply in GOODS_LIKE and small)


def income_rule(supply: SupplyType, request: TaxRequest, package_net: int) -> IncomeRule:
    """Choose the rule for one supply type."""
    profile, on = request.profile, request.paid_on
    if not is_object(supply, request, package_net):
        return _nothing("NO_OBJECT", "PMK 231/2019 jo. 59/2022 pasal 12; PMK 164/2023: bukan objek pemungutan")
    ordinary = _ordinary(supply, request)
    kind = ordinary.kind.value if ordinary.kind is not None else ""
    if profile.skb is not None and profile.skb.covers(on) and (not profile.skb_taxes or kind in profile.skb_taxes):
        return _nothing("SKB", "Surat Keterangan Bebas")
    if free_below_500_million(profile, on):
        return _nothing("STATEMENT_500", "PP 55/2022 pasal 60 ayat (2): omzet sampai Rp500 juta")
    certificate = profile.umkm_certificate
    if certificate is not None and certificate.covers(on):
        eligibility = final_tax_eligibility(profile, on)
        if eligibility.eligible:
            return _flat(
                TaxKind.PPH_FINAL_UMKM, FINAL_UMKM, "PP 55/2022 jo. PP 20/2026: final 0,5%", "bukti potong PPh final"
            )
        if eligibility.review:
            return _with_points(ordinary, OpenPoint.REGIME_REVIEW)
    return ordinary


def _with_points(rule: IncomeRule, *points: OpenPoint) -> IncomeRule:
    return IncomeRule(
        rule.rule_id,
        rule.kind,
        rule.rate,
        rule.legal_basis,
        rule.document,
        rule.tax,
        rule.without_npwp,
        (*rule.open_points, *points),
    )


def _ordinary(supply: SupplyType, request: TaxRequest) -> IncomeRule:
    """Step 3c: article 22 for goods, 23 for services of entities, 21 for those of individuals."""
    npwp = request.profile.npwp
    if supply in GOODS_LIKE:
        basis, paper = "UU PPh pasal 22; PMK 34/2017", "bukti pungut PPh 22"
        return _by_npwp(
            npwp,
            _flat(TaxKind.PPH22, PPH22, basis, paper),
            _flat(TaxKind.PPH22, PPH22.times(2), basis + "; tanpa NPWP 100% lebih tinggi", paper),
        )
    points: tuple[OpenPoint, ...] = ()
    choice = request.payer.individual_caterer
    individual = request.profile.kind is EntityKind.INDIVIDUAL
    if individual and supply is SupplyType.CATERING and choice is IndividualCaterer.UNDECIDED:
        points = (OpenPoint.INDIVIDUAL_CATERER,)
    if individual and not (supply is SupplyType.CATERING and choice is IndividualCaterer.PPH23):
        rule = _by_npwp(npwp, _article_21(Rate(1, 1)), _article_21(Rate(12, 10)))
        return _with_points(rule, *points)
    basis, paper = "UU PPh pasal 23; PMK 141/2015", "bukti potong PPh 23"
    return _by_npwp(
        npwp,
        _flat(TaxKind.PPH23, PPH23, basis, paper),
        _flat(TaxKind.PPH23, PPH23.times(2), basis + "; tanpa NPWP 100% lebih tinggi", paper),
    )

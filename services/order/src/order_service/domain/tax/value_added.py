"""PPN: whether a supply bears it, who collects it, and how a gross price splits exactly (domain.md 5.5 step 1)."""

from collections.abc import Sequence
from datetime import date

from order_service.domain.money import Rate, round_half_up
from order_service.domain.tax.facts import (
    Mechanism,
    PriceBasis,
    Regime,
    SupplyType,
    TaxableLine,
    TaxProfile,
    TaxRequest,
)
from order_service.domain.tax.rates import MARKETPLACE_FROM, SMALL_PAYMENT, ppn_rate
from order_service.domain.tax.result import Collector

WITHOUT_PPN = frozenset({SupplyType.RESTAURANT, SupplyType.CATERING, SupplyType.RICE, SupplyType.EXEMPT_GOODS})


def bears_ppn(supply: SupplyType, profile: TaxProfile) -> bool:
    """Whether the seller charges PPN on the supply."""
    return profile.pkp and supply not in WITHOUT_PPN


def net_of_gross(gross: int, rate: Rate) -> int:
    """The net part of a price that includes PPN; PPN is the rest, so the sum is exact."""
    return round_half_up(gross * rate.denominator, rate.denominator + rate.numerator)


def package_net(lines: Sequence[TaxableLine], profile: TaxProfile, invoice_on: date) -> int:
    """The net sum of lines, for the test of the Rp2 million limit over a package."""
    rate = ppn_rate(invoice_on).rate
    inside = [line for line in lines if bears_ppn(line.supply_type, profile) and line.price_basis is PriceBasis.GROSS]
    gross = sum(line.amount for line in inside)
    plain = sum(line.amount for line in lines) - gross
    return plain + net_of_gross(gross, rate)


def ppn_collector(request: TaxRequest, net_of_package: int) -> Collector:
    """Who remits PPN: the treasurer above the limit unless the government card pays, else the seller himself."""
    if marketplace_collects(request):
        return Collector.MARKETPLACE
    if net_of_package > SMALL_PAYMENT and request.payer.mechanism is not Mechanism.KKPD:
        return Collector.TREASURER
    return Collector.VENDOR


def marketplace_collects(request: TaxRequest) -> bool:
    """Whether an appointed marketplace collects: from 1 May 2022; payments by LS are outside its duty (PMK 58/2022)."""
    appointed = request.payer.regime is Regime.MARKETPLACE and request.paid_on >= MARKETPLACE_FROM
    return appointed and request.payer.mechanism is not Mechanism.LS

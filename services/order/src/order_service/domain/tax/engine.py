"""The tax engine: from one payment to every tax, its collector and what the seller receives (domain.md 5.5).

Rounding is to the whole rupiah once per payment, rule and tax kind. The last payment under one rule takes the rounding
rest: `tax(sum of nets) - sum of earlier`. A payment under another rule in between starts a new sum; nothing paid is
reopened. PBJT, the regional tax on food and drink, is information only: the seller remits it, so nothing is computed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from order_service.domain.money import Rate, round_fraction
from order_service.domain.tax.facts import EarlierTax, PriceBasis, SupplyType, TaxRequest
from order_service.domain.tax.rates import MARKETPLACE_PPH22, PpnRate, ppn_rate
from order_service.domain.tax.result import Collector, OpenPoint, TaxKind, TaxLine, TaxResult
from order_service.domain.tax.value_added import (
    bears_ppn,
    marketplace_collects,
    net_of_gross,
    ppn_collector,
)
from order_service.domain.tax.withholding import IncomeRule, income_rule

PPN_PREFIX = "PPN:"


@dataclass(frozen=True, slots=True)
class _Ppn:
    """PPN of the whole payment and the net of each supply type."""

    net: int
    ppn: int
    inside_net: int
    inside_gross: int
    nets: dict[SupplyType, int]


def compute_taxes(request: TaxRequest) -> TaxResult:
    """Compute the taxes of one payment.

    The amounts of the request are whole rupiah. With an unknown tax number the ordinary rate is computed, the other
    amount stands in `payable_without_npwp`, and `must_wait` is true.
    """
    rate = ppn_rate(request.invoice_on or request.paid_on)
    ppn = _ppn(request, rate)
    package = request.package_net if request.package_net is not None else ppn.net
    collector = ppn_collector(request, package)
    taxes: list[TaxLine] = []
    if ppn.inside_gross:
        taxes.append(_ppn_line(ppn, rate, collector))
    if marketplace_collects(request):
        return _marketplace(request, ppn, taxes, rate)
    rules = _rules(request, package, ppn)
    taxes.extend(_income_lines(request, rules))
    kept = sum(tax.amount for tax in taxes if tax.withheld)
    gross = ppn.net + ppn.ppn
    points = tuple(dict.fromkeys(point for rule, _ in rules for point in rule.open_points))
    return TaxResult(
        net=ppn.net,
        ppn=ppn.ppn,
        gross=gross,
        taxes=tuple(taxes),
        payable=gross - kept,
        documents=_documents(taxes, [rule for rule, _ in rules if rule.kind is not None]),
        open_points=points,
        payable_without_npwp=_other_amount(request, rules, gross, taxes) if OpenPoint.NPWP_UNKNOWN in points else None,
        trace=_trace(request, rate, package, collector, [rule for rule, _ in rules]),
    )


def _ppn(request: TaxRequest, rate: PpnRate) -> _Ppn:
    """Net and PPN, rounded once for the payment; the last payment takes the rest of the whole order."""
    earlier = _run(request.earlier, _ppn_rule_id(rate), {_ppn_rule_id(rate)}) if request.last else []
    inside = [line for line in request.lines if bears_ppn(line.supply_type, request.profile)]
    gross_amount = sum(line.amount for line in inside if line.price_basis is PriceBasis.GROSS)
    net_amount = sum(line.amount for line in inside if line.price_basis is PriceBasis.NET)
    earlier_net, earlier_ppn = sum(e.base for e in earlier), sum(e.amount for e in earlier)
    nets: dict[SupplyType, int] = {}
    for line in request.lines:
        if line not in inside or line.price_basis is PriceBasis.NET:
            nets[line.supply_type] = nets.get(line.supply_type, 0) + line.amount
    if gross_amount and not net_amount:
        earlier_gross = sum(e.gross for e in earlier)
        net = net_of_gross(earlier_gross + gross_amount, rate.rate) - earlier_net
        ppn = gross_amount - net
    else:
        gross_net = net_of_gross(gross_amount, rate.rate)
        net = net_amount + gross_net
        ppn = rate.rate.of(earlier_net + net_amount) - earlier_ppn if net_amount else 0
        ppn += gross_amount - gross_net
    _spread(nets, request, net - net_amount, gross_amount, rate.rate)
    outside = sum(line.amount for line in request.lines if line not in inside)
    return _Ppn(outside + net, ppn, net, net + ppn, nets)


def _spread(nets: dict[SupplyType, int], request: TaxRequest, net: int, gross: int, rate: Rate) -> None:
    """Divide the net of gross prices over their supply types; the last type takes the remainder."""
    by_supply: dict[SupplyType, int] = {}
    for line in request.lines:
        if line.price_basis is PriceBasis.GROSS and bears_ppn(line.supply_type, request.profile):
            by_supply[line.supply_type] = by_supply.get(line.supply_type, 0) + line.amount
    left = net
    for index, (supply, amount) in enumerate(by_supply.items()):
        last = index == len(by_supply) - 1
        part = left if last else net_of_gross(amount, rate)
        nets[supply] = nets.get(supply, 0) + part
        left -= part


def _ppn_rule_id(rate: PpnRate) -> str:
    return f"{PPN_PREFIX}{rate.rate}"


def _ppn_line(ppn: _Ppn, rate: PpnRate, collector: Collector) -> TaxLine:
    return TaxLine(
        kind=TaxKind.PPN,
        base=ppn.inside_net,
        amount=ppn.ppn,
        collector=collector,
        legal_basis=rate.legal_basis,
        rate=rate.rate,
        rule_id=_ppn_rule_id(rate),
        gross=ppn.inside_gross,
    )


def _rules(request: TaxRequest, package: int, ppn: _Ppn) -> list[tuple[IncomeRule, int]]:
    """The income rules of the payment with their net bases; supplies under one rule are summed before rounding."""
    rules: dict[str, tuple[IncomeRule, int]] = {}
    for supply, net in ppn.nets.items():
        rule = income_rule(supply, request, package)
        known, base = rules.get(rule.rule_id, (rule, 0))
        points = tuple(dict.fromkeys((*known.open_points, *rule.open_points)))
        rules[rule.rule_id] = (replace(known, open_points=points), base + net)
    return list(rules.values())


def _income_lines(request: TaxRequest, rules: list[tuple[IncomeRule, int]]) -> list[TaxLine]:
    now = {rule.rule_id for rule, _ in rules}
    lines = (_income_line(request, rule, net, now) for rule, net in rules)
    return [line for line in lines if line is not None]


def _income_line(request: TaxRequest, rule: IncomeRule, net: int, now: Collection[str]) -> TaxLine | None:
    if rule.kind is None:
        return None
    amount = _amount(request, rule, net, now)
    return TaxLine(
        kind=rule.kind,
        base=net,
        amount=amount,
        collector=Collector.TREASURER,
        legal_basis=rule.legal_basis,
        rate=rule.rate,
        rule_id=rule.rule_id,
        gross=net,
        paid_before=_paid_before(request, rule),
    )


def _amount(request: TaxRequest, rule: IncomeRule, net: int, now: Collection[str]) -> int:
    """The tax of this payment; the last one takes the rounding rest of its run.

    Each payment of the run keeps its own place in the year: between two of them another order may have been paid.
    """
    exact = rule.tax(net, _paid_before(request, rule))
    if not request.last:
        return round_fraction(exact)
    run = _run(request.earlier, rule.rule_id, now)
    exact += sum(rule.tax(earlier.base, earlier.paid_before) for earlier in run)
    return round_fraction(exact) - sum(earlier.amount for earlier in run)


def _paid_before(request: TaxRequest, rule: IncomeRule) -> int:
    return request.individual_gross_this_year if rule.kind is TaxKind.PPH21 else 0


def _run(earlier: Sequence[Sequence[EarlierTax]], rule_id: str, now: Collection[str]) -> list[EarlierTax]:
    """What earlier payments computed under a rule, back to the last payment made under other rules altogether.

    Args:
        earlier: Per payment, oldest first.
        rule_id: The rule.
        now: Every rule of the same tax family (PPN, or income tax) in this payment.
    """
    ppn = rule_id.startswith(PPN_PREFIX)
    run: list[EarlierTax] = []
    for payment in reversed(earlier):
        family = [tax for tax in payment if tax.rule_id.startswith(PPN_PREFIX) is ppn]
        if family and not any(tax.rule_id in now for tax in family):
            break
        run.extend(tax for tax in family if tax.rule_id == rule_id)
    return run


def _marketplace(request: TaxRequest, ppn: _Ppn, taxes: list[TaxLine], rate: PpnRate) -> TaxResult:
    """An appointed marketplace collects 0.5 % of the bill without PPN; the treasurer keeps nothing back (5.2)."""
    amount = MARKETPLACE_PPH22.of(ppn.net)
    taxes.append(
        TaxLine(
            kind=TaxKind.PPH22,
            base=ppn.net,
            amount=amount,
            collector=Collector.MARKETPLACE,
            legal_basis="PMK 58/2022",
            rate=MARKETPLACE_PPH22,
            rule_id=f"PPH22-MARKETPLACE:{MARKETPLACE_PPH22}",
            gross=ppn.net,
        )
    )
    gross = ppn.net + ppn.ppn
    kept = sum(tax.amount for tax in taxes)
    return TaxResult(
        net=ppn.net,
        ppn=ppn.ppn,
        gross=gross,
        taxes=tuple(taxes),
        payable=gross - kept,
        trace=("MARKETPLACE", _ppn_rule_id(rate)),
    )


def _other_amount(request: TaxRequest, rules: list[tuple[IncomeRule, int]], gross: int, taxes: list[TaxLine]) -> int:
    """What the seller would receive without a tax number."""
    kept = sum(tax.amount for tax in taxes if tax.withheld and tax.kind is TaxKind.PPN)
    higher = [(rule.without_npwp or rule, net) for rule, net in rules]
    return gross - kept - sum(line.amount for line in _income_lines(request, higher))


def _documents(taxes: list[TaxLine], rules: list[IncomeRule]) -> tuple[str, ...]:
    """Papers needed to close: a tax invoice, a slip for each income tax, an NTPN where the treasurer keeps anything."""
    papers = ["faktur pajak"] if any(tax.kind is TaxKind.PPN for tax in taxes) else []
    papers.extend(rule.document for rule in rules)
    if any(tax.withheld for tax in taxes):
        papers.append("NTPN")
    return tuple(dict.fromkeys(papers))


def _trace(
    request: TaxRequest, rate: PpnRate, package: int, collector: Collector, rules: list[IncomeRule]
) -> tuple[str, ...]:
    steps = [f"package_net={package}", f"mechanism={request.payer.mechanism}", f"funds={request.payer.funds}"]
    steps.append(f"{_ppn_rule_id(rate)} collector={collector}" if request.profile.pkp else "PPN: bukan PKP")
    steps.extend(f"{rule.rule_id} ({rule.legal_basis})" for rule in rules)
    return tuple(steps)

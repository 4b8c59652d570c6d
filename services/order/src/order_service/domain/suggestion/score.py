"""The score: `100 * (0.35 P + 0.15 D + 0.30 E + 0.15 Q + 0.05 N)`, in exact fractions (domain.md 10.1).

Only the shown number is rounded: to hundredths of a point, one half up. Ranking compares the exact values, ties go by
ascending sha256(need_id || vendor_id).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from order_service.domain.money import round_fraction
from order_service.domain.suggestion.facts import Candidate, Market, Record, SuggestionSettings, Weights
from order_service.domain.suggestion.nearness import RING_VALUE, Ring
from order_service.domain.suggestion.price_rule import median

PRIOR_WEIGHT = 5
PRIOR_QUALITY = Fraction(8, 10)
VENDOR_DEFICIT_WEIGHT = Fraction(6, 10)
DISTRICT_DEFICIT_WEIGHT = Fraction(4, 10)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a score, each from 0 to 1, exact."""

    price: Fraction
    distance: Fraction
    vendor_deficit: Fraction
    district_deficit: Fraction
    quality: Fraction
    newcomer: Fraction

    @property
    def equity(self) -> Fraction:
        """`E = 0.6 vd + 0.4 kd`."""
        return VENDOR_DEFICIT_WEIGHT * self.vendor_deficit + DISTRICT_DEFICIT_WEIGHT * self.district_deficit

    def score(self, weights: Weights) -> Fraction:
        """The score from 0 to 100, exact."""
        return 100 * (
            weights.price * self.price
            + weights.distance * self.distance
            + weights.equity * self.equity
            + weights.quality * self.quality
            + weights.newcomer * self.newcomer
        )


def hundredths(value: Fraction) -> int:
    """A value in hundredths, one half up: the number that is shown."""
    return round_fraction(value * 100)


def quality(record: Record) -> Fraction:
    """`Q = (C * 0.8 + good) / (C + n)` with C = 5; an unexcused lapse counts as a delivery that was not good."""
    return (PRIOR_WEIGHT * PRIOR_QUALITY + record.good) / (PRIOR_WEIGHT + record.deliveries + record.lapses)


def newcomer(record: Record) -> Fraction:
    """1 if nothing was handed over and no order lapsed yet, else 0."""
    return Fraction(1 if record.handed_over == 0 and record.lapses == 0 else 0)


@dataclass(frozen=True, slots=True)
class FairShares:
    """Capacities by owner group and sellers by kecamatan: what fair shares are measured against."""

    capacity: Mapping[str, Fraction]
    typical: Fraction
    total: Fraction
    sellers: Mapping[str, int]
    seller_count: int


def fair_shares(market: Market) -> FairShares:
    """Sum the market up; an unknown capacity counts as the median of the known ones."""
    known = [seller.capacity_per_day for seller in market.sellers if seller.capacity_per_day > 0]
    typical = median(known) if known else Fraction(1)
    capacity: dict[str, Fraction] = {}
    districts: dict[str, set[str]] = {}
    for seller in market.sellers:
        units = Fraction(seller.capacity_per_day) if seller.capacity_per_day > 0 else typical
        capacity[seller.owner_group_id] = capacity.get(seller.owner_group_id, Fraction(0)) + units
        districts.setdefault(seller.district_code, set()).add(seller.owner_group_id)
    sellers = {district: len(groups) for district, groups in districts.items()}
    return FairShares(capacity, typical, sum(capacity.values(), Fraction(0)), sellers, sum(sellers.values()))


def vendor_deficit(group: str, market: Market, shares: FairShares) -> Fraction:
    """`vd = max(0, 1 - s_i / t_i)`, `t_i` the group's share of the category's spend by capacity; 1 without spend."""
    if market.category_spend == 0 or shares.total == 0:
        return Fraction(1)
    target = market.category_spend * shares.capacity.get(group, shares.typical) / shares.total
    return max(Fraction(0), 1 - market.group_spend.get(group, 0) / target)


def district_deficit(district: str, market: Market, shares: FairShares, settings: SuggestionSettings) -> Fraction:
    """`kd = max(0, 1 - (S_k / S) / w_k)`; 1 while nothing was spent."""
    whole = sum(market.district_spend.values())
    if whole == 0:
        return Fraction(1)
    if settings.district_weights is not None:
        weight = settings.district_weights.get(district, Fraction(0))
    else:
        weight = Fraction(shares.sellers.get(district, 0), max(1, shares.seller_count))
    share = Fraction(market.district_spend.get(district, 0), whole)
    if weight == 0:
        return Fraction(1 if share == 0 else 0)
    return max(Fraction(0), 1 - share / weight)


def parts_of(
    candidate: Candidate,
    *,
    ring: Ring,
    cheapest: int,
    fixed_price: bool,
    market: Market,
    shares: FairShares,
    settings: SuggestionSettings,
) -> Parts:
    """The parts of one candidate; with a budget price every price counts as equally good."""
    return Parts(
        price=Fraction(1) if fixed_price else Fraction(cheapest, candidate.unit_price),
        distance=RING_VALUE[ring],
        vendor_deficit=vendor_deficit(candidate.owner_group_id, market, shares),
        district_deficit=district_deficit(candidate.district_code, market, shares, settings),
        quality=quality(candidate.record),
        newcomer=newcomer(candidate.record),
    )


def tie_break(need_id: str, vendor_id: str) -> str:
    """Hex sha256 of need and seller; the smaller comes first."""
    return hashlib.sha256((need_id + vendor_id).encode()).hexdigest()

"""The price rule inside one profile: moderation of impossible offers, the premium, HPS, budget price (domain.md 10.1).

Prices are what the buyer pays for one unit. Owner groups are counted: each enters the median with its cheapest offer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from order_service.domain.suggestion.facts import Ask, Candidate

ENOUGH_TO_COMPARE = 3


def median(values: Sequence[int]) -> Fraction:
    """The median as an exact fraction; of an even number the mean of the two in the middle."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return Fraction(ordered[middle])
    return Fraction(ordered[middle - 1] + ordered[middle], 2)


def cheapest_by_group(candidates: Iterable[Candidate]) -> dict[str, int]:
    """The cheapest price of each owner group."""
    prices: dict[str, int] = {}
    for candidate in candidates:
        group = candidate.owner_group_id
        prices[group] = min(candidate.unit_price, prices.get(group, candidate.unit_price))
    return prices


def moderated(candidates: Sequence[Candidate]) -> frozenset[str]:
    """Products below half the median: the seller must confirm them, until then they are out of the comparison."""
    prices = cheapest_by_group(candidates)
    if not prices:
        return frozenset()
    half = median(list(prices.values())) / 2
    return frozenset(candidate.product_id for candidate in candidates if candidate.unit_price < half)


@dataclass(frozen=True, slots=True)
class PriceLimit:
    """The highest price that passes, and the facts it comes from."""

    limit: Fraction
    cheapest: int
    median: Fraction
    compared: int

    def allows(self, price: int) -> bool:
        """Whether a price passes."""
        return price <= self.limit


def price_limit(candidates: Sequence[Candidate], premium: Fraction) -> PriceLimit | None:
    """`max(p_min * (1 + premium), median)` from three groups on, else `p_min * (1 + premium)`; none without offers."""
    prices = list(cheapest_by_group(candidates).values())
    if not prices:
        return None
    cheapest, middle = min(prices), median(prices)
    limit = cheapest * (1 + premium)
    if len(prices) >= ENOUGH_TO_COMPARE:
        limit = max(limit, middle)
    return PriceLimit(limit, cheapest, middle, len(prices))


def above_fixed_price(ask: Ask, price: int) -> str:
    """The reason code where a price is above HPS or budget price; empty if it is not."""
    if ask.hps_unit_price is not None and price > ask.hps_unit_price:
        return "PRICE_ABOVE_HPS"
    if ask.budget_unit_price is not None and price > ask.budget_unit_price:
        return "PRICE_ABOVE_BUDGET"
    return ""

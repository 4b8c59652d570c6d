"""The Theil index and its split into what differs within places and what differs between them."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reporting_service.measures.population import checked


@dataclass(frozen=True, slots=True)
class Decomposition:
    """`total = within + between`; `shares` holds per place its share of spend, of groups, and its own index."""

    total: float
    within: float
    between: float
    shares: Mapping[str, "PlaceShare"]


@dataclass(frozen=True, slots=True)
class PlaceShare:
    """One place: how much of the spend it got, how many of the groups live there, how uneven it is inside."""

    spend_share: float
    group_share: float
    theil: float | None


def theil(values: Iterable[int]) -> float | None:
    """Return `(1/n) sum (x_i/mu) ln(x_i/mu)`, terms of zero being 0; None for nobody or nothing sold."""
    population = checked(values)
    total, count = sum(population), len(population)
    if total == 0:
        return None
    # x/mu = x*n/total; the quotient of whole numbers is rounded once, and equal values give exactly ln 1 = 0.
    return math.fsum(value / total * math.log(value * count / total) for value in population if value)


def theil_decomposition(places: Mapping[str, Iterable[int]]) -> Decomposition | None:
    """Split the index by place: `T = sum s_k T_k + sum s_k ln(s_k/n_k)` (domain.md 10.1).

    A place without groups is left out; one whose groups sold nothing adds 0 to both parts.
    """
    populations = {place: checked(values) for place, values in places.items()}
    populations = {place: values for place, values in populations.items() if values}
    everyone = [value for values in populations.values() for value in values]
    total, count = sum(everyone), len(everyone)
    if total == 0:
        return None
    within: list[float] = []
    between: list[float] = []
    shares: dict[str, PlaceShare] = {}
    for place, values in populations.items():
        spend, inside = sum(values), theil(values)
        shares[place] = PlaceShare(spend / total, len(values) / count, inside)
        if inside is not None:
            within.append(spend / total * inside)
            between.append(spend / total * math.log(spend * count / (total * len(values))))
    return Decomposition(theil(everyone) or 0.0, math.fsum(within), math.fsum(between), shares)

"""Gini, HHI and Theil once more, written from the formulas of the specification and from nothing of the services."""

from collections.abc import Iterable, Mapping
from math import log


def gini(values: Iterable[int]) -> float:
    """Mean absolute difference of all pairs over twice the mean: the definition, not the sorted short form."""
    x = list(values)
    return sum(abs(a - b) for a in x for b in x) / (2 * len(x) * sum(x))


def hhi(values: Iterable[int]) -> float:
    x = list(values)
    return sum((100 * value / sum(x)) ** 2 for value in x)


def theil(values: Iterable[int]) -> float:
    x = list(values)
    mean = sum(x) / len(x)
    return sum(value / mean * log(value / mean) for value in x if value) / len(x)


def theil_parts(places: Mapping[str, list[int]]) -> tuple[float, float]:
    """Return what differs within places and what differs between them."""
    everyone = [value for values in places.values() for value in values]
    within = between = 0.0
    for values in places.values():
        if sum(values):
            spend, sellers = sum(values) / sum(everyone), len(values) / len(everyone)
            within += spend * theil(values)
            between += spend * log(spend / sellers)
    return within, between

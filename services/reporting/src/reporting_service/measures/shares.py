"""Plain shares: reach, and what part of the spend went to small firms, local sellers or newcomers."""

from collections.abc import Iterable

from reporting_service.measures.population import checked

UMK_TARGET = 0.40
"""Share of goods and services spend that small firms and cooperatives must get at least (Perpres 12/2021, art. 65)."""


def reach(values: Iterable[int]) -> float | None:
    """Return the share of groups that sold anything; None for nobody."""
    population = checked(values)
    return ratio(sum(1 for value in population if value), len(population))


def ratio(part: int, whole: int) -> float | None:
    """Return part / whole; None when the whole is nothing."""
    return part / whole if whole else None

"""Concentration: the Herfindahl-Hirschman index, the number of equal sellers it stands for, and top shares."""

from collections.abc import Iterable

from reporting_service.measures.population import checked


def hhi(values: Iterable[int]) -> float | None:
    """Return `10,000 * sum (x_i/X)^2`, between 0 and 10,000; None for nobody or nothing sold."""
    population = checked(values)
    total = sum(population)
    if total == 0:
        return None
    return 10_000 * sum(value * value for value in population) / (total * total)


def effective_number(values: Iterable[int]) -> float | None:
    """Return the effective number, `10,000/HHI`: how many equal sellers would be as concentrated as these."""
    population = checked(values)
    squares = sum(value * value for value in population)
    if squares == 0:
        return None
    return sum(population) ** 2 / squares


def top_share(values: Iterable[int], count: int) -> float | None:
    """Return the share of all spend that the `count` largest groups hold; None when nothing was sold."""
    population = sorted(checked(values), reverse=True)
    total = sum(population)
    if total == 0:
        return None
    return sum(population[:count]) / total

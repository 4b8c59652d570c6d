"""What a population of a measure must be, checked in one place: whole, not negative."""

from collections.abc import Iterable


def checked(values: Iterable[int]) -> list[int]:
    """Return the values as a list.

    Raises:
        ValueError: A value is negative: spend is value handed over, which cannot be below zero.
    """
    population = list(values)
    if any(value < 0 for value in population):
        raise ValueError("spend of a group cannot be negative")
    return population

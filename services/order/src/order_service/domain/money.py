"""Whole rupiah and exact rates: the only place that rounds money, so that rounding is one rule and not many.

Amounts are `int`. A rate is a fraction of two integers. Rounding is to the whole rupiah, one half upwards
(PER-11/PJ/2025 article 129), except where a law says "floor" (the late fee).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

MAX_IDR = 10**15


def round_half_up(numerator: int, denominator: int) -> int:
    """Divide and round to the nearest whole number, one half upwards.

    Args:
        numerator: Any integer.
        denominator: A positive integer.
    """
    if denominator <= 0:
        raise ValueError("the denominator must be positive")
    return (2 * numerator + denominator) // (2 * denominator)


def round_fraction(value: Fraction) -> int:
    """Round an exact fraction of rupiah, one half upwards."""
    return round_half_up(value.numerator, value.denominator)


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate as a fraction of two integers, for example 15/1000 for 1.5 %."""

    numerator: int
    denominator: int

    def __post_init__(self) -> None:
        if self.denominator <= 0 or self.numerator < 0:
            raise ValueError("a rate is not negative and has a positive denominator")

    def of(self, amount: int) -> int:
        """Take the rate of an amount, rounded half up to whole rupiah."""
        return round_half_up(amount * self.numerator, self.denominator)

    def times(self, numerator: int, denominator: int = 1) -> "Rate":
        """Multiply the rate, for example doubled without NPWP."""
        return Rate(self.numerator * numerator, self.denominator * denominator)

    def fraction(self) -> Fraction:
        """The rate as an exact fraction."""
        return Fraction(self.numerator, self.denominator)

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"


def split_by_weight(total: int, weights: Sequence[int]) -> list[int]:
    """Split a total by weights: every part rounded half up, the last one with a weight takes the remainder.

    The parts add up to the total exactly and none is negative for a total that is not negative.
    """
    parts = [0] * len(weights)
    whole = sum(weights)
    if whole == 0 or total == 0:
        return parts
    positions = [index for index, weight in enumerate(weights) if weight > 0]
    left = total
    for index in positions[:-1]:
        parts[index] = min(left, round_half_up(total * weights[index], whole))
        left -= parts[index]
    parts[positions[-1]] = left
    return parts


def rupiah(amount: int) -> str:
    """Write an amount for a person, for example `Rp1.250.000`."""
    return "Rp" + f"{amount:,}".replace(",", ".")

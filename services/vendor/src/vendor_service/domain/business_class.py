"""Which class a business belongs to, by the law of the day (domain.md 2.1).

Capital is the test at the start, turnover the test once the business has run for a year; the two are alternatives.
Limits are inclusive: "paling banyak".
"""

import enum
from dataclasses import dataclass
from datetime import date


class BusinessClass(enum.StrEnum):
    """Class of a business; micro and small together are "usaha kecil" in procurement law."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class ClassRule:
    """Upper limits in rupiah for micro, small and medium, from a day on."""

    effective_from: date
    source: str
    capital_limits: tuple[int, int, int]
    turnover_limits: tuple[int, int, int]


RULES = (
    ClassRule(
        date(2008, 7, 4),
        "UU 20/2008 pasal 6",
        (50_000_000, 500_000_000, 10_000_000_000),
        (300_000_000, 2_500_000_000, 50_000_000_000),
    ),
    ClassRule(
        date(2021, 2, 2),
        "PP 7/2021 pasal 35",
        (1_000_000_000, 5_000_000_000, 10_000_000_000),
        (2_000_000_000, 15_000_000_000, 50_000_000_000),
    ),
)
_ORDER = (BusinessClass.MICRO, BusinessClass.SMALL, BusinessClass.MEDIUM)


def rule_on(day: date) -> ClassRule:
    """Return the rule in force on a day; before the first, the first."""
    found = RULES[0]
    for rule in RULES:
        if rule.effective_from <= day:
            found = rule
    return found


def class_by_capital(capital_idr: int, day: date) -> BusinessClass:
    """Return the class that capital without land and premises gives."""
    return _class(capital_idr, rule_on(day).capital_limits)


def class_by_turnover(turnover_idr: int, day: date) -> BusinessClass:
    """Return the class that a year's turnover gives."""
    return _class(turnover_idr, rule_on(day).turnover_limits)


def derive_class(
    *, capital_idr: int | None, turnover_idr: int | None, start_year: int | None, day: date
) -> BusinessClass | None:
    """Return the class as the law sees it on a day; none if neither figure is known.

    Turnover counts once the business is older than twelve months, or if its age is unknown and no capital is given.
    """
    older = start_year is not None and start_year < day.year - 1
    if turnover_idr is not None and (older or capital_idr is None or start_year is None):
        return class_by_turnover(turnover_idr, day)
    if capital_idr is not None:
        return class_by_capital(capital_idr, day)
    return None


def _class(amount: int, limits: tuple[int, int, int]) -> BusinessClass:
    for limit, name in zip(limits, _ORDER, strict=True):
        if amount <= limit:
            return name
    return BusinessClass.LARGE

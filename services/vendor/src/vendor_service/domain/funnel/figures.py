"""What the figures of the funnel say: conversion, the slowest kecamatan, and what four weeks' pace leads to.

All whole numbers: shares in per mille, forecasts by the count of the last 28 days (domain.md 10.3).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from vendor_service.domain.profile import MILESTONE_NAMES

PACE_DAYS = 28
"""Forecasts go on at the pace of the last four weeks."""

FARTHEST_DAYS = 36_525
"""Nothing is forecast beyond a hundred years."""

STEPS = (("collected", "account"), ("account", "verified"), ("verified", "published"), ("published", "first_sale"))
"""From which milestone to which the days are counted. Training may come at any time and is no step of its own."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One kecamatan, or the whole region.

    Attributes:
        reached: Businesses that have reached each milestone, by name.
        recent: Those that reached it within the last 28 days.
        active: On sale and not held by a standing.
        standings: Businesses by standing.
        median_days: Days between two milestones, half took less; none if nobody has reached the second.
    """

    district_code: str | None
    district_name: str | None
    reached: Mapping[str, int]
    recent: Mapping[str, int]
    active: int
    standings: Mapping[str, int]
    median_days: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Target:
    """What a kecamatan is to reach by a day; `version` counts its changes from 1."""

    district_code: str
    milestone: str
    target: int
    due_on: date
    version: int = 1


def per_mille(part: int, whole: int) -> int | None:
    """Return a share in thousandths, rounded down; none of nothing."""
    return part * 1000 // whole if whole else None


def conversion(figures: Figures) -> dict[str, dict[str, int | None]]:
    """Return for each milestone after the first its count, and its share of all collected and of the step before."""
    counts = figures.reached
    before = dict(zip(MILESTONE_NAMES[1:], MILESTONE_NAMES, strict=False))
    return {
        name: {
            "count": counts[name],
            "of": counts["collected"],
            "per_mille": per_mille(counts[name], counts["collected"]),
            "per_mille_of_step_before": per_mille(counts[name], counts[before[name]]),
        }
        for name in MILESTONE_NAMES[1:]
    }


def slowest(districts: Iterable[Figures]) -> Figures | None:
    """Return the kecamatan with the smallest share of accounts among those collected; ties by code."""
    with_rows = [one for one in districts if one.reached["collected"]]
    return min(
        with_rows,
        key=lambda one: (one.reached["account"] * 10**9 // one.reached["collected"], one.district_code or ""),
        default=None,
    )


def forecast(figures: Figures, days: int) -> dict[str, int]:
    """Return how many will have reached each milestone in some days, at the pace of the last 28; never above all."""
    most = max(figures.reached["collected"] + figures.recent["collected"] * days // PACE_DAYS, 0)
    return {
        name: min(figures.reached[name] + figures.recent[name] * days // PACE_DAYS, most) for name in MILESTONE_NAMES
    }


def expected_on(figures: Figures, milestone: str, target: int, today: date) -> date | None:
    """Return the day on which a target is reached at that pace: today if it is, none if nothing moves."""
    missing = target - figures.reached[milestone]
    if missing <= 0:
        return today
    pace = figures.recent[milestone]
    if pace == 0:
        return None
    days = -(-missing * PACE_DAYS // pace)
    return today + timedelta(days=days) if days <= FARTHEST_DAYS else None

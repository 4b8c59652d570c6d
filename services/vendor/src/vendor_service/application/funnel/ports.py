"""What the figures need from outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from vendor_service.domain.funnel.figures import Figures, Target
from vendor_service.domain.vendor import Moment


@dataclass(frozen=True, slots=True)
class AllFigures:
    """The whole region, and each kecamatan, those without a business included."""

    total: Figures
    districts: Sequence[Figures]


class FunnelFigures(Protocol):
    """Figures and targets of the region; each list is one grouped query."""

    async def all(self, today: date) -> AllFigures:
        """Return counts, paces, standings and medians."""

    async def by_officer(self, since: datetime) -> Sequence[dict[str, Any]]:
        """Return how many businesses each person and role has moved past each milestone, or changed the standing of."""

    async def drops(self, since: datetime, limit: int) -> Sequence[dict[str, Any]]:
        """Return why businesses were refused or left the way, the most frequent first."""

    async def targets(self) -> Sequence[Target]:
        """Return every target."""

    async def target(self, district_code: str, milestone: str) -> Target | None:
        """Return one target, locked."""

    async def set_target(self, target: Target, moment: Moment) -> None:
        """Store a target in the place of the one before."""

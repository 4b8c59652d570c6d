"""What readiness needs from outside; part of the unit of work of one region."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from vendor_service.domain.readiness.papers import Paper, PaperKind
from vendor_service.domain.vendor import Moment


@dataclass(frozen=True, slots=True)
class ReadinessFilter:
    """What a list of readiness is narrowed to; `missing` is one of the five requirements."""

    points: int | None = None
    at_least: int | None = None
    district: str | None = None
    missing: str | None = None


class ReadinessStore(Protocol):
    """Papers of the region's businesses, and how many points each has."""

    async def papers(self, vendor_id: UUID) -> Mapping[PaperKind, Paper]:
        """Return the papers of a business by kind."""

    async def put_paper(self, vendor_id: UUID, paper: Paper, moment: Moment) -> None:
        """Store a paper; the last one of a kind counts."""

    async def blacklisted(self, vendor_id: UUID, on: date) -> bool:
        """Say whether a blacklisting of the business is in force on a day."""

    async def page(self, wanted: ReadinessFilter, on: date, after: UUID | None, limit: int) -> list[dict[str, Any]]:
        """Return businesses with their points and what each lacks; closed and merged ones are left out."""

    async def districts(self, on: date) -> list[dict[str, Any]]:
        """Return per kecamatan how many businesses have how many points and lack what, by one statement."""

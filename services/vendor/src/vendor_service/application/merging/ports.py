"""What merging needs from outside, inside one open transaction of a region."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from vendor_service.domain.merging.merge import Merge
from vendor_service.domain.vendor import Moment


class CandidateState(StrEnum):
    """Where a pair of businesses that may be one stands."""

    OPEN = "open"
    MERGED = "merged"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pair of businesses that may be one.

    Attributes:
        vendor_id: The one that came later.
        rule: Why they were taken for one.
    """

    vendor_id: UUID
    other_vendor_id: UUID
    rule: str
    found_at: datetime
    state: CandidateState


Pair = tuple[UUID, UUID]


class Merging(Protocol):
    """The merge queue and the merges of the region."""

    async def candidate(self, pair: Pair) -> Candidate:
        """Return a pair, locked; refuses with MERGE_CANDIDATE_NOT_FOUND."""

    async def page(self, state: CandidateState, after: Pair | None, limit: int) -> list[Candidate]:
        """Return pairs in a state."""

    async def decide(self, pair: Pair, state: CandidateState, moment: Moment, reason: str) -> None:
        """Note what was decided about a pair."""

    async def follow(self, merged_id: UUID, survivor_id: UUID, moment: Moment) -> None:
        """Let the open questions about a merged business be asked about the one it lives on in."""

    async def withdraw(self, vendor_ids: Iterable[UUID], moment: Moment) -> None:
        """Drop the open questions about businesses that were taken back."""

    async def add(self, merge: Merge) -> None:
        """Keep a merge."""

    async def of(self, vendor_id: UUID) -> Merge:
        """Return the merge that a business is in; refuses with NOT_MERGED."""

    async def into(self, survivor_id: UUID) -> list[UUID]:
        """Return the businesses that live on in another one."""

    async def merged_first(self, survivor_id: UUID) -> list[UUID]:
        """Return the businesses that were merged into this one itself, whatever it was merged into later."""

    async def end(self, merge: Merge, moment: Moment) -> None:
        """Note that a merge was undone."""

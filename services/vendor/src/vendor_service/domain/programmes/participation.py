"""What becomes of an invitation: confirmed or declined by the seller, attended or not as the list of the day says.

An attendance stays: the milestone `trained` may rest on it, and milestones are never cleared (domain.md 2.4).
"""

import enum
from dataclasses import dataclass
from uuid import UUID


class Participation(enum.StrEnum):
    """Where a business stands with a session."""

    INVITED = "invited"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    ATTENDED = "attended"
    ABSENT = "absent"


SEEN = frozenset({Participation.ATTENDED, Participation.ABSENT})
"""What the attendance list says."""


@dataclass(frozen=True, slots=True)
class Known:
    """What decides about an attendance of a business.

    Attributes:
        trained: Whether the milestone is set.
        merged_into: The record it lives on in, if it was merged.
    """

    trained: bool
    merged_into: UUID | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of one line of an attendance list.

    Attributes:
        verdict: recorded, unchanged or refused.
        reason: Why it was refused or changed nothing.
        first_training: Whether the milestone was set by it.
        merged_into: The record to name instead, if this one was merged.
    """

    vendor_id: UUID
    verdict: str
    reason: str | None = None
    first_training: bool = False
    merged_into: UUID | None = None


def judge(vendor_id: UUID, seen: Participation, before: Participation | None, known: Known | None) -> Mark:
    """Say what an attendance list's line does to a business; the first training is found out later."""
    if known is None:
        return Mark(vendor_id, "refused", "VENDOR_NOT_FOUND")
    if known.merged_into is not None:
        return Mark(vendor_id, "refused", "VENDOR_MERGED", merged_into=known.merged_into)
    if before is seen:
        return Mark(vendor_id, "unchanged")
    if before is Participation.ATTENDED:
        return Mark(vendor_id, "unchanged", "ATTENDANCE_STAYS")
    return Mark(vendor_id, "recorded")

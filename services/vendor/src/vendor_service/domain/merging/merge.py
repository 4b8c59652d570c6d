"""Two records of one business: one lives on with all that is known, the other keeps its id and points to it.

Nothing is deleted and nothing of the survivor is overwritten, so that it can be undone (domain.md 2.4, 10.3).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from vendor_service.domain.events import Membership
from vendor_service.domain.imports.changes.undo import plain
from vendor_service.domain.imports.changes.values import known_values, set_values
from vendor_service.domain.imports.verdict import gaps
from vendor_service.domain.merging.errors import AlreadyMerged, MergeLosesVerification, MergeWithItself, UnmergeTooLate
from vendor_service.domain.owner import Owner, is_one_person
from vendor_service.domain.profile import Milestones
from vendor_service.domain.standing import Standing
from vendor_service.domain.vendor import Moment, Vendor

UNMERGE_DAYS = 90
MERGED, UNMERGED = "MERGED", "UNMERGED"


@dataclass(frozen=True, slots=True)
class Taken:
    """What the survivor took over, for the day the merge is undone.

    Attributes:
        values: Fields that were empty and what they were filled with.
        owners: Persons who were added.
        milestones: Name of a milestone -> what it was before, what it became; dates as text.
        members: Grants that let the other's people act for the survivor.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    owners: tuple[str, ...] = ()
    milestones: Mapping[str, tuple[str | None, str]] = field(default_factory=dict)
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Merge:
    """One merge as it is kept.

    Attributes:
        vendor_id: The business that was merged away.
        former_standing: Its standing before.
    """

    merge_id: UUID
    vendor_id: UUID
    survivor_id: UUID
    former_standing: Standing
    merged_at: datetime
    merged_by: str
    reason: str
    taken: Taken
    undone_at: datetime | None = None
    undone_by: str | None = None


def merge(survivor: Vendor, other: Vendor, members: tuple[Membership, ...], moment: Moment, reason: str) -> Taken:
    """Let a business live on with everything known of another, and point the other to it.

    Args:
        survivor: Keeps its id, its values, its verification.
        other: Keeps its id too; its standing becomes merged.
        members: Who is to act for the survivor beside those who do.
        moment: Who merges, and when.
        reason: Why, in words.

    Raises:
        MergeWithItself: They are one record.
        AlreadyMerged: One of them lives on in a third.
        MergeLosesVerification: Only the other is verified.
    """
    if survivor.vendor_id == other.vendor_id:
        raise MergeWithItself
    for one in (survivor, other):
        if one.merged_into is not None:
            raise AlreadyMerged(str(one.merged_into))
    if other.band is not None and survivor.band is None:
        raise MergeLosesVerification
    values = _fill(survivor, other)
    owners = _new_owners(survivor, other)
    survivor.owners = (*survivor.owners, *owners)
    milestones = _earliest(survivor, other)
    survivor.members = (*survivor.members, *members)
    set_values(survivor, values, moment, MERGED)
    other.point_to(survivor.vendor_id, moment, reason or MERGED)
    return Taken(
        {name: plain(value) for name, value in values.items()},
        tuple(str(owner.owner_id) for owner in owners),
        milestones,
        tuple(member.grant_id for member in members),
    )


def unmerge(survivor: Vendor, other: Vendor, kept: Merge, moment: Moment) -> tuple[Membership, ...]:
    """Give a merged business its former standing, and take from the survivor what came from it and is unchanged.

    Returns:
        The grants that are revoked by this.

    Raises:
        UnmergeTooLate: The merge is older than ninety days.
    """
    if moment.now > kept.merged_at + timedelta(days=UNMERGE_DAYS):
        raise UnmergeTooLate(UNMERGE_DAYS)
    taken = kept.taken
    now = {name: plain(value) for name, value in known_values(survivor).items()}
    former = {
        name: None
        for name, value in taken.values.items()
        if now.get(name) == value and name not in survivor.verified_fields
    }
    survivor.owners = tuple(owner for owner in survivor.owners if str(owner.owner_id) not in taken.owners)
    dates = {f"{name}_on": before for name, (before, after) in taken.milestones.items() if _on(survivor, name) == after}
    survivor.milestones = survivor.milestones.with_dates(dates)
    revoked = tuple(
        replace(member, revoked=True, version=member.version + 1)
        for member in survivor.members
        if member.grant_id in taken.members and not member.revoked
    )
    by_id = {member.grant_id: member for member in revoked}
    survivor.members = tuple(by_id.get(member.grant_id, member) for member in survivor.members)
    set_values(survivor, former, moment, UNMERGED)
    other.stand_alone(kept.former_standing, moment, UNMERGED)
    return revoked


def _fill(survivor: Vendor, other: Vendor) -> dict[str, Any]:
    """Return what the other knows and the survivor does not; a person's number only for the same person."""
    theirs, ours = known_values(other), known_values(survivor)
    same_person = bool(survivor.owners and other.owners and _is_same(survivor.owners[0], other.owners[0]))
    names = gaps(ours, theirs)
    person = {field.name for field in fields(Owner)} | {"owner_name"}
    return {name: theirs[name] for name in names if same_person or name not in person}


def _new_owners(survivor: Vendor, other: Vendor) -> tuple[Owner, ...]:
    there = survivor.owners
    return tuple(owner for owner in other.owners if not any(_is_same(owner, one) for one in there))


def _is_same(a: Owner, b: Owner) -> bool:
    return a.owner_id == b.owner_id or is_one_person(a.name, a.nik, b.name, b.nik)


def _earliest(survivor: Vendor, other: Vendor) -> dict[str, tuple[str | None, str]]:
    """Set every milestone to the earlier of the two days; return what that changed."""
    changed: dict[str, tuple[str | None, str]] = {}
    for name in (one.name.removesuffix("_on") for one in fields(Milestones)):
        ours, theirs = _on(survivor, name), _on(other, name)
        if theirs is not None and (ours is None or theirs < ours):
            changed[name] = (ours, theirs)
    survivor.milestones = survivor.milestones.with_dates({f"{name}_on": new for name, (_, new) in changed.items()})
    return changed


def _on(vendor: Vendor, name: str) -> str | None:
    day = getattr(vendor.milestones, f"{name}_on")
    return None if day is None else day.isoformat()

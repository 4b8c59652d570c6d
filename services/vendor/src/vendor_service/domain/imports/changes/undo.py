"""What becomes of one business when an import is undone (domain.md 10.3): rows nobody touched since are withdrawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from vendor_service.domain.imports.changes.values import known_values, set_values
from vendor_service.domain.standing import Standing
from vendor_service.domain.vendor import Moment, Vendor

UNDO_DAYS = 30
UNDONE = "IMPORT_UNDONE"


class KeptBecause(StrEnum):
    """Why a business stays as it is."""

    TOUCHED = "CHANGED_SINCE"
    FIELDS_CHANGED = "FIELDS_CHANGED_SINCE"
    VERIFIED = "FIELDS_VERIFIED_SINCE"


@dataclass(frozen=True, slots=True)
class Change:
    """What one row of an import did to a business that was there.

    Attributes:
        version: The version of the business that it led to.
        fields: Name of a field -> what it held before, what the import set.
    """

    row_number: int
    vendor_id: UUID
    version: int
    fields: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A business that an undo left, wholly or in some fields, and why."""

    vendor_id: UUID
    reason: KeptBecause
    fields: tuple[str, ...] = field(default_factory=tuple)


def withdraw(vendor: Vendor, moment: Moment) -> Kept | None:
    """Close a business that the import entered; one whose standing was changed since stays."""
    if vendor.standing is not Standing.OK:
        return Kept(vendor.vendor_id, KeptBecause.TOUCHED)
    vendor.set_standing(Standing.CLOSED, moment, UNDONE)
    return None


def put_back(vendor: Vendor, changes: Sequence[Change], moment: Moment) -> Kept | None:
    """Give the fields that an import set their former values, where they still hold what it set."""
    now = {name: plain(value) for name, value in known_values(vendor).items()}
    former: dict[str, Any] = {}
    differing: list[str] = []
    verified: list[str] = []
    for change in sorted(changes, key=lambda one: one.row_number, reverse=True):
        for name, (before, after) in change.fields.items():
            if former.get(name, now.get(name)) != after:
                differing.append(name)
            elif name in vendor.verified_fields:
                verified.append(name)
            else:
                former[name] = before
    if former:
        set_values(vendor, former, moment, UNDONE)
    if differing:
        return Kept(vendor.vendor_id, KeptBecause.FIELDS_CHANGED, tuple(dict.fromkeys(differing + verified)))
    if verified:
        return Kept(vendor.vendor_id, KeptBecause.VERIFIED, tuple(verified))
    return None


def change_of(row_number: int, vendor: Vendor, names: Sequence[str], before: Mapping[str, Any]) -> Change:
    """Return what a row did, given the values from before it."""
    after = known_values(vendor)
    fields = {name: (plain(before.get(name)), plain(after.get(name))) for name in names}
    return Change(row_number, vendor.vendor_id, vendor.version, fields)


def plain(value: Any) -> Any:
    """Return a value as it comes back out of a sealed text."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value) if isinstance(value, StrEnum) else value

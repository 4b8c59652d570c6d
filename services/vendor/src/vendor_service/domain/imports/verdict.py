"""The one verdict of a row, and what a row may change about a business that is already in the register."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from vendor_service.domain.profile import OWNER_FIELDS, PRIVATE_FIELDS, PROFILE_FIELDS


class Verdict(StrEnum):
    """What a row is, exclusively."""

    NEW = "new"
    UPDATE = "update"
    DUPLICATE = "duplicate"
    POSSIBLE_DUPLICATE = "possible_duplicate"
    REJECTED = "rejected"


CREATES = frozenset({Verdict.NEW, Verdict.POSSIBLE_DUPLICATE})
"""Verdicts whose rows become businesses; a possible duplicate also becomes a question in the merge queue."""

# Facts about the row rather than the business: a different value is no reason to call a row an update.
_ABOUT_THE_ROW = frozenset({"source", "data_year", "note"})
_MATCHED_ON = frozenset({"nik", "nib", "npwp"})


@dataclass(frozen=True, slots=True)
class Judged:
    """A row after comparison.

    Attributes:
        vendor_id: The business it becomes, or the one it speaks of; none if rejected.
        other_id: The business it may be the same as.
        changes: Names of the fields it would set in an existing business.
    """

    verdict: Verdict
    vendor_id: UUID | None
    reasons: tuple[str, ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()
    other_id: UUID | None = None
    changes: tuple[str, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Changes:
    """What an import would do to a business: fields to set, and verified fields that it may not touch."""

    fields: tuple[str, ...]
    kept: tuple[str, ...]


def compare(known: Mapping[str, Any], incoming: Mapping[str, Any], verified: frozenset[str]) -> Changes:
    """Return what differs: gaps are filled, differing values replace what was never verified."""
    changed: list[str] = []
    kept: list[str] = []
    for name in (*PROFILE_FIELDS, *PRIVATE_FIELDS, *OWNER_FIELDS):
        value = incoming.get(name)
        if value is None or name in _ABOUT_THE_ROW or _same(known.get(name), value):
            continue
        if known.get(name) is None or (name not in verified and name not in _MATCHED_ON):
            changed.append(name)
        else:
            kept.append(name)
    return Changes(tuple(changed), tuple(kept))


def gaps(known: Mapping[str, Any], incoming: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a row knows where nothing is known yet."""
    return tuple(
        name
        for name in (*PROFILE_FIELDS, *PRIVATE_FIELDS, *OWNER_FIELDS)
        if known.get(name) is None and incoming.get(name) is not None and name not in _ABOUT_THE_ROW
    )


def _same(known: object, value: object) -> bool:
    if isinstance(known, str) and isinstance(value, str):
        return " ".join(known.split()).casefold() == " ".join(value.split()).casefold()
    return known == value

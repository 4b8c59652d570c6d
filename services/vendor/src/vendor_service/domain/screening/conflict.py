"""A conflict of interest of one business: found, released by a letter, or gone (domain.md 1.2, 2.4).

A government employee among the owners may not be a seller unless on unpaid leave, so the business is blocked until the
letter is there. A phone or bank account that an employee has too is only shown to the verifier: agents and koperasi
lend theirs, and are left out.
"""

import enum
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from vendor_service.domain.vendor import Moment


class ConflictKind(enum.StrEnum):
    """What was found."""

    EMPLOYEE_OWNER = "employee_owner"
    EMPLOYEE_CONTACT = "employee_contact"
    DECLARED = "declared"


class ConflictState(enum.StrEnum):
    """Where it stands."""

    OPEN = "open"
    RELEASED = "released"
    GONE = "gone"


BLOCKING = frozenset({ConflictKind.EMPLOYEE_OWNER, ConflictKind.DECLARED})


@dataclass(slots=True)
class Conflict:
    """One kind of conflict of one business."""

    vendor_id: UUID
    kind: ConflictKind
    state: ConflictState
    found_on: date
    letter: str | None = None
    released_until: date | None = None
    decided_by: dict[str, Any] | None = None
    decided_at: datetime | None = None

    @property
    def blocks(self) -> bool:
        """Whether it keeps the business from verification and new orders."""
        return self.state is ConflictState.OPEN and self.kind in BLOCKING

    def release(self, letter: str, until: date | None, moment: Moment) -> None:
        """End it by a letter, for as long as the leave lasts."""
        self.state, self.letter, self.released_until = ConflictState.RELEASED, letter, until
        self.decided_by, self.decided_at = {"principal": moment.actor.principal, "role": moment.actor.role}, moment.now

    def found(self, today: date) -> bool:
        """Note that it is there; say whether that changes anything."""
        ended = self.released_until is not None and self.released_until < today
        if self.state is ConflictState.OPEN or (self.state is ConflictState.RELEASED and not ended):
            return False
        self.state, self.found_on = ConflictState.OPEN, today
        self.letter = self.released_until = self.decided_by = self.decided_at = None
        return True

    def not_found(self) -> bool:
        """Note that it is there no more; say whether that changes anything."""
        if self.state is ConflictState.GONE:
            return False
        self.state = ConflictState.GONE
        return True


def settled(
    vendor_id: UUID, known: list[Conflict], found: frozenset[ConflictKind], today: date
) -> tuple[list[Conflict], list[Conflict]]:
    """Return all conflicts of a business after a screening, and those of them that changed; declared ones stay."""
    by_kind = {one.kind: one for one in known}
    changed = []
    for kind in (ConflictKind.EMPLOYEE_OWNER, ConflictKind.EMPLOYEE_CONTACT):
        one = by_kind.get(kind)
        if kind in found:
            if one is None:
                one = by_kind[kind] = Conflict(vendor_id, kind, ConflictState.GONE, today)
            if one.found(today):
                changed.append(one)
        elif one is not None and one.not_found():
            changed.append(one)
    return list(by_kind.values()), changed

"""What an officer has to look at: asked for by the seller, or opened by a change that must not pass unseen.

Only `standing` and `identity` stop new orders, through the standing `in_review`; a bank change holds the payout, and a
first NIB or NPWP, a verification or a renewal leave the business selling at the band it has (domain.md 2.4).
"""

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from bela_kit.core.actor import Actor
from bela_kit.core.tenancy import TenantId

from vendor_service.domain.profile import Band
from vendor_service.domain.reviews.errors import HeadDecides, NoteMissing, ReviewClosed, ReviewCoolingOff
from vendor_service.domain.reviews.refusals import RefusalCode
from vendor_service.domain.standing import KOPERINDAG
from vendor_service.domain.vendor import Moment


class ReviewKind(enum.StrEnum):
    """What is looked at."""

    VERIFICATION = "verification"
    UPGRADE = "upgrade"
    RENEWAL = "renewal"
    BANK = "bank"
    IDENTITY = "identity"
    STANDING = "standing"


class ReviewState(enum.StrEnum):
    """How it ended, if it has."""

    OPEN = "open"
    PASSED = "passed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


BY_FINDING = frozenset({ReviewKind.VERIFICATION, ReviewKind.UPGRADE, ReviewKind.RENEWAL})
"""Passed by an officer's finding about a band, never by a mere yes."""
HOLDS_ORDERS = frozenset({ReviewKind.IDENTITY, ReviewKind.STANDING})
"""While one is open, the business is `in_review`."""


@dataclass(slots=True)
class Review:
    """One look at one business.

    Attributes:
        band: The band that is asked for.
        proposed: Names and numbers that a review of identity would set, by field; sealed wherever it is stored.
        not_before: Nobody decides earlier.
        due_on: The day by which a renewal must be done.
        escalated_on: Since when the head of the department decides.
        reminders: How many the seller has had.
    """

    tenant: TenantId
    review_id: UUID
    vendor_id: UUID
    kind: ReviewKind
    reason: str
    opened_by: Actor
    opened_at: datetime
    band: Band | None = None
    evidence_ids: tuple[UUID, ...] = ()
    proposed: dict[str, Any] = field(default_factory=dict)
    not_before: datetime | None = None
    due_on: date | None = None
    escalated_on: date | None = None
    reminders: int = 0
    state: ReviewState = ReviewState.OPEN
    decided_by: Actor | None = None
    decided_at: datetime | None = None
    refusal_codes: tuple[RefusalCode, ...] = ()
    note: str = ""
    version: int = 1

    def pass_(self, moment: Moment, note: str = "") -> None:
        """End the review with a yes."""
        self._may_be_decided(moment)
        self._end(ReviewState.PASSED, moment, note)

    def refuse(self, moment: Moment, codes: Iterable[RefusalCode], note: str) -> None:
        """End the review with a no, and say why; the seller may apply again at once."""
        self._may_be_decided(moment)
        found = tuple(dict.fromkeys(codes))
        if RefusalCode.OTHER in found and not note.strip():
            raise NoteMissing
        self.refusal_codes = found
        self._end(ReviewState.REFUSED, moment, note)

    def withdraw(self, moment: Moment, note: str = "") -> None:
        """End the review because what it was about is gone."""
        self._check_open()
        self._end(ReviewState.WITHDRAWN, moment, note)

    def lapse(self, moment: Moment) -> None:
        """End the review because nobody decided in time."""
        self._check_open()
        self._end(ReviewState.LAPSED, moment, "")

    def escalate(self, today: date) -> bool:
        """Hand the decision to the department's head; say whether it was not there yet."""
        self._check_open()
        if self.escalated_on is not None:
            return False
        self.escalated_on = today
        return True

    def _may_be_decided(self, moment: Moment) -> None:
        self._check_open()
        if self.not_before is not None and moment.now < self.not_before:
            raise ReviewCoolingOff(self.not_before)
        if self.escalated_on is not None and moment.actor.role == KOPERINDAG:
            raise HeadDecides

    def _check_open(self) -> None:
        if self.state is not ReviewState.OPEN:
            raise ReviewClosed(self.state)

    def _end(self, state: ReviewState, moment: Moment, note: str) -> None:
        self.state, self.note = state, note
        self.decided_by, self.decided_at = moment.actor, moment.now

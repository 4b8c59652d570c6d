"""What a person may ask of the register about their own data (UU 27/2022 pasal 5-8): correction and erasure.

Access needs no decision and is given at once. The other two wait for an officer, who answers within 3 x 24 hours
(pasal 30 for correction, pasal 43 and 44 for erasure).
"""

import enum
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from vendor_service.domain.personal_data.errors import DataRequestDecided, SelfDecision

ANSWER_WITHIN = timedelta(hours=72)


class RequestKind(enum.StrEnum):
    """What is asked for."""

    CORRECTION = "correction"
    ERASURE = "erasure"


class RequestState(enum.StrEnum):
    """How far a request is."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"


@dataclass(slots=True)
class DataRequest:
    """One request about one business.

    Attributes:
        values: Fields to be corrected, by name; sealed wherever they are stored.
        words: What the person said; sealed too, since people write numbers into it.
        outcome: What was done: changed fields, or what was erased and what was kept, each with its reason.
    """

    request_id: UUID
    vendor_id: UUID
    kind: RequestKind
    asked_by: str
    asked_role: str
    asked_at: datetime
    values: dict[str, Any] = field(default_factory=dict)
    words: str = ""
    state: RequestState = RequestState.OPEN
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision: str | None = None
    outcome: dict[str, Any] = field(default_factory=dict)

    @property
    def answer_by(self) -> datetime:
        """Return when the law wants an answer."""
        return self.asked_at + ANSWER_WITHIN

    def decide(self, granted: bool, principal: str, reason: str, now: datetime) -> None:
        """Answer the request, once.

        Raises:
            DataRequestDecided: It has its answer.
            SelfDecision: The officer asked for it themselves.
        """
        if self.state is not RequestState.OPEN:
            raise DataRequestDecided
        if principal == self.asked_by:
            raise SelfDecision
        self.state = RequestState.GRANTED if granted else RequestState.REFUSED
        self.decided_by, self.decided_at, self.decision = principal, now, reason

"""The states of an order and which state may follow which (domain.md 7.2)."""

import enum
from dataclasses import dataclass
from datetime import datetime


class OrderState(enum.StrEnum):
    """States of domain.md 7.2; `submitted` and `agreed` are passed through at once."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    OFFER_PENDING = "offer_pending"
    NEGOTIATING = "negotiating"
    AGREED = "agreed"
    PPK_REVIEW = "ppk_review"
    SP_ISSUED = "sp_issued"
    CONFIRMED = "confirmed"
    IN_PROGRESS = "in_progress"
    PARTLY_DELIVERED = "partly_delivered"
    DELIVERED = "delivered"
    INSPECTED = "inspected"
    HANDED_OVER = "handed_over"
    INVOICED = "invoiced"
    PAID = "paid"
    CLOSED = "closed"
    LAPSED = "lapsed"
    REFUSED = "refused"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    STOPPED = "stopped"
    TERMINATED = "terminated"


S = OrderState

FINAL = frozenset({S.CLOSED, S.REFUSED, S.EXPIRED, S.CANCELLED, S.STOPPED, S.TERMINATED})
UNSIGNED = frozenset({S.SUBMITTED, S.OFFER_PENDING, S.NEGOTIATING, S.AGREED, S.PPK_REVIEW})
PERFORMING = frozenset({S.CONFIRMED, S.IN_PROGRESS, S.PARTLY_DELIVERED})
FULFILLED = frozenset({S.DELIVERED, S.INSPECTED, S.HANDED_OVER, S.INVOICED, S.PAID})
AFTER_YES = PERFORMING | FULFILLED
# A draft holds nothing yet, and these gave everything back; a closed order used its capacity up.
WITHOUT_CAPACITY = frozenset({S.DRAFT, S.REFUSED, S.EXPIRED, S.CANCELLED, S.STOPPED, S.TERMINATED})
# Ended before the seller had to perform: they drop out of rotation and splitting again.
NOT_COUNTED = frozenset({S.DRAFT, S.REFUSED, S.EXPIRED, S.CANCELLED})

_AFTER_YES_OR_END = AFTER_YES | {S.STOPPED, S.TERMINATED, S.CLOSED}

TRANSITIONS: dict[OrderState, frozenset[OrderState]] = {
    S.DRAFT: frozenset({S.SUBMITTED, S.CANCELLED}),
    S.SUBMITTED: frozenset({S.PPK_REVIEW, S.OFFER_PENDING}),
    S.OFFER_PENDING: frozenset({S.NEGOTIATING, S.AGREED, S.REFUSED}),
    S.NEGOTIATING: frozenset({S.OFFER_PENDING, S.AGREED, S.EXPIRED, S.CANCELLED}),
    S.AGREED: frozenset({S.PPK_REVIEW}),
    S.PPK_REVIEW: frozenset({S.SP_ISSUED, S.DRAFT, S.CANCELLED, S.LAPSED}),
    S.SP_ISSUED: frozenset({S.CONFIRMED, S.REFUSED, S.CANCELLED, S.LAPSED, S.EXPIRED}),
    S.LAPSED: frozenset({S.SP_ISSUED, S.CANCELLED, S.EXPIRED}),
    S.CONFIRMED: _AFTER_YES_OR_END,
    S.IN_PROGRESS: _AFTER_YES_OR_END,
    S.PARTLY_DELIVERED: _AFTER_YES_OR_END,
    S.DELIVERED: _AFTER_YES_OR_END,
    S.INSPECTED: _AFTER_YES_OR_END,
    S.HANDED_OVER: frozenset({S.INVOICED}),
    S.INVOICED: frozenset({S.HANDED_OVER, S.PAID}),
    S.PAID: frozenset({S.CLOSED}),
} | dict.fromkeys(FINAL, frozenset[OrderState]())


@dataclass(frozen=True, slots=True)
class StateChange:
    """One dated state."""

    state: OrderState
    at: datetime


class DeadlineStage(enum.StrEnum):
    """Whose turn it is when a deadline passes, after the first one."""

    FIRST = "first"
    LATE = "late"
    SIGNER = "signer"
    APPROVER = "approver"


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when somebody's act is waited for.

    Attributes:
        due_at: The last instant.
        stage: Whose turn it is.
        reminders: When to remind, at one and two thirds, never in the quiet hours.
    """

    due_at: datetime
    stage: DeadlineStage = DeadlineStage.FIRST
    reminders: tuple[datetime, ...] = ()

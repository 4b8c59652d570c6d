"""Whether a business may take an order of a value on a day: what order asks at the signature (domain.md 2.4, 10.7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol
from uuid import UUID

from vendor_service.domain.profile import BAND_LIMITS, Band
from vendor_service.domain.sanctions.restraint import Restraint
from vendor_service.domain.standing import Standing

VERIFICATION_GRACE_DAYS = 90
"""After its last day a verification counts so much longer, with reminders (domain.md 2.4)."""


@dataclass(frozen=True, slots=True)
class Question:
    """An order to be.

    Attributes:
        value_idr: Gross contract value in whole rupiah.
        on: Day of the signature.
        buyer: The buyer's region if it is not the home region.
        category_code: What is bought; empty to ask without.
        must_be_producer: Whether the category is kept for those who make what they sell.
    """

    value_idr: int
    on: date
    buyer: str | None = None
    category_code: str = ""
    must_be_producer: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """What of a business decides whether it may take an order; read without opening anything that is sealed.

    Attributes:
        restraint: The sanctions in force on the day of the question, whatever the standing says yet.
        is_producer: A visit found that it makes what it sells in the category of the question.
        is_guest: It may sell in the buyer's region that day, as a guest or because it is at home there.
    """

    standing: Standing
    band: Band | None
    conflict_of_interest: bool = False
    restraint: Restraint | None = None
    verified_until: date | None = None
    is_producer: bool = False
    is_guest: bool = True


class EligibilityReads(Protocol):
    """Looks up many businesses by one statement, since every signature asks."""

    async def candidates(self, vendor_ids: Iterable[UUID], question: Question) -> dict[UUID, Candidate]:
        """Return what decides about businesses; unknown ones are left out."""


def reasons_against(candidate: Candidate | None, question: Question) -> list[str]:
    """Return why a business may not take the order; nothing means it may.

    The sanctions of the day count beside the standing, so that a sanction holds from its first hour and not from when a
    job has noticed. A standing still suspended after the last day is refused too: it may be that a review follows.
    """
    if candidate is None:
        return ["VENDOR_UNKNOWN"]
    reasons = []
    if candidate.restraint is not None:
        reasons.append("VENDOR_BLACKLISTED" if candidate.restraint.blacklisted else "VENDOR_SUSPENDED")
    elif candidate.standing is not Standing.OK:
        reasons.append(f"VENDOR_{candidate.standing.upper()}")
    if candidate.band is None:
        reasons.append("VENDOR_NOT_VERIFIED")
    else:
        limit = BAND_LIMITS[candidate.band]
        if limit is not None and question.value_idr > limit:
            reasons.append("BAND_TOO_LOW")
    if is_expired(candidate.verified_until, question.on):
        reasons.append("VERIFICATION_EXPIRED")
    if candidate.conflict_of_interest:
        reasons.append("CONFLICT_OF_INTEREST")
    if question.must_be_producer and not candidate.is_producer:
        reasons.append("MUST_BE_PRODUCER")
    if not candidate.is_guest:
        reasons.append("NOT_A_GUEST")
    return reasons


def is_expired(verified_until: date | None, on: date) -> bool:
    """Say whether a verification counts no more, its days of grace included."""
    return verified_until is not None and on > verified_until + timedelta(days=VERIFICATION_GRACE_DAYS)

"""What happened to a business. Each event is recorded by the aggregate with the version it led to."""

import enum
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from bela_kit.core.actor import Actor


class VendorEvent(enum.StrEnum):
    """The events of a business; the value is the token in the subject."""

    COLLECTED = "vendor_collected"
    TRAINED = "vendor_trained"
    ACCOUNT_OPENED = "vendor_account_opened"
    VERIFIED = "vendor_verified"
    PUBLISHED = "vendor_published"
    FIRST_SALE_MADE = "vendor_first_sale_made"
    STANDING_CHANGED = "vendor_standing_changed"
    PROFILE_CHANGED = "vendor_profile_changed"


@dataclass(frozen=True, slots=True)
class Transition:
    """One recorded change of a business: which, by whom, when, why.

    Attributes:
        standing: The standing that a change of standing led to.
        evidence_id: The uploaded file that the change rests on.
    """

    event: VendorEvent
    version: int
    actor: Actor
    occurred_at: datetime
    reason: str = ""
    standing: str | None = None
    evidence_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """Somebody acts for a business; travels to every service as a grant with the business as its scope."""

    grant_id: str
    principal: str
    role: str
    valid_from: date
    valid_to: date | None = None
    revoked: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True)
class GuestGrant:
    """The home region lets a business sell in another region between two days (domain.md 3.3).

    Attributes:
        category_codes: What it may sell there; empty means everything.
        version: Of the grant itself; the copy sent to the host has a version of its own that also follows the business.
    """

    guest_grant_id: str
    vendor_id: str
    host_region: str
    valid_from: date
    valid_to: date | None
    category_codes: tuple[str, ...] = field(default_factory=tuple)
    revoked: bool = False
    version: int = 1

"""What of a sanction a business carries along, and every other service learns by event."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Restraint:
    """The sanction a business is under now; of several the one that lasts longest.

    Attributes:
        until: Its last day.
        blacklisted: Whether it is a blacklisting (Daftar Hitam) and not a mere suspension.
    """

    until: date
    blacklisted: bool = False

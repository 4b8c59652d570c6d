"""How far a region's personal data has moved to the present key."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(slots=True)
class KeyRotation:
    """One walk through everything that is sealed.

    Attributes:
        key_version: The key that everything is to carry.
        rows_done: Rows and files sealed anew so far.
        rows_left: Those that still carry another key, counted when asked.
    """

    key_version: int
    started_by: str
    started_at: datetime
    rows_done: int = 0
    rows_left: int = 0
    finished_at: datetime | None = None

    @property
    def state(self) -> str:
        """Return `running` or `finished`; after the end the former key may be taken from the settings."""
        return "running" if self.finished_at is None else "finished"


@dataclass(frozen=True, slots=True)
class Step:
    """What one step of a walk did.

    Attributes:
        rows: How many rows were sealed anew.
        after: Where the next step of this table begins; none at its end.
        done: There is no such table: the walk is over.
    """

    rows: int
    after: tuple[Any, ...] | None
    done: bool = False

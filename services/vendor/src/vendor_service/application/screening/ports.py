"""What screening needs from outside: a reader of lists, and a place for keyed hashes and conflicts."""

from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from bela_kit.core.tenancy import TenantId

from vendor_service.domain.sanctions.sanction import Basis
from vendor_service.domain.screening.conflict import Conflict, ConflictKind
from vendor_service.domain.screening.rows import EmployeeRow, EntryRow, ListKind, ListMode
from vendor_service.domain.vendor import Vendor


@dataclass(slots=True)
class ScreeningList:
    """One uploaded list; of its rows only keyed hashes and counts remain.

    Attributes:
        letter: Number of the letter it came with.
        state: uploaded, done or failed.
        counts: Rows by outcome; never a row itself.
    """

    tenant: TenantId
    list_id: UUID
    kind: ListKind
    mode: ListMode
    filename: str
    letter: str
    sha256: str
    size_bytes: int
    file_key: str
    uploaded_by: str
    uploaded_role: str
    uploaded_at: datetime
    state: str = "uploaded"
    counts: dict[str, int] = field(default_factory=dict)
    failure: dict[str, Any] | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the Daftar Hitam that fits a business by a number."""

    key: bytes
    basis: Basis
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class Matches:
    """What the lists say about one business."""

    conflicts: frozenset[ConflictKind] = frozenset()
    entries: tuple[Entry, ...] = ()


class ListRows(Protocol):
    """Reads an uploaded list outside the event loop."""

    def read(
        self, tenant: TenantId, kind: ListKind, today: date, content: AsyncIterator[bytes]
    ) -> AsyncIterator[list[EmployeeRow] | list[EntryRow] | dict[str, int]]:
        """Yield batches of rows, and last the counts of rows not read; raises ListRefused."""


class Screening(Protocol):
    """Lists, hashes and conflicts of the region within one transaction."""

    async def add_list(self, record: ScreeningList) -> None:
        """Store a new list."""

    async def get_list(self, list_id: UUID, *, lock: bool = False) -> ScreeningList:
        """Return a list; refuses with LIST_NOT_FOUND."""

    async def save_list(self, record: ScreeningList) -> None:
        """Store where a list stands."""

    async def lists(self, after: UUID | None, limit: int) -> list[ScreeningList]:
        """Return the lists of the region, newest first."""

    async def clear(self, kind: ListKind) -> None:
        """Remove what earlier lists of a kind left."""

    async def add_employees(self, list_id: UUID, rows: Sequence[EmployeeRow]) -> int:
        """Store the hashes of employees; returns how many NIKs were new."""

    async def add_entries(self, list_id: UUID, rows: Sequence[EntryRow]) -> int:
        """Store entries of the Daftar Hitam; returns how many were new."""

    async def matches(self, vendors: Collection[Vendor]) -> dict[UUID, Matches]:
        """Return what the lists say about businesses; those with nothing are left out."""

    async def marked(self) -> set[UUID]:
        """Return the businesses with a conflict or a national sanction that is not over."""

    async def is_needed(self) -> bool:
        """Say whether there is a list or an earlier finding at all."""

    async def vendor_ids(self, after: UUID | None, limit: int) -> list[UUID]:
        """Return ids of businesses in their sequence."""

    async def conflicts(self, vendor_ids: Iterable[UUID]) -> dict[UUID, list[Conflict]]:
        """Return the conflicts of businesses."""

    async def save_conflicts(self, conflicts: Sequence[Conflict]) -> None:
        """Store conflicts."""

    async def name_matches(self, after: UUID | None, limit: int) -> list[dict[str, Any]]:
        """Return businesses named like an entry that no number ties to them, for a human to look at."""

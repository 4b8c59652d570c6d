"""What the import needs from outside: a reader of workbooks, a place for files, and staged rows."""

from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from bela_kit.core.tenancy import TenantId

from vendor_service.domain.areas import Area
from vendor_service.domain.imports.changes.undo import Change, Kept
from vendor_service.domain.imports.dedupe import Keys
from vendor_service.domain.imports.job import Import
from vendor_service.domain.imports.mapping import NO_OPTIONS, HeaderMapping, MappedColumn, ReadOptions
from vendor_service.domain.imports.row import ParsedRow
from vendor_service.domain.imports.verdict import Judged


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A kept file: its key, and size and SHA-256 of the plain content."""

    key: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A table that was recognised in a sheet: which column stands where, and which were not understood.

    Attributes:
        headers: Every column of the table with how sure its meaning is, for the officer to confirm or change.
        fingerprint: What tells this kind of header from others; equal for the next file of the same source.
        hidden: The sheet is hidden in the workbook and was read because it was asked for.
    """

    sheet: str
    columns: dict[str, int]
    ignored: tuple[str, ...]
    headers: tuple[MappedColumn, ...] = ()
    fingerprint: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of data: its number in the import, and where it stands in the file."""

    number: int
    sheet: str
    sheet_row: int
    parsed: ParsedRow


@dataclass(frozen=True, slots=True)
class RowBatch:
    """Some rows, in the sequence of the file."""

    rows: list[SheetRow]


@dataclass(frozen=True, slots=True)
class WorkbookEnd:
    """Nothing follows.

    Attributes:
        skipped_sheets: Visible sheets that were looked at and hold no table of businesses.
        hidden_sheets: Sheets that are hidden in the workbook and were not asked for.
        skipped_rows: How many rows were no data, by kind: totals, headers, numbering, sections, blank.
    """

    rows: int
    skipped_sheets: tuple[str, ...]
    hidden_sheets: tuple[str, ...] = ()
    skipped_rows: Mapping[str, int] = field(default_factory=dict)


class WorkbookReader(Protocol):
    """Reads an uploaded file outside the event loop."""

    def read(
        self,
        tenant: TenantId,
        content: AsyncIterator[bytes],
        areas: Sequence[Area],
        today: date,
        options: ReadOptions = NO_OPTIONS,
    ) -> AsyncGenerator[Layout | RowBatch | WorkbookEnd, None]:
        """Yield layouts, batches and the end; raises WorkbookRefused if the file as a whole is unreadable."""


class Files(Protocol):
    """Keeps uploads sealed."""

    async def save(self, tenant: TenantId, stream: AsyncIterator[bytes], *, limit_bytes: int) -> UploadedFile:
        """Keep a stream; refuses with BODY_TOO_LARGE and then keeps nothing."""

    def open(self, tenant: TenantId, key: str) -> AsyncIterator[bytes]:
        """Return the plain content in chunks."""

    async def delete(self, key: str) -> None:
        """Remove a file; nothing happens if it is gone already."""


class RowKeys(Protocol):
    """Turns the numbers of a row into the hashes that deduplication compares; called outside the event loop."""

    def keys(self, tenant: TenantId, row: ParsedRow) -> Keys:
        """Return what deduplication looks at."""

    def links(self, tenant: TenantId, row: ParsedRow) -> list[bytes]:
        """Return the strong links of a row: NIK, family card and bank account."""

    def seal(self, tenant: TenantId, row: ParsedRow) -> bytes:
        """Return the row as it is staged."""

    def open(self, tenant: TenantId, sealed: bytes) -> ParsedRow:
        """Return a staged row."""


@dataclass(frozen=True, slots=True)
class StagedRow:
    """A row with its verdict, as it waits for the officer."""

    row: SheetRow
    judged: Judged
    links: list[bytes]
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Entered:
    """A business that an import entered, and whether anybody has done something to it since."""

    vendor_id: UUID
    touched: bool


class ImportStore(Protocol):
    """Imports and their staged rows, inside one open transaction."""

    async def add(self, record: Import) -> Import:
        """Store a new import; returns the live one that holds the same file if there is one."""

    async def get(self, import_id: UUID, *, lock: bool = False) -> Import:
        """Return an import; refuses with IMPORT_NOT_FOUND."""

    async def page(self, after: UUID | None, limit: int) -> list[Import]:
        """Return the imports of the region, newest first."""

    async def find_live(self, sha256: str) -> Import | None:
        """Return the live import of a file."""

    async def save(self, record: Import) -> None:
        """Store what has changed; refuses with COMMIT_RUNNING if another one of the region is being committed."""

    async def progress(self, import_id: UUID, rows_done: int, total: int | None = None) -> None:
        """Store how many rows are done, and how many there are if that has changed."""

    async def clear_rows(self, import_id: UUID, first: int = 0, last: int | None = None) -> None:
        """Remove staged rows, all or those from a first to a last number."""

    async def stage(self, import_id: UUID, rows: Sequence[StagedRow]) -> None:
        """Store rows with their verdicts."""

    async def staged(self, import_id: UUID, after: int, limit: int) -> list[StagedRow]:
        """Return staged rows above a row number, opened again, without their links."""

    async def rows_of(self, import_id: UUID, numbers: Collection[int]) -> dict[int, ParsedRow]:
        """Return staged rows by number."""

    async def note_changes(self, import_id: UUID, changes: Sequence[Change]) -> None:
        """Keep what rows did to businesses that were there, sealed."""

    async def changes(self, import_id: UUID) -> list[Change]:
        """Return what rows did to businesses that were there before the import."""

    async def entered(self, import_id: UUID, after: UUID | None, limit: int) -> list[Entered]:
        """Return the businesses that an import entered, by id."""

    async def note_kept(self, import_id: UUID, kept: Sequence[Kept]) -> None:
        """Keep which businesses an undo left, and why."""

    async def kept(self, import_id: UUID, after: UUID | None, limit: int) -> list[Kept]:
        """Return the businesses that an undo left, by id."""

    async def mapping_of(self, source: str) -> HeaderMapping:
        """Return the decisions about headers that are kept for a source."""

    async def keep_mapping(self, source: str, decided: HeaderMapping, principal: str, now: datetime) -> None:
        """Keep decisions about headers for the next files of a source."""

    async def expired(self, before: datetime) -> list[Import]:
        """Return imports that ended before an instant and still hold a file or rows."""

    async def forget_changes(self, before: datetime) -> None:
        """Remove what imports changed that were stored before an instant: they cannot be undone any more."""

    async def forget(self, import_id: UUID) -> None:
        """Remove the staged rows and the name of the file; what was counted stays."""


Values = dict[str, Any]
"""Field names of a business and its first owner, as the import compares them."""

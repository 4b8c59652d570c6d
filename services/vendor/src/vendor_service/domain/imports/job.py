"""An import as a whole: its states, and the limits above which a file is refused unread (domain.md 10.3)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from bela_kit.core.tenancy import TenantId

from vendor_service.domain.errors import ImportNotInState

MAX_FILE_BYTES = 50 * 1024 * 1024
MAX_UNPACKED_BYTES = 600 * 1024 * 1024
MAX_RATIO = 200
"""A real workbook packs 5 to 20 times; above this, and large, it was made to burst."""
MAX_ROWS = 300_000
MAX_COLUMNS = 200
KEEP_DAYS = 30


class ImportState(StrEnum):
    """Where an import stands; discarded, failed and undone ones free the hash of their file."""

    UPLOADED = "uploaded"
    VALIDATING = "validating"
    PREVIEWED = "previewed"
    COMMITTING = "committing"
    COMMITTED = "committed"
    UNDOING = "undoing"
    UNDONE = "undone"
    DISCARDED = "discarded"
    FAILED = "failed"


ENDED = frozenset({ImportState.DISCARDED, ImportState.FAILED, ImportState.UNDONE})
"""Nothing follows any more."""

LIVE = frozenset(ImportState) - ENDED


@dataclass(slots=True)
class Import:
    """One uploaded file and what has become of it.

    Attributes:
        counts: Rows per verdict, and `with_warnings` among those that become businesses.
        rows_total: Rows of data found so far; final once previewed.
        rows_done: Progress of what is running: rows judged, or rows stored.
        failure: Reason, sentence and columns seen if it failed.
        register_mark: State of the register that the verdicts were made against.
        options: What the officer asked of the reading: sheets, and decisions about headers.
        figures: Rows per reason and per warning, for the preview.
        undone: Businesses withdrawn, put back and kept, once it was undone.
    """

    tenant: TenantId
    import_id: UUID
    filename: str
    source: str | None
    sha256: str
    size_bytes: int
    file_key: str
    uploaded_by: str
    uploaded_role: str
    uploaded_at: datetime
    state: ImportState = ImportState.UPLOADED
    counts: dict[str, int] = field(default_factory=dict)
    rows_total: int = 0
    rows_done: int = 0
    failure: dict[str, Any] | None = None
    layout: dict[str, Any] = field(default_factory=dict)
    register_mark: int = 0
    previewed_at: datetime | None = None
    finished_at: datetime | None = None
    finished_by: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)
    undone_at: datetime | None = None
    undone_by: str | None = None
    undone: dict[str, int] | None = None

    def start_commit(self, principal: str) -> None:
        """Begin to store the rows; only what an officer could look at may be stored."""
        if self.state is not ImportState.PREVIEWED:
            raise ImportNotInState(self.state)
        self.state = ImportState.COMMITTING
        self.rows_done = 0
        self.finished_by = principal

    def read_again(self, options: dict[str, Any]) -> None:
        """Begin from the file again with other options; a file that could not be understood is kept for that."""
        if self.state not in {ImportState.PREVIEWED, ImportState.FAILED} or not self.file_key:
            raise ImportNotInState(self.state)
        self.state, self.options = ImportState.UPLOADED, options
        self.rows_total = self.rows_done = 0
        self.failure = self.finished_at = self.previewed_at = None

    def retry(self) -> None:
        """Begin from the file again; only where the file is kept, so not if the file was the fault."""
        if self.state is not ImportState.FAILED or not self.file_key:
            raise ImportNotInState(self.state)
        self.state = ImportState.UPLOADED
        self.failure = self.finished_at = self.finished_by = None

    def discard(self, principal: str, now: datetime) -> None:
        """Give the import up and free its file's hash."""
        if self.state not in {ImportState.UPLOADED, ImportState.VALIDATING, ImportState.PREVIEWED}:
            raise ImportNotInState(self.state)
        self.state = ImportState.DISCARDED
        self.finished_at, self.finished_by = now, principal

    def start_undo(self, principal: str) -> None:
        """Begin to take the rows back; only what was stored can be."""
        if self.state is not ImportState.COMMITTED:
            raise ImportNotInState(self.state)
        self.state = ImportState.UNDOING
        self.rows_done = 0
        self.undone_by = principal

    def end_undo(self, counts: dict[str, int], now: datetime) -> None:
        """Note that the rows were taken back, as far as they could be."""
        self.state = ImportState.UNDONE
        self.rows_done = self.rows_total
        self.undone, self.undone_at = counts, now

    def fail(self, reason: str, detail: str, now: datetime, columns_seen: list[str] | None = None) -> None:
        """Give up because the file cannot be read."""
        self.state = ImportState.FAILED
        self.failure = {"reason": reason, "detail": detail, "columns_seen": columns_seen or []}
        self.finished_at = now

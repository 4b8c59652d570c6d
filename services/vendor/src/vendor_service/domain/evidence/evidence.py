"""An uploaded proof: which file, of what type, for which business, and whether a record rests on it yet."""

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bela_kit.core.tenancy import TenantId

from vendor_service.domain.evidence.errors import EvidenceUnknown

ORPHAN_AGE = timedelta(hours=24)
"""A file that nothing refers to is removed after this."""
MOST_LOOSE_FILES = 50
"""How many files of one person may wait for a record at once."""

ERASED_PURPOSES = frozenset({"verification", "upgrade", "renewal", "identity", "bank"})
"""Papers that only proved who somebody is: an erasure takes them, and leaves what sanctions and consents rest on."""

EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf"}


class EvidenceState(enum.StrEnum):
    """Loose until a record rests on it; doomed once the purge has chosen it, so that no record can any more."""

    LOOSE = "loose"
    ATTACHED = "attached"
    DOOMED = "doomed"


@dataclass(slots=True)
class Evidence:
    """One file. The name under which a person kept it is not taken over: such names hold names and numbers.

    Attributes:
        sha256: Of the plain content that is kept, in hex.
        key_version: Of the key that it is sealed with.
        purpose: The kind of record that rests on it.
    """

    tenant: TenantId
    evidence_id: UUID
    file_key: str
    media_type: str
    size_bytes: int
    sha256: str
    uploaded_by: str
    uploaded_role: str
    uploaded_at: datetime
    key_version: int
    vendor_id: UUID | None = None
    purpose: str | None = None
    state: EvidenceState = EvidenceState.LOOSE

    @property
    def filename(self) -> str:
        """The name under which it is handed out."""
        return f"bukti-{self.evidence_id}.{EXTENSIONS[self.media_type]}"

    def attach(self, vendor_id: UUID | None, purpose: str) -> None:
        """Let a record rest on the file; several records of one business may.

        Raises:
            EvidenceUnknown: It belongs to another business, or is about to be removed.
        """
        if self.state is EvidenceState.DOOMED:
            raise EvidenceUnknown
        if self.vendor_id is not None and vendor_id is not None and self.vendor_id != vendor_id:
            raise EvidenceUnknown
        self.vendor_id = self.vendor_id or vendor_id
        self.purpose = self.purpose or purpose
        self.state = EvidenceState.ATTACHED

"""Consent by UU 27/2022 pasal 20-22: to which text, by whom, when, and on which paper.

A region publishes the texts it asks people to accept. A text is never changed, only followed by another version; what
somebody accepted can be shown to them word by word for ever.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from vendor_service.domain.personal_data.errors import ConsentTextUnknown


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version of the text that people accept."""

    version: str
    body: str
    valid_from: date
    published_by: str
    published_at: datetime

    @property
    def sha256(self) -> str:
        """Return the fingerprint of the wording, kept with every acceptance."""
        return hashlib.sha256(self.body.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Consent:
    """Somebody accepted a text for a business.

    Attributes:
        accepted_by: Principal of the person; of the officer or agent who recorded it if it was given on paper.
        on_paper: That a signed paper was seen; `evidence_id` is its photo.
        text_sha256: Fingerprint of the wording; none if the region had published no text yet.
    """

    consent_id: UUID
    vendor_id: UUID
    version: str
    accepted_by: str
    accepted_role: str
    accepted_at: datetime
    on_paper: bool = False
    evidence_id: UUID | None = None
    text_sha256: str | None = None


def text_to_accept(texts: Iterable[ConsentText], version: str, today: date) -> ConsentText | None:
    """Return the text of a version; none if the region has published none at all.

    Raises:
        ConsentTextUnknown: The region has texts, and this is none of those in force.
    """
    published = [text for text in texts if text.valid_from <= today]
    if not published:
        return None
    for text in published:
        if text.version == version:
            return text
    raise ConsentTextUnknown(version)

"""Certificates: what the number of each kind looks like, how long it holds, when its owner is reminded."""

import enum
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from bela_kit.core.errors import FieldError

from vendor_service.domain.identity.errors import CertificateInvalid

REMIND_DAYS = (90, 30, 7, 0)
"""Days before the last day on which the business is reminded; 0 says that it has run out."""


class CertificateKind(enum.StrEnum):
    """Kind of certificate."""

    PIRT = "pirt"
    HALAL = "halal"
    BPOM = "bpom"
    SNI = "sni"
    TKDN = "tkdn"
    HAKI = "haki"
    OTHER = "other"


class CertificateStatus(enum.StrEnum):
    """How a certificate stands on a day."""

    COMING = "coming"
    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


_PIRT = re.compile(r"(?:P-?IRT[ .]*)?(\d{13})-?(\d{2})", re.IGNORECASE)
_HALAL = re.compile(r"ID\d{17}")
_BPOM = re.compile(r"(?:MD|ML)\d{12,15}|N[A-E]\d{9,13}")
# SPP-IRT holds for five years (Peraturan BPOM 22/2018); the last two digits of its number are the year it ends.
_PIRT_LONGEST = timedelta(days=5 * 366)
_MUST_END = frozenset({CertificateKind.SNI, CertificateKind.TKDN, CertificateKind.HAKI})


@dataclass(slots=True)
class Certificate:
    """One certificate of one business.

    Attributes:
        number: In the form of its kind.
        valid_to: Last day; none if it has none, as a halal certificate since 2024.
        evidence_id: Photo or scan of the paper.
        reminded_days: The last reminder that was given, in days before the end.
    """

    certificate_id: UUID
    vendor_id: UUID
    kind: CertificateKind
    number: str
    issuer: str | None
    valid_from: date | None
    valid_to: date | None
    recorded_by: str
    recorded_role: str
    recorded_at: datetime
    evidence_id: UUID | None = None
    withdrawn_on: date | None = None
    withdrawn_reason: str | None = None
    reminded_days: int | None = None

    def status_on(self, day: date) -> CertificateStatus:
        """Return how it stands on a day."""
        if self.withdrawn_on is not None and self.withdrawn_on <= day:
            return CertificateStatus.WITHDRAWN
        if self.valid_from is not None and day < self.valid_from:
            return CertificateStatus.COMING
        if self.valid_to is None:
            return CertificateStatus.VALID
        if day > self.valid_to:
            return CertificateStatus.EXPIRED
        soon = (self.valid_to - day).days <= REMIND_DAYS[0]
        return CertificateStatus.EXPIRING if soon else CertificateStatus.VALID

    def reminder_on(self, day: date) -> int | None:
        """Return which reminder is due and was not given yet: the nearest to the end that has come."""
        if self.valid_to is None or self.withdrawn_on is not None:
            return None
        left = (self.valid_to - day).days
        due = min((days for days in REMIND_DAYS if left <= days), default=None) if left >= 0 else 0
        return None if due is None or (self.reminded_days is not None and self.reminded_days <= due) else due


def checked_number(kind: CertificateKind, raw: str) -> str | None:
    """Return a number in the form that is stored; none if its kind cannot have it."""
    text = " ".join(raw.upper().split())
    if kind is CertificateKind.PIRT:
        found = _PIRT.fullmatch(text)
        return f"P-IRT {found[1]}-{found[2]}" if found else None
    compact = re.sub(r"[ .\-]", "", text)
    if kind is CertificateKind.HALAL:
        return compact if _HALAL.fullmatch(compact) else None
    if kind is CertificateKind.BPOM:
        return compact if _BPOM.fullmatch(compact) else None
    return text or None


def checked_certificate(
    kind: CertificateKind, raw: str, valid_from: date | None, valid_to: date | None
) -> tuple[str, date | None]:
    """Return number and last day as they are stored; a P-IRT number tells its year of expiry itself.

    Raises:
        CertificateInvalid: With every field that is wrong.
    """
    faults = []
    number = checked_number(kind, raw)
    if number is None:
        faults.append(FieldError("number", "NUMBER_SHAPE", _SHAPES.get(kind, "Nomor tidak sah.")))
    elif kind is CertificateKind.PIRT:
        year = 2000 + int(number[-2:])
        if valid_to is None:
            valid_to = date(year, 12, 31)
        elif valid_to.year != year:
            faults.append(FieldError("valid_to", "YEAR_DIFFERS", "Tahun akhir berbeda dengan dua digit akhir nomor."))
        if valid_from is not None and valid_to - valid_from > _PIRT_LONGEST:
            faults.append(FieldError("valid_from", "TOO_LONG", "SPP-IRT berlaku paling lama lima tahun."))
    if kind in _MUST_END and valid_to is None:
        faults.append(FieldError("valid_to", "REQUIRED", "Sebutkan tanggal akhir berlaku."))
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        faults.append(FieldError("valid_to", "BEFORE_START", "Tanggal akhir mendahului tanggal mulai."))
    if faults or number is None:
        raise CertificateInvalid(faults)
    return number, valid_to


_SHAPES = {
    CertificateKind.PIRT: "Nomor P-IRT terdiri atas 13 digit dan dua digit tahun akhir.",
    CertificateKind.HALAL: "Nomor halal dimulai ID dan diikuti 17 digit.",
    CertificateKind.BPOM: "Nomor BPOM dimulai MD, ML (12 digit atau lebih) atau NA.",
}

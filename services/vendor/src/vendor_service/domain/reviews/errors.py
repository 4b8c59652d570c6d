"""Refusals around reviews."""

from datetime import datetime

from bela_kit.core.errors import FieldError, Kind, ServiceError


class ReviewNotFound(ServiceError):
    """No such review in this region, or none that the caller may see."""

    kind = Kind.NOT_FOUND
    reason = "REVIEW_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("Pemeriksaan tidak ditemukan.")


class ReviewClosed(ServiceError):
    """The review was decided already."""

    kind = Kind.STATE
    reason = "REVIEW_CLOSED"

    def __init__(self, state: str) -> None:
        super().__init__("Pemeriksaan ini sudah selesai.", metadata={"state": state})


class ReviewCoolingOff(ServiceError):
    """A changed bank account is released 24 hours after the change at the earliest, by whomever."""

    kind = Kind.STATE
    reason = "REVIEW_COOLING_OFF"

    def __init__(self, not_before: datetime) -> None:
        super().__init__(
            "Rekening baru ditahan 24 jam sejak diubah. Putuskan setelah itu.",
            metadata={"not_before": not_before.isoformat()},
            extra={"not_before": not_before.isoformat()},
        )


class ReviewNeedsFinding(ServiceError):
    """A verification is not waved through: it is passed by saying which proofs were seen."""

    kind = Kind.STATE
    reason = "REVIEW_NEEDS_FINDING"

    def __init__(self) -> None:
        super().__init__("Verifikasi diluluskan dengan mencatat bukti yang diperiksa, lewat tindakan verify.")


class HeadDecides(ServiceError):
    """The department's ten working days have passed: its head decides now (domain.md 2.4)."""

    kind = Kind.FORBIDDEN
    reason = "HEAD_DECIDES"

    def __init__(self) -> None:
        super().__init__("Batas 10 hari kerja sudah lewat. Kepala dinas yang memutuskan.")


class DataMissing(ServiceError):
    """A band is asked for, but what it is proven by is not in the register yet; the fields say what."""

    kind = Kind.STATE
    reason = "DATA_MISSING"

    def __init__(self, fields: list[FieldError]) -> None:
        super().__init__("Data untuk tingkat ini belum lengkap.", fields=fields)


class NoteMissing(ServiceError):
    """`OTHER` says nothing to anybody without a note."""

    reason = "NOTE_MISSING"

    def __init__(self) -> None:
        super().__init__("Jelaskan alasannya.", fields=[FieldError("note", self.reason, "Wajib diisi untuk OTHER.")])


class AgentConsentMissing(ServiceError):
    """Nobody acts for a seller without the seller's recorded consent."""

    kind = Kind.FORBIDDEN
    reason = "AGENT_CONSENT_MISSING"

    def __init__(self) -> None:
        super().__init__("Belum ada persetujuan tertulis pemilik bahwa Anda bertindak untuk usaha ini.")


class NothingProposed(ServiceError):
    """A change of identity names no field, or only what is recorded already."""

    reason = "NOTHING_PROPOSED"

    def __init__(self) -> None:
        super().__init__("Tidak ada nama atau NIK yang berubah.")

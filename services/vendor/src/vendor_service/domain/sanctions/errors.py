"""Refusals about sanctions, screening lists, conflicts, producers and owner groups."""

from typing import ClassVar

from bela_kit.core.errors import FieldError, Kind, ServiceError


class SanctionNotFound(ServiceError):
    """No such sanction in this region."""

    kind = Kind.NOT_FOUND
    reason = "SANCTION_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("Sanksi tidak ditemukan.")


class SanctionInvalid(ServiceError):
    """Days that no sanction can have."""

    reason = "SANCTION_INVALID"

    def __init__(self, *fields: FieldError) -> None:
        super().__init__("Data sanksi belum benar.", fields=list(fields))


class SanctionNotInState(ServiceError):
    """The sanction is not where this act needs it."""

    kind = Kind.STATE
    reason = "SANCTION_STATE"

    def __init__(self, state: str) -> None:
        super().__init__(f"Sanksi ini berstatus {state}.", metadata={"state": state})


class SanctionSelfDecided(ServiceError):
    """Whoever proposed a sanction does not decide about it."""

    kind = Kind.FORBIDDEN
    reason = "SANCTION_SELF_DECIDED"

    def __init__(self) -> None:
        super().__init__("Pengusul sanksi tidak boleh memutuskan usulannya sendiri.")


class AppealNotOpen(ServiceError):
    """No appeal waits for a decision, or one waits already."""

    kind = Kind.STATE
    reason = "APPEAL_STATE"

    def __init__(self) -> None:
        super().__init__("Keberatan belum diajukan, sudah diputus, atau masih menunggu keputusan.")


class SanctionNeeded(ServiceError):
    """A business is suspended by a sanction with dates and a letter, and let out by the same way."""

    kind = Kind.STATE
    reason = "SANCTION_NEEDED"

    def __init__(self) -> None:
        super().__init__("Penangguhan dikenakan dan dicabut melalui sanksi yang memuat tanggal dan nomor surat.")


class ListNotFound(ServiceError):
    """No such uploaded list in this region."""

    kind = Kind.NOT_FOUND
    reason = "LIST_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("Daftar tidak ditemukan.")


class ListRefused(ServiceError):
    """A list that cannot be read as a whole; `code` says why."""

    kind = Kind.INVALID
    reason: ClassVar[str] = "LIST_NOT_READABLE"

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class ConflictNotFound(ServiceError):
    """No open conflict of interest of this business."""

    kind = Kind.NOT_FOUND
    reason = "CONFLICT_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("Tidak ada benturan kepentingan yang terbuka pada usaha ini.")


class ReleaseInvalid(ServiceError):
    """A release without a letter, or that has ended before it begins."""

    reason = "RELEASE_INVALID"

    def __init__(self, name: str, detail: str) -> None:
        super().__init__("Surat cuti belum lengkap.", fields=[FieldError(name, self.reason, detail)])


class ConflictNeedsLetter(ServiceError):
    """A conflict found by the list of employees ends by a letter, not by a mark."""

    kind = Kind.STATE
    reason = "CONFLICT_NEEDS_LETTER"

    def __init__(self) -> None:
        super().__init__("Pemilik tercatat sebagai pegawai; pembebasan memerlukan surat cuti di luar tanggungan.")


class LinkInvalid(ServiceError):
    """Two businesses that cannot be said to belong together."""

    reason = "LINK_INVALID"

    def __init__(self) -> None:
        super().__init__("Sebutkan dua usaha yang berbeda di daerah ini.")


class VisitInvalid(ServiceError):
    """A visit in the future, or of a business that the officer belongs to."""

    reason = "VISIT_INVALID"

    def __init__(self, name: str, detail: str) -> None:
        super().__init__("Catatan kunjungan belum benar.", fields=[FieldError(name, self.reason, detail)])

"""Refusals of uploads and links of evidence."""

from bela_kit.core.errors import FieldError, Kind, ServiceError


class EvidenceTypeRefused(ServiceError):
    """The bytes are no photo (JPEG, PNG, WebP) or PDF, or hold something else beside it; `problem` says which."""

    kind = Kind.INVALID
    reason = "EVIDENCE_TYPE_REFUSED"

    def __init__(self, problem: str) -> None:
        super().__init__(
            "Berkas bukan foto (JPG, PNG, WebP) atau PDF yang utuh dan bersih.",
            metadata={"problem": problem},
            extra={"problem": problem},
        )


class EvidenceTooLarge(ServiceError):
    """A photo above 10 MiB or a PDF above 20 MiB; nothing was kept."""

    kind = Kind.LIMIT
    reason = "BODY_TOO_LARGE"

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"Berkas melebihi batas {limit_bytes // 2**20} MiB.", extra={"limit_bytes": limit_bytes})


class EvidenceNotFound(ServiceError):
    """No such file in this region, or none that the caller may see."""

    kind = Kind.NOT_FOUND
    reason = "EVIDENCE_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("Berkas bukti tidak ditemukan.")


class EvidenceUnknown(ServiceError):
    """A request rests on a file that is not there, is too old, or belongs to another business."""

    reason = "EVIDENCE_UNKNOWN"

    def __init__(self, field: str = "evidence_id") -> None:
        fields = [FieldError(field, self.reason, "Unggah berkasnya lebih dahulu.")]
        super().__init__("Berkas bukti tidak ada atau milik usaha lain.", fields=fields)


class EvidenceLimit(ServiceError):
    """One person has many uploads that nothing refers to yet."""

    kind = Kind.LIMIT
    reason = "EVIDENCE_LIMIT"

    def __init__(self) -> None:
        super().__init__("Terlalu banyak berkas yang belum dipakai. Pakai berkas itu atau tunggu sampai besok.")


class LinkRefused(ServiceError):
    """The link is too old, was changed, or was made for somebody else; it looks the same as a file nobody has."""

    kind = Kind.NOT_FOUND
    reason = "EVIDENCE_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("Tautan berkas sudah tidak berlaku.")

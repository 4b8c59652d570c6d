"""Why a merge, or its undoing, is refused."""

from bela_kit.core.errors import Kind, ServiceError


class CandidateNotFound(ServiceError):
    """No such pair waits or was decided in this region."""

    kind = Kind.NOT_FOUND
    reason = "MERGE_CANDIDATE_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("Pasangan usaha tidak ditemukan.")


class CandidateDecided(ServiceError):
    """Somebody has decided about the pair already."""

    kind = Kind.STATE
    reason = "MERGE_CANDIDATE_DECIDED"

    def __init__(self, state: str) -> None:
        super().__init__("Pasangan ini sudah diputuskan.", metadata={"state": state})


class MergeWithItself(ServiceError):
    """A business cannot be merged into itself, nor into one outside the pair."""

    reason = "MERGE_SURVIVOR_INVALID"

    def __init__(self) -> None:
        super().__init__("Usaha yang dipertahankan harus salah satu dari pasangan ini.")


class AlreadyMerged(ServiceError):
    """One of the two was merged before; the answer names the business that it lives on in."""

    kind = Kind.STATE
    reason = "ALREADY_MERGED"

    def __init__(self, survivor_id: str) -> None:
        super().__init__("Usaha ini sudah digabungkan dengan usaha lain.", metadata={"merged_into": survivor_id})


class MergeLosesVerification(ServiceError):
    """Of a verified and an unverified business the verified one must survive: its proofs are its own."""

    kind = Kind.STATE
    reason = "MERGE_LOSES_VERIFICATION"

    def __init__(self) -> None:
        super().__init__("Pertahankan usaha yang sudah diverifikasi; bukti verifikasi tidak dapat dipindahkan.")


class NotMerged(ServiceError):
    """The business was not merged, or its merge was undone."""

    kind = Kind.STATE
    reason = "NOT_MERGED"

    def __init__(self) -> None:
        super().__init__("Usaha ini tidak sedang digabungkan.")


class UnmergeTooLate(ServiceError):
    """A merge can be undone for ninety days."""

    kind = Kind.STATE
    reason = "UNMERGE_TOO_LATE"

    def __init__(self, days: int) -> None:
        super().__init__(f"Penggabungan hanya dapat dibatalkan dalam {days} hari.")

"""Refusals that concern personal data."""

from bela_kit.core.errors import FieldError, Kind, ServiceError


class KeyNotPresent(ServiceError):
    """A process was asked to seal with a key that is not the one it writes with."""

    kind = Kind.UNAVAILABLE
    reason = "KEY_NOT_PRESENT"

    def __init__(self, version: int) -> None:
        super().__init__("Kunci belum aktif di proses ini.", metadata={"key_version": str(version)})


class ConsentTextUnknown(ServiceError):
    """Nobody can have accepted a text that the region has not published."""

    reason = "CONSENT_TEXT_UNKNOWN"

    def __init__(self, version: str) -> None:
        fault = FieldError("consent_version", self.reason, "Versi naskah persetujuan tidak dikenal atau belum berlaku.")
        super().__init__("Naskah persetujuan tidak dikenal.", metadata={"version": version[:60]}, fields=[fault])


class ConsentTextExists(ServiceError):
    """A published text is never changed."""

    kind = Kind.ALREADY_EXISTS
    reason = "CONSENT_TEXT_EXISTS"

    def __init__(self) -> None:
        super().__init__("Versi naskah ini sudah diterbitkan dan tidak dapat diubah; terbitkan versi baru.")


class DataRequestNotFound(ServiceError):
    """No such request in this region."""

    kind = Kind.NOT_FOUND
    reason = "DATA_REQUEST_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("Permohonan tidak ditemukan.")


class DataRequestDecided(ServiceError):
    """A request is decided once."""

    kind = Kind.STATE
    reason = "DATA_REQUEST_DECIDED"

    def __init__(self) -> None:
        super().__init__("Permohonan ini sudah diputuskan.")


class DataRequestOpen(ServiceError):
    """One open request of a kind at a time for a business."""

    kind = Kind.STATE
    reason = "DATA_REQUEST_OPEN"

    def __init__(self) -> None:
        super().__init__("Permohonan sejenis untuk usaha ini masih menunggu keputusan.")


class DataRequestInvalid(ServiceError):
    """A request that asks for nothing, or for something that its kind does not know."""

    reason = "DATA_REQUEST_INVALID"

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__("Permohonan belum benar.", fields=[FieldError(field, self.reason, sentence)])


class SelfDecision(ServiceError):
    """Whoever asked does not decide (domain.md 1.2)."""

    kind = Kind.FORBIDDEN
    reason = "SELF_DECISION"

    def __init__(self) -> None:
        super().__init__("Permohonan diputuskan oleh petugas lain.")

"""Refusals that concern personal data."""

from bela_kit.core.errors import Kind, ServiceError


class KeyNotPresent(ServiceError):
    """A process was asked to seal with a key that is not the one it writes with."""

    kind = Kind.UNAVAILABLE
    reason = "KEY_NOT_PRESENT"

    def __init__(self, version: int) -> None:
        super().__init__("Kunci belum aktif di proses ini.", metadata={"key_version": str(version)})

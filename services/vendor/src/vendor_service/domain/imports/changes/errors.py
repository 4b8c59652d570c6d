"""Refusals of imports that are committed."""

from bela_kit.core.errors import Kind, ServiceError


class UndoTooLate(ServiceError):
    """An import can be undone for thirty days."""

    kind = Kind.STATE
    reason = "UNDO_TOO_LATE"

    def __init__(self, days: int) -> None:
        super().__init__(f"Impor hanya dapat dibatalkan dalam {days} hari setelah disimpan.")


class MappingInvalid(ServiceError):
    """A decision about columns names something that is no column, or one column twice."""

    reason = "MAPPING_INVALID"

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__("Pemetaan kolom tidak sah: " + ", ".join(names) + ".", metadata={"columns": ", ".join(names)})

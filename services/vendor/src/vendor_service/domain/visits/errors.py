"""Refusals about field visits."""

from bela_kit.core.errors import Kind, ServiceError


class FieldVisitNotFound(ServiceError):
    """No such visit in this region."""

    kind = Kind.NOT_FOUND
    reason = "FIELD_VISIT_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("Kunjungan tidak ditemukan.")

"""The shape of every refusal of this service: a kind, a reason, and an Indonesian sentence a person understands."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from bela_kit.core.errors import FieldError, JsonValue, Kind, ServiceError

__all__ = ["FieldError", "InvalidInput", "Kind", "Refusal"]


class Refusal(ServiceError):
    """A refusal that has its sentence ready; a more exact one may be given where it is raised."""

    sentence: ClassVar[str] = "Permintaan ini tidak dapat dilakukan."

    def __init__(
        self,
        detail: str = "",
        *,
        fields: Sequence[FieldError] = (),
        metadata: Mapping[str, str] | None = None,
        extra: Mapping[str, JsonValue] | None = None,
    ) -> None:
        super().__init__(detail or self.sentence, fields=fields, metadata=metadata, extra=extra)


class InvalidInput(Refusal):
    """Fields that are wrong whatever the state is; carries one entry per field."""

    kind = Kind.INVALID
    reason = "INVALID_FIELDS"
    sentence = "Ada isian yang belum benar."

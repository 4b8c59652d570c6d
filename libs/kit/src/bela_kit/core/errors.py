"""The one vocabulary of refusal: what kind of "no" it is, which reason, which fields.

A service subclasses `ServiceError` once per reason. How a kind looks on the wire is not decided here but in
`bela_kit.grpc_errors`, so that the domain knows nothing of status codes.
"""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

JsonValue: TypeAlias = "bool | int | float | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"


class Kind(enum.StrEnum):
    """Nine kinds of refusal; a caller decides by the kind what to do next, and shows the reason to a person."""

    INVALID = "INVALID"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    ALREADY_EXISTS = "ALREADY_EXISTS"
    STATE = "STATE"
    CONFLICT = "CONFLICT"
    LIMIT = "LIMIT"
    UNAVAILABLE = "UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that was refused; `field` is a JSON path such as `lines[0].quantity`."""

    field: str
    reason: str
    message: str


class ServiceError(Exception):
    """An expected refusal. Subclasses set `kind` and `reason`; it never pages anybody.

    Args:
        detail: A sentence in Indonesian for the person at the other end.
        fields: The fields that were refused, if the refusal is about fields.
        metadata: Machine-readable facts that travel with the reason through gRPC.
        extra: JSON members added to the problem document of a REST answer.
    """

    kind: ClassVar[Kind] = Kind.INVALID
    reason: ClassVar[str] = "INVALID"

    def __init__(
        self,
        detail: str = "",
        *,
        fields: Sequence[FieldError] = (),
        metadata: Mapping[str, str] | None = None,
        extra: Mapping[str, JsonValue] | None = None,
    ) -> None:
        super().__init__(detail or self.reason)
        self.detail = detail
        self.fields = tuple(fields)
        self.metadata = dict(metadata or {})
        self.extra = dict(extra or {})

"""The one table from kinds of refusal to codes on the wire; REST reads it too.

Also here: which failures of the database are refusals, so that both edges answer them alike.

A refusal travels through gRPC as `google.rpc.Status` with `ErrorInfo` (reason, domain, metadata) and `BadRequest` for
fields. What is not a refusal is INTERNAL with an opaque id.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import asyncpg
import grpc
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2
from sqlalchemy.exc import DBAPIError

from bela_kit.core.errors import FieldError, Kind, ServiceError


@dataclass(frozen=True, slots=True)
class Wire:
    """How one kind looks outside: gRPC code, HTTP status and the title a person reads."""

    grpc: grpc.StatusCode
    http: int
    title: str


TABLE: Mapping[Kind, Wire] = {
    Kind.INVALID: Wire(grpc.StatusCode.INVALID_ARGUMENT, 400, "Permintaan tidak sah"),
    Kind.UNAUTHENTICATED: Wire(grpc.StatusCode.UNAUTHENTICATED, 401, "Belum masuk"),
    Kind.FORBIDDEN: Wire(grpc.StatusCode.PERMISSION_DENIED, 403, "Tidak berwenang"),
    Kind.NOT_FOUND: Wire(grpc.StatusCode.NOT_FOUND, 404, "Tidak ditemukan"),
    Kind.ALREADY_EXISTS: Wire(grpc.StatusCode.ALREADY_EXISTS, 409, "Sudah ada"),
    Kind.STATE: Wire(grpc.StatusCode.FAILED_PRECONDITION, 409, "Belum dapat dilakukan"),
    Kind.CONFLICT: Wire(grpc.StatusCode.ABORTED, 409, "Data sudah berubah"),
    Kind.LIMIT: Wire(grpc.StatusCode.RESOURCE_EXHAUSTED, 429, "Batas terlampaui"),
    Kind.UNAVAILABLE: Wire(grpc.StatusCode.UNAVAILABLE, 503, "Layanan sedang tidak tersedia"),
}

_KIND_OF_CODE: Mapping[grpc.StatusCode, Kind] = {
    grpc.StatusCode.INVALID_ARGUMENT: Kind.INVALID,
    grpc.StatusCode.OUT_OF_RANGE: Kind.INVALID,
    grpc.StatusCode.UNAUTHENTICATED: Kind.UNAUTHENTICATED,
    grpc.StatusCode.PERMISSION_DENIED: Kind.FORBIDDEN,
    grpc.StatusCode.NOT_FOUND: Kind.NOT_FOUND,
    grpc.StatusCode.ALREADY_EXISTS: Kind.ALREADY_EXISTS,
    grpc.StatusCode.FAILED_PRECONDITION: Kind.STATE,
    grpc.StatusCode.ABORTED: Kind.CONFLICT,
    grpc.StatusCode.RESOURCE_EXHAUSTED: Kind.LIMIT,
}


# Failures after which the same request may succeed: serialization, deadlock, lock or statement timeout, shutdown,
# too many connections; and class 08, the connection.
_RETRY_STATES = frozenset({"40001", "40P01", "55P03", "57014", "57P01", "57P02", "57P03", "53300"})
# Data that does not fit: not encodable by the driver (22000), too long, out of range, not a date, not a number.
# Division by zero is not one of them: that is a mistake of ours.
_VALUE_STATES = frozenset({"22000", "22001", "22003", "22007", "22008", "22021", "22P02", "22P03", "22P05"})
# Another request was faster: unique and foreign key, exclusion.
_RACE_STATES = frozenset({"23505", "23503", "23P01"})


class DatabaseBusy(ServiceError):
    """The database gave up on this attempt; nothing was changed, and the same request may be sent again."""

    kind = Kind.UNAVAILABLE
    reason = "DATABASE_BUSY"

    def __init__(self) -> None:
        super().__init__("Sistem sedang sibuk. Coba lagi sebentar.")


class ValueRefused(ServiceError):
    """A value that no column can hold."""

    reason = "VALUE_OUT_OF_RANGE"

    def __init__(self) -> None:
        super().__init__("Ada nilai yang tidak dapat disimpan.")


class ConcurrentChange(ServiceError):
    """Another request changed the same thing first."""

    kind = Kind.CONFLICT
    reason = "CONCURRENT_CHANGE"

    def __init__(self) -> None:
        super().__init__("Data yang sama baru saja diubah permintaan lain. Muat ulang lalu coba lagi.")


@dataclass(frozen=True, slots=True)
class RemoteStatus:
    """What came back from another service, before a client adapter makes it an error of its own."""

    kind: Kind
    reason: str
    detail: str
    metadata: Mapping[str, str]
    fields: tuple[FieldError, ...] = ()


# A status travels in trailers, of which the other side takes 16 KiB; past that the reason would be lost with the rest.
_LONGEST = 300
_MOST_FIELDS = 10


def to_status(error: ServiceError, domain: str) -> status_pb2.Status:
    """Return the status that carries a refusal; `domain` is `<service>.<product>`."""
    metadata = {name: value[:_LONGEST] for name, value in error.metadata.items()}
    info = error_details_pb2.ErrorInfo(reason=error.reason, domain=domain, metadata=metadata)
    details = [_packed(info)]
    if error.fields:
        details.append(
            _packed(
                error_details_pb2.BadRequest(
                    field_violations=[
                        error_details_pb2.BadRequest.FieldViolation(
                            field=one.field[:_LONGEST], description=one.message[:_LONGEST], reason=one.reason
                        )
                        for one in error.fields[:_MOST_FIELDS]
                    ]
                )
            )
        )
    code = TABLE[error.kind].grpc
    message = (error.detail or error.reason)[:_LONGEST]
    return status_pb2.Status(code=code.value[0], message=message, details=details)


def from_status(code: grpc.StatusCode, status: status_pb2.Status | None) -> RemoteStatus | None:
    """Return the refusal in a status; none if it is not a refusal but a failure of the other side or of the way."""
    kind = _KIND_OF_CODE.get(code)
    if kind is None or status is None:
        return None
    info = error_details_pb2.ErrorInfo()
    bad = error_details_pb2.BadRequest()
    for detail in status.details:
        if detail.Is(info.DESCRIPTOR):
            detail.Unpack(info)
        elif detail.Is(bad.DESCRIPTOR):
            detail.Unpack(bad)
    if not info.reason:
        return None
    fields = tuple(FieldError(one.field, one.reason, one.description) for one in bad.field_violations)
    return RemoteStatus(kind, info.reason, status.message, dict(info.metadata), fields)


def expected(error: BaseException) -> ServiceError | None:
    """Return the refusal that an exception stands for; none if nobody expected it."""
    if isinstance(error, ServiceError):
        return error
    if isinstance(error, DBAPIError):
        cause = error.orig.__cause__ if error.orig is not None else None
        unreachable = error.connection_invalidated
        return DatabaseBusy() if unreachable else _of_database(error.orig, cause, error)
    return _of_database(error) if isinstance(error, asyncpg.PostgresError | asyncpg.InterfaceError) else None


def _of_database(*chain: BaseException | None) -> ServiceError | None:
    """Judge a failure by the state that the server gave, on whichever of the wrapped exceptions it stands."""
    state = next(
        (str(one.sqlstate) for one in chain if one is not None and hasattr(one, "sqlstate") and one.sqlstate), ""
    )
    if state in _RETRY_STATES or state.startswith("08"):
        return DatabaseBusy()
    if state in _RACE_STATES:
        return ConcurrentChange()
    return ValueRefused() if state in _VALUE_STATES else None


def _packed(message: error_details_pb2.ErrorInfo | error_details_pb2.BadRequest) -> any_pb2.Any:
    packed = any_pb2.Any()
    packed.Pack(message)
    return packed

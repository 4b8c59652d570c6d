"""Refusals as problem documents (RFC 9457): one shape for every error of every service.

Every error goes through `problem()`. Reasons that HTTP has a status of its own for are listed here; all others take
the status of their kind from `bela_kit.grpc_errors`.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bela_kit.core.errors import FieldError, Kind, ServiceError
from bela_kit.grpc_errors import TABLE, expected
from bela_kit.telemetry import current_trace_id

log = logging.getLogger(__name__)

_STATUS_OF_REASON: Mapping[str, int] = {
    "BODY_TOO_LARGE": 413,
    "CONTENT_TYPE": 415,
    "ETAG_MISMATCH": 412,
    "IF_MATCH_REQUIRED": 428,
    "METHOD_NOT_ALLOWED": 405,
    "SCHEMA_VIOLATION": 422,
}
_TITLES: Mapping[int, str] = {
    405: "Cara tidak didukung",
    412: "Data sudah berubah",
    413: "Kiriman terlalu besar",
    415: "Jenis isi tidak didukung",
    422: "Isian tidak sesuai",
    428: "Perlu versi data",
    500: "Kesalahan pada sistem",
}

_MESSAGES: Mapping[str, str] = {
    "missing": "Wajib diisi.",
    "extra_forbidden": "Isian tidak dikenal.",
    "int_type": "Harus bilangan bulat.",
    "int_from_float": "Harus bilangan bulat.",
    "int_parsing": "Harus bilangan bulat.",
    "string_type": "Harus teks.",
    "bool_type": "Harus true atau false.",
    "list_type": "Harus daftar.",
    "dict_type": "Harus objek.",
    "model_type": "Harus objek.",
    "model_attributes_type": "Harus objek.",
    "uuid_parsing": "Pengenal tidak sah.",
    "uuid_type": "Pengenal tidak sah.",
    "date_from_datetime_parsing": "Tanggal tidak sah (TTTT-BB-HH).",
    "date_parsing": "Tanggal tidak sah (TTTT-BB-HH).",
    "date_type": "Tanggal tidak sah (TTTT-BB-HH).",
    "datetime_parsing": "Waktu tidak sah (RFC 3339).",
    "datetime_from_date_parsing": "Waktu tidak sah (RFC 3339).",
    "timezone_aware": "Waktu harus menyebut zona.",
    "enum": "Bukan salah satu pilihan.",
    "literal_error": "Bukan salah satu pilihan.",
    "string_too_short": "Teks terlalu pendek.",
    "string_too_long": "Teks terlalu panjang.",
    "string_pattern_mismatch": "Bentuk teks tidak sesuai.",
    "too_short": "Isi daftar kurang.",
    "too_long": "Isi daftar terlalu banyak.",
    "greater_than_equal": "Nilai terlalu kecil.",
    "greater_than": "Nilai terlalu kecil.",
    "less_than_equal": "Nilai terlalu besar.",
    "less_than": "Nilai terlalu besar.",
}


class BodyTooLarge(ServiceError):
    """More bytes than this operation takes."""

    kind = Kind.LIMIT
    reason = "BODY_TOO_LARGE"

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"Kiriman melebihi {limit_bytes:,} bita.".replace(",", "."))


class ContentTypeRefused(ServiceError):
    """The body is not of the type that this operation reads."""

    reason = "CONTENT_TYPE"

    def __init__(self) -> None:
        super().__init__("Isi permintaan harus application/json.")


class BodyNotJson(ServiceError):
    """The body cannot be read as JSON."""

    reason = "BODY_NOT_JSON"

    def __init__(self) -> None:
        super().__init__("Isi permintaan bukan JSON yang sah.")


class SchemaViolation(ServiceError):
    """The request is JSON, but not what the operation is documented to take."""

    reason = "SCHEMA_VIOLATION"


class RouteUnknown(ServiceError):
    """There is nothing at this address."""

    kind = Kind.NOT_FOUND
    reason = "NOT_FOUND"

    def __init__(self, fields: Sequence[FieldError] = ()) -> None:
        super().__init__("Tidak ditemukan.", fields=fields)


class MethodNotAllowed(ServiceError):
    """The address exists, the method does not."""

    reason = "METHOD_NOT_ALLOWED"

    def __init__(self, methods: Sequence[str]) -> None:
        super().__init__("Alamat ini tidak mendukung metode tersebut.", metadata={"allow": ", ".join(methods)})


class RefusedWhileReading(HTTPException):
    """Carries a refusal through FastAPI's body reading, which lets only this class pass."""

    def __init__(self, error: ServiceError) -> None:
        super().__init__(status_of(error))
        self.error = error


def status_of(error: ServiceError) -> int:
    """Return the HTTP status of a refusal."""
    return _STATUS_OF_REASON.get(error.reason) or TABLE[error.kind].http


def problem(error: ServiceError) -> Response:
    """Return the answer that carries a refusal."""
    status = status_of(error)
    headers: dict[str, str] = {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if status in {429, 503}:
        headers["Retry-After"] = error.metadata.get("retry_after_seconds", "1")
    if isinstance(error, MethodNotAllowed):
        headers["Allow"] = error.metadata["allow"]
    body = {
        **error.extra,
        "type": f"urn:bela:problem:{error.reason.lower()}",
        "title": _TITLES.get(status) or TABLE[error.kind].title,
        "status": status,
        "detail": error.detail,
        "reason": error.reason,
        "fields": [{"field": one.field, "reason": one.reason, "message": one.message} for one in error.fields],
        "trace_id": current_trace_id(),
    }
    return _document(status, body, headers)


def internal_problem() -> Response:
    """Return the answer to what nobody expected: an opaque id, under which the log has the stack."""
    trace_id = current_trace_id()
    body = {
        "type": "urn:bela:problem:internal",
        "title": _TITLES[500],
        "status": 500,
        "detail": f"Terjadi kesalahan pada sistem. Sebutkan kode {trace_id} bila melapor.",
        "reason": "INTERNAL",
        "fields": [],
        "trace_id": trace_id,
    }
    return _document(500, body, {})


def install_handlers(app: FastAPI) -> None:
    """Answer every refusal of an application with a problem document."""

    async def on_service_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, ServiceError)
        return problem(error)

    async def on_validation(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return problem(_of_validation(error))

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return problem(_of_http(request, error))

    async def on_database(request: Request, error: Exception) -> Response:
        refusal = expected(error)
        if refusal is None:
            raise error
        log.warning("the database refused", extra={"event": "DATABASE_REFUSED", "reason": refusal.reason})
        return problem(refusal)

    app.add_exception_handler(ServiceError, on_service_error)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(DBAPIError, on_database)


def json_path(location: Sequence[Any]) -> str:
    """Return `lines[0].quantity` for the parts of a location, the first of which names body, query or path."""
    path = ""
    for part in location[1:]:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path


def _of_validation(error: RequestValidationError) -> ServiceError:
    problems = error.errors()
    if any(one["type"] == "json_invalid" for one in problems):
        return BodyNotJson()
    fields = []
    for one in problems[:100]:
        message = one["msg"] if one["type"].isupper() else _MESSAGES.get(one["type"], "Nilai tidak sah.")
        fields.append(FieldError(json_path(one["loc"]), one["type"].upper(), message))
    if all(one["loc"][0] == "path" for one in problems):
        # An id that cannot exist is an id that does not exist.
        return RouteUnknown(fields)
    return SchemaViolation("Ada isian yang tidak sesuai.", fields=fields)


def _methods_at(request: Request) -> list[str]:
    """Return every method that the address has; the router itself names only those of the first route that fits."""
    routes = [one for one in request.app.routes if isinstance(one, Route) and one.path_regex.match(request.url.path)]
    # `things/{id}` fits `things/1:verb` too; the longer template is the one that is meant.
    meant = max((one.path for one in routes), key=len, default="")
    return sorted({method for one in routes if one.path == meant for method in one.methods or ()})


def _of_http(request: Request, error: HTTPException) -> ServiceError:
    if isinstance(error, RefusedWhileReading):
        return error.error
    if error.status_code == 404:
        return RouteUnknown()
    if error.status_code == 405:
        return MethodNotAllowed(_methods_at(request))
    # The framework's own 400: the body could not be decoded.
    return BodyNotJson()


def _document(status: int, body: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    return Response(
        orjson.dumps(body, default=str), status, media_type="application/problem+json", headers=dict(headers)
    )

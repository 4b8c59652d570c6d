"""What surrounds every REST request: span, metrics, request id, limits of the body, the last line against surprises.

Two parts. `RequestMiddleware` stands outside the router and sees every request; `guard_route` stands at one route and
knows what that route takes, so that limits hold before a handler runs and a streaming handler can set its own.
"""

import logging
import re
import time
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import parse_qsl

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from opentelemetry import trace
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bela_kit.core.errors import FieldError, ServiceError
from bela_kit.grpc_errors import expected
from bela_kit.rest.errors import (
    BodyTooLarge,
    ContentTypeRefused,
    RefusedWhileReading,
    internal_problem,
    problem,
)
from bela_kit.rest.schema import read_strictly
from bela_kit.telemetry import PROPAGATOR, Telemetry, current_trace_id

log = logging.getLogger(__name__)

BODY_LIMIT_BYTES = 1024 * 1024
BODY_LIMIT_KEY = "x-body-limit-bytes"
"""Key of `openapi_extra` by which a route takes larger bodies, and says so in its documentation."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class AddressRefused(ServiceError):
    """The address holds a NUL, which no stored text can equal."""

    reason = "ADDRESS_INVALID"

    def __init__(self) -> None:
        super().__init__("Alamat memuat tanda yang tidak sah.")


class QueryUnknown(ServiceError):
    """A query parameter that the operation does not have; ignoring it would answer another question than was asked."""

    reason = "QUERY_UNKNOWN"

    def __init__(self, names: list[str]) -> None:
        fields = [FieldError(name, self.reason, "Parameter tidak dikenal.") for name in names]
        super().__init__("Ada parameter yang tidak dikenal.", fields=fields)


class RequestMiddleware:
    """Wraps the whole application; expected refusals never reach its last line."""

    def __init__(self, app: ASGIApp, telemetry: Telemetry) -> None:
        self._app = app
        self._telemetry = telemetry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request within a span, count it, and never let an exception out."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {key: value for key, value in scope["headers"] if key in (b"traceparent", b"x-request-id")}
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        carrier = {"traceparent": headers.get(b"traceparent", b"").decode("latin-1")}
        span = self._telemetry.tracer.start_span(
            method, PROPAGATOR.extract(carrier), trace.SpanKind.SERVER, {"http.request.method": method}
        )
        started = time.perf_counter()
        with trace.use_span(span, end_on_exit=False):
            answer = _Answer(send, _request_id(headers.get(b"x-request-id")))
            try:
                await self._answer(scope, receive, answer)
            finally:
                self._measure(scope, span, method, answer.status, time.perf_counter() - started)

    async def _answer(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        try:
            if b"%00" in scope["query_string"] or "\x00" in scope["path"]:
                raise AddressRefused
            await self._app(scope, receive, answer)
        except ClientDisconnect:
            answer.status = answer.status or 499
        except Exception as error:
            refusal = expected(error)
            if refusal is None:
                log.exception("unexpected error", extra={"event": "INTERNAL_ERROR", "route": _template(scope)})
            if answer.status == 0:
                await (problem(refusal) if refusal else internal_problem())(scope, receive, answer)

    def _measure(self, scope: Scope, span: trace.Span, method: str, status: int, seconds: float) -> None:
        route, service = _template(scope), self._telemetry.service
        self._telemetry.http_requests.labels(service, route, method, str(status)).inc()
        self._telemetry.http_duration.labels(service, route, method).observe(seconds)
        if span.is_recording():
            span.update_name(f"{method} {route}")
            span.set_attributes({"http.route": route, "http.response.status_code": status})
            if status >= 500:
                span.set_status(trace.StatusCode.ERROR)
        span.end()


class _Answer:
    """Passes an answer on, with the request's id, and remembers its status."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = (request_id or current_trace_id()).encode("ascii")
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message.get("headers", []), (b"x-request-id", self._request_id)]
        await self._send(message)


def guard_route(route: APIRoute) -> None:
    """Make a route refuse unknown query parameters, and bodies of a wrong type, too large, or not strictly right."""
    if isinstance(route.app, _Guard):
        return
    for field in route.dependant.body_params:
        read_strictly(field)
    route.app = _Guard(
        route.app,
        query=frozenset(_query_names(route.dependant)),
        json=route.body_field is not None,
        limit_bytes=int((route.openapi_extra or {}).get(BODY_LIMIT_KEY, BODY_LIMIT_BYTES)),
    )


class _Guard:
    def __init__(self, app: ASGIApp, *, query: frozenset[str], json: bool, limit_bytes: int) -> None:
        self._app = app
        self._query = query
        self._json = json
        self._limit_bytes = limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["query_string"]:
            names = [name for name, _ in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)]
            if unknown := sorted({name for name in names if name not in self._query}):
                raise QueryUnknown(unknown)
        body = _LimitedBody(receive, scope, self._limit_bytes, json=self._json)
        await self._app(scope, body, send)


class _LimitedBody:
    """Counts the bytes that come, whatever Content-Length says, and refuses before more than the limit is kept."""

    def __init__(self, receive: Receive, scope: MutableMapping[str, Any], limit_bytes: int, *, json: bool) -> None:
        self._receive = receive
        self._limit_bytes = limit_bytes
        self._seen = 0
        self._refused_type = json and not _says_json(scope)

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._seen += len(message.get("body", b""))
            if self._seen and self._refused_type:
                raise RefusedWhileReading(ContentTypeRefused())
            if self._seen > self._limit_bytes:
                raise RefusedWhileReading(BodyTooLarge(self._limit_bytes))
        return message


def _says_json(scope: MutableMapping[str, Any]) -> bool:
    for key, value in scope["headers"]:
        if key == b"content-type":
            return bool(value.split(b";")[0].strip().lower() == b"application/json")
    return False


def _query_names(dependant: Dependant) -> list[str]:
    names = [field.alias for field in dependant.query_params]
    for inner in dependant.dependencies:
        names += _query_names(inner)
    return names


def _request_id(header: bytes | None) -> str:
    text = (header or b"").decode("latin-1")
    return text if _REQUEST_ID.fullmatch(text) else ""


def _template(scope: Scope) -> str:
    """Return the route's template, never the address itself: labels must stay few."""
    return getattr(scope.get("route"), "path", "unmatched")

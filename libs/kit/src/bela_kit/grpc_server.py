"""Answers other services, and nobody else: every RPC has a list of the services that may call it.

The caller's token is a client-credentials token; a person's token is refused whatever the person may do, because the
end user is data here. Which tenant a request is about stands in its resource name, which the servicer parses.
"""

import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import grpc
from google.rpc import status_pb2
from grpc.aio import AbortError
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1.health import aio as grpc_health_aio
from opentelemetry import trace

from bela_kit.auth import Principal, Unauthenticated, Verifier
from bela_kit.core.errors import Kind, ServiceError
from bela_kit.grpc_errors import TABLE, expected, to_status
from bela_kit.settings import ServiceSettings
from bela_kit.telemetry import PROPAGATOR, Telemetry, current_trace_id

log = logging.getLogger(__name__)

Registration = tuple[Callable[[Any, Any], None], Any]
"""The generated `add_…Servicer_to_server` and the servicer."""

_HEALTH = "/grpc.health.v1.Health/"
_OPTIONS: tuple[tuple[str, Any], ...] = (
    ("grpc.so_reuseport", 0),
    # Connections are renewed, so that new pods get their share of clients.
    ("grpc.max_connection_age_ms", 300_000),
    ("grpc.max_connection_age_grace_ms", 30_000),
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.http2.min_ping_interval_without_data_ms", 30_000),
    ("grpc.keepalive_permit_without_calls", 1),
)


class CallerNotAllowed(ServiceError):
    """The caller is a person, or a service that is not on the list of this RPC."""

    kind = Kind.FORBIDDEN
    reason = "CALLER_NOT_ALLOWED"

    def __init__(self) -> None:
        super().__init__("Pemanggil tidak berwenang atas operasi ini.")


class GrpcServer:
    """One gRPC server with its health service; made by `build_server`."""

    def __init__(self, server: grpc.aio.Server, health: grpc_health_aio.HealthServicer, address: str) -> None:
        self._server = server
        self._health = health
        self._address = address

    async def start(self) -> None:
        """Listen and say SERVING."""
        self._server.add_insecure_port(self._address)
        await self._server.start()
        await self._health.set("", health_pb2.HealthCheckResponse.SERVING)

    async def drain(self) -> None:
        """Say NOT_SERVING for good; calls are still answered."""
        await self._health.enter_graceful_shutdown()

    async def stop(self, grace: float | None = None) -> None:
        """Accept no more calls and wait for those under way, `grace` seconds at most."""
        await self._server.stop(grace)


def build_server(
    settings: ServiceSettings,
    services: Sequence[Registration],
    verifier: Verifier,
    allowed_callers: Mapping[str, frozenset[str]],
    *,
    telemetry: Telemetry,
) -> GrpcServer:
    """Return a server, not yet listening.

    Args:
        settings: Where it listens.
        services: The generated registration of each servicer, and the servicer.
        verifier: Checks bearer tokens.
        allowed_callers: Full name of each RPC (`/package.Service/Method`) and the client ids that may call it; an RPC
            that is not listed may be called by nobody.
        telemetry: What is measured with; its service name becomes the domain of error details.
    """
    server = grpc.aio.server(interceptors=[_Incoming(verifier, allowed_callers, telemetry)], options=list(_OPTIONS))
    for register, servicer in services:
        register(servicer, server)
    health = grpc_health_aio.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(health, server)
    return GrpcServer(server, health, settings.bind("grpc").grpc_address)


class _Incoming(grpc.aio.ServerInterceptor):
    def __init__(self, verifier: Verifier, allowed_callers: Mapping[str, frozenset[str]], telemetry: Telemetry) -> None:
        self._verifier = verifier
        self._allowed_callers = allowed_callers
        self._telemetry = telemetry

    async def intercept_service(
        self, continuation: Callable[[Any], Awaitable[Any]], handler_call_details: grpc.HandlerCallDetails
    ) -> Any:
        handler = await continuation(handler_call_details)
        method = str(handler_call_details.method)
        if handler is None or handler.unary_unary is None or method.startswith(_HEALTH):
            return handler
        behaviour = handler.unary_unary
        metadata = dict(handler_call_details.invocation_metadata or ())

        async def answer(request: Any, context: grpc.aio.ServicerContext[Any, Any]) -> Any:
            return await self._answer(method, metadata, behaviour, request, context)

        return grpc.unary_unary_rpc_method_handler(
            answer,
            request_deserializer=handler.request_deserializer,
            response_serializer=handler.response_serializer,
        )

    async def _answer(
        self, method: str, metadata: Mapping[str, Any], behaviour: Any, request: Any, context: Any
    ) -> Any:
        started = time.perf_counter()
        code = grpc.StatusCode.OK
        parent = PROPAGATOR.extract({"traceparent": str(metadata.get("traceparent", ""))})
        with self._telemetry.tracer.start_as_current_span(
            method.lstrip("/"), parent, trace.SpanKind.SERVER, {"rpc.system": "grpc"}
        ) as span:
            try:
                principal = await self._authorized(method, metadata)
                span.set_attribute("bela.caller", principal.subject)
                return await behaviour(request, context)
            except AbortError:
                raise
            except Exception as error:
                status = self._status_of(error, method)
                code = _code_of(status)
            finally:
                service = self._telemetry.service
                self._telemetry.grpc_requests.labels(service, method, code.name).inc()
                self._telemetry.grpc_duration.labels(service, method).observe(time.perf_counter() - started)
        details = (("grpc-status-details-bin", status.SerializeToString()),)
        return await context.abort(code, status.message, details)

    async def _authorized(self, method: str, metadata: Mapping[str, Any]) -> Principal:
        scheme, _, token = str(metadata.get("authorization", "")).partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated
        principal = await self._verifier.verify(token)
        if not principal.client or principal.subject not in self._allowed_callers.get(method, frozenset()):
            raise CallerNotAllowed
        return principal

    def _status_of(self, error: Exception, method: str) -> status_pb2.Status:
        refusal = expected(error)
        if refusal is not None:
            return to_status(refusal, f"{self._telemetry.service}.bela")
        log.exception("unexpected error", extra={"event": "INTERNAL_ERROR", "route": method})
        return status_pb2.Status(code=grpc.StatusCode.INTERNAL.value[0], message=f"internal error {current_trace_id()}")


_CODES = {wire.grpc.value[0]: wire.grpc for wire in TABLE.values()}


def _code_of(status: status_pb2.Status) -> grpc.StatusCode:
    return _CODES.get(status.code, grpc.StatusCode.INTERNAL)

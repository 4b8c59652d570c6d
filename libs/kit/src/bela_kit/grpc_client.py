"""Calls to other services: a deadline on each, our own token with it, and never from inside a transaction.

A remote call takes as long as the network likes; a transaction held open meanwhile holds its locks as long. So the
channel refuses, and a test of each use case finds out at once.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import grpc
from google.rpc import status_pb2
from grpc.aio import ClientCallDetails, Metadata
from grpc_status import rpc_status
from opentelemetry import trace

from bela_kit.auth import TokenSource
from bela_kit.core.errors import FieldError, Kind, ServiceError
from bela_kit.db import in_transaction
from bela_kit.events import current_traceparent
from bela_kit.grpc_errors import from_status
from bela_kit.telemetry import Telemetry

DEADLINE_SECONDS = 2.0

_OPTIONS: tuple[tuple[str, Any], ...] = (
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 2_000),
    # Behind a headless name there are several addresses; a single one makes no difference.
    ("grpc.lb_policy_name", "round_robin"),
)


class RemoteRefusal(Exception):
    """Another service said no; the client adapter turns it into an error of its own service.

    Attributes:
        reason: The other service's reason.
        kind: Its kind.
        detail: Its sentence for a person.
        metadata: Its machine-readable facts.
        fields: The fields it refused.
    """

    def __init__(
        self,
        reason: str,
        kind: Kind,
        metadata: Mapping[str, str],
        detail: str = "",
        fields: tuple[FieldError, ...] = (),
    ) -> None:
        super().__init__(f"{kind} {reason}")
        self.reason = reason
        self.kind = kind
        self.metadata = dict(metadata)
        self.detail = detail
        self.fields = fields


class Unavailable(ServiceError):
    """Another service did not answer, or not in time; the same request may be sent again."""

    kind = Kind.UNAVAILABLE
    reason = "DEPENDENCY_UNAVAILABLE"

    def __init__(self, code: str = "") -> None:
        super().__init__("Layanan lain sedang tidak dapat dihubungi. Coba lagi sebentar.", metadata={"code": code})


def channel(
    target: str,
    tokens: TokenSource,
    service_config_path: str | Path | None = None,
    *,
    telemetry: Telemetry | None = None,
    deadline_seconds: float = DEADLINE_SECONDS,
) -> grpc.aio.Channel:
    """Return a channel to another service; it connects at first use.

    Args:
        target: `unix:/path` or `dns:///host:port`.
        tokens: Where this service's own token comes from.
        service_config_path: File with timeouts and retries by method.
        telemetry: What is measured with.
        deadline_seconds: How long a call may take that names no timeout of its own.
    """
    options = list(_OPTIONS)
    if service_config_path is not None:
        options.append(("grpc.service_config", Path(service_config_path).read_text(encoding="utf-8")))
    interceptor = _Outgoing(tokens, telemetry, deadline_seconds)
    return grpc.aio.insecure_channel(target, options=options, interceptors=[interceptor])


def translate(error: grpc.RpcError) -> RemoteRefusal | Unavailable:
    """Return what a failed call means: the other service's refusal, or that it was not there."""
    code = error.code() if isinstance(error, grpc.aio.AioRpcError) else grpc.StatusCode.UNKNOWN
    status: status_pb2.Status | None = None
    if isinstance(error, grpc.aio.AioRpcError):
        try:
            status = rpc_status.from_call(error)
        except ValueError:
            status = None
    remote = from_status(code, status)
    if remote is None or remote.kind is Kind.UNAVAILABLE:
        return Unavailable(code.name)
    return RemoteRefusal(remote.reason, remote.kind, remote.metadata, remote.detail, remote.fields)


class _Outgoing(grpc.aio.UnaryUnaryClientInterceptor):
    def __init__(self, tokens: TokenSource, telemetry: Telemetry | None, deadline_seconds: float) -> None:
        self._tokens = tokens
        self._telemetry = telemetry
        self._deadline_seconds = deadline_seconds

    async def intercept_unary_unary(
        self, continuation: Any, client_call_details: ClientCallDetails, request: Any
    ) -> Any:
        if in_transaction():
            raise RuntimeError("a remote call inside a transaction; make it before the transaction opens")
        method = client_call_details.method
        name = method.decode() if isinstance(method, bytes) else method
        tracer = self._telemetry.tracer if self._telemetry else trace.get_tracer("bela_kit")
        with tracer.start_as_current_span(name.lstrip("/"), kind=trace.SpanKind.CLIENT) as span:
            call = await continuation(await self._prepared(client_call_details), request)
            code = await call.code()
            span.set_attributes({"rpc.system": "grpc", "rpc.grpc.status_code": code.value[0]})
        if self._telemetry is not None:
            self._telemetry.grpc_calls.labels(self._telemetry.service, name, code.name).inc()
        return call

    async def _prepared(self, details: ClientCallDetails) -> ClientCallDetails:
        metadata = Metadata(*(details.metadata or ()))
        metadata.add("authorization", f"Bearer {await self._tokens.token()}")
        if traceparent := current_traceparent():
            metadata.add("traceparent", traceparent)
        timeout = self._deadline_seconds if details.timeout is None else details.timeout
        return ClientCallDetails(details.method, timeout, metadata, details.credentials, details.wait_for_ready)

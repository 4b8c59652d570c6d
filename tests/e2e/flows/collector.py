"""An OpenTelemetry collector inside the test: it takes spans over OTLP and keeps them."""

import threading
from collections.abc import Iterator
from concurrent import futures
from dataclasses import dataclass, field
from typing import Self

import grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc
from opentelemetry.proto.trace.v1 import trace_pb2


@dataclass(frozen=True, slots=True)
class Span:
    """One span of one service."""

    service: str
    name: str
    kind: str
    trace_id: str
    span_id: str
    parent_id: str
    links: frozenset[str] = frozenset()
    """Trace ids of the spans it links to."""
    attributes: dict[str, str] = field(default_factory=dict, hash=False)


class Collector(trace_service_pb2_grpc.TraceServiceServicer):
    """Listens on a loopback port of its own."""

    def __init__(self) -> None:
        self._server = grpc.server(futures.ThreadPoolExecutor(2))
        trace_service_pb2_grpc.add_TraceServiceServicer_to_server(self, self._server)
        self.endpoint = f"http://127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._lock = threading.Lock()
        self._spans: list[Span] = []

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop(1).wait()

    def Export(self, request, context):  # type: ignore[no-untyped-def]
        with self._lock:
            for of_resource in request.resource_spans:
                names = {a.key: a.value.string_value for a in of_resource.resource.attributes}
                for of_scope in of_resource.scope_spans:
                    self._spans += [_span(names.get("service.name", ""), one) for one in of_scope.spans]
        return trace_service_pb2.ExportTraceServiceResponse()

    def spans(self) -> list[Span]:
        """Return what has arrived so far."""
        with self._lock:
            return list(self._spans)

    def of_trace(self, trace_id: str) -> Iterator[Span]:
        """Return the spans of one trace."""
        return (span for span in self.spans() if span.trace_id == trace_id)


def _span(service: str, span: trace_pb2.Span) -> Span:
    return Span(
        service=service,
        name=span.name,
        kind=trace_pb2.Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_"),
        trace_id=span.trace_id.hex(),
        span_id=span.span_id.hex(),
        parent_id=span.parent_span_id.hex(),
        links=frozenset(link.trace_id.hex() for link in span.links),
        attributes={a.key: a.value.string_value for a in span.attributes},
    )

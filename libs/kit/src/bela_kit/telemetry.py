"""Spans, log records and metrics of one service.

`setup()` builds what an application needs and touches nothing global, so that a test can make many; `install()` does
the part that belongs to the process: JSON logs on stderr and the global tracer provider. Spans are made by hand at
the edges (REST, gRPC, statements): the ready-made instrumentations patch classes and cost a multiple.

Nothing here may carry personal data, and no metric may carry a tenant.
"""

import logging
import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import orjson
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import SpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON, ParentBased
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bela_kit.settings import ServiceSettings

PROPAGATOR = TraceContextTextMapPropagator()

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_tenant: ContextVar[str] = ContextVar("bela_log_tenant", default="")

# 15 or 16 digits: NIK, No. KK, NPWP. 8 to 13 digits behind 08 or +62 8: a phone. Groups may be set apart.
_IDENTIFIER = re.compile(r"(?<![\w-])\d(?:[ .-]?\d){14,15}(?![\w-])")
_PHONE = re.compile(r"(?<![\w-])(?:\+?62[ .-]?|0)8\d(?:[ .-]?\d){6,10}(?![\w-])")
_RECORD_FIELDS = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class Telemetry:
    """What one application measures with.

    Attributes:
        service: The service's name, a label on every metric of the kit.
        tracer: Makes spans; it makes none that cost anything while no exporter is set.
        registry: The metrics of this application, and of no other in the process.
    """

    def __init__(self, service: str, provider: TracerProvider, log_level: str, *, recording: bool) -> None:
        self.service = service
        self.provider = provider
        self.tracer: trace.Tracer = provider.get_tracer("bela_kit")
        self.registry = CollectorRegistry()
        self._log_level = log_level
        self._recording = recording
        ProcessCollector(registry=self.registry)
        self.http_requests = Counter(
            "bela_http_requests",
            "REST requests answered.",
            ("service", "route", "method", "status"),
            registry=self.registry,
        )
        self.http_duration = Histogram(
            "bela_http_request_duration_seconds",
            "Time from the first byte of a REST request to the last byte of its answer.",
            ("service", "route", "method"),
            registry=self.registry,
            buckets=_BUCKETS,
        )
        labels = ("service", "method", "code")
        self.grpc_requests = Counter("bela_grpc_requests", "RPCs answered.", labels, registry=self.registry)
        self.grpc_duration = Histogram(
            "bela_grpc_request_duration_seconds",
            "Time an RPC took on this side.",
            ("service", "method"),
            registry=self.registry,
            buckets=_BUCKETS,
        )
        self.grpc_calls = Counter("bela_grpc_client_requests", "RPCs asked of others.", labels, registry=self.registry)

    def install(self) -> None:
        """Make this the telemetry of the process: log records go to stderr as JSON, spans to this provider."""
        handler = logging.StreamHandler(sys.stderr)
        handler.addFilter(PersonalDataFilter())
        handler.setFormatter(JsonFormatter(self.service))
        root = logging.getLogger()
        root.handlers[:] = [handler]
        root.setLevel(self._log_level)
        logging.getLogger("uvicorn").setLevel(logging.WARNING)
        logging.captureWarnings(True)
        trace.set_tracer_provider(self.provider)
        if self._recording:
            trace_statements(self.tracer, Engine)

    def flush(self) -> None:
        """Send what is still held and stop; blocks for a few seconds at most."""
        self.provider.shutdown()


def setup(
    settings: ServiceSettings,
    service: str,
    *,
    exporter: SpanExporter | None = None,
) -> Telemetry:
    """Return the telemetry of one application.

    Args:
        settings: Where spans go and how much is logged; without an endpoint no span is recorded, though trace ids pass
            through all the same.
        service: The service's name.
        exporter: Takes every span at once; for tests.
    """
    processors: list[SpanProcessor] = []
    if exporter is not None:
        from opentelemetry.sdk.trace.export import SimpleSpanProcessor

        processors.append(SimpleSpanProcessor(exporter))
    if settings.otlp_endpoint:
        # Imported here because it brings a second gRPC stack of messages, some 15 MB, that most processes never use.
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        insecure = not settings.otlp_endpoint.startswith("https://")
        processors.append(BatchSpanProcessor(OTLPSpanExporter(endpoint=settings.otlp_endpoint, insecure=insecure)))
    sampler = ParentBased(ALWAYS_ON) if processors else ALWAYS_OFF
    resource = Resource(
        {"service.name": service, "service.namespace": "bela", "deployment.environment": settings.environment}
    )
    provider = TracerProvider(sampler=sampler, resource=resource, shutdown_on_exit=False)
    for processor in processors:
        provider.add_span_processor(processor)
    return Telemetry(service, provider, settings.log_level, recording=bool(processors))


def trace_statements(tracer: trace.Tracer, engine: Any) -> None:
    """Make a span of every statement of an engine, or of all engines, that runs within a recorded span.

    The ready-made instrumentation of the driver does not see prepared statements, which are what SQLAlchemy runs.
    """

    def begin(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if context is not None and trace.get_current_span().is_recording():
            attributes = {"db.system.name": "postgresql", "db.query.text": statement.strip()[:1000]}
            name = statement.split(None, 1)[0].upper()
            context.bela_span = tracer.start_span(name, kind=trace.SpanKind.CLIENT, attributes=attributes)

    def end(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        span = getattr(context, "bela_span", None)
        if span is not None:
            span.end()

    def fail(error: Any) -> None:
        span = getattr(error.execution_context, "bela_span", None)
        if span is not None:
            span.set_status(trace.StatusCode.ERROR)
            span.end()

    event.listen(engine, "before_cursor_execute", begin)
    event.listen(engine, "after_cursor_execute", end)
    event.listen(engine, "handle_error", fail)


def bind_tenant(tenant: str) -> None:
    """Name the tenant on the current span and on the log records of this task."""
    _tenant.set(tenant)
    span = trace.get_current_span()
    if span.is_recording():
        span.set_attribute("bela.tenant", tenant)


def current_trace_id() -> str:
    """Return the trace id as 32 hexadecimal digits; empty outside a trace."""
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.trace_id else ""


def mask(text: str) -> str:
    """Return the text without what looks like a national identity, family card, tax or phone number."""
    return _PHONE.sub("[masked]", _IDENTIFIER.sub("[masked]", text))


class PersonalDataFilter(logging.Filter):
    """Masks numbers of persons in a record's message, in its text fields and in its stack."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; it is never dropped."""
        record.msg, record.args = mask(record.getMessage()), ()
        if record.exc_info:
            record.exc_text = mask(logging.Formatter().formatException(record.exc_info))
        for name, value in record.__dict__.items():
            if name not in _RECORD_FIELDS and isinstance(value, str):
                record.__dict__[name] = mask(value)
        return True


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON: time, level, logger, message, service, trace, tenant and its own fields."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        context = trace.get_current_span().get_span_context()
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "service": self._service,
        }
        if context.trace_id:
            line["trace_id"], line["span_id"] = f"{context.trace_id:032x}", f"{context.span_id:016x}"
        if tenant := _tenant.get():
            line["tenant"] = tenant
        line.update({name: value for name, value in record.__dict__.items() if name not in _RECORD_FIELDS})
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        if record.exc_text:
            line["stack"] = record.exc_text
        return orjson.dumps(line, default=str, option=orjson.OPT_NON_STR_KEYS).decode()

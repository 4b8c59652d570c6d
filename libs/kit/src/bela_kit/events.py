"""The envelope: how an event is named and described on the wire (CloudEvents, binary mode, in NATS headers).

What is inside the payload is not known here. Subjects have the tenant as one token, so that permissions, filters and
the check against the header all speak of the same thing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from opentelemetry import trace
from opentelemetry.context import Context

from bela_kit.core.events import OutgoingEvent
from bela_kit.core.tenancy import TenantId, parse_tenant

_SUBJECT = re.compile(r"bela\.(?P<source>[a-z]+)\.v1\.(?P<tenant>[0-9]+)\.(?P<name>[a-z0-9_]+)")
_TRACEPARENT = re.compile(r"00-(?P<trace>[0-9a-f]{32})-(?P<span>[0-9a-f]{16})-(?P<flags>[0-9a-f]{2})")


class BadEnvelope(ValueError):
    """A message that no retry can make readable: a header is missing, malformed, or contradicts the subject."""


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    """One event as a consumer gets it; the payload is still encoded.

    Attributes:
        event_id: The same at every delivery and every re-publication of this event.
        source: The service that published it.
        type: Full name of the message in `payload`.
        name: Last token of the subject, snake case.
        aggregate_version: A projection ignores what is not higher than it has.
        traceparent: The producer's span, to link to.
        stream_sequence: Position in the stream.
    """

    event_id: UUID
    tenant: TenantId
    source: str
    type: str
    name: str
    aggregate_id: str
    aggregate_version: int
    occurred_at: datetime
    payload: bytes
    traceparent: str | None = None
    stream_sequence: int = 0


def subject(source: str, tenant: TenantId, name: str) -> str:
    """Return the subject on which a service publishes an event of a tenant."""
    return f"bela.{source}.v1.{tenant}.{name}"


def to_headers(event: OutgoingEvent, source: str, traceparent: str | None = None) -> dict[str, str]:
    """Describe an event in CloudEvents headers; the message id lets the stream drop a repetition."""
    headers = {
        "Nats-Msg-Id": str(event.event_id),
        "ce-specversion": "1.0",
        "ce-id": str(event.event_id),
        "ce-type": event.type,
        "ce-source": f"/bela/{source}",
        "ce-subject": event.aggregate_id,
        "ce-time": event.occurred_at.isoformat(),
        "ce-aggregateversion": str(event.aggregate_version),
        "ce-tenant": event.tenant,
        "content-type": "application/protobuf",
    }
    if traceparent:
        headers["traceparent"] = traceparent
    return headers


def from_message(
    subject_text: str, headers: Mapping[str, str] | None, payload: bytes, stream_sequence: int = 0
) -> ReceivedEvent:
    """Read an event from a message.

    Raises:
        BadEnvelope: Something is missing or malformed, or the tenant of the header is not the tenant of the subject.
    """
    match = _SUBJECT.fullmatch(subject_text)
    if match is None or headers is None:
        raise BadEnvelope(f"not an event: {subject_text}")
    if headers.get("ce-tenant") != match["tenant"]:
        raise BadEnvelope(f"tenant {headers.get('ce-tenant')!r} on {subject_text}")
    try:
        occurred_at = datetime.fromisoformat(headers["ce-time"])
        if occurred_at.tzinfo is None:
            raise BadEnvelope("ce-time without a zone")
        return ReceivedEvent(
            event_id=UUID(headers["ce-id"]),
            tenant=parse_tenant(match["tenant"]),
            source=match["source"],
            type=headers["ce-type"],
            name=match["name"],
            aggregate_id=headers["ce-subject"],
            aggregate_version=int(headers["ce-aggregateversion"]),
            occurred_at=occurred_at,
            payload=payload,
            traceparent=headers.get("traceparent"),
            stream_sequence=stream_sequence,
        )
    except BadEnvelope:
        raise
    except Exception as error:
        raise BadEnvelope(f"unreadable header on {subject_text}: {error}") from error


def current_traceparent() -> str | None:
    """Return the current span in W3C form, None outside a span."""
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return None
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{int(context.trace_flags):02x}"


def span_link(traceparent: str | None) -> trace.Link | None:
    """Return a link to the span that produced an event, None if it is not known."""
    context = _span_context(traceparent)
    return None if context is None else trace.Link(context)


def parent_context(traceparent: str | None) -> Context | None:
    """Return the context in which the producer's trace goes on, None if it is not known."""
    context = _span_context(traceparent)
    return None if context is None else trace.set_span_in_context(trace.NonRecordingSpan(context), Context())


def _span_context(traceparent: str | None) -> trace.SpanContext | None:
    match = _TRACEPARENT.fullmatch(traceparent or "")
    if match is None:
        return None
    flags = trace.TraceFlags(int(match["flags"], 16))
    return trace.SpanContext(int(match["trace"], 16), int(match["span"], 16), True, flags)

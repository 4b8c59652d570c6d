from datetime import UTC, datetime
from uuid import UUID

import pytest
from bela_kit.core.events import OutgoingEvent
from bela_kit.core.tenancy import TenantId
from bela_kit.events import (
    BadEnvelope,
    current_traceparent,
    from_message,
    parent_context,
    span_link,
    subject,
    to_headers,
)
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

EVENT = OutgoingEvent(
    event_id=UUID(int=7),
    tenant=TenantId("3510"),
    aggregate_type="thing",
    aggregate_id="t1",
    aggregate_version=3,
    event_name="thing_changed",
    type="sample.ThingChanged",
    payload=b"\x01",
    occurred_at=datetime(2027, 3, 1, 8, tzinfo=UTC),
)
SUBJECT = "bela.sample.v1.3510.thing_changed"
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_envelope_survives_the_wire() -> None:
    headers = to_headers(EVENT, "sample", PARENT)
    assert subject("sample", EVENT.tenant, "thing_changed") == SUBJECT
    assert headers["Nats-Msg-Id"] == headers["ce-id"] == str(EVENT.event_id)
    back = from_message(SUBJECT, headers, b"\x01", 42)
    assert (back.event_id, back.tenant, back.source, back.name) == (EVENT.event_id, "3510", "sample", "thing_changed")
    assert (back.type, back.aggregate_id, back.aggregate_version) == ("sample.ThingChanged", "t1", 3)
    assert (back.occurred_at, back.payload) == (EVENT.occurred_at, b"\x01")
    assert (back.traceparent, back.stream_sequence) == (PARENT, 42)


@pytest.mark.parametrize("missing", ["ce-id", "ce-type", "ce-subject", "ce-time", "ce-aggregateversion", "ce-tenant"])
def test_missing_header_is_refused(missing: str) -> None:
    headers = to_headers(EVENT, "sample")
    del headers[missing]
    with pytest.raises(BadEnvelope):
        from_message(SUBJECT, headers, b"")


@pytest.mark.parametrize(
    ("header", "value"),
    [("ce-tenant", "1311"), ("ce-id", "x"), ("ce-time", "2027-03-01T08:00:00"), ("ce-aggregateversion", "1.5")],
)
def test_wrong_header_is_refused(header: str, value: str) -> None:
    with pytest.raises(BadEnvelope):
        from_message(SUBJECT, {**to_headers(EVENT, "sample"), header: value}, b"")


@pytest.mark.parametrize("wrong", ["bela.sample.v2.3510.x", "bela.sample.v1.351.x", "bela.sample.v1.3510.x.y", ""])
def test_subject_outside_the_grammar_is_refused(wrong: str) -> None:
    with pytest.raises(BadEnvelope):
        from_message(wrong, {**to_headers(EVENT, "sample"), "ce-tenant": "351"}, b"")


def test_trace_goes_on_at_the_other_end() -> None:
    assert current_traceparent() is None
    with TracerProvider().get_tracer("t").start_as_current_span("s") as span:
        traceparent = current_traceparent()
    link = span_link(traceparent)
    assert link is not None
    assert link.context.span_id == span.get_span_context().span_id
    context = parent_context(traceparent)
    assert trace.get_current_span(context).get_span_context().trace_id == span.get_span_context().trace_id
    assert span_link("nonsense") is None
    assert parent_context(None) is None

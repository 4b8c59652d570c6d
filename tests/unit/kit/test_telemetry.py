import json
import logging
import sys

import pytest
from bela_kit import telemetry
from bela_kit.events import current_traceparent
from bela_kit.settings import ServiceSettings
from bela_kit.telemetry import JsonFormatter, PersonalDataFilter, mask
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter


@pytest.mark.parametrize(
    "text",
    ["3510161708450001", "351016170845001", "3510.1617.0845.0001", "081234567890", "+6281234567890", "0812-3456-7890"],
)
def test_number_of_a_person_is_masked(text):
    assert mask(f"a {text}, b") == "a [masked], b"
    assert mask(f'{{"x":"{text}"}}') == '{"x":"[masked]"}'


@pytest.mark.parametrize(
    "text",
    ["01890f7e-0000-7000-8000-000000000001", "2026-03-02T09:15:00.123+07:00", "Rp 1500000", "port 5432", "a1b2" * 8],
)
def test_other_numbers_stay(text):
    assert mask(text) == text


def written(record: logging.LogRecord) -> dict[str, object]:
    PersonalDataFilter().filter(record)
    return json.loads(JsonFormatter("thing").format(record))


def test_log_line_is_json_without_personal_data():
    try:
        raise ValueError("NIK 3510161708450001 is known")
    except ValueError:
        record = logging.LogRecord("l", logging.ERROR, "f", 1, "phone %s", ("081234567890",), sys.exc_info())
    record.event = "THING_FAILED"
    record.note = "3510161708450001"
    line = written(record)
    assert (line["message"], line["event"], line["note"]) == ("phone [masked]", "THING_FAILED", "[masked]")
    assert "ValueError: NIK [masked] is known" in str(line["stack"])
    assert "3510161708450001" not in json.dumps(line)


def test_log_line_carries_trace_and_tenant():
    measured = telemetry.setup(ServiceSettings(), "thing", exporter=InMemorySpanExporter())
    with measured.tracer.start_as_current_span("x"):
        telemetry.bind_tenant("3510")
        line = written(logging.LogRecord("l", logging.INFO, "f", 1, "m", (), None))
        assert line["trace_id"] == telemetry.current_trace_id()
    assert line["tenant"] == "3510"
    telemetry.bind_tenant("")


def test_without_an_endpoint_no_span_is_recorded_yet_trace_ids_pass_through():
    measured = telemetry.setup(ServiceSettings(), "thing")
    incoming = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    parent = telemetry.PROPAGATOR.extract({"traceparent": incoming})
    with measured.tracer.start_as_current_span("x", parent) as span:
        assert not span.is_recording()
        assert telemetry.current_trace_id() == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert current_traceparent() is None


def test_no_metric_has_a_tenant_label():
    measured = telemetry.setup(ServiceSettings(), "thing")
    for metric in (measured.http_requests, measured.http_duration, measured.grpc_requests, measured.grpc_calls):
        assert not {"tenant", "region", "path"} & set(metric._labelnames)

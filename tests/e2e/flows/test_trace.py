"""One trace from the gateway through REST, gRPC, SQL and outbox to the broker; a consumer's span links to it."""

import secrets
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from bela_local.demo.api import Api, eventually, set_clock, wait_until
from bela_local.demo.office import Office, open_office
from bela_local.demo.sellers import Offer, Sellers
from bela_local.stack import Stack

from .collector import Collector, Span
from .play import at, draft

REGION = "6112"
NOW = at(2026, 3, 2)
TRACED = ("catalog", "order", "reporting")
# Spans leave a service in batches, every five seconds.
ARRIVAL_SECONDS = 20.0


@pytest.fixture(scope="module")
def traced(stack: Stack, collector: Collector) -> Iterator[None]:
    """The services sending their spans."""
    with ThreadPoolExecutor(len(TRACED)) as pool:
        list(pool.map(lambda name: _restart(stack, name, collector.endpoint), TRACED))
        yield
        list(pool.map(lambda name: _restart(stack, name, ""), TRACED))


def _restart(stack: Stack, name: str, endpoint: str) -> None:
    stack.kill(name, hold=True)
    stack.restart(name, {f"{name.upper()}_OTLP_ENDPOINT": endpoint})


@pytest.fixture(scope="module")
def submitted(api: Api, stack: Stack, traced: None) -> str:
    """A submission whose caller began the trace; returns the trace's id."""
    set_clock(api, REGION, NOW)
    offer = Offer("Kue Jejak", f"vendor3.{REGION}", "611209", "6112092001", "meal_box_standard", 21_000, 1_000)
    eventually(lambda: Sellers(api, REGION).bring_to_sale(offer))
    office = open_office(api, REGION, "Dinas Jejak", year=2026, ceiling=5_000_000, district="611209")
    told = draft(office, office.need("meal_box_standard", 10, NOW + timedelta(days=4)), offer, 10)
    trace_id = secrets.token_hex(16)
    headers = {
        **stack.headers(office.who("pp")),
        "Idempotency-Key": trace_id,
        "traceparent": f"00-{trace_id}-{secrets.token_hex(8)}-01",
    }
    url = f"{stack.gateway_url}{office.path}/orders/{told['order_id']}:submit"
    answer = httpx.post(url, json={"reason": "other"}, headers=headers, timeout=30, trust_env=False)
    assert answer.status_code == 200, answer.text
    _wait_for_report(api, office)
    return trace_id


def _wait_for_report(api: Api, office: Office) -> None:
    path = f"/reporting/v1/regions/{REGION}/budget_lines/{office.budget_line_id}"
    wait_until(lambda: api.get(path, f"auditor.{REGION}")["line"]["reserved_idr"] > 0, "the report of the submission")


@pytest.fixture(scope="module")
def spans(collector: Collector, submitted: str) -> list[Span]:
    """The spans of that trace, once all that is expected has arrived."""
    deadline = time.monotonic() + ARRIVAL_SECONDS
    while time.monotonic() < deadline:
        found = list(collector.of_trace(submitted))
        services = {span.service for span in found}
        linked = any(submitted in span.links and span.service == "reporting" for span in collector.spans())
        if linked and services >= {"gateway", "order", "catalog"} and any(s.kind == "PRODUCER" for s in found):
            break
        time.sleep(0.2)
    return list(collector.of_trace(submitted))


def _one(spans: list[Span], service: str, kind: str, words: str = "") -> Span:
    found = [span for span in spans if (span.service, span.kind) == (service, kind) and words in span.name]
    assert found, sorted((span.service, span.kind, span.name) for span in spans)
    return found[0]


def _ancestors(span: Span, spans: list[Span]) -> list[Span]:
    by_id = {one.span_id: one for one in spans}
    chain = []
    while span.parent_id in by_id:
        span = by_id[span.parent_id]
        chain.append(span)
    return chain


def test_the_trace_runs_from_the_gateway_to_the_catalogs_database(spans: list[Span]) -> None:
    entry = _one(spans, "gateway", "SERVER")
    rest = _one(spans, "order", "SERVER")
    asked = _one(spans, "order", "CLIENT", "Reserve")
    answered = _one(spans, "catalog", "SERVER", "Reserve")
    chain = [answered, *_ancestors(answered, spans)]
    assert [one for one in chain if one in (answered, asked, rest, entry)] == [answered, asked, rest, entry]


def test_statements_hang_under_the_requests_that_ran_them(spans: list[Span]) -> None:
    for service in ("order", "catalog"):
        server = _one(spans, service, "SERVER")
        statements = [s for s in spans if s.service == service and s.attributes.get("db.system.name") == "postgresql"]
        assert statements, f"no statement of {service}"
        assert any(server in _ancestors(one, spans) for one in statements)


def test_the_event_is_published_within_the_trace(spans: list[Span]) -> None:
    publish = _one(spans, "order", "PRODUCER")
    assert _one(spans, "order", "SERVER") in _ancestors(publish, spans)


def test_consumers_go_on_with_it_or_link_to_it(spans: list[Span], collector: Collector, submitted: str) -> None:
    linked = [span for span in collector.spans() if submitted in span.links]
    consumers = {span.service for span in linked if span.kind == "CONSUMER"}
    assert consumers >= {"reporting", "catalog"}
    assert all(span.trace_id != submitted for span in linked if span.kind == "CONSUMER")

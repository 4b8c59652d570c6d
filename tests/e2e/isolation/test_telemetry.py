"""What the running system tells its operators: names from the table, no region or person in a label or a log line."""

import json
import re
import time
from collections.abc import Callable

import httpx
import pytest
from bela_local.stack import Stack
from prometheus_client.parser import text_string_to_metric_families

from tests.contract.telemetry.registry import differences
from tests.e2e.world import World

SERVICES = ("vendor", "catalog", "order", "reporting")
# The seller of the world has these; see bela_local.demo.sellers.
PERSONAL = re.compile(r"(?<![\w-])(\d{15,16}|(\+?62|0)8\d{7,11})(?![\w-])")
IN_THE_WORLD = ("1708800018", "081234000018", "0012345000018", "Pemilik Warung")
Client = Callable[[str | None], httpx.Client]


def probe(stack: Stack, service: str, path: str) -> httpx.Response:
    transport = httpx.HTTPTransport(uds=stack.info.sockets[service]["probe"])
    with httpx.Client(transport=transport, base_url="http://probe", trust_env=False) as client:
        return client.get(path)


@pytest.mark.parametrize("service", SERVICES)
def test_the_metrics_of_a_running_service_are_in_the_table(service: str, world: World, stack: Stack) -> None:
    answer = probe(stack, service, "/metrics")
    assert answer.status_code == 200
    families = [one for one in text_string_to_metric_families(answer.text) if not one.name.endswith("_created")]
    assert differences(families) == []
    series = [sample for family in families for sample in family.samples if family.name.startswith("bela_")]
    assert series
    assert len(series) < 5_000, "a label is not bounded"
    for sample in series:
        for value in sample.labels.values():
            assert world.region not in re.split(r"[/._{}]", value), sample
            assert not any(one in value for one in world.ids.values() if len(one) > 10), sample


@pytest.mark.parametrize("service", SERVICES)
def test_health_is_answered(service: str, stack: Stack) -> None:
    assert probe(stack, service, "/livez").status_code == 200
    assert probe(stack, service, "/readyz").status_code == 200
    assert probe(stack, service, "/nothing").status_code == 404


@pytest.mark.parametrize("service", SERVICES)
def test_log_lines_are_json_without_persons(service: str, world: World, client: Client, stack: Stack) -> None:
    """The world was made: a seller with NIK, phone and account registered, bought from and paid. None of it is told."""
    client(None).get(f"/{service}/v1/regions/{world.region}/time")
    time.sleep(0.2)
    text = (stack.folder / "log" / f"{service}.log").read_text(encoding="utf-8", errors="replace")
    for line in text.splitlines():
        record = json.loads(line)
        assert {"time", "level", "logger", "message", "service"} <= set(record), line
        assert record["service"] == service
        told = " ".join(str(value) for name, value in record.items() if name not in {"trace_id", "span_id", "time"})
        assert not PERSONAL.search(told), line
        assert not any(one in told for one in IN_THE_WORLD), line
        assert record["level"] not in {"ERROR", "CRITICAL"}, line


def test_an_answer_names_the_trace_it_left(client: Client, world: World) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    answer = client(None).get(
        f"/order/v1/regions/{world.region}/units/{'0' * 8}-0000-7000-8000-{'0' * 12}",
        headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"},
    )
    assert answer.status_code == 404
    assert re.fullmatch(r"[0-9a-f]{32}", answer.json()["trace_id"])
    assert answer.json()["trace_id"] == trace

"""Metric names come from one table; none carries a region or a person (architecture 3.7)."""

import importlib
from typing import Any

import pytest
from bela_kit.jetstream import ConsumerMetrics
from bela_kit.jobs import JobRunner
from bela_kit.outbox_relay import RelayMetrics
from bela_kit.service_cli import ServiceParts
from bela_kit.telemetry import mask
from prometheus_client import Metric

from .registry import FORBIDDEN, differences, ours, registered

SERVICES = ("vendor", "catalog", "order", "reporting")
NOWHERE = "postgresql+asyncpg://x:x@/x?host=/nowhere&port=1"


async def parts_of(service: str, folder: Any) -> ServiceParts:
    """The parts of a service as its bootstrap wires them; nothing is started, nothing is reached."""
    config = importlib.import_module(f"{service}_service.config")
    bootstrap = importlib.import_module(f"{service}_service.bootstrap")
    own: dict[str, str] = {"vendor": {"pii_master_key": "QkJC" * 10 + "QkI=", "files_folder": str(folder)}}.get(
        service, {}
    )
    settings = getattr(config, f"{service.capitalize()}Settings")(
        environment="test",
        database_owner_url=NOWHERE,
        database_app_url=NOWHERE,
        database_worker_url=NOWHERE,
        **own,
    )
    parts: ServiceParts = bootstrap.build(settings)
    return parts


@pytest.fixture(params=SERVICES)
async def shown(request: pytest.FixtureRequest, tmp_path: Any) -> list[Metric]:
    """Everything a process of the service could show, each metric with one sample."""
    parts = await parts_of(request.param, tmp_path)
    telemetry, registry = parts.telemetry, parts.telemetry.registry
    service = parts.service
    RelayMetrics(service, registry)
    ConsumerMetrics(registry).events.labels("x", "x")
    JobRunner(parts.db, parts.clock, {}, service=service, registry=registry)._outcomes.labels(service, "x", "x")
    telemetry.http_requests.labels(service, "x", "x", "x")
    telemetry.http_duration.labels(service, "x", "x")
    telemetry.grpc_requests.labels(service, "x", "x")
    telemetry.grpc_duration.labels(service, "x")
    telemetry.grpc_calls.labels(service, "x", "x")
    await parts.db.dispose()
    return list(registry.collect())


async def test_what_a_service_shows_is_in_the_table(shown: list[Metric]) -> None:
    assert differences(shown) == []


async def test_what_is_in_the_table_is_shown(shown: list[Metric]) -> None:
    assert {metric.name for metric in ours(shown)} == set(registered())


def test_the_table_keeps_the_rules_of_names() -> None:
    table = registered()
    assert table
    for row in table.values():
        assert row.name.startswith("bela_")
        assert row.kind in {"counter", "gauge", "histogram"}
        assert not row.labels & FORBIDDEN
        assert row.kind != "histogram" or row.name.endswith(("_seconds", "_bytes"))
        assert not row.name.endswith("_total"), "the wire adds it"


@pytest.mark.parametrize(
    "text",
    [
        "NIK 3510165708850001 ditolak",
        "hubungi 0812-3456-7890",
        "hubungi +62 812 3456 7890",
        "npwp 09.254.294.3-407.000",
        '{"kk": "3510160101100001"}',
    ],
)
def test_a_number_of_a_person_is_masked_in_a_log_line(text: str) -> None:
    masked = mask(text)
    assert "[masked]" in masked
    assert sum(character.isdigit() for character in masked) < 4


@pytest.mark.parametrize("text", ["01a200a5-cabb-704c-a311-5b414fa830a7", "Rp 1.500.000", "2026-03-02T03:00:00+00:00"])
def test_what_is_no_number_of_a_person_stays(text: str) -> None:
    assert mask(text) == text

"""The gateway's routes: one table, plain prefixes, and a longer prefix for a region in another cell."""

from __future__ import annotations

import yaml
from render import CHARTS, SERVICES, render

TABLE = yaml.safe_load((CHARTS / "gateway" / "routes.yaml").read_text())


def test_every_route_of_the_table_becomes_one_httproute() -> None:
    routes = {
        o["metadata"]["name"]
        for o in render("gateway", "charts/gateway/ci/minimal-values.yaml")
        if o["kind"] == "HTTPRoute"
    }
    assert routes == {f"bela-{route['name']}" for route in TABLE["routes"]}


def test_backends_are_rest_services_that_the_service_charts_make() -> None:
    made = {
        o["metadata"]["name"]
        for service in SERVICES
        for o in render(service, f"charts/{service}/ci/minimal-values.yaml")
        if o["kind"] == "Service"
    }
    for item in render("gateway", "charts/gateway/ci/minimal-values.yaml"):
        if item["kind"] == "HTTPRoute":
            for rule in item["spec"]["rules"]:
                assert {b["name"] for b in rule.get("backendRefs", [])} <= made


def test_region_in_a_cell_of_its_own_has_the_longer_prefix_first() -> None:
    routes = {
        o["metadata"]["name"]: o
        for o in render("gateway", "charts/gateway/ci/full-values.yaml")
        if o["kind"] == "HTTPRoute"
    }
    rules = routes["bela-order"]["spec"]["rules"]
    paths = [rule["matches"][0]["path"]["value"] for rule in rules]
    assert paths == ["/order/v1/regions/19", "/order/v1/regions/3510", "/order"]
    assert rules[1]["backendRefs"] == [{"name": "bela-banyuwangi-order-rest", "port": 8080}]


def test_paths_use_portable_match_types_only() -> None:
    for item in render("gateway", "charts/gateway/ci/full-values.yaml"):
        if item["kind"] == "HTTPRoute":
            kinds = {m["path"]["type"] for rule in item["spec"]["rules"] for m in rule["matches"]}
            assert kinds <= {"PathPrefix", "Exact"}


def test_token_policy_checks_the_audience_and_lets_public_reads_pass() -> None:
    policy = next(
        o for o in render("gateway", "charts/gateway/ci/minimal-values.yaml") if o["kind"] == "SecurityPolicy"
    )
    assert policy["spec"]["jwt"]["optional"] is True
    assert policy["spec"]["jwt"]["providers"][0]["audiences"] == ["bela"]

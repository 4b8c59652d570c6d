"""Every chart, with every values file, as the real helm renders it and as Kubernetes 1.34 would take it."""

from __future__ import annotations

import json
import re
from typing import Any

import kubernetes_validate
import pytest
from render import CHARTS, ROOT, SERVICES, only, render, run_helm

VALUES = [
    (chart, f"charts/{chart}/ci/{name}-values.yaml") for chart in SERVICES for name in ("minimal", "full", "hostile")
]
VALUES += [("gateway", f"charts/gateway/ci/{name}-values.yaml") for name in ("minimal", "full")]
VALUES += [("platform", f"environments/{name}.yaml") for name in ("local", "staging", "production")]
# Kinds of other projects' controllers: kubernetes-validate has no schema for them.
CUSTOM = {
    "PodMonitor",
    "ScaledObject",
    "HTTPRoute",
    "Gateway",
    "SecurityPolicy",
    "BackendTrafficPolicy",
    "ClientTrafficPolicy",
}


@pytest.mark.parametrize(("chart", "values"), VALUES)
def test_chart_lints_strictly(chart: str, values: str) -> None:
    done = run_helm("lint", "--strict", str(CHARTS / chart), "--values", str(ROOT / "deploy" / values))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("chart", "values"), VALUES)
def test_rendered_objects_are_strictly_valid_for_kubernetes_1_34(chart: str, values: str) -> None:
    checked = 0
    for item in render(chart, values):
        if item["kind"] not in CUSTOM:
            kubernetes_validate.validate(item, "1.34", strict=True)
            checked += 1
    assert checked or chart == "gateway"


@pytest.mark.parametrize("chart", SERVICES)
def test_unknown_value_is_refused(chart: str) -> None:
    done = run_helm("template", "bela", str(CHARTS / chart), "--set", "api.replcas=3")
    assert done.returncode != 0
    assert "replcas" in done.stderr


@pytest.mark.parametrize("chart", SERVICES)
def test_disabled_chart_renders_nothing(chart: str) -> None:
    assert render(chart, f"charts/{chart}/ci/minimal-values.yaml", "enabled=false") == ()


@pytest.mark.parametrize("chart", SERVICES)
def test_migration_hook_uses_nothing_that_the_release_itself_makes(chart: str) -> None:
    objects = render(chart, f"charts/{chart}/ci/full-values.yaml")
    job = only(objects, "Job")
    made_here = {o["metadata"]["name"] for o in objects if o["kind"] in {"ServiceAccount", "Secret", "ConfigMap"}}
    assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    assert job["metadata"]["annotations"]["helm.sh/hook-delete-policy"] == "before-hook-creation"
    assert job["spec"]["backoffLimit"] == 1
    assert not made_here & set(_names_referred_to(job))
    assert job["spec"]["template"]["spec"]["serviceAccountName"] == "default"


def _names_referred_to(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [v for k, v in value.items() if k in {"name", "serviceAccountName", "secretName"} and isinstance(v, str)]
        return own + [name for v in value.values() for name in _names_referred_to(v)]
    if isinstance(value, list):
        return [name for v in value for name in _names_referred_to(v)]
    return []


@pytest.mark.parametrize("chart", SERVICES)
def test_only_the_migration_knows_the_owner_of_the_database(chart: str) -> None:
    for item in render(chart, f"charts/{chart}/ci/minimal-values.yaml"):
        knows = f"bela-{chart}-db-owner" in json.dumps(item)
        assert knows == (item["kind"] == "Job"), item["metadata"]["name"]


@pytest.mark.parametrize(("chart", "values"), VALUES)
def test_every_container_runs_without_rights(chart: str, values: str) -> None:
    for item in render(chart, values):
        pod = item["spec"].get("template", {}).get("spec") if item["kind"] in {"Deployment", "Job"} else None
        if pod is None:
            continue
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            assert container["securityContext"]["readOnlyRootFilesystem"] is True
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
            assert container["resources"]["requests"]["memory"] == container["resources"]["limits"]["memory"]


@pytest.mark.parametrize("chart", SERVICES)
def test_termination_outlasts_drain_and_grace(chart: str) -> None:
    objects = render(
        chart, f"charts/{chart}/ci/minimal-values.yaml", "lifecycle.drainSeconds=7", "lifecycle.graceSeconds=21"
    )
    for suffix in ("-api", "-worker"):
        pod = only(objects, "Deployment", suffix)["spec"]["template"]["spec"]
        env = {e["name"]: e.get("value") for e in pod["containers"][0]["env"]}
        assert env[f"{chart.upper()}_DRAIN_SECONDS"] == "7"
        assert env[f"{chart.upper()}_GRACE_SECONDS"] == "21"
        assert pod["terminationGracePeriodSeconds"] == 7 + 21 + 10


@pytest.mark.parametrize("chart", SERVICES)
def test_autoscaled_deployment_names_no_replicas(chart: str) -> None:
    objects = render(chart, f"charts/{chart}/ci/full-values.yaml")
    for suffix in ("-api", "-worker"):
        assert "replicas" not in only(objects, "Deployment", suffix)["spec"]
    targets = [
        o["spec"]["scaleTargetRef"]["name"] for o in objects if o["kind"] in {"HorizontalPodAutoscaler", "ScaledObject"}
    ]
    assert sorted(targets) == [f"bela-{chart}-api", f"bela-{chart}-worker"]


def test_disruption_budget_only_with_more_than_one_replica() -> None:
    kinds = [o["kind"] for o in render("order", "charts/order/ci/minimal-values.yaml", "api.replicas=1")]
    assert "PodDisruptionBudget" not in kinds
    budget = only(render("order", "charts/order/ci/minimal-values.yaml"), "PodDisruptionBudget")
    assert budget["spec"]["maxUnavailable"] == 1


def test_grpc_service_is_headless_and_rest_service_is_not() -> None:
    objects = render("catalog", "charts/catalog/ci/minimal-values.yaml")
    assert only(objects, "Service", "-grpc")["spec"]["clusterIP"] == "None"
    assert "clusterIP" not in only(objects, "Service", "-rest")["spec"]


@pytest.mark.parametrize(
    ("chart", "ports_in", "ports_out"),
    [
        ("vendor", {8080, 8081, 9090}, {53, 443, 4222, 4317, 5432}),
        ("catalog", {8080, 8081, 9090}, {53, 443, 4222, 4317, 5432}),
        ("order", {8080, 8081}, {53, 443, 4222, 4317, 5432, 9090}),
        ("reporting", {8080, 8081}, {53, 443, 4222, 4317, 5432}),
    ],
)
def test_network_policy_opens_exactly_the_holes_needed(chart: str, ports_in: set[int], ports_out: set[int]) -> None:
    policy = only(render(chart, f"charts/{chart}/ci/minimal-values.yaml"), "NetworkPolicy")["spec"]
    assert set(policy["policyTypes"]) == {"Ingress", "Egress"}
    assert {p["port"] for rule in policy["ingress"] for p in rule["ports"]} == ports_in
    assert {p["port"] for rule in policy["egress"] for p in rule["ports"]} == ports_out
    assert all(rule["from"] for rule in policy["ingress"])


def test_callers_and_callees_of_all_charts_agree() -> None:
    policies = {s: only(render(s, f"charts/{s}/ci/minimal-values.yaml"), "NetworkPolicy")["spec"] for s in SERVICES}

    def names(rules: list[dict[str, Any]], key: str) -> set[str]:
        peers = [peer for rule in rules if rule["ports"][0]["port"] == 9090 for peer in rule[key]]
        return {peer["podSelector"]["matchLabels"]["app.kubernetes.io/name"] for peer in peers}

    for caller in SERVICES:
        for callee in names(policies[caller]["egress"], "to"):
            assert caller in names(policies[callee]["ingress"], "from"), f"{callee} does not let {caller} in"


def test_selector_labels_are_three_and_never_carry_a_version() -> None:
    for item in render("platform", "environments/production.yaml"):
        if item["kind"] == "Deployment":
            assert set(item["spec"]["selector"]["matchLabels"]) == {
                "app.kubernetes.io/name",
                "app.kubernetes.io/instance",
                "app.kubernetes.io/component",
            }


def test_hostile_strings_arrive_unchanged() -> None:
    deployment = only(render("vendor", "charts/vendor/ci/hostile-values.yaml"), "Deployment", "-api")
    env = {e["name"]: e for e in deployment["spec"]["template"]["spec"]["containers"][0]["env"]}
    assert env["VENDOR_AUTH_ISSUER"]["value"] == "https://contoh.go.id/a?b=\"c\"&d='e'"
    assert env["VENDOR_AUTH_CLIENT_SECRET"]["valueFrom"]["secretKeyRef"]["name"] == "123"
    assert env["VENDOR_AUTH_AUDIENCE"]["value"] == "yes"


def test_the_four_charts_have_the_same_templates() -> None:
    first, *others = ({p.name: p.read_text() for p in (CHARTS / s / "templates").rglob("*.yaml")} for s in SERVICES)
    assert all(other == first for other in others)


def test_durables_of_the_charts_are_declared_for_nats() -> None:
    declared = (ROOT / "deploy" / "nats" / "consumers.yaml").read_text()
    for service in SERVICES:
        values = (CHARTS / service / "values.yaml").read_text()
        for durable in re.findall(r"durable: (\w+)", values):
            assert durable in declared, durable

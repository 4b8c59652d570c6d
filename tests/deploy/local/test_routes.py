"""The route table, and the Envoy configuration made from it."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from bela_local.gateway.envoy import build_envoy_config
from bela_local.gateway.plan import GatewayPlan
from bela_local.gateway.routes import RouteTableError, load_routes
from bela_local.supervision.programs import ROUTES_FILE, native_program


def plan(folder: Path, **fields: Any) -> GatewayPlan:
    return GatewayPlan(
        port=18000,
        admin_socket=folder / "admin",
        rest_sockets={name: folder / name for name in ("vendor", "catalog", "order", "reporting")},
        issuer_url="http://127.0.0.1:18001",
        **fields,
    )


def changed_table(tmp_path: Path, **route: Any) -> Path:
    source = yaml.safe_load(ROUTES_FILE.read_text())
    source["routes"].append({"name": "extra", "service": "order", "path_prefix": "/extra", **route})
    path = tmp_path / "routes.yaml"
    path.write_text(yaml.safe_dump(source))
    return path


def test_exact_paths_and_longer_prefixes_come_first(tmp_path: Path) -> None:
    table = load_routes(changed_table(tmp_path, path_prefix="/order/v1/regions/3510"))
    names = [route.name for route in table.routes]
    assert names.index("extra") < names.index("order")
    assert {route.path_exact for route in table.routes[:2]} == {"/", "/openapi.json"}


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ({"service": "payments"}, "unknown service payments"),
        ({"name": "order"}, "the name is taken"),
        ({"path_prefix": "extra"}, "starts with /"),
        ({"path_prefix": "/extra/"}, "does not end with it"),
        ({"path_exact": "/extra"}, "exactly one of path_prefix"),
        ({"redirect_to": "/docs"}, "exactly one of service"),
        ({"rate_limit": "none"}, "unknown rate limit"),
        ({"timeout": 3}, "unknown fields"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(tmp_path: Path, fault: dict[str, Any], message: str) -> None:
    with pytest.raises(RouteTableError, match=message):
        load_routes(changed_table(tmp_path, **fault))


@pytest.mark.parametrize("fields", [{}, {"rate_limits": False}, {"otlp_endpoint": "http://127.0.0.1:4317"}])
def test_the_real_envoy_accepts_the_configuration(tmp_path: Path, fields: dict[str, Any]) -> None:
    config = tmp_path / "envoy.yaml"
    config.write_text(yaml.safe_dump(build_envoy_config(load_routes(ROUTES_FILE), plan(tmp_path, **fields))))
    envoy = native_program("envoy", "_bin", "envoy")
    command = [str(envoy), "--mode", "validate", "--config-path", str(config), "--log-level", "warning"]
    checked = subprocess.run(command, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    assert "deprecated" not in checked.stderr

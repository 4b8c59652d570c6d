"""Import-linter holds the layers (`make lint`); this holds that nothing slips past its list."""

import configparser
import re

import pytest

from .source import ROOT, SERVICES, imports, modules, name_of

PURE = {
    "vendor": ("domain", "application"),
    "catalog": ("domain", "application"),
    "order": ("domain", "application"),
    "reporting": ("application", "measures", "ocds"),
}
FRAMEWORKS = ("sqlalchemy", "asyncpg", "grpc", "fastapi", "starlette", "pydantic", "nats", "google", "bela", "httpx")


@pytest.mark.parametrize("service", SERVICES)
def test_rules_and_use_cases_know_no_framework(service: str) -> None:
    folders = [f"services/{service}/src/{service}_service/{folder}" for folder in PURE[service]]
    found = []
    for path in modules(*folders):
        for name in imports(path):
            top = name.partition(".")[0]
            if top in FRAMEWORKS or (top == "bela_kit" and not name.startswith("bela_kit.core")):
                found.append(f"{name_of(path)}: {name}")
    assert modules(*folders)
    assert found == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_imports_no_other(service: str) -> None:
    others = tuple(f"{other}_service" for other in SERVICES if other != service)
    found = [
        f"{name_of(path)}: {name}"
        for path in modules(f"services/{service}")
        for name in imports(path)
        if name.partition(".")[0] in others
    ]
    assert found == []


def test_only_bootstrap_names_both_sides() -> None:
    """Entry points speak to use cases through ports: an adapter is named by the wiring alone."""
    found = []
    for service in SERVICES:
        home = f"services/{service}/src/{service}_service"
        for path in modules(f"{home}/application", f"{home}/domain"):
            found += [
                f"{name_of(path)}: {name}"
                for name in imports(path)
                if re.match(rf"{service}_service\.(adapters|entrypoints|bootstrap|config|cli)\b", name)
            ]
    assert found == []


def test_import_linter_knows_every_service() -> None:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    independent = contracts["importlinter:contract:services-are-independent"]["modules"].split()
    assert sorted(independent) == sorted(f"{service}_service" for service in SERVICES)
    for service in ("vendor", "catalog", "order"):
        layers = contracts[f"importlinter:contract:layers-{service}"]["layers"]
        assert f"{service}_service.domain" in layers


def test_clients_and_deployment_know_only_the_public_api() -> None:
    found = [
        f"{name_of(path)}: {name}"
        for path in modules("deploy", "scripts", "clients")
        for name in imports(path)
        if re.match(r"(vendor|catalog|order|reporting)_service\b", name)
    ]
    assert found == []

"""The one public document: current, complete, free of contradictions, and merged by rules that are tested apart."""

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[3]
SHARED = ("Problem", "ProblemField", "TenantTimeView")


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bela_scripts_openapi", ROOT / "scripts" / "openapi.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


openapi = _load()


@pytest.fixture(scope="module")
def documents() -> dict[str, Any]:
    return {service: openapi.document_of(service) for service in openapi.SERVICES}


@pytest.fixture(scope="module")
def merged(documents: dict[str, Any]) -> dict[str, Any]:
    return openapi.merge(documents)


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in {"get", "post", "put", "patch", "delete"}:
                yield path, method, operation


def test_committed_document_is_current(merged: dict[str, Any]) -> None:
    assert (ROOT / "docs" / "openapi.json").read_text(encoding="utf-8") == openapi.rendered(merged), (
        "docs/openapi.json is stale: run `make openapi` and commit it"
    )


def test_every_path_begins_with_its_service(documents: dict[str, Any]) -> None:
    for service, document in documents.items():
        for path in document["paths"]:
            assert path.startswith(f"/{service}/v1/"), path


def test_operation_ids_begin_with_the_service_and_are_unique(merged: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(merged)]
    assert len(names) == len(set(names))
    for path, _, operation in operations(merged):
        assert operation["operationId"].startswith(path.split("/")[1] + "_")


def test_shared_schemas_stand_once_and_are_everybodys(documents: dict[str, Any], merged: dict[str, Any]) -> None:
    for name in SHARED:
        for document in documents.values():
            assert document["components"]["schemas"][name] == merged["components"]["schemas"][name]
        assert not [other for other in merged["components"]["schemas"] if re.fullmatch(rf"[A-Z][a-z]+{name}", other)]


def test_every_reference_leads_somewhere(merged: dict[str, Any]) -> None:
    for name in openapi._refs(merged):
        assert name in merged["components"]["schemas"], name


def test_every_operation_is_described_and_shows_how_it_refuses(merged: dict[str, Any]) -> None:
    for path, method, operation in operations(merged):
        assert operation.get("description"), f"{method} {path} has no description"
        refusals = [code for code in operation["responses"] if code.startswith("4")]
        assert refusals, f"{method} {path} never refuses"
        for code in refusals:
            response = operation["responses"][code]
            if "$ref" in response:
                response = merged["components"]["responses"][response["$ref"].rpartition("/")[2]]
            schema = response["content"]["application/problem+json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/Problem"}


def test_every_successful_answer_has_an_example(merged: dict[str, Any]) -> None:
    missing = [
        f"{method} {path} {code}"
        for path, method, operation in operations(merged)
        for code, answer in operation["responses"].items()
        if code.startswith("2") and code != "204"
        for media in answer.get("content", {}).values()
        if "example" not in media and "examples" not in media
    ]
    assert missing == []


def document(service: str, schemas: dict[str, Any], path: str = "x", operation: str = "x") -> dict[str, Any]:
    return {
        "paths": {f"/{service}/{path}": {"get": {"operationId": operation, "$ref": openapi.REF + next(iter(schemas))}}},
        "components": {"schemas": schemas, "securitySchemes": {"bearer": {"type": "http"}}},
    }


def test_equal_schemas_merge_and_different_ones_are_renamed() -> None:
    refers = {"properties": {"a": {"$ref": "#/components/schemas/B"}}}
    one = document("vendor", {"A": refers, "B": {"type": "string"}, "C": {"type": "null"}}, operation="one")
    two = document("order", {"A": refers, "B": {"type": "integer"}, "C": {"type": "null"}}, operation="two")
    merged = openapi.merge({"vendor": one, "order": two})
    assert sorted(merged["components"]["schemas"]) == ["C", "OrderA", "OrderB", "VendorA", "VendorB"]
    schemas = merged["components"]["schemas"]
    assert schemas["OrderA"]["properties"]["a"]["$ref"] == "#/components/schemas/OrderB"
    assert merged["paths"]["/vendor/x"]["get"]["$ref"] == "#/components/schemas/VendorA"


def test_tags_name_the_service() -> None:
    tagged = document("vendor", {"A": {}}, operation="one")
    tagged["paths"]["/vendor/x"]["get"]["tags"] = ["funnel"]
    merged = openapi.merge({"vendor": tagged, "order": document("order", {"A": {}}, operation="two")})
    assert merged["tags"] == [{"name": "vendor: funnel"}, {"name": "order"}]
    assert merged["paths"]["/vendor/x"]["get"]["tags"] == ["vendor: funnel"]


def test_contradictions_are_refused() -> None:
    one = document("vendor", {"A": {}}, operation="same")
    with pytest.raises(openapi.CannotMerge, match="operation id same"):
        openapi.merge({"vendor": one, "order": document("order", {"A": {}}, operation="same")})
    with pytest.raises(openapi.CannotMerge, match="the path"):
        openapi.merge({"vendor": one, "order": document("vendor", {"A": {}}, operation="other")})
    other = document("order", {"A": {}}, operation="other")
    other["components"]["securitySchemes"]["bearer"] = {"type": "apiKey"}
    with pytest.raises(openapi.CannotMerge, match="security scheme"):
        openapi.merge({"vendor": one, "order": other})


def test_every_example_is_what_its_schema_promises(merged: dict[str, Any]) -> None:
    wrong = []
    for path, method, operation in operations(merged):
        described = [operation.get("requestBody", {}), *(a for c, a in operation["responses"].items() if c[0] == "2")]
        for media in (media for one in described for media in one.get("content", {}).values()):
            if media.get("schema") and "example" in media:
                validator = Draft202012Validator({**media["schema"], "components": merged["components"]})
                wrong += [
                    f"{method} {path} {e.json_path}: {e.message}" for e in validator.iter_errors(media["example"])
                ]
    assert wrong == []

"""One public document from the services' own."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture(scope="module")
def openapi() -> ModuleType:
    path = Path(__file__).parents[3] / "scripts" / "openapi.py"
    spec = importlib.util.spec_from_file_location("openapi_merge", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def document(path: str, operation: str, **schemas: Any) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/View"}
    answer = {"200": {"content": {"application/json": {"schema": schema}}}}
    return {
        "info": {"title": "x"},
        "paths": {path: {"get": {"operationId": operation, "responses": answer}}},
        "components": {"schemas": {"View": {"type": "object"}, **schemas}},
    }


def test_equal_schemas_are_shared(openapi: ModuleType) -> None:
    merged = openapi.merge({"vendor": document("/vendor", "a"), "order": document("/order", "b")})
    assert list(merged["components"]["schemas"]) == ["View"]
    assert list(merged["paths"]) == ["/vendor", "/order"]


def test_one_name_for_two_things_is_prefixed_and_references_follow(openapi: ModuleType) -> None:
    merged = openapi.merge(
        {"vendor": document("/vendor", "a"), "order": document("/order", "b", View={"type": "string"})}
    )
    assert list(merged["components"]["schemas"]) == ["OrderView", "VendorView"]
    answer = merged["paths"]["/order"]["get"]["responses"]["200"]["content"]["application/json"]
    assert answer["schema"]["$ref"] == "#/components/schemas/OrderView"


@pytest.mark.parametrize(
    ("second", "message"),
    [
        (document("/vendor", "b"), "two services"),
        (document("/order", "a"), "used twice"),
        (document("/order", "b", Problem={"type": "string"}), "Problem"),
    ],
)
def test_documents_that_contradict_each_other_are_refused(
    openapi: ModuleType, second: dict[str, Any], message: str
) -> None:
    first = document("/vendor", "a", Problem={"type": "object"})
    with pytest.raises(openapi.MergeError, match=message):
        openapi.merge({"vendor": first, "order": second})

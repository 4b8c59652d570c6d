"""Merge the OpenAPI documents of the services into docs/openapi.json, the one document of the public API.

Each service prints its own (`python -m <service>_service openapi`, which needs no server). A schema that two services
have alike stands once; one that they have under the same name and differently gets the service's name in front of it.
Paths must be disjoint and operation ids unique, or nothing is written.

    python scripts/openapi.py            write the document
    python scripts/openapi.py --check    say whether the committed one is current
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "openapi.json"
SERVICES = ("vendor", "catalog", "order", "reporting")
REF = "#/components/schemas/"
INFO = {
    "title": "Bela",
    "version": "1.0.0",
    "summary": "Belanja daerah dari usaha mikro, kecil dan koperasi setempat.",
    "description": (
        "One API of four services. Paths begin with the service and name the region (Kemendagri code): "
        "`/<service>/v1/regions/{region}/…`. Money is whole rupiah, in fields named `*_idr`; times carry an offset; "
        "refusals are `application/problem+json` with a `reason`. Reads marked public need no token."
    ),
    "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
}

Json = dict[str, Any]


class CannotMerge(Exception):
    """The documents contradict each other."""


def main(arguments: list[str] | None = None) -> int:
    """Write or check the document."""
    parser = argparse.ArgumentParser(description="Merge the services' OpenAPI documents.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the committed document is stale")
    options = parser.parse_args(arguments)
    try:
        text = rendered(merge({service: document_of(service) for service in SERVICES}))
    except CannotMerge as error:
        print(f"openapi: {error}", file=sys.stderr)
        return 1
    if options.check:
        current = TARGET.is_file() and TARGET.read_text(encoding="utf-8") == text
        print("openapi: current" if current else "openapi: stale, run `make openapi`")
        return 0 if current else 1
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(text, encoding="utf-8")
    print(f"openapi: {len(json.loads(text)['paths'])} paths in {TARGET.relative_to(ROOT)}")
    return 0


def document_of(service: str) -> Json:
    """Return the document that a service prints, whatever the environment says about where it would run."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(f"{service.upper()}_")}
    command = [sys.executable, "-m", f"{service}_service", "openapi"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotMerge(f"{service} prints no document:\n{done.stderr[-2000:]}")
    document: Json = json.loads(done.stdout)
    return document


def merge(documents: Mapping[str, Json]) -> Json:
    """Return one document of all.

    Raises:
        CannotMerge: A path or an operation id occurs twice, or a security scheme differs.
    """
    renamed = {service: _renamed(document, _clashes(documents), service) for service, document in documents.items()}
    paths: Json = {}
    schemas: Json = {}
    security: Json = {}
    responses: Json = {}
    operations: dict[str, str] = {}
    tags: list[str] = []
    for service, document in renamed.items():
        for path, item in document["paths"].items():
            if path in paths:
                raise CannotMerge(f"{service} has the path {path}, and another service too")
            paths[path] = item
            tags += _retag(item, service)
            _share_refusals(item, responses)
            for name in operation_ids(item):
                if name in operations:
                    raise CannotMerge(f"operation id {name} is both {operations[name]} and {path}")
                operations[name] = path
        components = document.get("components", {})
        schemas.update(components.get("schemas", {}))
        for name, scheme in components.get("securitySchemes", {}).items():
            if security.setdefault(name, scheme) != scheme:
                raise CannotMerge(f"{service} means something else by the security scheme {name}")
    return {
        "openapi": "3.1.0",
        "info": INFO,
        "tags": [{"name": tag} for tag in dict.fromkeys(tags)],
        "paths": paths,
        "components": {"schemas": dict(sorted(schemas.items())), "responses": responses, "securitySchemes": security},
    }


def rendered(document: Json) -> str:
    """Return the document as the text that is committed."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def operation_ids(item: Json) -> Iterator[str]:
    """Yield the operation ids of one path."""
    for operation in item.values():
        if isinstance(operation, dict) and "operationId" in operation:
            yield operation["operationId"]


def _retag(item: Json, service: str) -> list[str]:
    """Put the service before each operation's tags, so that a viewer groups by service; return the tags."""
    found: list[str] = []
    for operation in item.values():
        if isinstance(operation, dict) and "operationId" in operation:
            own = [tag for tag in operation.get("tags", ()) if tag != service]
            operation["tags"] = [f"{service}: {tag}" for tag in own] or [service]
            found += operation["tags"]
    return found


def _share_refusals(item: Json, shared: Json) -> None:
    """Put refusals that every operation answers alike under components: they are two thirds of the document."""
    for operation in item.values():
        if not isinstance(operation, dict):
            continue
        for status, response in operation.get("responses", {}).items():
            name = f"Refused{status}"
            if (
                "application/problem+json" in response.get("content", {})
                and shared.setdefault(name, response) == response
            ):
                operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}


def _clashes(documents: Mapping[str, Json]) -> set[str]:
    """Return names that do not mean the same in every service, directly or through what they refer to."""
    versions: dict[str, list[Json]] = {}
    for document in documents.values():
        for name, schema in document.get("components", {}).get("schemas", {}).items():
            versions.setdefault(name, []).append(schema)
    shared = {name: found for name, found in versions.items() if len(found) > 1}
    clashes = {name for name, found in shared.items() if any(one != found[0] for one in found)}
    while True:
        drawn_in = {name for name, found in shared.items() if name not in clashes and clashes & set(_refs(found))}
        if not drawn_in:
            return clashes
        clashes |= drawn_in


def _refs(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str) and value.startswith(REF):
                yield value.removeprefix(REF)
            else:
                yield from _refs(value)
    elif isinstance(node, list):
        for value in node:
            yield from _refs(value)


def _renamed(document: Json, clashes: set[str], service: str) -> Json:
    """Return the document with clashing schemas under names that begin with the service's."""

    def name_of(name: str) -> str:
        return f"{service.capitalize()}{name}" if name in clashes else name

    def walk(node: Any) -> Any:
        if isinstance(node, dict):
            return {
                key: REF + name_of(value.removeprefix(REF))
                if key == "$ref" and isinstance(value, str) and value.startswith(REF)
                else walk(value)
                for key, value in node.items()
            }
        return [walk(value) for value in node] if isinstance(node, list) else node

    result: Json = walk(document)
    components = result.get("components", {})
    components["schemas"] = {name_of(name): schema for name, schema in components.get("schemas", {}).items()}
    result["components"] = components
    return result


if __name__ == "__main__":
    raise SystemExit(main())

"""The OpenAPI document of one service: what FastAPI knows, and what it does not.

Added here: the problem document on every operation, the bearer scheme, the tenant in the address, the headers of our
conventions, roles and reasons. Shared schemas are the same in every service, so that documents merge.
"""

import copy
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from bela_kit.rest.context import CONTEXTS
from bela_kit.rest.middleware import BODY_LIMIT_KEY

_INT64 = 2**63
_PROBLEM_REF = {"$ref": "#/components/schemas/Problem"}
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "A refusal, by RFC 9457. `reason` is for programs, `detail` for people (Indonesian).",
    "required": ["type", "title", "status", "detail", "reason", "fields", "trace_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "reason": {"type": "string", "pattern": "^[A-Z][A-Z0-9_]*$"},
        "fields": {"type": "array", "items": {"$ref": "#/components/schemas/ProblemField"}},
        "trace_id": {"type": "string"},
    },
    "additionalProperties": True,
    "examples": [
        {
            "type": "urn:bela:problem:etag_mismatch",
            "title": "Data sudah berubah",
            "status": 412,
            "detail": "Data sudah berubah sejak Anda membukanya. Muat ulang lalu coba lagi.",
            "reason": "ETAG_MISMATCH",
            "fields": [],
            "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
        }
    ],
}
_PROBLEM_FIELD: dict[str, Any] = {
    "type": "object",
    "title": "ProblemField",
    "description": "One refused field; `field` is a path such as `lines[0].quantity`.",
    "required": ["field", "reason", "message"],
    "properties": {"field": {"type": "string"}, "reason": {"type": "string"}, "message": {"type": "string"}},
    "additionalProperties": False,
}
_MEANINGS: Mapping[int, str] = {
    400: "Wrong regardless of any state.",
    401: "No token, or not a good one.",
    403: "The caller is known and may not do this.",
    404: "There is no such thing, or not for this caller.",
    405: "The address does not have this method.",
    409: "Not in this state, or it exists already, or somebody else changed it first.",
    412: "The entity tag is stale.",
    413: "The body is too large.",
    415: "The body has the wrong type.",
    422: "The request does not match its schema; `fields` says where.",
    428: "If-Match is missing.",
    429: "A limit is reached; see Retry-After.",
    500: "Nobody expected this; report the `trace_id`.",
    503: "Something this needs is away; safe to send again after Retry-After.",
}
_TENANT_PARAMETER: dict[str, Any] = {
    "in": "path",
    "required": True,
    "description": "Kemendagri code: four digits for a kabupaten or kota, two for a provinsi.",
    "schema": {"type": "string", "pattern": r"^(\d{2}|\d{4})$"},
    "example": "3510",
}
_IDEMPOTENCY_PARAMETER: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The same key with the same request has one effect; kept for 72 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}
_IDEMPOTENCY_KEY = "x-idempotency"
_IF_MATCH_PARAMETER: dict[str, Any] = {
    "name": "If-Match",
    "in": "header",
    "description": "The ETag last seen; without it PUT and PATCH are refused with 428.",
    "schema": {"type": "string"},
}
_FILE_BODY: dict[str, Any] = {
    "description": "The file itself, whatever its media type is called.",
    "required": True,
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}


def documented(
    *,
    roles: Sequence[str] = (),
    reasons: Sequence[str] = (),
    example: Any = None,
    request_example: Any = None,
    status: int = 200,
    body_limit_bytes: int | None = None,
    idempotency: Literal["required", "optional"] = "optional",
) -> dict[str, Any]:
    """Return keyword arguments for a route's decorator that say who may call it, how it refuses, how it looks.

    Args:
        roles: Keys of the roles that may call; none means anybody the context lets through.
        reasons: Reasons of its own that the operation may refuse with.
        example: An answer.
        request_example: A body.
        status: Status of the answer in `example`; also the route's `status_code`.
        body_limit_bytes: How large a file the operation takes as its body, if it takes one instead of JSON.
        idempotency: Whether the operation, if it is a POST, refuses a request without an Idempotency-Key.
    """
    extra: dict[str, Any] = {}
    if idempotency == "required":
        extra[_IDEMPOTENCY_KEY] = idempotency
    if roles:
        extra["x-roles"] = list(roles)
    if reasons:
        extra["x-reasons"] = list(reasons)
    if body_limit_bytes is not None:
        extra[BODY_LIMIT_KEY] = body_limit_bytes
        extra["requestBody"] = copy.deepcopy(_FILE_BODY)
    if request_example is not None:
        extra["requestBody"] = {"content": {"application/json": {"example": request_example}}}
    arguments: dict[str, Any] = {"openapi_extra": extra, "status_code": status}
    if example is not None:
        arguments["responses"] = {status: {"content": {"application/json": {"example": example}}}}
    return arguments


def install_openapi(app: FastAPI, *, tenant_parameter: str) -> None:
    """Make `app.openapi()` return the completed document; it is built at first use."""
    routes = [route for route in app.router.routes if isinstance(route, APIRoute)]

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(
                title=app.title,
                version=app.version,
                openapi_version="3.1.0",
                routes=routes,
                separate_input_output_schemas=False,
            )
            for route in routes:
                if route.include_in_schema:
                    _complete(document, route, tenant_parameter)
            _complete_components(document)
            _bound_integers(document)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(document: dict[str, Any], route: APIRoute, tenant_parameter: str) -> None:
    for method in route.methods or ():
        operation = document["paths"][route.path_format][method.lower()]
        kind = _context_of(route.dependant)
        if kind is not None:
            bearer: dict[str, list[str]] = {"bearer": []}
            operation["security"] = [{}, bearer] if kind == "public" else [bearer]
        parameters = operation.setdefault("parameters", [])
        named = {(one["in"], one["name"]) for one in parameters}
        if f"{{{tenant_parameter}}}" in route.path_format and ("path", tenant_parameter) not in named:
            parameters.insert(0, {"name": tenant_parameter, **_TENANT_PARAMETER})
        if kind is not None and method == "POST":
            needed = operation.pop(_IDEMPOTENCY_KEY, "optional") == "required"
            parameters.append({**_IDEMPOTENCY_PARAMETER, "required": needed})
        if kind is not None and method in {"POST", "PUT", "PATCH"}:
            parameters.append({**_IF_MATCH_PARAMETER, "required": method != "POST"})
        if not parameters:
            del operation["parameters"]
        _restore_examples(operation, route)
        _complete_responses(operation, _statuses(route, method, kind))
        _describe_roles(operation)


def _restore_examples(operation: dict[str, Any], route: APIRoute) -> None:
    """Put the examples back as they were written: FastAPI leaves out every member that is null."""
    described = {str(status): answer for status, answer in route.responses.items()}
    for status, answer in described.items():
        for media, content in answer.get("content", {}).items():
            if "example" in content:
                operation["responses"][status]["content"][media]["example"] = content["example"]
    body = (route.openapi_extra or {}).get("requestBody", {})
    for media, content in body.get("content", {}).items():
        if "example" in content:
            operation["requestBody"]["content"][media]["example"] = content["example"]


def _complete_responses(operation: dict[str, Any], statuses: Sequence[int]) -> None:
    responses = operation.setdefault("responses", {})
    for status in statuses:
        responses[str(status)] = {
            "description": _MEANINGS[status],
            "content": {"application/problem+json": {"schema": _PROBLEM_REF}},
        }


def _statuses(route: APIRoute, method: str, kind: str | None) -> list[int]:
    statuses = {400, 404, 405, 422, 429, 500, 503}
    if kind is not None:
        statuses |= {401, 403}
    if method != "GET":
        statuses |= {409, 412, 413, 415, 428}
    return sorted(statuses)


def _describe_roles(operation: dict[str, Any]) -> None:
    lines = [operation["description"]] if operation.get("description") else []
    if roles := operation.get("x-roles"):
        lines.append("Roles: " + ", ".join(f"`{role}`" for role in roles) + ".")
    if reasons := operation.get("x-reasons"):
        lines.append("Refused with: " + ", ".join(f"`{reason}`" for reason in reasons) + ".")
    if lines:
        operation["description"] = "\n\n".join(lines)


def _complete_components(document: dict[str, Any]) -> None:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = copy.deepcopy(_PROBLEM)
    schemas["ProblemField"] = copy.deepcopy(_PROBLEM_FIELD)
    components["securitySchemes"] = {
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "An access token of the deployment's OIDC issuer.",
        }
    }


def _bound_integers(node: Any) -> None:
    """Say of every integer without a bound what holds for all: 64 bits."""
    if isinstance(node, list):
        for item in node:
            _bound_integers(item)
    elif isinstance(node, dict):
        if node.get("type") == "integer" and "enum" not in node and "const" not in node:
            if not {"minimum", "exclusiveMinimum"} & node.keys():
                node["minimum"] = -_INT64
            if not {"maximum", "exclusiveMaximum"} & node.keys():
                node["maximum"] = _INT64 - 1
            node["format"] = "int64"
        for key, value in node.items():
            if key not in {"example", "examples", "default"}:
                _bound_integers(value)


def _context_of(dependant: Dependant) -> str | None:
    if dependant.call in CONTEXTS:
        return CONTEXTS[dependant.call]
    found = [_context_of(inner) for inner in dependant.dependencies]
    return next((kind for kind in found if kind is not None), None)

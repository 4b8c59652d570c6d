"""Read the route table of the gateway (deploy/charts/gateway/routes.yaml), the only one there is.

Whatever is made from the table (the local Envoy's configuration here, the charts' HTTPRoutes in Helm) reads the same
fields; this module refuses a table that one of them could not express.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class RateLimit:
    """A token bucket each caller has in each gateway instance."""

    burst: int
    per_second: int


@dataclass(frozen=True, slots=True)
class Cors:
    """What a page of another origin may do. Origins themselves differ by environment."""

    allow_methods: tuple[str, ...]
    allow_headers: tuple[str, ...]
    expose_headers: tuple[str, ...]
    max_age_seconds: int


@dataclass(frozen=True, slots=True)
class Route:
    """One route with the table's defaults filled in; fields as described in routes.yaml."""

    name: str
    service: str | None
    path_prefix: str | None
    path_exact: str | None
    redirect_to: str | None
    timeout_seconds: int
    upload: bool
    event_stream: bool
    public_methods: tuple[str, ...]
    rate_limit: str


@dataclass(frozen=True, slots=True)
class RouteTable:
    """The whole table, routes in the order in which they must be tried."""

    services: tuple[str, ...]
    audience: str
    upload_seconds: int
    event_stream_idle_seconds: int
    rate_limits: Mapping[str, RateLimit]
    cors: Cors
    routes: tuple[Route, ...]


class RouteTableError(ValueError):
    """The route table contradicts itself; the message names the route."""


def load_routes(path: Path) -> RouteTable:
    """Return the checked route table of a file."""
    source = yaml.safe_load(path.read_text(encoding="utf-8"))
    defaults = source["defaults"]
    table = RouteTable(
        services=tuple(source["services"]),
        audience=source["token"]["audience"],
        upload_seconds=defaults["upload_seconds"],
        event_stream_idle_seconds=defaults["event_stream_idle_seconds"],
        rate_limits={name: RateLimit(**limit) for name, limit in source["rate_limits"].items()},
        cors=_cors(source["cors"]),
        routes=tuple(sorted((_route(entry, defaults) for entry in source["routes"]), key=_specific_first)),
    )
    _check(table)
    return table


def _cors(source: Mapping[str, Any]) -> Cors:
    return Cors(
        allow_methods=tuple(source["allow_methods"]),
        allow_headers=tuple(source["allow_headers"]),
        expose_headers=tuple(source["expose_headers"]),
        max_age_seconds=source["max_age_seconds"],
    )


def _route(entry: Mapping[str, Any], defaults: Mapping[str, Any]) -> Route:
    known = {field.name for field in dataclasses.fields(Route)}
    unknown = entry.keys() - known
    if unknown:
        raise RouteTableError(f"route {entry.get('name')}: unknown fields {sorted(unknown)}")
    return Route(
        name=entry["name"],
        service=entry.get("service"),
        path_prefix=entry.get("path_prefix"),
        path_exact=entry.get("path_exact"),
        redirect_to=entry.get("redirect_to"),
        timeout_seconds=entry.get("timeout_seconds", defaults["timeout_seconds"]),
        upload=entry.get("upload", False),
        event_stream=entry.get("event_stream", False),
        public_methods=tuple(entry.get("public_methods", defaults["public_methods"])),
        rate_limit=entry.get("rate_limit", defaults["rate_limit"]),
    )


def _specific_first(route: Route) -> tuple[bool, int, str]:
    # Gateway API: an exact match beats every prefix, a longer prefix beats a shorter one.
    path = route.path_exact or route.path_prefix or ""
    return (route.path_exact is None, -len(path), path)


def _check(table: RouteTable) -> None:
    seen: set[str] = set()
    for route in table.routes:
        fault = _fault(route, table)
        if fault is None and route.name in seen:
            fault = "the name is taken"
        if fault is not None:
            raise RouteTableError(f"route {route.name}: {fault}")
        seen.add(route.name)


def _fault(route: Route, table: RouteTable) -> str | None:
    path = route.path_exact or route.path_prefix
    if path is None or (route.path_exact and route.path_prefix):
        return "exactly one of path_prefix and path_exact"
    if not path.startswith("/") or (route.path_prefix and path.endswith("/")):
        return "a path starts with / and a prefix does not end with it"
    if (route.service is None) == (route.redirect_to is None):
        return "exactly one of service and redirect_to"
    if route.service is not None and route.service not in table.services:
        return f"unknown service {route.service}"
    if route.rate_limit not in table.rate_limits:
        return f"unknown rate limit {route.rate_limit}"
    return None

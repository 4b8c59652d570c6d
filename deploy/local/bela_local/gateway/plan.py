"""What the gateway of one running stack needs to know beside the routes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]
TYPES = "type.googleapis.com/envoy"
FILTERS = f"{TYPES}.extensions.filters.http"


@dataclass(frozen=True, slots=True)
class GatewayPlan:
    """What the gateway of one running stack needs to know beside the routes."""

    port: int
    admin_socket: Path
    rest_sockets: Mapping[str, Path]
    issuer_url: str
    rate_limits: bool = True
    otlp_endpoint: str = ""
    allow_origins: tuple[str, ...] = field(default=(r"http://(localhost|127\.0\.0\.1)(:\d+)?",))


def typed(name: str, **fields: Any) -> Json:
    """Return a message with its type, as Envoy wants extension settings."""
    return {"@type": f"{TYPES}.{name}", **fields}

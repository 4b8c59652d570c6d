"""Where the gateway sends requests: services on Unix sockets, issuer and collector on TCP."""

from __future__ import annotations

from pathlib import Path

from bela_local.gateway.plan import TYPES, GatewayPlan, Json


def service_cluster(name: str, socket: Path) -> Json:
    """Return the upstream of a service."""
    options = {
        "@type": f"{TYPES}.extensions.upstreams.http.v3.HttpProtocolOptions",
        "explicit_http_config": {"http_protocol_options": {}},
        # Shorter than the 75 seconds after which the services close an idle connection: they must never do it at the
        # moment when we send on it.
        "common_http_protocol_options": {"idle_timeout": "30s"},
    }
    many = {"max_connections": 4096, "max_pending_requests": 4096, "max_requests": 4096, "max_retries": 64}
    return {
        **_endpoint(name, {"pipe": {"path": str(socket)}}),
        "circuit_breakers": {"thresholds": [many]},
        "typed_extension_protocol_options": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": options},
    }


def collector_cluster(plan: GatewayPlan) -> Json:
    """Return the upstream of the trace collector."""
    # Without a collector the cluster has no endpoint and spans go nowhere, but the tracer still continues or begins
    # the W3C trace that everything behind us joins.
    cluster = address_cluster("otlp", plan.otlp_endpoint) if plan.otlp_endpoint else _endpoint("otlp", None)
    options = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
    http2 = {"@type": f"type.googleapis.com/{options}", "explicit_http_config": {"http2_protocol_options": {}}}
    return {**cluster, "typed_extension_protocol_options": {options: http2}}


def address_cluster(name: str, url: str) -> Json:
    """Return an upstream at a host and port."""
    host, _, port = url.split("://", 1)[-1].split("/", 1)[0].rpartition(":")
    return _endpoint(name, {"socket_address": {"address": host, "port_value": int(port)}})


def _endpoint(name: str, address: Json | None) -> Json:
    endpoints = [{"lb_endpoints": [{"endpoint": {"address": address}}]}] if address else []
    return {
        "name": name,
        "type": "STATIC",
        "connect_timeout": "1s",
        "load_assignment": {"cluster_name": name, "endpoints": endpoints},
    }

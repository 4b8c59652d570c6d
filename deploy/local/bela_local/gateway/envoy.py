"""Make the local Envoy's configuration from the route table.

The data plane is the one a cell runs (Envoy), with the same order of things: CORS, token check, rate limit, route. What
differs by environment (addresses, the issuer, who may embed us) is in `GatewayPlan`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bela_local.gateway.replies import local_replies
from bela_local.gateway.routes import Route, RouteTable

Json = dict[str, Any]
TYPES = "type.googleapis.com/envoy"
FILTERS = f"{TYPES}.extensions.filters.http"

# Set by whoever stands between a caller and us; nobody does locally, so a value that comes in is made up by the caller.
FORGEABLE_HEADERS = (
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-prefix",
    "x-forwarded-proto",
    "x-real-ip",
    "x-envoy-expected-rq-timeout-ms",
    "x-envoy-original-path",
    "x-envoy-retry-on",
    "x-envoy-upstream-rq-timeout-ms",
)


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


def build_envoy_config(table: RouteTable, plan: GatewayPlan) -> Json:
    """Return the bootstrap configuration of Envoy for one stack."""
    return {
        "admin": {"address": {"pipe": {"path": str(plan.admin_socket), "mode": 0o600}}},
        "node": {"id": "gateway", "cluster": "bela"},
        "static_resources": {
            "listeners": [_listener(table, plan)],
            "clusters": [
                *(_service_cluster(name, plan.rest_sockets[name]) for name in table.services),
                _address_cluster("issuer", plan.issuer_url),
                _collector_cluster(plan),
            ],
        },
        "overload_manager": {
            "resource_monitors": [
                {
                    "name": "envoy.resource_monitors.global_downstream_max_connections",
                    "typed_config": typed(
                        "extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig",
                        max_active_downstream_connections=20000,
                    ),
                }
            ]
        },
    }


def _listener(table: RouteTable, plan: GatewayPlan) -> Json:
    return {
        "name": "public",
        "address": {"socket_address": {"address": "127.0.0.1", "port_value": plan.port}},
        # Bounds what one connection may keep here; bodies above it are streamed.
        "per_connection_buffer_limit_bytes": 1048576,
        "filter_chains": [{"filters": [{"name": "http", "typed_config": _connection_manager(table, plan)}]}],
    }


def _connection_manager(table: RouteTable, plan: GatewayPlan) -> Json:
    early = "extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation"
    return typed(
        "extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        stat_prefix="public",
        codec_type="AUTO",
        server_name="bela",
        use_remote_address=True,
        always_set_request_id_in_response=True,
        normalize_path=True,
        merge_slashes=True,
        path_with_escaped_slashes_action="REJECT_REQUEST",
        common_http_protocol_options={"idle_timeout": "300s"},
        request_headers_timeout="10s",
        request_timeout=f"{table.upload_seconds}s",
        stream_idle_timeout="300s",
        early_header_mutation_extensions=[
            {
                "name": "strip",
                "typed_config": typed(early, mutations=[{"remove": name} for name in FORGEABLE_HEADERS]),
            }
        ],
        tracing=_tracing(plan),
        access_log=[_access_log()],
        local_reply_config=local_replies(),
        http_filters=[
            {"name": "envoy.filters.http.cors", "typed_config": {"@type": f"{FILTERS}.cors.v3.Cors"}},
            {"name": "envoy.filters.http.jwt_authn", "typed_config": _token_check(table, plan)},
            {"name": "envoy.filters.http.local_ratelimit", "typed_config": _rate_limit("none", None)},
            {"name": "envoy.filters.http.router", "typed_config": {"@type": f"{FILTERS}.router.v3.Router"}},
        ],
        route_config={
            "name": "public",
            "virtual_hosts": [
                {
                    "name": "bela",
                    "domains": ["*"],
                    "typed_per_filter_config": {"envoy.filters.http.cors": _cors(table, plan)},
                    "routes": [made for route in table.routes for made in _routes(route, table, plan)],
                }
            ],
        },
    )


def _path_match(route: Route) -> Json:
    return {"path": route.path_exact} if route.path_exact else {"path_separated_prefix": route.path_prefix}


def _routes(route: Route, table: RouteTable, plan: GatewayPlan) -> list[Json]:
    match = _path_match(route)
    limit = table.rate_limits[route.rate_limit]
    base: Json = {"name": route.name, "match": match}
    if plan.rate_limits:
        base["typed_per_filter_config"] = {
            "envoy.filters.http.local_ratelimit": _rate_limit(route.name, (limit.burst, limit.per_second))
        }
    if route.redirect_to:
        return [{**base, "redirect": {"path_redirect": route.redirect_to, "response_code": "FOUND"}}]
    action: Json = {
        "cluster": route.service,
        "timeout": f"{route.timeout_seconds}s",
        # Only what the service never saw is tried again, so that no act happens twice.
        "retry_policy": {
            "retry_on": "connect-failure,refused-stream,reset-before-request",
            "num_retries": 3,
            "retry_back_off": {"base_interval": "0.05s", "max_interval": "0.5s"},
        },
    }
    made = [{**base, "route": action}]
    if route.event_stream:
        wants = {"name": "accept", "string_match": {"contains": "text/event-stream"}}
        endless = {**action, "timeout": "0s", "idle_timeout": f"{table.event_stream_idle_seconds}s"}
        made.insert(
            0, {**base, "name": f"{route.name}-stream", "match": {**match, "headers": [wants]}, "route": endless}
        )
    return made


def _token_check(table: RouteTable, plan: GatewayPlan) -> Json:
    provider = {
        "issuer": plan.issuer_url,
        "audiences": [table.audience],
        "forward": True,
        "from_headers": [{"name": "Authorization", "value_prefix": "Bearer "}],
        "payload_in_metadata": "token",
        "clock_skew_seconds": 30,
        "jwt_cache_config": {"jwt_cache_size": 1000},
        "remote_jwks": {
            "http_uri": {"uri": f"{plan.issuer_url}/jwks", "cluster": "issuer", "timeout": "2s"},
            "cache_duration": "300s",
            "async_fetch": {"failed_refetch_duration": "1s"},
        },
    }
    checked: Json = {"provider_name": "issuer"}
    optional: Json = {"requires_any": {"requirements": [checked, {"allow_missing": {}}]}}
    rules: list[Json] = []
    for route in table.routes:
        match = _path_match(route)
        if route.public_methods:
            methods = "|".join(route.public_methods)
            public = {"name": ":method", "string_match": {"safe_regex": {"regex": methods}}}
            rules.append({"match": {**match, "headers": [public]}, "requires": optional})
        rules.append({"match": match, "requires": checked})
    return {
        "@type": f"{FILTERS}.jwt_authn.v3.JwtAuthentication",
        "providers": {"issuer": provider},
        "rules": rules,
        "bypass_cors_preflight": True,
    }


def _rate_limit(name: str, bucket: tuple[int, int] | None) -> Json:
    config: Json = {"@type": f"{FILTERS}.local_ratelimit.v3.LocalRateLimit", "stat_prefix": f"limit_{name}"}
    if bucket is None:
        return config
    burst, per_second = bucket
    subject = {"key": "envoy.filters.http.jwt_authn", "path": [{"key": "token"}, {"key": "sub"}]}
    who = {"descriptor_key": "caller", "default_value": "anonymous", "metadata_key": subject}
    every = {"numerator": 100, "denominator": "HUNDRED"}
    return {
        **config,
        "filter_enabled": {"default_value": every},
        "filter_enforced": {"default_value": every},
        # The bucket for what no descriptor names; every request has one, so this one only has to be never empty.
        "token_bucket": {"max_tokens": 4294967295, "tokens_per_fill": 4294967295, "fill_interval": "1s"},
        "always_consume_default_token_bucket": False,
        "max_dynamic_descriptors": 10000,
        "rate_limits": [{"actions": [{"metadata": who}, {"remote_address": {}}]}],
        "descriptors": [
            {
                "entries": [{"key": "caller"}, {"key": "remote_address"}],
                "token_bucket": {"max_tokens": burst, "tokens_per_fill": per_second, "fill_interval": "1s"},
            }
        ],
        "response_headers_to_add": [{"header": {"key": "retry-after", "value": "1"}}],
    }


def _cors(table: RouteTable, plan: GatewayPlan) -> Json:
    return {
        "@type": f"{FILTERS}.cors.v3.CorsPolicy",
        "allow_origin_string_match": [{"safe_regex": {"regex": origin}} for origin in plan.allow_origins],
        "allow_methods": ", ".join(table.cors.allow_methods),
        "allow_headers": ", ".join(table.cors.allow_headers),
        "expose_headers": ", ".join(table.cors.expose_headers),
        "max_age": str(table.cors.max_age_seconds),
        "allow_credentials": False,
    }


def _tracing(plan: GatewayPlan) -> Json:
    otlp = {"envoy_grpc": {"cluster_name": "otlp"}, "timeout": "1s"}
    tracer = typed("config.trace.v3.OpenTelemetryConfig", service_name="gateway", grpc_service=otlp)
    return {"provider": {"name": "opentelemetry", "typed_config": tracer}, "random_sampling": {"value": 100}}


def _access_log() -> Json:
    fields = {
        "time": "%START_TIME%",
        "event": "request",
        "route": "%ROUTE_NAME%",
        "method": "%REQ(:METHOD)%",
        # Without the query: what people search for may name a person.
        "path": "%PATH(NQ:PATH)%",
        "status": "%RESPONSE_CODE%",
        "flags": "%RESPONSE_FLAGS%",
        "details": "%RESPONSE_CODE_DETAILS%",
        "duration_ms": "%DURATION%",
        "bytes_in": "%BYTES_RECEIVED%",
        "bytes_out": "%BYTES_SENT%",
        "trace_id": "%TRACE_ID%",
        "request_id": "%REQ(X-REQUEST-ID)%",
    }
    stdout = typed("extensions.access_loggers.stream.v3.StdoutAccessLog", log_format={"json_format": fields})
    return {"name": "envoy.access_loggers.stdout", "typed_config": stdout}


def _service_cluster(name: str, socket: Path) -> Json:
    options = {
        "@type": f"{TYPES}.extensions.upstreams.http.v3.HttpProtocolOptions",
        "explicit_http_config": {"http_protocol_options": {}},
        # Shorter than the five seconds after which the services close an idle connection: they must never do it
        # at the moment when we send on it.
        "common_http_protocol_options": {"idle_timeout": "3s"},
    }
    many = {"max_connections": 4096, "max_pending_requests": 4096, "max_requests": 4096, "max_retries": 64}
    return {
        **_endpoint(name, {"pipe": {"path": str(socket)}}),
        "circuit_breakers": {"thresholds": [many]},
        "typed_extension_protocol_options": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": options},
    }


def _collector_cluster(plan: GatewayPlan) -> Json:
    # Without a collector the cluster has no endpoint and spans go nowhere, but the tracer still continues or begins
    # the W3C trace that everything behind us joins.
    cluster = _address_cluster("otlp", plan.otlp_endpoint) if plan.otlp_endpoint else _endpoint("otlp", None)
    options = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
    http2 = {"@type": f"type.googleapis.com/{options}", "explicit_http_config": {"http2_protocol_options": {}}}
    return {**cluster, "typed_extension_protocol_options": {options: http2}}


def _address_cluster(name: str, url: str) -> Json:
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

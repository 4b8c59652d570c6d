"""Make the local Envoy's configuration from the route table.

The data plane is the one a cell runs (Envoy), with the same order of things: CORS, token check, rate limit, route. What
differs by environment (addresses, the issuer, who may embed us) is in `GatewayPlan`.
"""

from __future__ import annotations

from bela_local.gateway.clusters import address_cluster, collector_cluster, service_cluster
from bela_local.gateway.filters import access_log, cors, path_match, rate_limit, token_check, tracing
from bela_local.gateway.plan import FILTERS, GatewayPlan, Json, typed
from bela_local.gateway.replies import local_replies
from bela_local.gateway.routes import Route, RouteTable

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


def build_envoy_config(table: RouteTable, plan: GatewayPlan) -> Json:
    """Return the bootstrap configuration of Envoy for one stack."""
    return {
        "admin": {"address": {"pipe": {"path": str(plan.admin_socket), "mode": 0o600}}},
        "node": {"id": "gateway", "cluster": "bela"},
        "static_resources": {
            "listeners": [_listener(table, plan)],
            "clusters": [
                *(service_cluster(name, plan.rest_sockets[name]) for name in table.services),
                address_cluster("issuer", plan.issuer_url),
                collector_cluster(plan),
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
        tracing=tracing(plan),
        access_log=[access_log()],
        local_reply_config=local_replies(),
        http_filters=[
            {"name": "envoy.filters.http.cors", "typed_config": {"@type": f"{FILTERS}.cors.v3.Cors"}},
            {"name": "envoy.filters.http.jwt_authn", "typed_config": token_check(table, plan)},
            {"name": "envoy.filters.http.local_ratelimit", "typed_config": rate_limit("none", None)},
            {"name": "envoy.filters.http.router", "typed_config": {"@type": f"{FILTERS}.router.v3.Router"}},
        ],
        route_config=_route_config(table, plan),
    )


def _route_config(table: RouteTable, plan: GatewayPlan) -> Json:
    host = {
        "name": "bela",
        "domains": ["*"],
        "typed_per_filter_config": {"envoy.filters.http.cors": cors(table, plan)},
        "routes": [made for route in table.routes for made in _routes(route, table, plan)],
    }
    return {"name": "public", "virtual_hosts": [host]}


def _routes(route: Route, table: RouteTable, plan: GatewayPlan) -> list[Json]:
    match = path_match(route)
    limit = table.rate_limits[route.rate_limit]
    base: Json = {"name": route.name, "match": match}
    if plan.rate_limits:
        base["typed_per_filter_config"] = {
            "envoy.filters.http.local_ratelimit": rate_limit(route.name, (limit.burst, limit.per_second))
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

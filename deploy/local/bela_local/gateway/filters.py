"""What happens to a request before it is routed: token check, rate limit, CORS; and what is noted about it."""

from __future__ import annotations

from bela_local.gateway.plan import FILTERS, GatewayPlan, Json, typed
from bela_local.gateway.routes import Route, RouteTable


def path_match(route: Route) -> Json:
    """Return how Envoy recognises a route by its path."""
    return {"path": route.path_exact} if route.path_exact else {"path_separated_prefix": route.path_prefix}


def token_check(table: RouteTable, plan: GatewayPlan) -> Json:
    """Return the filter that checks tokens: those that are sent always, and that there is one where it is needed."""
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
        match = path_match(route)
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


def rate_limit(name: str, bucket: tuple[int, int] | None) -> Json:
    """Return the filter that gives each caller a bucket; without numbers it is there but limits nothing."""
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


def cors(table: RouteTable, plan: GatewayPlan) -> Json:
    """Return what pages of other origins may do."""
    return {
        "@type": f"{FILTERS}.cors.v3.CorsPolicy",
        "allow_origin_string_match": [{"safe_regex": {"regex": origin}} for origin in plan.allow_origins],
        "allow_methods": ", ".join(table.cors.allow_methods),
        "allow_headers": ", ".join(table.cors.allow_headers),
        "expose_headers": ", ".join(table.cors.expose_headers),
        "max_age": str(table.cors.max_age_seconds),
        "allow_credentials": False,
    }


def tracing(plan: GatewayPlan) -> Json:
    """Return how traces are continued and begun."""
    otlp = {"envoy_grpc": {"cluster_name": "otlp"}, "timeout": "1s"}
    tracer = typed("config.trace.v3.OpenTelemetryConfig", service_name="gateway", grpc_service=otlp)
    return {"provider": {"name": "opentelemetry", "typed_config": tracer}, "random_sampling": {"value": 100}}


def access_log() -> Json:
    """Return the access log, one line of JSON for each request."""
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

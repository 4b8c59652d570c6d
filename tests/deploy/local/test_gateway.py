"""What a caller meets at the gateway: a real Envoy, a real issuer, an upstream that tells what reached it."""

import base64
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from bela_local.gateway.envoy import build_envoy_config
from bela_local.gateway.plan import GatewayPlan
from bela_local.gateway.routes import load_routes
from bela_local.probes import free_port
from bela_local.stack import Stack
from bela_local.supervision.child import spawn
from bela_local.supervision.programs import ROUTES_FILE, native_program
from joserfc import jwt
from joserfc.jwk import RSAKey

MIB = 1024 * 1024


def assert_problem(answer: httpx.Response, status: int, reason: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["reason"], problem["fields"]) == (status, reason, [])
    assert problem["trace_id"] == answer.headers["x-request-id"]


def damaged(token: str) -> str:
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    forged = base64.urlsafe_b64encode(json.dumps({**claims, "sub": "operator"}).encode()).decode().rstrip("=")
    return f"{head}.{forged}.{signature}"


def test_a_persona_reaches_the_service_with_the_token(stack: Stack, client: httpx.Client) -> None:
    answer = client.post("/vendor/v1/regions/3510/vendors", headers=stack.headers("pp.3510"), json={})
    assert answer.status_code == 200
    assert answer.json()["headers"]["authorization"].startswith("Bearer ")


def test_reading_needs_no_token(client: httpx.Client) -> None:
    assert client.get("/vendor/v1/regions/3510/vendors").status_code == 200


def test_writing_without_a_token_is_refused(client: httpx.Client) -> None:
    assert_problem(client.post("/vendor/v1/regions/3510/vendors", json={}), 401, "TOKEN_MISSING")


def test_a_forged_token_is_refused_even_where_none_is_needed(stack: Stack, client: httpx.Client) -> None:
    headers = {"Authorization": f"Bearer {damaged(stack.token('pp.3510'))}"}
    assert_problem(client.get("/vendor/v1/regions/3510/vendors", headers=headers), 401, "TOKEN_INVALID")


def test_what_is_no_token_at_all_is_refused(client: httpx.Client) -> None:
    headers = {"Authorization": "Bearer nonsense"}
    assert_problem(client.get("/vendor/v1/regions/3510/vendors", headers=headers), 401, "TOKEN_INVALID")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"exp": 1_700_000_000}, "TOKEN_EXPIRED"),
        ({"aud": "somebody-else"}, "TOKEN_INVALID"),
        ({"iss": "http://127.0.0.1:1"}, "TOKEN_INVALID"),
    ],
)
def test_a_token_signed_by_the_issuer_but_not_for_here_is_refused(
    stack: Stack, client: httpx.Client, changes: dict[str, Any], reason: str
) -> None:
    keys = json.loads((stack.folder / "secrets" / "issuer_keys.json").read_text())["jwks"]["keys"]
    claims = {"iss": stack.issuer_url, "aud": "bela", "sub": "pp.3510", "exp": int(time.time()) + 600, **changes}
    key = RSAKey.import_key(keys[0])
    token = jwt.encode({"alg": "RS256", "kid": keys[0]["kid"]}, claims, key)
    assert_problem(client.get("/vendor/v1/x", headers={"Authorization": f"Bearer {token}"}), 401, reason)


def test_an_unknown_path_is_a_problem_document(client: httpx.Client) -> None:
    assert_problem(client.get("/payments/v1/regions/3510"), 404, "ROUTE_UNKNOWN")


def test_a_service_that_is_down_is_unavailable_and_says_when_to_come_back(client: httpx.Client) -> None:
    answer = client.get("/catalog/v1/categories")
    assert_problem(answer, 503, "UNAVAILABLE")
    assert answer.headers["retry-after"] == "1"


def test_the_start_page_points_to_the_documentation(client: httpx.Client) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.headers["location"].rpartition("/")[2]) == (302, "docs")


def test_headers_only_a_proxy_may_set_are_taken_away(client: httpx.Client) -> None:
    forged = {"x-forwarded-for": "8.8.8.8", "x-forwarded-host": "evil.example", "forwarded": "for=8.8.8.8"}
    seen = client.get("/vendor/v1/x", headers=forged).json()["headers"]
    assert "8.8.8.8" not in seen["x-forwarded-for"]
    assert "x-forwarded-host" not in seen
    assert "forwarded" not in seen


def test_a_trace_is_continued_and_otherwise_begun(client: httpx.Client) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    continued = client.get("/vendor/v1/x", headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"}).json()["headers"]
    assert continued["traceparent"].split("-")[1] == trace
    begun = client.get("/vendor/v1/x").json()["headers"]["traceparent"]
    assert begun.split("-")[1] != trace
    assert begun.endswith("-01")


def test_a_page_of_this_machine_may_call_and_a_strange_one_may_not(client: httpx.Client) -> None:
    asked = {"access-control-request-method": "POST", "access-control-request-headers": "authorization"}
    ours = client.options("/vendor/v1/x", headers={**asked, "origin": "http://localhost:5173"})
    assert ours.status_code == 200
    assert ours.headers["access-control-allow-origin"] == "http://localhost:5173"
    assert "idempotency-key" in ours.headers["access-control-allow-headers"]
    strange = client.options("/vendor/v1/x", headers={**asked, "origin": "http://evil.example"})
    assert "access-control-allow-origin" not in strange.headers


def test_an_upload_of_fifty_mebibytes_passes(stack: Stack, client: httpx.Client) -> None:
    def body() -> Iterator[bytes]:
        for _ in range(50):
            yield b"x" * MIB

    answer = client.post(
        "/vendor/v1/regions/1311/imports", headers=stack.headers("koperindag_officer.1311"), content=body()
    )
    assert answer.json()["bytes"] == 50 * MIB


def test_a_service_that_refuses_a_large_body_early_is_heard(stack: Stack, client: httpx.Client) -> None:
    answer = client.post("/vendor/too-large", headers=stack.headers("pp.3510"), content=b"x" * (8 * MIB))
    assert (answer.status_code, answer.json()["reason"]) == (413, "BODY_TOO_LARGE")


@pytest.fixture(scope="module")
def strict_gateway(stack: Stack, upstream: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A second Envoy before the same upstream, with short timeouts and small buckets."""
    folder = tmp_path_factory.mktemp("strict")
    source: dict[str, Any] = yaml.safe_load(ROUTES_FILE.read_text())
    for route in source["routes"]:
        route["timeout_seconds"] = 1
    source["rate_limits"] = {"interactive": {"burst": 3, "per_second": 1}, "documents": {"burst": 50, "per_second": 50}}
    source["routes"][3]["rate_limit"] = "documents"
    (folder / "routes.yaml").write_text(yaml.safe_dump(source))
    info = stack.info
    plan = GatewayPlan(
        port=free_port(),
        admin_socket=Path(info.runtime) / "s" / "strict",
        rest_sockets={service: Path(sockets["rest"]) for service, sockets in info.sockets.items()},
        issuer_url=info.issuer_url,
    )
    config = folder / "envoy.yaml"
    config.write_text(yaml.safe_dump(build_envoy_config(load_routes(folder / "routes.yaml"), plan)))
    envoy = str(native_program("envoy", "_bin", "envoy"))
    process = spawn([envoy, "-c", str(config), "--concurrency", "1", "--disable-hot-restart"], {}, folder / "log")
    url = f"http://127.0.0.1:{plan.port}"
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        try:
            httpx.get(f"{url}/nothing", trust_env=False)
            break
        except httpx.TransportError:
            time.sleep(0.05)
    yield url
    process.terminate()
    process.wait(10)


def test_a_slow_answer_is_a_problem_document(strict_gateway: str) -> None:
    answer = httpx.get(f"{strict_gateway}/reporting/slow", trust_env=False, timeout=10)
    assert_problem(answer, 504, "TIMEOUT")


def test_an_event_stream_outlives_the_timeout(strict_gateway: str) -> None:
    headers = {"accept": "text/event-stream"}
    with httpx.stream(
        "GET", f"{strict_gateway}/reporting/events", headers=headers, trust_env=False, timeout=10
    ) as answer:
        events = [line for line in answer.iter_lines() if line]
    assert events == [f"data: {number}" for number in range(5)]


def test_callers_are_limited_each_by_themselves(stack: Stack, strict_gateway: str) -> None:
    def ask(sub: str) -> httpx.Response:
        return httpx.get(f"{strict_gateway}/vendor/v1/x", headers=stack.headers(sub), trust_env=False)

    answers = [ask("pp.3510") for _ in range(8)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert answers[0].status_code == 200
    assert refused
    assert_problem(refused[0], 429, "RATE_LIMITED")
    assert refused[0].headers["retry-after"] == "1"
    assert ask("ppk.3510").status_code == 200

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from bela_kit.core.errors import FieldError, Kind, ServiceError
from bela_kit.rest import (
    OperatorContext,
    PublicContext,
    Rupiah,
    Schema,
    TenantContext,
    check_if_match,
    documented,
    json_response,
)
from fastapi import APIRouter, Query, Request
from sqlalchemy.exc import DBAPIError
from starlette.responses import Response

BASE = "/thing/v1/places/3510"
ID = "01890f7e-0000-7000-8000-000000000001"


class ThingLimit(ServiceError):
    kind = Kind.STATE
    reason = "THING_LIMIT"


class LineIn(Schema):
    quantity: int
    name: str


class ThingIn(Schema):
    amount_idr: Rupiah
    on: date
    owner: UUID
    lines: tuple[LineIn, ...] = ()


class DriverError(Exception):
    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.sqlstate = state


def routes() -> APIRouter:
    router = APIRouter()
    root = "/thing/v1/places/{place}"

    @router.post(
        f"{root}/things",
        **documented(
            roles=["maker"],
            reasons=["THING_LIMIT"],
            status=201,
            example={"by": "maker", "until": None},
            request_example={"on": None},
            idempotency="required",
        ),
    )
    async def create_thing(ctx: TenantContext, thing: ThingIn) -> Response:
        actor = ctx.require("maker")
        return json_response({"by": actor.principal, "on": thing.on, "owner": thing.owner}, status=201, etag='"1"')

    @router.get(f"{root}/things")
    async def list_things(ctx: PublicContext, q: str = "", page_size: int = Query(20, ge=1, le=100)) -> Response:
        return json_response({"member": ctx.is_member, "known": ctx.principal is not None, "q": q})

    @router.get(f"{root}/things/{{thing_id}}")
    async def get_thing(ctx: TenantContext, thing_id: UUID) -> Response:
        return json_response({"id": thing_id})

    @router.patch(f"{root}/things/{{thing_id}}")
    async def change_thing(ctx: TenantContext, thing_id: UUID) -> Response:
        check_if_match(ctx, 7)
        return json_response({}, etag='"8"')

    @router.post(f"{root}/things/{{thing_id}}:keep")
    async def keep_thing(ctx: TenantContext, thing_id: UUID) -> Response:
        raise ThingLimit(
            "Sudah penuh.", fields=[FieldError("lines[0]", "FULL", "Penuh.")], extra={"alternatives": [{"id": "a"}]}
        )

    @router.post(f"{root}/things/{{thing_id}}:break")
    async def break_thing(ctx: PublicContext, thing_id: UUID, state: str = "") -> Response:
        if state:
            raise DBAPIError("SELECT 1", None, DriverError(state))
        raise RuntimeError("3510161708450001 fell over")

    @router.post(f"{root}/files", **documented(body_limit_bytes=3_000_000))
    async def upload(ctx: PublicContext, request: Request) -> Response:
        size = 0
        async for part in request.stream():
            size += len(part)
        return json_response({"size": size})

    @router.post("/thing/v1/places")
    async def create_place(ctx: OperatorContext) -> Response:
        return json_response({}, status=201)

    return router


def thing(**changes: Any) -> dict[str, Any]:
    return {"amount_idr": 1000, "on": "2026-03-02", "owner": ID, "lines": [{"quantity": 1, "name": "x"}], **changes}


@pytest.fixture
def client(world):
    world.give("maker", "maker")
    world.give("reader", "reader")
    world.give("unit", "maker", scope="u1")
    world.give("elsewhere", "maker", tenant="19")
    return world.client(routes())


def headers(name: str = "maker", **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {name}", **more}


def refused(answer, status: int, reason: str) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body = answer.json()
    assert (answer.status_code, body["reason"], body["status"]) == (status, reason, status), body
    assert set(body) >= {"type", "title", "status", "detail", "reason", "fields", "trace_id"}
    assert len(body["trace_id"]) == 32
    return body


async def test_strict_body_takes_dates_and_ids_as_text(client):
    answer = await client.post(f"{BASE}/things", json=thing(), headers=headers())
    assert answer.status_code == 201, answer.text
    assert answer.json() == {"by": "maker", "on": "2026-03-02", "owner": ID}
    assert answer.headers["etag"] == '"1"'
    assert len(answer.headers["x-request-id"]) == 32


async def test_request_id_is_echoed_only_if_harmless(client):
    answer = await client.get(f"{BASE}/things", headers={"X-Request-Id": "abc-1"})
    assert answer.headers["x-request-id"] == "abc-1"
    answer = await client.get(f"{BASE}/things", headers={"X-Request-Id": "a b<script>"})
    assert answer.headers["x-request-id"] != "a b<script>"


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"amount_idr": 1000.0}, "amount_idr", "INT_TYPE"),
        ({"amount_idr": 10.5}, "amount_idr", "INT_TYPE"),
        ({"amount_idr": "1000"}, "amount_idr", "INT_TYPE"),
        ({"amount_idr": True}, "amount_idr", "INT_TYPE"),
        ({"amount_idr": -1}, "amount_idr", "GREATER_THAN_EQUAL"),
        ({"amount_idr": 10**16}, "amount_idr", "LESS_THAN_EQUAL"),
        ({"surprise": 1}, "surprise", "EXTRA_FORBIDDEN"),
        ({"on": "31-02-2026"}, "on", "DATE_PARSING"),
        ({"owner": "x"}, "owner", "UUID_PARSING"),
        ({"lines": [{"quantity": 1, "name": "a\x00b"}]}, "lines[0].name", "TEXT_NOT_STORABLE"),
        ({"lines": [{"quantity": 10**19, "name": "a"}]}, "lines[0].quantity", "INTEGER_TOO_LARGE"),
        ({"lines": [{"quantity": 1, "name": "a", "x": 1}]}, "lines[0].x", "EXTRA_FORBIDDEN"),
        ({"lines": [{"quantity": 1}]}, "lines[0].name", "MISSING"),
    ],
)
async def test_field_is_refused_with_its_path(client, changes, field, reason):
    body = refused(
        await client.post(f"{BASE}/things", json=thing(**changes), headers=headers()), 422, "SCHEMA_VIOLATION"
    )
    assert [(one["field"], one["reason"]) for one in body["fields"]] == [(field, reason)]
    assert body["fields"][0]["message"]


@pytest.mark.parametrize(
    "raw", [b"{", b"\xff\xfe", b'{"a": "\xc3\x28"}', b"[" * 100_000, b'{"amount_idr": ' + b"9" * 5000 + b"}"]
)
async def test_unreadable_body_is_not_json(client, raw):
    answer = await client.post(f"{BASE}/things", content=raw, headers=headers(**{"Content-Type": "application/json"}))
    refused(answer, 400, "BODY_NOT_JSON")


@pytest.mark.parametrize(
    "raw", [b'{"lines": ' + b"[" * 500 + b"]" * 500 + b"}", rb'{"on": "\ud800"}', b"[]", b"1", b"NaN"]
)
async def test_odd_json_is_a_schema_violation(client, raw):
    answer = await client.post(f"{BASE}/things", content=raw, headers=headers(**{"Content-Type": "application/json"}))
    refused(answer, 422, "SCHEMA_VIOLATION")


async def test_body_beyond_the_limit_is_refused_without_trusting_content_length(client):
    async def parts():
        for _ in range(20):
            yield b" " * 100_000

    answer = await client.post(
        f"{BASE}/things", content=parts(), headers=headers(**{"Content-Type": "application/json"})
    )
    refused(answer, 413, "BODY_TOO_LARGE")


async def test_streaming_handler_has_its_own_limit(client):
    answer = await client.post(f"{BASE}/files", content=b"x" * 2_500_000)
    assert answer.json() == {"size": 2_500_000}
    refused(await client.post(f"{BASE}/files", content=b"x" * 3_000_001), 413, "BODY_TOO_LARGE")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
async def test_wrong_content_type_is_refused(client, kind):
    more = {"Content-Type": kind} if kind else {}
    refused(await client.post(f"{BASE}/things", content=b"{}", headers=headers(**more)), 415, "CONTENT_TYPE")


async def test_service_error_carries_fields_and_extra_members(client):
    body = refused(await client.post(f"{BASE}/things/{ID}:keep", headers=headers()), 409, "THING_LIMIT")
    assert body["detail"] == "Sudah penuh."
    assert body["alternatives"] == [{"id": "a"}]
    assert body["fields"] == [{"field": "lines[0]", "reason": "FULL", "message": "Penuh."}]


async def test_unexpected_error_is_opaque_and_logged_once(client, caplog):
    body = refused(await client.post(f"{BASE}/things/{ID}:break"), 500, "INTERNAL")
    assert "fell over" not in str(body)
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == ["unexpected error"]


@pytest.mark.parametrize(
    ("state", "status", "reason"),
    [
        ("40001", 503, "DATABASE_BUSY"),
        ("40P01", 503, "DATABASE_BUSY"),
        ("55P03", 503, "DATABASE_BUSY"),
        ("08006", 503, "DATABASE_BUSY"),
        ("22021", 400, "VALUE_OUT_OF_RANGE"),
        ("22003", 400, "VALUE_OUT_OF_RANGE"),
        ("23505", 409, "CONCURRENT_CHANGE"),
        ("42501", 500, "INTERNAL"),
    ],
)
async def test_database_errors_have_their_place(client, state, status, reason):
    answer = await client.post(f"{BASE}/things/{ID}:break?state={state}")
    refused(answer, status, reason)
    assert (answer.headers.get("retry-after") == "1") == (status == 503)


async def test_unknown_route_and_method(client):
    refused(await client.get("/thing/v2/nothing"), 404, "NOT_FOUND")
    answer = await client.delete(f"{BASE}/things", headers=headers())
    refused(answer, 405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"] == "GET, POST"
    answer = await client.delete(f"{BASE}/things/{ID}:keep", headers=headers())
    assert answer.headers["allow"] == "POST"


async def test_id_that_cannot_exist_does_not_exist(client):
    refused(await client.get(f"{BASE}/things/not-an-id", headers=headers()), 404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("query", "status", "reason"),
    [
        ("?q=%00", 400, "ADDRESS_INVALID"),
        ("?sort=1", 400, "QUERY_UNKNOWN"),
        ("?page_size=0", 422, "SCHEMA_VIOLATION"),
        ("?page_size=" + "9" * 30, 422, "SCHEMA_VIOLATION"),
    ],
)
async def test_bad_query_is_refused(client, query, status, reason):
    refused(await client.get(f"{BASE}/things{query}"), status, reason)


async def test_if_match(client):
    url = f"{BASE}/things/{ID}"
    refused(await client.patch(url, headers=headers()), 428, "IF_MATCH_REQUIRED")
    refused(await client.patch(url, headers=headers(**{"If-Match": '"6"'})), 412, "ETAG_MISMATCH")
    assert (await client.patch(url, headers=headers(**{"If-Match": '"7"'}))).status_code == 200


async def test_nobody_is_refused_with_401(client):
    answer = await client.post(f"{BASE}/things", json=thing())
    refused(answer, 401, "TOKEN_MISSING")
    assert answer.headers["www-authenticate"] == "Bearer"
    refused(await client.get(f"{BASE}/things", headers=headers("bad")), 401, "TOKEN_INVALID")
    refused(await client.get(f"{BASE}/things", headers={"Authorization": "Basic eA=="}), 401, "TOKEN_INVALID")


async def test_wrong_role_is_forbidden(client):
    refused(await client.post(f"{BASE}/things", json=thing(), headers=headers("reader")), 403, "ROLE_MISSING")


async def test_foreign_tenant_looks_like_no_tenant(client):
    foreign = await client.get(f"{BASE}/things/{ID}", headers=headers("elsewhere"))
    nowhere = await client.get(f"/thing/v1/places/9999/things/{ID}", headers=headers("elsewhere"))
    malformed = await client.get(f"/thing/v1/places/x/things/{ID}", headers=headers("elsewhere"))
    bodies = [refused(one, 404, "TENANT_UNKNOWN") for one in (foreign, nowhere, malformed)]
    for body in bodies:
        del body["trace_id"]
    assert bodies[0] == bodies[1] == bodies[2]


@pytest.mark.parametrize("name", [None, "elsewhere", "stranger", "svc:other"])
async def test_public_read_treats_strangers_as_nobody(client, name):
    answer = await client.get(f"{BASE}/things", headers=headers(name) if name else {})
    assert answer.json() == {"member": False, "known": False, "q": ""}
    answer = await client.get(f"{BASE}/things?q=a", headers=headers("reader"))
    assert answer.json() == {"member": True, "known": True, "q": "a"}


async def test_operator_only(client):
    url = "/thing/v1/places"
    refused(await client.post(url), 401, "TOKEN_MISSING")
    refused(await client.post(url, headers=headers("maker")), 403, "OPERATOR_ONLY")
    assert (await client.post(url, headers=headers("operator"))).status_code == 201


@pytest.mark.parametrize("key", ["", "a b", "x" * 201, "é"])
async def test_bad_idempotency_key_is_refused(client, key):
    answer = await client.post(
        f"{BASE}/things", json=thing(), headers=[*headers().items(), (b"Idempotency-Key", key.encode("latin-1"))]
    )
    refused(answer, 400, "IDEMPOTENCY_KEY_INVALID")


async def test_time_is_public(client):
    answer = await client.get(f"{BASE}/time")
    assert answer.json() == {"now": "2026-03-02T09:15:00+07:00", "zone": "Asia/Jakarta", "demo": False}
    refused(await client.get("/thing/v1/places/9999/time"), 404, "TENANT_UNKNOWN")


async def test_metrics_know_templates_only(world, client):
    await client.get(f"{BASE}/things/{ID}", headers=headers())
    await client.get("/wp-login.php")
    samples = {
        (sample.labels["route"], sample.labels["status"])
        for metric in world.telemetry.registry.collect()
        for sample in metric.samples
        if sample.name == "bela_http_requests_total"
    }
    assert samples == {("/thing/v1/places/{place}/things/{thing_id}", "200"), ("unmatched", "404")}


def test_document_is_complete(world):
    document = world.app(routes()).openapi()
    assert document["openapi"] == "3.1.0"
    operations = [op for path in document["paths"].values() for op in path.values()]
    ids = [operation["operationId"] for operation in operations]
    assert len(set(ids)) == len(ids)
    assert "thing_create_thing" in ids
    for operation in operations:
        for status in ("400", "404", "422", "500", "503"):
            content = operation["responses"][status]["content"]
            assert content == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    create = document["paths"]["/thing/v1/places/{place}/things"]["post"]
    assert create["security"] == [{"bearer": []}]
    assert [one["name"] for one in create["parameters"]] == ["place", "Idempotency-Key", "If-Match"]
    assert [one["required"] for one in create["parameters"]] == [True, True, False]
    assert "x-idempotency" not in create
    assert "`maker`" in create["description"]
    assert create["responses"]["201"]["content"]["application/json"]["example"] == {"by": "maker", "until": None}
    assert create["requestBody"]["content"]["application/json"]["example"] == {"on": None}
    upload = document["paths"]["/thing/v1/places/{place}/files"]["post"]
    assert list(upload["requestBody"]["content"]) == ["application/octet-stream"]
    assert "HTTPValidationError" not in document["components"]["schemas"]


async def test_role_over_a_scope(world):
    router = APIRouter()

    @router.get("/thing/v1/places/{place}/scoped")
    async def scoped(ctx: TenantContext, unit: str) -> Response:
        return json_response({"grant": ctx.require("other", "maker", scope=unit).grant_id})

    world.give("both", "maker")
    world.give("both", "maker", scope="u1")
    client = world.client(router)
    url = "/thing/v1/places/3510/scoped?unit="
    assert (await client.get(url + "u1", headers=headers("both"))).json() == {"grant": "g1"}
    assert (await client.get(url + "u2", headers=headers("both"))).json() == {"grant": "g0"}


async def test_revocation_counts_within_a_second(world, client):
    import asyncio

    url = f"{BASE}/things/{ID}"
    assert (await client.get(url, headers=headers())).status_code == 200
    world.grants.clear()
    await asyncio.sleep(0.3)
    assert (await client.get(url, headers=headers())).status_code == 404

import asyncio
from collections.abc import AsyncIterator
from datetime import date

import asyncpg
import httpx
import pytest
import pytest_asyncio
import sqlalchemy as sa
from bela_kit import telemetry
from bela_kit.authority import Grant, TenantClock, apply_grant, apply_tenant_settings
from bela_kit.core.clock import TenantTime
from bela_kit.core.errors import Kind, ServiceError
from bela_kit.core.tenancy import SystemScope, TenantId
from bela_kit.db import Database, DatabaseBusy
from bela_kit.grpc_errors import expected as refusal_of
from bela_kit.plumbing import KitTables
from bela_kit.rest import Schema, TenantContext, create_app, idempotent, in_tenant
from bela_kit.settings import ServiceSettings
from bela_kit.testing.tokens import TokenIssuer
from fastapi import APIRouter
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

THINGS = "/thing/v1/places/3510/things"
TENANT = TenantId("3510")


class ThingIn(Schema):
    thing_id: str
    amount: int


class NoRoom(ServiceError):
    kind = Kind.STATE
    reason = "NO_ROOM"


def routes(db: Database, calls: list[str]) -> APIRouter:
    router = APIRouter()

    @router.post("/thing/v1/places/{place}/things")
    async def create_thing(ctx: TenantContext, thing: ThingIn) -> Response:
        actor = ctx.require("maker")

        async def effect(connection: AsyncConnection) -> tuple[int, dict[str, object], str | None]:
            calls.append(thing.thing_id)
            if thing.thing_id == "slow":
                await asyncio.sleep(0.2)
            await connection.execute(
                sa.text("INSERT INTO things (tenant_id, thing_id, amount) VALUES (:t, :i, :a)"),
                {"t": ctx.tenant, "i": thing.thing_id, "a": thing.amount},
            )
            if thing.amount < 0:
                raise NoRoom("Tidak cukup.")
            return 201, {"thing_id": thing.thing_id, "by": actor.principal}, '"1"'

        return await idempotent(ctx, db, "create_thing", effect)

    @router.get("/thing/v1/places/{place}/things")
    async def list_things(ctx: TenantContext) -> Response:
        async def effect(connection: AsyncConnection) -> tuple[int, dict[str, object], str | None]:
            rows = await connection.execute(sa.text("SELECT thing_id FROM things ORDER BY thing_id"))
            return 200, {"items": list(rows.scalars())}, None

        return await in_tenant(ctx, db, effect)

    return router


class Edge:
    def __init__(self, client: httpx.AsyncClient, issuer: TokenIssuer, db: Database) -> None:
        self.client, self.issuer, self.db = client, issuer, db
        self.calls: list[str] = []
        self.spans = InMemorySpanExporter()

    async def post(self, thing_id: str, amount: int = 1, *, key: str | None = "k", sub: str = "maker.3510"):
        headers = self.issuer.bearer(sub)
        if key is not None:
            headers["Idempotency-Key"] = key
        return await self.client.post(THINGS, json={"thing_id": thing_id, "amount": amount}, headers=headers)

    async def items(self) -> list[str]:
        answer = await self.client.get(THINGS, headers=self.issuer.bearer("maker.3510"))
        return answer.json()["items"]


@pytest_asyncio.fixture(loop_scope="session")
async def edge(db: Database, tables: KitTables, token_issuer: TokenIssuer) -> AsyncIterator[Edge]:
    async with db.system_transaction(SystemScope("test")) as connection:
        await apply_tenant_settings(
            connection, TenantTime(TENANT, "Banyuwangi", "kabkota", "Asia/Jakarta", 5, False, 0, 1)
        )
        for name in ("maker.3510", "other.3510"):
            grant = Grant(f"g-{name}", TENANT, name, "maker", "", date(2020, 1, 1), None, "1", None, False, 1)
            await apply_grant(connection, grant)
    clock = TenantClock(db)
    await clock.refresh()
    settings = ServiceSettings(environment="test", auth_issuer=token_issuer.issuer)
    calls: list[str] = []
    spans = InMemorySpanExporter()
    measured = telemetry.setup(settings, "thing", exporter=spans)
    app = create_app(
        settings,
        service="thing",
        title="Things",
        routers=[routes(db, calls)],
        tenant_collection="places",
        db=db,
        clock=clock,
        tables=tables,
        verifier=token_issuer.verifier(settings),
        telemetry=measured,
    )
    telemetry.trace_statements(measured.tracer, db._app.sync_engine)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://kit") as client:
        made = Edge(client, token_issuer, db)
        made.calls, made.spans = calls, spans
        yield made


async def test_repetition_has_one_effect_and_the_same_answer(edge):
    first, second = await edge.post("a"), await edge.post("a")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert first.headers["etag"] == second.headers["etag"] == '"1"'
    assert "idempotent-replay" not in first.headers
    assert second.headers["idempotent-replay"] == "true"
    assert edge.calls == ["a"]


async def test_key_with_another_body_is_refused(edge):
    await edge.post("b", key="kb")
    answer = await edge.post("c", key="kb")
    assert (answer.status_code, answer.json()["reason"]) == (409, "IDEMPOTENCY_KEY_REUSED")
    assert "c" not in await edge.items()


async def test_same_json_written_differently_is_the_same_request(edge):
    headers = edge.issuer.bearer("maker.3510") | {"Idempotency-Key": "kd", "Content-Type": "application/json"}
    first = await edge.client.post(THINGS, content=b'{"thing_id":"d","amount":1}', headers=headers)
    second = await edge.client.post(THINGS, content=b'{ "amount": 1, "thing_id": "d" }', headers=headers)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.headers["idempotent-replay"] == "true"


async def test_key_belongs_to_one_principal(edge):
    first, second = await edge.post("e", key="ke"), await edge.post("f", key="ke", sub="other.3510")
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json()["by"] == "other.3510"


async def test_refusal_leaves_nothing_and_may_be_tried_again(edge):
    refused = await edge.post("g", amount=-1, key="kg")
    assert (refused.status_code, refused.json()["reason"]) == (409, "NO_ROOM")
    assert "g" not in await edge.items()
    again = await edge.post("g", amount=-1, key="kg")
    assert again.status_code == 409
    assert edge.calls == ["g", "g"]


async def test_key_is_required(edge):
    answer = await edge.post("h", key=None)
    assert (answer.status_code, answer.json()["reason"]) == (400, "IDEMPOTENCY_KEY_REQUIRED")


async def test_concurrent_repetitions_have_one_effect(edge):
    answers = await asyncio.gather(*(edge.post("slow", key="ks") for _ in range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sorted(answer.headers.get("idempotent-replay", "") for answer in answers) == ["", "true", "true", "true"]
    assert edge.calls == ["slow"]


async def test_race_on_a_unique_key_is_a_conflict_not_a_failure(edge):
    await edge.post("i", key="ki1")
    answer = await edge.post("i", key="ki2")
    assert (answer.status_code, answer.json()["reason"]) == (409, "CONCURRENT_CHANGE")


async def test_value_no_column_holds_is_invalid(edge):
    answer = await edge.post("j", amount=2**63, key="kj")
    assert (answer.status_code, answer.json()["reason"]) == (422, "SCHEMA_VIOLATION")


async def test_revoked_grant_is_refused_within_a_second(edge):
    assert (await edge.client.get(THINGS, headers=edge.issuer.bearer("other.3510"))).status_code == 200
    grant = Grant("g-other.3510", TENANT, "other.3510", "maker", "", date(2020, 1, 1), None, "1", None, True, 2)
    async with edge.db.system_transaction(SystemScope("test")) as connection:
        await apply_grant(connection, grant)
    await asyncio.sleep(0.3)
    answer = await edge.client.get(THINGS, headers=edge.issuer.bearer("other.3510"))
    assert (answer.status_code, answer.json()["reason"]) == (404, "TENANT_UNKNOWN")


async def test_grant_ends_with_its_last_day(edge):
    grant = Grant("g-late", TENANT, "late.3510", "maker", "", date(2020, 1, 1), date(2020, 12, 31), "1", None, False, 1)
    async with edge.db.system_transaction(SystemScope("test")) as connection:
        await apply_grant(connection, grant)
    assert (await edge.client.get(THINGS, headers=edge.issuer.bearer("late.3510"))).status_code == 404


@pytest.mark.parametrize(
    ("statement", "values", "expected"),
    [
        ("SELECT CAST(:v AS bigint)", {"v": 2**63}, "VALUE_OUT_OF_RANGE"),
        ("SELECT CAST(:v AS text)", {"v": "a\x00b"}, "VALUE_OUT_OF_RANGE"),
        ("SELECT CAST(:v AS bigint)", {"v": "x"}, "VALUE_OUT_OF_RANGE"),
        ("SELECT CAST(CAST(:v AS bigint) AS int)", {"v": 2**40}, "VALUE_OUT_OF_RANGE"),
        ("SELECT CAST(:v AS uuid)", {"v": "x"}, "VALUE_OUT_OF_RANGE"),
        ("SELECT pg_sleep(CAST(:v AS int))", {"v": 5}, "DATABASE_BUSY"),
        ("SELECT 1 / CAST(:v AS int)", {"v": 0}, None),
        ("SELECT nothing, CAST(:v AS int)", {"v": 0}, None),
    ],
)
async def test_what_the_driver_says_has_its_place(db, statement, values, expected):
    # The edge translates what the transaction did not: a timeout is one of the kit's own refusals by then.
    with pytest.raises((DBAPIError, DatabaseBusy)) as caught:
        async with db.tenant_transaction(TENANT) as connection:
            await connection.execute(sa.text("SET LOCAL statement_timeout = '50ms'"))
            await connection.execute(sa.text(statement), values)
    refusal = caught.value if isinstance(caught.value, DatabaseBusy) else refusal_of(caught.value)
    assert (refusal.reason if refusal else None) == expected


async def test_the_plain_driver_is_understood_too(sample):
    connection = await sample.connect("app")
    with pytest.raises(asyncpg.PostgresError) as caught:
        await connection.fetchval("SELECT ($1::bigint)::int", 2**40)
    await connection.close()
    refusal = refusal_of(caught.value)
    assert refusal is not None
    assert refusal.reason == "VALUE_OUT_OF_RANGE"


async def test_one_trace_holds_request_and_statements(edge):
    edge.spans.clear()
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = edge.issuer.bearer("maker.3510") | {"traceparent": f"00-{trace_id}-00f067aa0ba902b7-01"}
    await edge.client.get(THINGS, headers=headers)
    spans = edge.spans.get_finished_spans()
    assert {f"{span.context.trace_id:032x}" for span in spans} == {trace_id}
    assert spans[-1].name == "GET /thing/v1/places/{place}/things"
    assert spans[-1].attributes["bela.tenant"] == "3510"
    assert "SELECT thing_id FROM things ORDER BY thing_id" in {span.attributes.get("db.query.text") for span in spans}


async def test_failed_statement_ends_its_span(edge):
    edge.spans.clear()
    await edge.post("z", key="kz")
    await edge.post("z", key="kz2")
    failed = [span for span in edge.spans.get_finished_spans() if not span.status.is_ok]
    assert [span.name for span in failed if span.name == "INSERT"] == ["INSERT"]

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import pytest
import pytest_asyncio
from bela.common.v1.actor_pb2 import Actor
from bela_kit import telemetry
from bela_kit.core.errors import FieldError, Kind, ServiceError
from bela_kit.core.tenancy import TenantId
from bela_kit.db import Database
from bela_kit.grpc_client import RemoteRefusal, Unavailable, channel, translate
from bela_kit.grpc_server import GrpcServer, build_server
from bela_kit.settings import ServiceSettings
from bela_kit.testing.tokens import TokenIssuer
from grpc_health.v1 import health_pb2, health_pb2_grpc
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy.exc import DBAPIError

ECHO, HIDDEN = "/bela.test.v1.Echo/Say", "/bela.test.v1.Echo/Hide"


class Full(ServiceError):
    kind = Kind.STATE
    reason = "FULL"


class Servicer:
    async def Say(self, request: Actor, context: Any) -> Actor:
        match request.role:
            case "full":
                raise Full("Penuh.", fields=[FieldError("lines[0]", "FULL", "Penuh.")], metadata={"left": "3"})
            case "crash":
                raise RuntimeError("secret")
            case "busy":
                raise DBAPIError("SELECT 1", None, type("E", (Exception,), {"sqlstate": "40P01"})())
            case "slow":
                import asyncio

                await asyncio.sleep(5)
        return Actor(principal=request.principal + "!")


def register(servicer: Servicer, server: Any) -> None:
    handler = grpc.unary_unary_rpc_method_handler(
        servicer.Say, request_deserializer=Actor.FromString, response_serializer=Actor.SerializeToString
    )
    handlers = {"Say": handler, "Hide": handler}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("bela.test.v1.Echo", handlers),))


class Tokens:
    def __init__(self, token: str) -> None:
        self._token = token

    async def token(self) -> str:
        return self._token


class Wire:
    def __init__(self, target: str, issuer: TokenIssuer, spans: InMemorySpanExporter, measured: Any) -> None:
        self.target, self.issuer, self.spans, self.telemetry = target, issuer, spans, measured

    async def say(self, token: str, actor: Actor, *, method: str = ECHO, timeout: float | None = None) -> Actor:
        async with channel(self.target, Tokens(token), telemetry=self.telemetry) as open_channel:
            call = open_channel.unary_unary(
                method, request_serializer=Actor.SerializeToString, response_deserializer=Actor.FromString
            )
            return await call(actor, timeout=timeout)

    @property
    def friend(self) -> str:
        return self.issuer.mint("svc:friend", client=True)


@pytest_asyncio.fixture(loop_scope="session")
async def wire(server_folder_of_test: Path, token_issuer: TokenIssuer) -> AsyncIterator[Wire]:
    path = server_folder_of_test / "g"
    settings = ServiceSettings(environment="test", auth_issuer=token_issuer.issuer, grpc_bind=f"unix:{path}")
    spans = InMemorySpanExporter()
    measured = telemetry.setup(settings, "thing", exporter=spans)
    server: GrpcServer = build_server(
        settings,
        [(register, Servicer())],
        token_issuer.verifier(settings),
        {ECHO: frozenset({"svc:friend"})},
        telemetry=measured,
    )
    await server.start()
    yield Wire(f"unix:{path}", token_issuer, spans, measured)
    await server.stop(0)


@pytest.fixture
def server_folder_of_test(server_folder: Path, request: pytest.FixtureRequest) -> Path:
    folder = server_folder / f"g{abs(hash(request.node.name)) % 10**6}"
    folder.mkdir()
    return folder


async def refused(wire: Wire, token: str, method: str = ECHO) -> grpc.StatusCode:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await wire.say(token, Actor(), method=method)
    return caught.value.code()


async def test_listed_service_is_answered(wire):
    assert (await wire.say(wire.friend, Actor(principal="p"))).principal == "p!"


async def test_everybody_else_is_refused(wire):
    mint = wire.issuer.mint
    assert await refused(wire, mint("officer.3510")) is grpc.StatusCode.PERMISSION_DENIED
    assert await refused(wire, mint("op", operator=True)) is grpc.StatusCode.PERMISSION_DENIED
    assert await refused(wire, mint("svc:stranger", client=True)) is grpc.StatusCode.PERMISSION_DENIED
    assert await refused(wire, mint("svc:friend")) is grpc.StatusCode.PERMISSION_DENIED
    assert await refused(wire, wire.friend, HIDDEN) is grpc.StatusCode.PERMISSION_DENIED
    assert await refused(wire, "") is grpc.StatusCode.UNAUTHENTICATED
    assert await refused(wire, "x.y.z") is grpc.StatusCode.UNAUTHENTICATED
    late = mint("svc:friend", client=True, lifetime_seconds=-120)
    assert await refused(wire, late) is grpc.StatusCode.UNAUTHENTICATED
    other = mint("svc:friend", client=True, audience="else")
    assert await refused(wire, other) is grpc.StatusCode.UNAUTHENTICATED


async def test_refusal_arrives_with_reason_fields_and_metadata(wire):
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await wire.say(wire.friend, Actor(role="full"))
    assert caught.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    remote = translate(caught.value)
    assert isinstance(remote, RemoteRefusal)
    assert (remote.reason, remote.kind, remote.detail) == ("FULL", Kind.STATE, "Penuh.")
    assert remote.metadata == {"left": "3"}
    assert remote.fields == (FieldError("lines[0]", "FULL", "Penuh."),)


async def test_failure_is_opaque_and_means_unavailable(wire, caplog):
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await wire.say(wire.friend, Actor(role="crash"))
    assert caught.value.code() is grpc.StatusCode.INTERNAL
    assert "secret" not in caught.value.details()
    assert isinstance(translate(caught.value), Unavailable)
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == ["unexpected error"]


async def test_busy_database_is_unavailable(wire):
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await wire.say(wire.friend, Actor(role="busy"))
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE


async def test_call_has_a_deadline_and_a_dead_server_is_unavailable(wire, server_folder_of_test):
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await wire.say(wire.friend, Actor(role="slow"), timeout=0.1)
    assert isinstance(translate(caught.value), Unavailable)
    nobody = Wire(f"unix:{server_folder_of_test}/nobody", wire.issuer, wire.spans, wire.telemetry)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await nobody.say(wire.friend, Actor())
    assert isinstance(translate(caught.value), Unavailable)


async def test_remote_call_inside_a_transaction_is_refused(wire, db: Database):
    async with db.tenant_transaction(TenantId("3510")):
        with pytest.raises(RuntimeError, match="inside a transaction"):
            await wire.say(wire.friend, Actor())
    assert (await wire.say(wire.friend, Actor())).principal == "!"


async def test_one_trace_goes_through_client_and_server(wire):
    await wire.say(wire.friend, Actor())
    spans = wire.spans.get_finished_spans()
    assert [span.kind.name for span in spans] == ["SERVER", "CLIENT"]
    assert len({span.context.trace_id for span in spans}) == 1
    assert spans[0].parent.span_id == spans[1].context.span_id


async def test_health_needs_no_token(wire):
    async with grpc.aio.insecure_channel(wire.target) as open_channel:
        answer = await health_pb2_grpc.HealthStub(open_channel).Check(health_pb2.HealthCheckRequest())
    assert answer.status == health_pb2.HealthCheckResponse.SERVING

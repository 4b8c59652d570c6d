"""Who may ask, over the wire."""

from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import pytest
import pytest_asyncio
from bela.catalog.v1 import catalog_service_pb2 as pb
from bela.catalog.v1 import catalog_service_pb2_grpc as stubs
from bela_kit.grpc_server import build_server
from google.rpc import error_details_pb2, status_pb2

from .world import Catalog, request


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def target(catalog: Catalog, server_folder: Path) -> AsyncIterator[str]:
    path = f"unix:{server_folder / 'catalog.grpc'}"
    parts = catalog.parts
    server = build_server(
        parts.settings.model_copy(update={"grpc_bind": path}),
        parts.grpc_services,
        parts.verifier,
        parts.allowed_callers,
        telemetry=parts.telemetry,
    )
    await server.start()
    yield path
    await server.stop(0)


async def call(target: str, token: str, message: pb.ReserveRequest) -> pb.ReserveResponse:
    async with grpc.aio.insecure_channel(target) as channel:
        stub: stubs.CatalogServiceAsyncStub = stubs.CatalogServiceStub(channel)
        return await stub.Reserve(message, metadata=(("authorization", f"Bearer {token}"),), timeout=5)


async def test_the_order_service_reserves_and_reads_the_reason_of_a_refusal(catalog: Catalog, target: str) -> None:
    product = await catalog.product(await catalog.vendor("Kabel"))
    token = catalog.issuer.mint("svc:order", client=True)
    assert (await call(target, token, request(product, 150))).lines[0].amount.units == 3_750_000
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call(target, token, request(product, 51))
    assert caught.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    trailers = dict(caught.value.trailing_metadata() or ())
    status = status_pb2.Status.FromString(trailers["grpc-status-details-bin"])
    info = error_details_pb2.ErrorInfo()
    status.details[0].Unpack(info)
    assert (info.reason, info.domain, info.metadata["free"]) == ("CAPACITY_GONE", "catalog.bela", "50")


@pytest.mark.parametrize(
    ("sub", "client"), [("officer.3510", False), ("svc:order", False), ("svc:reporting", True), ("operator", False)]
)
async def test_nobody_else_may_ask(catalog: Catalog, target: str, sub: str, client: bool) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call(target, catalog.issuer.mint(sub, client=client), pb.ReserveRequest())
    assert caught.value.code() is grpc.StatusCode.PERMISSION_DENIED

"""Every RPC between services: for named neighbours only, never for a person, whoever they are."""

import importlib
from collections.abc import Callable, Iterator

import grpc
import pytest
from bela_local.stack import Stack
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message_factory import GetMessageClass
from grpc_health.v1 import health_pb2, health_pb2_grpc

from tests.e2e.tokens import SERVICES, service_token

# Services with a gRPC door, and where their contract is.
CONTRACTS = {
    "vendor": ("bela.vendor.v1.vendor_service_pb2", "vendor_service.entrypoints.grpc.vendor_servicer"),
    "catalog": ("bela.catalog.v1.catalog_service_pb2", "catalog_service.entrypoints.grpc.catalog_servicer"),
}
METHODS = [
    (service, method)
    for service, (contract, _) in CONTRACTS.items()
    for found in importlib.import_module(contract).DESCRIPTOR.services_by_name.values()
    for method in found.methods
]
REFUSED = {grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED}
Call = Callable[[str, MethodDescriptor, str | None], grpc.StatusCode]


def full_name(method: MethodDescriptor) -> str:
    return f"/{method.containing_service.full_name}/{method.name}"


def allowed(service: str, method: MethodDescriptor) -> frozenset[str]:
    callers: dict[str, frozenset[str]] = importlib.import_module(CONTRACTS[service][1]).ALLOWED_CALLERS
    return callers[full_name(method)]


@pytest.fixture(scope="module")
def channels(stack: Stack) -> Iterator[dict[str, grpc.Channel]]:
    made = {service: grpc.insecure_channel(f"unix:{stack.info.sockets[service]['grpc']}") for service in CONTRACTS}
    yield made
    for channel in made.values():
        channel.close()


@pytest.fixture(scope="module")
def call(channels: dict[str, grpc.Channel]) -> Call:
    def of(service: str, method: MethodDescriptor, token: str | None) -> grpc.StatusCode:
        request = GetMessageClass(method.input_type)
        ask = channels[service].unary_unary(
            full_name(method), request.SerializeToString, GetMessageClass(method.output_type).FromString
        )
        metadata = [("authorization", f"Bearer {token}")] if token is not None else []
        try:
            ask(request(parent="regions/1271"), metadata=metadata, timeout=10)
        except grpc.RpcError as refusal:
            code: grpc.StatusCode = refusal.code()
            return code
        return grpc.StatusCode.OK

    return of


@pytest.mark.parametrize(("service", "method"), METHODS, ids=lambda one: getattr(one, "name", one))
def test_nobody_is_unauthenticated(service: str, method: MethodDescriptor, call: Call) -> None:
    for token in (None, "", "x", "a.b.c"):
        assert call(service, method, token) is grpc.StatusCode.UNAUTHENTICATED


@pytest.mark.parametrize(("service", "method"), METHODS, ids=lambda one: getattr(one, "name", one))
def test_a_person_is_refused(service: str, method: MethodDescriptor, call: Call, stack: Stack) -> None:
    for persona in ("pp.1271", "lpse_admin.1271", "vendor20.1904", "operator"):
        assert call(service, method, stack.token(persona)) is grpc.StatusCode.PERMISSION_DENIED


@pytest.mark.parametrize(("service", "method"), METHODS, ids=lambda one: getattr(one, "name", one))
def test_only_named_neighbours_are_heard(service: str, method: MethodDescriptor, call: Call, stack: Stack) -> None:
    callers = allowed(service, method)
    assert callers, "an RPC that nobody may call is no RPC"
    assert callers < {f"svc:{name}" for name in SERVICES}, "an RPC that everybody may call has no list"
    for name in SERVICES:
        code = call(service, method, service_token(stack, f"svc:{name}"))
        if f"svc:{name}" in callers:
            assert code not in REFUSED | {grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN}, name
        else:
            assert code is grpc.StatusCode.PERMISSION_DENIED, name


@pytest.mark.parametrize("service", CONTRACTS)
def test_every_rpc_is_on_the_list(service: str) -> None:
    contract, servicer = CONTRACTS[service]
    services = importlib.import_module(contract).DESCRIPTOR.services_by_name.values()
    methods = {full_name(method) for found in services for method in found.methods}
    assert methods == set(importlib.import_module(servicer).ALLOWED_CALLERS)


@pytest.mark.parametrize("service", CONTRACTS)
def test_health_needs_no_token(service: str, channels: dict[str, grpc.Channel]) -> None:
    stub = health_pb2_grpc.HealthStub(channels[service])
    answer = stub.Check(health_pb2.HealthCheckRequest(), timeout=10)
    assert answer.status == health_pb2.HealthCheckResponse.SERVING

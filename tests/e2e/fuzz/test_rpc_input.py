"""Neighbours make mistakes too: whatever a service asks over gRPC is answered with a reason, never with INTERNAL."""

import importlib
from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from bela_local.stack import Stack
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.rpc.error_details_pb2 import ErrorInfo
from grpc_status import rpc_status

from tests.e2e.tokens import service_token
from tests.e2e.world import World

CONTRACTS = {"vendor": "bela.vendor.v1.vendor_service_pb2", "catalog": "bela.catalog.v1.catalog_service_pb2"}
METHODS = [
    (service, method)
    for service, contract in CONTRACTS.items()
    for found in importlib.import_module(contract).DESCRIPTOR.services_by_name.values()
    for method in found.methods
]
TEXTS = ("", "x", "regions/", "regions/9876", "regions/1271/units/x", "\x00", "a\x00b", "'; --", "x" * 20_000, "😀")
NUMBERS = (0, -1, 2**31 - 1, -(2**31), 2**63 - 1, -(2**63))
ANSWERS = {
    grpc.StatusCode.OK,
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.NOT_FOUND,
    grpc.StatusCode.FAILED_PRECONDITION,
}


@pytest.fixture(scope="module")
def channels(stack: Stack) -> Iterator[dict[str, grpc.Channel]]:
    made = {service: grpc.insecure_channel(f"unix:{stack.info.sockets[service]['grpc']}") for service in CONTRACTS}
    yield made
    for channel in made.values():
        channel.close()


def good(method: MethodDescriptor, world: World) -> Message:
    """A request that makes sense."""
    request: Any = GetMessageClass(method.input_type)()
    fill(request, world)
    return request


def fill(message: Message, world: World) -> None:
    texts = {"parent": f"regions/{world.region}", "buyer": f"regions/{world.region}", "vendor_ids": "vendor_id"}
    texts |= {"profile_code": "snack_box_standard", "district_code": f"{world.region}01"}
    for field in message.DESCRIPTOR.fields:
        if field.message_type is not None:
            part = getattr(message, field.name)
            target = part.add() if field.is_repeated else part
            known = {"Timestamp": {"seconds": 1_800_000_000}, "Date": {"year": 2027, "month": 1, "day": 20}}
            known["Money"] = {"currency_code": "IDR", "units": 1_000_000}  # type: ignore[dict-item]
            for name, value in known.get(field.message_type.name, {}).items():
                setattr(target, name, value)
            if field.message_type.name not in known:
                fill(target, world)
        elif field.cpp_type == FieldDescriptor.CPPTYPE_STRING:
            wanted = texts.get(field.name, field.name)
            value = world.ids.get(wanted, wanted)
            getattr(message, field.name).append(value) if field.is_repeated else setattr(message, field.name, value)
        else:
            setattr(message, field.name, 1)


def places(descriptor: Descriptor, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], FieldDescriptor]]:
    """Every scalar of a request, however deep, and every message in it."""
    for field in descriptor.fields:
        here = (*path, field.name)
        yield here, field
        if field.message_type is not None:
            yield from places(field.message_type, here)


def spoilt(request: Message, path: tuple[str, ...], field: FieldDescriptor) -> Iterator[Message]:
    """The request with one place of it spoilt in every way."""
    values: tuple[Any, ...] = (None,)
    if field.message_type is None:
        values = TEXTS if field.cpp_type == FieldDescriptor.CPPTYPE_STRING else NUMBERS
    for value in values:
        copy = type(request)()
        copy.CopyFrom(request)
        holder: Any = copy
        for name in path[:-1]:
            holder = getattr(holder, name)
            holder = holder[0] if hasattr(holder, "add") else holder
        if value is None or field.is_repeated:
            holder.ClearField(path[-1])
            if value is not None:
                getattr(holder, path[-1]).append(value)
        else:
            try:
                setattr(holder, path[-1], value)
            except ValueError:
                continue
        yield copy


@pytest.mark.parametrize(("service", "method"), METHODS, ids=lambda one: getattr(one, "name", one))
def test_every_spoilt_request_is_refused_with_a_reason(
    service: str, method: MethodDescriptor, world: World, stack: Stack, channels: dict[str, grpc.Channel]
) -> None:
    name = f"/{method.containing_service.full_name}/{method.name}"
    request = good(method, world)
    ask = channels[service].unary_unary(
        name, type(request).SerializeToString, GetMessageClass(method.output_type).FromString
    )
    metadata = [("authorization", f"Bearer {service_token(stack, 'svc:order')}")]
    for path, field in places(method.input_type):
        for wrong in spoilt(request, path, field):
            try:
                ask(wrong, metadata=metadata, timeout=10)
            except grpc.RpcError as refusal:
                assert refusal.code() in ANSWERS, (path, str(wrong)[:200], refusal.code(), refusal.details())
                assert reason_of(refusal), (path, str(wrong)[:200])


def reason_of(refusal: grpc.RpcError) -> str:
    status = rpc_status.from_call(refusal)
    assert status is not None
    for detail in status.details:
        info = ErrorInfo()
        if detail.Unpack(info):
            assert info.domain.endswith(".bela")
            return info.reason
    return ""

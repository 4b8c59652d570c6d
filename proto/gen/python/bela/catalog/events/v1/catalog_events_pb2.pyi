import datetime

from bela.catalog.v1 import product_pb2 as _product_pb2
from bela.common.v1 import actor_pb2 as _actor_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ProductPublished(_message.Message):
    __slots__ = ("product", "actor", "occurred_at")
    PRODUCT_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_FIELD_NUMBER: _ClassVar[int]
    product: _product_pb2.Product
    actor: _actor_pb2.Actor
    occurred_at: _timestamp_pb2.Timestamp
    def __init__(self, product: _Optional[_Union[_product_pb2.Product, _Mapping]] = ..., actor: _Optional[_Union[_actor_pb2.Actor, _Mapping]] = ..., occurred_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ProductChanged(_message.Message):
    __slots__ = ("product", "actor", "occurred_at")
    PRODUCT_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_FIELD_NUMBER: _ClassVar[int]
    product: _product_pb2.Product
    actor: _actor_pb2.Actor
    occurred_at: _timestamp_pb2.Timestamp
    def __init__(self, product: _Optional[_Union[_product_pb2.Product, _Mapping]] = ..., actor: _Optional[_Union[_actor_pb2.Actor, _Mapping]] = ..., occurred_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ProductWithdrawn(_message.Message):
    __slots__ = ("product", "actor", "occurred_at")
    PRODUCT_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_FIELD_NUMBER: _ClassVar[int]
    product: _product_pb2.Product
    actor: _actor_pb2.Actor
    occurred_at: _timestamp_pb2.Timestamp
    def __init__(self, product: _Optional[_Union[_product_pb2.Product, _Mapping]] = ..., actor: _Optional[_Union[_actor_pb2.Actor, _Mapping]] = ..., occurred_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

import datetime

from bela.common.v1 import actor_pb2 as _actor_pb2
from bela.vendor.v1 import vendor_pb2 as _vendor_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import date_pb2 as _date_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Transition(_message.Message):
    __slots__ = ("actor", "occurred_at", "reason")
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    actor: _actor_pb2.Actor
    occurred_at: _timestamp_pb2.Timestamp
    reason: str
    def __init__(self, actor: _Optional[_Union[_actor_pb2.Actor, _Mapping]] = ..., occurred_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class VendorCollected(_message.Message):
    __slots__ = ("vendor", "transition")
    VENDOR_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    vendor: _vendor_pb2.Vendor
    transition: Transition
    def __init__(self, vendor: _Optional[_Union[_vendor_pb2.Vendor, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ...) -> None: ...

class VendorTrained(_message.Message):
    __slots__ = ("vendor", "transition")
    VENDOR_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    vendor: _vendor_pb2.Vendor
    transition: Transition
    def __init__(self, vendor: _Optional[_Union[_vendor_pb2.Vendor, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ...) -> None: ...

class VendorAccountOpened(_message.Message):
    __slots__ = ("vendor", "transition")
    VENDOR_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    vendor: _vendor_pb2.Vendor
    transition: Transition
    def __init__(self, vendor: _Optional[_Union[_vendor_pb2.Vendor, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ...) -> None: ...

class VendorVerified(_message.Message):
    __slots__ = ("vendor", "transition")
    VENDOR_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    vendor: _vendor_pb2.Vendor
    transition: Transition
    def __init__(self, vendor: _Optional[_Union[_vendor_pb2.Vendor, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ...) -> None: ...

class VendorPublished(_message.Message):
    __slots__ = ("vendor", "transition")
    VENDOR_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    vendor: _vendor_pb2.Vendor
    transition: Transition
    def __init__(self, vendor: _Optional[_Union[_vendor_pb2.Vendor, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ...) -> None: ...

class VendorFirstSaleMade(_message.Message):
    __slots__ = ("vendor", "transition")
    VENDOR_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    vendor: _vendor_pb2.Vendor
    transition: Transition
    def __init__(self, vendor: _Optional[_Union[_vendor_pb2.Vendor, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ...) -> None: ...

class VendorStandingChanged(_message.Message):
    __slots__ = ("vendor", "transition")
    VENDOR_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    vendor: _vendor_pb2.Vendor
    transition: Transition
    def __init__(self, vendor: _Optional[_Union[_vendor_pb2.Vendor, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ...) -> None: ...

class VendorProfileChanged(_message.Message):
    __slots__ = ("vendor", "transition")
    VENDOR_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    vendor: _vendor_pb2.Vendor
    transition: Transition
    def __init__(self, vendor: _Optional[_Union[_vendor_pb2.Vendor, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ...) -> None: ...

class GuestVendorChanged(_message.Message):
    __slots__ = ("vendor", "transition", "guest_grant_id", "host_region", "category_codes", "valid_from", "valid_to", "revoked", "version")
    VENDOR_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    GUEST_GRANT_ID_FIELD_NUMBER: _ClassVar[int]
    HOST_REGION_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_CODES_FIELD_NUMBER: _ClassVar[int]
    VALID_FROM_FIELD_NUMBER: _ClassVar[int]
    VALID_TO_FIELD_NUMBER: _ClassVar[int]
    REVOKED_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    vendor: _vendor_pb2.Vendor
    transition: Transition
    guest_grant_id: str
    host_region: str
    category_codes: _containers.RepeatedScalarFieldContainer[str]
    valid_from: _date_pb2.Date
    valid_to: _date_pb2.Date
    revoked: bool
    version: int
    def __init__(self, vendor: _Optional[_Union[_vendor_pb2.Vendor, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ..., guest_grant_id: _Optional[str] = ..., host_region: _Optional[str] = ..., category_codes: _Optional[_Iterable[str]] = ..., valid_from: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., valid_to: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., revoked: _Optional[bool] = ..., version: _Optional[int] = ...) -> None: ...

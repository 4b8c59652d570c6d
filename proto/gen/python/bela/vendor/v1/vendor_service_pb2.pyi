from bela.vendor.v1 import vendor_pb2 as _vendor_pb2
from google.type import date_pb2 as _date_pb2
from google.type import money_pb2 as _money_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetVendorRequest(_message.Message):
    __slots__ = ("parent", "vendor_id")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    VENDOR_ID_FIELD_NUMBER: _ClassVar[int]
    parent: str
    vendor_id: str
    def __init__(self, parent: _Optional[str] = ..., vendor_id: _Optional[str] = ...) -> None: ...

class GetVendorResponse(_message.Message):
    __slots__ = ("vendor",)
    VENDOR_FIELD_NUMBER: _ClassVar[int]
    vendor: _vendor_pb2.Vendor
    def __init__(self, vendor: _Optional[_Union[_vendor_pb2.Vendor, _Mapping]] = ...) -> None: ...

class BatchGetVendorsRequest(_message.Message):
    __slots__ = ("parent", "vendor_ids")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    VENDOR_IDS_FIELD_NUMBER: _ClassVar[int]
    parent: str
    vendor_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, parent: _Optional[str] = ..., vendor_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class BatchGetVendorsResponse(_message.Message):
    __slots__ = ("vendors",)
    VENDORS_FIELD_NUMBER: _ClassVar[int]
    vendors: _containers.RepeatedCompositeFieldContainer[_vendor_pb2.Vendor]
    def __init__(self, vendors: _Optional[_Iterable[_Union[_vendor_pb2.Vendor, _Mapping]]] = ...) -> None: ...

class CheckEligibilityRequest(_message.Message):
    __slots__ = ("parent", "vendor_ids", "value", "on", "buyer", "category_code", "must_be_producer")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    VENDOR_IDS_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    BUYER_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_CODE_FIELD_NUMBER: _ClassVar[int]
    MUST_BE_PRODUCER_FIELD_NUMBER: _ClassVar[int]
    parent: str
    vendor_ids: _containers.RepeatedScalarFieldContainer[str]
    value: _money_pb2.Money
    on: _date_pb2.Date
    buyer: str
    category_code: str
    must_be_producer: bool
    def __init__(self, parent: _Optional[str] = ..., vendor_ids: _Optional[_Iterable[str]] = ..., value: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., buyer: _Optional[str] = ..., category_code: _Optional[str] = ..., must_be_producer: _Optional[bool] = ...) -> None: ...

class CheckEligibilityResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[Eligibility]
    def __init__(self, results: _Optional[_Iterable[_Union[Eligibility, _Mapping]]] = ...) -> None: ...

class Eligibility(_message.Message):
    __slots__ = ("vendor_id", "eligible", "reasons", "suspended_until")
    VENDOR_ID_FIELD_NUMBER: _ClassVar[int]
    ELIGIBLE_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    SUSPENDED_UNTIL_FIELD_NUMBER: _ClassVar[int]
    vendor_id: str
    eligible: bool
    reasons: _containers.RepeatedScalarFieldContainer[str]
    suspended_until: _date_pb2.Date
    def __init__(self, vendor_id: _Optional[str] = ..., eligible: _Optional[bool] = ..., reasons: _Optional[_Iterable[str]] = ..., suspended_until: _Optional[_Union[_date_pb2.Date, _Mapping]] = ...) -> None: ...

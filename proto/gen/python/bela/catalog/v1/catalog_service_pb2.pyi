import datetime

from bela.catalog.v1 import product_pb2 as _product_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import date_pb2 as _date_pb2
from google.type import money_pb2 as _money_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class FindOffersRequest(_message.Message):
    __slots__ = ("parent", "profile_code", "quantity", "needed_on", "needed_at", "district_code")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PROFILE_CODE_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    NEEDED_ON_FIELD_NUMBER: _ClassVar[int]
    NEEDED_AT_FIELD_NUMBER: _ClassVar[int]
    DISTRICT_CODE_FIELD_NUMBER: _ClassVar[int]
    parent: str
    profile_code: str
    quantity: int
    needed_on: _date_pb2.Date
    needed_at: _timestamp_pb2.Timestamp
    district_code: str
    def __init__(self, parent: _Optional[str] = ..., profile_code: _Optional[str] = ..., quantity: _Optional[int] = ..., needed_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., needed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., district_code: _Optional[str] = ...) -> None: ...

class FindOffersResponse(_message.Message):
    __slots__ = ("offers", "category_sellers", "category_code", "unit")
    OFFERS_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_SELLERS_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_CODE_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    offers: _containers.RepeatedCompositeFieldContainer[Offer]
    category_sellers: _containers.RepeatedCompositeFieldContainer[CategorySeller]
    category_code: str
    unit: str
    def __init__(self, offers: _Optional[_Iterable[_Union[Offer, _Mapping]]] = ..., category_sellers: _Optional[_Iterable[_Union[CategorySeller, _Mapping]]] = ..., category_code: _Optional[str] = ..., unit: _Optional[str] = ...) -> None: ...

class Offer(_message.Message):
    __slots__ = ("product", "free_capacity", "delivers_there", "certificates_valid", "guest")
    PRODUCT_FIELD_NUMBER: _ClassVar[int]
    FREE_CAPACITY_FIELD_NUMBER: _ClassVar[int]
    DELIVERS_THERE_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATES_VALID_FIELD_NUMBER: _ClassVar[int]
    GUEST_FIELD_NUMBER: _ClassVar[int]
    product: _product_pb2.Product
    free_capacity: int
    delivers_there: bool
    certificates_valid: bool
    guest: bool
    def __init__(self, product: _Optional[_Union[_product_pb2.Product, _Mapping]] = ..., free_capacity: _Optional[int] = ..., delivers_there: _Optional[bool] = ..., certificates_valid: _Optional[bool] = ..., guest: _Optional[bool] = ...) -> None: ...

class CategorySeller(_message.Message):
    __slots__ = ("vendor_id", "owner_group_id", "district_code", "capacity_per_day")
    VENDOR_ID_FIELD_NUMBER: _ClassVar[int]
    OWNER_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    DISTRICT_CODE_FIELD_NUMBER: _ClassVar[int]
    CAPACITY_PER_DAY_FIELD_NUMBER: _ClassVar[int]
    vendor_id: str
    owner_group_id: str
    district_code: str
    capacity_per_day: int
    def __init__(self, vendor_id: _Optional[str] = ..., owner_group_id: _Optional[str] = ..., district_code: _Optional[str] = ..., capacity_per_day: _Optional[int] = ...) -> None: ...

class ReserveRequest(_message.Message):
    __slots__ = ("parent", "order_id", "unit_id", "lines", "needed_on", "needed_at", "district_code", "hold_until", "now")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    UNIT_ID_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    NEEDED_ON_FIELD_NUMBER: _ClassVar[int]
    NEEDED_AT_FIELD_NUMBER: _ClassVar[int]
    DISTRICT_CODE_FIELD_NUMBER: _ClassVar[int]
    HOLD_UNTIL_FIELD_NUMBER: _ClassVar[int]
    NOW_FIELD_NUMBER: _ClassVar[int]
    parent: str
    order_id: str
    unit_id: str
    lines: _containers.RepeatedCompositeFieldContainer[ReserveLine]
    needed_on: _date_pb2.Date
    needed_at: _timestamp_pb2.Timestamp
    district_code: str
    hold_until: _timestamp_pb2.Timestamp
    now: _timestamp_pb2.Timestamp
    def __init__(self, parent: _Optional[str] = ..., order_id: _Optional[str] = ..., unit_id: _Optional[str] = ..., lines: _Optional[_Iterable[_Union[ReserveLine, _Mapping]]] = ..., needed_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., needed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., district_code: _Optional[str] = ..., hold_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., now: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ReserveLine(_message.Message):
    __slots__ = ("line_number", "product_id", "quantity")
    LINE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    line_number: int
    product_id: str
    quantity: int
    def __init__(self, line_number: _Optional[int] = ..., product_id: _Optional[str] = ..., quantity: _Optional[int] = ...) -> None: ...

class ReserveResponse(_message.Message):
    __slots__ = ("vendor_id", "vendor_region", "lines", "held_until", "taken")
    VENDOR_ID_FIELD_NUMBER: _ClassVar[int]
    VENDOR_REGION_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    HELD_UNTIL_FIELD_NUMBER: _ClassVar[int]
    TAKEN_FIELD_NUMBER: _ClassVar[int]
    vendor_id: str
    vendor_region: str
    lines: _containers.RepeatedCompositeFieldContainer[QuotedLine]
    held_until: _timestamp_pb2.Timestamp
    taken: bool
    def __init__(self, vendor_id: _Optional[str] = ..., vendor_region: _Optional[str] = ..., lines: _Optional[_Iterable[_Union[QuotedLine, _Mapping]]] = ..., held_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., taken: _Optional[bool] = ...) -> None: ...

class ReleaseRequest(_message.Message):
    __slots__ = ("parent", "order_id", "vendor_region", "now")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    VENDOR_REGION_FIELD_NUMBER: _ClassVar[int]
    NOW_FIELD_NUMBER: _ClassVar[int]
    parent: str
    order_id: str
    vendor_region: str
    now: _timestamp_pb2.Timestamp
    def __init__(self, parent: _Optional[str] = ..., order_id: _Optional[str] = ..., vendor_region: _Optional[str] = ..., now: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ReleaseResponse(_message.Message):
    __slots__ = ("released",)
    RELEASED_FIELD_NUMBER: _ClassVar[int]
    released: bool
    def __init__(self, released: _Optional[bool] = ...) -> None: ...

class QuotedLine(_message.Message):
    __slots__ = ("line_number", "product", "quantity", "amount")
    LINE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    line_number: int
    product: _product_pb2.Product
    quantity: int
    amount: _money_pb2.Money
    def __init__(self, line_number: _Optional[int] = ..., product: _Optional[_Union[_product_pb2.Product, _Mapping]] = ..., quantity: _Optional[int] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...

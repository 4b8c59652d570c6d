from google.type import money_pb2 as _money_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SupplyType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SUPPLY_TYPE_UNSPECIFIED: _ClassVar[SupplyType]
    SUPPLY_TYPE_GOODS: _ClassVar[SupplyType]
    SUPPLY_TYPE_PACKAGED_FOOD: _ClassVar[SupplyType]
    SUPPLY_TYPE_RESTAURANT: _ClassVar[SupplyType]
    SUPPLY_TYPE_CATERING: _ClassVar[SupplyType]
    SUPPLY_TYPE_SERVICE_LISTED: _ClassVar[SupplyType]
    SUPPLY_TYPE_SERVICE_OTHER: _ClassVar[SupplyType]
    SUPPLY_TYPE_RENT_MOVABLE: _ClassVar[SupplyType]
    SUPPLY_TYPE_RICE: _ClassVar[SupplyType]
    SUPPLY_TYPE_FUEL: _ClassVar[SupplyType]
    SUPPLY_TYPE_UTILITY: _ClassVar[SupplyType]
    SUPPLY_TYPE_EXEMPT_GOODS: _ClassVar[SupplyType]

class ProductState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PRODUCT_STATE_UNSPECIFIED: _ClassVar[ProductState]
    PRODUCT_STATE_DRAFT: _ClassVar[ProductState]
    PRODUCT_STATE_PUBLISHED: _ClassVar[ProductState]
    PRODUCT_STATE_WITHDRAWN: _ClassVar[ProductState]
    PRODUCT_STATE_MODERATED: _ClassVar[ProductState]
SUPPLY_TYPE_UNSPECIFIED: SupplyType
SUPPLY_TYPE_GOODS: SupplyType
SUPPLY_TYPE_PACKAGED_FOOD: SupplyType
SUPPLY_TYPE_RESTAURANT: SupplyType
SUPPLY_TYPE_CATERING: SupplyType
SUPPLY_TYPE_SERVICE_LISTED: SupplyType
SUPPLY_TYPE_SERVICE_OTHER: SupplyType
SUPPLY_TYPE_RENT_MOVABLE: SupplyType
SUPPLY_TYPE_RICE: SupplyType
SUPPLY_TYPE_FUEL: SupplyType
SUPPLY_TYPE_UTILITY: SupplyType
SUPPLY_TYPE_EXEMPT_GOODS: SupplyType
PRODUCT_STATE_UNSPECIFIED: ProductState
PRODUCT_STATE_DRAFT: ProductState
PRODUCT_STATE_PUBLISHED: ProductState
PRODUCT_STATE_WITHDRAWN: ProductState
PRODUCT_STATE_MODERATED: ProductState

class Product(_message.Message):
    __slots__ = ("name", "product_id", "region", "version", "vendor_id", "title", "category_code", "profile_code", "unit", "unit_price", "price_includes_ppn", "supply_type", "capacity_per_day", "capacity_confirmed", "lead_time_hours", "delivery_district_codes", "state")
    NAME_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    VENDOR_ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_CODE_FIELD_NUMBER: _ClassVar[int]
    PROFILE_CODE_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    UNIT_PRICE_FIELD_NUMBER: _ClassVar[int]
    PRICE_INCLUDES_PPN_FIELD_NUMBER: _ClassVar[int]
    SUPPLY_TYPE_FIELD_NUMBER: _ClassVar[int]
    CAPACITY_PER_DAY_FIELD_NUMBER: _ClassVar[int]
    CAPACITY_CONFIRMED_FIELD_NUMBER: _ClassVar[int]
    LEAD_TIME_HOURS_FIELD_NUMBER: _ClassVar[int]
    DELIVERY_DISTRICT_CODES_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    name: str
    product_id: str
    region: str
    version: int
    vendor_id: str
    title: str
    category_code: str
    profile_code: str
    unit: str
    unit_price: _money_pb2.Money
    price_includes_ppn: bool
    supply_type: SupplyType
    capacity_per_day: int
    capacity_confirmed: bool
    lead_time_hours: int
    delivery_district_codes: _containers.RepeatedScalarFieldContainer[str]
    state: ProductState
    def __init__(self, name: _Optional[str] = ..., product_id: _Optional[str] = ..., region: _Optional[str] = ..., version: _Optional[int] = ..., vendor_id: _Optional[str] = ..., title: _Optional[str] = ..., category_code: _Optional[str] = ..., profile_code: _Optional[str] = ..., unit: _Optional[str] = ..., unit_price: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., price_includes_ppn: _Optional[bool] = ..., supply_type: _Optional[_Union[SupplyType, str]] = ..., capacity_per_day: _Optional[int] = ..., capacity_confirmed: _Optional[bool] = ..., lead_time_hours: _Optional[int] = ..., delivery_district_codes: _Optional[_Iterable[str]] = ..., state: _Optional[_Union[ProductState, str]] = ...) -> None: ...

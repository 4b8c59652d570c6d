import datetime

from bela.catalog.v1 import product_pb2 as _product_pb2
from bela.vendor.v1 import vendor_pb2 as _vendor_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import date_pb2 as _date_pb2
from google.type import money_pb2 as _money_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OrderState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ORDER_STATE_UNSPECIFIED: _ClassVar[OrderState]
    ORDER_STATE_DRAFT: _ClassVar[OrderState]
    ORDER_STATE_SUBMITTED: _ClassVar[OrderState]
    ORDER_STATE_OFFER_PENDING: _ClassVar[OrderState]
    ORDER_STATE_NEGOTIATING: _ClassVar[OrderState]
    ORDER_STATE_AGREED: _ClassVar[OrderState]
    ORDER_STATE_PPK_REVIEW: _ClassVar[OrderState]
    ORDER_STATE_SP_ISSUED: _ClassVar[OrderState]
    ORDER_STATE_CONFIRMED: _ClassVar[OrderState]
    ORDER_STATE_IN_PROGRESS: _ClassVar[OrderState]
    ORDER_STATE_PARTLY_DELIVERED: _ClassVar[OrderState]
    ORDER_STATE_DELIVERED: _ClassVar[OrderState]
    ORDER_STATE_INSPECTED: _ClassVar[OrderState]
    ORDER_STATE_HANDED_OVER: _ClassVar[OrderState]
    ORDER_STATE_INVOICED: _ClassVar[OrderState]
    ORDER_STATE_PAID: _ClassVar[OrderState]
    ORDER_STATE_CLOSED: _ClassVar[OrderState]
    ORDER_STATE_LAPSED: _ClassVar[OrderState]
    ORDER_STATE_REFUSED: _ClassVar[OrderState]
    ORDER_STATE_EXPIRED: _ClassVar[OrderState]
    ORDER_STATE_CANCELLED: _ClassVar[OrderState]
    ORDER_STATE_STOPPED: _ClassVar[OrderState]
    ORDER_STATE_TERMINATED: _ClassVar[OrderState]
ORDER_STATE_UNSPECIFIED: OrderState
ORDER_STATE_DRAFT: OrderState
ORDER_STATE_SUBMITTED: OrderState
ORDER_STATE_OFFER_PENDING: OrderState
ORDER_STATE_NEGOTIATING: OrderState
ORDER_STATE_AGREED: OrderState
ORDER_STATE_PPK_REVIEW: OrderState
ORDER_STATE_SP_ISSUED: OrderState
ORDER_STATE_CONFIRMED: OrderState
ORDER_STATE_IN_PROGRESS: OrderState
ORDER_STATE_PARTLY_DELIVERED: OrderState
ORDER_STATE_DELIVERED: OrderState
ORDER_STATE_INSPECTED: OrderState
ORDER_STATE_HANDED_OVER: OrderState
ORDER_STATE_INVOICED: OrderState
ORDER_STATE_PAID: OrderState
ORDER_STATE_CLOSED: OrderState
ORDER_STATE_LAPSED: OrderState
ORDER_STATE_REFUSED: OrderState
ORDER_STATE_EXPIRED: OrderState
ORDER_STATE_CANCELLED: OrderState
ORDER_STATE_STOPPED: OrderState
ORDER_STATE_TERMINATED: OrderState

class Buyer(_message.Message):
    __slots__ = ("unit_id", "unit_name", "budget_holder_id", "budget_holder_name")
    UNIT_ID_FIELD_NUMBER: _ClassVar[int]
    UNIT_NAME_FIELD_NUMBER: _ClassVar[int]
    BUDGET_HOLDER_ID_FIELD_NUMBER: _ClassVar[int]
    BUDGET_HOLDER_NAME_FIELD_NUMBER: _ClassVar[int]
    unit_id: str
    unit_name: str
    budget_holder_id: str
    budget_holder_name: str
    def __init__(self, unit_id: _Optional[str] = ..., unit_name: _Optional[str] = ..., budget_holder_id: _Optional[str] = ..., budget_holder_name: _Optional[str] = ...) -> None: ...

class OrderLine(_message.Message):
    __slots__ = ("line_number", "product_id", "title", "category_code", "profile_code", "supply_type", "quantity", "unit", "unit_price", "amount", "quantity_accepted")
    LINE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_CODE_FIELD_NUMBER: _ClassVar[int]
    PROFILE_CODE_FIELD_NUMBER: _ClassVar[int]
    SUPPLY_TYPE_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    UNIT_PRICE_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    line_number: int
    product_id: str
    title: str
    category_code: str
    profile_code: str
    supply_type: _product_pb2.SupplyType
    quantity: int
    unit: str
    unit_price: _money_pb2.Money
    amount: _money_pb2.Money
    quantity_accepted: int
    def __init__(self, line_number: _Optional[int] = ..., product_id: _Optional[str] = ..., title: _Optional[str] = ..., category_code: _Optional[str] = ..., profile_code: _Optional[str] = ..., supply_type: _Optional[_Union[_product_pb2.SupplyType, str]] = ..., quantity: _Optional[int] = ..., unit: _Optional[str] = ..., unit_price: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., quantity_accepted: _Optional[int] = ...) -> None: ...

class BudgetUse(_message.Message):
    __slots__ = ("budget_line_id", "account_code", "sub_activity_code", "fiscal_year", "reserved", "committed", "accepted", "paid")
    BUDGET_LINE_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_CODE_FIELD_NUMBER: _ClassVar[int]
    SUB_ACTIVITY_CODE_FIELD_NUMBER: _ClassVar[int]
    FISCAL_YEAR_FIELD_NUMBER: _ClassVar[int]
    RESERVED_FIELD_NUMBER: _ClassVar[int]
    COMMITTED_FIELD_NUMBER: _ClassVar[int]
    ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    PAID_FIELD_NUMBER: _ClassVar[int]
    budget_line_id: str
    account_code: str
    sub_activity_code: str
    fiscal_year: int
    reserved: _money_pb2.Money
    committed: _money_pb2.Money
    accepted: _money_pb2.Money
    paid: _money_pb2.Money
    def __init__(self, budget_line_id: _Optional[str] = ..., account_code: _Optional[str] = ..., sub_activity_code: _Optional[str] = ..., fiscal_year: _Optional[int] = ..., reserved: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., committed: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., accepted: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., paid: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...

class TaxLine(_message.Message):
    __slots__ = ("kind", "base", "amount", "collector", "legal_basis")
    KIND_FIELD_NUMBER: _ClassVar[int]
    BASE_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    COLLECTOR_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    kind: str
    base: _money_pb2.Money
    amount: _money_pb2.Money
    collector: str
    legal_basis: str
    def __init__(self, kind: _Optional[str] = ..., base: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., collector: _Optional[str] = ..., legal_basis: _Optional[str] = ...) -> None: ...

class Handover(_message.Message):
    __slots__ = ("handover_id", "number", "on", "value", "deemed")
    HANDOVER_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    DEEMED_FIELD_NUMBER: _ClassVar[int]
    handover_id: str
    number: str
    on: _date_pb2.Date
    value: _money_pb2.Money
    deemed: bool
    def __init__(self, handover_id: _Optional[str] = ..., number: _Optional[str] = ..., on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., value: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., deemed: _Optional[bool] = ...) -> None: ...

class Payment(_message.Message):
    __slots__ = ("payment_id", "on", "gross", "received", "taxes", "reference", "handover_id")
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    GROSS_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_FIELD_NUMBER: _ClassVar[int]
    TAXES_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    HANDOVER_ID_FIELD_NUMBER: _ClassVar[int]
    payment_id: str
    on: _date_pb2.Date
    gross: _money_pb2.Money
    received: _money_pb2.Money
    taxes: _containers.RepeatedCompositeFieldContainer[TaxLine]
    reference: str
    handover_id: str
    def __init__(self, payment_id: _Optional[str] = ..., on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., gross: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., received: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., taxes: _Optional[_Iterable[_Union[TaxLine, _Mapping]]] = ..., reference: _Optional[str] = ..., handover_id: _Optional[str] = ...) -> None: ...

class StateChange(_message.Message):
    __slots__ = ("state", "at")
    STATE_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    state: OrderState
    at: _timestamp_pb2.Timestamp
    def __init__(self, state: _Optional[_Union[OrderState, str]] = ..., at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Order(_message.Message):
    __slots__ = ("name", "order_id", "region", "version", "state", "need_id", "need_title", "buyer", "vendor", "lines", "total", "budget_uses", "channel", "external_number", "rup_code", "contract_form", "document_number", "signed_on", "needed_at", "district_code", "village_code", "handovers", "payments", "history", "suggestion_rank", "override_reason", "best_unit_price", "flags", "deadline_at", "holds_capacity", "payer_kind", "on_time_and_complete")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    NEED_ID_FIELD_NUMBER: _ClassVar[int]
    NEED_TITLE_FIELD_NUMBER: _ClassVar[int]
    BUYER_FIELD_NUMBER: _ClassVar[int]
    VENDOR_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    BUDGET_USES_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    EXTERNAL_NUMBER_FIELD_NUMBER: _ClassVar[int]
    RUP_CODE_FIELD_NUMBER: _ClassVar[int]
    CONTRACT_FORM_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_NUMBER_FIELD_NUMBER: _ClassVar[int]
    SIGNED_ON_FIELD_NUMBER: _ClassVar[int]
    NEEDED_AT_FIELD_NUMBER: _ClassVar[int]
    DISTRICT_CODE_FIELD_NUMBER: _ClassVar[int]
    VILLAGE_CODE_FIELD_NUMBER: _ClassVar[int]
    HANDOVERS_FIELD_NUMBER: _ClassVar[int]
    PAYMENTS_FIELD_NUMBER: _ClassVar[int]
    HISTORY_FIELD_NUMBER: _ClassVar[int]
    SUGGESTION_RANK_FIELD_NUMBER: _ClassVar[int]
    OVERRIDE_REASON_FIELD_NUMBER: _ClassVar[int]
    BEST_UNIT_PRICE_FIELD_NUMBER: _ClassVar[int]
    FLAGS_FIELD_NUMBER: _ClassVar[int]
    DEADLINE_AT_FIELD_NUMBER: _ClassVar[int]
    HOLDS_CAPACITY_FIELD_NUMBER: _ClassVar[int]
    PAYER_KIND_FIELD_NUMBER: _ClassVar[int]
    ON_TIME_AND_COMPLETE_FIELD_NUMBER: _ClassVar[int]
    name: str
    order_id: str
    region: str
    version: int
    state: OrderState
    need_id: str
    need_title: str
    buyer: Buyer
    vendor: _vendor_pb2.Vendor
    lines: _containers.RepeatedCompositeFieldContainer[OrderLine]
    total: _money_pb2.Money
    budget_uses: _containers.RepeatedCompositeFieldContainer[BudgetUse]
    channel: str
    external_number: str
    rup_code: str
    contract_form: str
    document_number: str
    signed_on: _date_pb2.Date
    needed_at: _timestamp_pb2.Timestamp
    district_code: str
    village_code: str
    handovers: _containers.RepeatedCompositeFieldContainer[Handover]
    payments: _containers.RepeatedCompositeFieldContainer[Payment]
    history: _containers.RepeatedCompositeFieldContainer[StateChange]
    suggestion_rank: int
    override_reason: str
    best_unit_price: _money_pb2.Money
    flags: _containers.RepeatedScalarFieldContainer[str]
    deadline_at: _timestamp_pb2.Timestamp
    holds_capacity: bool
    payer_kind: str
    on_time_and_complete: bool
    def __init__(self, name: _Optional[str] = ..., order_id: _Optional[str] = ..., region: _Optional[str] = ..., version: _Optional[int] = ..., state: _Optional[_Union[OrderState, str]] = ..., need_id: _Optional[str] = ..., need_title: _Optional[str] = ..., buyer: _Optional[_Union[Buyer, _Mapping]] = ..., vendor: _Optional[_Union[_vendor_pb2.Vendor, _Mapping]] = ..., lines: _Optional[_Iterable[_Union[OrderLine, _Mapping]]] = ..., total: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., budget_uses: _Optional[_Iterable[_Union[BudgetUse, _Mapping]]] = ..., channel: _Optional[str] = ..., external_number: _Optional[str] = ..., rup_code: _Optional[str] = ..., contract_form: _Optional[str] = ..., document_number: _Optional[str] = ..., signed_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., needed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., district_code: _Optional[str] = ..., village_code: _Optional[str] = ..., handovers: _Optional[_Iterable[_Union[Handover, _Mapping]]] = ..., payments: _Optional[_Iterable[_Union[Payment, _Mapping]]] = ..., history: _Optional[_Iterable[_Union[StateChange, _Mapping]]] = ..., suggestion_rank: _Optional[int] = ..., override_reason: _Optional[str] = ..., best_unit_price: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., flags: _Optional[_Iterable[str]] = ..., deadline_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., holds_capacity: _Optional[bool] = ..., payer_kind: _Optional[str] = ..., on_time_and_complete: _Optional[bool] = ...) -> None: ...

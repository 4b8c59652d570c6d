import datetime

from bela.common.v1 import actor_pb2 as _actor_pb2
from bela.order.events.v1 import order_pb2 as _order_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import money_pb2 as _money_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
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

class OrderSubmitted(_message.Message):
    __slots__ = ("order", "transition")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    order: _order_pb2.Order
    transition: Transition
    def __init__(self, order: _Optional[_Union[_order_pb2.Order, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ...) -> None: ...

class OrderReturned(_message.Message):
    __slots__ = ("order", "transition")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    order: _order_pb2.Order
    transition: Transition
    def __init__(self, order: _Optional[_Union[_order_pb2.Order, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ...) -> None: ...

class OrderSigned(_message.Message):
    __slots__ = ("order", "transition")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    order: _order_pb2.Order
    transition: Transition
    def __init__(self, order: _Optional[_Union[_order_pb2.Order, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ...) -> None: ...

class OrderConfirmed(_message.Message):
    __slots__ = ("order", "transition")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    order: _order_pb2.Order
    transition: Transition
    def __init__(self, order: _Optional[_Union[_order_pb2.Order, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ...) -> None: ...

class OrderRefused(_message.Message):
    __slots__ = ("order", "transition")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    order: _order_pb2.Order
    transition: Transition
    def __init__(self, order: _Optional[_Union[_order_pb2.Order, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ...) -> None: ...

class OrderLapsed(_message.Message):
    __slots__ = ("order", "transition")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    order: _order_pb2.Order
    transition: Transition
    def __init__(self, order: _Optional[_Union[_order_pb2.Order, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ...) -> None: ...

class OrderReissued(_message.Message):
    __slots__ = ("order", "transition")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    order: _order_pb2.Order
    transition: Transition
    def __init__(self, order: _Optional[_Union[_order_pb2.Order, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ...) -> None: ...

class OrderExpired(_message.Message):
    __slots__ = ("order", "transition")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    order: _order_pb2.Order
    transition: Transition
    def __init__(self, order: _Optional[_Union[_order_pb2.Order, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ...) -> None: ...

class OrderCancelled(_message.Message):
    __slots__ = ("order", "transition")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    order: _order_pb2.Order
    transition: Transition
    def __init__(self, order: _Optional[_Union[_order_pb2.Order, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ...) -> None: ...

class OrderStopped(_message.Message):
    __slots__ = ("order", "transition")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    order: _order_pb2.Order
    transition: Transition
    def __init__(self, order: _Optional[_Union[_order_pb2.Order, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ...) -> None: ...

class OrderStarted(_message.Message):
    __slots__ = ("order", "transition")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    order: _order_pb2.Order
    transition: Transition
    def __init__(self, order: _Optional[_Union[_order_pb2.Order, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ...) -> None: ...

class OrderDelivered(_message.Message):
    __slots__ = ("order", "transition")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    order: _order_pb2.Order
    transition: Transition
    def __init__(self, order: _Optional[_Union[_order_pb2.Order, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ...) -> None: ...

class OrderInspected(_message.Message):
    __slots__ = ("order", "transition")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    order: _order_pb2.Order
    transition: Transition
    def __init__(self, order: _Optional[_Union[_order_pb2.Order, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ...) -> None: ...

class OrderHandedOver(_message.Message):
    __slots__ = ("order", "transition")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    order: _order_pb2.Order
    transition: Transition
    def __init__(self, order: _Optional[_Union[_order_pb2.Order, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ...) -> None: ...

class OrderInvoiced(_message.Message):
    __slots__ = ("order", "transition")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    order: _order_pb2.Order
    transition: Transition
    def __init__(self, order: _Optional[_Union[_order_pb2.Order, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ...) -> None: ...

class OrderPaid(_message.Message):
    __slots__ = ("order", "transition")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    order: _order_pb2.Order
    transition: Transition
    def __init__(self, order: _Optional[_Union[_order_pb2.Order, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ...) -> None: ...

class OrderClosed(_message.Message):
    __slots__ = ("order", "transition")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    order: _order_pb2.Order
    transition: Transition
    def __init__(self, order: _Optional[_Union[_order_pb2.Order, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ...) -> None: ...

class BudgetLineChanged(_message.Message):
    __slots__ = ("budget_line", "transition")
    BUDGET_LINE_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    budget_line: BudgetLine
    transition: Transition
    def __init__(self, budget_line: _Optional[_Union[BudgetLine, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ...) -> None: ...

class BudgetLine(_message.Message):
    __slots__ = ("budget_line_id", "region", "version", "fiscal_year", "unit_id", "sub_activity_code", "account_code", "title", "fund_source", "ceiling", "blocked")
    BUDGET_LINE_ID_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    FISCAL_YEAR_FIELD_NUMBER: _ClassVar[int]
    UNIT_ID_FIELD_NUMBER: _ClassVar[int]
    SUB_ACTIVITY_CODE_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_CODE_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    FUND_SOURCE_FIELD_NUMBER: _ClassVar[int]
    CEILING_FIELD_NUMBER: _ClassVar[int]
    BLOCKED_FIELD_NUMBER: _ClassVar[int]
    budget_line_id: str
    region: str
    version: int
    fiscal_year: int
    unit_id: str
    sub_activity_code: str
    account_code: str
    title: str
    fund_source: str
    ceiling: _money_pb2.Money
    blocked: _money_pb2.Money
    def __init__(self, budget_line_id: _Optional[str] = ..., region: _Optional[str] = ..., version: _Optional[int] = ..., fiscal_year: _Optional[int] = ..., unit_id: _Optional[str] = ..., sub_activity_code: _Optional[str] = ..., account_code: _Optional[str] = ..., title: _Optional[str] = ..., fund_source: _Optional[str] = ..., ceiling: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., blocked: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...

class UnitChanged(_message.Message):
    __slots__ = ("unit", "transition")
    UNIT_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    unit: Unit
    transition: Transition
    def __init__(self, unit: _Optional[_Union[Unit, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ...) -> None: ...

class Unit(_message.Message):
    __slots__ = ("unit_id", "region", "version", "display_name", "parent_unit_id", "budget_holder", "district_code")
    UNIT_ID_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    PARENT_UNIT_ID_FIELD_NUMBER: _ClassVar[int]
    BUDGET_HOLDER_FIELD_NUMBER: _ClassVar[int]
    DISTRICT_CODE_FIELD_NUMBER: _ClassVar[int]
    unit_id: str
    region: str
    version: int
    display_name: str
    parent_unit_id: str
    budget_holder: bool
    district_code: str
    def __init__(self, unit_id: _Optional[str] = ..., region: _Optional[str] = ..., version: _Optional[int] = ..., display_name: _Optional[str] = ..., parent_unit_id: _Optional[str] = ..., budget_holder: _Optional[bool] = ..., district_code: _Optional[str] = ...) -> None: ...

import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import date_pb2 as _date_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Grant(_message.Message):
    __slots__ = ("grant_id", "tenant", "principal", "role", "scope_id", "valid_from", "valid_to", "letter_number", "acting_for", "revoked", "version")
    GRANT_ID_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    PRINCIPAL_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    SCOPE_ID_FIELD_NUMBER: _ClassVar[int]
    VALID_FROM_FIELD_NUMBER: _ClassVar[int]
    VALID_TO_FIELD_NUMBER: _ClassVar[int]
    LETTER_NUMBER_FIELD_NUMBER: _ClassVar[int]
    ACTING_FOR_FIELD_NUMBER: _ClassVar[int]
    REVOKED_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    grant_id: str
    tenant: str
    principal: str
    role: str
    scope_id: str
    valid_from: _date_pb2.Date
    valid_to: _date_pb2.Date
    letter_number: str
    acting_for: str
    revoked: bool
    version: int
    def __init__(self, grant_id: _Optional[str] = ..., tenant: _Optional[str] = ..., principal: _Optional[str] = ..., role: _Optional[str] = ..., scope_id: _Optional[str] = ..., valid_from: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., valid_to: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., letter_number: _Optional[str] = ..., acting_for: _Optional[str] = ..., revoked: _Optional[bool] = ..., version: _Optional[int] = ...) -> None: ...

class TenantSettings(_message.Message):
    __slots__ = ("tenant", "name", "kind", "zone", "work_week_days", "demo", "clock_offset_seconds", "version")
    TENANT_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ZONE_FIELD_NUMBER: _ClassVar[int]
    WORK_WEEK_DAYS_FIELD_NUMBER: _ClassVar[int]
    DEMO_FIELD_NUMBER: _ClassVar[int]
    CLOCK_OFFSET_SECONDS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    tenant: str
    name: str
    kind: str
    zone: str
    work_week_days: int
    demo: bool
    clock_offset_seconds: int
    version: int
    def __init__(self, tenant: _Optional[str] = ..., name: _Optional[str] = ..., kind: _Optional[str] = ..., zone: _Optional[str] = ..., work_week_days: _Optional[int] = ..., demo: _Optional[bool] = ..., clock_offset_seconds: _Optional[int] = ..., version: _Optional[int] = ...) -> None: ...

class GrantChanged(_message.Message):
    __slots__ = ("grant", "occurred_at")
    GRANT_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_FIELD_NUMBER: _ClassVar[int]
    grant: Grant
    occurred_at: _timestamp_pb2.Timestamp
    def __init__(self, grant: _Optional[_Union[Grant, _Mapping]] = ..., occurred_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class TenantSettingsChanged(_message.Message):
    __slots__ = ("settings", "occurred_at")
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_FIELD_NUMBER: _ClassVar[int]
    settings: TenantSettings
    occurred_at: _timestamp_pb2.Timestamp
    def __init__(self, settings: _Optional[_Union[TenantSettings, _Mapping]] = ..., occurred_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class Actor(_message.Message):
    __slots__ = ("principal", "role", "grant_id", "acting_for", "on_behalf_of")
    PRINCIPAL_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    GRANT_ID_FIELD_NUMBER: _ClassVar[int]
    ACTING_FOR_FIELD_NUMBER: _ClassVar[int]
    ON_BEHALF_OF_FIELD_NUMBER: _ClassVar[int]
    principal: str
    role: str
    grant_id: str
    acting_for: str
    on_behalf_of: str
    def __init__(self, principal: _Optional[str] = ..., role: _Optional[str] = ..., grant_id: _Optional[str] = ..., acting_for: _Optional[str] = ..., on_behalf_of: _Optional[str] = ...) -> None: ...

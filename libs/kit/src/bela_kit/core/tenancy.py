"""Whose data it is: the tenant's name as a type, and the explicit scope of work that belongs to no single tenant."""

import re
from dataclasses import dataclass
from typing import NewType

from bela_kit.core.errors import Kind, ServiceError

TenantId = NewType("TenantId", str)

_TENANT = re.compile(r"[0-9]{2}|[0-9]{4}")


class TenantUnknown(ServiceError):
    """No such tenant, or none that this caller may know of."""

    kind = Kind.NOT_FOUND
    reason = "TENANT_UNKNOWN"

    def __init__(self) -> None:
        super().__init__("Daerah tidak ditemukan.")


@dataclass(frozen=True, slots=True)
class SystemScope:
    """Work across tenants, always with the reason it is needed; the worker role alone may run it."""

    reason: str


def parse_tenant(text: str) -> TenantId:
    """Return the tenant named by a code of two or four digits.

    Raises:
        TenantUnknown: The text is not such a code; it looks the same as a code nobody has.
    """
    if _TENANT.fullmatch(text) is None:
        raise TenantUnknown
    return TenantId(text)

"""Small conversions between rows and the domain that several adapters need."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from bela_kit.core.tenancy import TenantId

from catalog_service.domain.vendor import Vendor


def as_uuid(value: object) -> str | None:
    """Return the canonical text of an identifier, None if it is not one."""
    try:
        return str(UUID(str(value)))
    except ValueError:
        return None


def vendor_of(row: Mapping[Any, Any], prefix: str = "") -> Vendor:
    """Return the business of a row of `vendors`, whose columns may carry a prefix."""
    return Vendor(
        tenant=TenantId(row[f"{prefix}tenant_id"]),
        vendor_id=row[f"{prefix}vendor_id"],
        home=TenantId(row[f"{prefix}home_tenant_id"]),
        version=row[f"{prefix}version"],
        display_name=row[f"{prefix}display_name"],
        owner_group_id=row[f"{prefix}owner_group_id"],
        district_code=row[f"{prefix}district_code"],
        village_code=row[f"{prefix}village_code"],
        standing=row[f"{prefix}standing"],
        verified=row[f"{prefix}verified"],
        pkp=row[f"{prefix}pkp"],
    )

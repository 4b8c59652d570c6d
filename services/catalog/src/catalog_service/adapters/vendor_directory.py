"""Reads the copies of businesses and the guest grants."""

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog_service.adapters.rows import vendor_of
from catalog_service.adapters.tables import public_guest_grants, vendors
from catalog_service.domain.vendor import GuestGrant, Vendor


class SqlVendorDirectory:
    """Businesses as one open transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, tenant: TenantId, vendor_id: str, *, lock: bool = False) -> Vendor | None:
        """Return a business; a lock keeps its standing from changing until the end of the transaction."""
        query = sa.select(vendors).where(vendors.c.tenant_id == tenant, vendors.c.vendor_id == vendor_id)
        if lock:
            query = query.with_for_update(read=True)
        row = (await self._connection.execute(query)).mappings().first()
        return vendor_of(row) if row is not None else None

    async def guest_grants(self, host: TenantId, vendor_id: str) -> list[GuestGrant]:
        """Return the grants by which a business may sell in a host region, ended ones too."""
        grants = public_guest_grants.c
        rows = await self._connection.execute(
            sa.select(public_guest_grants).where(grants.tenant_id == host, grants.vendor_id == vendor_id)
        )
        return [
            GuestGrant(
                host=TenantId(row["tenant_id"]),
                home=TenantId(row["home_tenant_id"]),
                guest_grant_id=row["guest_grant_id"],
                vendor_id=row["vendor_id"],
                category_codes=tuple(row["category_codes"]),
                valid_from=row["valid_from"],
                valid_to=row["valid_to"],
                revoked=row["revoked"],
                version=row["version"],
            )
            for row in rows.mappings()
        ]

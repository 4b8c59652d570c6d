"""The local copy of businesses, read inside a region's transaction."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.ext.asyncio import AsyncConnection

from order_service.adapters.seller_mapping import known_seller_of
from order_service.adapters.tables import vendors
from order_service.application.records import KnownSeller


class SqlSellers:
    """`Sellers` on the table `vendors`."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId) -> None:
        self._connection = connection
        self._tenant = tenant

    async def get(self, vendor_id: str) -> KnownSeller | None:
        """Return one business."""
        return (await self.get_many((vendor_id,))).get(vendor_id)

    async def get_many(self, vendor_ids: Collection[str]) -> Mapping[str, KnownSeller]:
        """Return those that are known."""
        query = sa.select(vendors).where(vendors.c.tenant_id == self._tenant, vendors.c.vendor_id.in_(list(vendor_ids)))
        found = (await self._connection.execute(query)).mappings()
        return {row["vendor_id"]: known_seller_of(row) for row in found}

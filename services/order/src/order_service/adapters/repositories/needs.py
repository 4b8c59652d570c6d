"""Needs: what is asked for in SQL as columns, the whole as one document."""

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.ext.asyncio import AsyncConnection

from order_service.adapters.codec import from_document, to_document
from order_service.adapters.tables import needs
from order_service.application.errors import VersionMismatch
from order_service.domain.need import Need


class SqlNeeds:
    """`Needs` on the table `needs`."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId) -> None:
        self._connection = connection
        self._tenant = tenant

    async def get(self, need_id: str) -> Need | None:
        """Return one need."""
        query = sa.select(needs.c.body).where(needs.c.tenant_id == self._tenant, needs.c.need_id == need_id)
        body = await self._connection.scalar(query)
        return None if body is None else from_document(Need, body)

    async def save(self, need: Need) -> None:
        """Store a changed need."""
        before = sa.cast(needs.c.body["version"].astext, sa.Integer) == need.version - 1
        changed = await self._connection.execute(
            sa.update(needs)
            .where(needs.c.tenant_id == self._tenant, needs.c.need_id == need.need_id, before)
            .values(body=to_document(need))
        )
        if changed.rowcount != 1:
            raise VersionMismatch

    async def add(self, need: Need) -> None:
        """Store a new need."""
        await self._connection.execute(
            sa.insert(needs).values(
                tenant_id=self._tenant,
                need_id=need.need_id,
                unit_id=need.unit_id,
                budget_holder_id=need.budget_holder_id,
                category_code=need.category_code,
                created_at=need.created_at,
                body=to_document(need),
            )
        )

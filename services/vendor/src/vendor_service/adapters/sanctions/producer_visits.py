"""Visits to producers in PostgreSQL."""

from dataclasses import fields
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters import rows
from vendor_service.adapters.sanctions import tables as t
from vendor_service.application.sanctions.ports import ProducerVisit

_NAMES = tuple(field.name for field in fields(ProducerVisit))


class SqlProducerVisits:
    """The visits of one region within one transaction."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId) -> None:
        self._connection = connection
        self._tenant = tenant

    async def add(self, visit: ProducerVisit) -> None:
        """Store a visit."""
        values: dict[str, Any] = {name: getattr(visit, name) for name in _NAMES}
        row = {"tenant_id": self._tenant, **values, "photo_ids": list(visit.photo_ids)}
        await rows.insert(self._connection, t.producer_visits, [row])

    async def of_vendor(self, vendor_id: UUID, after: UUID | None, limit: int) -> list[ProducerVisit]:
        """Return the visits to a business, newest first."""
        p = t.producer_visits.c
        query = sa.select(t.producer_visits).where(p.tenant_id == self._tenant, p.vendor_id == vendor_id)
        if after is not None:
            query = query.where(p.visit_id < after)
        found = (await self._connection.execute(query.order_by(p.visit_id.desc()).limit(limit))).mappings()
        return [
            ProducerVisit(**{name: row[name] for name in _NAMES} | {"photo_ids": tuple(row["photo_ids"])})
            for row in found
        ]

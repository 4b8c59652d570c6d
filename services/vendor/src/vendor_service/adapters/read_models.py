"""Lists and figures, straight from SQL. Public ones read only the table that holds public columns."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from vendor_service.adapters import tables as t
from vendor_service.adapters.announcer import guest_from
from vendor_service.adapters.lists.vendor_lists import SqlVendorLists
from vendor_service.domain.events import GuestGrant


class SqlReads(SqlVendorLists):
    """Lists and figures of one region within one transaction."""

    async def merge_candidates(self, after: tuple[UUID, UUID] | None, limit: int) -> list[dict[str, Any]]:
        """Return pairs of businesses that may be one, for a human to decide."""
        m = t.merge_candidates.c
        first, second = t.vendors.alias("first"), t.vendors.alias("second")
        query = (
            sa.select(
                m.vendor_id, m.other_vendor_id, m.rule, m.found_at, first.c.name, second.c.name.label("other_name")
            )
            .join(first, sa.and_(first.c.tenant_id == m.tenant_id, first.c.vendor_id == m.vendor_id))
            .join(second, sa.and_(second.c.tenant_id == m.tenant_id, second.c.vendor_id == m.other_vendor_id))
            .where(m.tenant_id == self._tenant, m.state == "open")
        )
        if after is not None:
            query = query.where(sa.tuple_(m.vendor_id, m.other_vendor_id) > sa.tuple_(*map(sa.literal, after)))
        rows = await self._connection.execute(query.order_by(m.vendor_id, m.other_vendor_id).limit(limit))
        return [
            {
                "vendor_id": str(row.vendor_id),
                "other_vendor_id": str(row.other_vendor_id),
                "name": row.name,
                "other_name": row.other_name,
                "rule": row.rule,
                "found_at": row.found_at,
            }
            for row in rows
        ]

    async def guest_grants(self, vendor_ids: Sequence[UUID]) -> dict[UUID, list[GuestGrant]]:
        """Return the guest grants of businesses."""
        g = t.guest_grants
        wanted = sa.any_(sa.literal(list(vendor_ids), ARRAY(sa.Uuid)))
        query = sa.select(g).where(g.c.tenant_id == self._tenant, g.c.vendor_id == wanted).order_by(g.c.guest_grant_id)
        found: dict[UUID, list[GuestGrant]] = {}
        for row in (await self._connection.execute(query)).mappings():
            found.setdefault(row["vendor_id"], []).append(guest_from(row))
        return found

    async def import_rows(self, import_id: UUID, verdict: str | None, after: int, limit: int) -> list[dict[str, Any]]:
        """Return staged rows above a row number."""
        r = t.import_rows
        query = sa.select(r).where(r.c.tenant_id == self._tenant, r.c.import_id == import_id, r.c.row_number > after)
        if verdict is not None:
            query = query.where(r.c.verdict == verdict)
        return [
            dict(row)
            for row in (await self._connection.execute(query.order_by(r.c.row_number).limit(limit))).mappings()
        ]

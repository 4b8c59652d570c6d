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

    async def guest_grants(self, vendor_ids: Sequence[UUID]) -> dict[UUID, list[GuestGrant]]:
        """Return the guest grants of businesses."""
        g = t.guest_grants
        wanted = sa.any_(sa.literal(list(vendor_ids), ARRAY(sa.Uuid)))
        query = sa.select(g).where(g.c.tenant_id == self._tenant, g.c.vendor_id == wanted).order_by(g.c.guest_grant_id)
        found: dict[UUID, list[GuestGrant]] = {}
        for row in (await self._connection.execute(query)).mappings():
            found.setdefault(row["vendor_id"], []).append(guest_from(row))
        return found

    async def import_rows(
        self, import_id: UUID, verdict: str | None, code: str | None, after: int, limit: int
    ) -> list[dict[str, Any]]:
        """Return staged rows above a row number, those with a verdict and those with a reason or warning."""
        r = t.import_rows
        query = sa.select(r).where(r.c.tenant_id == self._tenant, r.c.import_id == import_id, r.c.row_number > after)
        if verdict is not None:
            query = query.where(r.c.verdict == verdict)
        if code is not None:
            said = sa.cast(r.c.reasons, sa.Text) + sa.cast(r.c.warnings, sa.Text)
            query = query.where(said.op("~")(rf'[":]{code}"'))
        return [
            dict(row)
            for row in (await self._connection.execute(query.order_by(r.c.row_number).limit(limit))).mappings()
        ]

"""Lists and figures, straight from SQL. Public ones read only the table that holds public columns."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters import tables as t
from vendor_service.adapters.announcer import guest_from
from vendor_service.application.ports import VendorFilter
from vendor_service.domain.events import GuestGrant
from vendor_service.domain.names import name_key
from vendor_service.domain.profile import MILESTONE_NAMES

_V, _P = t.vendors.c, t.public_vendors.c


class SqlReads:
    """Lists and figures of one region within one transaction."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId) -> None:
        self._connection = connection
        self._tenant = tenant

    async def public_vendors(self, wanted: VendorFilter, after: UUID | None, limit: int) -> list[dict[str, Any]]:
        """Return the public rows of a region's businesses, oldest first."""
        query = sa.select(t.public_vendors).where(_P.tenant_id == self._tenant)
        for column, value in (
            (_P.district_code, wanted.district),
            (_P.standing, wanted.standing),
            (_P.band, wanted.band),
        ):
            if value is not None:
                query = query.where(column == value)
        if wanted.milestone is not None:
            reached = MILESTONE_NAMES[MILESTONE_NAMES.index(wanted.milestone) :]
            query = query.where(_P.milestone.in_(reached))
        if wanted.text is not None:
            query = query.where(_like(wanted.text))
        if after is not None:
            query = query.where(_P.vendor_id > after)
        rows = (await self._connection.execute(query.order_by(_P.vendor_id).limit(limit))).mappings()
        return [
            {
                "vendor_id": str(row["vendor_id"]),
                "name": row["display_name"],
                **{name: row[name] for name in ("entity_kind", "business_class", "district_code", "village_code")},
                **{name: row[name] for name in ("main_product", "standing", "band", "milestone")},
            }
            for row in rows
        ]

    async def member_vendors(self, wanted: VendorFilter, after: UUID | None, limit: int) -> list[dict[str, Any]]:
        """Return a region's businesses for its officers, with owners' names and milestones, oldest first."""
        owner_names = (
            sa.select(sa.func.array_agg(t.owners.c.name))
            .select_from(t.vendor_owners.join(t.owners, _owner_join()))
            .where(t.vendor_owners.c.tenant_id == self._tenant, t.vendor_owners.c.vendor_id == _V.vendor_id)
            .scalar_subquery()
        )
        milestones = [_V[f"{name}_on"] for name in MILESTONE_NAMES]
        columns = (_V.vendor_id, _V.version, _V.name, _V.district_code, _V.village_code, _V.standing, _V.band)
        classes = sa.func.coalesce(_V.class_verified, _V.class_derived).label("business_class")
        product = _V.profile["main_product"].astext.label("main_product")
        query = sa.select(*columns, *milestones, classes, product, owner_names.label("owner_names"))
        query = query.where(_V.tenant_id == self._tenant)
        for column, value in (
            (_V.district_code, wanted.district),
            (_V.standing, wanted.standing),
            (_V.band, wanted.band),
        ):
            if value is not None:
                query = query.where(column == value)
        if wanted.milestone is not None:
            query = query.where(_V[f"{wanted.milestone}_on"].is_not(None))
        if wanted.text is not None:
            found = sa.select(_P.vendor_id).where(_P.tenant_id == self._tenant, _like(wanted.text))
            query = query.where(_V.vendor_id.in_(found))
        if after is not None:
            query = query.where(_V.vendor_id > after)
        rows = (await self._connection.execute(query.order_by(_V.vendor_id).limit(limit))).mappings()
        return [_member_row(row) for row in rows]

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


def _member_row(row: sa.RowMapping) -> dict[str, Any]:
    names = ("version", "name", "district_code", "village_code", "main_product", "business_class", "standing", "band")
    return {
        "vendor_id": str(row["vendor_id"]),
        **{name: row[name] for name in names},
        "owner_names": row["owner_names"] or [],
        "milestones": {f"{name}_on": row[f"{name}_on"] for name in MILESTONE_NAMES},
    }


def _owner_join() -> sa.ColumnElement[bool]:
    link, o = t.vendor_owners.c, t.owners.c
    return sa.and_(o.tenant_id == link.tenant_id, o.owner_id == link.owner_id)


def _like(text: str) -> sa.ColumnElement[bool]:
    key = name_key(text)[:100]
    # `<%` finds a word with a typo; the index serves both.
    return sa.or_(_P.search_text.contains(key, autoescape=True), sa.literal(key).op("<%")(_P.search_text))

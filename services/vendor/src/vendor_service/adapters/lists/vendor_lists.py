"""Lists and searches of businesses, page by page, in the sequence of their ids.

Everything is found in `public_vendors`, which carries no row-level security: under a policy PostgreSQL would not use
the trigram index, since LIKE is not leakproof. What only members may see is read along by key from protected tables.
Whatever a list is narrowed to has an index that begins with the region and ends with the id; the values stand in the
statement, since the planner must see them to use the partial ones.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from asyncpg import Record
from bela_kit.core.tenancy import TenantId
from bela_kit.statements import Statement
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters import tables as t
from vendor_service.application.ports import VendorFilter
from vendor_service.domain.names import name_key
from vendor_service.domain.profile import MILESTONE_NAMES

_V, _P = t.vendors.c, t.public_vendors.c
_CLASS = sa.func.coalesce(_V.class_verified, _V.class_derived, _V.profile["class_declared"].astext)
_Where = list[sa.ColumnElement[bool]]
_MEMBERS = Statement(
    """
    SELECT v.vendor_id, v.version, v.name, v.district_code, v.village_code, v.standing, v.band, v.collected_on,
        v.trained_on, v.account_on, v.verified_on, v.published_on, v.first_sale_on,
        coalesce(v.class_verified, v.class_derived, v.profile ->> 'class_declared') AS business_class,
        v.profile ->> 'main_product' AS main_product,
        ARRAY(
            SELECT o.name FROM vendor_owners AS w
            JOIN owners AS o ON o.tenant_id = w.tenant_id AND o.owner_id = w.owner_id
            WHERE w.tenant_id = v.tenant_id AND w.vendor_id = v.vendor_id ORDER BY w.place
        ) AS owner_names
    FROM vendors AS v
    WHERE v.tenant_id = :tenant AND v.vendor_id = ANY (CAST(:ids AS uuid[]))
    ORDER BY v.vendor_id
    """
)
_IS_WAITING = Statement(
    """
    SELECT EXISTS (
        SELECT FROM vendors
        WHERE tenant_id = :tenant AND applicant IS NOT NULL AND account_on IS NULL AND verified_on IS NULL
    ) AS there
    """
)


class SqlVendorLists:
    """Lists of one region within one transaction."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId) -> None:
        self._connection = connection
        self._tenant = tenant

    async def public_vendors(self, wanted: VendorFilter, after: UUID | None, limit: int) -> list[dict[str, Any]]:
        """Return the public rows of a region's businesses, oldest first."""
        query = sa.select(t.public_vendors).where(*await self._listed(wanted, after))
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
        """Return a region's businesses for its officers, with owners' names and milestones, oldest first.

        What strangers signed up and no officer has looked at has no public row; it is looked through by itself.
        """
        found = await self._listed_members(wanted, after, limit)
        values = {"tenant": self._tenant}
        if (await _IS_WAITING.fetch(self._connection, values))[0]["there"]:
            query = sa.select(_V.vendor_id).where(*self._waiting(wanted, after)).order_by(_V.vendor_id).limit(limit)
            ids = (await self._connection.execute(query)).scalars().all()
            found += await _MEMBERS.fetch(self._connection, {**values, "ids": ids})
        found.sort(key=lambda row: row["vendor_id"].int)
        return [_member_row(row) for row in found[:limit]]

    async def _listed_members(self, wanted: VendorFilter, after: UUID | None, limit: int) -> list[Record]:
        """Find a page of ids in the public rows, then read what members see; a join of the two was planned badly.

        The public row knows the furthest milestone only, so some of a page may not have reached the one asked for.
        """
        found: list[Record] = []
        while len(found) < limit:
            where = await self._listed(wanted, after)
            query = sa.select(_P.vendor_id).where(*where).order_by(_P.vendor_id).limit(limit)
            ids = (await self._connection.execute(query)).scalars().all()
            rows = await _MEMBERS.fetch(self._connection, {"tenant": self._tenant, "ids": ids}) if ids else []
            reached = None if wanted.milestone is None else f"{wanted.milestone}_on"
            found += [row for row in rows if reached is None or row[reached] is not None]
            if len(ids) < limit:
                break
            after = ids[-1]
        return found

    async def _listed(self, wanted: VendorFilter, after: UUID | None) -> _Where:
        where: _Where = [_P.tenant_id == _told(self._tenant)]
        columns = {"district": _P.district_code, "standing": _P.standing, "band": _P.band}
        columns["business_class"] = _P.business_class
        for name, column in columns.items():
            value = getattr(wanted, name)
            if value is not None:
                where.append(column == _told(value))
        if wanted.milestone not in (None, MILESTONE_NAMES[0]):
            reached = MILESTONE_NAMES[MILESTONE_NAMES.index(str(wanted.milestone)) :]
            where.append(_P.milestone.in_([_told(name) for name in reached]))
        if wanted.text is not None:
            where.append(await self._like(name_key(wanted.text)[:100]))
        return where if after is None else [*where, _P.vendor_id > after]

    async def _like(self, key: str) -> sa.ColumnElement[bool]:
        """Return what finds a text: as it stands, or, where it stands nowhere in the region, with typing errors."""
        contains = _P.search_text.contains(key, autoescape=True)
        there = sa.select(sa.literal(1)).where(_P.tenant_id == _told(self._tenant), contains).limit(1)
        if await self._connection.scalar(there) is not None:
            return contains
        return sa.literal(key).op("<%")(_P.search_text)

    def _waiting(self, wanted: VendorFilter, after: UUID | None) -> _Where:
        where: _Where = [_V.tenant_id == self._tenant, _V.applicant.is_not(None), _V.account_on.is_(None)]
        where.append(_V.verified_on.is_(None))
        columns = {"district": _V.district_code, "standing": _V.standing, "band": _V.band, "business_class": _CLASS}
        for name, column in columns.items():
            value = getattr(wanted, name)
            if value is not None:
                where.append(column == value)
        if wanted.milestone is not None:
            where.append(_V[f"{wanted.milestone}_on"].is_not(None))
        if wanted.text is not None:
            where.append(_V.name_key.contains(name_key(wanted.text)[:100], autoescape=True))
        return where if after is None else [*where, _V.vendor_id > after]


def _told(value: str) -> sa.BindParameter[str]:
    """Return a checked value that is written into the statement itself."""
    return sa.bindparam(None, value, sa.Text, unique=True, literal_execute=True)


def _member_row(row: Record) -> dict[str, Any]:
    names = ("version", "name", "district_code", "village_code", "main_product", "business_class", "standing", "band")
    return {
        "vendor_id": str(row["vendor_id"]),
        **{name: row[name] for name in names},
        "owner_names": list(row["owner_names"]),
        "milestones": {f"{name}_on": row[f"{name}_on"] for name in MILESTONE_NAMES},
    }

"""Lists and searches of businesses, page by page, in the sequence of their ids.

Everything is found in `public_vendors`, which carries no row-level security: under a policy PostgreSQL would not use
the trigram index, since LIKE is not leakproof. What only members may see is read along by key from protected tables.
Whatever a list is narrowed to has an index that begins with the region and ends with the id; the values stand in the
statement, since the planner must see them to use the partial ones.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters import tables as t
from vendor_service.application.ports import VendorFilter
from vendor_service.domain.names import name_key
from vendor_service.domain.profile import MILESTONE_NAMES

_V, _P = t.vendors.c, t.public_vendors.c
_CLASS = sa.func.coalesce(_V.class_verified, _V.class_derived, _V.profile["class_declared"].astext)
_Where = list[sa.ColumnElement[bool]]


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
        same = sa.and_(_V.tenant_id == _P.tenant_id, _V.vendor_id == _P.vendor_id)
        listed = _members(t.public_vendors.join(t.vendors, same)).where(*await self._listed(wanted, after))
        if wanted.milestone is not None:
            listed = listed.where(_V[f"{wanted.milestone}_on"].is_not(None))
        waiting = _members(t.vendors).where(*self._waiting(wanted, after))
        found: list[sa.RowMapping] = []
        for query, sequence in ((listed, _P.vendor_id), (waiting, _V.vendor_id)):
            found += (await self._connection.execute(query.order_by(sequence).limit(limit))).mappings().all()
        found.sort(key=lambda row: row["vendor_id"].int)
        return [_member_row(row) for row in found[:limit]]

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


def _members(source: sa.FromClause) -> sa.Select[Any]:
    link, owner = t.vendor_owners.c, t.owners.c
    names = (
        sa.select(sa.func.array_agg(owner.name))
        .select_from(
            t.vendor_owners.join(t.owners, sa.and_(owner.tenant_id == link.tenant_id, owner.owner_id == link.owner_id))
        )
        .where(link.tenant_id == _V.tenant_id, link.vendor_id == _V.vendor_id)
        .scalar_subquery()
    )
    columns = (_V.vendor_id, _V.version, _V.name, _V.district_code, _V.village_code, _V.standing, _V.band)
    milestones = [_V[f"{name}_on"] for name in MILESTONE_NAMES]
    product = _V.profile["main_product"].astext.label("main_product")
    return sa.select(
        *columns, *milestones, _CLASS.label("business_class"), product, names.label("owner_names")
    ).select_from(source)


def _member_row(row: sa.RowMapping) -> dict[str, Any]:
    names = ("version", "name", "district_code", "village_code", "main_product", "business_class", "standing", "band")
    return {
        "vendor_id": str(row["vendor_id"]),
        **{name: row[name] for name in names},
        "owner_names": row["owner_names"] or [],
        "milestones": {f"{name}_on": row[f"{name}_on"] for name in MILESTONE_NAMES},
    }

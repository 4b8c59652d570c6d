"""Field visits within one transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters import tables as t
from vendor_service.adapters.visits.tables import field_visits
from vendor_service.application.visits.ports import StoredVisit, VisitFilter
from vendor_service.domain.vendor import Moment
from vendor_service.domain.visits.errors import FieldVisitNotFound
from vendor_service.domain.visits.visit import FieldVisit, Point, VisitOutcome, VisitPurpose

_F = field_visits.c
_PLAIN = ("visit_id", "vendor_id", "officer", "visited_at", "findings", "capacity_seen", "capacity_unit", "makes_goods")


class SqlFieldVisits:
    """The visits of one region within one transaction."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId) -> None:
        self._connection = connection
        self._tenant = tenant

    async def get(self, visit_id: UUID) -> StoredVisit:
        """Return a visit; refuses with FIELD_VISIT_NOT_FOUND."""
        query = sa.select(field_visits).where(_F.tenant_id == self._tenant, _F.visit_id == visit_id)
        row = (await self._connection.execute(query)).mappings().first()
        if row is None:
            raise FieldVisitNotFound
        return _stored(row)

    async def many(self, visit_ids: Sequence[UUID]) -> dict[UUID, FieldVisit]:
        """Return visits by id; unknown ones are left out."""
        if not visit_ids:
            return {}
        query = sa.select(field_visits).where(_F.tenant_id == self._tenant, _F.visit_id == _any(visit_ids))
        found = [_stored(row).visit for row in (await self._connection.execute(query)).mappings()]
        return {one.visit_id: one for one in found}

    async def businesses(self, vendor_ids: Sequence[UUID]) -> frozenset[UUID]:
        """Return which of the ids are businesses of the region."""
        v = t.vendors.c
        query = sa.select(v.vendor_id).where(v.tenant_id == self._tenant, v.vendor_id == _any(vendor_ids))
        return frozenset((await self._connection.execute(query)).scalars())

    async def add(self, visits: Sequence[FieldVisit], moment: Moment) -> frozenset[UUID]:
        """Store visits by one statement, and return those that were not there yet."""
        if not visits:
            return frozenset()
        statement = postgresql.insert(field_visits).values([self._row(one, moment) for one in visits])
        statement = statement.on_conflict_do_nothing(index_elements=["tenant_id", "visit_id"])
        added = await self._connection.execute(statement.returning(_F.visit_id))
        return frozenset(added.scalars())

    async def erase(self, vendor_id: UUID) -> int:
        """Empty words and place of a business's visits, since its person asked for erasure; say of how many."""
        statement = sa.update(field_visits).where(_F.tenant_id == self._tenant, _F.vendor_id == vendor_id)
        statement = statement.where(sa.or_(_F.findings != "", _F.latitude.is_not(None)))
        emptied = statement.values(findings="", latitude=None, longitude=None, accuracy_m=None)
        return (await self._connection.execute(emptied)).rowcount

    async def page(self, wanted: VisitFilter, after: tuple[datetime, UUID] | None, limit: int) -> Sequence[StoredVisit]:
        """Return visits, the last one first."""
        query = sa.select(field_visits).where(_F.tenant_id == self._tenant)
        if wanted.vendor_id is not None:
            v = t.vendors.c
            own = sa.or_(v.vendor_id == wanted.vendor_id, v.merged_into == wanted.vendor_id)
            query = query.where(_F.vendor_id.in_(sa.select(v.vendor_id).where(v.tenant_id == self._tenant, own)))
        for column, value in (
            (_F.officer, wanted.officer),
            (_F.outcome, wanted.outcome),
        ):
            if value is not None:
                query = query.where(column == value)
        if wanted.since is not None:
            query = query.where(_F.visited_at >= wanted.since)
        if wanted.until is not None:
            query = query.where(_F.visited_at < wanted.until)
        if after is not None:
            query = query.where(sa.tuple_(_F.visited_at, _F.visit_id) < sa.tuple_(*map(sa.literal, after)))
        query = query.order_by(_F.visited_at.desc(), _F.visit_id.desc()).limit(limit)
        return [_stored(row) for row in (await self._connection.execute(query)).mappings()]

    def _row(self, visit: FieldVisit, moment: Moment) -> dict[str, Any]:
        point = visit.point
        return {
            "tenant_id": self._tenant,
            **{name: getattr(visit, name) for name in _PLAIN},
            "role": moment.actor.role,
            "received_at": moment.now,
            "purposes": [one.value for one in visit.purposes],
            "outcome": visit.outcome.value,
            "latitude": None if point is None else point.latitude,
            "longitude": None if point is None else point.longitude,
            "accuracy_m": None if point is None else point.accuracy_m,
            "photo_ids": list(visit.photo_ids),
        }


def _any(ids: Sequence[UUID]) -> Any:
    return sa.any_(sa.literal(list(ids), ARRAY(sa.Uuid)))


def _stored(row: sa.RowMapping) -> StoredVisit:
    point = None if row["latitude"] is None else Point(row["latitude"], row["longitude"], row["accuracy_m"])
    visit = FieldVisit(
        **{name: row[name] for name in _PLAIN},
        purposes=tuple(VisitPurpose(one) for one in row["purposes"]),
        outcome=VisitOutcome(row["outcome"]),
        point=point,
        photo_ids=tuple(row["photo_ids"]),
    )
    return StoredVisit(visit, row["received_at"], row["role"])

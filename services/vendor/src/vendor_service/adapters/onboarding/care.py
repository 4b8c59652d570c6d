"""Notices, activity, lapses and what the daily sweep asks, in PostgreSQL. Every query begins with the region."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters import tables as t
from vendor_service.adapters.onboarding.tables import vendor_activity, vendor_lapses, vendor_notices, vendor_reviews
from vendor_service.application.reviews.ports import Ending
from vendor_service.domain.events import VendorEvent
from vendor_service.domain.standing import Standing
from vendor_service.domain.vendor import Vendor

_V = t.vendors.c


class SqlCare:
    """What is kept beside the businesses of one region, within one transaction."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId) -> None:
        self._connection = connection
        self._tenant = tenant

    async def notify(self, vendor_id: UUID, code: str, about: Mapping[str, Any], at: datetime) -> None:
        """Leave the seller a notice."""
        values = {"tenant_id": self._tenant, "vendor_id": vendor_id, "notice_id": new_id(), "code": code}
        values |= {"about": dict(about), "created_at": at}
        await self._connection.execute(sa.insert(vendor_notices).values(values))

    async def notices(self, vendor_id: UUID, limit: int) -> list[dict[str, Any]]:
        """Return the notices of a business, newest first."""
        n = vendor_notices.c
        query = sa.select(n.notice_id, n.code, n.about, n.created_at).where(
            n.tenant_id == self._tenant, n.vendor_id == vendor_id
        )
        rows = await self._connection.execute(query.order_by(n.notice_id.desc()).limit(limit))
        return [
            {"notice_id": str(row.notice_id), "code": row.code, "about": row.about, "created_at": row.created_at}
            for row in rows
        ]

    async def seen(self, vendor_id: UUID, on: date) -> None:
        """Note that somebody of the business was here; at most one write a day, and never an earlier day."""
        statement = postgresql.insert(vendor_activity).values(
            tenant_id=self._tenant, vendor_id=vendor_id, last_seen_on=on
        )
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["tenant_id", "vendor_id"],
                set_={"last_seen_on": statement.excluded.last_seen_on},
                where=vendor_activity.c.last_seen_on < statement.excluded.last_seen_on,
            )
        )

    async def add_lapse(self, vendor_id: UUID, order_id: UUID, on: date) -> bool:
        """Note an order that the seller left unanswered; say whether it was new."""
        statement = postgresql.insert(vendor_lapses).values(
            tenant_id=self._tenant, vendor_id=vendor_id, order_id=order_id, lapsed_on=on
        )
        return (await self._connection.execute(statement.on_conflict_do_nothing())).rowcount == 1

    async def lapses_since(self, vendor_id: UUID, since: date) -> int:
        """Return how many orders were left unanswered on or after a day."""
        lapse = vendor_lapses.c
        query = sa.select(sa.func.count()).where(
            lapse.tenant_id == self._tenant, lapse.vendor_id == vendor_id, lapse.lapsed_on >= since
        )
        return int(await self._connection.scalar(query) or 0)

    async def is_related(self, principal: str, vendor: Vendor) -> bool:
        """Say whether somebody signed up or acts for a business whose owner shares a NIK or family card with this."""
        m = t.vendor_members.c
        acts_for = sa.select(m.vendor_id).where(m.tenant_id == self._tenant, m.principal == principal)
        theirs = sa.select(_V.vendor_id).where(
            _V.tenant_id == self._tenant, sa.or_(_V.applicant == principal, _V.vendor_id.in_(acts_for))
        )
        mine, other = self._owners("mine"), self._owners("other")
        shared = sa.or_(mine.c.nik_hash == other.c.nik_hash, mine.c.kk_hash == other.c.kk_hash)
        query = (
            sa.select(sa.literal(1))
            .select_from(mine.join(other, shared))
            .where(mine.c.vendor_id == vendor.vendor_id, other.c.vendor_id.in_(theirs))
        )
        return await self._connection.scalar(query.limit(1)) is not None

    async def standing_history(self, vendor_id: UUID) -> Sequence[Mapping[str, Any]]:
        """Return every change of standing, oldest first."""
        h = t.vendor_transitions.c
        query = sa.select(h.version, h.standing, h.actor, h.occurred_at, h.reason, h.evidence_id).where(
            h.tenant_id == self._tenant, h.vendor_id == vendor_id, h.event == VendorEvent.STANDING_CHANGED.value
        )
        rows = await self._connection.execute(query.order_by(h.version))
        return [
            {
                "version": row.version,
                "standing": row.standing,
                "actor": row.actor,
                "occurred_at": row.occurred_at,
                "reason": row.reason,
                "evidence_id": None if row.evidence_id is None else str(row.evidence_id),
            }
            for row in rows
        ]

    async def ending(self, until: date, after: UUID | None, limit: int) -> list[Ending]:
        """Return businesses with standing `ok` whose verification ran out by a day, by id."""
        r = vendor_reviews.c
        waits = sa.and_(
            r.tenant_id == _V.tenant_id, r.vendor_id == _V.vendor_id, r.kind == "renewal", r.state == "open"
        )
        query = (
            sa.select(_V.vendor_id, _V.verified_until, sa.func.coalesce(r.reminders, 0))
            .select_from(t.vendors.outerjoin(vendor_reviews, waits))
            .where(_V.tenant_id == self._tenant, _V.verified_until <= until, _V.standing == Standing.OK.value)
        )
        rows = await self._connection.execute(_after(query, after).order_by(_V.vendor_id).limit(limit))
        return [Ending(*row) for row in rows]

    async def in_standing(self, standing: str, since: date, after: UUID | None, limit: int) -> list[UUID]:
        """Return businesses that have had a standing since a day or longer, by id."""
        query = sa.select(_V.vendor_id).where(
            _V.tenant_id == self._tenant, _V.standing == str(standing), _V.standing_since <= since
        )
        rows = await self._connection.execute(_after(query, after).order_by(_V.vendor_id).limit(limit))
        return list(rows.scalars())

    async def idle(self, since: date, after: UUID | None, limit: int) -> list[UUID]:
        """Return businesses with standing `ok` that nobody has seen since before a day, by id."""
        a = vendor_activity.c
        same = sa.and_(a.tenant_id == _V.tenant_id, a.vendor_id == _V.vendor_id)
        query = (
            sa.select(_V.vendor_id)
            .select_from(t.vendors.join(vendor_activity, same))
            .where(a.tenant_id == self._tenant, a.last_seen_on < since)
            .where(_V.tenant_id == self._tenant, _V.standing == Standing.OK.value)
        )
        rows = await self._connection.execute(_after(query, after).order_by(_V.vendor_id).limit(limit))
        return list(rows.scalars())

    def _owners(self, name: str) -> sa.Subquery:
        link, o = t.vendor_owners.c, t.owners.c
        return (
            sa.select(link.vendor_id, o.nik_hash, o.kk_hash)
            .join(t.owners, sa.and_(o.tenant_id == link.tenant_id, o.owner_id == link.owner_id))
            .where(link.tenant_id == self._tenant)
            .subquery(name)
        )


def _after(query: sa.Select[Any], after: UUID | None) -> sa.Select[Any]:
    return query if after is None else query.where(_V.vendor_id > after)

"""Lists and figures of programmes, straight from SQL.

What a programme "brought about" is counted by one rule everywhere: a milestone reached on or after the day a business
first attended one of its sessions. A business that attended two programmes counts for both, and once for an organiser
and in all; what a merged record attended counts for the one it lives on in. The figures say what followed, not why.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters import tables as t
from vendor_service.adapters.programmes.store import lives_on, session_join
from vendor_service.adapters.programmes.tables import (
    programme_results,
    programme_sessions,
    programmes,
    session_participants,
)
from vendor_service.application.programmes.ports import ProgrammeFilter
from vendor_service.domain.programmes.participation import Participation

FOLLOWED = ("account", "verified", "published", "first_sale")
"""The milestones that a programme may lead to."""

_P, _S, _A, _R, _V = (
    programmes.c,
    programme_sessions.c,
    session_participants.c,
    programme_results.c,
    t.vendors.c,
)
# One business per line and level: a programme, an organiser, everything.
_OUTCOMES = """
    WITH attended AS (
        SELECT p.organiser_kind, p.organiser_name, p.programme_id, a.vendor_id, min(a.held_on) AS since,
               max(p.name) AS name, max(p.target_count) AS target_count, max(p.starts_on) AS starts_on,
               max(p.ends_on) AS ends_on
        FROM programmes p
        LEFT JOIN (
            SELECT s.programme_id, s.held_on, coalesce(m.merged_into, m.vendor_id) AS vendor_id
            FROM programme_sessions s
            JOIN session_participants c ON c.tenant_id = s.tenant_id AND c.session_id = s.session_id
            JOIN vendors m ON m.tenant_id = c.tenant_id AND m.vendor_id = c.vendor_id
            WHERE s.tenant_id = :tenant AND c.status = 'attended'
        ) a ON a.programme_id = p.programme_id
        WHERE p.tenant_id = :tenant {narrowed}
        GROUP BY GROUPING SETS (
            (p.organiser_kind, p.organiser_name, p.programme_id, a.vendor_id),
            (p.organiser_kind, p.organiser_name, a.vendor_id),
            (a.vendor_id)
        )
    )
    SELECT attended.organiser_kind, attended.organiser_name, attended.programme_id, max(attended.name) AS name,
           max(target_count) AS target_count, max(starts_on) AS starts_on, max(ends_on) AS ends_on,
           count(attended.vendor_id) AS attended, {followed}
    FROM attended LEFT JOIN vendors v ON v.tenant_id = :tenant AND v.vendor_id = attended.vendor_id
    GROUP BY attended.organiser_kind, attended.organiser_name, attended.programme_id
    ORDER BY attended.organiser_kind, attended.organiser_name, max(starts_on) DESC, attended.programme_id
"""


def _followed(name: str) -> str:
    after = f"FILTER (WHERE v.{name}_on >= since)"
    days = f"percentile_disc(0.5) WITHIN GROUP (ORDER BY v.{name}_on - since) {after}"
    return f"count(*) {after} AS {name}, {days} AS {name}_days"


class SqlProgrammeReads:
    """Lists and figures of one region's programmes within one transaction."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId) -> None:
        self._connection = connection
        self._tenant = tenant

    async def programmes(self, wanted: ProgrammeFilter, after: UUID | None, limit: int) -> list[dict[str, Any]]:
        """Return programmes with the number of their sessions, newest first."""
        sessions = (
            sa.select(sa.func.count())
            .where(_S.tenant_id == self._tenant, _S.programme_id == _P.programme_id, ~_S.cancelled)
            .scalar_subquery()
        )
        query = sa.select(programmes, sessions.label("session_count")).where(_P.tenant_id == self._tenant)
        for column, value in ((_P.kind, wanted.kind), (_P.organiser_kind, wanted.organiser_kind)):
            if value is not None:
                query = query.where(column == value)
        if wanted.since is not None:
            query = query.where(_P.ends_on >= wanted.since)
        if wanted.until is not None:
            query = query.where(_P.starts_on <= wanted.until)
        if after is not None:
            query = query.where(_P.programme_id < after)
        query = query.order_by(_P.programme_id.desc()).limit(limit)
        return [_line(row) for row in (await self._connection.execute(query)).mappings()]

    async def sessions(self, programme_id: UUID) -> list[dict[str, Any]]:
        """Return the sessions of a programme with counts of invited, confirmed, attended and absent, in sequence."""
        counts = [
            sa.func.count().filter(_A.status == state.value).label(f"{state.value}_count") for state in Participation
        ]
        query = (
            sa.select(programme_sessions, *counts)
            .select_from(programme_sessions.outerjoin(session_participants, session_join()))
            .where(_S.tenant_id == self._tenant, _S.programme_id == programme_id)
            .group_by(*programme_sessions.primary_key.columns)
            .order_by(_S.held_on, _S.session_id)
        )
        return [_line(row) for row in (await self._connection.execute(query)).mappings()]

    async def participants(
        self, session_id: UUID, status: str | None, after: UUID | None, limit: int
    ) -> list[dict[str, Any]]:
        """Return the businesses of a session with their names."""
        query = (
            sa.select(_A.vendor_id, _V.name, _V.district_code, _A.status, _A.invited_at, _A.changed_at, _V.trained_on)
            .join(t.vendors, _vendor_of(session_participants))
            .where(_A.tenant_id == self._tenant, _A.session_id == session_id)
        )
        if status is not None:
            query = query.where(_A.status == status)
        return await self._page(query, _A.vendor_id, after, limit)

    async def results(self, programme_id: UUID, after: UUID | None, limit: int) -> list[dict[str, Any]]:
        """Return the businesses that attended a programme, with their results."""
        columns = (_R.passed, _R.score, _R.certificate_number, _R.note)
        query = (
            sa.select(
                _A.vendor_id,
                _V.name,
                sa.func.count().label("sessions_attended"),
                *columns,
                _R.changed_at.label("recorded_at"),
            )
            .select_from(
                session_participants.join(programme_sessions, session_join())
                .join(t.vendors, _vendor_of(session_participants))
                .outerjoin(
                    programme_results,
                    sa.and_(
                        _R.tenant_id == _A.tenant_id,
                        _R.programme_id == _S.programme_id,
                        _R.vendor_id == _A.vendor_id,
                    ),
                )
            )
            .where(_A.tenant_id == self._tenant, _S.programme_id == programme_id)
            .where(_A.status == Participation.ATTENDED.value)
            .group_by(_A.vendor_id, _V.name, *columns, _R.changed_at)
        )
        return await self._page(query, _A.vendor_id, after, limit)

    async def trainings_of(self, vendor_id: UUID) -> list[dict[str, Any]]:
        """Return every session a business was invited to or attended, and attendances elsewhere, newest first."""
        inside = (
            sa.select(
                _S.held_on,
                _S.session_id,
                _P.programme_id,
                _P.name.label("programme"),
                _P.organiser_name.label("organiser"),
                *(
                    _S.topic,
                    _S.place,
                    _S.starts_at,
                    _S.cancelled,
                    _A.status,
                    _R.passed,
                    _R.score,
                    _R.certificate_number,
                ),
            )
            .select_from(
                session_participants.join(programme_sessions, session_join())
                .join(programmes, sa.and_(_P.tenant_id == _S.tenant_id, _P.programme_id == _S.programme_id))
                .outerjoin(
                    programme_results,
                    sa.and_(
                        _R.tenant_id == _A.tenant_id,
                        _R.programme_id == _S.programme_id,
                        _R.vendor_id == _A.vendor_id,
                    ),
                )
            )
            .where(_A.tenant_id == self._tenant, _A.vendor_id.in_(self._records_of(vendor_id)))
        )
        found = [_line(row) for row in (await self._connection.execute(inside)).mappings()]
        elsewhere = t.vendor_trainings.c
        query = sa.select(elsewhere.held_on, elsewhere.session.label("topic"))
        query = query.where(elsewhere.tenant_id == self._tenant)
        query = query.where(elsewhere.vendor_id.in_(self._records_of(vendor_id)))
        for row in (await self._connection.execute(query)).mappings():
            found.append({**_line(row), "status": Participation.ATTENDED.value})
        return sorted(found, key=lambda one: (one["held_on"], one["topic"]), reverse=True)

    async def outcomes(self, wanted: ProgrammeFilter) -> list[dict[str, Any]]:
        """Return what followed attendance, per programme, per organiser and in all, by one statement."""
        conditions: Mapping[str, tuple[str, Any]] = {
            "kind": ("p.kind = :kind", wanted.kind),
            "organiser_kind": ("p.organiser_kind = :organiser_kind", wanted.organiser_kind),
            "since": ("p.ends_on >= :since", wanted.since),
            "until": ("p.starts_on <= :until", wanted.until),
        }
        given = {name: value for name, (_, value) in conditions.items() if value is not None}
        narrowed = "".join(f" AND {conditions[name][0]}" for name in given)
        sql = _OUTCOMES.format(narrowed=narrowed, followed=", ".join(map(_followed, FOLLOWED)))
        rows = await self._connection.execute(sa.text(sql), {"tenant": self._tenant, **given})
        return [_line(row) for row in rows.mappings()]

    async def outcome_vendors(
        self, programme_id: UUID, milestone: str, after: UUID | None, limit: int
    ) -> list[dict[str, Any]]:
        """Return the businesses that reached a milestone on or after the day they first attended a programme."""
        record = t.vendors.alias("record")
        since = (
            sa.select(lives_on(record).label("vendor_id"), sa.func.min(_S.held_on).label("since"))
            .select_from(
                session_participants.join(programme_sessions, session_join()).join(
                    record, sa.and_(record.c.tenant_id == _A.tenant_id, record.c.vendor_id == _A.vendor_id)
                )
            )
            .where(_A.tenant_id == self._tenant, _S.programme_id == programme_id)
            .where(_A.status == Participation.ATTENDED.value)
            .group_by(lives_on(record))
            .subquery("attended")
        )
        reached = _V[f"{milestone}_on"]
        query = (
            sa.select(_V.vendor_id, _V.name, _V.district_code, since.c.since, reached.label("reached_on"))
            .join(since, since.c.vendor_id == _V.vendor_id)
            .where(_V.tenant_id == self._tenant, reached >= since.c.since)
        )
        return await self._page(query, _V.vendor_id, after, limit)

    def _records_of(self, vendor_id: UUID) -> sa.Select[Any]:
        """Return the records of a business: its own, and those merged into it."""
        own = sa.or_(_V.vendor_id == vendor_id, _V.merged_into == vendor_id)
        return sa.select(_V.vendor_id).where(_V.tenant_id == self._tenant, own)

    async def _page(
        self, query: sa.Select[Any], key: sa.ColumnElement[Any], after: UUID | None, limit: int
    ) -> list[dict[str, Any]]:
        if after is not None:
            query = query.where(key > after)
        return [_line(row) for row in (await self._connection.execute(query.order_by(key).limit(limit))).mappings()]


def _vendor_of(table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(_V.tenant_id == table.c.tenant_id, _V.vendor_id == table.c.vendor_id)


def _line(row: sa.RowMapping) -> dict[str, Any]:
    # The driver's UUIDs and SQLAlchemy's names are types of their own, which JSON does not take.
    return {str(name): str(value) if isinstance(value, UUID) else value for name, value in row.items()}

"""Programmes, sessions and who takes part, within one transaction. Lists of any length are one statement."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters import rows
from vendor_service.adapters import tables as t
from vendor_service.adapters.programmes.tables import (
    programme_results,
    programme_sessions,
    programmes,
    session_participants,
)
from vendor_service.application.programmes.ports import InviteFilter
from vendor_service.domain.names import name_key
from vendor_service.domain.programmes.errors import ProgrammeNotFound, SessionNotFound
from vendor_service.domain.programmes.participation import Known, Participation
from vendor_service.domain.programmes.programme import Organiser, OrganiserKind, Programme, ProgrammeKind, Session
from vendor_service.domain.programmes.result import Result
from vendor_service.domain.standing import Standing
from vendor_service.domain.vendor import Moment

_SESSION_FIELDS = ("session_id", "programme_id", "held_on", "place", "topic", "trainer", "capacity", "starts_at",
                   "cancelled", "version")  # fmt: skip
_PUT = sa.text(
    """
    INSERT INTO session_participants (tenant_id, session_id, vendor_id, status, invited_at, changed_by, changed_at)
    SELECT :tenant, :session, line.vendor_id, line.status, :invited_at, :changed_by, :now
    FROM unnest(:vendors, :states) AS line (vendor_id, status)
    ON CONFLICT (tenant_id, session_id, vendor_id) DO UPDATE
        SET status = excluded.status, changed_by = excluded.changed_by, changed_at = excluded.changed_at
        WHERE session_participants.status <> 'attended' AND excluded.status <> 'invited'
    """
).bindparams(
    sa.bindparam("session", type_=sa.Uuid),
    sa.bindparam("vendors", type_=ARRAY(sa.Uuid)),
    sa.bindparam("states", type_=ARRAY(sa.Text)),
    sa.bindparam("invited_at", type_=sa.DateTime(timezone=True)),
    sa.bindparam("changed_by", type_=JSONB),
    sa.bindparam("now", type_=sa.DateTime(timezone=True)),
)


class SqlProgrammes:
    """The programmes of one region within one transaction."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId) -> None:
        self._connection = connection
        self._tenant = tenant

    async def get(self, programme_id: UUID, *, lock: bool = False) -> Programme:
        """Return a programme; refuses with PROGRAMME_NOT_FOUND."""
        p = programmes
        query = sa.select(p).where(p.c.tenant_id == self._tenant, p.c.programme_id == programme_id)
        row = (await self._connection.execute(query.with_for_update() if lock else query)).mappings().first()
        if row is None:
            raise ProgrammeNotFound
        return _programme(row)

    async def save(self, programme: Programme, moment: Moment) -> None:
        """Store a new programme, or the next version of one read under lock."""
        organiser = programme.organiser
        values = {
            "programme_id": programme.programme_id,
            "version": programme.version,
            "name": programme.name,
            "kind": programme.kind.value,
            "organiser_kind": organiser.kind.value,
            "organiser_name": organiser.name,
            "organiser_unit_id": organiser.unit_id,
            "starts_on": programme.starts_on,
            "ends_on": programme.ends_on,
            "target_count": programme.target_count,
            "district_codes": list(programme.district_codes),
            "note": programme.note,
        }
        await rows.upsert(
            self._connection, programmes, [self._stamped(values, moment)], keys=("tenant_id", "programme_id")
        )

    async def session(self, programme_id: UUID, session_id: UUID, *, lock: bool = False) -> Session:
        """Return a session of a programme; refuses with SESSION_NOT_FOUND."""
        s = programme_sessions
        query = sa.select(s).where(s.c.tenant_id == self._tenant, s.c.session_id == session_id)
        query = query.where(s.c.programme_id == programme_id)
        row = (await self._connection.execute(query.with_for_update() if lock else query)).mappings().first()
        if row is None:
            raise SessionNotFound
        return Session(**{name: row[name] for name in _SESSION_FIELDS})

    async def save_session(self, session: Session, moment: Moment) -> None:
        """Store a new session, or the next version of one read under lock."""
        values = {name: getattr(session, name) for name in _SESSION_FIELDS}
        await rows.upsert(
            self._connection, programme_sessions, [self._stamped(values, moment)], keys=("tenant_id", "session_id")
        )

    async def sessions_outside(self, programme: Programme) -> int:
        """Return how many sessions that take place lie outside the period of the programme."""
        s = programme_sessions.c
        query = sa.select(sa.func.count()).where(
            s.tenant_id == self._tenant,
            s.programme_id == programme.programme_id,
            ~s.cancelled,
            ~s.held_on.between(programme.starts_on, programme.ends_on),
        )
        return int(await self._connection.scalar(query) or 0)

    async def invite(self, session: Session, vendor_ids: Sequence[UUID], moment: Moment) -> int:
        """Invite businesses by id; says how many were not invited yet."""
        if not vendor_ids:
            return 0
        states = dict.fromkeys(vendor_ids, Participation.INVITED)
        return await self._put(session, states, moment, invited=True)

    async def fitting(self, wanted: InviteFilter, limit: int) -> list[UUID]:
        """Return the businesses that a filter fits, at most so many."""
        v = t.vendors.c
        query = sa.select(v.vendor_id).where(v.tenant_id == self._tenant, v.standing == Standing.OK.value)
        if wanted.district_codes:
            query = query.where(v.district_code.in_(wanted.district_codes))
        if wanted.reached is not None:
            query = query.where(v[f"{wanted.reached}_on"].is_not(None))
        if wanted.lacking is not None:
            query = query.where(v[f"{wanted.lacking}_on"].is_(None))
        if wanted.text is not None:
            # The text index is on the table without a policy; under one PostgreSQL would not use it.
            p, key = t.public_vendors.c, name_key(wanted.text)[:100]
            like = sa.or_(p.search_text.contains(key, autoescape=True), sa.literal(key).op("<%")(p.search_text))
            query = query.where(v.vendor_id.in_(sa.select(p.vendor_id).where(p.tenant_id == self._tenant, like)))
        return list((await self._connection.execute(query.order_by(v.vendor_id).limit(limit))).scalars())

    async def known(self, vendor_ids: Sequence[UUID]) -> dict[UUID, Known]:
        """Return what decides about attendances of businesses; unknown ones are left out."""
        v = t.vendors.c
        query = sa.select(v.vendor_id, v.trained_on, v.merged_into)
        query = query.where(v.tenant_id == self._tenant, v.vendor_id == _any(vendor_ids))
        return {
            row.vendor_id: Known(row.trained_on is not None, row.merged_into)
            for row in await self._connection.execute(query)
        }

    async def participation(self, session_id: UUID, vendor_ids: Sequence[UUID]) -> dict[UUID, Participation]:
        """Return how businesses stand with a session; those with no word on them are left out."""
        a = session_participants.c
        query = sa.select(a.vendor_id, a.status).where(
            a.tenant_id == self._tenant, a.session_id == session_id, a.vendor_id == _any(vendor_ids)
        )
        return {row.vendor_id: Participation(row.status) for row in await self._connection.execute(query)}

    async def count(self, session_id: UUID, states: Sequence[Participation]) -> int:
        """Return how many businesses stand so with a session."""
        a = session_participants.c
        query = sa.select(sa.func.count()).where(
            a.tenant_id == self._tenant, a.session_id == session_id, a.status.in_(list(states))
        )
        return int(await self._connection.scalar(query) or 0)

    async def put(self, session: Session, states: Mapping[UUID, Participation], moment: Moment) -> None:
        """Store how businesses stand with a session; an attendance that is there stays."""
        if states:
            await self._put(session, states, moment, invited=False)

    async def _put(
        self, session: Session, states: Mapping[UUID, Participation], moment: Moment, *, invited: bool
    ) -> int:
        ids = sorted(states)
        result = await self._connection.execute(
            _PUT,
            {
                "tenant": self._tenant,
                "session": session.session_id,
                "vendors": ids,
                "states": [states[one].value for one in ids],
                "invited_at": moment.now if invited else None,
                "changed_by": rows.actor_document(moment.actor),
                "now": moment.now,
            },
        )
        return result.rowcount

    async def attended_any(self, programme_id: UUID, vendor_ids: Sequence[UUID]) -> frozenset[UUID]:
        """Return which of the businesses attended any session of a programme."""
        a, s = session_participants.c, programme_sessions.c
        query = (
            sa.select(a.vendor_id)
            .distinct()
            .select_from(session_participants.join(programme_sessions, session_join()))
            .where(a.tenant_id == self._tenant, s.programme_id == programme_id)
            .where(a.status == Participation.ATTENDED.value, a.vendor_id == _any(vendor_ids))
        )
        return frozenset((await self._connection.execute(query)).scalars())

    async def put_results(self, programme_id: UUID, results: Sequence[Result], moment: Moment) -> None:
        """Store results; the last one of a business counts."""
        found = [
            self._stamped(
                {
                    "programme_id": programme_id,
                    "vendor_id": one.vendor_id,
                    "passed": one.passed,
                    "score": one.score,
                    "certificate_number": one.certificate_number,
                    "note": one.note,
                },
                moment,
            )
            for one in results
        ]
        if found:
            insert = postgresql.insert(programme_results).values(found)
            keys = ("tenant_id", "programme_id", "vendor_id")
            changed = {name: insert.excluded[name] for name in found[0] if name not in keys}
            await self._connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=changed))

    async def erase_remarks(self, vendor_id: UUID) -> int:
        """Empty the remarks on a business, since its person asked for erasure; say how many there were."""
        r = programme_results
        statement = sa.update(r).where(r.c.tenant_id == self._tenant, r.c.vendor_id == vendor_id, r.c.note != "")
        return (await self._connection.execute(statement.values(note=""))).rowcount

    def _stamped(self, values: dict[str, Any], moment: Moment) -> dict[str, Any]:
        stamp = {"changed_by": rows.actor_document(moment.actor), "changed_at": moment.now}
        return {"tenant_id": self._tenant, **values, **stamp}


def lives_on(vendor: sa.FromClause) -> sa.ColumnElement[Any]:
    """Return the record in which a business lives on: itself, or the one it was merged into."""
    return sa.func.coalesce(vendor.c.merged_into, vendor.c.vendor_id)


def session_join() -> sa.ColumnElement[bool]:
    """Return how participants hang on their session."""
    a, s = session_participants.c, programme_sessions.c
    return sa.and_(s.tenant_id == a.tenant_id, s.session_id == a.session_id)


def _any(ids: Sequence[UUID]) -> Any:
    return sa.any_(sa.literal(list(ids), ARRAY(sa.Uuid)))


def _programme(row: sa.RowMapping) -> Programme:
    organiser = Organiser(OrganiserKind(row["organiser_kind"]), row["organiser_name"], row["organiser_unit_id"])
    return Programme(
        programme_id=row["programme_id"],
        name=row["name"],
        kind=ProgrammeKind(row["kind"]),
        organiser=organiser,
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        target_count=row["target_count"],
        district_codes=tuple(row["district_codes"]),
        note=row["note"],
        version=row["version"],
    )

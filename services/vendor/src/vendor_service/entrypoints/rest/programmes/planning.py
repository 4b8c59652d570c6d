"""Enter, change and list programmes and their sessions."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from bela_kit.core.ids import new_id
from bela_kit.rest import TenantContext, check_if_match, documented, etag_of, idempotent, in_tenant
from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from vendor_service.application.programmes.manage import (
    SessionFacts,
    add_programme,
    add_session,
    cancel_session,
    change_programme,
    change_session,
)
from vendor_service.application.programmes.ports import ProgrammeFilter
from vendor_service.domain.programmes.participation import Participation
from vendor_service.domain.programmes.programme import Organiser, Programme, Session
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest.edge import PageSize, PageToken, after_id, moment, page
from vendor_service.entrypoints.rest.programmes import examples
from vendor_service.entrypoints.rest.programmes.schemas import ChangeProgrammeBody, ProgrammeBody, SessionBody
from vendor_service.entrypoints.rest.programmes.shared import (
    MANAGERS,
    PROGRAMME,
    PROGRAMMES,
    SEE_FIGURES,
    SESSION,
    SESSIONS,
    KindQuery,
    OrganiserQuery,
    checked_filter,
    programme_line,
    programme_view,
    session_view,
)

_Answer = tuple[int, Any, str | None]


def add(routes: APIRouter, container: Container) -> None:
    """Add the operations that plan."""
    _add_entering(routes, container)
    _add_reading(routes, container)
    _add_sessions(routes, container)
    _add_session_changes(routes, container)


def _add_entering(routes: APIRouter, container: Container) -> None:
    @routes.post(
        PROGRAMMES,
        **documented(
            roles=MANAGERS,
            reasons=("PROGRAMME_INVALID",),
            example=examples.PROGRAMME,
            request_example=examples.ENTER,
            status=201,
        ),
    )
    async def enter_programme(ctx: TenantContext, body: ProgrammeBody) -> Response:
        """Enter a training or mentoring programme of any OPD or partner organisation."""
        now = moment(ctx, ctx.require(*MANAGERS))
        programme = Programme(
            programme_id=new_id(),
            name=body.name,
            kind=body.kind,
            organiser=Organiser(body.organiser.kind, body.organiser.name, body.organiser.unit_id),
            starts_on=body.starts_on,
            ends_on=body.ends_on,
            target_count=body.target_count,
            district_codes=tuple(dict.fromkeys(body.district_codes)),
            note=body.note,
        )

        async def effect(connection: AsyncConnection) -> _Answer:
            made = await add_programme(programme, now, uow=container.uow(connection, ctx.tenant))
            return 201, programme_view(made), etag_of(made.version)

        return await idempotent(ctx, container.db, "enter_programme", effect, required=False)

    @routes.patch(
        PROGRAMME,
        **documented(
            roles=MANAGERS,
            reasons=("PROGRAMME_NOT_FOUND", "PROGRAMME_INVALID", "IF_MATCH_REQUIRED", "ETAG_MISMATCH"),
            example={**examples.PROGRAMME, "target_count": 350, "version": 2},
            request_example={"target_count": 350},
        ),
    )
    async def change_programme_fields(ctx: TenantContext, programme_id: UUID, body: ChangeProgrammeBody) -> Response:
        """Change a programme; its kind and organiser stay, since figures are told by them."""
        now = moment(ctx, ctx.require(*MANAGERS))
        given = {name: getattr(body, name) for name in body.model_fields_set if getattr(body, name) is not None}
        if "district_codes" in given:
            given["district_codes"] = tuple(dict.fromkeys(given["district_codes"]))

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            old = await uow.programmes.get(programme_id, lock=True)
            check_if_match(ctx, old.version)
            changed = await change_programme(old, replace(old, **given), now, uow=uow)
            return 200, programme_view(changed), etag_of(changed.version)

        return await in_tenant(ctx, container.db, effect)


def _add_reading(routes: APIRouter, container: Container) -> None:
    @routes.get(
        PROGRAMMES,
        **documented(
            roles=SEE_FIGURES,
            reasons=("FILTER_INVALID",),
            example={"programmes": [examples.PROGRAMME_LINE], "next_page_token": None},
        ),
    )
    async def list_programmes(
        ctx: TenantContext,
        kind: KindQuery = None,
        organiser_kind: OrganiserQuery = None,
        since: Annotated[date | None, Query(description="Still running on this day.")] = None,
        until: Annotated[date | None, Query(description="Begun by this day.")] = None,
        page_size: PageSize = 50,
        page_token: PageToken = None,
    ) -> Response:
        """List programmes, newest first."""
        ctx.require(*SEE_FIGURES)
        wanted = checked_filter(ProgrammeFilter(kind, organiser_kind, since, until))

        async def effect(connection: AsyncConnection) -> _Answer:
            reads = container.uow(connection, ctx.tenant).programme_reads
            rows = await reads.programmes(wanted, after_id(page_token), page_size + 1)
            found = [programme_line(row) for row in rows]
            return 200, page("programmes", found, page_size, lambda one: one["programme_id"]), None

        return await in_tenant(ctx, container.db, effect)

    @routes.get(
        PROGRAMME, **documented(roles=SEE_FIGURES, reasons=("PROGRAMME_NOT_FOUND",), example=examples.PROGRAMME)
    )
    async def get_programme(ctx: TenantContext, programme_id: UUID) -> Response:
        """Show a programme."""
        ctx.require(*SEE_FIGURES)

        async def effect(connection: AsyncConnection) -> _Answer:
            found = await container.uow(connection, ctx.tenant).programmes.get(programme_id)
            return 200, programme_view(found), etag_of(found.version)

        return await in_tenant(ctx, container.db, effect)


def _add_sessions(routes: APIRouter, container: Container) -> None:
    @routes.post(
        SESSIONS,
        **documented(
            roles=MANAGERS,
            reasons=("PROGRAMME_NOT_FOUND", "PROGRAMME_INVALID"),
            example=examples.SESSION,
            request_example=examples.ENTER_SESSION,
            status=201,
        ),
    )
    async def enter_session(ctx: TenantContext, programme_id: UUID, body: SessionBody) -> Response:
        """Enter a session; a past day is taken, since lists on paper are entered afterwards."""
        now = moment(ctx, ctx.require(*MANAGERS))

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            made = await add_session(programme_id, new_id(), _facts(body), now, uow=uow)
            return 201, session_view(made), etag_of(made.version)

        return await idempotent(ctx, container.db, "enter_session", effect, required=False)

    @routes.get(
        SESSIONS,
        **documented(
            roles=SEE_FIGURES,
            reasons=("PROGRAMME_NOT_FOUND",),
            example={"sessions": [{**examples.SESSION, **examples.COUNTS}]},
        ),
    )
    async def list_sessions(ctx: TenantContext, programme_id: UUID) -> Response:
        """List the sessions of a programme by day, with how many were invited, confirmed and came."""
        ctx.require(*SEE_FIGURES)

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            await uow.programmes.get(programme_id)
            rows = await uow.programme_reads.sessions(programme_id)
            return 200, {"sessions": [_session_line(row) for row in rows]}, None

        return await in_tenant(ctx, container.db, effect)


def _add_session_changes(routes: APIRouter, container: Container) -> None:
    @routes.put(
        SESSION,
        **documented(
            roles=MANAGERS,
            reasons=("SESSION_NOT_FOUND", "SESSION_ATTENDED", "PROGRAMME_INVALID", "ETAG_MISMATCH"),
            example={**examples.SESSION, "version": 2},
            request_example=examples.ENTER_SESSION,
        ),
    )
    async def change_session_facts(
        ctx: TenantContext, programme_id: UUID, session_id: UUID, body: SessionBody
    ) -> Response:
        """Change a session; its day stays once attendance was recorded."""
        now = moment(ctx, ctx.require(*MANAGERS))

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            old = await uow.programmes.session(programme_id, session_id, lock=True)
            check_if_match(ctx, old.version)
            changed = await change_session(old, _facts(body), now, uow=uow)
            return 200, session_view(changed), etag_of(changed.version)

        return await in_tenant(ctx, container.db, effect)

    @routes.post(
        f"{SESSION}:cancel",
        **documented(
            roles=MANAGERS,
            reasons=("SESSION_NOT_FOUND", "SESSION_ATTENDED"),
            example={**examples.SESSION, "cancelled": True, "version": 2},
        ),
    )
    async def cancel_planned_session(ctx: TenantContext, programme_id: UUID, session_id: UUID) -> Response:
        """Call a session off; what somebody attended cannot be."""
        now = moment(ctx, ctx.require(*MANAGERS))

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            session = await cancel_session(programme_id, session_id, now, uow=uow)
            return 200, session_view(session), etag_of(session.version)

        return await idempotent(ctx, container.db, "cancel_session", effect, required=False)


def _facts(body: SessionBody) -> SessionFacts:
    return SessionFacts(body.held_on, body.place, body.topic, body.trainer, body.capacity, body.starts_at)


def _session_line(row: dict[str, Any]) -> dict[str, Any]:
    counts = {f"{state.value}_count": row[f"{state.value}_count"] for state in Participation}
    names = ("session_id", "programme_id", "held_on", "place", "topic", "trainer", "capacity", "starts_at", "cancelled")
    session = Session(**{name: row[name] for name in names}, version=row["version"])
    return {**session_view(session), **counts}

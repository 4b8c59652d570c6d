"""Invite, answer, record who came and what they took home."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any
from uuid import UUID

from bela_kit.rest import RequestContext, TenantContext, documented, idempotent, in_tenant
from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from vendor_service.application.programmes.attend import (
    answer_invitation,
    invite_fitting,
    invite_listed,
    record_attendance,
)
from vendor_service.application.programmes.ports import InviteFilter
from vendor_service.application.programmes.results import record_results
from vendor_service.domain.errors import FilterInvalid
from vendor_service.domain.fields import values_of
from vendor_service.domain.programmes.errors import ProgrammeInvalid
from vendor_service.domain.programmes.participation import Mark, Participation
from vendor_service.domain.programmes.result import Result
from vendor_service.domain.roles import SELLER_ROLES
from vendor_service.domain.vendor import Moment
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest.agents import OnBehalf, acting, allowed
from vendor_service.entrypoints.rest.edge import PageSize, PageToken, after_id, moment, page
from vendor_service.entrypoints.rest.examples import VENDOR_ID
from vendor_service.entrypoints.rest.programmes import examples
from vendor_service.entrypoints.rest.programmes.schemas import AnswerBody, AttendanceBody, InviteBody, ResultsBody
from vendor_service.entrypoints.rest.programmes.shared import (
    MANAGERS,
    PROGRAMME,
    SEE_BUSINESSES,
    SESSION,
    named_twice,
)

_Answer = tuple[int, Any, str | None]
_ANSWERING = tuple(sorted(SELLER_ROLES))


def add(routes: APIRouter, container: Container) -> None:
    """Add the operations on who takes part."""
    _add_inviting(routes, container)
    _add_attendance(routes, container)
    _add_results(routes, container)
    _add_lists(routes, container)


def _add_inviting(routes: APIRouter, container: Container) -> None:
    @routes.post(
        f"{SESSION}:invite",
        **documented(
            roles=MANAGERS,
            reasons=("SESSION_NOT_FOUND", "SESSION_OVER", "SESSION_CANCELLED", "TOO_MANY_INVITED"),
            example=examples.INVITED,
            request_example=examples.INVITE,
        ),
    )
    async def invite_businesses(ctx: TenantContext, programme_id: UUID, session_id: UUID, body: InviteBody) -> Response:
        """Invite businesses by id or by kecamatan, milestone and product; inviting again changes nothing."""
        now = moment(ctx, ctx.require(*MANAGERS))

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            if body.filter is not None:
                given = body.filter
                wanted = InviteFilter(tuple(given.district_codes), given.reached, given.lacking, given.q)
                done = await invite_fitting(programme_id, session_id, wanted, now, uow=uow)
            else:
                done = await invite_listed(programme_id, session_id, body.vendor_ids or [], now, uow=uow)
            return 200, values_of(done), None

        return await idempotent(ctx, container.db, "invite", effect, required=False)

    @routes.post(
        f"{SESSION}:answer",
        **documented(
            roles=(*MANAGERS, *_ANSWERING),
            reasons=(
                "INVITATION_NOT_FOUND",
                "SESSION_FULL",
                "SESSION_OVER",
                "SESSION_CANCELLED",
                "AGENT_CONSENT_MISSING",
            ),
            example={"vendor_id": VENDOR_ID, "status": "confirmed"},
            request_example={"vendor_id": VENDOR_ID, "answer": "confirmed"},
        ),
    )
    async def answer_session(
        ctx: TenantContext, programme_id: UUID, session_id: UUID, body: AnswerBody, on_behalf: OnBehalf = False
    ) -> Response:
        """Confirm or decline an invitation: the seller, an agent with their consent, or an officer who was told so."""
        now = _answering(ctx, body.vendor_id, on_behalf)

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            confirms = body.answer == "confirmed"
            by = await allowed(now, body.vendor_id, on_behalf, uow)
            status = await answer_invitation(programme_id, session_id, body.vendor_id, confirms, by, uow=uow)
            return 200, {"vendor_id": str(body.vendor_id), "status": status.value}, None

        return await idempotent(ctx, container.db, "answer_session", effect, required=False)


def _add_attendance(routes: APIRouter, container: Container) -> None:
    @routes.post(
        f"{SESSION}:record_attendance",
        **documented(
            roles=MANAGERS,
            reasons=("PROGRAMME_NOT_FOUND", "SESSION_NOT_FOUND", "SESSION_NOT_HELD_YET", "SESSION_CANCELLED"),
            example=examples.MARKS,
            request_example=examples.ATTENDANCE,
        ),
    )
    async def record_session_attendance(
        ctx: TenantContext, programme_id: UUID, session_id: UUID, body: AttendanceBody
    ) -> Response:
        """Record who came, one business or up to 500; the same list again changes nothing.

        The first attendance of a business sets its milestone `trained`, also after later milestones.
        """
        now = moment(ctx, ctx.require(*MANAGERS))
        _once("attendances", [line.vendor_id for line in body.attendances])
        seen = {line.vendor_id: Participation(line.status) for line in body.attendances}

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            return 200, _verdicts(await record_attendance(programme_id, session_id, seen, now, uow=uow)), None

        return await idempotent(ctx, container.db, "record_attendance", effect, required=False)


def _add_results(routes: APIRouter, container: Container) -> None:
    @routes.post(
        f"{PROGRAMME}:record_results",
        **documented(
            roles=MANAGERS,
            reasons=("PROGRAMME_NOT_FOUND",),
            example=examples.MARKS,
            request_example=examples.RESULTS,
        ),
    )
    async def record_programme_results(ctx: TenantContext, programme_id: UUID, body: ResultsBody) -> Response:
        """Record results of those who attended, up to 500; the last result of a business counts."""
        now = moment(ctx, ctx.require(*MANAGERS))
        _once("results", [line.vendor_id for line in body.results])
        results = [
            Result(line.vendor_id, line.passed, line.score, line.certificate_number, line.note) for line in body.results
        ]

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            return 200, _verdicts(await record_results(programme_id, results, now, uow=uow)), None

        return await idempotent(ctx, container.db, "record_results", effect, required=False)


def _add_lists(routes: APIRouter, container: Container) -> None:
    @routes.get(
        f"{SESSION}/participants",
        **documented(
            roles=SEE_BUSINESSES,
            reasons=("SESSION_NOT_FOUND", "FILTER_INVALID"),
            example={"participants": [examples.PARTICIPANT], "next_page_token": None},
        ),
    )
    async def list_participants(
        ctx: TenantContext,
        programme_id: UUID,
        session_id: UUID,
        status: Annotated[str | None, Query(max_length=20, description="invited, confirmed, declined …")] = None,
        page_size: PageSize = 50,
        page_token: PageToken = None,
    ) -> Response:
        """List who was invited to a session and who came."""
        ctx.require(*SEE_BUSINESSES)
        if status is not None and status not in set(Participation):
            raise FilterInvalid("status")

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            await uow.programmes.session(programme_id, session_id)
            found = await uow.programme_reads.participants(session_id, status, after_id(page_token), page_size + 1)
            return 200, page("participants", found, page_size, lambda one: str(one["vendor_id"])), None

        return await in_tenant(ctx, container.db, effect)

    @routes.get(
        f"{PROGRAMME}/results",
        **documented(
            roles=SEE_BUSINESSES,
            reasons=("PROGRAMME_NOT_FOUND",),
            example={"results": [examples.RESULT_LINE], "next_page_token": None},
        ),
    )
    async def list_results(
        ctx: TenantContext, programme_id: UUID, page_size: PageSize = 50, page_token: PageToken = None
    ) -> Response:
        """List who attended a programme, with results; empty where none was recorded yet."""
        ctx.require(*SEE_BUSINESSES)

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            await uow.programmes.get(programme_id)
            found = await uow.programme_reads.results(programme_id, after_id(page_token), page_size + 1)
            return 200, page("results", found, page_size, lambda one: str(one["vendor_id"])), None

        return await in_tenant(ctx, container.db, effect)


def _answering(ctx: RequestContext, vendor_id: UUID, on_behalf: bool) -> Moment:
    if on_behalf:
        return acting(ctx, vendor_id, on_behalf)
    if any(grant.role in MANAGERS for grant in ctx.grants):
        return moment(ctx, ctx.require(*MANAGERS))
    return moment(ctx, ctx.require(*_ANSWERING, scope=str(vendor_id)))


def _once(collection: str, ids: Iterable[UUID]) -> None:
    """Refuse a list that names a business twice: two lines could say different things."""
    seen: set[UUID] = set()
    faults = []
    for place, one in enumerate(ids):
        if one in seen:
            faults.append(named_twice(collection, place))
        seen.add(one)
    if faults:
        raise ProgrammeInvalid(faults)


def _verdicts(marks: Sequence[Mark]) -> dict[str, Any]:
    counts = {
        verdict: sum(mark.verdict == verdict for mark in marks) for verdict in ("recorded", "unchanged", "refused")
    }
    counts["first_trainings"] = sum(mark.first_training for mark in marks)
    told = [{**values_of(one), "merged_into": one.merged_into and str(one.merged_into)} for one in marks]
    return {"counts": counts, "verdicts": told}

"""What a seller does about their own business, alone or through somebody they let act for them."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from bela_kit.rest import RequestContext, Schema, TenantContext, documented, etag_of, idempotent, in_tenant
from fastapi import APIRouter
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from vendor_service.application.ports import UnitOfWork
from vendor_service.application.reviews.activity import pause, resume
from vendor_service.application.reviews.agents import record_consent, revoke_consent
from vendor_service.application.reviews.deciding import withdraw_review
from vendor_service.application.reviews.opening import (
    ProposeIdentity,
    RequestVerification,
    propose_identity,
    request_verification,
)
from vendor_service.application.reviews.status import status_of
from vendor_service.domain.errors import FilterInvalid
from vendor_service.domain.profile import Band
from vendor_service.domain.reviews.agent import AgentConsent
from vendor_service.domain.roles import AUDITOR, HEAD, LPSE, OFFICER
from vendor_service.domain.vendor import Moment, Vendor
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest import examples
from vendor_service.entrypoints.rest.agents import SELLERS, OnBehalf, acting, allowed
from vendor_service.entrypoints.rest.edge import OFFICERS, PREFIX, acknowledged, moment
from vendor_service.entrypoints.rest.reviews import EXAMPLE as REVIEW_EXAMPLE
from vendor_service.entrypoints.rest.reviews import review_views
from vendor_service.entrypoints.rest.schemas import Line, Number, Principal, Short

_VENDOR = f"{PREFIX}/vendors/{{vendor_id}}"
_Answer = tuple[int, Any, str | None]
Papers = Annotated[list[UUID], Field(max_length=10, default_factory=list)]
STATUS_EXAMPLE: dict[str, Any] = {
    "vendor_id": examples.VENDOR_ID,
    "standing": "ok",
    "standing_since": "2026-03-02",
    "can_receive_orders": False,
    "band": None,
    "milestones": examples.MILESTONES,
    "verified_until": None,
    "orders_end_on": None,
    "payout_ready": False,
    "payout_held_until": None,
    "bands": [
        {
            "band": "A",
            "limit_idr": 10_000_000,
            "reached": False,
            "missing": [{"field": "account_number", "message": "Rekening bank belum ada atau belum diperiksa."}],
        }
    ],
    "next_step": "COMPLETE_DATA",
    "next_sentence": "Lengkapi data di bawah, lalu ajukan verifikasi.",
    "reviews": [REVIEW_EXAMPLE],
    "notices": [],
}


class RequestVerificationBody(Schema):
    """A band that is asked for, with proofs uploaded before."""

    band: Band
    evidence_ids: Papers


class ProposeIdentityBody(Schema):
    """Another name or NIK; only what differs is looked at."""

    name: Line | None = None
    owner_name: Line | None = None
    nik: Number | None = None
    reason: Line
    evidence_ids: Papers


class AgentConsentBody(Schema):
    """Consent on paper that somebody acts for the seller."""

    agent: Principal
    consent_version: Short
    evidence_id: UUID
    ends_on: date | None = None


class RevokeConsentBody(Schema):
    """Whose consent ends."""

    agent: Principal


def router(container: Container) -> APIRouter:
    """Return the operations of sellers."""
    routes = APIRouter(tags=["selling"])
    _add_requests(routes, container)
    _add_pauses(routes, container)
    _add_consents(routes, container)
    _add_status(routes, container)
    return routes


def _add_requests(routes: APIRouter, container: Container) -> None:
    @routes.post(
        f"{_VENDOR}:request_verification",
        **documented(
            roles=(*SELLERS, *OFFICERS),
            reasons=("DATA_MISSING", "VENDOR_NOT_OK", "EVIDENCE_UNKNOWN", "AGENT_CONSENT_MISSING"),
            example=REVIEW_EXAMPLE,
            request_example={"band": "A", "evidence_ids": []},
        ),
    )
    async def request_a_verification(
        ctx: TenantContext, vendor_id: UUID, body: RequestVerificationBody, on_behalf: OnBehalf = False
    ) -> Response:
        """Ask for a band; asking again while it waits gives the same review, after a refusal a new one at once."""
        now = acting(ctx, vendor_id, on_behalf)
        view_of = review_views(container, ctx.tenant)

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            by = await allowed(now, vendor_id, on_behalf, uow)
            command = RequestVerification(vendor_id, body.band, tuple(body.evidence_ids), by)
            return 200, view_of(await request_verification(command, uow=uow)), None

        return await idempotent(ctx, container.db, "request_verification", effect, required=False)

    @routes.post(
        f"{_VENDOR}:propose_identity",
        **documented(
            roles=(*SELLERS, *OFFICERS),
            reasons=("NOTHING_PROPOSED", "VENDOR_NOT_OK", "EVIDENCE_UNKNOWN", "AGENT_CONSENT_MISSING"),
            example={**REVIEW_EXAMPLE, "kind": "identity", "proposed_fields": ["nik"]},
            request_example={"nik": "3510165708850001", "reason": "Salah ketik saat pendataan", "evidence_ids": []},
        ),
    )
    async def propose_an_identity(
        ctx: TenantContext, vendor_id: UUID, body: ProposeIdentityBody, on_behalf: OnBehalf = False
    ) -> Response:
        """Propose another name or NIK: new orders wait until an officer has looked; nothing changes before."""
        officer = not on_behalf and any(grant.role == OFFICER for grant in ctx.grants)
        now = moment(ctx, ctx.require(*OFFICERS)) if officer else acting(ctx, vendor_id, on_behalf)
        values = {name: getattr(body, name) for name in ("name", "owner_name", "nik")}
        view_of = review_views(container, ctx.tenant)

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            by = await allowed(now, vendor_id, on_behalf, uow)
            command = ProposeIdentity(vendor_id, values, body.reason, tuple(body.evidence_ids), by)
            return 200, view_of(await propose_identity(command, uow=uow)), None

        return await idempotent(ctx, container.db, "propose_identity", effect, required=False)

    @routes.post(
        f"{_VENDOR}/reviews/{{review_id}}:withdraw",
        **documented(
            roles=(*SELLERS, *OFFICERS),
            reasons=("REVIEW_NOT_FOUND", "REVIEW_CLOSED", "REVIEW_NEEDS_FINDING", "AGENT_CONSENT_MISSING"),
            example={**REVIEW_EXAMPLE, "state": "withdrawn"},
        ),
    )
    async def withdraw_a_request(
        ctx: TenantContext, vendor_id: UUID, review_id: UUID, on_behalf: OnBehalf = False
    ) -> Response:
        """Take a request for a band back."""
        now = acting(ctx, vendor_id, on_behalf)
        view_of = review_views(container, ctx.tenant)

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            by = await allowed(now, vendor_id, on_behalf, uow)
            return 200, view_of(await withdraw_review(review_id, vendor_id, by, uow=uow)), None

        return await idempotent(ctx, container.db, "withdraw_review", effect, required=False)


def _add_pauses(routes: APIRouter, container: Container) -> None:
    async def done(
        ctx: RequestContext,
        vendor_id: UUID,
        on_behalf: bool,
        name: str,
        act: Callable[[Moment, UnitOfWork], Awaitable[Vendor]],
    ) -> Response:
        now = acting(ctx, vendor_id, on_behalf)

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            vendor = await act(await allowed(now, vendor_id, on_behalf, uow), uow)
            return 200, acknowledged(vendor), etag_of(vendor.version)

        return await idempotent(ctx, container.db, name, effect, required=False)

    reasons = ("STANDING_NOT_ALLOWED", "AGENT_CONSENT_MISSING")

    @routes.post(
        f"{_VENDOR}:pause",
        **documented(
            roles=(*SELLERS, *OFFICERS), reasons=reasons, example={**examples.ACKNOWLEDGED, "standing": "dormant"}
        ),
    )
    async def pause_business(ctx: TenantContext, vendor_id: UUID, on_behalf: OnBehalf = False) -> Response:
        """Rest ("libur"): no new orders until the seller says that they are active."""
        return await done(ctx, vendor_id, on_behalf, "pause", lambda by, uow: pause(vendor_id, by, uow=uow))

    @routes.post(
        f"{_VENDOR}:resume",
        **documented(roles=(*SELLERS, *OFFICERS), reasons=reasons, example=examples.ACKNOWLEDGED),
    )
    async def resume_business(ctx: TenantContext, vendor_id: UUID, on_behalf: OnBehalf = False) -> Response:
        """Say "saya aktif": the business receives orders again, however it fell asleep."""
        return await done(
            ctx, vendor_id, on_behalf, "resume", lambda by, uow: resume(vendor_id, by, uow=uow, clock=container.clock)
        )


def _add_consents(routes: APIRouter, container: Container) -> None:
    @routes.post(
        f"{_VENDOR}:record_agent",
        **documented(
            roles=(*OFFICERS, *SELLERS),
            reasons=("CONSENT_MISSING", "EVIDENCE_UNKNOWN", "FILTER_INVALID"),
            example={"vendor_id": examples.VENDOR_ID, "agent": "officer.3510", "ends_on": None},
            request_example={
                "agent": "officer.3510",
                "consent_version": "2026-01",
                "evidence_id": "0192f1c0-7e1a-7c3e-9a51-2f6f6f1f0021",
            },
        ),
    )
    async def record_agent(ctx: TenantContext, vendor_id: UUID, body: AgentConsentBody) -> Response:
        """Record the seller's consent on paper that an officer or a koperasi acts for them."""
        now = _recorder(ctx, vendor_id)
        if body.ends_on is not None and body.ends_on < ctx.today:
            raise FilterInvalid("ends_on")
        consent = AgentConsent(vendor_id, body.agent, body.consent_version, body.evidence_id, ctx.today, body.ends_on)

        async def effect(connection: AsyncConnection) -> _Answer:
            await record_consent(consent, now, uow=container.uow(connection, ctx.tenant))
            return 200, {"vendor_id": str(vendor_id), "agent": body.agent, "ends_on": body.ends_on}, None

        return await idempotent(ctx, container.db, "record_agent", effect, required=False)

    @routes.post(
        f"{_VENDOR}:revoke_agent",
        **documented(
            roles=(*OFFICERS, *SELLERS),
            reasons=("AGENT_CONSENT_MISSING",),
            example={"vendor_id": examples.VENDOR_ID, "agent": "officer.3510"},
            request_example={"agent": "officer.3510"},
        ),
    )
    async def revoke_agent(ctx: TenantContext, vendor_id: UUID, body: RevokeConsentBody) -> Response:
        """End an agent's consent at once; what was done under it stays done."""
        now = _recorder(ctx, vendor_id)

        async def effect(connection: AsyncConnection) -> _Answer:
            await revoke_consent(vendor_id, body.agent, now, uow=container.uow(connection, ctx.tenant))
            return 200, {"vendor_id": str(vendor_id), "agent": body.agent}, None

        return await idempotent(ctx, container.db, "revoke_agent", effect, required=False)


def _recorder(ctx: RequestContext, vendor_id: UUID) -> Moment:
    if any(grant.role == OFFICER for grant in ctx.grants):
        return moment(ctx, ctx.require(*OFFICERS))
    return moment(ctx, ctx.require(*SELLERS, scope=str(vendor_id)))


def _add_status(routes: APIRouter, container: Container) -> None:
    officials = (OFFICER, HEAD, LPSE, AUDITOR)

    @routes.get(
        f"{_VENDOR}/status",
        **documented(roles=(*SELLERS, *officials), reasons=("VENDOR_NOT_FOUND",), example=STATUS_EXAMPLE),
    )
    async def show_status(ctx: TenantContext, vendor_id: UUID) -> Response:
        """Show a seller where they stand and what is missing ("apa yang kurang"), in sentences."""
        is_seller = not _has(ctx, officials)
        ctx.require(*SELLERS, scope=str(vendor_id)) if is_seller else ctx.require(*officials)
        view_of = review_views(container, ctx.tenant)

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            status = await status_of(vendor_id, uow=uow)
            if is_seller:
                await uow.care.seen(vendor_id, ctx.today)
            return 200, {**status, "reviews": [view_of(one) for one in status["reviews"]]}, None

        return await in_tenant(ctx, container.db, effect)

    @routes.get(
        f"{_VENDOR}/standings",
        **documented(
            roles=(*SELLERS, *officials),
            reasons=("VENDOR_NOT_FOUND",),
            example={
                "standings": [
                    {
                        "version": 5,
                        "standing": "in_review",
                        "actor": {"principal": "officer.3510", "role": "koperindag_officer"},
                        "occurred_at": "2026-03-02T09:15:00+00:00",
                        "reason": "Aduan pembeli",
                        "evidence_id": None,
                    }
                ]
            },
        ),
    )
    async def list_standings(ctx: TenantContext, vendor_id: UUID) -> Response:
        """List every change of standing: to what, by whom, when, why, upon which evidence."""
        ctx.require(*officials) if _has(ctx, officials) else ctx.require(*SELLERS, scope=str(vendor_id))

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            await status_of(vendor_id, uow=uow)
            return 200, {"standings": list(await uow.care.standing_history(vendor_id))}, None

        return await in_tenant(ctx, container.db, effect)


def _has(ctx: RequestContext, roles: tuple[str, ...]) -> bool:
    return any(grant.role in roles for grant in ctx.grants)

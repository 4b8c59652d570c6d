"""The steps of a business on its way to the first sale, and a look at identifiers in full."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from bela_kit.rest import RequestContext, TenantContext, documented, etag_of, idempotent, in_tenant
from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from vendor_service.application.onboarding import (
    OpenAccount,
    RecordTraining,
    open_account,
    record_training,
    set_standing,
    verify_vendor,
)
from vendor_service.application.ports import UnitOfWork
from vendor_service.application.reveal import reveal_identifiers
from vendor_service.domain.vendor import Vendor, Verification
from vendor_service.domain.verification import Proofs
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest import examples
from vendor_service.entrypoints.rest.agents import OnBehalf, acting, allowed
from vendor_service.entrypoints.rest.edge import OFFICERS, PREFIX, acknowledged, moment
from vendor_service.entrypoints.rest.schemas import (
    OpenAccountBody,
    RevealBody,
    StandingBody,
    TrainingBody,
    VerifyBody,
)
from vendor_service.entrypoints.rest.vendors import tax_profile_of

_Act = Callable[[UnitOfWork], Awaitable[Vendor]]
_STANDING_ROLES = ("koperindag_head", "koperindag_officer", "lpse_admin")
_SELLERS = ("vendor_owner", "coop_manager")
_REVEALERS = ("koperindag_officer", "lpse_admin", "auditor")
_VENDOR = f"{PREFIX}/vendors/{{vendor_id}}"


def router(container: Container) -> APIRouter:
    """Return the verbs on a business."""
    routes = APIRouter(tags=["onboarding"])
    _add_steps(routes, container)
    _add_judgements(routes, container)
    _add_reveal(routes, container)
    return routes


async def _done(ctx: RequestContext, container: Container, operation: str, act: _Act) -> Response:
    async def effect(connection: AsyncConnection) -> tuple[int, Any, str | None]:
        vendor = await act(container.uow(connection, ctx.tenant))
        return 200, acknowledged(vendor), etag_of(vendor.version)

    return await idempotent(ctx, container.db, operation, effect, required=False)


def _add_steps(routes: APIRouter, container: Container) -> None:
    @routes.post(
        f"{_VENDOR}:record_training",
        **documented(
            roles=OFFICERS,
            reasons=("VENDOR_NOT_FOUND",),
            example=examples.ACKNOWLEDGED,
            request_example={"held_on": "2026-03-10", "session": "Pelatihan kemasan angkatan 1"},
        ),
    )
    async def record_attendance(ctx: TenantContext, vendor_id: UUID, body: TrainingBody) -> Response:
        """Note an attendance; the first one sets the milestone, also after later milestones."""
        command = RecordTraining(vendor_id, body.held_on, body.session, moment(ctx, ctx.require(*OFFICERS)))
        return await _done(ctx, container, "record_training", lambda uow: record_training(command, uow=uow))

    @routes.post(
        f"{_VENDOR}:open_account",
        **documented(
            roles=OFFICERS,
            reasons=("CONSENT_MISSING", "PHONE_NOT_VERIFIED", "PRINCIPAL_MISSING", "GOVERNMENT_ROLE_HELD"),
            example=examples.ACKNOWLEDGED,
            request_example={"principal": "vendor1.3510", "consent_version": "2026-01", "phone_verified": True},
        ),
    )
    async def open_vendor_account(
        ctx: TenantContext, vendor_id: UUID, body: OpenAccountBody, on_behalf: OnBehalf = False
    ) -> Response:
        """Let a person act for the business, with recorded consent; by default whoever signed it up."""
        now = acting(ctx, vendor_id, on_behalf) if on_behalf else moment(ctx, ctx.require(*OFFICERS))

        async def act(uow: UnitOfWork) -> Vendor:
            by = await allowed(now, vendor_id, on_behalf, uow)
            command = OpenAccount(vendor_id, body.principal, body.role, body.consent_version, body.phone_verified, by)
            return await open_account(command, uow=uow)

        return await _done(ctx, container, "open_account", act)


def _add_judgements(routes: APIRouter, container: Container) -> None:
    @routes.post(
        f"{_VENDOR}:verify",
        **documented(
            roles=OFFICERS,
            reasons=("PROOFS_MISSING", "SELF_VERIFICATION", "CONFLICT_OF_INTEREST", "VENDOR_NOT_OK"),
            example={**examples.ACKNOWLEDGED, "band": "A", "version": 4},
            request_example={"band": "A", "proofs": ["nik", "phone", "bank"], "business_class": "micro"},
        ),
    )
    async def verify_business(ctx: TenantContext, vendor_id: UUID, body: VerifyBody) -> Response:
        """Verify a business in a band, or raise its band; never one's own."""
        finding = Verification(
            band=body.band,
            proofs=Proofs(frozenset(body.proofs), body.holder),
            business_class=body.business_class,
            tax_profile=tax_profile_of(body.tax_profile),
            note=body.note,
        )
        now = replace(moment(ctx, ctx.require(*OFFICERS)), evidence_id=body.evidence_id)

        async def act(uow: UnitOfWork) -> Vendor:
            return await verify_vendor(vendor_id, finding, now, uow=uow, clock=container.clock)

        return await _done(ctx, container, "verify", act)

    @routes.post(
        f"{_VENDOR}:set_standing",
        **documented(
            roles=(*_STANDING_ROLES, *_SELLERS),
            reasons=("STANDING_NOT_ALLOWED", "ROLE_MISSING", "SANCTION_NEEDED"),
            example={**examples.ACKNOWLEDGED, "standing": "suspended", "version": 5},
            request_example={"standing": "suspended", "reason": "Keputusan sanksi 12/2026"},
        ),
    )
    async def set_vendor_standing(ctx: TenantContext, vendor_id: UUID, body: StandingBody) -> Response:
        """Change the standing: sanctions by LPSE, reviews and closing by the UMKM department, pauses by the seller."""
        roles = {grant.role for grant in ctx.grants}
        officials = [role for role in _STANDING_ROLES if role in roles]
        actor = ctx.require(*officials) if officials else ctx.require(*_SELLERS, scope=str(vendor_id))
        if body.standing == "suspended" and "lpse_admin" in roles:
            actor = ctx.require("lpse_admin")
        now = replace(moment(ctx, actor), evidence_id=body.evidence_id)
        return await _done(
            ctx,
            container,
            "set_standing",
            lambda uow: set_standing(
                vendor_id,
                body.standing,
                body.reason,
                now,
                uow=uow,
                clock=container.clock,
                week=container.weeks.week(ctx.tenant),
            ),
        )


def _add_reveal(routes: APIRouter, container: Container) -> None:
    @routes.post(
        f"{_VENDOR}:reveal",
        **documented(
            roles=_REVEALERS,
            reasons=("VENDOR_NOT_FOUND",),
            example={"vendor_id": examples.VENDOR_ID, "owners": [{"nik": "3510165708850001"}], "npwp": None},
            request_example={"fields": ["nik", "npwp"], "reason": "Pencocokan data bantuan 2026"},
        ),
    )
    async def reveal_vendor(ctx: TenantContext, vendor_id: UUID, body: RevealBody) -> Response:
        """Show identifiers in full; who looked at which, and why, is written down first."""
        now = moment(ctx, ctx.require(*_REVEALERS))

        async def effect(connection: AsyncConnection) -> tuple[int, Any, str | None]:
            uow = container.uow(connection, ctx.tenant)
            return 200, await reveal_identifiers(vendor_id, body.fields, body.reason, now, uow=uow), None

        # Never under an idempotency key: its stored answer would be a second copy of the identifiers.
        response = await in_tenant(ctx, container.db, effect)
        response.headers["cache-control"] = "no-store"
        return response

"""Show readiness and the checklist, and note papers."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from bela_kit.rest import RequestContext, RoleMissing, Schema, TenantContext, documented, idempotent, in_tenant
from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from vendor_service.application.readiness.assess import Guide, assess_readiness, guide_seller, record_paper
from vendor_service.application.readiness.ports import ReadinessFilter
from vendor_service.domain.errors import FilterInvalid, VendorNotFound
from vendor_service.domain.fields import values_of
from vendor_service.domain.profile import BAND_LIMITS, Band
from vendor_service.domain.readiness.checklist import next_band, promise
from vendor_service.domain.readiness.inaproc import MOST_POINTS, REQUIREMENTS, Readiness
from vendor_service.domain.readiness.papers import Paper, PaperKind
from vendor_service.domain.roles import OFFICER, VERIFIERS
from vendor_service.domain.vendor import Moment
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest.agents import OnBehalf, acting, allowed
from vendor_service.entrypoints.rest.edge import PREFIX, PageSize, PageToken, after_id, moment, page
from vendor_service.entrypoints.rest.readiness import examples
from vendor_service.entrypoints.rest.schemas import Number

_Answer = tuple[int, Any, str | None]
_VENDOR = f"{PREFIX}/vendors/{{vendor_id}}"
_RECORDERS = (OFFICER,)
_OFFICIALS = tuple(sorted(VERIFIERS))
_SELLERS = ("vendor_owner", "coop_manager")
_FIGURES = (*_OFFICIALS, "executive")


class PaperBody(Schema):
    """A paper that an officer has seen."""

    kind: PaperKind
    number: Number
    issued_on: date
    evidence_id: UUID | None = None


def router(container: Container) -> APIRouter:
    """Return the operations on readiness."""
    routes = APIRouter(tags=["readiness"])
    _add_of_one(routes, container)
    _add_checklist(routes, container)
    _add_of_all(routes, container)
    _add_papers(routes, container)
    return routes


def _looker(ctx: RequestContext, vendor_id: UUID, on_behalf: bool = False) -> Moment:
    """Return who looks: an officer, whoever may see the legal data of their own business, or says to act for them."""
    if on_behalf:
        return acting(ctx, vendor_id, on_behalf)
    if any(grant.role in VERIFIERS for grant in ctx.grants):
        return moment(ctx, ctx.require(*_OFFICIALS))
    if any(grant.role in _SELLERS and grant.scope_id == str(vendor_id) for grant in ctx.grants):
        return moment(ctx, ctx.require(*_SELLERS, scope=str(vendor_id)))
    raise RoleMissing(*_OFFICIALS)


def _add_of_one(routes: APIRouter, container: Container) -> None:
    @routes.get(
        f"{_VENDOR}/inaproc_readiness",
        **documented(
            roles=(*_OFFICIALS, *_SELLERS),
            reasons=("VENDOR_NOT_FOUND", "AGENT_CONSENT_MISSING"),
            example=examples.READINESS,
        ),
    )
    async def show_readiness(ctx: TenantContext, vendor_id: UUID, on_behalf: OnBehalf = False) -> Response:
        """Show how far a business is from selling on INAPROC: five points, and what is missing for each."""
        now = _looker(ctx, vendor_id, on_behalf)

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            found = await assess_readiness(vendor_id, await allowed(now, vendor_id, on_behalf, uow), uow=uow)
            return 200, {"vendor_id": str(vendor_id), **_readiness(found)}, None

        return await in_tenant(ctx, container.db, effect)


def _add_checklist(routes: APIRouter, container: Container) -> None:
    @routes.get(
        f"{_VENDOR}/checklist",
        **documented(
            roles=(*_OFFICIALS, *_SELLERS),
            reasons=("VENDOR_NOT_FOUND", "AGENT_CONSENT_MISSING"),
            example=examples.CHECKLIST,
        ),
    )
    async def show_checklist(
        ctx: TenantContext,
        vendor_id: UUID,
        band: Annotated[Band | None, Query(description="The band to reach; without it the one it has, or A.")] = None,
        on_behalf: OnBehalf = False,
    ) -> Response:
        """Show what a seller does next about NIB, KBLI and NPWP, step by step in plain Indonesian.

        No tax or NIB paper is asked below band B. Officers see a note of their own beside each item.
        """
        now = _looker(ctx, vendor_id, on_behalf)
        official = now.actor.role in VERIFIERS

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            guide = await guide_seller(vendor_id, band, await allowed(now, vendor_id, on_behalf, uow), uow=uow)
            return 200, {"vendor_id": str(vendor_id), **_guide(guide, official=official)}, None

        return await in_tenant(ctx, container.db, effect)


def _add_of_all(routes: APIRouter, container: Container) -> None:
    @routes.get(
        f"{PREFIX}/inaproc_readiness",
        **documented(
            roles=_OFFICIALS,
            reasons=("FILTER_INVALID",),
            example={"vendors": [examples.LINE], "next_page_token": None},
        ),
    )
    async def list_readiness(
        ctx: TenantContext,
        points: Annotated[int | None, Query(ge=0, le=MOST_POINTS, description="Exactly so many.")] = None,
        at_least: Annotated[int | None, Query(ge=0, le=MOST_POINTS)] = None,
        district: Annotated[str | None, Query(max_length=6, description="Kecamatan code.")] = None,
        missing: Annotated[str | None, Query(max_length=20, description="nib, kbli, npwp, deed …")] = None,
        page_size: PageSize = 50,
        page_token: PageToken = None,
    ) -> Response:
        """List businesses by their points, oldest first; closed and merged ones are left out."""
        ctx.require(*_OFFICIALS)
        if missing is not None and missing not in REQUIREMENTS:
            raise FilterInvalid("missing")
        wanted = ReadinessFilter(points, at_least, district, missing)

        async def effect(connection: AsyncConnection) -> _Answer:
            readiness = container.uow(connection, ctx.tenant).readiness
            found = await readiness.page(wanted, ctx.today, after_id(page_token), page_size + 1)
            return 200, page("vendors", found, page_size, lambda one: one["vendor_id"]), None

        return await in_tenant(ctx, container.db, effect)

    @routes.get(
        f"{PREFIX}/inaproc_readiness_districts",
        **documented(roles=_FIGURES, example={"districts": [examples.DISTRICT]}),
    )
    async def count_readiness(ctx: TenantContext) -> Response:
        """Count per kecamatan how many businesses have how many points, and how many lack what."""
        ctx.require(*_FIGURES)

        async def effect(connection: AsyncConnection) -> _Answer:
            found = await container.uow(connection, ctx.tenant).readiness.districts(ctx.today)
            return 200, {"districts": found}, None

        return await in_tenant(ctx, container.db, effect)


def _add_papers(routes: APIRouter, container: Container) -> None:
    @routes.post(
        f"{_VENDOR}/papers",
        **documented(
            roles=_RECORDERS,
            reasons=("VENDOR_NOT_FOUND", "PAPER_INVALID", "EVIDENCE_UNKNOWN"),
            example=examples.PAPER,
            request_example=examples.PAPER,
            status=201,
        ),
    )
    async def note_paper(ctx: TenantContext, vendor_id: UUID, body: PaperBody) -> Response:
        """Note a deed, a PKP letter or a statement of being no PKP; the last one of a kind counts."""
        now = moment(ctx, ctx.require(*_RECORDERS))
        paper = Paper(body.kind, body.number, body.issued_on, body.evidence_id)

        async def effect(connection: AsyncConnection) -> _Answer:
            noted = await record_paper(vendor_id, paper, now, uow=container.uow(connection, ctx.tenant))
            return 201, _paper(noted), None

        return await idempotent(ctx, container.db, "note_paper", effect, required=False)

    @routes.get(
        f"{_VENDOR}/papers",
        **documented(
            roles=(*_OFFICIALS, *_SELLERS), reasons=("VENDOR_NOT_FOUND",), example={"papers": [examples.PAPER]}
        ),
    )
    async def list_papers(ctx: TenantContext, vendor_id: UUID) -> Response:
        """List the papers of a business."""
        _looker(ctx, vendor_id)

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            if not await uow.vendors.peek([vendor_id]):
                raise VendorNotFound
            papers = await uow.readiness.papers(vendor_id)
            return 200, {"papers": [_paper(papers[kind]) for kind in sorted(papers)]}, None

        return await in_tenant(ctx, container.db, effect)


def _paper(paper: Paper) -> dict[str, Any]:
    return {**values_of(paper), "evidence_id": paper.evidence_id and str(paper.evidence_id)}


def _readiness(found: Readiness) -> dict[str, Any]:
    return {
        "points": found.points,
        "most_points": MOST_POINTS,
        "ready": found.ready,
        "requirements": [values_of(one) for one in found.requirements],
        "pkp_paper": values_of(found.pkp),
    }


def _guide(guide: Guide, *, official: bool) -> dict[str, Any]:
    items = [values_of(one) for one in guide.items]
    if not official:
        for one in items:
            del one["officer_note"]
    return {
        "band": guide.band,
        "target_band": guide.target,
        "next_band": next_band(guide.band),
        "limit_idr": BAND_LIMITS[guide.target],
        "summary": promise(guide.target),
        "items": items,
    }

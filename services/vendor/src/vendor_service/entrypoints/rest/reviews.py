"""The officers' queue, and how reviews begin and end."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from bela_kit.core.actor import Actor
from bela_kit.core.tenancy import TenantId
from bela_kit.rest import RequestContext, Schema, TenantContext, documented, idempotent, in_tenant
from fastapi import APIRouter, Query
from pydantic import Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from vendor_service.application.ports import UnitOfWork
from vendor_service.application.reviews.deciding import (
    RefuseReview,
    pass_review,
    refuse_review,
    refuse_verification,
)
from vendor_service.application.reviews.ports import ReviewFilter
from vendor_service.domain.profile import Band
from vendor_service.domain.reviews.calendar import WorkingWeek
from vendor_service.domain.reviews.periods import HEAD_WORKING_DAYS, REVIEW_WORKING_DAYS
from vendor_service.domain.reviews.refusals import SENTENCES, RefusalCode
from vendor_service.domain.reviews.review import HOLDS_ORDERS, Review, ReviewKind, ReviewState
from vendor_service.domain.roles import AUDITOR, HEAD, LPSE, OFFICER
from vendor_service.domain.vendor import Moment
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest.edge import PREFIX, PageSize, PageToken, after_id, moment, page

_READERS = (OFFICER, HEAD, LPSE, AUDITOR)
_DECIDERS = (HEAD, OFFICER)
_REVIEWS = f"{PREFIX}/reviews"
_Act = Callable[[UnitOfWork], Awaitable[Review]]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
EXAMPLE: dict[str, Any] = {
    "review_id": "0192f1c0-7e1a-7c3e-9a51-2f6f6f1f0031",
    "vendor_id": "0192f1c0-7e1a-7c3e-9a51-2f6f6f1f0001",
    "kind": "verification",
    "state": "open",
    "band": "A",
    "reason": "REQUESTED",
    "evidence_ids": [],
    "proposed_fields": [],
    "opened_by": {"principal": "seller1.3510", "role": "vendor_owner"},
    "opened_at": "2026-03-02T09:15:00+00:00",
    "not_before": None,
    "due_on": None,
    "head_due_on": None,
    "escalated_on": None,
    "decided_by": None,
    "decided_at": None,
    "refusals": [],
    "note": "",
}


class PassReviewBody(Schema):
    """A yes."""

    note: Note = ""
    evidence_id: UUID | None = None


class RefuseReviewBody(Schema):
    """A no, with reasons that the seller is shown."""

    codes: Annotated[list[RefusalCode], Field(min_length=1, max_length=13)]
    note: Note = ""
    evidence_id: UUID | None = None


class RefuseVerificationBody(RefuseReviewBody):
    """A no to a band."""

    band: Band


def router(container: Container) -> APIRouter:
    """Return the operations on reviews."""
    routes = APIRouter(tags=["reviews"])
    _add_reads(routes, container)
    _add_decisions(routes, container)
    return routes


def _add_reads(routes: APIRouter, container: Container) -> None:
    @routes.get(
        _REVIEWS,
        **documented(roles=_READERS, example={"reviews": [EXAMPLE], "next_page_token": None}),
    )
    async def list_reviews(
        ctx: TenantContext,
        kind: Annotated[ReviewKind | None, Query()] = None,
        vendor_id: Annotated[UUID | None, Query()] = None,
        state: Annotated[ReviewState, Query()] = ReviewState.OPEN,
        page_size: PageSize = 50,
        page_token: PageToken = None,
    ) -> Response:
        """List what waits for an officer, oldest first; other states show what was decided."""
        ctx.require(*_READERS)
        wanted = ReviewFilter(kind, vendor_id, state)
        view_of = review_views(container, ctx.tenant)

        async def effect(connection: AsyncConnection) -> tuple[int, Any, str | None]:
            uow = container.uow(connection, ctx.tenant)
            found = await uow.reviews.page(wanted, after_id(page_token), page_size + 1)
            views = [view_of(one) for one in found]
            return 200, page("reviews", views, page_size, lambda one: one["review_id"]), None

        return await in_tenant(ctx, container.db, effect)

    @routes.get(
        f"{_REVIEWS}/{{review_id}}", **documented(roles=_READERS, reasons=("REVIEW_NOT_FOUND",), example=EXAMPLE)
    )
    async def show_review(ctx: TenantContext, review_id: UUID) -> Response:
        """Show one review; proposed values are named, and shown to whoever decides."""
        ctx.require(*_READERS)
        view_of = review_views(container, ctx.tenant)
        may_decide = any(grant.role in _DECIDERS for grant in ctx.grants)

        async def effect(connection: AsyncConnection) -> tuple[int, Any, str | None]:
            review = await container.uow(connection, ctx.tenant).reviews.peek(review_id)
            view = view_of(review)
            if may_decide and "name" in review.proposed:
                view["proposed_name"] = review.proposed["name"]
            return 200, view, None

        return await in_tenant(ctx, container.db, effect)


def _add_decisions(routes: APIRouter, container: Container) -> None:
    reasons = ("REVIEW_NOT_FOUND", "REVIEW_CLOSED", "REVIEW_COOLING_OFF", "HEAD_DECIDES", "SELF_VERIFICATION")

    @routes.post(
        f"{_REVIEWS}/{{review_id}}:pass",
        **documented(
            roles=_DECIDERS,
            reasons=(*reasons, "REVIEW_NEEDS_FINDING", "EVIDENCE_UNKNOWN"),
            example={**EXAMPLE, "kind": "bank", "state": "passed"},
            request_example={"note": "Buku tabungan asli dilihat"},
        ),
    )
    async def pass_open_review(ctx: TenantContext, review_id: UUID, body: PassReviewBody) -> Response:
        """Say yes: pay to the changed account, take over the proposed identity, or let the business sell again."""
        now = _decider(ctx, body.evidence_id)
        week = container.weeks.week(ctx.tenant)
        return await _decided(
            ctx,
            container,
            "pass_review",
            lambda uow: pass_review(review_id, body.note, now, uow=uow, week=week, clock=container.clock),
        )

    @routes.post(
        f"{_REVIEWS}/{{review_id}}:refuse",
        **documented(
            roles=_DECIDERS,
            reasons=(*reasons, "NOTE_MISSING", "EVIDENCE_UNKNOWN"),
            example={**EXAMPLE, "state": "refused"},
            request_example={"codes": ["DOCUMENT_UNREADABLE"]},
        ),
    )
    async def refuse_open_review(ctx: TenantContext, review_id: UUID, body: RefuseReviewBody) -> Response:
        """Say no, with reasons that are counted and shown to the seller, who may ask again at once."""
        command = RefuseReview(review_id, body.codes, body.note, _decider(ctx, body.evidence_id))
        week = container.weeks.week(ctx.tenant)
        return await _decided(
            ctx,
            container,
            "refuse_review",
            lambda uow: refuse_review(command, uow=uow, week=week, clock=container.clock),
        )

    @routes.post(
        f"{PREFIX}/vendors/{{vendor_id}}:refuse_verification",
        **documented(
            roles=_DECIDERS,
            reasons=("VENDOR_NOT_FOUND", "SELF_VERIFICATION", "NOTE_MISSING", "EVIDENCE_UNKNOWN"),
            example={**EXAMPLE, "state": "refused"},
            request_example={"band": "A", "codes": ["BUSINESS_NOT_FOUND"]},
        ),
    )
    async def refuse_a_verification(ctx: TenantContext, vendor_id: UUID, body: RefuseVerificationBody) -> Response:
        """Refuse a band, asked for or not; no milestone is set, the reasons are kept and shown."""
        now = _decider(ctx, body.evidence_id)
        return await _decided(
            ctx,
            container,
            "refuse_verification",
            lambda uow: refuse_verification(vendor_id, body.band, body.codes, body.note, now, uow=uow),
        )


def review_views(container: Container, tenant: TenantId) -> Callable[[Review], dict[str, Any]]:
    """Return how reviews of a region are shown: with the days by which they are due there."""
    week, zone = container.weeks.week(tenant), container.clock.zone(tenant)
    return lambda review: _view(review, week, review.opened_at.astimezone(zone).date())


def _view(review: Review, week: WorkingWeek, opened_on: date) -> dict[str, Any]:
    """Return a review; of what it proposes, only which fields."""
    holds = review.kind in HOLDS_ORDERS and review.state is ReviewState.OPEN
    plain = ("reason", "opened_at", "not_before", "escalated_on", "decided_at", "note")
    return {
        "review_id": str(review.review_id),
        "vendor_id": str(review.vendor_id),
        "kind": review.kind.value,
        "state": review.state.value,
        "band": review.band,
        "evidence_ids": [str(one) for one in review.evidence_ids],
        "proposed_fields": sorted(review.proposed),
        "due_on": week.later(opened_on, REVIEW_WORKING_DAYS) if holds else review.due_on,
        "head_due_on": week.later(opened_on, REVIEW_WORKING_DAYS + HEAD_WORKING_DAYS) if holds else None,
        "opened_by": _person(review.opened_by),
        "decided_by": _person(review.decided_by) if review.decided_by else None,
        "refusals": [{"code": code.value, "message": SENTENCES[code]} for code in review.refusal_codes],
        **{name: getattr(review, name) for name in plain},
    }


def _person(actor: Actor) -> dict[str, Any]:
    found = {"principal": actor.principal, "role": actor.role}
    return found if actor.on_behalf_of is None else {**found, "on_behalf_of": actor.on_behalf_of}


def _decider(ctx: RequestContext, evidence_id: UUID | None) -> Moment:
    held = [role for role in _DECIDERS if any(grant.role == role for grant in ctx.grants)]
    return replace(moment(ctx, ctx.require(*(held or _DECIDERS))), evidence_id=evidence_id)


async def _decided(
    ctx: RequestContext,
    container: Container,
    operation: str,
    act: _Act,
) -> Response:
    view_of = review_views(container, ctx.tenant)

    async def effect(connection: AsyncConnection) -> tuple[int, Any, str | None]:
        return 200, view_of(await act(container.uow(connection, ctx.tenant))), None

    return await idempotent(ctx, container.db, operation, effect, required=False)

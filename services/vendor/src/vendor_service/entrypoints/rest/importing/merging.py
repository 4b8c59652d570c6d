"""The merge queue: pairs of businesses that may be one, and what an officer says about them."""

from typing import Annotated, Any
from uuid import UUID

from bela_kit.pagination import BadPageToken, decode_token
from bela_kit.rest import TenantContext, documented, idempotent, in_tenant
from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from vendor_service.application.imports.ports import Values
from vendor_service.application.merging.decide import (
    DecideCandidate,
    merge_candidate,
    reject_candidate,
    unmerge_vendor,
)
from vendor_service.application.merging.ports import Candidate, CandidateState
from vendor_service.application.views import Viewer, vendor_view
from vendor_service.domain.imports.changes.values import known_values
from vendor_service.domain.imports.messages import sentence
from vendor_service.domain.vendor import Vendor
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest import examples
from vendor_service.entrypoints.rest.edge import OFFICERS, PREFIX, PageSize, PageToken, acknowledged, moment, page

_Answer = tuple[int, dict[str, Any], str | None]
_READERS = (*OFFICERS, "lpse_admin", "auditor")
_PAIR = "merge_candidates/{vendor_id}/{other_vendor_id}"


class MergeBody(BaseModel):
    """Which of the two lives on, and why."""

    model_config = ConfigDict(extra="forbid")

    survivor_id: UUID
    reason: str = Field(default="", max_length=500)


class ReasonBody(BaseModel):
    """Why."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=3, max_length=500)


def router(container: Container) -> APIRouter:
    """Return the operations on businesses that may be one."""
    routes = APIRouter(tags=["merging"])
    _add_queue(routes, container)
    _add_decisions(routes, container)
    _add_unmerge(routes, container)
    return routes


def _add_queue(routes: APIRouter, container: Container) -> None:
    @routes.get(
        f"{PREFIX}/merge_candidates",
        **documented(roles=_READERS, example={"merge_candidates": [_EXAMPLE], "next_page_token": None}),
    )
    async def list_merge_candidates(
        ctx: TenantContext,
        state: Annotated[CandidateState, Query()] = CandidateState.OPEN,
        page_size: PageSize = 20,
        page_token: PageToken = None,
    ) -> Response:
        """Show pairs with both sides and the names of the fields in which they differ."""
        ctx.require(*_READERS)

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            found = await uow.merging.page(state, _after(page_token), page_size + 1)
            known = await uow.vendors.peek(id_ for one in found for id_ in (one.vendor_id, one.other_vendor_id))
            shown = [_view(one, known[one.vendor_id], known[one.other_vendor_id]) for one in found]
            return (
                200,
                page("merge_candidates", shown, page_size, lambda one: f"{one['vendor_id']} {one['other_vendor_id']}"),
                None,
            )

        return await in_tenant(ctx, container.db, effect)


def _add_decisions(routes: APIRouter, container: Container) -> None:
    reasons = ("MERGE_CANDIDATE_NOT_FOUND", "MERGE_CANDIDATE_DECIDED")

    @routes.post(
        f"{PREFIX}/{_PAIR}:merge",
        **documented(
            roles=OFFICERS,
            reasons=(*reasons, "MERGE_SURVIVOR_INVALID", "ALREADY_MERGED", "MERGE_LOSES_VERIFICATION"),
            example={"survivor": examples.VENDOR, "merged": examples.VENDOR},
        ),
    )
    async def merge_vendors(ctx: TenantContext, vendor_id: UUID, other_vendor_id: UUID, body: MergeBody) -> Response:
        """Let one of the two live on with all that is known of both; the other keeps its id and leads there."""
        by = moment(ctx, ctx.require(*OFFICERS))
        command = DecideCandidate((vendor_id, other_vendor_id), body.survivor_id, body.reason, by)

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            survivor, other = await merge_candidate(command, uow=uow, clock=container.clock)
            return 200, {"survivor": acknowledged(survivor), "merged": acknowledged(other)}, None

        return await idempotent(ctx, container.db, "merge_vendors", effect, required=False)

    @routes.post(
        f"{PREFIX}/{_PAIR}:reject",
        **documented(roles=OFFICERS, reasons=reasons, example={"state": "rejected"}),
    )
    async def reject_merge(ctx: TenantContext, vendor_id: UUID, other_vendor_id: UUID, body: ReasonBody) -> Response:
        """Say that they are two businesses; the question is not asked again."""
        by = moment(ctx, ctx.require(*OFFICERS))
        command = DecideCandidate((vendor_id, other_vendor_id), None, body.reason, by)

        async def effect(connection: AsyncConnection) -> _Answer:
            await reject_candidate(command, uow=container.uow(connection, ctx.tenant))
            return 200, {"state": CandidateState.REJECTED.value}, None

        return await idempotent(ctx, container.db, "reject_merge", effect, required=False)


def _add_unmerge(routes: APIRouter, container: Container) -> None:
    @routes.post(
        f"{PREFIX}/vendors/{{vendor_id}}:unmerge",
        **documented(
            roles=OFFICERS,
            reasons=("VENDOR_NOT_FOUND", "NOT_MERGED", "ALREADY_MERGED", "UNMERGE_TOO_LATE"),
            example=examples.VENDOR,
        ),
    )
    async def unmerge_business(ctx: TenantContext, vendor_id: UUID, body: ReasonBody) -> Response:
        """Undo a merge within 90 days: the business has its former standing again, the survivor what was its own."""
        by = moment(ctx, ctx.require(*OFFICERS))

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            vendor = await unmerge_vendor(vendor_id, body.reason, by, uow=uow, clock=container.clock)
            return 200, dict(acknowledged(vendor)), None

        return await idempotent(ctx, container.db, "unmerge_business", effect, required=False)


def _view(candidate: Candidate, vendor: Vendor, other: Vendor) -> dict[str, Any]:
    return {
        "vendor_id": str(candidate.vendor_id),
        "other_vendor_id": str(candidate.other_vendor_id),
        "name": vendor.profile.name,
        "other_name": other.profile.name,
        "rule": candidate.rule,
        "message": sentence(candidate.rule),
        "found_at": candidate.found_at,
        "state": candidate.state.value,
        "differences": _differences(known_values(vendor), known_values(other)),
        "vendor": vendor_view(vendor, Viewer.VERIFIER),
        "other": vendor_view(other, Viewer.VERIFIER),
    }


def _differences(ours: Values, theirs: Values) -> list[str]:
    """Return the fields that both sides know and that differ; numbers are compared in full and shown masked."""
    skipped = {"owner_id", "source", "note", "data_year"}
    return sorted(
        name
        for name in ours.keys() & theirs.keys() - skipped
        if None not in (ours[name], theirs[name]) and ours[name] != theirs[name]
    )


def _after(token: str | None) -> tuple[UUID, UUID] | None:
    if token is None:
        return None
    try:
        first, second = str(decode_token(token, "after")["after"]).split()
        return UUID(first), UUID(second)
    except ValueError:
        raise BadPageToken from None


_EXAMPLE = {
    "vendor_id": examples.VENDOR_ID,
    "other_vendor_id": examples.IMPORT_ID,
    "name": "Keripik Pisang Barokahh",
    "other_name": "Keripik Pisang Barokah",
    "rule": "SIMILAR_NAME_IN_VILLAGE",
    "message": "Nama usaha mirip di desa yang sama.",
    "found_at": "2026-03-02T09:15:00+07:00",
    "state": "open",
    "differences": ["name", "phone"],
    "vendor": examples.VENDOR,
    "other": examples.VENDOR,
}

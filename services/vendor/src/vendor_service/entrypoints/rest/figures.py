"""Funnel figures, the merge queue, and the names of areas."""

from typing import Annotated, Any
from uuid import UUID

from bela_kit.pagination import BadPageToken, decode_token
from bela_kit.rest import PublicContext, TenantContext, documented, in_tenant
from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from vendor_service.domain.profile import MILESTONE_NAMES
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest import examples
from vendor_service.entrypoints.rest.edge import OFFICERS, PREFIX, PageSize, PageToken, page

_Answer = tuple[int, Any, str | None]
_COUNTED = (*MILESTONE_NAMES, "active")
_QUEUE = (*OFFICERS, "lpse_admin", "auditor")


def router(container: Container) -> APIRouter:
    """Return the operations that count and look up."""
    routes = APIRouter(tags=["figures"])
    _add_figures(routes, container)
    _add_areas(routes, container)
    return routes


def _add_figures(routes: APIRouter, container: Container) -> None:
    @routes.get(
        f"{PREFIX}/merge_candidates",
        **documented(
            roles=_QUEUE,
            example={
                "merge_candidates": [
                    {
                        "vendor_id": examples.VENDOR_ID,
                        "other_vendor_id": examples.IMPORT_ID,
                        "name": "Warung Bu Siti",
                        "other_name": "Warung Bu Siti Aminah",
                        "rule": "SIMILAR_NAME_IN_VILLAGE",
                        "found_at": "2026-03-02T09:15:03+00:00",
                    }
                ],
                "next_page_token": None,
            },
        ),
    )
    async def list_merge_candidates(
        ctx: TenantContext, page_size: PageSize = 50, page_token: PageToken = None
    ) -> Response:
        """List pairs of businesses that may be one, for a human to decide."""
        ctx.require(*_QUEUE)

        async def effect(connection: AsyncConnection) -> _Answer:
            found = await container.uow(connection, ctx.tenant).reads.merge_candidates(
                _after_pair(page_token), page_size + 1
            )
            key = lambda one: f"{one['vendor_id']} {one['other_vendor_id']}"  # noqa: E731
            return 200, page("merge_candidates", found, page_size, key), None

        return await in_tenant(ctx, container.db, effect)


def _add_areas(routes: APIRouter, container: Container) -> None:
    @routes.get(
        f"{PREFIX}/areas",
        **documented(
            example={
                "areas": [{"code": "351005", "name": "Muncar", "kind": "kecamatan", "parent": "3510", "postcodes": []}],
                "next_page_token": None,
            }
        ),
    )
    async def list_areas(
        ctx: PublicContext,
        parent: Annotated[
            str | None, Query(pattern=r"^\d{2,6}$", description="Code above; the region's own lists kecamatan.")
        ] = None,
        q: Annotated[str | None, Query(min_length=1, max_length=60, description="Part of a name.")] = None,
    ) -> Response:
        """List the kecamatan or desa of a region, at most 500."""

        async def effect(connection: AsyncConnection) -> _Answer:
            below = parent if parent is not None or q is not None else ctx.tenant
            found = await container.uow(connection, ctx.tenant).areas.find(ctx.tenant, below, q, 500)
            return 200, {"areas": found, "next_page_token": None}, None

        return await in_tenant(ctx, container.db, effect)


def _after_pair(token: str | None) -> tuple[UUID, UUID] | None:
    if token is None:
        return None
    first, _, second = str(decode_token(token, "after")["after"]).partition(" ")
    try:
        return UUID(first), UUID(second)
    except ValueError:
        raise BadPageToken from None

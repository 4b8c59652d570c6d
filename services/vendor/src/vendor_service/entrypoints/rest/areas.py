"""The names of areas."""

from typing import Annotated, Any

from bela_kit.rest import PublicContext, documented, in_tenant
from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest.edge import PREFIX

_Answer = tuple[int, Any, str | None]


def router(container: Container) -> APIRouter:
    """Return the operations that look up areas."""
    routes = APIRouter(tags=["figures"])
    _add_areas(routes, container)
    return routes


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

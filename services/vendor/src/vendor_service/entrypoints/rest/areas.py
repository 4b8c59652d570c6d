"""The names of areas."""

from typing import Annotated, Any

from bela_kit.rest import PublicContext, documented, in_tenant
from fastapi import APIRouter, Path, Query
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from vendor_service.domain.areas import Area
from vendor_service.domain.fields import values_of
from vendor_service.domain.identity.errors import AreaNotFound
from vendor_service.domain.identity.local_names import local_kind
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest.edge import PREFIX

_AREA: dict[str, Any] = {
    "code": "351005",
    "name": "Muncar",
    "kind": "kecamatan",
    "local_kind": "kecamatan",
    "parent": "3510",
    "postcodes": [],
    "valid_from": None,
    "valid_to": None,
    "replaced_by": [],
}
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
                "areas": [_AREA],
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
            return 200, {"areas": [_view(one) for one in found], "next_page_token": None}, None

        return await in_tenant(ctx, container.db, effect)

    @routes.get(
        f"{PREFIX}/areas/{{code}}",
        **documented(
            reasons=("AREA_NOT_FOUND",),
            example={**_AREA, "code": "9101", "valid_to": "2022-07-24", "replaced_by": ["9301"]},
        ),
    )
    async def get_area(
        ctx: PublicContext, code: Annotated[str, Path(pattern=r"^(\d{2}|\d{4}|\d{6}|\d{10})$")]
    ) -> Response:
        """Show an area of the country by its code; a code that a split ended tells what replaced it."""

        async def effect(connection: AsyncConnection) -> _Answer:
            found = await container.uow(connection, ctx.tenant).areas.by_code(code)
            if found is None:
                raise AreaNotFound
            return 200, _view(found), None

        return await in_tenant(ctx, container.db, effect)


def _view(area: Area) -> dict[str, Any]:
    return {**values_of(area), "local_kind": local_kind(area.code, area.kind)}

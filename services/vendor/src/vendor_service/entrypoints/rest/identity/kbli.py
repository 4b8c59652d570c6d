"""KBLI codes of a business, and what the seed holds of the two versions."""

from typing import Annotated, Any
from uuid import UUID

from bela_kit.rest import PublicContext, TenantContext, check_if_match, documented, etag_of, in_tenant
from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from vendor_service.application.identity.kbli import set_kbli, show_kbli
from vendor_service.application.views import Viewer
from vendor_service.domain.errors import VendorNotFound
from vendor_service.domain.identity.kbli import VERSIONS
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest.edge import OFFICERS, PREFIX, moment, viewer
from vendor_service.entrypoints.rest.identity.bodies import KbliBody

_Answer = tuple[int, Any, str | None]
_SELLERS = ("vendor_owner", "coop_manager")
_CODE = {
    "version": 2020,
    "code": "56210",
    "title": "Jasa boga untuk suatu event tertentu (event catering)",
    "division_title": "Penyediaan makanan dan minuman",
    "warning": None,
    "other_version": ["56"],
}


def add(routes: APIRouter, container: Container) -> None:
    """Add the operations on KBLI."""
    _add_table(routes, container)
    _add_codes(routes, container)


def _add_table(routes: APIRouter, container: Container) -> None:
    @routes.get(
        "/vendor/v1/regions/{region}/kbli_codes",
        **documented(example={"complete": False, "kbli_codes": [{"version": 2020, "code": "56210", "title": "…"}]}),
    )
    async def list_kbli_codes(
        ctx: PublicContext,
        version: Annotated[int, Query(description="2020 or 2025.")] = VERSIONS[0],
        q: Annotated[str | None, Query(min_length=2, max_length=60, description="Part of code or title.")] = None,
    ) -> Response:
        """List divisions and codes of a version; no full copy of it, as `complete` says."""

        async def effect(connection: AsyncConnection) -> _Answer:
            table = await container.uow(connection, ctx.tenant).identity.kbli_table()
            wanted = (q or "").casefold()
            lines = [
                {"version": version, "code": code, "title": title}
                for (of, code), title in sorted(table.titles.items())
                if of == version and (not wanted or code.startswith(wanted) or wanted in title.casefold())
            ]
            return 200, {"complete": False, "kbli_codes": lines}, None

        return await in_tenant(ctx, container.db, effect)


def _add_codes(routes: APIRouter, container: Container) -> None:
    path = f"{PREFIX}/vendors/{{vendor_id}}/kbli"

    @routes.get(path, **documented(reasons=("VENDOR_NOT_FOUND",), example={"codes": [_CODE]}))
    async def list_vendor_kbli(ctx: PublicContext, vendor_id: UUID) -> Response:
        """Show the KBLI codes of a business, the main one first."""
        how_much = viewer(ctx, vendor_id)

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            vendor = (await uow.vendors.peek([vendor_id])).get(vendor_id)
            if vendor is None or (how_much is Viewer.PUBLIC and not vendor.is_listed):
                raise VendorNotFound
            return 200, {"codes": await show_kbli(vendor_id, uow=uow)}, None

        return await in_tenant(ctx, container.db, effect)

    @routes.put(
        path,
        **documented(
            roles=(*OFFICERS, *_SELLERS),
            reasons=("VENDOR_NOT_FOUND", "KBLI_INVALID", "IF_MATCH_REQUIRED", "ETAG_MISMATCH"),
            example={"codes": [_CODE]},
            request_example={"codes": [{"version": 2020, "code": "56210"}]},
        ),
    )
    async def set_vendor_kbli(ctx: TenantContext, vendor_id: UUID, body: KbliBody) -> Response:
        """Replace the KBLI codes of a business; no code is ever converted to the other version by itself."""
        official = not {grant.role for grant in ctx.grants}.isdisjoint(OFFICERS)
        actor = ctx.require(*OFFICERS) if official else ctx.require(*_SELLERS, scope=str(vendor_id))

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            vendor = await uow.vendors.get(vendor_id)
            check_if_match(ctx, vendor.version)
            wanted = [(one.version, one.code) for one in body.codes]
            codes = await set_kbli(vendor, wanted, moment(ctx, actor), uow=uow)
            return 200, {"codes": codes}, etag_of(vendor.version)

        return await in_tenant(ctx, container.db, effect)

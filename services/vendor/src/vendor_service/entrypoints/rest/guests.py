"""Guest grants: a business of this region sells in another one."""

from typing import Any
from uuid import UUID

from bela_kit.core.tenancy import parse_tenant
from bela_kit.rest import TenantContext, documented, idempotent, in_tenant
from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from vendor_service.application.guest_grants import GrantGuest, grant_guest, revoke_guest
from vendor_service.domain.errors import VendorNotFound
from vendor_service.domain.fields import values_of
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest import examples
from vendor_service.entrypoints.rest.edge import OFFICERS, PREFIX, moment
from vendor_service.entrypoints.rest.schemas import GuestGrantBody

_Answer = tuple[int, Any, str | None]
_GRANTS = f"{PREFIX}/vendors/{{vendor_id}}/guest_grants"


def router(container: Container) -> APIRouter:
    """Return the operations on guest grants."""
    routes = APIRouter(tags=["guests"])

    @routes.post(
        _GRANTS,
        **documented(
            roles=OFFICERS,
            reasons=("GUEST_GRANT_INVALID", "VENDOR_NOT_FOUND"),
            example=examples.GUEST_GRANT,
            request_example={
                "host_region": "19",
                "category_codes": ["spice.red_ginger"],
                "valid_from": "2026-03-01",
                "valid_to": None,
            },
            status=201,
        ),
    )
    async def grant_guest_vendor(ctx: TenantContext, vendor_id: UUID, body: GuestGrantBody) -> Response:
        """Let a verified business sell in another region; that region gets a copy which follows every change."""
        command = GrantGuest(
            vendor_id,
            parse_tenant(body.host_region),
            tuple(body.category_codes),
            body.valid_from,
            body.valid_to,
            moment(ctx, ctx.require(*OFFICERS)),
        )
        container.clock.settings(command.host)

        async def effect(connection: AsyncConnection) -> _Answer:
            return 201, values_of(await grant_guest(command, uow=container.uow(connection, ctx.tenant))), None

        return await idempotent(ctx, container.db, "grant_guest", effect, required=False)

    @routes.get(
        _GRANTS,
        **documented(
            roles=OFFICERS,
            reasons=("VENDOR_NOT_FOUND",),
            example={"guest_grants": [examples.GUEST_GRANT], "next_page_token": None},
        ),
    )
    async def list_guest_grants(ctx: TenantContext, vendor_id: UUID) -> Response:
        """List where a business may sell as a guest."""
        ctx.require(*OFFICERS, "lpse_admin", "auditor")

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            if not await uow.vendors.peek([vendor_id]):
                raise VendorNotFound
            found = await uow.reads.guest_grants([vendor_id])
            grants = [values_of(one) for one in found.get(vendor_id, [])]
            return 200, {"guest_grants": grants, "next_page_token": None}, None

        return await in_tenant(ctx, container.db, effect)

    @routes.post(
        f"{_GRANTS}/{{guest_grant_id}}:revoke",
        **documented(
            roles=OFFICERS,
            reasons=("GUEST_GRANT_NOT_FOUND",),
            example={**examples.GUEST_GRANT, "revoked": True, "version": 2},
        ),
    )
    async def revoke_guest_grant(ctx: TenantContext, vendor_id: UUID, guest_grant_id: UUID) -> Response:
        """End a guest grant."""
        now = moment(ctx, ctx.require(*OFFICERS))

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            return 200, values_of(await revoke_guest(guest_grant_id, vendor_id, now, uow=uow)), None

        return await idempotent(ctx, container.db, "revoke_guest", effect, required=False)

    return routes

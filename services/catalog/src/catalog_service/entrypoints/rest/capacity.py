"""The capacity calendar of a product, one day at a time."""

from datetime import date
from typing import Any
from uuid import UUID

from bela_kit.rest import PublicContext, TenantContext, check_if_match, documented, etag_of, in_tenant
from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from catalog_service.application.set_capacity import read_capacity, set_capacity
from catalog_service.domain.errors import ProductUnknown
from catalog_service.domain.product import ProductState
from catalog_service.entrypoints.rest import examples
from catalog_service.entrypoints.rest.api import EDITOR_ROLES, Api, editor, sees_everything_of
from catalog_service.entrypoints.rest.presenters import capacity_view
from catalog_service.entrypoints.rest.schemas import CapacityView, SetCapacityBody

_DAY = "/catalog/v1/regions/{region}/products/{product_id}/capacity/{day}"


def capacity_router(api: Api) -> APIRouter:
    """Return the operations on capacity."""
    router = APIRouter(tags=["capacity"])

    @router.get(_DAY, response_model=CapacityView, **documented(example=examples.DAY, reasons=["PRODUCT_UNKNOWN"]))
    async def get_capacity(ctx: PublicContext, product_id: UUID, day: date) -> Response:
        """Read how much a home seller makes on a day and how much of it is still free. Version 0: no override yet."""

        async def effect(connection: AsyncConnection) -> tuple[int, dict[str, Any], str | None]:
            uow = await api.unit_of_work(connection)
            product, found = await read_capacity(ctx.tenant, str(product_id), day, uow=uow)
            on_sale = product.state is ProductState.PUBLISHED
            if not on_sale and not sees_everything_of(ctx, product.vendor_id):
                raise ProductUnknown
            return 200, capacity_view(found, api.clock.now), etag_of(found.version)

        return await in_tenant(ctx, api.db, effect)

    @router.put(
        _DAY,
        response_model=CapacityView,
        **documented(
            roles=EDITOR_ROLES,
            reasons=["PRODUCT_UNKNOWN", "IF_MATCH_REQUIRED", "ETAG_MISMATCH", "FIELD_INVALID"],
            request_example={"capacity": 300},
            example=examples.DAY,
        ),
    )
    async def put_capacity(ctx: TenantContext, product_id: UUID, day: date, body: SetCapacityBody) -> Response:
        """Set how much the seller makes on a day of the region's calendar; what is held already stays held."""

        async def effect(connection: AsyncConnection) -> tuple[int, dict[str, Any], str | None]:
            found = await set_capacity(
                ctx.tenant,
                str(product_id),
                day,
                body.capacity,
                check_version=lambda version: check_if_match(ctx, version),
                uow=await api.unit_of_work(connection),
                authorize=editor(ctx),
                clock=api.clock,
            )
            return 200, capacity_view(found, api.clock.now), etag_of(found.version)

        return await in_tenant(ctx, api.db, effect)

    return router

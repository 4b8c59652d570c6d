"""Finding and reading products: open to anybody, richer for the seller and those who oversee it."""

from typing import Annotated, Any, Literal
from uuid import UUID

from bela_kit.core.pages import PageRequest
from bela_kit.rest import PublicContext, RequestContext, RoleMissing, documented, etag_of, json_response
from fastapi import APIRouter, Query
from starlette.responses import Response

from catalog_service.application.ports import ListingFilter
from catalog_service.domain.errors import FieldInvalid, ProductUnknown
from catalog_service.domain.search_query import MAX_LENGTH, parse_query
from catalog_service.entrypoints.rest import examples
from catalog_service.entrypoints.rest.api import EDITOR_ROLES, Api, sees_everything_of
from catalog_service.entrypoints.rest.presenters import seller_view
from catalog_service.entrypoints.rest.schemas import ProductPage, ProductView

_CODE = r"^[a-z0-9_.]{1,60}$"
_PRODUCTS = "/catalog/v1/regions/{region}/products"


def search_router(api: Api) -> APIRouter:
    """Return the reading operations on products."""
    router = APIRouter(tags=["products"])

    @router.get(
        _PRODUCTS,
        response_model=ProductPage,
        **documented(example=examples.PAGE, reasons=["PAGE_TOKEN", "VENDOR_REQUIRED", "ROLE_MISSING"]),
    )
    async def search_products(
        ctx: PublicContext,
        q: Annotated[str, Query(max_length=MAX_LENGTH, description="Words; Indonesian, typos allowed.")] = "",
        category: Annotated[str | None, Query(pattern=_CODE, description="Level 2, or level 1 for all below.")] = None,
        profile: Annotated[str | None, Query(pattern=_CODE)] = None,
        district: Annotated[str | None, Query(pattern=r"^[0-9]{6}$", description="Kecamatan of the seller.")] = None,
        vendor_id: Annotated[UUID | None, Query()] = None,
        max_price_idr: Annotated[int | None, Query(ge=1, le=10**12)] = None,
        view: Annotated[
            Literal["public", "seller"], Query(description="`seller`: one seller's products in every state.")
        ] = "public",
        page_size: Annotated[int, Query(ge=1, le=100)] = 24,
        page_token: Annotated[str | None, Query(max_length=2048)] = None,
    ) -> Response:
        """Find products on sale in a region, best match first; without words, newest first."""
        page = PageRequest(page_size, page_token)
        if view == "seller":
            return await _of_seller(api, ctx, vendor_id, page)
        wanted = ListingFilter(
            today=ctx.today,
            query=parse_query(q),
            category=category,
            profile=profile,
            district=district,
            vendor_id=str(vendor_id) if vendor_id else None,
            max_price_idr=max_price_idr,
        )
        async with api.db.public_transaction() as connection:
            found = await (await api.listings(connection)).search(ctx.tenant, wanted, page)
        return json_response({"products": found.items, "next_page_token": found.next_token})

    @router.get(
        f"{_PRODUCTS}/{{product_id}}",
        response_model=ProductView,
        **documented(example=examples.DETAIL, reasons=["PRODUCT_UNKNOWN"]),
    )
    async def get_product(ctx: PublicContext, product_id: UUID) -> Response:
        """Read one product; in any state for its seller and for overseers, else only while it is on sale."""
        body = await _public(api, ctx, product_id)
        if ctx.is_member:
            body = await _private(api, ctx, product_id) or body
        if body is None:
            raise ProductUnknown
        return json_response(body, etag=etag_of(body["version"]))

    return router


async def _of_seller(api: Api, ctx: RequestContext, vendor_id: UUID | None, page: PageRequest) -> Response:
    ctx.require_any()
    if vendor_id is None:
        raise FieldInvalid("vendor_id", "VENDOR_REQUIRED", "Sebutkan pelaku usahanya.")
    if not sees_everything_of(ctx, str(vendor_id)):
        raise RoleMissing(*EDITOR_ROLES)
    async with api.db.tenant_transaction(ctx.tenant) as connection:
        uow = await api.unit_of_work(connection)
        found = await uow.products.of_vendor(ctx.tenant, str(vendor_id), page)
    products = [seller_view(one) for one in found.items]
    return json_response({"products": products, "next_page_token": found.next_token})


async def _public(api: Api, ctx: RequestContext, product_id: UUID) -> dict[str, Any] | None:
    async with api.db.public_transaction() as connection:
        found = await (await api.listings(connection)).get(ctx.tenant, str(product_id), ctx.today)
    return dict(found) if found is not None else None


async def _private(api: Api, ctx: RequestContext, product_id: UUID) -> dict[str, Any] | None:
    async with api.db.tenant_transaction(ctx.tenant) as connection:
        uow = await api.unit_of_work(connection)
        product = await uow.products.get(ctx.tenant, str(product_id))
    if product is None or not sees_everything_of(ctx, product.vendor_id):
        return None
    return seller_view(product)

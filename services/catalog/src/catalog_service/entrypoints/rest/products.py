"""Making, changing, publishing and withdrawing products."""

from typing import Any
from uuid import UUID

from bela_kit.rest import RequestContext, TenantContext, check_if_match, documented, etag_of, idempotent, in_tenant
from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from catalog_service.application.manage_product import (
    CheckVersion,
    CreateProduct,
    confirm_capacity,
    create_product,
    edit_product,
    publish_product,
    withdraw_product,
)
from catalog_service.domain.errors import FieldInvalid
from catalog_service.domain.product import Product, ProductEdit
from catalog_service.domain.reference import Certificate
from catalog_service.entrypoints.rest import examples
from catalog_service.entrypoints.rest.api import EDITOR_ROLES, OFFICER_ROLE, Api, editor, officer
from catalog_service.entrypoints.rest.presenters import seller_view
from catalog_service.entrypoints.rest.schemas import (
    ConfirmCapacityBody,
    CreateProductBody,
    EditProductBody,
    ProductView,
    PublishBody,
)

_PRODUCTS = "/catalog/v1/regions/{region}/products"
_PRODUCT = f"{_PRODUCTS}/{{product_id}}"
Answer = tuple[int, dict[str, Any], str | None]


def products_router(api: Api) -> APIRouter:
    """Return the changing operations on products."""
    router = APIRouter(tags=["products"])
    _add_drafting(router, api)
    _add_selling(router, api)
    return router


def _add_drafting(router: APIRouter, api: Api) -> None:
    @router.post(
        _PRODUCTS,
        response_model=ProductView,
        **documented(
            status=201,
            roles=EDITOR_ROLES,
            reasons=["VENDOR_UNKNOWN", "CATEGORY_UNKNOWN", "PROFILE_INVALID", "FIELD_INVALID"],
            request_example=examples.CREATE,
            example=examples.DRAFT,
        ),
    )
    async def create_draft(ctx: TenantContext, body: CreateProductBody) -> Response:
        """Make a draft for a business of this region; nobody but the seller and overseers sees it."""
        command = CreateProduct(
            tenant=ctx.tenant,
            vendor_id=str(body.vendor_id),
            title=body.title,
            profile_code=body.profile_code,
            category_code=body.category_code,
            unit=body.unit,
            edit=_edit(body),
        )
        reference = await api.reference.book()

        async def effect(connection: AsyncConnection) -> Answer:
            uow = await api.unit_of_work(connection)
            product = await create_product(command, uow=uow, reference=reference, authorize=editor(ctx), now=ctx.now)
            return _answer(product, 201)

        return await idempotent(ctx, api.db, "create_product", effect, required=False)

    @router.patch(
        _PRODUCT,
        response_model=ProductView,
        **documented(
            roles=EDITOR_ROLES,
            reasons=["PRODUCT_UNKNOWN", "IF_MATCH_REQUIRED", "ETAG_MISMATCH", "FIELD_INVALID"],
            request_example={"unit_price_idr": 26500},
            example=examples.SELLER,
        ),
    )
    async def change_product(ctx: TenantContext, product_id: UUID, body: EditProductBody) -> Response:
        """Change a product. A price below half the profile's median takes it off sale until it is confirmed."""
        _refuse_nulls(body)

        async def effect(connection: AsyncConnection) -> Answer:
            product = await edit_product(
                ctx.tenant,
                str(product_id),
                _edit(body),
                check_version=_check(ctx, required=True),
                uow=await api.unit_of_work(connection),
                authorize=editor(ctx),
                now=ctx.now,
            )
            return _answer(product)

        return await in_tenant(ctx, api.db, effect)


def _add_selling(router: APIRouter, api: Api) -> None:
    @router.post(
        f"{_PRODUCT}:publish",
        response_model=ProductView,
        **documented(
            roles=EDITOR_ROLES,
            reasons=[
                "PRODUCT_UNKNOWN",
                "VENDOR_NOT_READY",
                "PRODUCT_INCOMPLETE",
                "PRICE_NEEDS_CONFIRMATION",
                "PRODUCT_ALREADY_PUBLISHED",
            ],
            request_example={"confirm_price": False},
            example=examples.SELLER,
        ),
    )
    async def publish(ctx: TenantContext, product_id: UUID, body: PublishBody | None = None) -> Response:
        """Put a product on sale. The answer's state is `moderated` if its price must be confirmed first."""

        async def effect(connection: AsyncConnection) -> Answer:
            product = await publish_product(
                ctx.tenant,
                str(product_id),
                confirm_price=body.confirm_price if body else False,
                check_version=_check(ctx, required=False),
                uow=await api.unit_of_work(connection),
                authorize=editor(ctx),
                now=ctx.now,
            )
            return _answer(product)

        return await idempotent(ctx, api.db, "publish_product", effect, required=False)

    @router.post(
        f"{_PRODUCT}:withdraw",
        response_model=ProductView,
        **documented(
            roles=EDITOR_ROLES,
            reasons=["PRODUCT_UNKNOWN", "PRODUCT_NOT_ON_SALE"],
            example={**examples.SELLER, "state": "withdrawn", "version": 3},
        ),
    )
    async def withdraw(ctx: TenantContext, product_id: UUID) -> Response:
        """Take a product off sale; running orders go on."""

        async def effect(connection: AsyncConnection) -> Answer:
            product = await withdraw_product(
                ctx.tenant,
                str(product_id),
                check_version=_check(ctx, required=False),
                uow=await api.unit_of_work(connection),
                authorize=editor(ctx),
                now=ctx.now,
            )
            return _answer(product)

        return await idempotent(ctx, api.db, "withdraw_product", effect, required=False)

    @router.post(
        f"{_PRODUCT}:confirm_capacity",
        response_model=ProductView,
        **documented(
            roles=[OFFICER_ROLE],
            reasons=["PRODUCT_UNKNOWN", "FIELD_INVALID"],
            request_example={"capacity_per_day": 200, "visited_on": "2026-01-05"},
            example={**examples.SELLER, "capacity_confirmed": True, "capacity_confirmed_on": "2026-01-05"},
        ),
    )
    async def confirm(ctx: TenantContext, product_id: UUID, body: ConfirmCapacityBody) -> Response:
        """Record that an officer's visit confirmed how much the seller makes a day."""

        async def effect(connection: AsyncConnection) -> Answer:
            product = await confirm_capacity(
                ctx.tenant,
                str(product_id),
                capacity_per_day=body.capacity_per_day,
                visited_on=body.visited_on,
                today=ctx.today,
                check_version=_check(ctx, required=False),
                uow=await api.unit_of_work(connection),
                authorize=officer(ctx),
                now=ctx.now,
            )
            return _answer(product)

        return await idempotent(ctx, api.db, "confirm_capacity", effect, required=False)


def _answer(product: Product, status: int = 200) -> Answer:
    return status, seller_view(product), etag_of(product.version)


def _check(ctx: RequestContext, *, required: bool) -> CheckVersion:
    return lambda version: check_if_match(ctx, version, required=required)


def _edit(body: CreateProductBody | EditProductBody) -> ProductEdit:
    return ProductEdit(
        title=body.title if isinstance(body, EditProductBody) else None,
        description=body.description,
        unit_price_idr=body.unit_price_idr,
        capacity_per_day=body.capacity_per_day,
        lead_time_hours=body.lead_time_hours,
        delivery_district_codes=(
            tuple(body.delivery_district_codes) if body.delivery_district_codes is not None else None
        ),
        certificates=(
            tuple(Certificate(one.kind, one.number, one.valid_to) for one in body.certificates)
            if body.certificates is not None
            else None
        ),
    )


def _refuse_nulls(body: EditProductBody) -> None:
    """Refuse a change of nothing, and null, which could mean both "leave it" and "empty it"."""
    if not body.model_fields_set:
        raise FieldInvalid("", "NOTHING_TO_CHANGE", "Tidak ada yang diubah.")
    for name in sorted(body.model_fields_set):
        if getattr(body, name) is None:
            raise FieldInvalid(name, "NULL", "Isian tidak boleh null.")

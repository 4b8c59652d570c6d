"""Businesses: enter, find, look at, change."""

from typing import Annotated, Any
from uuid import UUID

from bela_kit.core.actor import Actor
from bela_kit.rest import (
    PublicContext,
    RequestContext,
    RoleMissing,
    TenantContext,
    check_if_match,
    documented,
    etag_of,
    idempotent,
    in_tenant,
    json_response,
)
from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from vendor_service.application.change_vendor import ChangeVendor, change_vendor
from vendor_service.application.ports import UnitOfWork, VendorFilter
from vendor_service.application.register_vendor import RegisterVendor, SignUpVendor, register_vendor, sign_up_vendor
from vendor_service.application.reviews.assist import AssistedEntry, register_on_behalf
from vendor_service.application.views import Viewer, vendor_view
from vendor_service.domain.business_class import BusinessClass
from vendor_service.domain.entry import Entry
from vendor_service.domain.errors import FilterInvalid, VendorNotFound
from vendor_service.domain.fields import values_of
from vendor_service.domain.owner_groups import LINK_FIELDS
from vendor_service.domain.profile import MILESTONE_NAMES, PRIVATE_FIELDS, PROFILE_FIELDS, Band, TaxProfile
from vendor_service.domain.roles import OFFICER, is_government
from vendor_service.domain.standing import Standing
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest import examples
from vendor_service.entrypoints.rest.agents import OnBehalf, acting, allowed
from vendor_service.entrypoints.rest.edge import (
    OFFICERS,
    PREFIX,
    PageSize,
    PageToken,
    SignedInContext,
    acknowledged,
    after_id,
    moment,
    page,
    viewer,
)
from vendor_service.entrypoints.rest.schemas import ChangeVendorBody, OnBehalfBody, RegisterVendorBody, TaxProfileBody

_Answer = tuple[int, Any, str | None]
_SELLERS = ("vendor_owner", "coop_manager")


def router(container: Container) -> APIRouter:
    """Return the operations on businesses."""
    routes = APIRouter(tags=["vendors"])
    _add_register(routes, container)
    _add_reads(routes, container)
    _add_change(routes, container)
    return routes


def _add_register(routes: APIRouter, container: Container) -> None:
    @routes.post(
        f"{PREFIX}/vendors",
        **documented(
            roles=(*OFFICERS, "coop_manager on behalf", "any signed-in person for their own business"),
            reasons=(
                "PROFILE_INVALID",
                "VENDOR_ALREADY_REGISTERED",
                "CONSENT_MISSING",
                "GOVERNMENT_ROLE_HELD",
                "SIGN_UP_LIMIT",
                "REGION_HAS_NO_VENDORS",
                "EVIDENCE_UNKNOWN",
            ),
            example=examples.ACKNOWLEDGED,
            request_example=examples.REGISTER,
            status=201,
        ),
    )
    async def register_business(ctx: SignedInContext, body: RegisterVendorBody) -> Response:
        """Enter a business. An officer enters anybody's; a person without a role here signs up their own.

        With `on_behalf` an officer or koperasi enters it for its owner, whose consent on paper was uploaded before.
        A sign-up is answered alike whether or not the register knows the business; an officer looks at it.
        """
        if ctx.principal is None:
            raise VendorNotFound
        principal = ctx.principal.subject
        roles = {grant.role for grant in ctx.grants}
        if OFFICER not in roles and is_government(roles):
            raise RoleMissing(*OFFICERS)

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            if body.on_behalf is not None:
                return await _assisted(ctx, body, body.on_behalf, uow)
            if OFFICER in roles:
                command = RegisterVendor(_entry(body), moment(ctx, ctx.require(*OFFICERS)))
                vendor = await register_vendor(command, uow=uow)
                return 201, acknowledged(vendor), etag_of(vendor.version)
            now = moment(ctx, Actor(principal, "applicant"))
            sign_up = SignUpVendor(_entry(body), principal, body.consent_version or "", now)
            vendor = await sign_up_vendor(sign_up, uow=uow)
            return 201, {"vendor_id": str(vendor.vendor_id), "state": "waiting_for_officer"}, None

        return await idempotent(ctx, container.db, "register_vendor", effect, required=False)


async def _assisted(ctx: RequestContext, body: RegisterVendorBody, paper: OnBehalfBody, uow: UnitOfWork) -> _Answer:
    """Enter a business for its owner: an officer sees it at once, a koperasi's waits like any sign-up."""
    command = AssistedEntry(
        _entry(body), paper.consent_version, paper.evidence_id, moment(ctx, ctx.require(OFFICER, "coop_manager"))
    )
    vendor = await register_on_behalf(command, uow=uow)
    if command.moment.actor.role == OFFICER:
        return 201, acknowledged(vendor), etag_of(vendor.version)
    return 201, {"vendor_id": str(vendor.vendor_id), "state": "waiting_for_officer"}, None


def _add_reads(routes: APIRouter, container: Container) -> None:
    @routes.get(f"{PREFIX}/vendors", **documented(reasons=("FILTER_INVALID",), example=examples.VENDOR_LIST))
    async def list_vendors(
        ctx: PublicContext,
        district: Annotated[str | None, Query(max_length=6, description="Kecamatan code.")] = None,
        standing: Annotated[str | None, Query(max_length=20)] = None,
        milestone: Annotated[str | None, Query(max_length=20, description="Reached at least.")] = None,
        band: Annotated[str | None, Query(max_length=1)] = None,
        business_class: Annotated[str | None, Query(max_length=10)] = None,
        q: Annotated[str | None, Query(min_length=2, max_length=100, description="Name or product.")] = None,
        page_size: PageSize = 50,
        page_token: PageToken = None,
    ) -> Response:
        """List or search businesses: public columns for everybody, owners and milestones for officers."""
        wanted = _filter(VendorFilter(district, standing, milestone, band, q, business_class))
        is_official = is_government(grant.role for grant in ctx.grants)

        async def effect(connection: AsyncConnection) -> _Answer:
            reads = container.uow(connection, ctx.tenant).reads
            read = reads.member_vendors if is_official else reads.public_vendors
            found = await read(wanted, after_id(page_token), page_size + 1)
            return 200, page("vendors", found, page_size, lambda one: one["vendor_id"]), None

        return await in_tenant(ctx, container.db, effect)

    @routes.get(f"{PREFIX}/vendors/{{vendor_id}}", **documented(reasons=("VENDOR_NOT_FOUND",), example=examples.VENDOR))
    async def get_vendor(ctx: PublicContext, vendor_id: UUID) -> Response:
        """Show a business as the caller may see it; identifiers are masked for everybody."""
        how_much = viewer(ctx, vendor_id)

        async with container.transactions(ctx.tenant) as uow:
            found = await uow.vendors.peek([vendor_id])
        if vendor_id not in found:
            raise VendorNotFound
        vendor = found[vendor_id]
        if how_much is Viewer.PUBLIC and not vendor.is_listed:
            raise VendorNotFound
        etag = None if how_much is Viewer.PUBLIC else etag_of(vendor.version)
        return json_response(vendor_view(vendor, how_much), etag=etag)


def _add_change(routes: APIRouter, container: Container) -> None:
    @routes.patch(
        f"{PREFIX}/vendors/{{vendor_id}}",
        **documented(
            roles=(*OFFICERS, *_SELLERS),
            reasons=("VENDOR_NOT_FOUND", "PROFILE_INVALID", "FIELD_VERIFIED", "IF_MATCH_REQUIRED", "ETAG_MISMATCH"),
            example=examples.VENDOR,
            request_example={"main_product": "Nasi kotak dan tumpeng", "monthly_capacity": 4000},
        ),
    )
    async def change_business(
        ctx: TenantContext, vendor_id: UUID, body: ChangeVendorBody, on_behalf: OnBehalf = False
    ) -> Response:
        """Change fields; verified ones stay, except the bank account, whose change holds the payout."""
        by_seller = on_behalf or OFFICER not in {grant.role for grant in ctx.grants}
        now = acting(ctx, vendor_id, on_behalf) if by_seller else moment(ctx, ctx.require(*OFFICERS))
        given = {name: getattr(body, name) for name in body.model_fields_set}
        tax, conflict = given.pop("tax_profile", None), given.pop("conflict_of_interest", None)
        if by_seller and (tax is not None or conflict is not None):
            raise RoleMissing(*OFFICERS)

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            if LINK_FIELDS.intersection(given):
                await uow.vendors.lock_register()
            vendor = await uow.vendors.get(vendor_id)
            check_if_match(ctx, vendor.version)
            by = await allowed(now, vendor_id, on_behalf, uow)
            command = ChangeVendor(vendor_id, given, by, tax_profile_of(tax), conflict, by_seller)
            vendor = await change_vendor(command, vendor, uow=uow)
            return 200, vendor_view(vendor, viewer(ctx, vendor_id)), etag_of(vendor.version)

        return await in_tenant(ctx, container.db, effect)


def tax_profile_of(body: TaxProfileBody | None) -> TaxProfile | None:
    """Return the tax facts of a body."""
    return None if body is None else TaxProfile(**{name: getattr(body, name) for name in TaxProfileBody.model_fields})


def _entry(body: RegisterVendorBody) -> Entry:
    names = set(type(body).model_fields)
    return Entry(
        profile={name: getattr(body, name) for name in PROFILE_FIELDS if name in names},
        private={name: getattr(body, name) for name in PRIVATE_FIELDS if name in names},
        owners=[owner.model_dump() for owner in body.owners],
    )


def _filter(wanted: VendorFilter) -> VendorFilter:
    known: dict[str, frozenset[str]] = {
        "standing": frozenset(Standing),
        "milestone": frozenset(MILESTONE_NAMES),
        "band": frozenset(Band),
        "business_class": frozenset(BusinessClass),
    }
    for name, values in known.items():
        value = values_of(wanted)[name]
        if value is not None and value not in values:
            raise FilterInvalid(name)
    return wanted

"""Members of a koperasi, and businesses whose declared class is not the derived one."""

from typing import Any
from uuid import UUID

from bela_kit.core.actor import Actor
from bela_kit.rest import PublicContext, RequestContext, TenantContext, documented, in_tenant
from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from vendor_service.application.identity.members import PutMember, put_member
from vendor_service.domain.errors import VendorNotFound
from vendor_service.domain.identifiers import mask_number
from vendor_service.domain.identity.members import Member
from vendor_service.domain.roles import AUDITOR, LPSE
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest import examples
from vendor_service.entrypoints.rest.edge import OFFICERS, PREFIX, PageSize, PageToken, after_id, moment, page
from vendor_service.entrypoints.rest.identity.bodies import MemberBody

_Answer = tuple[int, Any, str | None]
_READERS = (*OFFICERS, LPSE, AUDITOR)
_PATH = f"{PREFIX}/vendors/{{vendor_id}}/members"
_MEMBER = {
    "member_id": "0192f1c0-7e1a-7c3e-9a51-2f6f6f1f0031",
    "name": "Rahmat Hidayat",
    "nik": "3510********0012",
    "share": 2500,
    "supply": "goods",
    "joined_on": "2019-04-01",
    "left_on": None,
    "business_id": None,
}


def add(routes: APIRouter, container: Container) -> None:
    """Add the operations on members and on classes that differ."""
    _add_writes(routes, container)
    _add_reads(routes, container)
    _add_mismatches(routes, container)


def _add_writes(routes: APIRouter, container: Container) -> None:
    reasons = ("VENDOR_NOT_FOUND", "NOT_A_KOPERASI", "MEMBER_INVALID", "MEMBER_EXISTS")
    request = {"name": "Rahmat Hidayat", "nik": "3510161203800012", "share": 2500, "supply": "goods"}

    @routes.post(
        _PATH,
        **documented(
            roles=(*OFFICERS, "coop_manager"), reasons=reasons, example=_MEMBER, request_example=request, status=201
        ),
    )
    async def add_member(ctx: TenantContext, vendor_id: UUID, body: MemberBody) -> Response:
        """Enter a member of a koperasi or KUB; `share` is in ten-thousandths of what it delivers."""
        return await _put(ctx, container, vendor_id, None, body)

    @routes.put(
        f"{_PATH}/{{member_id}}",
        **documented(
            roles=(*OFFICERS, "coop_manager"),
            reasons=(*reasons, "MEMBER_NOT_FOUND"),
            example=_MEMBER,
            request_example={**request, "left_on": "2026-02-28"},
        ),
    )
    async def change_member(ctx: TenantContext, vendor_id: UUID, member_id: UUID, body: MemberBody) -> Response:
        """Replace what is known of a member; with `left_on` the member no longer counts."""
        return await _put(ctx, container, vendor_id, member_id, body)


def _add_reads(routes: APIRouter, container: Container) -> None:
    @routes.get(
        _PATH,
        **documented(
            roles=(*_READERS, "coop_manager"),
            reasons=("VENDOR_NOT_FOUND",),
            example={"count": 35, "shares": 10000, "members": [_MEMBER], "next_page_token": None},
        ),
    )
    async def list_members(
        ctx: TenantContext, vendor_id: UUID, page_size: PageSize = 50, page_token: PageToken = None
    ) -> Response:
        """List the members of a koperasi with masked NIK, and how many there are now."""
        _may(ctx, vendor_id, _READERS)

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            if not await uow.vendors.peek([vendor_id]):
                raise VendorNotFound
            count, shares = await uow.identity.count_members(vendor_id)
            found = await uow.identity.members_of(vendor_id, after_id(page_token), page_size + 1)
            shown = page("members", [_view(one) for one in found], page_size, lambda one: one["member_id"])
            return 200, {"count": count, "shares": shares, **shown}, None

        return await in_tenant(ctx, container.db, effect)

    @routes.get(
        f"{PREFIX}/vendors/{{vendor_id}}/member_count",
        **documented(reasons=("VENDOR_NOT_FOUND",), example={"count": 35}),
    )
    async def count_members(ctx: PublicContext, vendor_id: UUID) -> Response:
        """Tell everybody how many members a koperasi has, and nothing about them."""

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            vendor = (await uow.vendors.peek([vendor_id])).get(vendor_id)
            if vendor is None or not vendor.is_listed:
                raise VendorNotFound
            count, _ = await uow.identity.count_members(vendor_id)
            return 200, {"count": count}, None

        return await in_tenant(ctx, container.db, effect)


def _add_mismatches(routes: APIRouter, container: Container) -> None:
    @routes.get(
        f"{PREFIX}/class_mismatches",
        **documented(
            roles=_READERS,
            example={
                "class_mismatches": [
                    {
                        "vendor_id": examples.VENDOR_ID,
                        "name": "Warung Bu Siti",
                        "class_declared": "small",
                        "class_derived": "micro",
                        "class_verified": None,
                    }
                ],
                "next_page_token": None,
            },
        ),
    )
    async def list_class_mismatches(
        ctx: TenantContext, page_size: PageSize = 50, page_token: PageToken = None
    ) -> Response:
        """List businesses that declared another class than their figures give (PP 7/2021 pasal 35)."""
        ctx.require(*_READERS)

        async def effect(connection: AsyncConnection) -> _Answer:
            identity = container.uow(connection, ctx.tenant).identity
            found = await identity.class_mismatches(after_id(page_token), page_size + 1)
            return 200, page("class_mismatches", found, page_size, lambda one: one["vendor_id"]), None

        return await in_tenant(ctx, container.db, effect)


def _may(ctx: RequestContext, vendor_id: UUID, officials: tuple[str, ...]) -> Actor:
    if not {grant.role for grant in ctx.grants}.isdisjoint(officials):
        return ctx.require(*officials)
    return ctx.require("coop_manager", scope=str(vendor_id))


async def _put(
    ctx: RequestContext, container: Container, vendor_id: UUID, member_id: UUID | None, body: MemberBody
) -> Response:
    now = moment(ctx, _may(ctx, vendor_id, OFFICERS))
    values = {name: getattr(body, name) for name in type(body).model_fields}
    command = PutMember(vendor_id=vendor_id, member_id=member_id, moment=now, **values)

    async def effect(connection: AsyncConnection) -> _Answer:
        found = await put_member(command, uow=container.uow(connection, ctx.tenant))
        return 200 if member_id else 201, _view(found), None

    # Never under an idempotency key: the answer names a person. A second try meets MEMBER_EXISTS by the NIK.
    return await in_tenant(ctx, container.db, effect)


def _view(member: Member) -> dict[str, Any]:
    business = member.business_id
    return {
        "member_id": str(member.member_id),
        "name": member.name,
        "nik": mask_number(member.nik),
        **{name: getattr(member, name) for name in ("share", "supply", "joined_on", "left_on")},
        "business_id": None if business is None else str(business),
    }

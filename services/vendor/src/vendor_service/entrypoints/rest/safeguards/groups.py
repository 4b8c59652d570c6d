"""Owner groups: pairs of businesses that share a phone or an address, and what an officer found out about them."""

from typing import Any
from uuid import UUID

from bela_kit.pagination import BadPageToken, decode_token
from bela_kit.rest import Schema, TenantContext, documented, idempotent, in_tenant
from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from vendor_service.application.owner_groups import decide_link
from vendor_service.application.sanctions.ports import LinkDecision
from vendor_service.domain.sanctions.errors import LinkInvalid
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest import examples
from vendor_service.entrypoints.rest.edge import OFFICERS, PREFIX, PageSize, PageToken, moment, page
from vendor_service.entrypoints.rest.schemas import Line

_Answer = tuple[int, Any, str | None]
_READERS = (*OFFICERS, "lpse_admin", "auditor")
_PROPOSAL = {
    "vendor_id": examples.VENDOR_ID,
    "other_vendor_id": examples.IMPORT_ID,
    "name": "Warung Bu Siti",
    "other_name": "Jahit Siti",
    "kinds": ["phone"],
}
_DECISION = {
    "vendor_id": examples.VENDOR_ID,
    "other_vendor_id": examples.IMPORT_ID,
    "confirmed": True,
    "reason": "Suami istri, satu rumah.",
}


class LinkBody(Schema):
    """What an officer found out about two businesses."""

    vendor_id: UUID
    other_vendor_id: UUID
    confirmed: bool
    reason: Line


def router(container: Container) -> APIRouter:
    """Return the operations on owner groups."""
    routes = APIRouter(tags=["owner groups"])

    @routes.get(
        f"{PREFIX}/owner_link_proposals",
        **documented(roles=_READERS, example={"owner_link_proposals": [_PROPOSAL], "next_page_token": None}),
    )
    async def list_owner_link_proposals(
        ctx: TenantContext, page_size: PageSize = 50, page_token: PageToken = None
    ) -> Response:
        """List pairs that share a phone or an address down to the RT; they count as one seller only if confirmed."""
        ctx.require(*_READERS)
        after = _after(page_token)

        async def effect(connection: AsyncConnection) -> _Answer:
            found = await container.uow(connection, ctx.tenant).links.proposals(after, page_size + 1)
            shown = [{**one, "vendor_id": str(one["vendor_id"]), "other_vendor_id": str(one["other_vendor_id"])}
                     for one in found]  # fmt: skip
            key = lambda one: f"{one['vendor_id']} {one['other_vendor_id']}"  # noqa: E731
            return 200, page("owner_link_proposals", shown, page_size, key), None

        return await in_tenant(ctx, container.db, effect)

    @routes.post(
        f"{PREFIX}/owner_links",
        **documented(roles=OFFICERS, reasons=("LINK_INVALID",), example=_DECISION, request_example=_DECISION),
    )
    async def decide_owner_link(ctx: TenantContext, body: LinkBody) -> Response:
        """Confirm that one person or family stands behind two businesses, or that they do not belong together."""
        if body.vendor_id == body.other_vendor_id:
            raise LinkInvalid
        pair = (body.vendor_id, body.other_vendor_id)
        decision = LinkDecision(pair, body.confirmed, body.reason, moment(ctx, ctx.require(*OFFICERS)))

        async def effect(connection: AsyncConnection) -> _Answer:
            await decide_link(decision, uow=container.uow(connection, ctx.tenant))
            return 200, body.model_dump(mode="json"), None

        return await idempotent(ctx, container.db, "decide_owner_link", effect, required=False)

    return routes


def _after(token: str | None) -> tuple[UUID, UUID] | None:
    if token is None:
        return None
    first, _, second = str(decode_token(token, "after")["after"]).partition(" ")
    try:
        return UUID(first), UUID(second)
    except ValueError:
        raise BadPageToken from None

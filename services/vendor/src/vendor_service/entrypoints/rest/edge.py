"""What all operations share: the address prefix, who acts when, pages, and the sign-up's special caller."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from bela_kit.auth import Unauthenticated
from bela_kit.core.actor import Actor
from bela_kit.core.tenancy import TenantUnknown
from bela_kit.pagination import BadPageToken, decode_token, encode_token
from bela_kit.rest import PublicContext, RequestContext
from fastapi import Depends, Query, Request

from vendor_service.application.views import Viewer, acknowledgement, viewer_of
from vendor_service.domain.roles import OFFICER
from vendor_service.domain.vendor import Moment, Vendor

PREFIX = "/vendor/v1/regions/{region}"
OFFICERS = (OFFICER,)

PageSize = Annotated[int, Query(ge=1, le=200, description="Items on a page.")]
PageToken = Annotated[str | None, Query(max_length=2048, description="`next_page_token` of the page before.")]


def moment(ctx: RequestContext, actor: Actor) -> Moment:
    """Return who acts, at the region's time."""
    return Moment(actor, ctx.now, ctx.today)


def viewer(ctx: RequestContext, vendor_id: UUID | str) -> Viewer:
    """Return how much the caller may see of a business."""
    return viewer_of(((grant.role, grant.scope_id) for grant in ctx.grants), str(vendor_id))


def acknowledged(vendor: Vendor) -> Mapping[str, Any]:
    """Return what a changing request answers with: nothing personal, since answers are kept for repetitions."""
    return acknowledgement(vendor)


def page(name: str, items: Sequence[Any], size: int, key: Any) -> dict[str, Any]:
    """Return a page of things, under the name of their collection, of which one more than shown was asked for."""
    shown = items[:size]
    token = encode_token({"after": key(shown[-1])}) if len(items) > size else None
    return {name: shown, "next_page_token": token}


def after_id(token: str | None) -> UUID | None:
    """Return the identifier that a page begins after."""
    if token is None:
        return None
    try:
        return UUID(str(decode_token(token, "after")["after"]))
    except ValueError:
        raise BadPageToken from None


def after_number(token: str | None) -> int:
    """Return the number that a page begins after."""
    if token is None:
        return 0
    value = decode_token(token, "after")["after"]
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise BadPageToken
    return value


async def _signed_in(ctx: PublicContext, request: Request) -> RequestContext:
    """Let in a person of any region or none: the one operation by which somebody becomes known here."""
    header = request.headers.get("authorization")
    if header is None:
        raise Unauthenticated
    principal = await request.app.state.edge.verifier.verify(header.partition(" ")[2].strip())
    if principal.client:
        raise TenantUnknown
    return replace(ctx, principal=principal)


SignedInContext = Annotated[RequestContext, Depends(_signed_in)]
"""A person with a good token, whatever they hold here."""

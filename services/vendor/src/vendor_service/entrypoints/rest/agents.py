"""Who acts: the seller, or somebody who says that they act for the seller."""

from typing import Annotated
from uuid import UUID

from bela_kit.rest import RequestContext
from fastapi import Query

from vendor_service.application.ports import UnitOfWork
from vendor_service.application.reviews.agents import act_for
from vendor_service.domain.roles import OFFICER
from vendor_service.domain.vendor import Moment
from vendor_service.entrypoints.rest.edge import moment

SELLERS = ("vendor_owner", "coop_manager")
AGENTS = (OFFICER, "coop_manager")
OnBehalf = Annotated[bool, Query(description="Act for the seller, with their consent on paper; the act is marked so.")]


def acting(ctx: RequestContext, vendor_id: UUID, on_behalf: bool) -> Moment:
    """Return the seller, or somebody who says that they act for the seller; the consent is looked up later."""
    if on_behalf:
        return moment(ctx, ctx.require(*AGENTS))
    return moment(ctx, ctx.require(*SELLERS, scope=str(vendor_id)))


async def allowed(now: Moment, vendor_id: UUID, on_behalf: bool, uow: UnitOfWork) -> Moment:
    """Return the act marked as done for the seller, if it is one; refuses without their consent."""
    return await act_for(vendor_id, now, uow=uow) if on_behalf else now

"""What the operations of the public API work with, and who may act for a business."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from bela_kit.core.actor import Actor
from bela_kit.core.clock import Clock
from bela_kit.core.errors import Kind, ServiceError
from bela_kit.db import Database
from bela_kit.rest import RequestContext, RoleMissing

from catalog_service.application.manage_product import Authorize
from catalog_service.application.ports import Listings, ReferenceStore, UnitOfWork

SELLER_ROLES = ("vendor_owner", "vendor_staff", "coop_manager")
OFFICER_ROLE = "koperindag_officer"
# May see a seller's drafts and moderated offers without acting for the seller.
OVERSEER_ROLES = (OFFICER_ROLE, "lpse_admin", "auditor")
EDITOR_ROLES = (*SELLER_ROLES, OFFICER_ROLE)


@dataclass(frozen=True, slots=True)
class Api:
    """The parts of the service that its REST operations use; made once by `bootstrap`."""

    db: Database
    clock: Clock
    reference: ReferenceStore
    unit_of_work: Callable[[Any], Awaitable[UnitOfWork]]
    listings: Callable[[Any], Awaitable[Listings]]


def editor(ctx: RequestContext) -> Authorize:
    """Return who acts for a business: one of its own people, else an officer on its behalf, which is recorded."""

    def authorize(vendor_id: str) -> Actor:
        try:
            return ctx.require(*SELLER_ROLES, scope=vendor_id)
        except RoleMissing:
            pass
        try:
            return replace(ctx.require(OFFICER_ROLE), on_behalf_of=vendor_id)
        except RoleMissing:
            raise RoleMissing(*EDITOR_ROLES) from None

    return authorize


def officer(ctx: RequestContext) -> Authorize:
    """Return the officer who confirms something about a business."""
    return lambda vendor_id: replace(ctx.require(OFFICER_ROLE), on_behalf_of=vendor_id)


def sees_everything_of(ctx: RequestContext, vendor_id: str) -> bool:
    """Say whether the caller may see a business's products in every state."""
    for roles, scope in ((SELLER_ROLES, vendor_id), (OVERSEER_ROLES, None)):
        try:
            ctx.require(*roles, scope=scope)
        except ServiceError as refusal:
            if refusal.kind not in (Kind.FORBIDDEN, Kind.UNAUTHENTICATED, Kind.NOT_FOUND):
                raise
        else:
            return True
    return False


def text_of(identifier: UUID) -> str:
    """Return an identifier as the use cases take it."""
    return str(identifier)

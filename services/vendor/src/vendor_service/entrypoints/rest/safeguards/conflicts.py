"""Conflicts of interest of a business, and the letters that release them."""

from datetime import date
from typing import Any
from uuid import UUID

from bela_kit.rest import Schema, TenantContext, documented, idempotent, in_tenant
from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from vendor_service.application.screening.conflicts import ReleaseConflict, release_conflict
from vendor_service.domain.errors import VendorNotFound
from vendor_service.domain.roles import LPSE, OFFICER
from vendor_service.domain.screening.conflict import Conflict, ConflictKind
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest.edge import PREFIX, moment
from vendor_service.entrypoints.rest.schemas import Line

_Answer = tuple[int, Any, str | None]
_READERS = (OFFICER, LPSE, "auditor")
_PATH = f"{PREFIX}/vendors/{{vendor_id}}/conflicts"
_CONFLICT: dict[str, Any] = {
    "kind": "employee_owner",
    "state": "open",
    "blocks": True,
    "found_on": "2026-03-02",
    "letter": None,
    "released_until": None,
    "decided_by": None,
}


class ReleaseBody(Schema):
    """The letter that ends a conflict; `until` is the last day of the leave."""

    kind: ConflictKind
    letter: Line
    until: date | None = None


def router(container: Container) -> APIRouter:
    """Return the operations on conflicts of interest."""
    routes = APIRouter(tags=["screening"])

    @routes.get(
        _PATH,
        **documented(
            roles=_READERS, reasons=("VENDOR_NOT_FOUND",), example={"conflicts": [_CONFLICT], "next_page_token": None}
        ),
    )
    async def list_vendor_conflicts(ctx: TenantContext, vendor_id: UUID) -> Response:
        """List what was found about a business; which employee it is, the register does not know."""
        ctx.require(*_READERS)

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            if not await uow.vendors.peek([vendor_id]):
                raise VendorNotFound
            found = (await uow.screening.conflicts([vendor_id])).get(vendor_id, [])
            return 200, {"conflicts": [_view(one) for one in found], "next_page_token": None}, None

        return await in_tenant(ctx, container.db, effect)

    @routes.post(
        f"{_PATH}:release",
        **documented(
            roles=(LPSE,),
            reasons=("VENDOR_NOT_FOUND", "CONFLICT_NOT_FOUND", "RELEASE_INVALID"),
            example={"conflicts": [{**_CONFLICT, "state": "released", "blocks": False}], "next_page_token": None},
            request_example={"kind": "employee_owner", "letter": "851/3/BKPSDM/2026", "until": "2026-12-31"},
        ),
    )
    async def release_vendor_conflict(ctx: TenantContext, vendor_id: UUID, body: ReleaseBody) -> Response:
        """Release a conflict by a letter, for example of unpaid leave; it opens again when the leave has ended."""
        now = moment(ctx, ctx.require(LPSE))
        command = ReleaseConflict(vendor_id, body.kind, body.letter, body.until, now)

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            found = await release_conflict(command, uow=uow, clock=container.clock)
            return 200, {"conflicts": [_view(one) for one in found], "next_page_token": None}, None

        return await idempotent(ctx, container.db, "release_conflict", effect, required=False)

    return routes


def _view(one: Conflict) -> dict[str, Any]:
    names = ("found_on", "letter", "released_until", "decided_by")
    return {
        "kind": one.kind.value,
        "state": one.state.value,
        "blocks": one.blocks,
        **{name: getattr(one, name) for name in names},
    }

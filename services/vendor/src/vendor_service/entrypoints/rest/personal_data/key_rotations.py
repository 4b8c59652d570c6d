"""Rotation of the keys for personal data: begun and watched by the operator of the platform."""

from typing import Any

from bela_kit.core.actor import Actor
from bela_kit.rest import OperatorContext, RequestContext, documented, in_tenant
from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from vendor_service.application.personal_data.rotate_keys import list_rotations, start_rotation
from vendor_service.domain.personal_data.rotation import KeyRotation
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest.edge import PREFIX, moment

_Answer = tuple[int, Any, str | None]
_ROTATION = {
    "key_version": 2,
    "state": "running",
    "rows_done": 4200,
    "rows_left": 15364,
    "started_by": "operator",
    "started_at": "2026-03-02T09:15:00+00:00",
    "finished_at": None,
}


def add(routes: APIRouter, container: Container) -> None:
    """Add the operations on keys."""

    @routes.post(
        f"{PREFIX}/key_rotations",
        **documented(
            roles=("the operator of the platform",), reasons=("OPERATOR_ONLY",), example=_ROTATION, status=202
        ),
    )
    async def start_key_rotation(ctx: OperatorContext) -> Response:
        """Bring everything sealed in a region under the present key, in the background; asked again, it goes on.

        Every process must have both keys in its settings before the first one writes with the new key, and the former
        key stays there until `state` is `finished`.
        """

        async def effect(connection: AsyncConnection) -> _Answer:
            now = moment(ctx, Actor(_operator(ctx), "operator"))
            return 202, _view(await start_rotation(now, uow=container.uow(connection, ctx.tenant))), None

        return await in_tenant(ctx, container.db, effect)

    @routes.get(
        f"{PREFIX}/key_rotations",
        **documented(
            roles=("the operator of the platform",), reasons=("OPERATOR_ONLY",), example={"key_rotations": [_ROTATION]}
        ),
    )
    async def list_key_rotations(ctx: OperatorContext) -> Response:
        """Show how far each rotation of a region is; `rows_left` is counted now."""

        async def effect(connection: AsyncConnection) -> _Answer:
            found = await list_rotations(uow=container.uow(connection, ctx.tenant))
            return 200, {"key_rotations": [_view(one) for one in found]}, None

        return await in_tenant(ctx, container.db, effect)


def _operator(ctx: RequestContext) -> str:
    assert ctx.principal is not None
    return ctx.principal.subject


def _view(rotation: KeyRotation) -> dict[str, Any]:
    return {name: getattr(rotation, name) for name in _ROTATION}

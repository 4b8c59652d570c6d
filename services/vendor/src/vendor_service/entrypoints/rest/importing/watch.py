"""The progress of an import as server-sent events, read from what is stored, so that a restart interrupts nothing."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import orjson
from bela_kit.core.tenancy import TenantId
from bela_kit.rest import TenantContext, documented
from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from starlette.responses import Response

from vendor_service.domain.imports.job import ENDED, Import, ImportState
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest.edge import OFFICERS, PREFIX

_READERS = (*OFFICERS, "lpse_admin", "auditor")
_LOOK_SECONDS = 0.5
_KEEP_ALIVE_SECONDS = 15.0
# An open stream costs a look twice a second; whoever watches longer connects again, as event sources do by themselves.
_LONGEST_SECONDS = 600.0
# Nothing moves by itself from here; what an officer does next is another stream.
_RESTING = ENDED | {ImportState.PREVIEWED, ImportState.COMMITTED}


def router(container: Container) -> APIRouter:
    """Return the operation that watches an import."""
    routes = APIRouter(tags=["imports"])

    @routes.get(
        f"{PREFIX}/imports/{{import_id}}/events",
        **documented(
            roles=_READERS,
            reasons=("IMPORT_NOT_FOUND",),
            example='event: progress\ndata: {"state": "committing", "rows_done": 2500, "rows_total": 10264}\n',
        ),
        response_class=StreamingResponse,
    )
    async def watch_import(ctx: TenantContext, import_id: UUID) -> Response:
        """Follow an import as `text/event-stream`: an event for each change, `end` when nothing moves any more."""
        ctx.require(*_READERS)
        first = await _look(container, ctx.tenant, import_id)
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        stream = _events(container, ctx.tenant, first)
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)

    return routes


async def _look(container: Container, tenant: TenantId, import_id: UUID) -> Import:
    # A transaction for each look: a watcher who sits still must not hold a connection.
    async with container.transactions(tenant) as uow:
        return await uow.imports.get(import_id)


async def _events(container: Container, tenant: TenantId, record: Import) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    started = told_at = loop.time()
    told = b""
    while True:
        event = _event(record)
        if event != told:
            told, told_at = event, loop.time()
            yield event
        elif loop.time() - told_at > _KEEP_ALIVE_SECONDS:
            told_at = loop.time()
            yield b": \n\n"
        if record.state in _RESTING or loop.time() - started > _LONGEST_SECONDS:
            return
        await asyncio.sleep(_LOOK_SECONDS)
        record = await _look(container, tenant, record.import_id)


def _event(record: Import) -> bytes:
    data = {
        "state": record.state.value,
        "rows_done": record.rows_done,
        "rows_total": record.rows_total,
        "counts": record.counts,
    }
    name = b"end" if record.state in _RESTING else b"progress"
    return b"event: " + name + b"\ndata: " + orjson.dumps(data) + b"\n\n"

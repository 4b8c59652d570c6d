"""The register and the verdicts of an import as files, streamed: nothing of them is kept at rest."""

from collections.abc import AsyncIterator, Callable
from typing import Annotated
from uuid import UUID

from bela_kit.rest import TenantContext, documented
from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from starlette.responses import Response

from vendor_service.application.imports.export import Export, register_rows, verdict_rows
from vendor_service.domain.errors import FilterInvalid
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest.edge import OFFICERS, PREFIX, moment
from vendor_service.entrypoints.rest.importing.sheets import WRITERS, Batches

_FORMAT = Query(alias="format", description="xlsx or csv.", max_length=4)


def router(container: Container) -> APIRouter:
    """Return the operations that answer with files."""
    routes = APIRouter(tags=["imports"])
    _add_register(routes, container)
    _add_verdicts(routes, container)
    return routes


def _add_register(routes: APIRouter, container: Container) -> None:
    @routes.get(
        f"{PREFIX}/vendors:export",
        **documented(roles=OFFICERS, reasons=("FILTER_INVALID",), example="id_usaha;no;nama_usaha"),
        response_class=StreamingResponse,
    )
    async def export_register(
        ctx: TenantContext,
        wanted: Annotated[str, _FORMAT] = "xlsx",
        reveal_reason: Annotated[str | None, Query(min_length=10, max_length=500)] = None,
    ) -> Response:
        """Download the register in the columns of the import; numbers are masked unless a reason is given and logged.

        Imported again as it is, the file changes nothing: a masked number means that it stays.
        """
        by = moment(ctx, ctx.require(*OFFICERS))
        write, media_type = _writer(wanted)
        rows = register_rows(Export(ctx.tenant, by, reveal_reason), transactions=container.transactions)
        return StreamingResponse(write(rows), media_type=media_type, headers=_named(f"umkm-{ctx.tenant}.{wanted}"))


def _add_verdicts(routes: APIRouter, container: Container) -> None:
    @routes.get(
        f"{PREFIX}/imports/{{import_id}}/verdicts",
        **documented(roles=OFFICERS, reasons=("IMPORT_NOT_FOUND", "FILTER_INVALID"), example="no;nama_usaha;hasil"),
        response_class=StreamingResponse,
    )
    async def download_verdicts(
        ctx: TenantContext, import_id: UUID, wanted: Annotated[str, _FORMAT] = "xlsx"
    ) -> Response:
        """Download the rows of an import with verdict, codes and sentences beside, for 30 days after the upload."""
        ctx.require(*OFFICERS)
        write, media_type = _writer(wanted)
        async with container.transactions(ctx.tenant) as uow:
            await uow.imports.get(import_id)
        rows = verdict_rows(ctx.tenant, import_id, transactions=container.transactions)
        return StreamingResponse(write(rows), media_type=media_type, headers=_named(f"hasil-{import_id}.{wanted}"))


def _writer(wanted: str) -> tuple[Callable[[Batches], AsyncIterator[bytes]], str]:
    if wanted not in WRITERS:
        raise FilterInvalid("format")
    return WRITERS[wanted]


def _named(filename: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="{filename}"', "x-content-type-options": "nosniff"}

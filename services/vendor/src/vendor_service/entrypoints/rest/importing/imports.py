"""Import of a spreadsheet: upload, watch, look at the verdicts, commit or discard."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any
from uuid import UUID

from bela_kit.rest import RequestContext, TenantContext, documented, idempotent, in_tenant, json_response
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from vendor_service.application.imports.commit import discard_import, start_commit
from vendor_service.application.imports.mapping import MapColumns, map_columns
from vendor_service.application.imports.undo import start_undo
from vendor_service.application.imports.upload import UploadImport, keep_file, retry_import, upload_import
from vendor_service.domain.errors import FilterInvalid
from vendor_service.domain.identifiers import mask_number
from vendor_service.domain.imports.job import MAX_FILE_BYTES, Import
from vendor_service.domain.imports.messages import sentence
from vendor_service.domain.imports.row import ParsedRow
from vendor_service.domain.imports.verdict import Verdict
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest import examples
from vendor_service.entrypoints.rest.edge import OFFICERS, PREFIX, PageSize, PageToken, after_id, after_number, page


class MapBody(BaseModel):
    """Decisions about a file.

    Attributes:
        columns: Header as it stands in the file -> column of the template, null to read nothing from there.
        sheets: Names of the sheets to read, hidden ones too; empty for every visible one.
        save: Whether the next files of the same source are read so too.
    """

    model_config = ConfigDict(extra="forbid")

    columns: dict[Annotated[str, Field(max_length=300)], Annotated[str, Field(max_length=40)] | None] = Field(
        default_factory=dict, max_length=200
    )
    sheets: list[Annotated[str, Field(max_length=100)]] | None = Field(default=None, max_length=50)
    save: bool = False


_READERS = (*OFFICERS, "lpse_admin", "auditor")
_Answer = tuple[int, dict[str, Any], str | None]


def router(container: Container) -> APIRouter:
    """Return the operations on imports."""
    routes = APIRouter(tags=["imports"])
    _add_upload(routes, container)
    _add_reads(routes, container)
    _add_kept(routes, container)
    _add_verbs(routes, container)
    return routes


def _add_upload(routes: APIRouter, container: Container) -> None:
    @routes.post(
        f"{PREFIX}/imports",
        **documented(
            roles=OFFICERS,
            reasons=("WORKBOOK_EMPTY", "BODY_TOO_LARGE", "REGION_HAS_NO_VENDORS"),
            example=examples.IMPORT,
            status=202,
            body_limit_bytes=MAX_FILE_BYTES,
        ),
    )
    async def upload_import_file(
        ctx: TenantContext,
        request: Request,
        filename: Annotated[str, Query(min_length=1, max_length=200)],
        source: Annotated[str | None, Query(max_length=100)] = None,
    ) -> Response:
        """Upload an .xlsx or .csv as the raw body; a job reads it. The same content again answers 200."""
        actor = ctx.require(*OFFICERS)
        kept = await keep_file(ctx.tenant, request.stream(), container.files)
        command = UploadImport(filename.strip() or "tanpa nama", source, actor, ctx.now)
        async with container.transactions(ctx.tenant) as uow:
            record, is_new = await upload_import(command, kept, uow=uow)
        if not is_new:
            await container.files.delete(kept.key)
        return json_response(import_view(record), status=202 if is_new else 200)


def _add_reads(routes: APIRouter, container: Container) -> None:
    @routes.get(
        f"{PREFIX}/imports",
        **documented(roles=_READERS, example={"imports": [examples.IMPORT], "next_page_token": None}),
    )
    async def list_imports(ctx: TenantContext, page_size: PageSize = 20, page_token: PageToken = None) -> Response:
        """List the imports of the region, newest first."""
        ctx.require(*_READERS)

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            found = [import_view(one) for one in await uow.imports.page(after_id(page_token), page_size + 1)]
            return 200, page("imports", found, page_size, lambda one: one["import_id"]), None

        return await in_tenant(ctx, container.db, effect)

    @routes.get(f"{PREFIX}/imports/{{import_id}}", **documented(roles=_READERS, example=examples.IMPORT))
    async def get_import(ctx: TenantContext, import_id: UUID) -> Response:
        """Show where an import stands and how far its work is."""
        ctx.require(*_READERS)

        async def effect(connection: AsyncConnection) -> _Answer:
            return 200, import_view(await container.uow(connection, ctx.tenant).imports.get(import_id)), None

        return await in_tenant(ctx, container.db, effect)

    @routes.get(
        f"{PREFIX}/imports/{{import_id}}/rows",
        **documented(
            roles=_READERS, reasons=("FILTER_INVALID",), example={"rows": [examples.ROW], "next_page_token": None}
        ),
    )
    async def list_import_rows(
        ctx: TenantContext,
        import_id: UUID,
        verdict: Annotated[str | None, Query(max_length=30)] = None,
        code: Annotated[str | None, Query(pattern=r"^[A-Z][A-Z0-9_]{2,60}$", description="Reason or warning.")] = None,
        page_size: PageSize = 50,
        page_token: PageToken = None,
    ) -> Response:
        """Show the verdict of each row, in the sequence of the file."""
        ctx.require(*_READERS)
        if verdict is not None and verdict not in set(Verdict):
            raise FilterInvalid("verdict")

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            await uow.imports.get(import_id)
            found = await uow.reads.import_rows(import_id, verdict, code, after_number(page_token), page_size + 1)
            shown = [_row_view(row, container.row_keys.open(ctx.tenant, row["sealed"])) for row in found]
            return 200, page("rows", shown, page_size, lambda one: one["row_number"]), None

        return await in_tenant(ctx, container.db, effect)


def _add_kept(routes: APIRouter, container: Container) -> None:
    @routes.get(
        f"{PREFIX}/imports/{{import_id}}/kept",
        **documented(
            roles=_READERS,
            example={
                "vendors": [{"vendor_id": examples.VENDOR_ID, "reason": "CHANGED_SINCE", "fields": []}],
                "next_page_token": None,
            },
        ),
    )
    async def list_kept_vendors(
        ctx: TenantContext, import_id: UUID, page_size: PageSize = 50, page_token: PageToken = None
    ) -> Response:
        """Show which businesses an undo left as they are, wholly or in some fields, and why."""
        ctx.require(*_READERS)

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            await uow.imports.get(import_id)
            found = [
                {
                    "vendor_id": str(one.vendor_id),
                    "reason": one.reason.value,
                    "message": sentence(one.reason),
                    "fields": list(one.fields),
                }
                for one in await uow.imports.kept(import_id, after_id(page_token), page_size + 1)
            ]
            return 200, page("vendors", found, page_size, lambda one: one["vendor_id"]), None

        return await in_tenant(ctx, container.db, effect)


def _add_verbs(routes: APIRouter, container: Container) -> None:
    @routes.post(
        f"{PREFIX}/imports/{{import_id}}:commit",
        **documented(roles=OFFICERS, reasons=("IMPORT_STATE", "COMMIT_RUNNING"), example=examples.IMPORT, status=202),
    )
    async def commit_import(ctx: TenantContext, import_id: UUID) -> Response:
        """Have the rows stored: all of them or none. One import at a time in a region."""
        return await _verb(ctx, "commit_import", import_id)

    @routes.post(
        f"{PREFIX}/imports/{{import_id}}:discard",
        **documented(roles=OFFICERS, reasons=("IMPORT_STATE",), example=examples.IMPORT),
    )
    async def discard_import_rows(ctx: TenantContext, import_id: UUID) -> Response:
        """Give the import up; the same file may then be uploaded anew."""
        return await _verb(ctx, "discard_import", import_id)

    @routes.post(
        f"{PREFIX}/imports/{{import_id}}:undo",
        **documented(roles=OFFICERS, reasons=("IMPORT_STATE", "UNDO_TOO_LATE"), example=examples.IMPORT, status=202),
    )
    async def undo_committed_import(ctx: TenantContext, import_id: UUID) -> Response:
        """Take the whole import back, for 30 days: what nobody touched since is withdrawn, the rest is listed."""
        return await _verb(ctx, "undo_import", import_id)

    @routes.post(
        f"{PREFIX}/imports/{{import_id}}:retry",
        **documented(roles=OFFICERS, reasons=("IMPORT_STATE",), example=examples.IMPORT, status=202),
    )
    async def retry_failed_import(ctx: TenantContext, import_id: UUID) -> Response:
        """Read the file of a failed import again; one whose file was unreadable has none any more."""
        return await _verb(ctx, "retry_import", import_id)

    @routes.post(
        f"{PREFIX}/imports/{{import_id}}:map",
        **documented(
            roles=OFFICERS,
            reasons=("IMPORT_STATE", "MAPPING_INVALID"),
            example=examples.IMPORT,
            request_example={"columns": {"Nama Merek": "nama_usaha", "Kolom 7": None}, "save": True},
            status=202,
        ),
    )
    async def map_import_columns(ctx: TenantContext, import_id: UUID, body: MapBody) -> Response:
        """Say what columns mean and which sheets count; the file is read again, and those of its source after it."""
        actor = ctx.require(*OFFICERS)
        sheets = None if body.sheets is None else tuple(body.sheets)
        command = MapColumns(import_id, body.columns, sheets, body.save, actor)

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            return 202, import_view(await map_columns(command, uow=uow, clock=container.clock)), None

        return await idempotent(ctx, container.db, "map_import", effect, required=False)

    async def _verb(ctx: RequestContext, operation: str, import_id: UUID) -> Response:
        actor = ctx.require(*OFFICERS)
        act, status = _VERBS[operation]

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            record = await act(import_id, actor, uow=uow, clock=container.clock)
            return status, import_view(record), None

        return await idempotent(ctx, container.db, operation, effect, required=False)


_VERBS: Mapping[str, tuple[Callable[..., Awaitable[Import]], int]] = {
    "commit_import": (start_commit, 202),
    "discard_import": (discard_import, 200),
    "undo_import": (start_undo, 202),
    "retry_import": (retry_import, 202),
}


def import_view(record: Import) -> dict[str, Any]:
    """Return an import as its officers see it."""
    return {
        "import_id": str(record.import_id),
        "state": record.state.value,
        "filename": record.filename,
        "source": record.source,
        "sha256": record.sha256,
        "size_bytes": record.size_bytes,
        "counts": record.counts,
        "progress": {"rows_total": record.rows_total, "rows_done": record.rows_done},
        "failure": record.failure,
        "layout": record.layout,
        "uploaded_at": record.uploaded_at,
        "previewed_at": record.previewed_at,
        "finished_at": record.finished_at,
        "undone_at": record.undone_at,
        "undone": record.undone,
        "figures": record.figures,
    }


def _row_view(row: Mapping[str, Any], parsed: ParsedRow) -> dict[str, Any]:
    owner = parsed.owners[0] if parsed.owners else {}
    return {
        "row_number": row["row_number"],
        "sheet": row["sheet"],
        "sheet_row": row["sheet_row"],
        "verdict": row["verdict"],
        "vendor_id": row["vendor_id"] and str(row["vendor_id"]),
        "other_vendor_id": row["other_id"] and str(row["other_id"]),
        "reasons": [_reason(one) for one in row["reasons"]],
        "warnings": [{"field": one[0], "reason": one[1], "message": sentence(one[1])} for one in row["warnings"]],
        "changes": row["changes"],
        "business": {
            "name": parsed.profile.get("name"),
            "owner_name": owner.get("name"),
            "nik": mask_number(owner.get("nik")),
            "district_code": parsed.profile.get("district_code"),
            "village_code": parsed.profile.get("village_code"),
        },
    }


def _reason(text: str) -> dict[str, Any]:
    """Return a stored reason: `field:REASON` of a rejection, `ROW_17` of a row meant, or a rule."""
    field, colon, reason = text.partition(":")
    if colon:
        return {"field": field, "reason": reason, "message": sentence(reason)}
    if text.startswith("ROW_"):
        return {"field": None, "reason": "SAME_AS_ROW", "message": f"Sama dengan baris {text[4:]}."}
    return {"field": None, "reason": text, "message": sentence(text)}

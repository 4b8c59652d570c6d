"""Lists that businesses are screened against: employees of the region, and the national Daftar Hitam."""

from typing import Annotated, Any
from uuid import UUID

from bela_kit.core.ids import new_id
from bela_kit.rest import TenantContext, documented, in_tenant, json_response
from fastapi import APIRouter, Query, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from vendor_service.application.imports.upload import keep_file
from vendor_service.application.screening.lists import upload_list
from vendor_service.application.screening.ports import ScreeningList
from vendor_service.domain.errors import FilterInvalid
from vendor_service.domain.imports.job import MAX_FILE_BYTES
from vendor_service.domain.roles import LPSE
from vendor_service.domain.screening.rows import ListKind, ListMode
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest import examples
from vendor_service.entrypoints.rest.edge import PREFIX, PageSize, PageToken, after_id, page

_Answer = tuple[int, Any, str | None]
_READERS = (LPSE, "auditor")
_LIST: dict[str, Any] = {
    "list_id": "0192f1c0-7e1a-7c3e-9a51-2f6f6f1f0031",
    "kind": "employees",
    "mode": "replace",
    "filename": "asn-2026.xlsx",
    "letter": "800/12/BKPSDM/2026",
    "size_bytes": 180233,
    "state": "done",
    "counts": {"rows": 6210, "new": 6210, "rejected_nik_not_readable": 4},
    "failure": None,
    "uploaded_by": "lpse_admin.3510",
    "uploaded_at": "2026-03-02T02:15:00+00:00",
    "finished_at": "2026-03-02T02:15:02+00:00",
}
_MATCH = {
    "vendor_id": examples.VENDOR_ID,
    "name": "CV Maju Jaya",
    "entry_name": "CV. MAJU JAYA",
    "basis_letter": "SK/12/LKPP/2026",
    "issuer": "LKPP",
    "valid_from": "2026-01-10",
    "valid_to": "2028-01-09",
}


def router(container: Container) -> APIRouter:
    """Return the operations on screening lists."""
    routes = APIRouter(tags=["screening"])
    _add_upload(routes, container)
    _add_reads(routes, container)
    return routes


def _add_upload(routes: APIRouter, container: Container) -> None:
    @routes.post(
        f"{PREFIX}/screening_lists",
        **documented(
            roles=(LPSE,),
            reasons=("FILTER_INVALID", "WORKBOOK_EMPTY", "BODY_TOO_LARGE", "REGION_HAS_NO_VENDORS"),
            example={**_LIST, "state": "uploaded", "counts": {}, "finished_at": None},
            status=202,
            body_limit_bytes=MAX_FILE_BYTES,
        ),
    )
    async def upload_screening_list(
        ctx: TenantContext,
        request: Request,
        kind: Annotated[str, Query(max_length=20, description="`employees` or `daftar_hitam`.")],
        filename: Annotated[str, Query(min_length=1, max_length=200)],
        letter: Annotated[str, Query(min_length=1, max_length=100, description="Letter that it came with.")],
        mode: Annotated[str, Query(max_length=10, description="`replace` or `add`.")] = "replace",
    ) -> Response:
        """Upload an .xlsx or .csv as the raw body. A job turns it into keyed hashes and removes it; counts remain."""
        actor = ctx.require(LPSE)
        for name, value, known in (("kind", kind, set(ListKind)), ("mode", mode, set(ListMode))):
            if value not in known:
                raise FilterInvalid(name)
        kept = await keep_file(ctx.tenant, request.stream(), container.files)
        record = ScreeningList(
            tenant=ctx.tenant,
            list_id=new_id(),
            kind=ListKind(kind),
            mode=ListMode(mode),
            filename=filename,
            letter=letter,
            sha256=kept.sha256,
            size_bytes=kept.size,
            file_key=kept.key,
            uploaded_by=actor.principal,
            uploaded_role=actor.role,
            uploaded_at=ctx.now,
        )
        async with container.transactions(ctx.tenant) as uow:
            await upload_list(record, uow=uow)
        return json_response(_view(record), status=202)


def _add_reads(routes: APIRouter, container: Container) -> None:
    @routes.get(
        f"{PREFIX}/screening_lists",
        **documented(roles=_READERS, example={"screening_lists": [_LIST], "next_page_token": None}),
    )
    async def list_screening_lists(
        ctx: TenantContext, page_size: PageSize = 20, page_token: PageToken = None
    ) -> Response:
        """List the uploads, newest first; never what stood in them."""
        ctx.require(*_READERS)

        async def effect(connection: AsyncConnection) -> _Answer:
            screening = container.uow(connection, ctx.tenant).screening
            found = [_view(one) for one in await screening.lists(after_id(page_token), page_size + 1)]
            return 200, page("screening_lists", found, page_size, lambda one: one["list_id"]), None

        return await in_tenant(ctx, container.db, effect)

    @routes.get(
        f"{PREFIX}/screening_lists/{{list_id}}",
        **documented(roles=_READERS, reasons=("LIST_NOT_FOUND",), example=_LIST),
    )
    async def get_screening_list(ctx: TenantContext, list_id: UUID) -> Response:
        """Show where an upload stands."""
        ctx.require(*_READERS)

        async def effect(connection: AsyncConnection) -> _Answer:
            return 200, _view(await container.uow(connection, ctx.tenant).screening.get_list(list_id)), None

        return await in_tenant(ctx, container.db, effect)

    @routes.get(
        f"{PREFIX}/blacklist_name_matches",
        **documented(roles=_READERS, example={"blacklist_name_matches": [_MATCH], "next_page_token": None}),
    )
    async def list_blacklist_name_matches(
        ctx: TenantContext, page_size: PageSize = 50, page_token: PageToken = None
    ) -> Response:
        """List businesses named like an entry of the Daftar Hitam that no number ties to them, for a human."""
        ctx.require(*_READERS)

        async def effect(connection: AsyncConnection) -> _Answer:
            screening = container.uow(connection, ctx.tenant).screening
            found = await screening.name_matches(after_id(page_token), page_size + 1)
            shown = [{**one, "vendor_id": str(one["vendor_id"])} for one in found]
            return 200, page("blacklist_name_matches", shown, page_size, lambda one: one["vendor_id"]), None

        return await in_tenant(ctx, container.db, effect)


def _view(record: ScreeningList) -> dict[str, Any]:
    names = ("filename", "letter", "size_bytes", "state", "counts", "failure", "uploaded_by", "uploaded_at")
    return {
        "list_id": str(record.list_id),
        "kind": record.kind.value,
        "mode": record.mode.value,
        **{name: getattr(record, name) for name in names},
        "finished_at": record.finished_at,
    }

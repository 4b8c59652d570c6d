"""The national Daftar Hitam for every region at once, uploaded by the operator of the platform."""

from typing import Annotated

from bela_kit.rest import OperatorContext, documented, json_response
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from vendor_service.application.screening.lists import NationalList, fan_out
from vendor_service.domain.imports.job import MAX_FILE_BYTES
from vendor_service.entrypoints.container import Container


def router(container: Container) -> APIRouter:
    """Return the operation on the national list."""
    routes = APIRouter(tags=["screening"])

    @routes.post(
        "/vendor/v1/daftar_hitam",
        **documented(
            roles=("platform_operator",),
            reasons=("WORKBOOK_EMPTY", "BODY_TOO_LARGE"),
            example={"regions": 12, "filename": "daftar-hitam-2026-03.xlsx", "letter": "SE/3/LKPP/2026"},
            status=202,
            body_limit_bytes=MAX_FILE_BYTES,
        ),
    )
    async def upload_national_list(
        ctx: OperatorContext,
        request: Request,
        filename: Annotated[str, Query(min_length=1, max_length=200)],
        letter: Annotated[str, Query(min_length=1, max_length=100, description="Where the list was published.")],
    ) -> Response:
        """Upload an .xlsx or .csv as the raw body; every region gets it sealed with its own key and reads it by a job.

        It takes the place of the list before. Sent again after a failure, it does the same once more.
        """
        assert ctx.principal is not None
        upload = NationalList(filename, letter, ctx.principal.subject)
        count = await fan_out(
            upload,
            request.stream(),
            await container.regions(),
            transactions=container.transactions,
            files=container.files,
            clock=container.clock,
        )
        return json_response({"regions": count, "filename": filename, "letter": letter}, status=202)

    return routes

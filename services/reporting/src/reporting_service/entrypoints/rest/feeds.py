"""REST operations of the open data: OCDS release packages, page by page, and the record of one process."""

from typing import Any

import orjson
from bela_kit.core.clock import Clock
from bela_kit.db import Database
from bela_kit.pagination import encode_token
from bela_kit.rest import PublicContext, documented, json_response
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from reporting_service.adapters.reports import SqlReports
from reporting_service.application import ocds_feed
from reporting_service.entrypoints.rest import examples
from reporting_service.entrypoints.rest.parameters import Size, Token, after_position, asker
from reporting_service.entrypoints.rest.reports import REGION
from reporting_service.entrypoints.rest.schemas import OcdsRecordPackage, OcdsReleasePackage
from reporting_service.ocds.package import record_package, release_package


class _Feeds:
    """The handlers."""

    def __init__(self, database: Database, clock: Clock, public_url: str) -> None:
        self._database = database
        self._clock = clock
        self._public_url = public_url.rstrip("/")

    async def ocds_releases(
        self, request: Request, ctx: PublicContext, page_size: Size = 100, page_token: Token = None
    ) -> Response:
        """Publish releases in the order they came about; `links.next` leads on, and is absent at the end.

        Positions have no gaps: a reader who keeps the last `page_token` and asks again later misses nothing.
        """
        after = after_position(page_token)
        async with self._database.tenant_transaction(ctx.tenant) as connection:
            page = await ocds_feed.release_page(
                asker(ctx, self._clock), size=page_size, after=after, reports=SqlReports(connection)
            )
        address = f"{self._origin(request)}{request.url.path}"
        following = None
        if page.next_position is not None:
            token = encode_token({"position": page.next_position})
            following = f"{address}?page_size={page_size}&page_token={token}"
        package = release_package(
            uri=f"{address}?{request.url.query}" if request.url.query else address,
            publisher=self._clock.settings(ctx.tenant).name,
            published=page.as_of,
            releases=[_json(text) for text in page.releases],
            next_uri=following,
        )
        return json_response(package)

    async def ocds_record(self, request: Request, ctx: PublicContext, ocid: str) -> Response:
        """Publish one contracting process: every release of it, and the compiled one."""
        async with self._database.tenant_transaction(ctx.tenant) as connection:
            found = await ocds_feed.record(asker(ctx, self._clock), ocid, reports=SqlReports(connection))
        package = record_package(
            uri=f"{self._origin(request)}{request.url.path}",
            publisher=self._clock.settings(ctx.tenant).name,
            published=found.as_of,
            ocid=found.ocid,
            releases=[_json(text) for text in found.releases],
            compiled=found.compiled,
        )
        return json_response(package)

    def _origin(self, request: Request) -> str:
        return self._public_url or f"{request.url.scheme}://{request.url.netloc}"


def feeds_router(database: Database, clock: Clock, public_url: str) -> APIRouter:
    """Return the operations of the open data."""
    router, handlers = APIRouter(), _Feeds(database, clock, public_url)
    operations: tuple[tuple[str, Any, Any, Any, tuple[str, ...]], ...] = (
        (f"{REGION}/ocds/releases", handlers.ocds_releases, OcdsReleasePackage, examples.RELEASES, ("PAGE_TOKEN",)),
        (
            f"{REGION}/ocds/records/{{ocid}}",
            handlers.ocds_record,
            OcdsRecordPackage,
            examples.RECORD,
            ("OCID_UNKNOWN",),
        ),
    )
    for path, handler, model, example, reasons in operations:
        router.add_api_route(
            path,
            handler,
            methods=["GET"],
            response_model=model,
            tags=["open data"],
            **documented(reasons=reasons, example=example),
        )
    return router


def _json(text: str) -> orjson.Fragment:
    # As it was stored when it was published: read and written again it could only change.
    return orjson.Fragment(text)

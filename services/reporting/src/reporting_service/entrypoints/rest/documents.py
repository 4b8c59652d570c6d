"""The merged OpenAPI document of all services, and a viewer for it that loads nothing from elsewhere.

The viewer's files come out of an installed package; only their folder is looked up, nothing of it is imported.
"""

import importlib.util
from functools import cached_property
from pathlib import Path

from bela_kit.rest import RouteUnknown, json_response
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

_VIEWER_PACKAGE = "fastapi_offline"
_ASSETS = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "frame-ancestors 'none'"
)
_PAGE = """<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bela: API publik</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="viewer"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
_START = """SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#viewer",
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: -1,
  persistAuthorization: true,
  tryItOutEnabled: false,
  validatorUrl: null
});
"""


class _Documents:
    """The handlers; files are read when first asked for."""

    def __init__(self, openapi_file: str) -> None:
        self._openapi_file = openapi_file

    @cached_property
    def _folder(self) -> Path | None:
        spec = importlib.util.find_spec(_VIEWER_PACKAGE)
        locations = spec.submodule_search_locations if spec is not None else None
        return Path(next(iter(locations))) / "static" if locations else None

    async def openapi(self, request: Request) -> Response:
        """Return the merged document; without a file, this service's own."""
        if self._openapi_file:
            return FileResponse(self._openapi_file, media_type="application/json")
        return json_response(request.app.openapi())

    async def docs(self) -> Response:
        """Return the viewer's page."""
        return HTMLResponse(_PAGE, headers={"Content-Security-Policy": _POLICY})

    async def start(self) -> Response:
        """Return the script that starts the viewer."""
        return Response(_START, media_type="text/javascript")

    async def asset(self, name: str) -> Response:
        """Return a file of the viewer."""
        if name not in _ASSETS or self._folder is None or not (self._folder / name).is_file():
            raise RouteUnknown
        headers = {"Cache-Control": "public, max-age=86400"}
        return FileResponse(self._folder / name, media_type=_ASSETS[name], headers=headers)


def documents_router(openapi_file: str) -> APIRouter:
    """Return the operations of the document and its viewer; they are not part of the document."""
    router, handlers = APIRouter(), _Documents(openapi_file)
    for path, handler in (
        ("/openapi.json", handlers.openapi),
        ("/docs", handlers.docs),
        ("/docs/start.js", handlers.start),
        ("/docs/{name}", handlers.asset),
    ):
        router.add_api_route(path, handler, methods=["GET"], include_in_schema=False)
    return router

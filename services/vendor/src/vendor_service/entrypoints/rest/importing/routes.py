"""All operations around imports."""

from fastapi import APIRouter

from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest.importing import export, imports, merging, watch


def router(container: Container) -> APIRouter:
    """Return the operations on imports, exports and merges."""
    routes = APIRouter()
    for module in (imports, watch, export, merging):
        routes.include_router(module.router(container))
    return routes

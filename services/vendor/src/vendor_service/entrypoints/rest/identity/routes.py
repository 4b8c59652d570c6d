"""All operations on identity as one router."""

from fastapi import APIRouter

from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest.identity import certificates, kbli, members


def router(container: Container) -> APIRouter:
    """Return the operations with their parts filled in."""
    routes = APIRouter(tags=["identity"])
    for module in (certificates, kbli, members):
        module.add(routes, container)
    return routes

"""All operations on what keeps a business from orders."""

from fastapi import APIRouter

from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest.safeguards import conflicts, groups, lists, national, producers, sanctions

_MODULES = (sanctions, lists, national, conflicts, groups, producers)


def router(container: Container) -> APIRouter:
    """Return the operations of every module here."""
    routes = APIRouter()
    for module in _MODULES:
        # Taken over as they are: a router included in another would be copied without its strict reading of bodies.
        routes.routes.extend(module.router(container).routes)
    return routes

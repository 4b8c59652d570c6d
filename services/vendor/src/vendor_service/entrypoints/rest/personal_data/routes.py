"""All operations on personal data as one router."""

from fastapi import APIRouter

from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest.personal_data import key_rotations


def router(container: Container) -> APIRouter:
    """Return the operations with their parts filled in."""
    routes = APIRouter()
    for module in (key_rotations,):
        routes.include_router(module.router(container))
    return routes

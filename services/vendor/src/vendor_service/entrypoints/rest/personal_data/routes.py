"""All operations on personal data as one router."""

from fastapi import APIRouter

from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest.personal_data import consents, data_requests, key_rotations


def router(container: Container) -> APIRouter:
    """Return the operations with their parts filled in."""
    routes = APIRouter(tags=["personal data"])
    for module in (consents, data_requests, key_rotations):
        module.add(routes, container)
    return routes

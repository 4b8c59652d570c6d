"""Operations on training and mentoring programmes."""

from fastapi import APIRouter

from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest.programmes import outcomes, participation, planning


def router(container: Container) -> APIRouter:
    """Return the operations on programmes."""
    routes = APIRouter(tags=["programmes"])
    for module in (planning, participation, outcomes):
        module.add(routes, container)
    return routes

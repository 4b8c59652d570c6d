"""All operations of the catalog's public API."""

from fastapi import APIRouter

from catalog_service.entrypoints.rest.api import Api
from catalog_service.entrypoints.rest.capacity import capacity_router
from catalog_service.entrypoints.rest.products import products_router
from catalog_service.entrypoints.rest.reference import reference_router
from catalog_service.entrypoints.rest.search import search_router


def routers(api: Api) -> list[APIRouter]:
    """Return the routers of the service."""
    return [reference_router(api), search_router(api), products_router(api), capacity_router(api)]

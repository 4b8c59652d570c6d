"""All operations of the public interface."""

from collections.abc import Sequence

from fastapi import APIRouter

from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest import evidence, figures, guests, imports, onboarding, programmes, vendors


def routers(container: Container) -> Sequence[APIRouter]:
    """Return the routers with their parts filled in."""
    modules = (imports, vendors, onboarding, evidence, guests, figures, programmes)
    return [module.router(container) for module in modules]

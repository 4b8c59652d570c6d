"""All operations of the public interface."""

from collections.abc import Sequence

from fastapi import APIRouter

from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest import (
    areas,
    evidence,
    funnel,
    guests,
    onboarding,
    programmes,
    readiness,
    reviews,
    selling,
    vendors,
    visits,
)
from vendor_service.entrypoints.rest.identity import routes as identity
from vendor_service.entrypoints.rest.importing import routes as importing
from vendor_service.entrypoints.rest.personal_data import routes as personal_data
from vendor_service.entrypoints.rest.safeguards import routes as safeguards

_ONBOARDING = (onboarding, evidence, funnel, reviews, selling)
_GROWTH = (programmes, visits, readiness)


def routers(container: Container) -> Sequence[APIRouter]:
    """Return the routers with their parts filled in."""
    modules = (
        importing,
        vendors,
        *_ONBOARDING,
        guests,
        areas,
        *_GROWTH,
        safeguards,
        identity,
        personal_data,
    )
    return [module.router(container) for module in modules]

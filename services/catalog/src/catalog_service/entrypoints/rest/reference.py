"""Categories and profiles: the same for every region, open to anybody."""

from bela_kit.rest import documented, json_response
from fastapi import APIRouter
from starlette.responses import Response

from catalog_service.entrypoints.rest import examples
from catalog_service.entrypoints.rest.api import Api
from catalog_service.entrypoints.rest.presenters import category_view, profile_view
from catalog_service.entrypoints.rest.schemas import CategoryList, ProfileList


def reference_router(api: Api) -> APIRouter:
    """Return the operations on reference data."""
    router = APIRouter(tags=["reference"])

    @router.get("/catalog/v1/categories", response_model=CategoryList, **documented(example=examples.CATEGORIES))
    async def list_categories() -> Response:
        """List what may be sold, with the supply type for tax and the certificates that are needed."""
        book = await api.reference.book()
        found = [category_view(one) for one in book.categories.values()]
        return json_response({"version": book.version, "categories": found})

    @router.get("/catalog/v1/profiles", response_model=ProfileList, **documented(example=examples.PROFILES))
    async def list_profiles() -> Response:
        """List what a need may ask for: things with measurable content, each priced in one unit."""
        book = await api.reference.book()
        found = [profile_view(one) for one in book.profiles.values()]
        return json_response({"version": book.version, "profiles": found})

    return router

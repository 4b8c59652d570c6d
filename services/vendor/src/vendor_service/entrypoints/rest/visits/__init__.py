"""Operations on field visits."""

from vendor_service.entrypoints.rest.visits.routes import router

__all__ = ["router"]

"""Operations on readiness for INAPROC, and the seller's checklist."""

from vendor_service.entrypoints.rest.readiness.routes import router

__all__ = ["router"]

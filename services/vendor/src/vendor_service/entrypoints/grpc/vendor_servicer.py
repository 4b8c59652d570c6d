"""Answers the other services about businesses; reads only, no locks."""

from typing import Any
from uuid import UUID

from bela.vendor.v1 import vendor_service_pb2 as pb
from bela.vendor.v1 import vendor_service_pb2_grpc as stubs
from bela_kit.core.tenancy import TenantId, parse_tenant

from vendor_service.application.eligibility import Candidate, Question, reasons_against
from vendor_service.domain.errors import ParentInvalid, TooManyIds, VendorNotFound
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.grpc.mapping import question_of
from vendor_service.vendor_message import day_message, vendor_message

MOST_IDS = 200
_CALLERS = frozenset({"svc:order", "svc:catalog", "svc:reporting"})
ALLOWED_CALLERS = {
    "/bela.vendor.v1.VendorService/GetVendor": _CALLERS,
    "/bela.vendor.v1.VendorService/BatchGetVendors": _CALLERS,
    "/bela.vendor.v1.VendorService/CheckEligibility": _CALLERS,
}


class VendorServicer(stubs.VendorServiceServicer):
    """The register for other services."""

    def __init__(self, container: Container) -> None:
        self._container = container

    async def GetVendor(self, request: pb.GetVendorRequest, context: Any) -> pb.GetVendorResponse:
        """Get one business; refuses with VENDOR_NOT_FOUND."""
        tenant = self._tenant(request.parent)
        found = _ids([request.vendor_id])
        async with self._container.transactions(tenant) as uow:
            vendors = await uow.vendors.peek(found.values())
        if not vendors:
            raise VendorNotFound
        return pb.GetVendorResponse(vendor=vendor_message(next(iter(vendors.values()))))

    async def BatchGetVendors(self, request: pb.BatchGetVendorsRequest, context: Any) -> pb.BatchGetVendorsResponse:
        """Get businesses of one region; unknown ids are left out."""
        tenant = self._tenant(request.parent)
        async with self._container.transactions(tenant) as uow:
            found = await uow.vendors.peek(_ids(request.vendor_ids).values())
        return pb.BatchGetVendorsResponse(vendors=[vendor_message(vendor) for vendor in found.values()])

    async def CheckEligibility(self, request: pb.CheckEligibilityRequest, context: Any) -> pb.CheckEligibilityResponse:
        """Say for each business whether it may take the order, in the sequence of the request."""
        tenant = self._tenant(request.parent)
        question = question_of(request)
        ids = _ids(request.vendor_ids)
        async with self._container.transactions(tenant) as uow:
            found = await uow.eligibility.candidates(ids.values(), question)
        results = [
            _eligibility(text, found.get(ids[text]) if text in ids else None, question) for text in request.vendor_ids
        ]
        return pb.CheckEligibilityResponse(results=results)

    def _tenant(self, parent: str) -> TenantId:
        collection, _, code = parent.partition("/")
        if collection != "regions":
            raise ParentInvalid
        tenant = parse_tenant(code)
        self._container.clock.settings(tenant)
        return tenant


def _eligibility(text: str, candidate: Candidate | None, question: Question) -> pb.Eligibility:
    reasons = reasons_against(candidate, question)
    until = candidate.restraint.until if candidate is not None and candidate.restraint is not None else None
    return pb.Eligibility(vendor_id=text, eligible=not reasons, reasons=reasons, suspended_until=day_message(until))


def _ids(texts: Any) -> dict[str, UUID]:
    if len(texts) > MOST_IDS:
        raise TooManyIds
    found = {}
    for text in texts:
        try:
            found[text] = UUID(text)
        except ValueError:
            # What is no identifier is nobody's.
            continue
    return found

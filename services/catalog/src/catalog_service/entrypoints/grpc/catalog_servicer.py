"""Answers the other services. Each call opens its own transactions: none was open before, none stays open after."""

from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from bela.catalog.v1 import catalog_service_pb2 as pb
from bela.catalog.v1 import catalog_service_pb2_grpc as stubs
from bela_kit.core.clock import Clock
from bela_kit.core.tenancy import TenantId

from catalog_service.application.find_offers import OfferReader, find_offers
from catalog_service.application.ports import Location, ReferenceStore, UnitOfWork
from catalog_service.application.release import release
from catalog_service.application.reserve import check_lines, home_of, reserve
from catalog_service.entrypoints.grpc.mapping import (
    find_offers_of,
    offers_message,
    release_of,
    reservation_message,
    reserve_of,
)

ALLOWED_CALLERS = {
    "/bela.catalog.v1.CatalogService/FindOffers": frozenset({"svc:order"}),
    "/bela.catalog.v1.CatalogService/Reserve": frozenset({"svc:order"}),
    "/bela.catalog.v1.CatalogService/Release": frozenset({"svc:order"}),
}


class Doors(Protocol):
    """The ways to the data that this entry point needs."""

    def unit_of_work(self, tenant: TenantId) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open a transaction of one region; it commits at the end."""

    async def locate(self, product_ids: list[str]) -> list[Location]:
        """Return where products live."""


class CatalogServicer(stubs.CatalogServiceServicer):
    """The catalog for other services."""

    def __init__(self, doors: Doors, offers: OfferReader, reference: ReferenceStore, clock: Clock) -> None:
        self._doors = doors
        self._offers = offers
        self._reference = reference
        self._clock = clock

    async def FindOffers(self, request: pb.FindOffersRequest, context: Any) -> pb.FindOffersResponse:
        """List the offers of a profile with the facts of one day and place."""
        query = find_offers_of(request, self._clock)
        book = await self._reference.book()
        return offers_message(await find_offers(query, reader=self._offers, reference=book, clock=self._clock))

    async def Reserve(self, request: pb.ReserveRequest, context: Any) -> pb.ReserveResponse:
        """Price the lines and hold the seller's capacity."""
        command = reserve_of(request, self._clock)
        check_lines(command.lines)
        wanted = sorted({line.product_id for line in command.lines})
        home = home_of(command.lines, await self._doors.locate(wanted)).home
        async with self._doors.unit_of_work(home) as uow:
            made = await reserve(command, home, uow=uow, clock=self._clock)
        return reservation_message(made)

    async def Release(self, request: pb.ReleaseRequest, context: Any) -> pb.ReleaseResponse:
        """Give back what one refused attempt took."""
        command = release_of(request, self._clock)
        async with self._doors.unit_of_work(command.home) as uow:
            return pb.ReleaseResponse(released=await release(command, uow=uow))

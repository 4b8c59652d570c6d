"""Opens transactions and hands out what works on them."""

from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date

from bela_kit.core.tenancy import TenantId
from bela_kit.db import Database
from bela_kit.outbox import Outbox

from catalog_service.adapters.capacity_calendar import SqlCapacityCalendar
from catalog_service.adapters.listings import SqlListings
from catalog_service.adapters.reference_store import ReferenceTables
from catalog_service.adapters.unit_of_work import SqlUnitOfWork
from catalog_service.application.ports import CategorySeller, Listing, Location
from catalog_service.domain.capacity import CapacityDay
from catalog_service.domain.reference import Profile

_REMEMBERED = 50_000


class SqlDoors:
    """The ways to the data for calls that are not bound to one region from the start."""

    def __init__(self, db: Database, outbox: Outbox, reference: ReferenceTables) -> None:
        self._db = db
        self._outbox = outbox
        self._reference = reference
        # A product never changes its seller nor a seller's product its home, so what was found once stays true; it
        # saves each order a transaction.
        self._locations: OrderedDict[str, Location] = OrderedDict()

    @asynccontextmanager
    async def unit_of_work(self, tenant: TenantId) -> AsyncIterator[SqlUnitOfWork]:
        """Open a transaction of one region; it commits at the end."""
        async with self._db.tenant_transaction(tenant) as connection:
            yield SqlUnitOfWork(connection, self._outbox, await self._reference.book(connection))

    async def locate(self, product_ids: list[str]) -> list[Location]:
        """Return where products live."""
        missing = [one for one in product_ids if one not in self._locations]
        if missing:
            async with self._db.public_transaction() as connection:
                listings = SqlListings(connection, await self._reference.vocabulary(connection))
                for found in await listings.locate(missing):
                    self._locations[found.product_id] = found
        located = [self._locations[one] for one in product_ids if one in self._locations]
        while len(self._locations) > _REMEMBERED:
            self._locations.popitem(last=False)
        return located

    async def offers(
        self, buyer: TenantId, profile: Profile, today: date
    ) -> tuple[Sequence[Listing], Sequence[CategorySeller]]:
        """Return the published or moderated offers of a profile, and the sellers of its category."""
        async with self._db.tenant_transaction(buyer) as connection:
            listings = SqlListings(connection, await self._reference.vocabulary(connection))
            offers = await listings.offers(buyer, profile.code, today)
            return offers, await listings.sellers(buyer, profile.category_code, profile.unit, today)

    async def days(self, home: TenantId, capacities: Mapping[str, int], on_date: date) -> Sequence[CapacityDay]:
        """Return one day of products of one home region."""
        async with self._db.tenant_transaction(home) as connection:
            return await SqlCapacityCalendar(connection).days(home, capacities, on_date)

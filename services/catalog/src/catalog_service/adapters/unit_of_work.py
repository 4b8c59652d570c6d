"""One open transaction of one region with everything a use case needs on it."""

from bela_kit.outbox import Outbox
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog_service.adapters.capacity_calendar import SqlCapacityCalendar
from catalog_service.adapters.event_mapping import outgoing
from catalog_service.adapters.product_repository import SqlProductRepository
from catalog_service.adapters.vendor_directory import SqlVendorDirectory
from catalog_service.domain.reference import ReferenceBook


class SqlUnitOfWork:
    """Adapters over one connection; whoever opened the transaction commits it."""

    def __init__(self, connection: AsyncConnection, outbox: Outbox, reference: ReferenceBook) -> None:
        self._connection = connection
        self._outbox = outbox
        self.products = SqlProductRepository(connection, reference)
        self.vendors = SqlVendorDirectory(connection)
        self.calendar = SqlCapacityCalendar(connection)

    async def flush(self) -> None:
        """Append what was recorded.

        The repository has written the rows by now and so holds their locks; positions in the outbox therefore follow
        the commits of each product.
        """
        events, self.products.recorded = self.products.recorded, []
        await self._outbox.append(self._connection, [outgoing(event) for event in events])

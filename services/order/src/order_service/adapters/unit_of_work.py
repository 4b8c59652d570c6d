"""One region's transaction as the use cases see it; the edge opened it and commits it.

Aggregates are written as they are saved, events only in `flush`: the lock on an aggregate's row is then held when its
events get their places in the outbox, so that places follow commits.
"""

from bela_kit.core.tenancy import TenantId
from bela_kit.outbox import Outbox
from sqlalchemy.ext.asyncio import AsyncConnection

from order_service.adapters.event_mapping import order_event
from order_service.adapters.fact_mapping import fact_event
from order_service.adapters.repositories.authority import SqlGrants, SqlRegions, SqlUnits
from order_service.adapters.repositories.budget import SqlBudgetLines, SqlRupPackages
from order_service.adapters.repositories.needs import SqlNeeds
from order_service.adapters.repositories.orders import SqlOrders
from order_service.adapters.repositories.policy import SqlPolicyRules
from order_service.adapters.repositories.seller_facts import SqlSellerFacts
from order_service.adapters.repositories.sellers import SqlSellers
from order_service.adapters.repositories.suggestions import SqlSuggestions
from order_service.application.facts import Fact
from order_service.domain.events import OrderEvent


class SqlUnitOfWork:
    """`UnitOfWork` on a connection in a region's transaction."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId, outbox: Outbox) -> None:
        self.tenant = tenant
        self._connection = connection
        self._outbox = outbox
        self._recorded: list[Fact | OrderEvent] = []
        self.regions = SqlRegions(connection, tenant)
        self.grants = SqlGrants(connection, tenant)
        self.units = SqlUnits(connection, tenant)
        self.budget = SqlBudgetLines(connection, tenant)
        self.rup = SqlRupPackages(connection, tenant)
        self.needs = SqlNeeds(connection, tenant)
        self.sellers = SqlSellers(connection, tenant)
        self.policy = SqlPolicyRules(connection, tenant)
        self.suggestions = SqlSuggestions(connection, tenant)
        self.orders = SqlOrders(connection, tenant, self._recorded.append)
        self.seller_facts = SqlSellerFacts(connection, tenant)

    def record(self, fact: Fact) -> None:
        """Note what happened."""
        self._recorded.append(fact)

    async def flush(self) -> None:
        """Append what was recorded to the outbox, after the aggregates."""
        recorded, self._recorded[:] = list(self._recorded), []
        await self._outbox.append(
            self._connection,
            [order_event(each) if isinstance(each, OrderEvent) else fact_event(self.tenant, each) for each in recorded],
        )

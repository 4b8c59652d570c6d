"""Consents of sellers to agents, in PostgreSQL."""

from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters.onboarding.tables import agent_consents
from vendor_service.domain.fields import values_of
from vendor_service.domain.reviews.agent import AgentConsent
from vendor_service.domain.vendor import Moment

_C = agent_consents.c
_KEYS = ("tenant_id", "vendor_id", "agent")


class SqlConsents:
    """Who may act for the sellers of one region, within one transaction."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId) -> None:
        self._connection = connection
        self._tenant = tenant

    async def save(self, consent: AgentConsent, moment: Moment) -> None:
        """Store a consent in the place of an earlier one of the same agent."""
        values = {**values_of(consent), "tenant_id": self._tenant, "recorded_by": moment.actor.principal}
        statement = postgresql.insert(agent_consents).values(values)
        changed = {name: statement.excluded[name] for name in values if name not in _KEYS}
        await self._connection.execute(statement.on_conflict_do_update(index_elements=list(_KEYS), set_=changed))

    async def of(self, vendor_id: UUID, agent: str) -> AgentConsent | None:
        """Return the consent of a business that names an agent, also an ended one."""
        columns = [_C[name] for name in AgentConsent.__slots__]
        query = sa.select(*columns).where(_C.tenant_id == self._tenant, _C.vendor_id == vendor_id, _C.agent == agent)
        row = (await self._connection.execute(query)).first()
        return None if row is None else AgentConsent(*row)

    async def end(self, vendor_id: UUID, agent: str, today: date) -> bool:
        """End a consent the day before; say whether there was one in force."""
        statement = (
            sa.update(agent_consents)
            .where(_C.tenant_id == self._tenant, _C.vendor_id == vendor_id, _C.agent == agent)
            .where(sa.or_(_C.ends_on.is_(None), _C.ends_on >= today))
            .values(ends_on=today - timedelta(days=1))
        )
        return (await self._connection.execute(statement)).rowcount == 1

"""Lists of sellers as they were shown to a buyer, kept for ever."""

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.ext.asyncio import AsyncConnection

from order_service.adapters.tables import suggestions
from order_service.application.judged import ShownSuggestion


class SqlSuggestions:
    """`Suggestions` on the table `suggestions`."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId) -> None:
        self._connection = connection
        self._tenant = tenant

    async def add(self, shown: ShownSuggestion) -> None:
        """Store a list."""
        await self._connection.execute(
            sa.insert(suggestions).values(
                tenant_id=self._tenant,
                need_id=shown.need_id,
                suggestion_id=shown.suggestion_id,
                made_at=shown.made_at,
                made_by=shown.made_by,
                eligible_groups=list(shown.eligible_groups),
                ranks=dict(shown.ranks),
                best_unit_price_idr=shown.best_unit_price,
                body=dict(shown.body),
            )
        )

    async def latest(self, need_id: str) -> ShownSuggestion | None:
        """Return the list shown last for a need."""
        query = (
            sa.select(suggestions)
            .where(suggestions.c.tenant_id == self._tenant, suggestions.c.need_id == need_id)
            .order_by(suggestions.c.suggestion_id.desc())
            .limit(1)
        )
        row = (await self._connection.execute(query)).mappings().first()
        if row is None:
            return None
        return ShownSuggestion(
            suggestion_id=row["suggestion_id"],
            need_id=row["need_id"],
            made_at=row["made_at"],
            made_by=row["made_by"],
            eligible_groups=tuple(row["eligible_groups"]),
            ranks=row["ranks"],
            best_unit_price=row["best_unit_price_idr"],
            body=row["body"],
        )

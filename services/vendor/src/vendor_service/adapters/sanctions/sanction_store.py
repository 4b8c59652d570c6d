"""Sanctions in PostgreSQL."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters import rows
from vendor_service.adapters.sanctions import tables as t
from vendor_service.domain.sanctions.errors import SanctionNotFound
from vendor_service.domain.sanctions.sanction import Basis, Sanction, SanctionKind, SanctionState, Scope

_S = t.sanctions.c
_PAPERS = ("proposal", "decision", "appeal", "lifting", "standing_before", "entry_key", "moved_from", "version")


class SqlSanctions:
    """The sanctions of one region within one transaction."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId) -> None:
        self._connection = connection
        self._tenant = tenant

    async def get(self, sanction_id: UUID) -> Sanction:
        """Return a sanction; refuses with SANCTION_NOT_FOUND."""
        query = sa.select(t.sanctions).where(_S.tenant_id == self._tenant, _S.sanction_id == sanction_id)
        row = (await self._connection.execute(query.with_for_update())).mappings().first()
        if row is None:
            raise SanctionNotFound
        return _sanction(row)

    async def vendor_of(self, sanction_id: UUID) -> UUID:
        """Return the business of a sanction; refuses with SANCTION_NOT_FOUND."""
        query = sa.select(_S.vendor_id).where(_S.tenant_id == self._tenant, _S.sanction_id == sanction_id)
        found: UUID | None = await self._connection.scalar(query)
        if found is None:
            raise SanctionNotFound
        return found

    async def of_vendors(self, vendor_ids: Iterable[UUID]) -> dict[UUID, list[Sanction]]:
        """Return the sanctions of businesses, oldest first."""
        wanted = sa.any_(sa.literal(list(vendor_ids), ARRAY(sa.Uuid)))
        query = sa.select(t.sanctions).where(_S.tenant_id == self._tenant, _S.vendor_id == wanted)
        found: dict[UUID, list[Sanction]] = {}
        for row in (await self._connection.execute(query.order_by(_S.sanction_id))).mappings():
            found.setdefault(row["vendor_id"], []).append(_sanction(row))
        return found

    async def page(
        self, state: str | None, vendor_id: UUID | None, after: UUID | None, limit: int
    ) -> Sequence[Sanction]:
        """Return sanctions, newest first."""
        query = sa.select(t.sanctions).where(_S.tenant_id == self._tenant)
        if state is not None:
            query = query.where(_S.state == state)
        if vendor_id is not None:
            query = query.where(_S.vendor_id == vendor_id)
        if after is not None:
            query = query.where(_S.sanction_id < after)
        found = await self._connection.execute(query.order_by(_S.sanction_id.desc()).limit(limit))
        return [_sanction(row) for row in found.mappings()]

    async def save(self, sanctions: Sequence[Sanction]) -> None:
        """Store new and changed sanctions."""
        found = [_row(self._tenant, one) for one in sanctions]
        await rows.upsert(self._connection, t.sanctions, found, keys=("tenant_id", "sanction_id"))


def _row(tenant: TenantId, one: Sanction) -> dict[str, Any]:
    return {
        "tenant_id": tenant,
        "sanction_id": one.sanction_id,
        "vendor_id": one.vendor_id,
        "kind": one.kind.value,
        "scope": one.scope.value,
        "state": one.state.value,
        "valid_from": one.valid_from,
        "valid_to": one.valid_to,
        "basis_letter": one.basis.letter,
        "issuer": one.basis.issuer,
        "reason": one.basis.reason,
        **{name: getattr(one, name) for name in _PAPERS},
    }


def _sanction(row: sa.RowMapping) -> Sanction:
    return Sanction(
        sanction_id=row["sanction_id"],
        vendor_id=row["vendor_id"],
        kind=SanctionKind(row["kind"]),
        scope=Scope(row["scope"]),
        state=SanctionState(row["state"]),
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        basis=Basis(row["basis_letter"], row["issuer"], row["reason"]),
        **{name: row[name] for name in _PAPERS},
    )

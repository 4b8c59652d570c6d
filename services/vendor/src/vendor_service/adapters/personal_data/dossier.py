"""Everything the register holds about a business, table by table: what a person is given who asks (UU 27/2022 pasal 7).

No table is named here, so that none can be forgotten: whatever has a column `vendor_id` is part of it, and what is
sealed is opened as `SEALED_TABLES` says. Keyed hashes are left out; they say nothing that the numbers do not.
"""

from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters import tables as t
from vendor_service.adapters.personal_data.sealed_tables import SEALED_TABLES
from vendor_service.adapters.sealing import Sealer

_LEFT_OUT = frozenset({"tenant_id", "sealed"})
_OPENERS = {kind.table.name: kind.opened for kind in SEALED_TABLES}


async def dossier(
    connection: AsyncConnection, tenant: TenantId, sealer: Sealer, vendor_id: UUID
) -> dict[str, list[dict[str, Any]]]:
    """Return the rows about a business by table, sealed fields opened; tables without any are left out."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in _tables():
        query = sa.select(table).where(table.c.tenant_id == tenant, table.c.vendor_id == vendor_id)
        await _collect(connection, tenant, sealer, table, query, found)
    o, link = t.owners, t.vendor_owners
    owners = sa.select(link.c.owner_id).where(link.c.tenant_id == tenant, link.c.vendor_id == vendor_id)
    query = sa.select(o).where(o.c.tenant_id == tenant, o.c.owner_id.in_(owners))
    await _collect(connection, tenant, sealer, o, query, found)
    return found


def _tables() -> list[sa.Table]:
    wanted = (table for table in t.metadata.tables.values() if {"tenant_id", "vendor_id"} <= set(table.c.keys()))
    return sorted(wanted, key=lambda table: table.name)


async def _collect(
    connection: AsyncConnection,
    tenant: TenantId,
    sealer: Sealer,
    table: sa.Table,
    query: sa.Select[Any],
    found: dict[str, list[dict[str, Any]]],
) -> None:
    lines = [_opened(table, row, tenant, sealer) for row in (await connection.execute(query)).mappings()]
    if lines:
        found[str(table.name)] = lines


def _opened(table: sa.Table, row: sa.RowMapping, tenant: TenantId, sealer: Sealer) -> dict[str, Any]:
    values = {
        str(column.name): _written(row[column.name])
        for column in table.c
        if column.name not in _LEFT_OUT and not _is_hash(column.type)
    }
    if row.get("sealed") is not None and table.name in _OPENERS:
        values |= _OPENERS[table.name](sealer, tenant, row["sealed"])
    return values


def _written(value: Any) -> Any:
    # The driver's own identifiers are no UUID to whoever writes JSON, and exact numbers are none at all.
    if isinstance(value, UUID | Decimal):
        return str(value)
    return [_written(one) for one in value] if isinstance(value, list) else value


def _is_hash(type_: Any) -> bool:
    return isinstance(type_, BYTEA) or (isinstance(type_, ARRAY) and isinstance(type_.item_type, BYTEA))

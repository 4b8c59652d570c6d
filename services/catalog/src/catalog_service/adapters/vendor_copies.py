"""Keeps the copies of businesses and guest grants, a batch at a time, with the worker role."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog_service.adapters.public_rows import follow_vendors, refresh_guests
from catalog_service.adapters.tables import public_guest_grants, vendors
from catalog_service.domain.vendor import GuestGrant, Vendor

K = TypeVar("K")
V = TypeVar("V", Vendor, GuestGrant)

# Columns of an INSERT stay below PostgreSQL's 32,767 parameters.
_ROWS_AT_ONCE = 1000
# The business at home is locked before its public rows change, as a product's own change does: neither can miss the
# other's effect.
_LOCK_HOMES = sa.text(
    """
    SELECT vendor_id FROM vendors WHERE vendor_id = ANY (CAST(:vendors AS uuid[])) AND tenant_id = home_tenant_id
    ORDER BY vendor_id FOR NO KEY UPDATE
    """
)


class SqlVendorCopies:
    """Writes the copies on one open worker transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def keep(self, copies: Sequence[Vendor], grants: Sequence[GuestGrant]) -> None:
        """Keep what is newer than the copies, and carry it into what buyers see."""
        newest = _newest((one.tenant, one.vendor_id, one) for one in copies)
        changed = await self._upsert(vendors, [_vendor_row(one) for one in newest])
        if changed:
            await follow_vendors(self._connection, sorted({vendor_id for _, vendor_id in changed}))
        granted = _newest((one.host, one.guest_grant_id, one) for one in grants)
        if granted:
            businesses = sorted({one.vendor_id for one in granted})
            await self._connection.execute(_LOCK_HOMES, {"vendors": businesses})
            await self._upsert(public_guest_grants, [_grant_row(one) for one in granted])
            await refresh_guests(self._connection, businesses)

    async def _upsert(self, table: sa.Table, rows: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
        """Insert rows or raise them to a higher version; return the keys of those that changed."""
        keys = [column.name for column in table.primary_key.columns]
        changed: list[tuple[str, str]] = []
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            statement = insert(table).values(list(rows[start : start + _ROWS_AT_ONCE]))
            values = {column.name: statement.excluded[column.name] for column in table.c if column.name not in keys}
            statement = statement.on_conflict_do_update(
                index_elements=keys, set_=values, where=table.c.version < statement.excluded.version
            )
            result = await self._connection.execute(statement.returning(*(table.c[key] for key in keys)))
            changed += [(row[0], row[1]) for row in result]
        return changed


def _newest(items: Iterable[tuple[str, str, V]]) -> list[V]:
    """Return the highest version of each, in the sequence of keys, so that two batches lock in one order."""
    best: dict[tuple[str, str], V] = {}
    for first, second, item in items:
        if (first, second) not in best or best[first, second].version < item.version:
            best[first, second] = item
    return [best[key] for key in sorted(best)]


def _vendor_row(one: Vendor) -> dict[str, Any]:
    return {
        "tenant_id": one.tenant,
        "vendor_id": one.vendor_id,
        "home_tenant_id": one.home,
        "version": one.version,
        "display_name": one.display_name,
        "owner_group_id": one.owner_group_id,
        "district_code": one.district_code,
        "village_code": one.village_code,
        "standing": one.standing,
        "verified": one.verified,
        "pkp": one.pkp,
    }


def _grant_row(one: GuestGrant) -> dict[str, Any]:
    return {
        "tenant_id": one.host,
        "guest_grant_id": one.guest_grant_id,
        "home_tenant_id": one.home,
        "vendor_id": one.vendor_id,
        "category_codes": list(one.category_codes),
        "valid_from": one.valid_from,
        "valid_to": one.valid_to,
        "revoked": one.revoked,
        "version": one.version,
    }

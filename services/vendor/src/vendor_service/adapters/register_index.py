"""The register of a region as keys in memory: loaded once per import, never asked row by row."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters import tables as t
from vendor_service.adapters.sealing import Sealer
from vendor_service.domain.imports.dedupe import Keys, Known, Register
from vendor_service.domain.owner import OwnerGroups

_V, _O = t.vendors.c, t.owners.c
# Right after a large import the planner still takes the tables for small and joins them row by row: for ten thousand
# businesses that ran into the statement timeout of 30 s.
_LOOPS = sa.text("SELECT set_config('enable_nestloop', :setting, true)")
REGISTER_COLUMNS = (
    _V.vendor_id,
    _V.name_key,
    _V.district_code,
    _V.village_code,
    _V.nib_hash,
    _V.npwp_hash,
    _V.phone_hash,
    _O.nik_hash,
)


def register_source() -> sa.FromClause:
    """Return businesses joined with each of their owners; one row per owner."""
    link = t.vendor_owners
    return t.vendors.outerjoin(link, (link.c.tenant_id == _V.tenant_id) & (link.c.vendor_id == _V.vendor_id)).outerjoin(
        t.owners, (_O.tenant_id == link.c.tenant_id) & (_O.owner_id == link.c.owner_id)
    )


def known_of(row: Any) -> tuple[Keys, Known]:
    """Return what deduplication compares of a stored business."""
    keys = Keys(
        name=row.name_key,
        place=row.village_code or row.district_code,
        nib=row.nib_hash,
        npwp=row.npwp_hash,
        nik=row.nik_hash,
        phone=row.phone_hash,
    )
    return keys, Known(row.vendor_id)


class SqlBulkRegister:
    """The keys of one region within one transaction."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId, sealer: Sealer) -> None:
        self._connection = connection
        self._tenant = tenant
        self._sealer = sealer

    async def mark(self) -> int:
        """Return the sum of all versions: rows are never deleted, so every change raises it."""
        query = sa.select(sa.func.coalesce(sa.func.sum(_V.version), 0)).where(_V.tenant_id == self._tenant)
        return int(await self._connection.scalar(query) or 0)

    async def load(self) -> Register:
        """Return what rows are compared with, oldest businesses first."""
        query = sa.select(*REGISTER_COLUMNS).select_from(register_source()).where(_V.tenant_id == self._tenant)
        register = Register()
        seen: set[UUID] = set()
        for row in await self._whole(query.order_by(_V.vendor_id)):
            keys, known = known_of(row)
            if known.vendor_id in seen:
                # A further owner: known by the NIK only, the rest stands already.
                keys = Keys(name=keys.name, place="", nik=keys.nik)
            seen.add(known.vendor_id)
            register.add(keys, known)
        return register

    async def load_groups(self) -> tuple[OwnerGroups, dict[UUID, UUID]]:
        """Return the owner groups with their links, and the stored group of each business."""
        columns = (_V.vendor_id, _V.owner_group_id, _V.account_hash, _O.nik_hash, _O.kk_hash)
        trusted = sa.or_(_V.applicant.is_(None), _V.verified_on.is_not(None))
        query = sa.select(*columns).select_from(register_source()).where(_V.tenant_id == self._tenant, trusted)
        groups = OwnerGroups()
        stored: dict[UUID, UUID] = {}
        for row in await self._whole(query):
            links = [link for link in (row.nik_hash, row.kk_hash, row.account_hash) if link is not None]
            groups.add(row.vendor_id, links, row.owner_group_id)
            stored[row.vendor_id] = row.owner_group_id
        return groups, stored

    async def _whole(self, query: sa.Select[Any]) -> Iterable[Any]:
        await self._connection.execute(_LOOPS, {"setting": "off"})
        rows: Iterable[Any] = (await self._connection.execute(query)).all()
        await self._connection.execute(_LOOPS, {"setting": "on"})
        return rows

    async def owners_by_nik(self) -> dict[bytes, UUID]:
        """Return the persons whose NIK is known, by hash."""
        query = sa.select(_O.nik_hash, _O.owner_id).where(_O.tenant_id == self._tenant, _O.nik_hash.is_not(None))
        return {row.nik_hash: row.owner_id for row in await self._connection.execute(query)}

    def nik_key(self, nik: str) -> bytes:
        """Return the hash of a NIK."""
        found = self._sealer.hash(self._tenant, "nik", nik)
        assert found is not None
        return found

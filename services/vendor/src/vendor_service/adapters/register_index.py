"""The register of a region as keys in memory: loaded once per import, never asked row by row."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters import tables as t
from vendor_service.adapters.personal_data.present_hashes import PresentHashes
from vendor_service.adapters.rows import owner_from
from vendor_service.adapters.sealing import Sealer
from vendor_service.application.ports import SharedLinks
from vendor_service.domain.imports.dedupe import Keys, Known, Register
from vendor_service.domain.owner import Owner

_V, _O = t.vendors.c, t.owners.c
# Within and right after a large import the planner takes the region for small, for nothing if the statistics know
# other regions only, and joins row by row: for ten thousand businesses that ran into the statement timeout of 30 s.
_LOOPS = sa.text("SELECT set_config('enable_nestloop', :setting, true)")
_AT_ONCE = 20_000
_STAGED = """
    WITH staged AS MATERIALIZED (
        SELECT r.vendor_id, l.link
        FROM import_rows AS r CROSS JOIN LATERAL unnest(r.links) AS l (link)
        WHERE r.tenant_id = :tenant AND r.import_id = :import_id
          AND r.verdict IN ('new', 'possible_duplicate', 'update')
    )
"""


def _staged(query: str) -> sa.TextClause:
    """Return a query over the strong links of an import's rows, one row a link."""
    return sa.text(_STAGED + query)


_IN_FILE = _staged(
    "SELECT vendor_id, link FROM staged WHERE link IN (SELECT link FROM staged GROUP BY link HAVING count(*) > 1)"
)
# What a stranger claimed at sign-up joins nobody's group until an officer has verified it.
_IN_REGISTER = _staged(
    """
    , holders AS (
        SELECT s.vendor_id, s.link, w.vendor_id AS holder
        FROM staged AS s
        JOIN owners AS o ON o.tenant_id = :tenant AND o.nik_hash = s.link
        JOIN vendor_owners AS w ON w.tenant_id = :tenant AND w.owner_id = o.owner_id
        UNION ALL
        SELECT s.vendor_id, s.link, w.vendor_id
        FROM staged AS s
        JOIN owners AS o ON o.tenant_id = :tenant AND o.kk_hash = s.link
        JOIN vendor_owners AS w ON w.tenant_id = :tenant AND w.owner_id = o.owner_id
        UNION ALL
        SELECT s.vendor_id, s.link, v.vendor_id
        FROM staged AS s
        JOIN vendors AS v ON v.tenant_id = :tenant AND v.account_hash = s.link
        UNION ALL
        SELECT vendor_id, link, vendor_id FROM staged
    )
    SELECT DISTINCT h.vendor_id, h.link, v.owner_group_id
    FROM holders AS h JOIN vendors AS v ON v.tenant_id = :tenant AND v.vendor_id = h.holder
    WHERE (v.applicant IS NULL OR v.verified_on IS NOT NULL) AND v.profile ->> 'entity_kind' <> 'koperasi'
    """
)
_OWNERS = _staged(
    """
    SELECT o.owner_id, o.name, o.sealed, o.nik_hash FROM owners AS o
    WHERE o.tenant_id = :tenant AND o.nik_hash IN (SELECT link FROM staged)
    """
)


@asynccontextmanager
async def joined_whole(connection: AsyncConnection) -> AsyncIterator[None]:
    """Have whole tables joined at once, never row by row, whatever the planner believes about their size."""
    await connection.execute(_LOOPS, {"setting": "off"})
    yield
    # After a failure the transaction is over, and the setting with it.
    await connection.execute(_LOOPS, {"setting": "on"})


REGISTER_COLUMNS = (
    _V.vendor_id,
    _V.name_key,
    _V.district_code,
    _V.village_code,
    _V.merged_into,
)


def register_source() -> sa.FromClause:
    """Return businesses joined with each of their owners; one row per owner."""
    link = t.vendor_owners
    return t.vendors.outerjoin(link, (link.c.tenant_id == _V.tenant_id) & (link.c.vendor_id == _V.vendor_id)).outerjoin(
        t.owners, (_O.tenant_id == link.c.tenant_id) & (_O.owner_id == link.c.owner_id)
    )


def comparable(tenant: TenantId) -> sa.ColumnElement[bool]:
    """Return the condition for what rows are compared with: the region's, but for what an undo took back."""
    i = t.imports.c
    undone = sa.select(i.import_id).where(i.tenant_id == tenant, i.state == "undone")
    taken_back = sa.and_(_V.standing == "closed", _V.source_import_id.is_not(None), _V.source_import_id.in_(undone))
    return sa.and_(_V.tenant_id == tenant, sa.not_(sa.func.coalesce(taken_back, False)))


def known_of(row: Any, present: PresentHashes) -> tuple[Keys, Known]:
    """Return what deduplication compares of a stored business."""
    hashes = present.of(row)
    keys = Keys(
        name=row.name_key,
        place=row.village_code or row.district_code,
        nib=hashes.nib_hash,
        npwp=hashes.npwp_hash,
        nik=hashes.nik_hash,
        phone=hashes.phone_hash,
    )
    return keys, Known(row.merged_into or row.vendor_id, aside=row.merged_into is not None)


class SqlBulkRegister:
    """The keys of one region within one transaction."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId, sealer: Sealer) -> None:
        self._connection = connection
        self._tenant = tenant
        self._sealer = sealer
        self._present = PresentHashes(tenant, sealer)

    async def mark(self) -> int:
        """Return the sum of all versions: rows are never deleted, so every change raises it."""
        query = sa.select(sa.func.coalesce(sa.func.sum(_V.version), 0)).where(_V.tenant_id == self._tenant)
        return int(await self._connection.scalar(query) or 0)

    async def load(self) -> Register:
        """Return what rows are compared with, oldest businesses first."""
        columns = (*REGISTER_COLUMNS, *self._present.columns())
        query = sa.select(*columns).select_from(register_source()).where(comparable(self._tenant))
        register = Register()
        after: UUID | None = None
        while True:
            page = query if after is None else query.where(_V.vendor_id > after)
            rows = await self._whole(page.order_by(_V.vendor_id).limit(_AT_ONCE))
            # A business on the edge of a page may have further owners beyond it, and comes again with the next.
            last = rows[-1].vendor_id if len(rows) == _AT_ONCE else None
            _enter(register, [row for row in rows if row.vendor_id != last], self._present)
            if last is None:
                return register
            after = max(row.vendor_id for row in rows if row.vendor_id != last)

    async def page(self, after: UUID | None, limit: int) -> list[UUID]:
        """Return ids of businesses above one, in their sequence."""
        query = sa.select(_V.vendor_id).where(_V.tenant_id == self._tenant)
        if after is not None:
            query = query.where(_V.vendor_id > after)
        return list((await self._connection.execute(query.order_by(_V.vendor_id).limit(limit))).scalars())

    async def links(self, import_id: UUID) -> SharedLinks:
        """Return the strong links that the rows of an import share with each other or with the register."""
        values = {"tenant": self._tenant, "import_id": import_id}
        async with joined_whole(self._connection):
            in_file = (await self._connection.execute(_IN_FILE, values)).all()
            in_register = (await self._connection.execute(_IN_REGISTER, values)).all()
        return SharedLinks([(row[0], row[1]) for row in in_file], [(row[0], row[1], row[2]) for row in in_register])

    async def in_groups(self, groups: Collection[UUID]) -> dict[UUID, UUID]:
        """Return the businesses of owner groups, each with its group."""
        if not groups:
            return {}
        query = sa.select(_V.vendor_id, _V.owner_group_id).where(
            _V.tenant_id == self._tenant, _V.owner_group_id == sa.any_(sa.literal(sorted(groups), ARRAY(sa.Uuid)))
        )
        return {row.vendor_id: row.owner_group_id for row in await self._connection.execute(query)}

    async def owners_of(self, import_id: UUID) -> dict[bytes, Owner]:
        """Return the persons of the register whose NIK stands in an import, by the hash of it."""
        async with joined_whole(self._connection):
            found = await self._connection.execute(_OWNERS, {"tenant": self._tenant, "import_id": import_id})
        return {row["nik_hash"]: owner_from(self._tenant, row, self._sealer) for row in found.mappings()}

    async def _whole(self, query: sa.Select[Any]) -> Sequence[Any]:
        async with joined_whole(self._connection):
            rows: Sequence[Any] = (await self._connection.execute(query)).all()
        return rows

    def nik_keys(self, nik: str) -> list[bytes]:
        """Return every hash that a NIK may be stored under, the present one first."""
        return self._sealer.hashes(self._tenant, "nik", nik)


def _enter(register: Register, rows: Sequence[Any], present: PresentHashes) -> None:
    seen: set[UUID] = set()
    for row in rows:
        keys, known = known_of(row, present)
        if row.vendor_id in seen:
            # A further owner: known by the NIK only, the rest stands already.
            keys = Keys(name=keys.name, place="", nik=keys.nik)
            known = replace(known, aside=True)
        seen.add(row.vendor_id)
        register.add(keys, known)

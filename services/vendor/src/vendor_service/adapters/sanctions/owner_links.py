"""What connects businesses, found by keyed hashes; every present and earlier key is asked for while keys rotate."""

from collections.abc import Collection, Iterable
from contextlib import nullcontext
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters import rows
from vendor_service.adapters import tables as base
from vendor_service.adapters.register_index import joined_whole
from vendor_service.adapters.sanctions import tables as t
from vendor_service.adapters.sealing import Sealer
from vendor_service.application.sanctions.ports import LinkDecision
from vendor_service.domain.owner_groups import Pair
from vendor_service.domain.vendor import Vendor

# For what one request changes a loop over indexes is right; an import brings thousands.
_FEW = 20
_NEIGHBOURS = sa.text(
    """
    SELECT vendor_id FROM vendors WHERE tenant_id = :tenant AND owner_group_id = ANY (:groups)
    UNION
    SELECT vendor_id FROM vendors WHERE tenant_id = :tenant AND account_hash = ANY (:accounts)
    UNION
    SELECT w.vendor_id FROM owners AS o JOIN vendor_owners AS w ON w.tenant_id = o.tenant_id AND w.owner_id = o.owner_id
    WHERE o.tenant_id = :tenant AND o.nik_hash = ANY (:niks)
    UNION
    SELECT w.vendor_id FROM owners AS o JOIN vendor_owners AS w ON w.tenant_id = o.tenant_id AND w.owner_id = o.owner_id
    WHERE o.tenant_id = :tenant AND o.kk_hash = ANY (:kks)
    UNION
    SELECT CASE WHEN vendor_id = ANY (:ids) THEN other_vendor_id ELSE vendor_id END FROM owner_links
    WHERE tenant_id = :tenant AND state = 'confirmed' AND (vendor_id = ANY (:ids) OR other_vendor_id = ANY (:ids))
    """
).bindparams(
    *(sa.bindparam(name, type_=ARRAY(sa.Uuid)) for name in ("groups", "ids")),
    *(sa.bindparam(name, type_=ARRAY(BYTEA)) for name in ("accounts", "niks", "kks")),
)
# An address counts only down to the RT: half a desa lives in "Jl. Raya".
_PROPOSALS = sa.text(
    """
    WITH known AS (
        SELECT vendor_id, name, owner_group_id, phone_hash, village_code, profile ->> 'rt' AS rt,
            profile ->> 'rw' AS rw, lower(btrim(profile ->> 'address')) AS address
        FROM vendors
        WHERE tenant_id = :tenant AND standing NOT IN ('closed', 'merged')
            AND profile ->> 'entity_kind' <> 'koperasi' AND (applicant IS NULL OR verified_on IS NOT NULL)
    ), pairs AS (
        SELECT a.vendor_id, b.vendor_id AS other_vendor_id, 'phone' AS kind
        FROM known AS a JOIN known AS b USING (phone_hash) WHERE a.vendor_id < b.vendor_id
        UNION ALL
        SELECT a.vendor_id, b.vendor_id, 'address'
        FROM known AS a JOIN known AS b USING (village_code, rt, rw, address) WHERE a.vendor_id < b.vendor_id
    )
    SELECT p.vendor_id, p.other_vendor_id, array_agg(DISTINCT p.kind ORDER BY p.kind) AS kinds,
        a.name, b.name AS other_name
    FROM pairs AS p JOIN known AS a USING (vendor_id) JOIN known AS b ON b.vendor_id = p.other_vendor_id
    WHERE a.owner_group_id <> b.owner_group_id
        AND (CAST(:after AS uuid) IS NULL OR (p.vendor_id, p.other_vendor_id) > (:after, CAST(:after_other AS uuid)))
        AND NOT EXISTS (
            SELECT FROM owner_links AS l
            WHERE l.tenant_id = :tenant AND l.vendor_id = p.vendor_id AND l.other_vendor_id = p.other_vendor_id
        )
    GROUP BY p.vendor_id, p.other_vendor_id, a.name, b.name
    ORDER BY p.vendor_id, p.other_vendor_id
    LIMIT :limit
    """
)
_BESIDE_KOPERASI = sa.text(
    """
    SELECT DISTINCT v.vendor_id
    FROM vendors AS k JOIN vendors AS v ON v.tenant_id = k.tenant_id AND v.account_hash = k.account_hash
    WHERE k.tenant_id = :tenant AND k.profile ->> 'entity_kind' = 'koperasi' AND v.vendor_id <> k.vendor_id
        AND :import_id IN (v.source_import_id, k.source_import_id)
    """
)


class SqlOwnerLinks:
    """The links of one region within one transaction."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId, sealer: Sealer) -> None:
        self._connection = connection
        self._tenant = tenant
        self._sealer = sealer

    async def neighbours(self, vendors: Collection[Vendor]) -> set[UUID]:
        """Return whatever shares a strong link or a stored group with these."""
        owners = [owner for vendor in vendors for owner in vendor.owners]
        values = {
            "tenant": self._tenant,
            "ids": [vendor.vendor_id for vendor in vendors],
            "groups": list({vendor.owner_group_id for vendor in vendors}),
            "accounts": self._hashes("account", (vendor.private.account_number for vendor in vendors)),
            "niks": self._hashes("nik", (owner.nik for owner in owners)),
            "kks": self._hashes("kk", (owner.kk for owner in owners)),
        }
        async with joined_whole(self._connection) if len(vendors) > _FEW else nullcontext():
            return set((await self._connection.execute(_NEIGHBOURS, values)).scalars())

    async def confirmed(self, vendor_ids: Iterable[UUID]) -> list[Pair]:
        """Return the pairs among these that an officer has confirmed."""
        o = t.owner_links.c
        wanted = sa.any_(sa.literal(list(vendor_ids), ARRAY(sa.Uuid)))
        query = sa.select(o.vendor_id, o.other_vendor_id).where(
            o.tenant_id == self._tenant, o.state == "confirmed", o.vendor_id == wanted, o.other_vendor_id == wanted
        )
        return [(row[0], row[1]) for row in await self._connection.execute(query)]

    async def decide(self, decision: LinkDecision) -> None:
        """Store what an officer found out; the latest decision about a pair counts."""
        first, second = sorted(decision.pair)
        row = {
            "tenant_id": self._tenant,
            "vendor_id": first,
            "other_vendor_id": second,
            "state": "confirmed" if decision.confirmed else "rejected",
            "reason": decision.reason,
            "decided_by": rows.actor_document(decision.moment.actor),
            "decided_at": decision.moment.now,
        }
        await rows.upsert(self._connection, t.owner_links, [row], keys=("tenant_id", "vendor_id", "other_vendor_id"))

    async def proposals(self, after: Pair | None, limit: int) -> list[dict[str, Any]]:
        """Return pairs of different groups that share a phone or an address and were not decided about."""
        first, second = after or (None, None)
        values = {"tenant": self._tenant, "after": first, "after_other": second, "limit": limit}
        return [dict(row) for row in (await self._connection.execute(_PROPOSALS, values)).mappings()]

    async def shares_owner(self, owner_id: UUID, vendor_id: UUID) -> bool:
        """Say whether a person stands behind another business too."""
        w = base.vendor_owners.c
        others = sa.select(w.vendor_id).where(
            w.tenant_id == self._tenant, w.owner_id == owner_id, w.vendor_id != vendor_id
        )
        return bool(await self._connection.scalar(sa.select(others.exists())))

    async def forget_owner(self, owner_id: UUID) -> None:
        """Remove a person who stands behind no business any more."""
        o, w = base.owners.c, base.vendor_owners.c
        held = sa.select(w.owner_id).where(w.tenant_id == self._tenant, w.owner_id == owner_id)
        await self._connection.execute(
            sa.delete(base.owners).where(o.tenant_id == self._tenant, o.owner_id == owner_id, ~held.exists())
        )

    async def beside_koperasi(self, import_id: UUID) -> list[UUID]:
        """Return the businesses that share a koperasi's bank account, either of them being from an import."""
        values = {"tenant": self._tenant, "import_id": import_id}
        async with joined_whole(self._connection):
            return list((await self._connection.execute(_BESIDE_KOPERASI, values)).scalars())

    def _hashes(self, kind: str, numbers: Iterable[str | None]) -> list[bytes]:
        return [found for number in numbers for found in self._sealer.hashes(self._tenant, kind, number)]

"""Which businesses the lists speak of: their numbers as hashes under every known key, looked up at once."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from uuid import UUID

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters.sanctions import tables as t
from vendor_service.adapters.sealing import Sealer
from vendor_service.application.screening.ports import Entry, Matches
from vendor_service.domain.profile import EntityKind
from vendor_service.domain.sanctions.sanction import Basis
from vendor_service.domain.screening.conflict import ConflictKind
from vendor_service.domain.vendor import Vendor

_ENTRY_KINDS = ("nik", "npwp", "nib")
_AGENTS = sa.text("SELECT DISTINCT vendor_id FROM agent_consents WHERE tenant_id = :tenant AND vendor_id = ANY (:ids)")
_Where = dict[tuple[str, bytes], set[UUID]]


async def matches_of(
    vendors: Collection[Vendor], connection: AsyncConnection, tenant: TenantId, sealer: Sealer
) -> dict[UUID, Matches]:
    """Return what the lists say about businesses; those with nothing are left out."""
    held: _Where = defaultdict(set)
    for vendor in vendors:
        for kind, number in _numbers(vendor):
            for found in sealer.hashes(tenant, kind, number):
                held[(kind, found)].add(vendor.vendor_id)
    conflicts = await _employees(held, connection, tenant)
    lent = await _lenders(vendors, connection, tenant)
    for vendor_id in lent:
        conflicts[vendor_id].discard(ConflictKind.EMPLOYEE_CONTACT)
    entries = await _entries(held, connection, tenant)
    return {
        vendor_id: Matches(frozenset(conflicts[vendor_id]), tuple(entries[vendor_id].values()))
        for vendor_id in conflicts.keys() | entries.keys()
        if conflicts[vendor_id] or entries[vendor_id]
    }


def _numbers(vendor: Vendor) -> Iterator[tuple[str, str]]:
    private = vendor.private
    found = [("nik", owner.nik) for owner in vendor.owners]
    found += [("phone", private.phone), ("account", private.account_number), ("npwp", private.npwp)]
    found.append(("nib", private.nib))
    yield from ((kind, number) for kind, number in found if number is not None)


async def _employees(held: _Where, connection: AsyncConnection, tenant: TenantId) -> dict[UUID, set[ConflictKind]]:
    e = t.employee_hashes.c
    wanted = [found for kind, found in held if kind in {"nik", "phone", "account"}]
    query = sa.select(e.kind, e.hash).where(
        e.tenant_id == tenant,
        e.kind == sa.any_(sa.literal(["nik", "phone", "account"], ARRAY(sa.Text))),
        e.hash == sa.any_(sa.literal(wanted, ARRAY(BYTEA))),
    )
    conflicts: dict[UUID, set[ConflictKind]] = defaultdict(set)
    for row in await connection.execute(query):
        kind = ConflictKind.EMPLOYEE_OWNER if row.kind == "nik" else ConflictKind.EMPLOYEE_CONTACT
        for vendor_id in held.get((row.kind, row.hash), ()):
            conflicts[vendor_id].add(kind)
    return conflicts


async def _lenders(vendors: Collection[Vendor], connection: AsyncConnection, tenant: TenantId) -> set[UUID]:
    """Return the businesses whose phone or account may be somebody else's with good reason: agents and koperasi."""
    lent = {
        vendor.vendor_id
        for vendor in vendors
        if vendor.profile.entity_kind is EntityKind.KOPERASI
        or any(member.role == "coop_manager" and not member.revoked for member in vendor.members)
    }
    ids = sa.bindparam("ids", type_=ARRAY(sa.Uuid))
    values = {"tenant": tenant, "ids": [vendor.vendor_id for vendor in vendors]}
    return lent | set((await connection.execute(_AGENTS.bindparams(ids), values)).scalars())


async def _entries(held: _Where, connection: AsyncConnection, tenant: TenantId) -> dict[UUID, dict[bytes, Entry]]:
    b = t.blacklist_entries.c
    entries: dict[UUID, dict[bytes, Entry]] = defaultdict(dict)
    for kind in _ENTRY_KINDS:
        wanted = [found for each, found in held if each == kind]
        if not wanted:
            continue
        column = b[f"{kind}_hash"]
        query = sa.select(t.blacklist_entries).where(
            b.tenant_id == tenant, column == sa.any_(sa.literal(wanted, ARRAY(BYTEA)))
        )
        for row in (await connection.execute(query)).mappings():
            basis = Basis(row["basis_letter"], row["issuer"], row["reason"])
            entry = Entry(row["entry_key"], basis, row["valid_from"], row["valid_to"])
            for vendor_id in held.get((kind, row[f"{kind}_hash"]), ()):
                entries[vendor_id][entry.key] = entry
    return entries

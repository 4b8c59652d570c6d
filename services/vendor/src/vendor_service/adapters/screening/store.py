"""Screening lists, their keyed hashes, and conflicts in PostgreSQL."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from bela_kit.db import copy_rows
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters import rows
from vendor_service.adapters import tables as base
from vendor_service.adapters.sanctions import tables as t
from vendor_service.adapters.screening.matching import matches_of
from vendor_service.adapters.sealing import Sealer
from vendor_service.application.screening.ports import Matches, ScreeningList
from vendor_service.domain.names import name_key
from vendor_service.domain.sanctions.errors import ListNotFound
from vendor_service.domain.screening.conflict import Conflict, ConflictKind, ConflictState
from vendor_service.domain.screening.rows import EmployeeRow, EntryRow, ListKind, ListMode
from vendor_service.domain.vendor import Vendor

_L, _C, _V = t.screening_lists.c, t.conflicts.c, base.vendors.c
_NOTHING = "ON CONFLICT DO NOTHING"
_NAME_MATCHES = sa.text(
    """
    SELECT v.vendor_id, v.name, e.name AS entry_name, e.basis_letter, e.issuer, e.valid_from, e.valid_to
    FROM vendors AS v JOIN blacklist_entries AS e ON e.tenant_id = v.tenant_id AND e.name_key = v.name_key
    WHERE v.tenant_id = :tenant AND (CAST(:after AS uuid) IS NULL OR v.vendor_id > :after)
        AND NOT EXISTS (
            SELECT FROM sanctions AS s
            WHERE s.tenant_id = v.tenant_id AND s.vendor_id = v.vendor_id
                AND (s.entry_key = e.entry_key OR s.basis_letter = e.basis_letter)
        )
    ORDER BY v.vendor_id LIMIT :limit
    """
)


class SqlScreening:
    """Lists, hashes and conflicts of one region within one transaction."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId, sealer: Sealer) -> None:
        self._connection = connection
        self._tenant = tenant
        self._sealer = sealer

    async def add_list(self, record: ScreeningList) -> None:
        """Store a new list."""
        await rows.insert(self._connection, t.screening_lists, [_list_row(record)])

    async def get_list(self, list_id: UUID, *, lock: bool = False) -> ScreeningList:
        """Return a list; refuses with LIST_NOT_FOUND."""
        query = sa.select(t.screening_lists).where(_L.tenant_id == self._tenant, _L.list_id == list_id)
        row = (await self._connection.execute(query.with_for_update() if lock else query)).mappings().first()
        if row is None:
            raise ListNotFound
        return _list_from(row)

    async def save_list(self, record: ScreeningList) -> None:
        """Store where a list stands."""
        await rows.upsert(self._connection, t.screening_lists, [_list_row(record)], keys=("tenant_id", "list_id"))

    async def lists(self, after: UUID | None, limit: int) -> list[ScreeningList]:
        """Return the lists of the region, newest first."""
        query = sa.select(t.screening_lists).where(_L.tenant_id == self._tenant)
        if after is not None:
            query = query.where(_L.list_id < after)
        found = await self._connection.execute(query.order_by(_L.list_id.desc()).limit(limit))
        return [_list_from(row) for row in found.mappings()]

    async def clear(self, kind: ListKind) -> None:
        """Remove what earlier lists of a kind left."""
        table = t.employee_hashes if kind is ListKind.EMPLOYEES else t.blacklist_entries
        await self._connection.execute(sa.delete(table).where(table.c.tenant_id == self._tenant))

    async def add_employees(self, list_id: UUID, found: Sequence[EmployeeRow]) -> int:
        """Store the hashes of employees; returns how many NIKs were new."""
        before = await self._count(t.employee_hashes, t.employee_hashes.c.kind == "nik")
        records = [
            (self._tenant, kind, self._sealer.hash(self._tenant, kind, value), list_id)
            for row in found
            for kind, value in (("nik", row.nik), ("phone", row.phone), ("account", row.account))
            if value is not None
        ]
        columns = ("tenant_id", "kind", "hash", "list_id")
        await copy_rows(self._connection, t.employee_hashes, columns, records, on_conflict=_NOTHING)
        return await self._count(t.employee_hashes, t.employee_hashes.c.kind == "nik") - before

    async def add_entries(self, list_id: UUID, found: Sequence[EntryRow]) -> int:
        """Store entries of the Daftar Hitam; returns how many were new."""
        before = await self._count(t.blacklist_entries)
        by_key = {_entry_key(row): row for row in found}
        records = [
            (
                self._tenant,
                key,
                list_id,
                row.name,
                name_key(row.name),
                *(self._sealer.hash(self._tenant, kind, getattr(row, kind)) for kind in ("nik", "npwp", "nib")),
                row.letter,
                row.issuer,
                row.reason,
                row.valid_from,
                row.valid_to,
            )
            for key, row in by_key.items()
        ]
        columns = tuple(column.name for column in t.blacklist_entries.c)
        on_conflict = (
            "ON CONFLICT (tenant_id, entry_key) DO UPDATE SET list_id = excluded.list_id, "
            "valid_to = excluded.valid_to, reason = excluded.reason"
        )
        await copy_rows(self._connection, t.blacklist_entries, columns, records, on_conflict=on_conflict)
        return await self._count(t.blacklist_entries) - before

    async def _count(self, table: sa.Table, *more: sa.ColumnElement[bool]) -> int:
        query = sa.select(sa.func.count()).select_from(table).where(table.c.tenant_id == self._tenant, *more)
        return int(await self._connection.scalar(query) or 0)

    async def matches(self, vendors: Collection[Vendor]) -> dict[UUID, Matches]:
        """Return what the lists say about businesses; those with nothing are left out."""
        return await matches_of(vendors, self._connection, self._tenant, self._sealer)

    async def marked(self) -> set[UUID]:
        """Return the businesses with a conflict or a national sanction that is not over."""
        s = t.sanctions.c
        conflicts = sa.select(_C.vendor_id).where(_C.tenant_id == self._tenant, _C.state != ConflictState.GONE.value)
        national = sa.select(s.vendor_id).where(s.tenant_id == self._tenant, s.scope == "national")
        return set((await self._connection.execute(conflicts.union(national))).scalars())

    async def is_needed(self) -> bool:
        """Say whether there is a list or an earlier finding at all."""
        tables = (t.employee_hashes, t.blacklist_entries, t.conflicts)
        found = [sa.select(sa.literal(1)).where(table.c.tenant_id == self._tenant).exists() for table in tables]
        return bool(await self._connection.scalar(sa.select(sa.or_(*found))))

    async def vendor_ids(self, after: UUID | None, limit: int) -> list[UUID]:
        """Return ids of businesses in their sequence."""
        query = sa.select(_V.vendor_id).where(_V.tenant_id == self._tenant)
        if after is not None:
            query = query.where(_V.vendor_id > after)
        return list((await self._connection.execute(query.order_by(_V.vendor_id).limit(limit))).scalars())

    async def conflicts(self, vendor_ids: Iterable[UUID]) -> dict[UUID, list[Conflict]]:
        """Return the conflicts of businesses."""
        wanted = sa.any_(sa.literal(list(vendor_ids), ARRAY(sa.Uuid)))
        query = sa.select(t.conflicts).where(_C.tenant_id == self._tenant, _C.vendor_id == wanted).order_by(_C.kind)
        found: dict[UUID, list[Conflict]] = {}
        for row in (await self._connection.execute(query)).mappings():
            values = {one.name: row[one.name] for one in fields(Conflict)}
            values |= {"kind": ConflictKind(row["kind"]), "state": ConflictState(row["state"])}
            found.setdefault(row["vendor_id"], []).append(Conflict(**values))
        return found

    async def save_conflicts(self, conflicts: Sequence[Conflict]) -> None:
        """Store conflicts."""
        found = [
            {"tenant_id": self._tenant, **{each.name: getattr(one, each.name) for each in fields(Conflict)}}
            | {"kind": one.kind.value, "state": one.state.value}
            for one in conflicts
        ]
        await rows.upsert(self._connection, t.conflicts, found, keys=("tenant_id", "vendor_id", "kind"))

    async def name_matches(self, after: UUID | None, limit: int) -> list[dict[str, Any]]:
        """Return businesses named like an entry that no number ties to them, for a human to look at."""
        values = {"tenant": self._tenant, "after": after, "limit": limit}
        return [dict(row) for row in (await self._connection.execute(_NAME_MATCHES, values)).mappings()]


def _entry_key(row: EntryRow) -> bytes:
    """Return what tells entries apart: public facts only, so that it outlives every key."""
    return hashlib.sha256(f"{row.letter}\n{name_key(row.name)}\n{row.valid_from}".encode()).digest()


def _list_row(record: ScreeningList) -> dict[str, Any]:
    values = {one.name: getattr(record, one.name) for one in fields(ScreeningList)}
    values["tenant_id"] = values.pop("tenant")
    return values | {"kind": record.kind.value, "mode": record.mode.value}


def _list_from(row: sa.RowMapping) -> ScreeningList:
    values = {one.name: row[one.name] for one in fields(ScreeningList) if one.name != "tenant"}
    values |= {"kind": ListKind(row["kind"]), "mode": ListMode(row["mode"])}
    return ScreeningList(tenant=TenantId(row["tenant_id"]), **values)

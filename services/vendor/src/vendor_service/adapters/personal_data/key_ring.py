"""Seals stored rows anew under the present key, a few at a time, and keeps count."""

import asyncio
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters import rows
from vendor_service.adapters.evidence.store import under_other_key
from vendor_service.adapters.evidence.tables import evidence_files
from vendor_service.adapters.personal_data.present_hashes import other_key
from vendor_service.adapters.personal_data.sealed_tables import SEALED_TABLES, SealedTable
from vendor_service.adapters.personal_data.tables import key_rotations
from vendor_service.adapters.sealing import Sealer
from vendor_service.domain.personal_data.rotation import KeyRotation, Step

_AT_ONCE = 500
_STORED = tuple(field.name for field in fields(KeyRotation) if field.name != "rows_left")


class SqlKeyRing:
    """The sealed rows of one region within one transaction."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId, sealer: Sealer) -> None:
        self._connection = connection
        self._tenant = tenant
        self._sealer = sealer

    @property
    def version(self) -> int:
        """Number of the key that this process writes with."""
        return self._sealer.version

    async def rotation(self, version: int) -> KeyRotation | None:
        """Return the rotation to a key, locked."""
        k = key_rotations
        query = sa.select(k).where(k.c.tenant_id == self._tenant, k.c.key_version == version).with_for_update()
        row = (await self._connection.execute(query)).mappings().first()
        return None if row is None else _rotation(row)

    async def rotations(self) -> Sequence[KeyRotation]:
        """Return all rotations, the latest first."""
        k = key_rotations
        query = sa.select(k).where(k.c.tenant_id == self._tenant).order_by(k.c.started_at.desc())
        return [_rotation(row) for row in (await self._connection.execute(query)).mappings()]

    async def save(self, rotation: KeyRotation) -> None:
        """Store how far a rotation is."""
        row = {
            "tenant_id": self._tenant,
            "state": rotation.state,
            **{name: getattr(rotation, name) for name in _STORED},
        }
        await rows.upsert(self._connection, key_rotations, [row], keys=("tenant_id", "key_version"))

    async def reseal(self, table: int, after: tuple[Any, ...] | None) -> Step:
        """Seal some rows of a table anew: those behind a key that nobody else holds locked, in its sequence."""
        if table >= len(SEALED_TABLES):
            return Step(0, None, done=True)
        kind = SEALED_TABLES[table]
        found = await self._old_rows(kind, after)
        if not found:
            return Step(0, None)
        anew = await asyncio.to_thread(self._sealed_anew, kind, found)
        c = kind.table.c
        statement = sa.update(kind.table).where(c.tenant_id == self._tenant)
        for name in kind.key:
            statement = statement.where(c[name] == sa.bindparam(f"key_{name}"))
        changed = (name.removeprefix("new_") for name in anew[0] if name.startswith("new_"))
        statement = statement.values({name: sa.bindparam(f"new_{name}") for name in changed})
        await self._connection.execute(statement, anew)
        return Step(len(found), tuple(found[-1][name] for name in kind.key))

    async def _old_rows(self, kind: SealedTable, after: tuple[Any, ...] | None) -> Sequence[sa.RowMapping]:
        c = kind.table.c
        key = [c[name] for name in kind.key]
        query = sa.select(kind.table).where(c.tenant_id == self._tenant, other_key(c.sealed, self.version))
        if after is not None:
            behind = (sa.literal(part, column.type) for part, column in zip(after, key, strict=True))
            query = query.where(sa.tuple_(*key) > sa.tuple_(*behind))
        # Whoever holds a row will write it with the present key, or the next walk finds it.
        query = query.order_by(*key).limit(_AT_ONCE).with_for_update(skip_locked=True)
        return (await self._connection.execute(query)).mappings().all()

    def _sealed_anew(self, kind: SealedTable, found: Sequence[sa.RowMapping]) -> list[dict[str, Any]]:
        """Open and seal; computation only, for a thread."""
        return [
            {f"key_{name}": row[name] for name in kind.key}
            | {f"new_{name}": value for name, value in kind.anew(self._sealer, self._tenant, row).items()}
            for row in found
        ]

    async def left(self) -> int:
        """Return how many rows still carry another key."""
        count = 0
        for kind in SEALED_TABLES:
            c = kind.table.c
            old = sa.select(sa.func.count()).where(c.tenant_id == self._tenant, other_key(c.sealed, self.version))
            count += int(await self._connection.scalar(old) or 0)
        files = sa.select(sa.func.count()).where(
            evidence_files.c.tenant_id == self._tenant, under_other_key(self.version)
        )
        return count + int(await self._connection.scalar(files) or 0)


def _rotation(row: sa.RowMapping) -> KeyRotation:
    return KeyRotation(**{name: row[name] for name in _STORED})

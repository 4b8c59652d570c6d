"""Areas in PostgreSQL: loaded from the seed when its version is new, read by whoever needs names or codes."""

import csv
import gzip
import io
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from bela_kit.core.tenancy import SystemScope, TenantId
from bela_kit.db import Database, copy_rows
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters import tables as t
from vendor_service.domain.areas import Area

_SEED = "areas"
_COLUMNS = ("code", "name", "kind", "parent", "postcodes")
_LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtextextended('seed:areas', 0))")


class SqlAreas:
    """The areas table within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_region(self, tenant: TenantId) -> list[Area]:
        """Return the kecamatan and desa of a regency."""
        a = t.areas
        query = sa.select(a).where(a.c.code.like(f"{tenant}%"), sa.func.length(a.c.code) > len(tenant))
        return [_area(row) for row in (await self._connection.execute(query.order_by(a.c.code))).mappings()]

    async def find(self, tenant: TenantId, parent: str | None, text: str | None, limit: int) -> Sequence[Area]:
        """Return areas of a region below a parent, or with a text in their name."""
        a = t.areas
        query = sa.select(a).where(a.c.code.like(f"{tenant}%"))
        if parent is not None:
            query = query.where(a.c.parent == parent)
        if text is not None:
            escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
            query = query.where(a.c.name.ilike(f"%{escaped}%"))
        rows = (await self._connection.execute(query.order_by(a.c.code).limit(limit))).mappings()
        return [_area(row) for row in rows]


async def load_areas(db: Database, file: Path) -> bool:
    """Load the seed unless this very version is loaded; says whether it was. Needs the worker role."""
    version = file.with_name("areas.version").read_text(encoding="utf-8").strip()
    async with db.system_transaction(SystemScope("load the areas")) as connection:
        await connection.execute(_LOCK)
        s = t.seed_versions
        if await connection.scalar(sa.select(s.c.version).where(s.c.seed == _SEED)) == version:
            return False
        await connection.execute(sa.delete(t.areas))
        await copy_rows(connection, t.areas, _COLUMNS, _records(file))
        await connection.execute(sa.delete(s).where(s.c.seed == _SEED))
        await connection.execute(sa.insert(s).values(seed=_SEED, version=version))
    return True


def _records(file: Path) -> list[tuple[str, str, str, str, list[str]]]:
    text = gzip.decompress(file.read_bytes()).decode("utf-8")
    reader = csv.reader(io.StringIO(text, newline=""))
    next(reader)
    return [(code, name, kind, parent, postcodes.split()) for code, name, kind, parent, postcodes in reader]


def _area(row: sa.RowMapping) -> Area:
    return Area(row["code"], row["name"], row["kind"], row["parent"], tuple(row["postcodes"]))

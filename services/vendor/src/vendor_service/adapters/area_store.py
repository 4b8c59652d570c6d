"""Areas in PostgreSQL: loaded from the seed when its version is new, read by whoever needs names or codes."""

import csv
import gzip
import hashlib
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from bela_kit.core.tenancy import SystemScope, TenantId
from bela_kit.db import Database, copy_rows
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters import tables as t
from vendor_service.domain.areas import Area

_SEED = "areas"
_CHANGES = "area_changes.csv"
_COLUMNS = ("code", "name", "kind", "parent", "postcodes", "valid_from", "valid_to", "replaced_by")
_Record = tuple[str, str, str, str, list[str], date | None, date | None, list[str]]
_LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtextextended('seed:areas', 0))")


class SqlAreas:
    """The areas table within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_region(self, tenant: TenantId) -> list[Area]:
        """Return the kecamatan and desa of a regency."""
        a = t.areas
        query = sa.select(a).where(
            a.c.code.like(f"{tenant}%"), sa.func.length(a.c.code) > len(tenant), a.c.valid_to.is_(None)
        )
        return [_area(row) for row in (await self._connection.execute(query.order_by(a.c.code))).mappings()]

    async def find(self, tenant: TenantId, parent: str | None, text: str | None, limit: int) -> Sequence[Area]:
        """Return areas of a region below a parent, or with a text in their name."""
        a = t.areas
        query = sa.select(a).where(a.c.code.like(f"{tenant}%"), a.c.valid_to.is_(None))
        if parent is not None:
            query = query.where(a.c.parent == parent)
        if text is not None:
            escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
            query = query.where(a.c.name.ilike(f"%{escaped}%"))
        rows = (await self._connection.execute(query.order_by(a.c.code).limit(limit))).mappings()
        return [_area(row) for row in rows]

    async def by_code(self, code: str) -> Area | None:
        """Return an area by its code, also an ended one.

        Below an ended regency only the regency is recorded: its kecamatan and desa kept all but the first four digits.
        """
        a = t.areas
        row = (await self._connection.execute(sa.select(a).where(a.c.code == code))).mappings().first()
        if row is not None:
            return _area(row)
        above = sa.select(a).where(a.c.code == code[:4], a.c.valid_to.is_not(None))
        ended = (await self._connection.execute(above)).mappings().first()
        if ended is None:
            return None
        wanted = [f"{new}{code[4:]}" for new in ended["replaced_by"]]
        found = (await self._connection.execute(sa.select(a).where(a.c.code.in_(wanted)))).mappings().all()
        if not found:
            return None
        first = _area(found[0])
        return Area(
            code,
            first.name,
            first.kind,
            code[:6] if len(code) > 6 else code[:4],
            valid_to=ended["valid_to"],
            replaced_by=tuple(row["code"] for row in found),
        )


async def load_areas(db: Database, file: Path) -> bool:
    """Load the seed unless this very version is loaded; says whether it was. Needs the worker role."""
    version = _version(file)
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


def _version(file: Path) -> str:
    """Return what both files of the seed hold: the release of the one, the content of the other."""
    changes = hashlib.sha256(file.with_name(_CHANGES).read_bytes()).hexdigest()[:12]
    return f"{file.with_name('areas.version').read_text(encoding='utf-8').strip()} {changes}"


def _records(file: Path) -> list[_Record]:
    text = gzip.decompress(file.read_bytes()).decode("utf-8")
    changes = list(csv.DictReader(io.StringIO(file.with_name(_CHANGES).read_text(encoding="utf-8"), newline="")))
    began = {line["code"]: _day(line["valid_from"]) for line in changes if not line["valid_to"]}
    reader = csv.reader(io.StringIO(text, newline=""))
    next(reader)
    found: list[_Record] = [
        (code, name, kind, parent, postcodes.split(), began.get(code[:4], began.get(code[:2])), None, [])
        for code, name, kind, parent, postcodes in reader
    ]
    found += [
        (
            line["code"],
            line["name"],
            line["kind"],
            line["parent"],
            [],
            _day(line["valid_from"]),
            _day(line["valid_to"]),
            line["replaced_by"].split(),
        )
        for line in changes
        if line["valid_to"]
    ]
    return found


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _area(row: sa.RowMapping) -> Area:
    values = {name: row[name] for name in ("code", "name", "kind", "parent", "valid_from", "valid_to")}
    return Area(**values, postcodes=tuple(row["postcodes"]), replaced_by=tuple(row["replaced_by"]))

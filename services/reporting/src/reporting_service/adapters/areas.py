"""Names of areas: loaded once from the reference file, looked up by code."""

import asyncio
import csv
import gzip
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import sqlalchemy as sa
from bela_kit.core.tenancy import SystemScope
from bela_kit.db import Database, copy_rows
from sqlalchemy.ext.asyncio import AsyncConnection

from reporting_service.adapters.tables import areas

_LOADED = sa.text("SELECT sha256 FROM reference_files WHERE name = :name")
_NOTE = sa.text(
    """
    INSERT INTO reference_files (name, sha256) VALUES (:name, :sha256)
    ON CONFLICT (name) DO UPDATE SET sha256 = excluded.sha256
    """
)
_NAMES = sa.text("SELECT code, name FROM areas WHERE code = ANY(CAST(:codes AS text[]))")


async def load_areas(database: Database, file: Path) -> int:
    """Load the file unless this very file was loaded before; return how many areas were written."""
    content = await asyncio.to_thread(file.read_bytes)
    sha256 = hashlib.sha256(content).hexdigest()
    async with database.system_transaction(SystemScope("reference data: areas")) as connection:
        if await connection.scalar(_LOADED, {"name": file.name}) == sha256:
            return 0
        count = await copy_rows(
            connection,
            areas,
            ("code", "name"),
            _rows(content),
            on_conflict="ON CONFLICT (code) DO UPDATE SET name = excluded.name",
        )
        await connection.execute(_NOTE, {"name": file.name, "sha256": sha256})
    return count


async def area_names(connection: AsyncConnection, codes: Iterable[str]) -> Mapping[str, str]:
    """Return the names of those codes that are known."""
    wanted = sorted(set(codes) - {""})
    if not wanted:
        return {}
    return {row.code: row.name for row in await connection.execute(_NAMES, {"codes": wanted})}


def _rows(content: bytes) -> Iterator[tuple[str, str]]:
    with gzip.open(io.BytesIO(content), "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield row["code"], row["name"]

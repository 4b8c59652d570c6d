"""Categories and profiles: loaded from the seed at migration, read from the tables by every process."""

import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from bela_kit.db import Database
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from catalog_service.adapters.tables import categories, profiles, reference_versions
from catalog_service.domain.reference import Category, ContentItem, Profile, ReferenceBook, SupplyType
from catalog_service.domain.spelling import Vocabulary


class ReferenceTables:
    """The reference data in memory, read once; a new version comes with a migration and so with new processes."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._book: ReferenceBook | None = None
        self._vocabulary: Vocabulary | None = None

    async def book(self, connection: AsyncConnection | None = None) -> ReferenceBook:
        """Return the reference data as loaded at the last migration, read on a connection that is open already."""
        if self._book is None:
            if connection is not None:
                self._book = await read_book(connection)
            else:
                async with self._db.public_transaction() as own:
                    self._book = await read_book(own)
        return self._book

    async def vocabulary(self, connection: AsyncConnection) -> Vocabulary:
        """Return the words of the trade, for misspelt queries."""
        if self._vocabulary is None:
            self._vocabulary = Vocabulary.of(await self.book(connection))
        return self._vocabulary


async def read_book(connection: AsyncConnection) -> ReferenceBook:
    """Return what the reference tables hold."""
    version = await connection.scalar(sa.select(reference_versions.c.version))
    rows = (await connection.execute(sa.select(categories).order_by(categories.c.position))).mappings()
    found = {
        row["code"]: Category(
            code=row["code"],
            name=row["name"],
            level=row["level"],
            parent=row["parent"],
            supply_type=SupplyType(row["supply_type"]) if row["supply_type"] else None,
            must_be_producer=row["must_be_producer"],
            certificates=tuple(tuple(group) for group in row["certificates"]),
            kbli_examples=tuple(row["kbli_examples"]),
            keywords=tuple(row["keywords"]),
        )
        for row in rows
    }
    rows = (await connection.execute(sa.select(profiles).order_by(profiles.c.position))).mappings()
    things = {
        row["code"]: Profile(
            code=row["code"],
            name=row["name"],
            category_code=row["category_code"],
            unit=row["unit"],
            content=tuple(ContentItem(**item) for item in row["content"]),
            keywords=tuple(row["keywords"]),
        )
        for row in rows
    }
    return ReferenceBook(version or "", found, things)


def read_seed(file: Path) -> dict[str, Any]:
    """Return the seed file as it is."""
    seed: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return seed


async def load_reference(owner_url: str, seed: dict[str, Any]) -> str:
    """Bring the reference tables to the seed and return its version; rows are replaced, never removed."""
    engine = create_async_engine(
        owner_url, poolclass=NullPool, json_serializer=lambda value: json.dumps(value, ensure_ascii=False)
    )
    try:
        async with engine.begin() as connection:
            await _replace(connection, categories, [_category_row(n, one) for n, one in enumerate(seed["categories"])])
            await _replace(connection, profiles, [{"position": n, **one} for n, one in enumerate(seed["profiles"])])
            version = {"name": "categories", "version": seed["version"]}
            statement = insert(reference_versions).values(version)
            await connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=version))
    finally:
        await engine.dispose()
    return str(seed["version"])


def _category_row(position: int, one: dict[str, Any]) -> dict[str, Any]:
    absent: dict[str, Any] = {"parent": None, "supply_type": None, "must_be_producer": False}
    return {**absent, "certificates": [], "kbli_examples": [], "keywords": [], "position": position, **one}


async def _replace(connection: AsyncConnection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    statement = insert(table).values(rows)
    columns = {column.name: statement.excluded[column.name] for column in table.c if column.name != "code"}
    await connection.execute(statement.on_conflict_do_update(index_elements=["code"], set_=columns))

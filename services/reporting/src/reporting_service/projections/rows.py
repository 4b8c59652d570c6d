"""Set-based writing of read models: one statement per table and batch, whatever the number of events.

Rows travel as one JSON parameter, which PostgreSQL turns into a record set; so the statement's text is the same for one
row and for five hundred, and is prepared once.
"""

import functools
import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
import sqlalchemy as sa
from bela_kit.statements import Statement
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from reporting_service.projections.contributions import Amounts, Key

Row = Mapping[str, Any]

_DIALECT: sa.Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]


def latest(rows: Iterable[Row]) -> list[Row]:
    """Return per aggregate only the row of the highest version; one statement may not write a row twice."""
    kept: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        # By construction the tenant and the identifier come first in every row, the version after them.
        key = tuple(itertools.islice(row.values(), 2))
        if key not in kept or kept[key]["version"] < row["version"]:
            kept[key] = row
    return list(kept.values())


async def keep_latest(connection: AsyncConnection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert rows, or replace those whose stored version is lower."""
    await _write(connection, _keep_latest(table), rows)


async def insert_new(connection: AsyncConnection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert rows; those that exist stay as they are."""
    await _write(connection, _insert(table, "ON CONFLICT DO NOTHING"), rows)


async def add_all(connection: AsyncConnection, table: sa.Table, changes: Mapping[str, Mapping[Key, Amounts]]) -> None:
    """Add to the rows of a roll-up, per tenant and key; missing rows begin at zero."""
    keys = [str(column.name) for column in table.primary_key.columns][1:]
    amounts = [str(column.name) for column in table.columns if not column.primary_key]
    rows = [
        dict(zip(("tenant_id", *keys, *amounts), (tenant, *key, *values), strict=True))
        for tenant, of_tenant in changes.items()
        for key, values in of_tenant.items()
    ]
    await _write(connection, _add(table), rows)


async def stored(
    connection: AsyncConnection, table: sa.Table, columns: Sequence[str], keys: Iterable[tuple[Any, ...]]
) -> dict[tuple[Any, ...], Row]:
    """Return the stored rows of the aggregates named by primary key, JSON columns as text."""
    names = [str(column.name) for column in table.primary_key.columns]
    wanted = [dict(zip(names, key, strict=True)) for key in keys]
    if not wanted:
        return {}
    found = await _select(table, tuple(columns)).fetch(connection, {"rows": orjson.dumps(wanted).decode()})
    return {tuple(row[name] for name in names): dict(row) for row in found}


async def _write(connection: AsyncConnection, statement: Statement, rows: Sequence[Row]) -> None:
    if rows:
        await statement.fetch(connection, {"rows": orjson.dumps(rows).decode()})


def _shape(columns: Iterable[sa.Column[Any]]) -> str:
    return ", ".join(f"{column.name} {column.type.compile(_DIALECT)}" for column in columns)


def _names(columns: Iterable[sa.Column[Any]]) -> str:
    return ", ".join(column.name for column in columns)


def _record_set(columns: Iterable[sa.Column[Any]]) -> str:
    return f"jsonb_to_recordset(CAST(:rows AS jsonb)) AS given ({_shape(columns)})"


@functools.cache
def _insert(table: sa.Table, conflict: str) -> Statement:
    names = _names(table.columns)
    # Rows are written in key order, so that two workers with overlapping batches lock them in one order.
    order = _names(table.primary_key.columns)
    return Statement(
        f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {_record_set(table.columns)} "  # noqa: S608
        f"ORDER BY {order} {conflict}"
    )


@functools.cache
def _keep_latest(table: sa.Table) -> Statement:
    key = _names(table.primary_key.columns)
    assignments = ", ".join(f"{c.name} = excluded.{c.name}" for c in table.columns if not c.primary_key)
    return _insert(
        table, f"ON CONFLICT ({key}) DO UPDATE SET {assignments} WHERE {table.name}.version < excluded.version"
    )


@functools.cache
def _add(table: sa.Table) -> Statement:
    key = _names(table.primary_key.columns)
    sums = ", ".join(
        f"{c.name} = {table.name}.{c.name} + excluded.{c.name}" for c in table.columns if not c.primary_key
    )
    return _insert(table, f"ON CONFLICT ({key}) DO UPDATE SET {sums}")


@functools.cache
def _select(table: sa.Table, columns: tuple[str, ...]) -> Statement:
    key = list(table.primary_key.columns)
    names = ", ".join(
        f"CAST({name} AS text) AS {name}" if isinstance(table.c[name].type, sa.JSON) else name
        for name in (*(column.name for column in key), *columns)
    )
    same = " AND ".join(f"{table.name}.{column.name} = given.{column.name}" for column in key)
    # PostgreSQL takes a record set for a hundred rows and would rather read the whole table than look up each of them;
    # OFFSET 0 keeps it from joining.
    return Statement(
        f"SELECT found.* FROM {_record_set(key)} "  # noqa: S608
        f"CROSS JOIN LATERAL (SELECT {names} FROM {table.name} WHERE {same} OFFSET 0) AS found"
    )

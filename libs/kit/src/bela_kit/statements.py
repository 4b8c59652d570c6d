"""Statements of the busiest paths, straight to the driver: SQLAlchemy's way costs more than the statement itself.

They run on the connection and inside the transaction that `db` opened, or need none at all, are prepared once a
connection by the driver, and fail with the driver's own exceptions, which `db` and the edges understand.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from asyncpg import Record
from opentelemetry import trace
from sqlalchemy.ext.asyncio import AsyncConnection

from bela_kit.db import Database, driver_of

_NAME = re.compile(r"(?<!:):([a-z_]+)")


class Statement:
    """SQL with `:name` parameters, turned once into what the driver reads."""

    __slots__ = ("_names", "sql")

    def __init__(self, sql: str) -> None:
        self._names = tuple(dict.fromkeys(_NAME.findall(sql)))
        places = {name: f"${place}" for place, name in enumerate(self._names, start=1)}
        self.sql = _NAME.sub(lambda match: places[match[1]], sql)

    def arguments(self, values: Mapping[str, Any]) -> list[Any]:
        """Return the values in the sequence of their places."""
        return [values[name] for name in self._names]

    async def fetch(self, connection: AsyncConnection, values: Mapping[str, Any]) -> Sequence[Record]:
        """Run in the open transaction and return the rows, which are read by name."""
        driver = await driver_of(connection)
        return await _traced(driver.fetch, self.sql, self.arguments(values))

    async def fetch_alone(self, database: Database, values: Mapping[str, Any]) -> Sequence[Record]:
        """Run a query outside of any transaction, where it sees public rows only."""
        return await _traced(database.lone_query, self.sql, self.arguments(values))


class TenantQuery:
    """A query of one tenant's rows that needs no transaction around it: one round trip instead of three.

    The tenant is bound within the statement, for as long as it runs. What is asked stands in a lateral query that
    refers to the binding and cannot be merged with it (OFFSET 0), so PostgreSQL runs it after the binding, and the
    policies see the tenant. Were it otherwise they would see none and show nothing.

    Args:
        sql: A SELECT with `:name` parameters, `:tenant` among them, whose columns have different names.
    """

    __slots__ = ("_statement",)

    def __init__(self, sql: str) -> None:
        self._statement = Statement(
            f"""
            SELECT found.*
            FROM (SELECT set_config('app.tenant', :tenant, true) AS tenant OFFSET 0) AS bound
            CROSS JOIN LATERAL (SELECT * FROM ({sql}) AS asked WHERE bound.tenant IS NOT NULL OFFSET 0) AS found
            """  # noqa: S608 - a constant of the module that makes it
        )

    async def fetch(self, database: Database, values: Mapping[str, Any]) -> Sequence[Record]:
        """Run on a connection of its own and return the rows, which are read by name."""
        return await self._statement.fetch_alone(database, values)


async def _traced(
    run: Callable[..., Awaitable[Sequence[Record]]], sql: str, arguments: Sequence[Any]
) -> Sequence[Record]:
    if not trace.get_current_span().is_recording():
        return await run(sql, *arguments)
    attributes = {"db.system.name": "postgresql", "db.query.text": sql.strip()[:1000]}
    tracer = trace.get_tracer("bela_kit")
    with tracer.start_as_current_span(sql.split(None, 1)[0].upper(), kind=trace.SpanKind.CLIENT, attributes=attributes):
        return await run(sql, *arguments)

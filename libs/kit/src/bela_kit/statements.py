"""Statements of the busiest paths, straight to the driver: SQLAlchemy's way costs more than the statement itself.

They run on the connection and inside the transaction that `db` opened, are prepared once a connection by the driver,
and fail with the driver's own exceptions, which `db` and the edges understand.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from asyncpg import Record
from opentelemetry import trace
from sqlalchemy.ext.asyncio import AsyncConnection

from bela_kit.db import driver_of

_NAME = re.compile(r"(?<!:):([a-z_]+)")


class Statement:
    """SQL with `:name` parameters, turned once into what the driver reads."""

    __slots__ = ("_names", "sql")

    def __init__(self, sql: str) -> None:
        self._names = tuple(dict.fromkeys(_NAME.findall(sql)))
        places = {name: f"${place}" for place, name in enumerate(self._names, start=1)}
        self.sql = _NAME.sub(lambda match: places[match[1]], sql)

    async def fetch(self, connection: AsyncConnection, values: Mapping[str, Any]) -> Sequence[Record]:
        """Run in the open transaction and return the rows, which are read by name."""
        driver = await driver_of(connection)
        arguments = [values[name] for name in self._names]
        if not trace.get_current_span().is_recording():
            return await driver.fetch(self.sql, *arguments)
        attributes = {"db.system.name": "postgresql", "db.query.text": self.sql.strip()[:1000]}
        name = self.sql.split(None, 1)[0].upper()
        tracer = trace.get_tracer("bela_kit")
        with tracer.start_as_current_span(name, kind=trace.SpanKind.CLIENT, attributes=attributes):
            return await driver.fetch(self.sql, *arguments)

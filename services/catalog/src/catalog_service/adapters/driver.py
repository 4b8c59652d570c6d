"""Statements of the hottest path, straight to the driver.

A reservation is one hop of every order (performance.md, sections 2.1 and 5). Measured side by side on two busy cores,
three lines each and eight at a time, it took this process 3.5 ms of CPU with SQLAlchemy's statements and 1.9 ms with
these. They are prepared by asyncpg itself, on the connection and inside the transaction that the kit opened; everything
else stays with SQLAlchemy.
"""

from collections.abc import Sequence
from typing import Any

from asyncpg import Record
from bela_kit.db import driver_of
from sqlalchemy.ext.asyncio import AsyncConnection


class Driver:
    """The driver's connection beneath one open transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def fetch(self, statement: str, *values: Any) -> Sequence[Record]:
        """Run a statement with `$n` parameters; asyncpg keeps it prepared on the connection."""
        driver = await driver_of(self._connection)
        rows: Sequence[Record] = await driver.fetch(statement, *values)
        return rows

"""Statements of the order path, straight to the driver.

SQLAlchemy's compile and greenlet cost is the largest single part of an order otherwise (performance.md, 2.1: 2.1
core-ms against 0.66); everything off that path stays with SQLAlchemy. They run on the connection and inside the
transaction that the kit opened, are prepared by the driver, and fail with the kit's own errors.
"""

import re
from collections.abc import Mapping
from typing import Any

import asyncpg
from bela_kit.db import DatabaseBusy, DatabaseUnavailable, driver_of
from sqlalchemy.ext.asyncio import AsyncConnection

_NAME = re.compile(r"(?<!:):([a-z_]+)")
_BUSY = (asyncpg.DeadlockDetectedError, asyncpg.LockNotAvailableError, asyncpg.SerializationError)
_GONE = (asyncpg.InterfaceError, asyncpg.PostgresConnectionError, OSError)


class Statement:
    """SQL with `:name` parameters, turned once into what the driver reads."""

    def __init__(self, sql: str) -> None:
        self.names = tuple(dict.fromkeys(_NAME.findall(sql)))
        places = {name: f"${place}" for place, name in enumerate(self.names, start=1)}
        self.sql = _NAME.sub(lambda match: places[match[1]], sql)


async def fetch(connection: AsyncConnection, statement: Statement, values: Mapping[str, Any]) -> list[Any]:
    """Run a statement and return its rows, which are read by name.

    Raises:
        DatabaseBusy: A lock was waited for too long, or two transactions waited for each other.
        DatabaseUnavailable: The connection is gone.
    """
    driver = await driver_of(connection)
    try:
        rows: list[Any] = await driver.fetch(statement.sql, *[values[name] for name in statement.names])
    except _BUSY as error:
        raise DatabaseBusy from error
    except _GONE as error:
        raise DatabaseUnavailable from error
    return rows

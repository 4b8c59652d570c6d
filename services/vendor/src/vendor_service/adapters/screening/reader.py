"""The parent's side of reading a list: feeds the child, takes its rows, ends it with its parent."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from datetime import date
from typing import Any

from bela_kit.core.tenancy import TenantId

from vendor_service.domain.sanctions.errors import ListRefused
from vendor_service.domain.screening.rows import EmployeeRow, EntryRow, ListKind

_LONGEST_SECONDS = 180
_LONGEST_LINE = 8 * 1024 * 1024
# Nothing of the service's settings: whoever takes over the child through a file must find no keys there.
_ENVIRONMENT = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "HOME", "TMPDIR")


class ProcessListReader:
    """Reads lists in a child process, one per file."""

    async def read(
        self, tenant: TenantId, kind: ListKind, today: date, content: AsyncIterator[bytes]
    ) -> AsyncGenerator[list[EmployeeRow] | list[EntryRow] | dict[str, int], None]:
        """Yield batches of rows, and last the counts of rows not read; raises ListRefused."""
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "vendor_service.adapters.screening.child", limit=_LONGEST_LINE,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
        )  # fmt: skip
        order = json.dumps({"kind": kind.value, "today": today.isoformat()}).encode() + b"\n"
        feeding = asyncio.create_task(_feed(child, order, content))
        try:
            async with asyncio.timeout(_LONGEST_SECONDS):
                async for line in _lines(child):
                    yield _rows(kind, line)
        except TimeoutError:
            raise ListRefused("WORKBOOK_TOO_SLOW", "Berkas terlalu lama dibaca.") from None
        finally:
            feeding.cancel()
            with suppress(ProcessLookupError):
                child.kill()
            with suppress(asyncio.CancelledError):
                await feeding
            await child.wait()


async def _feed(child: asyncio.subprocess.Process, order: bytes, content: AsyncIterator[bytes]) -> None:
    assert child.stdin is not None
    with suppress(BrokenPipeError, ConnectionResetError):
        child.stdin.write(order)
        async for chunk in content:
            child.stdin.write(chunk)
            await child.stdin.drain()
        child.stdin.close()


async def _lines(child: asyncio.subprocess.Process) -> AsyncIterator[dict[str, Any]]:
    assert child.stdout is not None
    while text := await child.stdout.readline():
        line: dict[str, Any] = json.loads(text)
        if "refused" in line:
            raise ListRefused(*line["refused"])
        yield line
        if "rejected" in line:
            return
    raise ListRefused("WORKBOOK_TOO_LARGE_UNPACKED", "Isi berkas terlalu besar untuk dibaca.")


def _rows(kind: ListKind, line: dict[str, Any]) -> list[EmployeeRow] | list[EntryRow] | dict[str, int]:
    if "rejected" in line:
        rejected: dict[str, int] = line["rejected"]
        return rejected
    if kind is ListKind.EMPLOYEES:
        return [EmployeeRow(**row) for row in line["rows"]]
    return [EntryRow(**{**row, **{name: date.fromisoformat(row[name]) for name in ("valid_from", "valid_to")}})
            for row in line["rows"]]  # fmt: skip

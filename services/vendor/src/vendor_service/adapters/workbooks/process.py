"""The parent's side of reading a workbook: feeds the child, takes its rows in batches, ends it with its parent."""

import asyncio
import json
import logging
import marshal
import os
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from bela_kit.core.tenancy import TenantId

from vendor_service.application.imports.ports import Layout, RowBatch, SheetRow, WorkbookEnd
from vendor_service.domain.areas import Area
from vendor_service.domain.errors import WorkbookRefused
from vendor_service.domain.imports.mapping import NO_OPTIONS, MappedColumn, ReadOptions, Understood
from vendor_service.domain.imports.row import ParsedRow

log = logging.getLogger(__name__)

_LONGEST_SILENCE_SECONDS = 180
# Nothing of the service's settings: whoever takes over the child through a file must find no keys there.
_ENVIRONMENT = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "HOME", "TMPDIR")
_LARGEST_FRAME = 64 * 1024 * 1024


class ProcessWorkbookReader:
    """Reads workbooks in a child process, one per file."""

    async def read(
        self,
        tenant: TenantId,
        content: AsyncIterator[bytes],
        areas: Sequence[Area],
        today: date,
        options: ReadOptions = NO_OPTIONS,
    ) -> AsyncGenerator[Layout | RowBatch | WorkbookEnd, None]:
        """Yield the layout of each table, its rows in batches, and the end.

        Raises:
            WorkbookRefused: The file as a whole cannot be read.
        """
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "vendor_service.adapters.workbooks.child",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
        )  # fmt: skip
        order = {
            "tenant": tenant,
            "today": today.isoformat(),
            "areas": [(area.code, area.name, area.kind, area.parent) for area in areas],
            "sheets": options.sheets,
            "mapping": dict(options.mapping.columns),
        }
        feeding = asyncio.create_task(_feed(child, json.dumps(order).encode() + b"\n", content))
        try:
            async for frame in _frames(child):
                yield _decoded(frame)
            await feeding
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


async def _frames(child: asyncio.subprocess.Process) -> AsyncIterator[tuple[Any, ...]]:
    assert child.stdout is not None
    while True:
        try:
            # Its silence is bounded, not its life: whoever takes the rows may be slow, and what it computes is limited.
            async with asyncio.timeout(_LONGEST_SILENCE_SECONDS):
                size = int.from_bytes(await child.stdout.readexactly(4), "big")
                if size > _LARGEST_FRAME:
                    raise WorkbookRefused("WORKBOOK_NOT_READABLE", "Baris berkas terlalu panjang.")
                frame = marshal.loads(await child.stdout.readexactly(size))  # noqa: S302  our own child
        except TimeoutError:
            raise WorkbookRefused("WORKBOOK_TOO_SLOW", "Berkas terlalu lama dibaca.") from None
        except asyncio.IncompleteReadError:
            # It ended without a word: the kernel or the allocator stopped it at its limit.
            raise WorkbookRefused("WORKBOOK_TOO_LARGE_UNPACKED", "Isi berkas terlalu besar untuk dibaca.") from None
        yield frame
        if frame[0] in {"end", "refused", "broken"}:
            return


def _decoded(frame: tuple[Any, ...]) -> Layout | RowBatch | WorkbookEnd:
    match frame[0]:
        case "layout":
            headers = tuple(
                MappedColumn(one[0], one[1], one[2], one[3], one[4], Understood(one[5])) for one in frame[4]
            )
            return Layout(frame[1], frame[2], tuple(frame[3]), headers, frame[5], frame[6])
        case "rows":
            return RowBatch([SheetRow(line[0], line[1], line[2], ParsedRow(*line[3:])) for line in frame[1]])
        case "end":
            return WorkbookEnd(frame[1], tuple(frame[2]), tuple(frame[3]), frame[4])
        case "broken":
            log.error("a workbook broke its reader", extra={"error": frame[1], "place": frame[2]})
            raise WorkbookRefused("WORKBOOK_NOT_READABLE", "Isi berkas tidak dapat dibaca.")
        case _:
            raise WorkbookRefused(frame[1], frame[2], list(frame[3]))

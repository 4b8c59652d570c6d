"""How far a commit is, told while its one transaction is still open: by short transactions of their own."""

import asyncio
from contextvars import Context
from types import TracebackType
from uuid import UUID

from bela_kit.core.tenancy import TenantId

from vendor_service.application.ports import Transactions


class Progress:
    """Writes the number of rows done beside the work; what nobody has read yet is skipped, never waited for."""

    def __init__(self, transactions: Transactions, tenant: TenantId, import_id: UUID) -> None:
        self._transactions = transactions
        self._tenant = tenant
        self._import_id = import_id
        self._writing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Progress":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._writing is not None:
            self._writing.cancel()

    def tell(self, rows_done: int) -> None:
        """Note how many rows are done, unless the number before is still being written."""
        if self._writing is None or self._writing.done():
            # In a context of its own: the work's transaction is not this one's.
            self._writing = asyncio.get_running_loop().create_task(self._write(rows_done), context=Context())

    async def end(self) -> None:
        """Wait for the last number, so that it cannot come after the end of the work."""
        if self._writing is not None:
            await asyncio.wait({self._writing})

    async def _write(self, rows_done: int) -> None:
        async with self._transactions(self._tenant) as uow:
            await uow.imports.progress(self._import_id, rows_done)

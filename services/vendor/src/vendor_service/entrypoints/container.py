"""What every entry point works with; filled in by `bootstrap` with concrete adapters."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bela_kit.core.clock import Clock
from bela_kit.core.tenancy import TenantId
from bela_kit.db import Database
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.application.evidence.ports import LinkSigner
from vendor_service.application.imports.ports import Files, RowKeys, WorkbookReader
from vendor_service.application.ports import Transactions, UnitOfWork
from vendor_service.application.reviews.ports import Weeks
from vendor_service.application.screening.ports import ListRows


@dataclass(frozen=True, slots=True)
class Container:
    """The parts of a running service.

    Attributes:
        uow: Makes the repositories of an open transaction.
        transactions: Opens a transaction of a region with its repositories; commits at the end.
        regions: Returns the codes of all regions that are known here.
    """

    db: Database
    clock: Clock
    files: Files
    evidence_files: Files
    link_signer: LinkSigner
    weeks: Weeks
    reader: WorkbookReader
    row_keys: RowKeys
    list_rows: ListRows
    uow: Callable[[AsyncConnection, TenantId], UnitOfWork]
    transactions: Transactions
    regions: Callable[[], Awaitable[Sequence[TenantId]]]

"""Seal files anew under the present key: a rotation ends only when no file needs the former one."""

from bela_kit.core.tenancy import TenantId

from vendor_service.application.imports.ports import Files
from vendor_service.application.ports import Transactions
from vendor_service.domain.evidence.content import PAPER_LIMIT_BYTES
from vendor_service.domain.personal_data.errors import KeyNotPresent

_BATCH = 20


async def rekey_evidence(tenant: TenantId, version: int, *, transactions: Transactions, files: Files) -> None:
    """Copy every file that carries another key, point its record to the copy, and remove what was copied.

    Whoever dies in between leaves a copy that no record names, or a file that none names any more; both are sealed, and
    the next run begins with the records alone.

    Raises:
        KeyNotPresent: This process writes with another key.
    """
    while True:
        async with transactions(tenant) as uow:
            if uow.key_ring.version != version:
                raise KeyNotPresent(version)
            found = await uow.evidence.under_other_keys(version, _BATCH)
        for evidence in found:
            copied = await files.save(tenant, files.open(tenant, evidence.file_key), limit_bytes=PAPER_LIMIT_BYTES)
            async with transactions(tenant) as uow:
                moved = await uow.evidence.move(evidence, copied.key, version)
            await files.delete(evidence.file_key if moved else copied.key)
        if not found:
            return

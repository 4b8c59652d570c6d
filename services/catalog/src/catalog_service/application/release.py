"""Give back what one attempt of an order took, in one transaction of the seller's home region.

An attempt is named by its `now`. A later Reserve of the same order changes it, so that a hold on which another request
still relies is never given back under it; that hold ends with its lease.
"""

from dataclasses import dataclass
from datetime import datetime

from bela_kit.core.tenancy import TenantId

from catalog_service.application.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class Release:
    """Which attempt of which order was refused."""

    buyer: TenantId
    order_id: str
    home: TenantId
    reserved_at: datetime


async def release(command: Release, *, uow: UnitOfWork) -> bool:
    """Return whether anything was given back; `uow` is a transaction of the seller's home region."""
    return await uow.calendar.release_hold(
        command.home, command.order_id, buyer=command.buyer, reserved_at=command.reserved_at
    )

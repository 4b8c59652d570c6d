"""Bring everything that is sealed under the present key, while reads and writes go on (architecture: personal data).

Every process reads with all keys it was given and writes with one. Old rows are opened and sealed anew in small
transactions that wait for nobody: a row that somebody holds is passed over and found by the next walk.
"""

from datetime import timedelta

from bela_kit.core.clock import Clock
from bela_kit.core.tenancy import TenantId

from vendor_service.application.ports import Transactions, UnitOfWork
from vendor_service.domain.personal_data.errors import KeyNotPresent
from vendor_service.domain.personal_data.rotation import KeyRotation
from vendor_service.domain.vendor import Moment

ROTATE = "rotate_keys"
_AGAIN = timedelta(seconds=5)


async def start_rotation(moment: Moment, *, uow: UnitOfWork) -> KeyRotation:
    """Begin to bring a region under the present key; one that runs already goes on."""
    version = uow.key_ring.version
    found = await uow.key_ring.rotation(version)
    if found is None or found.finished_at is not None:
        found = KeyRotation(version, moment.actor.principal, moment.now)
        await uow.key_ring.save(found)
        await uow.jobs.schedule(ROTATE, str(version), moment.now)
    found.rows_left = await uow.key_ring.left()
    return found


async def list_rotations(*, uow: UnitOfWork) -> list[KeyRotation]:
    """Return what was rotated, with the rows that are left of what runs."""
    found = list(await uow.key_ring.rotations())
    left = await uow.key_ring.left()
    for one in found:
        one.rows_left = left if one.key_version == uow.key_ring.version else 0
    return found


async def rotate_keys(tenant: TenantId, version: int, *, transactions: Transactions, clock: Clock) -> None:
    """Walk once through all tables; if anything is left behind, walk again in a while.

    Raises:
        KeyNotPresent: This process writes with another key; one that was started with the new settings takes over.
    """
    table = 0
    after = None
    while True:
        async with transactions(tenant) as uow:
            if uow.key_ring.version != version:
                raise KeyNotPresent(version)
            step = await uow.key_ring.reseal(table, after)
            if step.done:
                await _end_of_walk(tenant, version, uow, clock)
                return
            await _note(uow, version, step.rows)
            after = step.after
            table += after is None


async def _note(uow: UnitOfWork, version: int, rows: int) -> None:
    if rows:
        rotation = await uow.key_ring.rotation(version)
        if rotation is not None:
            rotation.rows_done += rows
            await uow.key_ring.save(rotation)


async def _end_of_walk(tenant: TenantId, version: int, uow: UnitOfWork, clock: Clock) -> None:
    now = clock.now(tenant)
    if await uow.key_ring.left():
        await uow.jobs.schedule(ROTATE, str(version), now + _AGAIN)
        return
    rotation = await uow.key_ring.rotation(version)
    if rotation is not None:
        rotation.finished_at = now
        await uow.key_ring.save(rotation)

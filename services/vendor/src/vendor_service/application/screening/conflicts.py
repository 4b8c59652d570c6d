"""What people do about conflicts of interest: declare one, or release one by a letter."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bela_kit.core.clock import Clock

from vendor_service.application.ports import UnitOfWork
from vendor_service.application.screening.screen import look_again
from vendor_service.domain.sanctions.errors import ConflictNeedsLetter, ConflictNotFound, ReleaseInvalid
from vendor_service.domain.screening.conflict import Conflict, ConflictKind, ConflictState
from vendor_service.domain.vendor import Moment, Vendor


@dataclass(frozen=True, slots=True)
class ReleaseConflict:
    """The letter (unpaid leave) that ends a conflict, and until when; open-ended without a day."""

    vendor_id: UUID
    kind: ConflictKind
    letter: str
    until: date | None
    moment: Moment


async def release_conflict(command: ReleaseConflict, *, uow: UnitOfWork, clock: Clock) -> list[Conflict]:
    """Release an open conflict; the business may be verified and receive orders again while the release lasts."""
    if command.until is not None and command.until < command.moment.today:
        raise ReleaseInvalid("until", "Masa cuti sudah berakhir.")
    vendor = await uow.vendors.get(command.vendor_id)
    known = (await uow.screening.conflicts([vendor.vendor_id])).get(vendor.vendor_id, [])
    one = next((each for each in known if each.kind is command.kind and each.state is ConflictState.OPEN), None)
    if one is None:
        raise ConflictNotFound
    one.release(command.letter, command.until, command.moment)
    await uow.screening.save_conflicts([one])
    if vendor.set_conflict(any(each.blocks for each in known), command.moment, f"CONFLICT_RELEASED {command.letter}"):
        await uow.vendors.save([vendor])
    await look_again(vendor, command.moment, uow=uow, clock=clock)
    return known


async def declare_conflict(vendor: Vendor, conflict: bool, moment: Moment, *, uow: UnitOfWork) -> None:
    """Note a conflict that an officer knows of, or take the note back; the business is not saved here.

    Raises:
        ConflictNeedsLetter: The list of employees holds an owner, and only a letter ends that.
    """
    known = (await uow.screening.conflicts([vendor.vendor_id])).get(vendor.vendor_id, [])
    if not conflict and any(one.blocks and one.kind is ConflictKind.EMPLOYEE_OWNER for one in known):
        raise ConflictNeedsLetter
    state = ConflictState.OPEN if conflict else ConflictState.GONE
    await uow.screening.save_conflicts([Conflict(vendor.vendor_id, ConflictKind.DECLARED, state, moment.today)])
    vendor.set_conflict(conflict, moment, "CONFLICT_DECLARED" if conflict else "CONFLICT_WITHDRAWN")

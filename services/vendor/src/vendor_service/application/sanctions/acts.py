"""What people do about sanctions. Each act locks the business first, so that its standing and its papers agree."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bela_kit.core.clock import Clock
from bela_kit.core.ids import new_id

from vendor_service.application.ports import UnitOfWork
from vendor_service.application.sanctions.settle import settle
from vendor_service.domain.sanctions.sanction import AppealResult, Basis, Sanction, SanctionKind
from vendor_service.domain.vendor import Moment

_Change = Callable[[Sanction], None]


@dataclass(frozen=True, slots=True)
class ProposeSanction:
    """What a signer wants, or the LPSE enters from a signer's letter.

    Attributes:
        by_letter: Number of the signer's letter; with it the sanction is in force at once, entered by the LPSE.
    """

    vendor_id: UUID
    kind: SanctionKind
    valid_from: date
    valid_to: date
    basis: Basis
    moment: Moment
    by_letter: str | None = None


async def propose_sanction(command: ProposeSanction, *, uow: UnitOfWork, clock: Clock) -> Sanction:
    """Store a proposal, or a sanction in force where the signer's letter is at hand."""
    vendor = await uow.vendors.get(command.vendor_id)
    made = Sanction.propose(
        new_id(),
        vendor.vendor_id,
        command.kind,
        (command.valid_from, command.valid_to),
        command.basis,
        command.moment,
    )
    if command.by_letter is not None:
        made.proposal = {"letter": command.by_letter}
        made.impose(command.moment)
    await uow.sanctions.save([made])
    await settle(vendor, command.moment, uow=uow, clock=clock)
    return made


async def impose_sanction(sanction_id: UUID, moment: Moment, note: str, *, uow: UnitOfWork, clock: Clock) -> Sanction:
    """Put a proposed sanction in force."""
    return await _act(sanction_id, moment, lambda one: one.impose(moment, note), uow, clock)


async def refuse_sanction(sanction_id: UUID, moment: Moment, note: str, *, uow: UnitOfWork, clock: Clock) -> Sanction:
    """Turn a proposal down."""
    return await _act(sanction_id, moment, lambda one: one.refuse(moment, note), uow, clock)


async def file_appeal(
    sanction_id: UUID, moment: Moment, letter: str, grounds: str, *, uow: UnitOfWork, clock: Clock
) -> Sanction:
    """Take in an appeal of the business."""
    return await _act(sanction_id, moment, lambda one: one.file_appeal(moment, letter, grounds), uow, clock)


async def decide_appeal(
    sanction_id: UUID, moment: Moment, result: AppealResult, letter: str, *, uow: UnitOfWork, clock: Clock
) -> Sanction:
    """Decide the open appeal; upheld, the business is free at once."""
    return await _act(sanction_id, moment, lambda one: one.decide_appeal(moment, result, letter), uow, clock)


async def lift_sanction(
    sanction_id: UUID, moment: Moment, letter: str, reason: str, *, uow: UnitOfWork, clock: Clock
) -> Sanction:
    """End a sanction early by a lifting letter."""
    return await _act(sanction_id, moment, lambda one: one.lift(moment, letter, reason), uow, clock)


async def carry_sanctions(
    merged_id: UUID, surviving_id: UUID, moment: Moment, *, uow: UnitOfWork, clock: Clock
) -> None:
    """Let the sanctions of a merged business follow the surviving one (domain.md 2.4); called by the merge."""
    vendor = await uow.vendors.get(surviving_id)
    found = (await uow.sanctions.of_vendors([merged_id])).get(merged_id, [])
    for one in found:
        one.move_to(surviving_id)
    await uow.sanctions.save(found)
    await settle(vendor, moment, uow=uow, clock=clock)


async def return_sanctions(
    merged_id: UUID, surviving_id: UUID, moment: Moment, *, uow: UnitOfWork, clock: Clock
) -> None:
    """Give the sanctions back to the business they were imposed on; called when a merge is undone."""
    known = await uow.vendors.many([merged_id, surviving_id])
    held = (await uow.sanctions.of_vendors([surviving_id])).get(surviving_id, [])
    back = [one for one in held if one.moved_from == merged_id]
    for one in back:
        one.move_back()
    await uow.sanctions.save(back)
    for vendor in known.values():
        await settle(vendor, moment, uow=uow, clock=clock)


async def _act(sanction_id: UUID, moment: Moment, act: _Change, uow: UnitOfWork, clock: Clock) -> Sanction:
    vendor = await uow.vendors.get(await uow.sanctions.vendor_of(sanction_id))
    sanction = await uow.sanctions.get(sanction_id)
    act(sanction)
    await uow.sanctions.save([sanction])
    await settle(vendor, moment, uow=uow, clock=clock)
    return sanction

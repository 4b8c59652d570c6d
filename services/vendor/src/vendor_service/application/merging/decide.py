"""Merge two records of one business, say that they are two, or undo a merge (domain.md 2.4, 10.3)."""

from dataclasses import dataclass
from uuid import UUID

from bela_kit.core.clock import Clock
from bela_kit.core.ids import new_id

from vendor_service.application.merging.ports import CandidateState, Pair
from vendor_service.application.owner_groups import regroup
from vendor_service.application.ports import UnitOfWork
from vendor_service.application.sanctions.acts import carry_sanctions, return_sanctions
from vendor_service.domain.events import Membership
from vendor_service.domain.merging.errors import AlreadyMerged, CandidateDecided, MergeWithItself, NotMerged
from vendor_service.domain.merging.merge import Merge, merge, unmerge
from vendor_service.domain.standing import Standing
from vendor_service.domain.vendor import Moment, Vendor


@dataclass(frozen=True, slots=True)
class DecideCandidate:
    """What an officer says about a pair.

    Attributes:
        survivor_id: Which of the two lives on; none if they are two businesses.
    """

    pair: Pair
    survivor_id: UUID | None
    reason: str
    moment: Moment


async def merge_candidate(command: DecideCandidate, *, uow: UnitOfWork, clock: Clock) -> tuple[Vendor, Vendor]:
    """Merge a pair into the survivor; the same decision again changes nothing.

    Returns:
        The survivor and the other one.

    Raises:
        CandidateDecided: Somebody decided otherwise before.
        MergeWithItself: The survivor is none of the two.
        AlreadyMerged: One of the two lives on in a third.
        MergeLosesVerification: The other one is verified, the survivor is not.
    """
    moment = command.moment
    if command.survivor_id is None or command.survivor_id not in command.pair:
        raise MergeWithItself
    await uow.vendors.lock_register()
    candidate = await uow.merging.candidate(command.pair)
    known = await uow.vendors.many(command.pair)
    survivor = known[command.survivor_id]
    other = next(vendor for vendor in known.values() if vendor is not survivor)
    if candidate.state is CandidateState.MERGED and other.merged_into == survivor.vendor_id:
        return survivor, other
    if candidate.state is not CandidateState.OPEN:
        raise CandidateDecided(candidate.state)
    await _merge(survivor, other, moment, command.reason, uow, clock)
    await uow.merging.decide(command.pair, CandidateState.MERGED, moment, command.reason)
    await uow.merging.follow(other.vendor_id, survivor.vendor_id, moment)
    return (await uow.vendors.get(survivor.vendor_id)), other


async def _merge(survivor: Vendor, other: Vendor, moment: Moment, reason: str, uow: UnitOfWork, clock: Clock) -> None:
    former = other.standing
    members = _members_for(survivor, other, moment)
    taken = merge(survivor, other, members, moment, reason)
    # Whoever was merged into the other one before lives on in the survivor too.
    earlier = await uow.vendors.many(await uow.merging.into(other.vendor_id))
    for vendor in earlier.values():
        vendor.lead_to(survivor.vendor_id, moment)
    await uow.vendors.save([survivor, other, *earlier.values()])
    for member in members:
        await uow.members.add(survivor, member, moment.now)
    await uow.merging.add(
        Merge(new_id(), other.vendor_id, survivor.vendor_id, former, moment.now, moment.actor.principal, reason, taken)
    )
    await regroup([survivor], moment, uow=uow)
    await carry_sanctions(other.vendor_id, survivor.vendor_id, moment, uow=uow, clock=clock)


def _members_for(survivor: Vendor, other: Vendor, moment: Moment) -> tuple[Membership, ...]:
    """Return grants for the other's people, who keep those they have: its running orders go on under its own id."""
    there = {(member.principal, member.role) for member in survivor.members if not member.revoked}
    return tuple(
        Membership(str(new_id()), member.principal, member.role, moment.today, member.valid_to)
        for member in other.members
        if not member.revoked and (member.principal, member.role) not in there
    )


async def reject_candidate(command: DecideCandidate, *, uow: UnitOfWork) -> None:
    """Say that a pair is two businesses; it is not asked again."""
    candidate = await uow.merging.candidate(command.pair)
    if candidate.state is CandidateState.REJECTED:
        return
    if candidate.state is not CandidateState.OPEN:
        raise CandidateDecided(candidate.state)
    await uow.merging.decide(command.pair, CandidateState.REJECTED, command.moment, command.reason)


async def unmerge_vendor(vendor_id: UUID, reason: str, moment: Moment, *, uow: UnitOfWork, clock: Clock) -> Vendor:
    """Make a merged business one of its own again, with its former standing.

    Raises:
        NotMerged: It is not merged.
        AlreadyMerged: The survivor was merged itself since; that merge has to be undone first.
        UnmergeTooLate: The merge is older than ninety days.
    """
    await uow.vendors.lock_register()
    if (await uow.vendors.get(vendor_id)).standing is not Standing.MERGED:
        raise NotMerged
    kept = await uow.merging.of(vendor_id)
    known = await uow.vendors.many([vendor_id, kept.survivor_id])
    other, survivor = known[vendor_id], known[kept.survivor_id]
    if survivor.merged_into is not None:
        raise AlreadyMerged(str(survivor.merged_into))
    revoked = unmerge(survivor, other, kept, moment)
    earlier = await uow.vendors.many(await uow.merging.merged_first(vendor_id))
    for vendor in earlier.values():
        vendor.lead_to(vendor_id, moment)
    await uow.vendors.save([survivor, other, *earlier.values()])
    for member in revoked:
        await uow.members.change(survivor, member, moment.now)
    await uow.merging.end(kept, moment)
    await uow.merging.decide((vendor_id, kept.survivor_id), CandidateState.REJECTED, moment, reason)
    await regroup([survivor, other], moment, uow=uow)
    await return_sanctions(vendor_id, kept.survivor_id, moment, uow=uow, clock=clock)
    return await uow.vendors.get(vendor_id)

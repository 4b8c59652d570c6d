"""Invite businesses to a session, take their answers, and record who came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from vendor_service.application.ports import UnitOfWork
from vendor_service.application.programmes.ports import InviteFilter
from vendor_service.domain.programmes.errors import InvitationNotFound, SessionFull, SessionOver, TooManyInvited
from vendor_service.domain.programmes.participation import SEEN, Mark, Participation, judge
from vendor_service.domain.programmes.programme import Programme, Session
from vendor_service.domain.vendor import Moment

MOST_INVITED = 5_000
"""One invitation reaches this many businesses at most; a regency trains a few hundred at a time."""
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Invited:
    """What an invitation did: newly invited, invited before, and ids that name no business here."""

    invited: int
    known_before: int
    unknown: tuple[UUID, ...] = ()


async def invite_listed(
    programme_id: UUID, session_id: UUID, vendor_ids: Sequence[UUID], moment: Moment, *, uow: UnitOfWork
) -> Invited:
    """Invite businesses by id; inviting again changes nothing."""
    session = await uow.programmes.session(programme_id, session_id)
    session.check_open(moment.today)
    known = await uow.programmes.known(vendor_ids)
    wanted = sorted(one for one, found in known.items() if found.merged_into is None)
    added = await uow.programmes.invite(session, wanted, moment)
    unknown = tuple(sorted(set(vendor_ids) - set(wanted)))
    return Invited(added, len(wanted) - added, unknown)


async def invite_fitting(
    programme_id: UUID, session_id: UUID, wanted: InviteFilter, moment: Moment, *, uow: UnitOfWork
) -> Invited:
    """Invite every business that a filter fits, within the kecamatan of the programme unless the filter names some.

    Raises:
        TooManyInvited: It fits more than one invitation may reach.
    """
    programme = await uow.programmes.get(programme_id)
    session = await uow.programmes.session(programme_id, session_id)
    session.check_open(moment.today)
    if not wanted.district_codes:
        wanted = replace(wanted, district_codes=programme.district_codes)
    found = await uow.programmes.fitting(wanted, MOST_INVITED + 1)
    if len(found) > MOST_INVITED:
        raise TooManyInvited(MOST_INVITED)
    added = await uow.programmes.invite(session, found, moment)
    return Invited(added, len(found) - added)


async def answer_invitation(
    programme_id: UUID, session_id: UUID, vendor_id: UUID, confirms: bool, moment: Moment, *, uow: UnitOfWork
) -> Participation:
    """Confirm or decline for a business; the answer may change until the day, and confirmed places are limited.

    Raises:
        InvitationNotFound: The business is not invited.
        SessionOver: Attendance was recorded already, or the day has passed.
        SessionFull: As many have confirmed as there are places.
    """
    # Under lock, or two sellers could take the last place.
    session = await uow.programmes.session(programme_id, session_id, lock=True)
    session.check_open(moment.today)
    before = (await uow.programmes.participation(session_id, [vendor_id])).get(vendor_id)
    if before is None:
        raise InvitationNotFound
    if before in SEEN:
        raise SessionOver
    answer = Participation.CONFIRMED if confirms else Participation.DECLINED
    if answer is before:
        return before
    if confirms:
        taken = [Participation.CONFIRMED, Participation.ATTENDED]
        if await uow.programmes.count(session_id, taken) >= session.capacity:
            raise SessionFull
    await uow.programmes.put(session, {vendor_id: answer}, moment)
    return answer


async def record_attendance(
    programme_id: UUID, session_id: UUID, seen: Mapping[UUID, Participation], moment: Moment, *, uow: UnitOfWork
) -> list[Mark]:
    """Record an attendance list, whatever its length by the same few statements; the same list again changes nothing.

    Whoever came without an invitation counts too. The first attendance of a business sets its milestone `trained` with
    the day of the session, also after later milestones.
    """
    programme = await uow.programmes.get(programme_id)
    # Under lock, so that the day cannot move while attendance is recorded for it.
    session = await uow.programmes.session(programme_id, session_id, lock=True)
    session.check_held(moment.today)
    ids = sorted(seen)
    known = await uow.programmes.known(ids)
    before = await uow.programmes.participation(session_id, ids)
    marks = [judge(one, seen[one], before.get(one), known.get(one)) for one in ids]
    recorded = {mark.vendor_id: seen[mark.vendor_id] for mark in marks if mark.verdict == "recorded"}
    came = [one for one, state in recorded.items() if state is Participation.ATTENDED and not known[one].trained]
    trained = await _set_milestones(came, programme, session, moment, uow)
    await uow.programmes.put(session, recorded, moment)
    return [replace(mark, first_training=mark.vendor_id in trained) for mark in marks]


async def _set_milestones(
    ids: Sequence[UUID], programme: Programme, session: Session, moment: Moment, uow: UnitOfWork
) -> frozenset[UUID]:
    vendors = await uow.vendors.many(ids)
    reason = f"{programme.name}: {session.topic}"[:LONGEST_REASON]
    changed = [one for one in vendors.values() if one.record_training(session.held_on, moment, reason)]
    await uow.vendors.save(changed)
    return frozenset(one.vendor_id for one in changed)

"""Enter and change programmes and their sessions."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from bela_kit.core.errors import FieldError

from vendor_service.application.ports import UnitOfWork
from vendor_service.domain.areas import AreaIndex
from vendor_service.domain.programmes.errors import ProgrammeInvalid, SessionAttended
from vendor_service.domain.programmes.participation import SEEN
from vendor_service.domain.programmes.programme import Programme, Session, check_programme, check_session
from vendor_service.domain.vendor import Moment


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What of a session is known before it takes place."""

    held_on: date
    place: str
    topic: str
    trainer: str
    capacity: int
    starts_at: str | None = None


async def add_programme(programme: Programme, moment: Moment, *, uow: UnitOfWork) -> Programme:
    """Enter a programme; refuses with PROGRAMME_INVALID."""
    await _check(programme, uow)
    await uow.programmes.save(programme, moment)
    return programme


async def change_programme(old: Programme, new: Programme, moment: Moment, *, uow: UnitOfWork) -> Programme:
    """Change a programme that was read under lock in this unit of work; the same again changes nothing.

    Raises:
        ProgrammeInvalid: A field is wrong, or a session would fall outside the period.
    """
    if new == old:
        return old
    await _check(new, uow)
    if await uow.programmes.sessions_outside(new):
        raise ProgrammeInvalid([FieldError("ends_on", "SESSION_OUTSIDE", "Ada pertemuan di luar masa program ini.")])
    changed = replace(new, version=old.version + 1)
    await uow.programmes.save(changed, moment)
    return changed


async def add_session(
    programme_id: UUID, session_id: UUID, facts: SessionFacts, moment: Moment, *, uow: UnitOfWork
) -> Session:
    """Enter a session of a programme; a past day is taken, since lists on paper are entered afterwards."""
    programme = await uow.programmes.get(programme_id, lock=True)
    session = _session(Session(session_id, programme_id, facts.held_on, "", "", "", 0), facts)
    check_session(session, programme)
    await uow.programmes.save_session(session, moment)
    return session


async def change_session(old: Session, facts: SessionFacts, moment: Moment, *, uow: UnitOfWork) -> Session:
    """Change a session that was read under lock; its day stays once attendance was recorded."""
    new = _session(old, facts)
    if new == old:
        return old
    if new.held_on != old.held_on:
        check_session(new, await uow.programmes.get(old.programme_id))
        await _refuse_if_attended(old, uow)
    changed = replace(new, version=old.version + 1)
    await uow.programmes.save_session(changed, moment)
    return changed


async def cancel_session(programme_id: UUID, session_id: UUID, moment: Moment, *, uow: UnitOfWork) -> Session:
    """Call a session off; once called off it stays so, and what somebody attended cannot be."""
    session = await uow.programmes.session(programme_id, session_id, lock=True)
    if session.cancelled:
        return session
    await _refuse_if_attended(session, uow)
    cancelled = replace(session, cancelled=True, version=session.version + 1)
    await uow.programmes.save_session(cancelled, moment)
    return cancelled


def _session(base: Session, facts: SessionFacts) -> Session:
    return replace(
        base,
        held_on=facts.held_on,
        place=facts.place,
        topic=facts.topic,
        trainer=facts.trainer,
        capacity=facts.capacity,
        starts_at=facts.starts_at,
    )


async def _check(programme: Programme, uow: UnitOfWork) -> None:
    areas = AreaIndex(uow.tenant, await uow.areas.of_region(uow.tenant))
    check_programme(programme, {area.code for area in areas.districts})


async def _refuse_if_attended(session: Session, uow: UnitOfWork) -> None:
    if await uow.programmes.count(session.session_id, list(SEEN)):
        raise SessionAttended

"""Targets of kecamatan: what is to be reached by when."""

from dataclasses import dataclass, replace
from datetime import date

from bela_kit.core.errors import FieldError

from vendor_service.application.ports import UnitOfWork
from vendor_service.domain.errors import ProfileInvalid
from vendor_service.domain.funnel.figures import Target
from vendor_service.domain.vendor import Moment


@dataclass(frozen=True, slots=True)
class SetTarget:
    """A target for a kecamatan and milestone, by a day that is still to come."""

    district_code: str
    milestone: str
    target: int
    due_on: date
    moment: Moment


async def set_target(command: SetTarget, before: Target | None, *, uow: UnitOfWork) -> Target:
    """Set or replace a target.

    Args:
        command: What is to be reached.
        before: The target that was read in this unit of work.
        uow: The open transaction.

    Raises:
        ProfileInvalid: No such kecamatan in the region, or a day that has passed.
    """
    districts = {area.code for area in await uow.areas.of_region(uow.tenant) if len(area.code) == 6}
    problems = []
    if command.district_code not in districts:
        problems.append(FieldError("district_code", "DISTRICT_UNKNOWN", "Kecamatan tidak ada di daerah ini."))
    if command.due_on < command.moment.today:
        problems.append(FieldError("due_on", "DAY_PASSED", "Tanggal sudah lewat."))
    if problems:
        raise ProfileInvalid(problems)
    wanted = Target(command.district_code, command.milestone, command.target, command.due_on)
    if before is not None:
        wanted = replace(wanted, version=before.version + 1)
    await uow.funnel.set_target(wanted, command.moment)
    return wanted

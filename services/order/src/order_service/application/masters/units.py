"""Organisation units: an OPD, the kecamatan and kelurahan, and what is below them."""

from dataclasses import dataclass

from bela_kit.core.clock import Clock
from bela_kit.core.ids import new_id

from order_service.application.authority import Authority
from order_service.application.errors import Invalid
from order_service.application.facts import UnitChanged
from order_service.application.ports import UnitOfWork
from order_service.application.records import PlacedUnit
from order_service.domain.unit import MAX_DEPTH, Unit


@dataclass(frozen=True, slots=True)
class CreateUnit:
    """A unit below another, or at the top."""

    display_name: str
    parent_unit_id: str | None
    budget_holder: bool
    district_code: str


async def create_unit(command: CreateUnit, *, uow: UnitOfWork, clock: Clock, authority: Authority) -> PlacedUnit:
    """Create a unit; its budget holder is itself or the nearest unit above that holds a budget.

    Raises:
        RoleMissing: The caller is not the region's administrator.
        Invalid: The parent does not exist, or the tree would get too deep.
    """
    actor = authority.act(("lpse_admin",))
    parent: PlacedUnit | None = None
    if command.parent_unit_id is not None:
        parent = await uow.units.get(command.parent_unit_id)
        if parent is None:
            raise Invalid("parent_unit_id", "UNIT_UNKNOWN", "Unit induk tidak ditemukan.")
        if len(parent.path) >= MAX_DEPTH:
            raise Invalid("parent_unit_id", "TREE_TOO_DEEP", "Susunan unit terlalu dalam.")
    unit = Unit(
        unit_id=str(new_id()),
        tenant=uow.tenant,
        name=command.display_name,
        parent_unit_id=command.parent_unit_id,
        budget_holder=command.budget_holder,
        district_code=command.district_code,
    )
    placed = PlacedUnit(
        unit=unit,
        budget_holder_id=unit.unit_id if unit.budget_holder else (parent.budget_holder_id if parent else None),
        path=(*(parent.path if parent else ()), unit.unit_id),
    )
    await uow.units.add(placed)
    uow.record(UnitChanged(unit=unit, actor=actor, at=clock.now(uow.tenant)))
    return placed

"""State and approve a need; what it must hold is the domain's business, where it belongs is worked out here."""

from dataclasses import dataclass
from datetime import datetime

from bela_kit.core.ids import new_id

from order_service.application.authority import Authority
from order_service.application.business_time import BusinessClock
from order_service.application.errors import Invalid, NoBudgetHolder, NotFound
from order_service.application.offers import OfferSheet
from order_service.application.ports import UnitOfWork
from order_service.domain.acts import Act
from order_service.domain.need import Activity, DeliveryPoint, MeetingKind, Need, PayerKind, approve_need, state_need
from order_service.domain.rules.duties import NEED_ROLES

APPROVERS = ("pa", "kpa", "ppk", "commitment_signer")
CREATORS = ("requester", "pptk", "pp", "ppk", "kpa", "commitment_signer")
assert set(CREATORS) == NEED_ROLES


@dataclass(frozen=True, slots=True)
class StateNeed:
    """What somebody of a unit wants bought."""

    unit_id: str
    title: str
    profile_code: str
    quantity: int
    needed_at: datetime
    district_code: str
    village_code: str
    address: str
    activity_name: str
    activity_place: str
    meeting_kind: str
    participants: int | None
    duration_minutes: int | None
    budget_line_ids: tuple[str, ...]
    payer_kind: str
    budget_unit_price_idr: int | None
    hps_idr: int | None
    rup_code: str
    event_id: str


async def keep_need(
    command: StateNeed, *, sheet: OfferSheet, uow: UnitOfWork, clock: BusinessClock, authority: Authority
) -> Need:
    """Keep a need. The category comes from the catalog's profile, never from the buyer.

    Args:
        command: What is wanted.
        sheet: The catalog's answer for the profile, asked before the transaction.
        uow: The open unit of work.
        clock: The region's time.
        authority: Who states it.

    Raises:
        RoleMissing: The caller holds no buying role over the unit.
        NoBudgetHolder: Nobody above the unit holds a budget.
        InvalidInput: A field is wrong.
    """
    place = await uow.units.get(command.unit_id)
    if place is None:
        raise Invalid("unit_id", "UNIT_UNKNOWN", "Unit tidak ditemukan.")
    actor = authority.act(CREATORS, place.scopes())
    if place.budget_holder_id is None:
        raise NoBudgetHolder
    sub_activity = await _check_budget(command, place.budget_holder_id, uow=uow, clock=clock)
    need = state_need(
        Need(
            need_id=str(new_id()),
            tenant=uow.tenant,
            unit_id=command.unit_id,
            budget_holder_id=place.budget_holder_id,
            title=command.title,
            category_code=sheet.category_code,
            profile_code=command.profile_code,
            quantity=command.quantity,
            activity=Activity(sub_activity, command.activity_name, command.activity_place),
            needed_at=command.needed_at,
            delivery=DeliveryPoint(command.district_code, command.village_code, command.address),
            budget_line_ids=command.budget_line_ids,
            created_by=actor,
            created_at=clock.now(uow.tenant),
            event_id=command.event_id,
            served=sheet.category_code.startswith("food."),
            meeting_kind=MeetingKind(command.meeting_kind),
            participants=command.participants,
            duration_minutes=command.duration_minutes,
            payer_kind=PayerKind(command.payer_kind),
            budget_unit_price=command.budget_unit_price_idr,
            hps=command.hps_idr,
            rup_code=command.rup_code,
        )
    )
    await uow.needs.add(need)
    return need


async def _check_budget(command: StateNeed, holder_id: str, *, uow: UnitOfWork, clock: BusinessClock) -> str:
    """Refuse lines of somebody else or of another year; return the sub kegiatan of the first."""
    lines = await uow.budget.get_many(command.budget_line_ids)
    year = clock.today(uow.tenant).year
    for index, line_id in enumerate(command.budget_line_ids):
        line = lines.get(line_id)
        path = f"budget_line_ids[{index}]"
        if line is None or line.unit_id != holder_id:
            raise Invalid(path, "BUDGET_LINE_UNKNOWN", "Baris anggaran tidak ditemukan pada pengguna anggaran ini.")
        if line.fiscal_year != year:
            raise Invalid(path, "FISCAL_YEAR", "Baris anggaran bukan milik tahun anggaran berjalan.")
    return lines[command.budget_line_ids[0]].sub_activity_code if command.budget_line_ids else ""


async def approve(need_id: str, *, uow: UnitOfWork, clock: BusinessClock, authority: Authority) -> Need:
    """Approve a need: a signer who did not create it, or KPA/PA in the creator's place.

    Raises:
        NeedSelfApproval: The creator approves his own need and is no PA.
    """
    need = await find_need(need_id, uow=uow)
    place = await uow.units.get(need.unit_id)
    actor = authority.act(APPROVERS, place.scopes() if place else ())
    approved = approve_need(need, Act(actor, clock.now(uow.tenant), clock.calendar(uow.tenant)))
    await uow.needs.save(approved)
    return approved


async def find_need(need_id: str, *, uow: UnitOfWork) -> Need:
    """Return a need.

    Raises:
        NotFound: There is none under this id in the region.
    """
    need = await uow.needs.get(need_id)
    if need is None:
        raise NotFound("Kebutuhan tidak ditemukan.")
    return need

"""Budget lines: entered one by one or in bulk, changed by ceiling and block. Orders alone move the buckets."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bela_kit.core.clock import Clock
from bela_kit.core.errors import Kind, ServiceError
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId

from order_service.application.authority import Authority
from order_service.application.errors import Invalid, NotFound, under_path
from order_service.application.facts import BudgetLineChanged
from order_service.application.ports import UnitOfWork
from order_service.domain.budget import BudgetLine, check_amounts, check_codes

VERSION_KIND = re.compile(r"murni|perubahan|pergeseran-[1-9]\d?")
KEEPERS = ("lpse_admin", "ppk_skpd")
"""Who enters budget lines: the administrator for all units, the finance verifier for his own."""


class CeilingBelowUse(ServiceError):
    """The new ceiling or block leaves less than orders already hold."""

    kind = Kind.STATE
    reason = "CEILING_BELOW_USE"


@dataclass(frozen=True, slots=True)
class NewBudgetLine:
    """One line of the budget document."""

    unit_id: str
    fiscal_year: int
    sub_activity_code: str
    account_code: str
    title: str
    fund_source: str
    budget_version: str
    ceiling_idr: int
    blocked_idr: int


async def create_budget_lines(
    lines: Sequence[NewBudgetLine], *, uow: UnitOfWork, clock: Clock, authority: Authority
) -> list[BudgetLine]:
    """Create lines, all or none.

    Raises:
        RoleMissing: The caller may not enter lines of one of the units.
        Invalid: A code, the unit or an amount is wrong; the field names the line.
    """
    units = await uow.units.get_many({line.unit_id for line in lines})
    created: list[BudgetLine] = []
    now = clock.now(uow.tenant)
    for index, line in enumerate(lines):
        unit = units.get(line.unit_id)
        if unit is None or not unit.unit.budget_holder:
            field = f"budget_lines[{index}].unit_id"
            raise Invalid(field, "NOT_A_BUDGET_HOLDER", "Unit bukan pengguna anggaran.")
        actor = authority.act(KEEPERS, unit.scopes())
        try:
            record = _new(uow.tenant, line)
        except ServiceError as error:
            raise under_path(error, f"budget_lines[{index}]") from None
        created.append(record)
        uow.record(BudgetLineChanged(line=record, actor=actor, at=now, reason=""))
    await uow.budget.add(created)
    return created


def _new(tenant: TenantId, line: NewBudgetLine) -> BudgetLine:
    check_amounts(line.ceiling_idr, line.blocked_idr)
    check_codes(line.account_code, line.sub_activity_code)
    _check_version_kind(line.budget_version)
    return BudgetLine(
        budget_line_id=str(new_id()),
        tenant=tenant,
        fiscal_year=line.fiscal_year,
        unit_id=line.unit_id,
        sub_activity_code=line.sub_activity_code,
        account_code=line.account_code,
        title=line.title,
        fund_source=line.fund_source,
        budget_version=line.budget_version,
        ceiling=line.ceiling_idr,
        blocked=line.blocked_idr,
    )


def _check_version_kind(kind: str) -> None:
    if VERSION_KIND.fullmatch(kind) is None:
        raise Invalid("budget_version", "BUDGET_VERSION", "Versi anggaran: murni, pergeseran-n, perubahan.")


@dataclass(frozen=True, slots=True)
class ChangeBudgetLine:
    """A new ceiling or block, by a shift (pergeseran) or a change (perubahan) of the budget."""

    budget_line_id: str
    ceiling_idr: int | None
    blocked_idr: int | None
    budget_version: str | None
    overcommitted: bool
    reason: str


async def change_budget_line(
    command: ChangeBudgetLine, line: BudgetLine | None, *, uow: UnitOfWork, clock: Clock, authority: Authority
) -> BudgetLine:
    """Change ceiling or block of a line that the edge has locked and compared with the caller's entity tag.

    Raises:
        NotFound: No such line.
        RoleMissing: The caller may not change lines of the unit.
        CeilingBelowUse: Less than orders hold, and `overcommitted` was not accepted.
    """
    if line is None:
        raise NotFound("Baris anggaran tidak ditemukan.")
    unit = await uow.units.get(line.unit_id)
    actor = authority.act(KEEPERS, unit.scopes() if unit else ())
    if command.budget_version is not None:
        _check_version_kind(command.budget_version)
    changed = line.change_ceiling(
        ceiling=line.ceiling if command.ceiling_idr is None else command.ceiling_idr,
        blocked=line.blocked if command.blocked_idr is None else command.blocked_idr,
        budget_version=command.budget_version or "",
    )
    if changed.overcommitted and not command.overcommitted:
        raise CeilingBelowUse(
            "Pagu baru lebih kecil daripada yang sudah dipakai pesanan.", extra={"used_idr": line.used}
        )
    await uow.budget.change(changed)
    uow.record(BudgetLineChanged(line=changed, actor=actor, at=clock.now(uow.tenant), reason=command.reason))
    return changed

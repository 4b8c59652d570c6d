"""Give and withdraw roles: the administrator any, the PA of an OPD those of PPK, PP and others in his own unit."""

from dataclasses import dataclass, replace
from datetime import date

from bela_kit.core.clock import Clock
from bela_kit.core.ids import new_id

from order_service.application.authority import GOVERNMENT_ROLES, VENDOR_ROLES, Authority, GrantRecord
from order_service.application.errors import GrantConflict, Invalid, NotFound, RoleMissing
from order_service.application.facts import GrantChanged
from order_service.application.ports import UnitOfWork

NAMED_BY_PA = ("requester", "pptk", "pp", "ppk", "commitment_signer", "kpa", "bendahara", "ppk_skpd")
"""`commitment_signer` is how a PPTK acts as PPK by letter where none is named (Perpres 12/2021 art. 11(3))."""


@dataclass(frozen=True, slots=True)
class GiveGrant:
    """Who gets which role over which unit, from when to when, by which letter."""

    principal: str
    role: str
    unit_id: str | None
    valid_from: date
    valid_to: date | None
    letter_number: str
    acting_for: str | None


async def give_grant(command: GiveGrant, *, uow: UnitOfWork, clock: Clock, authority: Authority) -> GrantRecord:
    """Give a role.

    Raises:
        RoleMissing: The caller may not give this role over this unit.
        GrantConflict: The person acts for a business in the same region.
        Invalid: Unknown role or unit, or dates that end before they begin.
    """
    if command.role not in GOVERNMENT_ROLES:
        raise Invalid("role", "ROLE_UNKNOWN", "Peran tidak dikenal atau bukan peran pemerintah.")
    if command.valid_to is not None and command.valid_to < command.valid_from:
        raise Invalid("valid_to", "ENDS_BEFORE_START", "Tanggal akhir mendahului tanggal awal.")
    await _check_giver(command, uow=uow, authority=authority)
    if await uow.grants.holds_any(command.principal, VENDOR_ROLES):
        raise GrantConflict("Orang ini bertindak untuk penyedia di daerah yang sama.")
    grant = GrantRecord(
        grant_id=str(new_id()),
        principal=command.principal,
        role=command.role,
        scope_id=command.unit_id or "",
        valid_from=command.valid_from,
        valid_to=command.valid_to,
        letter_number=command.letter_number,
        acting_for=command.acting_for,
        revoked=False,
        version=1,
    )
    await uow.grants.save(grant)
    uow.record(GrantChanged(grant=grant, at=clock.now(uow.tenant)))
    return grant


async def _check_giver(command: GiveGrant, *, uow: UnitOfWork, authority: Authority) -> None:
    scopes: frozenset[str] = frozenset()
    if command.unit_id is not None:
        unit = await uow.units.get(command.unit_id)
        if unit is None:
            raise Invalid("unit_id", "UNIT_UNKNOWN", "Unit tidak ditemukan.")
        scopes = unit.scopes()
    if authority.find(("lpse_admin",)) is not None:
        return
    if command.role in NAMED_BY_PA and command.unit_id is not None and authority.find(("pa",), scopes) is not None:
        return
    raise RoleMissing(("lpse_admin", "pa"))


async def revoke_grant(grant_id: str, *, uow: UnitOfWork, clock: Clock, authority: Authority) -> GrantRecord:
    """Withdraw a grant; withdrawing it twice changes nothing.

    Raises:
        NotFound: No such grant of this region's government.
        RoleMissing: The caller could not have given it.
    """
    grant = await uow.grants.get(grant_id)
    if grant is None or grant.role not in GOVERNMENT_ROLES:
        raise NotFound("Penugasan tidak ditemukan.")
    if authority.find(("lpse_admin",)) is None:
        unit = await uow.units.get(grant.scope_id) if grant.scope_id else None
        if unit is None or grant.role not in NAMED_BY_PA or authority.find(("pa",), unit.scopes()) is None:
            raise RoleMissing(("lpse_admin", "pa"))
    if grant.revoked:
        return grant
    revoked = replace(grant, revoked=True, version=grant.version + 1)
    await uow.grants.save(revoked)
    uow.record(GrantChanged(grant=revoked, at=clock.now(uow.tenant)))
    return revoked

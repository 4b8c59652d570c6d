"""Let a business sell in another region, and end it again (domain.md 3.3)."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from bela_kit.core.errors import FieldError
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId

from vendor_service.application.ports import UnitOfWork
from vendor_service.domain.errors import GuestGrantInvalid
from vendor_service.domain.events import GuestGrant
from vendor_service.domain.standing import Standing
from vendor_service.domain.vendor import Moment


@dataclass(frozen=True, slots=True)
class GrantGuest:
    """Where, what and how long a business may sell as a guest."""

    vendor_id: UUID
    host: TenantId
    category_codes: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    moment: Moment


async def grant_guest(command: GrantGuest, *, uow: UnitOfWork) -> GuestGrant:
    """Grant a verified business the right to sell in a host region; refuses with GUEST_GRANT_INVALID."""
    vendor = await uow.vendors.get(command.vendor_id)
    faults = []
    if command.host == uow.tenant:
        faults.append(FieldError("host_region", "HOST_IS_HOME", "Daerah tujuan sama dengan daerah asal."))
    if command.valid_to is not None and command.valid_to < command.valid_from:
        faults.append(FieldError("valid_to", "BEFORE_START", "Tanggal akhir mendahului tanggal mulai."))
    if vendor.band is None or vendor.standing is not Standing.OK:
        faults.append(FieldError("vendor_id", "NOT_VERIFIED", "Usaha belum terverifikasi atau tidak aktif."))
    if faults:
        raise GuestGrantInvalid("Izin penyedia tamu tidak dapat diberikan.", fields=faults)
    grant = GuestGrant(
        guest_grant_id=str(new_id()),
        vendor_id=str(vendor.vendor_id),
        host_region=command.host,
        valid_from=command.valid_from,
        valid_to=command.valid_to,
        category_codes=command.category_codes,
    )
    await uow.guests.save(grant, vendor, command.moment, "GRANTED")
    return grant


async def revoke_guest(guest_grant_id: UUID, vendor_id: UUID, moment: Moment, *, uow: UnitOfWork) -> GuestGrant:
    """End a guest grant; ended once, it stays so."""
    vendor = await uow.vendors.get(vendor_id)
    grant = await uow.guests.get(guest_grant_id)
    if grant.revoked or grant.vendor_id != str(vendor_id):
        return grant
    ended = replace(grant, revoked=True, version=grant.version + 1)
    await uow.guests.save(ended, vendor, moment, "REVOKED")
    return ended

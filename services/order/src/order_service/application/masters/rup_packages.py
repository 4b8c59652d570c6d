"""Enter packages of the announced plan (RUP)."""

from bela_kit.core.errors import Kind, ServiceError

from order_service.application.authority import Authority
from order_service.application.errors import Invalid
from order_service.application.masters.budget_lines import KEEPERS
from order_service.application.ports import UnitOfWork
from order_service.application.records import RupPackage


class RupExists(ServiceError):
    """The code was entered before."""

    kind = Kind.ALREADY_EXISTS
    reason = "RUP_EXISTS"


async def announce_package(package: RupPackage, *, uow: UnitOfWork, authority: Authority) -> RupPackage:
    """Keep a package.

    Raises:
        RoleMissing: The caller may not enter packages of the unit.
        RupExists: The code was entered before.
    """
    place = await uow.units.get(package.unit_id)
    if place is None:
        raise Invalid("unit_id", "UNIT_UNKNOWN", "Unit tidak ditemukan.")
    authority.act(KEEPERS, place.scopes())
    if not await uow.rup.add(package):
        raise RupExists("Kode RUP ini sudah terdaftar.")
    return package

"""Create a region and set its clock. The operator of the platform may do no more than this (architecture.md 2.5)."""

import math
from dataclasses import dataclass, replace
from datetime import date, datetime

from bela_kit.core.clock import TenantTime, system_now
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId

from order_service.application.authority import Authority, GrantRecord
from order_service.application.errors import DemoNotAllowed, Invalid, NotFound, RegionExists
from order_service.application.facts import GrantChanged, RegionSettingsChanged
from order_service.application.masters.neighbours import seeded_neighbours
from order_service.application.ports import UnitOfWork
from order_service.application.records import RegionSettings
from order_service.domain.rules import regional_rules

_FIRST_DAY = date(2018, 3, 22)
"""When Perpres 16/2018 came into force: the clock of a demo region may stand at any later day."""
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")


@dataclass(frozen=True, slots=True)
class CreateRegion:
    """A new local government and the person who starts its administration."""

    region: TenantId
    name: str
    zone: str
    work_week_days: int
    demo: bool
    administrator: str
    letter_number: str


async def create_region(command: CreateRegion, *, uow: UnitOfWork, production: bool) -> TenantTime:
    """Create the region and the first administrator's `lpse_admin` grant.

    Raises:
        RegionExists: The code was created before.
        DemoNotAllowed: Production keeps real time only.
    """
    if command.demo and production:
        raise DemoNotAllowed("Daerah demo tidak diizinkan di lingkungan produksi.")
    if command.zone not in ZONES:
        raise Invalid("zone", "ZONE_UNKNOWN", "Zona waktu harus WIB, WITA, atau WIT.")
    settings = TenantTime(
        tenant=command.region,
        name=command.name,
        kind="provinsi" if len(command.region) == 2 else "kabkota",
        zone=command.zone,
        work_week_days=command.work_week_days,
        demo=command.demo,
        clock_offset_seconds=0,
        version=1,
    )
    if not await uow.regions.add(settings):
        raise RegionExists("Daerah ini sudah terdaftar.")
    now = system_now()
    grant = GrantRecord(
        grant_id=str(new_id()),
        principal=command.administrator,
        role="lpse_admin",
        scope_id="",
        valid_from=_FIRST_DAY,
        valid_to=None,
        letter_number=command.letter_number,
        acting_for=None,
        revoked=False,
        version=1,
    )
    await uow.grants.save(grant)
    if command.demo:
        await uow.policy.add(regional_rules(command.region))
    neighbours = seeded_neighbours(command.region)
    if neighbours:
        await uow.regions.save_settings(RegionSettings(neighbours=neighbours))
    uow.record(RegionSettingsChanged(settings=settings, at=now))
    uow.record(GrantChanged(grant=grant, at=now))
    return settings


async def set_demo_clock(
    instant: datetime, *, uow: UnitOfWork, authority: Authority, is_operator: bool, production: bool
) -> TenantTime:
    """Move the clock of a demo region so that now is the given instant.

    Raises:
        DemoNotAllowed: The region is a real one, or this is production.
        RoleMissing: The caller is neither the operator nor the region's administrator.
    """
    if not is_operator:
        authority.act(("lpse_admin",))
    current = await uow.regions.get(lock=True)
    if current is None:
        raise NotFound("Daerah tidak ditemukan.")
    if production or not current.demo:
        raise DemoNotAllowed("Hanya daerah demo yang boleh memakai jam sendiri.")
    if not 2010 <= instant.year <= 2100:
        raise Invalid("clock_at", "OUT_OF_RANGE", "Waktu harus antara tahun 2010 dan 2100.")
    offset = math.ceil((instant - system_now()).total_seconds())
    changed = replace(current, clock_offset_seconds=offset, version=current.version + 1)
    await uow.regions.save(changed)
    uow.record(RegionSettingsChanged(settings=changed, at=instant))
    return changed


async def change_nearness(settings: RegionSettings, *, uow: UnitOfWork, authority: Authority) -> RegionSettings:
    """Keep how near a seller must be and which kecamatan are neighbours (domain.md 10.1)."""
    authority.act(("lpse_admin",))
    for district, others in settings.neighbours.items():
        for code in (district, *others):
            if not (code.isdigit() and len(code) == 6):
                raise Invalid("district_neighbours", "DISTRICT_CODE", "Kode kecamatan terdiri dari enam angka.")
    await uow.regions.save_settings(settings)
    return settings

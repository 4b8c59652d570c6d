"""The region, its grants and its units. The kit's `tenants` and `grants` tables are the truth here, not a copy."""

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from bela_kit.authority import Grant, apply_grant
from bela_kit.core.clock import TenantTime
from bela_kit.core.tenancy import TenantId
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from order_service.adapters.tables import plumbing, region_settings, units
from order_service.application.authority import GrantRecord
from order_service.application.records import PlacedUnit, RegionSettings
from order_service.domain.unit import Unit


class SqlRegions:
    """`Regions` on the kit's table of tenants."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId) -> None:
        self._connection = connection
        self._tenant = tenant

    async def get(self, *, lock: bool = False) -> TenantTime | None:
        """Return how the region keeps time."""
        table = plumbing.tenants
        query = sa.select(table).where(table.c.tenant_id == self._tenant)
        found = (await self._connection.execute(query.with_for_update() if lock else query)).mappings().first()
        return None if found is None else tenant_time_of(found)

    async def add(self, settings: TenantTime) -> bool:
        """Store a new region; False if the code exists."""
        statement = insert(plumbing.tenants).values(_tenant_row(settings)).on_conflict_do_nothing()
        return (await self._connection.execute(statement)).rowcount == 1

    async def save(self, settings: TenantTime) -> None:
        """Store changed settings."""
        table = plumbing.tenants
        await self._connection.execute(
            sa.update(table).where(table.c.tenant_id == self._tenant).values(_tenant_row(settings))
        )

    async def settings(self) -> RegionSettings:
        """Return what the region decided about suggestions; the defaults if it decided nothing."""
        query = sa.select(region_settings).where(region_settings.c.tenant_id == self._tenant)
        found = (await self._connection.execute(query)).mappings().first()
        if found is None:
            return RegionSettings()
        return RegionSettings(
            nearness_mode=found["nearness_mode"],
            neighbours={code: tuple(others) for code, others in found["district_neighbours"].items()},
            neighbours_verified=found["neighbours_verified"],
        )

    async def save_settings(self, settings: RegionSettings) -> None:
        """Store what the region decided about suggestions."""
        values = {
            "nearness_mode": settings.nearness_mode,
            "district_neighbours": {code: list(others) for code, others in settings.neighbours.items()},
            "neighbours_verified": settings.neighbours_verified,
        }
        statement = insert(region_settings).values(tenant_id=self._tenant, **values)
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=[region_settings.c.tenant_id], set_=values)
        )


def tenant_time_of(row: Mapping[Any, Any]) -> TenantTime:
    """Return how a region keeps time, from its row."""
    return TenantTime(
        tenant=TenantId(row["tenant_id"]),
        name=row["name"],
        kind=row["kind"],
        zone=row["zone"],
        work_week_days=row["work_week_days"],
        demo=row["demo"],
        clock_offset_seconds=row["clock_offset_seconds"],
        version=row["version"],
    )


def _tenant_row(settings: TenantTime) -> dict[str, Any]:
    return {
        "tenant_id": settings.tenant,
        "name": settings.name,
        "kind": settings.kind,
        "zone": settings.zone,
        "work_week_days": settings.work_week_days,
        "demo": settings.demo,
        "clock_offset_seconds": settings.clock_offset_seconds,
        "version": settings.version,
    }


class SqlGrants:
    """`Grants` on the kit's table."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId) -> None:
        self._connection = connection
        self._tenant = tenant

    async def get(self, grant_id: str) -> GrantRecord | None:
        """Return a grant, revoked or not."""
        table = plumbing.grants
        query = sa.select(table).where(table.c.tenant_id == self._tenant, table.c.grant_id == grant_id)
        found = (await self._connection.execute(query)).mappings().first()
        return None if found is None else grant_of(found)

    async def save(self, grant: GrantRecord) -> None:
        """Store a grant; a lower version than the stored one is ignored."""
        await apply_grant(
            self._connection,
            Grant(
                grant_id=grant.grant_id,
                tenant=self._tenant,
                principal=grant.principal,
                role=grant.role,
                scope_id=grant.scope_id,
                valid_from=grant.valid_from,
                valid_to=grant.valid_to,
                letter_number=grant.letter_number,
                acting_for=grant.acting_for,
                revoked=grant.revoked,
                version=grant.version,
            ),
        )

    async def holds_any(self, principal: str, roles: Collection[str]) -> bool:
        """Return whether the principal holds one of the roles, whatever the dates, not revoked."""
        table = plumbing.grants
        query = sa.select(sa.literal(True)).where(
            table.c.tenant_id == self._tenant,
            table.c.principal == principal,
            table.c.role.in_(roles),
            sa.not_(table.c.revoked),
        )
        return (await self._connection.execute(query.limit(1))).first() is not None


def grant_of(row: Mapping[Any, Any]) -> GrantRecord:
    """Return the grant that a row holds."""
    return GrantRecord(
        grant_id=row["grant_id"],
        principal=row["principal"],
        role=row["role"],
        scope_id=row["scope_id"],
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        letter_number=row["letter_number"],
        acting_for=row["acting_for"],
        revoked=row["revoked"],
        version=row["version"],
    )


class SqlUnits:
    """`Units` on the table `units`."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId) -> None:
        self._connection = connection
        self._tenant = tenant

    async def get(self, unit_id: str) -> PlacedUnit | None:
        """Return one unit."""
        return (await self.get_many((unit_id,))).get(unit_id)

    async def get_many(self, unit_ids: Collection[str]) -> Mapping[str, PlacedUnit]:
        """Return those that exist."""
        query = sa.select(units).where(units.c.tenant_id == self._tenant, units.c.unit_id.in_(list(unit_ids)))
        found = (await self._connection.execute(query)).mappings()
        return {row["unit_id"]: placed_unit_of(row) for row in found}

    async def add(self, unit: PlacedUnit) -> None:
        """Store a new unit."""
        await self._connection.execute(
            sa.insert(units).values(
                tenant_id=self._tenant,
                unit_id=unit.unit.unit_id,
                display_name=unit.unit.name,
                parent_unit_id=unit.unit.parent_unit_id,
                budget_holder=unit.unit.budget_holder,
                budget_holder_id=unit.budget_holder_id,
                path=list(unit.path),
                district_code=unit.unit.district_code,
                version=unit.unit.version,
            )
        )


def placed_unit_of(row: Mapping[Any, Any]) -> PlacedUnit:
    """Return the unit that a row holds."""
    return PlacedUnit(
        unit=Unit(
            unit_id=row["unit_id"],
            tenant=TenantId(row["tenant_id"]),
            name=row["display_name"],
            parent_unit_id=row["parent_unit_id"],
            budget_holder=row["budget_holder"],
            district_code=row["district_code"],
            version=row["version"],
        ),
        budget_holder_id=row["budget_holder_id"],
        path=tuple(row["path"]),
    )

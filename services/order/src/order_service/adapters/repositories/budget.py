"""Budget lines and RUP packages as records; the movement of buckets by orders is in `budget_ledger`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from order_service.adapters.tables import budget_lines, rup_packages
from order_service.application.records import RupPackage
from order_service.domain.budget import BudgetLine


class SqlBudgetLines:
    """`BudgetLines` on the table `budget_lines`."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId) -> None:
        self._connection = connection
        self._tenant = tenant

    async def get(self, budget_line_id: str, *, lock: bool = False) -> BudgetLine | None:
        """Return one line."""
        query = sa.select(budget_lines).where(
            budget_lines.c.tenant_id == self._tenant, budget_lines.c.budget_line_id == budget_line_id
        )
        found = (await self._connection.execute(query.with_for_update() if lock else query)).mappings().first()
        return None if found is None else budget_line_of(found)

    async def get_many(self, budget_line_ids: Collection[str]) -> Mapping[str, BudgetLine]:
        """Return those that exist."""
        query = sa.select(budget_lines).where(
            budget_lines.c.tenant_id == self._tenant, budget_lines.c.budget_line_id.in_(list(budget_line_ids))
        )
        found = (await self._connection.execute(query)).mappings()
        return {row["budget_line_id"]: budget_line_of(row) for row in found}

    async def add(self, lines: Sequence[BudgetLine]) -> None:
        """Store new lines in one statement."""
        rows = [_row(line) for line in lines]
        if rows:
            await self._connection.execute(sa.insert(budget_lines).values(rows))

    async def change(self, line: BudgetLine) -> None:
        """Store ceiling, block and version; the buckets are left alone."""
        await self._connection.execute(
            sa.update(budget_lines)
            .where(budget_lines.c.tenant_id == self._tenant, budget_lines.c.budget_line_id == line.budget_line_id)
            .values(
                ceiling_idr=line.ceiling,
                blocked_idr=line.blocked,
                budget_version=line.budget_version,
                overcommitted=line.overcommitted,
                version=line.version,
            )
        )


def budget_line_of(row: Mapping[Any, Any]) -> BudgetLine:
    """Return the line that a row holds."""
    values = {name: row[name] for name in _SAME} | {name: row[f"{name}_idr"] for name in _AMOUNTS}
    return BudgetLine(tenant=TenantId(row["tenant_id"]), **values)


_SAME = (
    "budget_line_id",
    "fiscal_year",
    "unit_id",
    "sub_activity_code",
    "account_code",
    "title",
    "fund_source",
    "budget_version",
    "overcommitted",
    "version",
)
_AMOUNTS = ("ceiling", "blocked", "reserved", "committed", "accepted", "paid")


def _row(line: BudgetLine) -> dict[str, Any]:
    amounts = {f"{name}_idr": getattr(line, name) for name in _AMOUNTS}
    return {"tenant_id": line.tenant, **{name: getattr(line, name) for name in _SAME}, **amounts}


class SqlRupPackages:
    """`RupPackages` on the table `rup_packages`."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId) -> None:
        self._connection = connection
        self._tenant = tenant

    async def add(self, package: RupPackage) -> bool:
        """Store a package; False if the code exists."""
        statement = insert(rup_packages).values(tenant_id=self._tenant, **asdict(package)).on_conflict_do_nothing()
        return (await self._connection.execute(statement)).rowcount == 1

"""Reads a database's policies back and says what is open that should not be."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bela_kit.migrations import FOREIGN_INDEXES
from bela_kit.plumbing import PLUMBING_TABLES

_TABLES = sa.text(
    """
    SELECT c.relname AS name, c.relkind::text AS kind, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
           pg_get_userbyid(c.relowner) AS owner,
           COALESCE(obj_description(c.oid, 'pg_class'), '') LIKE 'open:%' AS open,
           EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id') AS has_tenant,
           COALESCE(c.reloptions @> ARRAY['security_invoker=true'], false) AS invoker
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm')
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    ORDER BY c.relname
    """
)
_POLICIES = sa.text(
    """
    SELECT tablename AS table, policyname AS name, cmd AS command, roles::text[] AS roles, qual AS using,
           with_check AS check
    FROM pg_policies WHERE schemaname = current_schema() ORDER BY tablename, policyname
    """
)
_ROLES = sa.text("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = ANY (:names)")
_OWN_ROWS = "(tenant_id = current_setting('app.tenant'::text, true))"


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy as the database states it."""

    name: str
    command: str
    roles: tuple[str, ...]
    using: str | None
    check: str | None


@dataclass(frozen=True, slots=True)
class TableAudit:
    """One table or view and what guards it."""

    name: str
    kind: str
    enabled: bool
    forced: bool
    owner: str
    open: bool
    has_tenant: bool
    invoker: bool
    policies: tuple[Policy, ...]


async def list_policies(connection: AsyncConnection) -> list[TableAudit]:
    """Return every table and view of the schema with its row-level security and policies."""
    policies: dict[str, list[Policy]] = {}
    for row in (await connection.execute(_POLICIES)).mappings():
        policy = Policy(row["name"], row["command"], tuple(row["roles"]), row["using"], row["check"])
        policies.setdefault(row["table"], []).append(policy)
    rows = (await connection.execute(_TABLES)).mappings()
    return [TableAudit(**row, policies=tuple(policies.get(row["name"], ()))) for row in rows]


async def audit_policies(connection: AsyncConnection) -> list[str]:
    """Return every way in which the schema lets one tenant see or touch another; an empty list is the goal.

    Exempt are `alembic_version`, tables named `public_*`, and reference tables registered by `open_table`.
    """
    violations: list[str] = []
    tables = await list_policies(connection)
    for table in tables:
        if table.name == "alembic_version":
            continue
        violations += [f"{table.name}: {problem}" for problem in _problems(table)]
        if not table.open and table.name not in PLUMBING_TABLES and table.kind in "rp":
            names = await connection.scalars(sa.text(FOREIGN_INDEXES), {"table": table.name})
            violations += [f"{table.name}: index {name} does not begin with tenant_id" for name in names]
    services = {table.owner.removesuffix("_owner") for table in tables}
    roles = await connection.execute(_ROLES, {"names": [f"{s}_{r}" for s in services for r in ("app", "worker")]})
    violations += [
        f"role {role.rolname} passes row-level security" for role in roles if role.rolsuper or role.rolbypassrls
    ]
    return violations


def _problems(table: TableAudit) -> list[str]:
    if table.kind == "m":
        return ["a materialized view has no row-level security"]
    if table.kind == "v":
        return [] if table.invoker else ["the view reads with its owner's rights"]
    if not table.owner.endswith("_owner"):
        return [f"belongs to {table.owner}"]
    if table.open:
        return ["is registered as open and has policies"] if table.policies else []
    if table.name.startswith("public_"):
        return ["is named public_ but not registered by open_table"]
    problems = []
    if not (table.enabled and table.forced):
        problems.append("row-level security is not forced")
    if not table.has_tenant:
        problems.append("has no tenant_id")
    if not table.policies:
        problems.append("has no policy")
    return problems + [problem for policy in table.policies if (problem := _opens(table, policy))]


def _opens(table: TableAudit, policy: Policy) -> str | None:
    """Say what a policy opens beyond: the worker's own policy, the tenant's own rows, all tenants' time settings."""
    service = table.owner.removesuffix("_owner")
    if policy.roles == (f"{service}_worker",):
        return None
    if policy.roles != (f"{service}_app",):
        return f"policy {policy.name} is for {', '.join(policy.roles)}"
    if policy.using == _OWN_ROWS and policy.check in {None, _OWN_ROWS}:
        return None
    if (table.name, policy.name, policy.command) == ("tenants", "tenants_read", "SELECT"):
        return None
    return f"policy {policy.name} opens {policy.using}"

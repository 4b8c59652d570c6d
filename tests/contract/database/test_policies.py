"""Every table of every service, what guards it, and that the list people read is the one the database keeps.

`policies.txt` is that list. After a migration has added a table, write it anew and read the difference:

    UPDATE_GOLDEN=1 make test-contract T=tests/contract/database
"""

import os
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from bela_kit.plumbing import PLUMBING_TABLES
from bela_kit.testing.audit import TableAudit, audit_policies, list_policies

from .conftest import SERVICES, Migrated

GOLDEN = Path(__file__).parent / "policies.txt"
PERSONAL = re.compile(
    r"(^|_)(nik|kk|npwp|nib|phone|hp|telp|telephone|rekening|account|bank|email|address|birth\w*)(_|$)"
)
# Columns whose name sounds personal and is not: a code of the budget, the day an account was opened, rows of the kit.
NOT_PERSONAL = {"account_code", "account_codes", "account_on", "account", "npwp_state"}

_COLUMNS = sa.text(
    """
    SELECT table_name, column_name, data_type, udt_name FROM information_schema.columns
    WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position
    """
)
_GRANTS = sa.text(
    """
    SELECT table_name, grantee, string_agg(privilege_type, ',' ORDER BY privilege_type) AS rights
    FROM information_schema.role_table_grants
    WHERE table_schema = current_schema() AND grantee NOT LIKE '%\\_owner' AND grantee <> 'postgres'
    GROUP BY table_name, grantee
    """
)
_SHORT = {"DELETE": "d", "INSERT": "i", "SELECT": "s", "UPDATE": "u"}


async def test_the_audit_finds_nothing(migrated: Migrated) -> None:
    assert await audit_policies(migrated.connection) == []


async def test_the_list_of_tables_is_current(migrated: Migrated) -> None:
    lines = await describe(migrated)
    before = GOLDEN.read_text(encoding="utf-8").splitlines() if GOLDEN.exists() else []
    if os.environ.get("UPDATE_GOLDEN"):
        others = [line for line in before if line and not line.startswith(f"{migrated.service}.")]
        order = {service: number for number, service in enumerate(SERVICES)}
        kept = sorted(others + lines, key=lambda line: (order[line.partition(".")[0]], line.split()[0]))
        GOLDEN.write_text("\n".join(kept) + "\n", encoding="utf-8")
        return
    assert [line for line in before if line.startswith(f"{migrated.service}.")] == lines


async def test_a_role_has_no_right_beyond_rows(migrated: Migrated) -> None:
    for row in await migrated.connection.execute(_GRANTS):
        assert row.grantee in {f"{migrated.service}_app", f"{migrated.service}_worker"}, row
        assert set(row.rights.split(",")) <= set(_SHORT), row


async def test_open_tables_hold_no_personal_column(migrated: Migrated) -> None:
    tables = {table.name for table in await list_policies(migrated.connection) if table.open}
    columns = [row for row in await migrated.connection.execute(_COLUMNS) if row.table_name in tables]
    personal = [f"{row.table_name}.{row.column_name}" for row in columns if sounds_personal(row.column_name)]
    assert personal == []


async def test_personal_identifiers_are_bytes(migrated: Migrated) -> None:
    """NIK, KK, NPWP, phone and bank account exist as ciphertext and keyed hash only (architecture, ground rules)."""
    plain = [
        f"{row.table_name}.{row.column_name} {row.data_type}"
        for row in await migrated.connection.execute(_COLUMNS)
        if sounds_personal(row.column_name) and row.udt_name not in {"bytea", "_bytea"}
    ]
    assert plain == []


async def test_migrated_schema_equals_the_tables_of_the_code(migrated: Migrated) -> None:
    def differences(connection: sa.Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        found = list(compare_metadata(context, migrated.metadata))
        # A comment marks a table as open; it is the policy's business, not the table's.
        return [each for each in found if not (isinstance(each, tuple) and each[0] == "remove_table_comment")]

    assert await migrated.connection.run_sync(differences) == []


async def test_every_tenant_table_is_found_by_its_tenant_first(migrated: Migrated) -> None:
    """Beside the audit: a primary key exists, and it begins with the tenant, so that no id is unique across regions."""
    tables = [table for table in await list_policies(migrated.connection) if table.kind in "rp"]
    keys = sa.text(
        """
        SELECT t.relname AS name, a.attname AS first FROM pg_index x
        JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
        WHERE x.indisprimary AND n.nspname = current_schema()
        """
    )
    first = {row.name: row.first for row in await migrated.connection.execute(keys)}
    for table in tables:
        assert table.name in first, f"{table.name} has no primary key"
        if not table.open and table.has_tenant and table.name not in PLUMBING_TABLES:
            assert first[table.name] == "tenant_id", table.name


async def test_the_newest_migration_ran(migrated: Migrated, repository: Path) -> None:
    folder = repository / "services" / migrated.service / "src" / f"{migrated.service}_service/migrations/versions"
    newest = max(path.stem.partition("_")[0] for path in folder.glob("2*.py"))
    assert await migrated.connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == newest


async def describe(migrated: Migrated) -> list[str]:
    """One line a table: what it is, then the rights and policies of the two roles."""
    rights: dict[tuple[str, str], str] = {}
    for row in await migrated.connection.execute(_GRANTS):
        role = row.grantee.removeprefix(f"{migrated.service}_")
        rights[row.table_name, role] = "".join(sorted(_SHORT.get(one, "?") for one in row.rights.split(",")))
    found = []
    for table in await list_policies(migrated.connection):
        words = [f"{migrated.service}.{table.name}".ljust(32), f"{kind(table):<9}"]
        words += [
            f"{role}={rights.get((table.name, role), '-'):<4} {policies(table, migrated.service, role):<22}"
            for role in ("app", "worker")
        ]
        found.append(" ".join(words).rstrip())
    return sorted(found, key=lambda line: line.split()[0])


def kind(table: TableAudit) -> str:
    if table.open:
        return "open"
    if table.name in PLUMBING_TABLES:
        return "plumbing"
    return "tenant" if table.has_tenant else "other"


def policies(table: TableAudit, service: str, role: str) -> str:
    """`own rows` or `every row`, by command where a policy is for one command."""
    found = []
    for policy in table.policies:
        if f"{service}_{role}" not in policy.roles:
            continue
        reach = "every row" if policy.using == "true" else "own rows"
        found.append(reach if policy.command == "ALL" else f"{policy.command.lower()} {reach}")
    return "+".join(sorted(found)) or ("" if table.open else "none")


def sounds_personal(column: str) -> bool:
    return bool(PERSONAL.search(column)) and column not in NOT_PERSONAL and not column.endswith("_hash_version")


@pytest.mark.parametrize("column", ["nik", "owner_phone", "kk_hash", "bank_account", "npwp"])
def test_a_personal_name_is_noticed(column: str) -> None:
    assert sounds_personal(column)

"""Migrations: named by date, one line of descent, only expanding, and never waiting for long."""

import ast
import re
from pathlib import Path

import pytest
from bela_kit.migrations import MIGRATION_TIMEOUTS, run_migrations
from bela_kit.testing.databases import provision_database
from bela_kit.testing.servers import PostgresServer

from .conftest import SERVICES

ROOT = Path(__file__).parents[3]
FILES = [
    path
    for service in SERVICES
    for path in sorted((ROOT / "services" / service / "src" / f"{service}_service/migrations/versions").glob("*.py"))
]
# What the code of the release before still needs: it goes one release later, with the reason beside it.
SHRINKS = re.compile(
    r"(?i)\bDROP\s+(TABLE|COLUMN)\b|\bRENAME\s+(TO|COLUMN)\b|\bALTER\s+COLUMN\s+\w+\s+TYPE\b"
    r"|\bdrop_(table|column)\(|\brename_table\(|\bSET\s+NOT\s+NULL\b|\bTRUNCATE\b"
)
REASON = "# shrinks:"


def assigned(path: Path) -> dict[str, object]:
    found: dict[str, object] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        target = (
            node.target
            if isinstance(node, ast.AnnAssign)
            else node.targets[0]
            if isinstance(node, ast.Assign)
            else None
        )
        if isinstance(target, ast.Name) and isinstance(getattr(node, "value", None), ast.Constant):
            found[target.id] = node.value.value  # type: ignore[union-attr]
    return found


def test_every_service_has_migrations() -> None:
    assert {path.parents[3].name for path in FILES} == {"src"}
    assert {path.parts[path.parts.index("services") + 1] for path in FILES} == set(SERVICES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parents[2].name}/{path.name}")
def test_a_migration_is_named_by_its_date(path: Path) -> None:
    date, _, slug = path.stem.partition("_")
    assert re.fullmatch(r"\d{12}", date)
    assert re.fullmatch(r"[a-z0-9_]+", slug)
    assert assigned(path)["revision"] == date


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parents[2].name}/{path.name}")
def test_a_migration_only_expands(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not SHRINKS.search(text) or REASON in text, "expand now, contract one release later, and say which"


@pytest.mark.parametrize("service", SERVICES)
def test_migrations_form_one_line(service: str) -> None:
    mine = [assigned(path) for path in FILES if f"{service}_service" in path.parts]
    before = [each["down_revision"] for each in mine]
    assert before.count(None) == 1
    assert len(before) == len(set(before))
    assert {each for each in before if each} <= {each["revision"] for each in mine}
    assert all(each["down_revision"] is None or each["down_revision"] < each["revision"] for each in mine)  # type: ignore[operator]


async def test_migrations_run_under_timeouts(postgres: PostgresServer, tmp_path: Path) -> None:
    """Whatever a file forgets: the connection that runs it waits for no lock and no statement for long."""
    assert set(MIGRATION_TIMEOUTS) == {"lock_timeout", "statement_timeout"}
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    real = ROOT / "services" / "reporting" / "src" / "reporting_service" / "migrations"
    for name in ("env.py", "script.py.mako"):
        (folder / name).write_text((real / name).read_text())
    (folder / "versions" / "probe.py").write_text(
        "from alembic import op\nrevision, down_revision = '1', None\n\ndef upgrade():\n"
        "    op.execute(\"CREATE TABLE seen AS SELECT current_setting('lock_timeout') AS lock,"
        " current_setting('statement_timeout') AS statement\")\n"
    )
    database = await provision_database(postgres, "reporting", "reporting_timeouts")
    await run_migrations(database.owner_url, folder)
    owner = await database.connect()
    seen = await owner.fetchrow("SELECT lock, statement FROM seen")
    await owner.close()
    assert tuple(seen) == (MIGRATION_TIMEOUTS["lock_timeout"], "1min")

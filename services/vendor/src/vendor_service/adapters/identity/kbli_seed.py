"""KBLI divisions and codes, loaded from the seed when its version is new."""

import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from bela_kit.core.tenancy import SystemScope
from bela_kit.db import Database

from vendor_service.adapters import tables as t
from vendor_service.adapters.identity.tables import kbli_codes, kbli_successors

_SEED = "kbli"
_LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtextextended('seed:kbli', 0))")


def _read(file: Path) -> dict[str, Any]:
    seed: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return seed


async def load_kbli(db: Database, file: Path) -> bool:
    """Load the seed unless this very version is loaded; says whether it was. Needs the worker role."""
    seed = _read(file)
    async with db.system_transaction(SystemScope("load KBLI")) as connection:
        await connection.execute(_LOCK)
        s = t.seed_versions
        if await connection.scalar(sa.select(s.c.version).where(s.c.seed == _SEED)) == seed["version"]:
            return False
        for table in (kbli_codes, kbli_successors):
            await connection.execute(sa.delete(table))
        codes = [
            {"version": int(version), "code": code, "title": title}
            for version, content in seed["versions"].items()
            for code, title in {**content["divisions"], **content["codes"]}.items()
        ]
        pairs = [{"code_2020": old, "code_2025": new} for old, new in seed["successors"]]
        await connection.execute(sa.insert(kbli_codes), codes)
        await connection.execute(sa.insert(kbli_successors), pairs)
        await connection.execute(sa.delete(s).where(s.c.seed == _SEED))
        await connection.execute(sa.insert(s).values(seed=_SEED, version=seed["version"]))
    return True

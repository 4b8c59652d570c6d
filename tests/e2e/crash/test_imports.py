"""The register killed in the middle of an import: while it judges rows, and just before it commits them."""

import asyncio
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest

from .agreement import at_rest, messages
from .region import CODE, Json, Region

OFFICER = f"koperindag_officer.{CODE}"
ROWS = 3_000


@pytest.fixture(scope="module")
def workbook(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, dict[str, Any]]:
    """A smaller workbook of the same kinds of dirt, and what an importer must say of it."""
    sys.path.insert(0, str(repository / "tests" / "data"))
    try:
        import make_workbook
    finally:
        sys.path.pop(0)
    path = tmp_path_factory.mktemp("workbook") / "umkm.xlsx"
    wanted = make_workbook.make(path, rows=ROWS, region=CODE, seed=7)
    return path.read_bytes(), wanted


async def _reached(region: Region, import_id: str, state: str) -> Json:
    async with asyncio.timeout(60):
        while True:
            told = await region.get(f"{region.path('vendor')}/imports/{import_id}", OFFICER)
            if told["state"] == state:
                return told
            assert told["state"] not in {"failed", "discarded"}, told
            await asyncio.sleep(0.1)


async def _vendors(region: Region) -> int:
    async with region.database("vendor") as connection:
        return int(await connection.fetchval("SELECT count(*) FROM vendors WHERE tenant_id = $1", CODE))


async def _lease_runs_out(region: Region) -> None:
    """What fifteen seconds would do by themselves; the first kill waits for them."""
    async with region.database("vendor") as connection:
        await connection.execute(
            "UPDATE jobs SET available_at = now() WHERE finished_at IS NULL AND kind LIKE '%import%'"
        )


async def test_an_import_killed_twice_has_every_row_once(
    region: Region, workbook: tuple[bytes, dict[str, Any]]
) -> None:
    content, wanted = workbook
    before, told_before = await _vendors(region), await _collected(region)
    path = f"{region.path('vendor')}/imports"
    headers = {"Authorization": f"Bearer {region.tokens[OFFICER]}"}
    answer = await region.http.post(path, params={"filename": "umkm.xlsx"}, content=content, headers=headers)
    assert answer.status_code == 202, answer.text
    import_id = answer.json()["import_id"]

    await _kill_while_judging(region, import_id)
    previewed = await _reached(region, import_id, "previewed")
    counts = {name: previewed["counts"][name] for name in ("new", "duplicate", "rejected")}
    assert counts == {name: wanted["counts"][name] for name in counts}
    assert await _staged(region, import_id) == ROWS
    assert await _vendors(region) == before

    key = str(uuid.uuid4())
    await region.post(f"{path}/{import_id}:commit", OFFICER, key=key)
    await _kill_before_commit(region)
    assert await _vendors(region) == before, "nothing of it, since not all of it"
    await region.restart("vendor")
    await _lease_runs_out(region)
    await _reached(region, import_id, "committed")
    await region.post(f"{path}/{import_id}:commit", OFFICER, key=key)
    await at_rest(region)
    assert await _vendors(region) == before + wanted["counts"]["new"]
    assert await _collected(region) == told_before + wanted["counts"]["new"]
    for service in ("catalog", "order", "reporting"):
        async with region.database(service) as connection:
            known = await connection.fetchval("SELECT count(*) FROM vendors WHERE tenant_id = $1", CODE)
        assert known == before + wanted["counts"]["new"], service
    funnel = await region.get(f"{region.path('reporting')}/funnel")
    assert funnel["total"]["collected"] == before + wanted["counts"]["new"]
    same = await region.http.post(path, params={"filename": "lagi.xlsx"}, content=content, headers=headers)
    assert (same.status_code, same.json()["import_id"]) == (200, import_id)


async def _kill_while_judging(region: Region, import_id: str) -> None:
    """Let the first thousand rows be staged, then stop the next and kill."""
    async with asyncio.timeout(30):
        while not await _staged(region, import_id):
            await asyncio.sleep(0.02)
    async with region.locked("vendor", "LOCK TABLE import_rows IN SHARE ROW EXCLUSIVE MODE"):
        await region.blocked("vendor", "import_rows")
        await region.kill("vendor")
    assert 0 < await _staged(region, import_id) < ROWS
    await region.restart("vendor")


async def _kill_before_commit(region: Region) -> None:
    """Events are written last: stopped there, every row is stored and nothing is committed."""
    async with region.locked("vendor", "LOCK TABLE outbox_messages IN SHARE ROW EXCLUSIVE MODE"):
        await region.blocked("vendor", "outbox_messages")
        await region.kill("vendor")


async def _staged(region: Region, import_id: str) -> int:
    async with region.database("vendor") as connection:
        return int(await connection.fetchval("SELECT count(*) FROM import_rows WHERE import_id = $1", import_id))


async def _collected(region: Region) -> int:
    """How many businesses the stream tells of as collected; a repeated message would count twice."""
    return sum(one.name == "vendor_collected" for one in await messages(region, "BELA_VENDOR_V1"))

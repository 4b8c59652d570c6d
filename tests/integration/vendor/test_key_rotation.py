"""Keys rotate while the service runs: one process writes with the old key, one with the new; both find everything."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import httpx
from bela_kit.core.tenancy import TenantId
from bela_kit.crypto import FieldCipher
from bela_kit.db import Database
from vendor_service.adapters.personal_data.sealed_tables import SEALED_TABLES
from vendor_service.adapters.tables import metadata
from vendor_service.bootstrap import build
from vendor_service.config import VendorSettings

from .test_imports import book, row
from .world import Register, entry

OLD, NEW = base64.b64encode(b"B" * 32).decode(), base64.b64encode(b"N" * 32).decode()


@asynccontextmanager
async def process(register: Register, key: str, version: int, others: str = "") -> AsyncIterator[Register]:
    """Start a further process of the service on the same database, with keys of its own."""
    database = register.database
    settings = VendorSettings(
        environment="test",
        auth_issuer=register.issuer.issuer,
        database_owner_url=database.owner_url,
        database_app_url=database.app_url,
        database_worker_url=database.worker_url,
        files_folder=str(register.folder),
        pii_master_key=key,
        pii_key_version=version,
        pii_other_keys=others,
    )
    db: Database = database.open()
    parts = build(settings, db=db, clock=register.clock, verifier=register.issuer.verifier(settings))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=parts.rest_app), base_url="http://v") as http:
        yield replace(register, parts=parts, db=db, http=http)
    await db.dispose()


async def operator(register: Register, method: str, region: str = "3510") -> httpx.Response:
    bearer = register.issuer.bearer("ops", operator=True)
    return await register.http.request(method, f"/vendor/v1/regions/{region}/key_rotations", headers=bearer)


async def known_by_nik(register: Register, body: dict) -> bool:
    """Say whether the register meets a business again by its owner's NIK and name."""
    again = {**entry(), "name": body["name"], "owners": body["owners"]}
    answer = await register.call("POST", "vendors", json=again)
    return answer.status_code == 409 and answer.json()["rule"] == "SAME_NIK_AND_NAME"


def test_every_sealed_table_is_rotated():
    sealed = {table.name for table in metadata.tables.values() if "sealed" in table.c}
    assert {kind.table.name for kind in SEALED_TABLES} == sealed


def test_the_settings_read_further_keys_and_refuse_nonsense():
    assert VendorSettings(pii_other_keys=f"2={NEW}, 3={OLD}").other_master_keys() == {2: b"N" * 32, 3: b"B" * 32}
    for wrong in ("2", f"0={NEW}", f"x={NEW}", "2=abc", f"256={NEW}", "2=QUJD"):
        try:
            VendorSettings(pii_other_keys=wrong)
        except ValueError as error:
            assert NEW not in str(error)
        else:
            raise AssertionError(wrong)


async def test_reads_and_writes_go_on_while_keys_rotate(register: Register):
    async with process(register, OLD, 1, f"2={NEW}") as old, process(register, NEW, 2, f"1={OLD}") as new:
        bodies = [entry() for _ in range(30)]
        ids = [(await old.call("POST", "vendors", json=body)).json()["vendor_id"] for body in bodies]
        staged = await old.imported(book(*(row(number) for number in range(4000, 4040))), commit=False)
        assert staged["state"] == "previewed"
        started = await operator(new, "POST")
        assert (started.status_code, started.json()["state"]) == (202, "running"), started.text
        assert started.json()["rows_left"] >= 100

        async def sell_and_look(which: Register, number: int) -> None:
            for at in range(number, 30, 4):
                assert await known_by_nik(which, bodies[at])
                shown = await which.call("POST", f"vendors/{ids[at]}:reveal",
                                         json={"fields": ["nik", "phone"], "reason": "Pencocokan data"})  # fmt: skip
                assert shown.json()["owners"][0]["nik"] == bodies[at]["owners"][0]["nik"]
                seen = (await which.call("GET", f"vendors/{ids[at]}")).headers["etag"]
                changed = await which.call("PATCH", f"vendors/{ids[at]}", json={"account_number": f"77{at:08d}"},
                                           headers={"if-match": seen})  # fmt: skip
                assert changed.status_code == 200, changed.text

        await asyncio.gather(new.run_jobs(), *(sell_and_look(one, at) for at, one in enumerate((old, new, old, new))))
        # What the process with the old key wrote last is found by the next walk.
        for _ in range(5):
            register.clock.advance(timedelta(seconds=6))
            await new.run_jobs()
        shown = (await operator(new, "GET")).json()["key_rotations"][0]
        assert (shown["state"], shown["rows_left"], shown["key_version"]) == ("finished", 0, 2)
        assert shown["rows_done"] >= 100
        for at, body in enumerate(bodies):
            assert await known_by_nik(new, body)
            assert await known_by_nik(old, body), at
        # An import staged under the old key meets the same businesses under the new one, and groups its owners.
        answer = await new.call("POST", f"imports/{staged['import_id']}:commit")
        assert answer.status_code == 202, answer.text
        await new.run_jobs()
        assert (await new.call("GET", f"imports/{staged['import_id']}")).json()["counts"]["new"] == 40
        again = await new.imported(book(*(row(number, Email="a@b.id") for number in range(4000, 4040))), commit=False)
        assert again["counts"]["update"] == 40, again["counts"]
    async with process(register, NEW, 2) as alone:
        for vendor_id, body in zip(ids, bodies, strict=True):
            found = await alone.call("POST", f"vendors/{vendor_id}:reveal",
                                     json={"fields": ["nik"], "reason": "Pencocokan data"})  # fmt: skip
            assert found.json()["owners"][0]["nik"] == body["owners"][0]["nik"]


async def test_an_import_finds_businesses_under_the_other_key_before_they_are_rotated(register: Register):
    async with process(register, OLD, 1, f"2={NEW}") as old, process(register, NEW, 2, f"1={OLD}") as new:
        sheet = [row(number) for number in range(5000, 5010)]
        assert (await old.imported(book(*sheet)))["counts"]["new"] == 10
        later = [[*line[:9], "x@y.id"] for line in sheet]
        assert (await new.imported(book(*later), commit=False))["counts"]["update"] == 10
        # A second business of an owner known under the old key joins that owner's group.
        mine = await old.call("POST", "vendors", json=(body := entry()))
        other = await new.call("POST", "vendors", json={**entry(), "owners": body["owners"]})
        groups = {
            (await new.call("GET", f"vendors/{one.json()['vendor_id']}")).json()["owner_group_id"]
            for one in (mine, other)
        }
        assert len(groups) == 1
        bulk = book(row(6001, NIK=body["owners"][0]["nik"]))
        done = await new.imported(bulk)
        assert done["counts"]["new"] == 1
        owners = await register.sql(
            "SELECT count(DISTINCT owner_id) AS n FROM vendor_owners JOIN owners USING (tenant_id, owner_id)"
            " WHERE nik_hash = ANY ($1::bytea[])",
            [FieldCipher(key * 32, version=version).lookup_hash(TenantId("3510"), "nik", body["owners"][0]["nik"])
             for key, version in ((b"B", 1), (b"N", 2))],
        )  # fmt: skip
        assert owners == [{"n": 1}]


async def test_only_the_operator_rotates_keys(register: Register):
    for who in (None, "officer", "lpse"):
        assert (await register.call("POST", "key_rotations", who)).status_code in {401, 403}


async def test_a_process_with_another_key_leaves_the_work_to_one_that_has_it(register: Register):
    async with process(register, NEW, 2, f"1={OLD}") as new:
        await register.enter(region="6112")
        assert (await operator(new, "POST", "6112")).status_code == 202
        await register.run_jobs()
        shown = (await operator(new, "GET", "6112")).json()["key_rotations"][0]
        assert (shown["state"], shown["rows_done"]) == ("running", 0)

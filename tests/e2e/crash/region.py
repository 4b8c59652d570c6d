"""The regency the crash tests buy in: made through the public API, and looked into through the databases."""

import asyncio
import json
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import asyncpg
import httpx
from bela_local.stack import Stack

Json = dict[str, Any]

CODE = "6112"
DISTRICT, VILLAGE = "611209", "6112092001"
WIB = timezone(timedelta(hours=7))
NOW = datetime(2026, 3, 2, 8, tzinfo=WIB)
NEEDED_AT = datetime(2026, 3, 9, 10, tzinfo=WIB)
OFFICES = 8
CEILING = 200_000_000
PRICE = 10_000
ROLES = ("requester", "pptk", "pp", "ppk", "bendahara", "koperindag_officer", "auditor")
SELLER = f"vendor1.{CODE}"
PATIENCE_SECONDS = 120.0


class Refused(Exception):
    """A service said no for good."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__(f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text}")
        self.status = answer.status_code
        self.reason = answer.json().get("reason", "") if "json" in answer.headers.get("content-type", "") else ""


@dataclass
class Region:
    """Where everything happens."""

    stack: Stack
    http: httpx.AsyncClient
    tokens: dict[str, str]
    offices: list[Json] = field(default_factory=list)
    vendor_id: str = ""
    product_id: str = ""
    failures: Counter[str] = field(default_factory=Counter)
    """What clients met instead of an answer, by kind."""

    def path(self, service: str = "order") -> str:
        return f"/{service}/v1/regions/{CODE}"

    async def once(
        self, method: str, path: str, who: str | None, body: Any = None, key: str = "", **options: Any
    ) -> httpx.Response:
        """Send one request, once."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}"} if who else {}
        if key:
            headers["Idempotency-Key"] = key
        headers |= options.pop("headers", {})
        return await self.http.request(method, path, json=body, headers=headers, **options)

    async def post(self, path: str, who: str, body: Any = None, key: str = "") -> Json:
        """Send a request until it is answered, always under the same key."""
        key = key or str(uuid.uuid4())
        return await self._until_answered("POST", path, who, {} if body is None else body, key)

    async def get(self, path: str, who: str | None = None, **query: Any) -> Json:
        """Read until it is answered."""
        return await self._until_answered("GET", path, who, None, "", params=query)

    async def _until_answered(self, method: str, path: str, who: str | None, body: Any, key: str, **more: Any) -> Json:
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while True:
            try:
                answer = await self.once(method, path, who, body, key, **more)
            except httpx.TransportError as error:
                kind, answer = type(error).__name__, None
            else:
                kind = str(answer.status_code)
                if answer.status_code < 400:
                    return dict(answer.json())
                if answer.status_code < 500:
                    raise Refused(answer)
                if answer.status_code == 503 and "retry-after" in answer.headers:
                    kind = "503 with Retry-After"
            self.failures[kind] += 1
            if asyncio.get_running_loop().time() > deadline:
                raise TimeoutError(f"{method} {path}: {kind} {answer.text if answer else ''}")
            await asyncio.sleep(0.1)

    @asynccontextmanager
    async def database(self, service: str, role: str = "owner") -> AsyncIterator[asyncpg.Connection]:
        """Open a service's database past its policies."""
        connection = await asyncpg.connect(self.stack.database_url(service, role, driver=""))
        try:
            await connection.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")
            yield connection
        finally:
            await connection.close()

    @asynccontextmanager
    async def locked(self, service: str, statement: str, *values: Any) -> AsyncIterator[None]:
        """Hold a lock that stops a service at a known point."""
        async with self.database(service) as connection:
            transaction = connection.transaction()
            await transaction.start()
            await connection.execute(statement, *values)
            try:
                yield
            finally:
                await transaction.rollback()

    async def blocked(self, service: str, words: str) -> None:
        """Wait until a session of a service waits for a lock in a statement with these words.

        They must stand in its first 1024 bytes: PostgreSQL shows no more of a statement that runs.
        """
        query = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND wait_event_type = 'Lock'"
            " AND usename <> $2 AND query ILIKE '%' || $3 || '%'"
        )
        async with self.database(service, "superuser") as connection:
            async with asyncio.timeout(5):
                while not await connection.fetchval(query, f"bela_{service}", f"{service}_owner", words):
                    await asyncio.sleep(0.01)

    async def kill(self, *names: str, number: int = 9) -> None:
        """Kill processes and keep them down."""
        await asyncio.gather(*(asyncio.to_thread(self.stack.kill, name, number, hold=True) for name in names))

    async def restart(self, *names: str) -> None:
        """Let killed processes run again; returns when they are ready."""
        await asyncio.gather(*(asyncio.to_thread(self.stack.restart, name) for name in names))


@asynccontextmanager
async def open_region(stack: Stack) -> AsyncIterator[Region]:
    """Make the region, its people, offices and the stall."""
    people = ["operator", f"lpse_admin.{CODE}", SELLER, *(f"{role}.{CODE}" for role in ROLES)]
    tokens = {who: await asyncio.to_thread(stack.token, who) for who in people}
    limits = httpx.Limits(max_connections=100)
    async with httpx.AsyncClient(base_url=stack.gateway_url, timeout=15, trust_env=False, limits=limits) as http:
        region = Region(stack, http, tokens)
        await _open(region)
        await _offices(region)
        await _stall(region)
        yield region


async def _open(region: Region) -> None:
    body = {
        "region": CODE, "name": "Kabupaten Kubu Raya", "zone": "Asia/Jakarta", "demo": True,
        "administrator": f"lpse_admin.{CODE}", "letter_number": "188/1/KEP/2020",
    }  # fmt: skip
    await region.post("/order/v1/regions", "operator", body)
    found = await region.once("GET", region.path(), "operator")
    patched = await region.once(
        "PATCH", region.path(), "operator", {"clock_at": NOW.isoformat()}, headers={"If-Match": found.headers["ETag"]}
    )
    assert patched.status_code == 200, patched.text
    for role in ROLES:
        grant = {
            "principal": f"{role}.{CODE}", "role": role, "valid_from": "2020-01-01", "letter_number": "188/1/KEP/2020"
        }  # fmt: skip
        await region.post(f"{region.path()}/grants", f"lpse_admin.{CODE}", grant)
    for service in ("vendor", "catalog", "reporting"):
        await _eventually(lambda service=service: _has_time(region, service))


async def _has_time(region: Region, service: str) -> bool:
    answer = await region.once("GET", f"{region.path(service)}/time", None)
    return answer.status_code == 200 and answer.json()["now"].startswith("2026-03-02")


async def _offices(region: Region) -> None:
    admin = f"lpse_admin.{CODE}"
    for number in range(OFFICES):
        unit_body = {"name": f"Kantor {number + 1}", "budget_holder": True, "district_code": DISTRICT}
        unit = await region.post(f"{region.path()}/units", admin, unit_body)
        line = {
            "unit_id": unit["unit_id"], "fiscal_year": 2026, "sub_activity_code": "7.01.01.2.06.0009",
            "account_code": "5.1.02.01.01.0052", "title": "Konsumsi rapat", "ceiling_idr": CEILING,
        }  # fmt: skip
        made = await region.post(f"{region.path()}/budget_lines", admin, {"budget_lines": [line]})
        region.offices.append({**unit, "line": made["budget_lines"][0]["budget_line_id"]})


async def _stall(region: Region) -> None:
    """One stall alone in its category: with nobody to turn to, nothing rotates."""
    officer = f"koperindag_officer.{CODE}"
    body = {
        "name": "Kue Tahan Banting", "main_product": "Kue kotak", "village_code": VILLAGE, "address": "Jalan Pasar 1",
        "owners": [{"name": "Pemilik Kue", "nik": "6112091708800001"}], "phone": "081234000001", "bank": "BRI",
        "account_number": "0012345000001", "account_holder": "Pemilik Kue", "turnover_idr": 90_000_000,
    }  # fmt: skip
    path = f"{region.path('vendor')}/vendors"
    vendor = await region.post(path, officer, body)
    path = f"{path}/{vendor['vendor_id']}"
    await region.post(
        f"{path}:open_account", officer, {"principal": SELLER, "consent_version": "2026-01", "phone_verified": True}
    )
    proofs = {"band": "A", "proofs": ["nik", "phone", "bank"], "business_class": "micro"}
    await region.post(f"{path}:verify", officer, {**proofs, "tax_profile": {"npwp_state": "active"}})
    product = {
        "vendor_id": vendor["vendor_id"], "title": "Kue Kotak", "profile_code": "snack_box_standard",
        "unit_price_idr": PRICE, "capacity_per_day": 1_000_000, "lead_time_hours": 4,
    }  # fmt: skip
    path = f"{region.path('catalog')}/products"
    made = await _eventually(lambda: region.post(path, SELLER, product))
    await _eventually(lambda: region.post(f"{path}/{made['product_id']}:publish", SELLER, {"confirm_price": True}))
    region.vendor_id, region.product_id = vendor["vendor_id"], made["product_id"]
    # The order service must know the stall, too.
    need = await region.post(f"{region.path()}/needs", f"pptk.{CODE}", need_body(region, region.offices[0]))
    order = await _eventually(
        lambda: region.post(f"{region.path()}/orders:buy", f"ppk.{CODE}", purchase_body(region, need["need_id"]))
    )
    await _eventually(lambda: region.post(f"{region.path()}/orders/{order['order_id']}:accept", SELLER))


def need_body(region: Region, office: Json, quantity: int = 10) -> Json:
    """Return a need of an office for snacks in a week."""
    return {
        "unit_id": office["unit_id"], "title": "Konsumsi rapat", "profile_code": "snack_box_standard",
        "quantity": quantity, "needed_at": NEEDED_AT.isoformat(), "district_code": DISTRICT,
        "budget_line_ids": [office["line"]], "meeting_kind": "with_guests", "participants": quantity,
        "duration_minutes": 150,
    }  # fmt: skip


def purchase_body(region: Region, need_id: str, quantity: int = 10) -> Json:
    """Return an order of a need from the stall."""
    return {
        "need_id": need_id, "vendor_id": region.vendor_id, "reason": "other",
        "lines": [{"product_id": region.product_id, "quantity": quantity}],
    }  # fmt: skip


async def _eventually(act: Any) -> Any:
    """Repeat until true or answered: events take a moment."""
    deadline = asyncio.get_running_loop().time() + 30
    while True:
        try:
            found = await act()
        except Refused:
            found = None
        if found:
            return found
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.05)

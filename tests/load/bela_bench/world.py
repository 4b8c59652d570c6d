"""Everything that orders need: hundreds of regions, in each the same buyers, sellers, products and needs.

The model region is made through the gateway, by the roles that would do it; `clone` repeats it.
"""

from __future__ import annotations

import asyncio
import csv
import gzip
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bela_local.layout import ROOT, SERVICES
from bela_local.run_file import RunInfo
from bela_local.tokens import token

from bela_bench.client import Client
from bela_bench.clone import Copy, clone
from bela_bench.database import Postgres

MODEL = "3510"
SEEDED = ("1311", "3510", "6112", "19", "1904", "1271")
SIGNERS = tuple(f"ppk.{region}" for region in SEEDED)
HOLDERS, NEEDS, VENDORS, LINES = 2, 4, 6, 3
CEILING_IDR = 10**13
SPREAD_SECONDS = 60.0
PARALLEL = 8

Json = dict[str, Any]


class Refused(Exception):
    """The API refused a part of the fixture."""


@dataclass(frozen=True, slots=True)
class Seller:
    """A seller with its products."""

    vendor_id: str
    product_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class World:
    """What an order can be placed with: identifiers of the model region, and the regions that hold their copies."""

    regions: tuple[str, ...]
    needs: tuple[tuple[str, ...], ...]
    sellers: tuple[Seller, ...]
    tokens: tuple[str, ...]
    rows: int

    def copy(self, region: str) -> Callable[[str], str]:
        """Return how the model's identifiers read in a region."""
        return Copy(MODEL, region).identifier


class Builder:
    """Makes the model region through the API."""

    def __init__(self, info: RunInfo, client: Client) -> None:
        self._info = info
        self._client = client
        self._order = f"/order/v1/regions/{MODEL}"
        self._vendor = f"/vendor/v1/regions/{MODEL}/vendors"
        self._catalog = f"/catalog/v1/regions/{MODEL}/products"

    async def send(self, method: str, path: str, who: str, body: Json | None = None) -> Json:
        """Send a request as a persona; a refusal ends the benchmark."""
        headers = {"authorization": f"Bearer {token(self._info, who)}", "idempotency-key": str(uuid.uuid4())}
        answer = await self._client.request(method, path, headers=headers, json=body)
        if answer.status >= 400:
            raise Refused(f"{method} {path}: {answer.status} {answer.body.decode()}")
        return dict(answer.json)

    async def eventually(self, method: str, path: str, who: str, body: Json | None = None) -> Json:
        """Send a request until the events that it depends on have arrived."""
        for _ in range(200):
            try:
                return await self.send(method, path, who, body)
            except Refused as refused:
                error = refused
                await asyncio.sleep(0.1)
        raise error

    async def needs(self) -> tuple[tuple[str, ...], ...]:
        """Make budget holders, each with a line of budget and several needs."""
        now = datetime.fromisoformat((await self.send("GET", self._order, f"lpse_admin.{MODEL}"))["now"])
        for signer in SIGNERS[:1] + SIGNERS[2:]:
            grant = {"principal": signer, "role": "ppk", "valid_from": "2020-01-01", "letter_number": "188/2/KEP/2020"}
            await self.send("POST", f"{self._order}/grants", f"lpse_admin.{MODEL}", grant)
        return tuple([await self._holder(number, now) for number in range(HOLDERS)])

    async def _holder(self, number: int, now: datetime) -> tuple[str, ...]:
        administrator = f"lpse_admin.{MODEL}"
        unit = {"name": f"Dinas Uji Beban {number}", "budget_holder": True, "district_code": f"{MODEL}16"}
        unit_id = (await self.send("POST", f"{self._order}/units", administrator, unit))["unit_id"]
        line = {
            "unit_id": unit_id,
            "fiscal_year": now.year,
            "sub_activity_code": "7.01.01.2.06.0009",
            "account_code": "5.1.02.01.01.0052",
            "title": "Belanja makanan dan minuman rapat",
            "ceiling_idr": CEILING_IDR,
        }
        made = await self.send("POST", f"{self._order}/budget_lines", administrator, {"budget_lines": [line]})
        line_id = made["budget_lines"][0]["budget_line_id"]
        needs = []
        for day in range(NEEDS):
            need = {
                "unit_id": unit_id,
                "title": f"Rapat koordinasi {day}",
                "profile_code": "snack_box_standard",
                "quantity": 40,
                "needed_at": (now + timedelta(days=10 + day)).isoformat(),
                "district_code": f"{MODEL}16",
                "meeting_kind": "with_guests",
                "participants": 40,
                "duration_minutes": 150,
                "budget_line_ids": [line_id],
            }
            needs.append((await self.eventually("POST", f"{self._order}/needs", f"pptk.{MODEL}", need))["need_id"])
        return tuple(needs)

    async def sellers(self) -> tuple[Seller, ...]:
        """Enter, verify and equip the sellers of the model region."""
        return tuple([await self._seller(number) for number in range(1, VENDORS + 1)])

    async def _seller(self, number: int) -> Seller:
        officer, owner = f"koperindag_officer.{MODEL}", f"vendor{number}.{MODEL}"
        business = {
            "name": f"Dapur Uji {number}",
            "main_product": "Kue kotak",
            "district_code": f"{MODEL}16",
            "address": f"Jl. Uji {number}",
            "owners": [{"name": f"Uji Coba {number}", "nik": f"351016570885{number:04d}"}],
            "phone": f"0812345678{number:02d}",
            "bank": "BRI",
            "account_number": f"12345678{number:04d}",
            "account_holder": f"UJI COBA {number}",
            "turnover_idr": 120_000_000,
            "start_year": 2015,
        }
        vendor_id = (await self.send("POST", self._vendor, officer, business))["vendor_id"]
        path = f"{self._vendor}/{vendor_id}"
        account = {"principal": owner, "consent_version": "2026-01", "phone_verified": True}
        await self.send("POST", f"{path}:open_account", officer, account)
        finding = {"band": "A", "proofs": ["nik", "phone", "bank"], "business_class": "micro"}
        await self.send("POST", f"{path}:verify", officer, finding)
        products = []
        for line in range(LINES):
            product = {
                "vendor_id": vendor_id,
                "title": f"Kue kotak uji {number} isi {line + 3}",
                "profile_code": "snack_box_standard",
                "unit_price_idr": 10_000,
                "capacity_per_day": 1_000_000,
                "lead_time_hours": 24,
            }
            made = await self.eventually("POST", self._catalog, owner, product)
            publish = f"{self._catalog}/{made['product_id']}:publish"
            await self.eventually("POST", publish, owner, {"confirm_price": True})
            products.append(str(made["product_id"]))
        return Seller(vendor_id, tuple(products))

    async def region(self, code: str, name: str) -> None:
        """Create a region like any other: its settings reach every service by event."""
        body = {
            "region": code,
            "name": name,
            "zone": "Asia/Jakarta",
            "administrator": f"lpse_admin.{MODEL}",
            "letter_number": f"188/1/KEP/{code}/2020",
        }
        await self.send("POST", "/order/v1/regions", "operator", body)

    async def spread(self, code: str) -> None:
        """Wait until every service knows a region."""
        for service in SERVICES:
            path = f"/{service}/v1/regions/{code}/time"
            async with asyncio.timeout(SPREAD_SECONDS):
                while (await self._client.request("GET", path)).status != 200:
                    await asyncio.sleep(0.1)


async def build_world(info: RunInfo, postgres: Postgres, count: int) -> World:
    """Make so many regions and all that orders in them need."""
    client = Client(info.gateway_url)
    builder = Builder(info, client)
    needs = await builder.needs()
    sellers = await builder.sellers()
    # Reporting and order must have heard of the model's sellers before their rows are copied.
    await _heard(postgres, sellers)
    regions = [(code, name) for code, name in _regencies() if code not in SEEDED][: count - 1]
    slots = asyncio.Semaphore(PARALLEL)

    async def create(code: str, name: str) -> None:
        async with slots:
            await builder.region(code, name)

    await asyncio.gather(*(create(code, name) for code, name in regions))
    for code, _ in regions[-PARALLEL:]:
        await builder.spread(code)
    codes = [code for code, _ in regions]
    written = await clone(postgres, MODEL, codes, Path(info.state) / "secrets")
    tokens = tuple(token(info, signer) for signer in SIGNERS)
    await client.close()
    return World(tuple(codes), needs, sellers, tokens, sum(written.values()))


async def _heard(postgres: Postgres, sellers: tuple[Seller, ...]) -> None:
    wanted = [(service, one.vendor_id) for service in ("order", "reporting") for one in sellers]
    for service, vendor_id in wanted:
        connection = await postgres.connect(f"bela_{service}")
        async with asyncio.timeout(SPREAD_SECONDS):
            while not await connection.fetchval("SELECT 1 FROM vendors WHERE vendor_id::text = $1", vendor_id):
                await asyncio.sleep(0.05)
        await connection.close()


def _regencies() -> list[tuple[str, str]]:
    with gzip.open(ROOT / "reference" / "areas.csv.gz", "rt", encoding="utf-8") as file:
        return [(row["code"], row["name"]) for row in csv.DictReader(file) if len(row["code"]) == 4]

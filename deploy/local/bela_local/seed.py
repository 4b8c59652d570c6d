"""Load the demo regions through the public API, as an operator and the regions' administrators would.

Safe to repeat: what is there is left alone, so that a second run only asks.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from bela_local.layout import ROOT, SERVICES
from bela_local.run_file import RunInfo
from bela_local.tokens import token

SEED_FILE = ROOT / "deploy" / "local" / "seed.yaml"
# Roles whose grants are not the government's to give.
VENDOR_ROLES = frozenset({"vendor_owner", "vendor_staff", "coop_manager"})
PAGE_SIZE = 200
# Every service must know a region before a person is told that it is there.
SPREAD_SECONDS = 20.0
PARALLEL = 8

Json = dict[str, Any]


class SeedRefused(Exception):
    """A service refused a piece of the demo data; the message says which and why."""


@dataclass(slots=True)
class Counts:
    """What was new."""

    regions: int = 0
    units: int = 0
    grants: int = 0
    budget_lines: int = 0

    def __str__(self) -> str:
        made = f"{self.regions} regions, {self.units} units, {self.grants} grants, {self.budget_lines} budget lines"
        return f"demo data: {made} added"


class Seeder:
    """One run against one stack."""

    def __init__(self, info: RunInfo, client: httpx.AsyncClient, plan: Json) -> None:
        self._info = info
        self._client = client
        self._plan = plan
        self._slots = asyncio.Semaphore(PARALLEL)
        self.counts = Counts()

    async def load(self) -> None:
        """Load every region, side by side."""
        known = {region["region"] for region in await self._all("/order/v1/regions", "regions", "operator")}
        await asyncio.gather(*(self._region(entry, entry["region"] in known) for entry in self._plan["regions"]))
        codes = [entry["region"] for entry in self._plan["regions"]]
        await asyncio.gather(*(self._spread(service, code) for service in SERVICES for code in codes))

    async def _region(self, entry: Json, known: bool) -> None:
        code = entry["region"]
        administrator = f"lpse_admin.{code}"
        if not known:
            body = {
                "region": code,
                "name": entry["name"],
                "zone": entry["zone"],
                "demo": True,
                "administrator": administrator,
                "letter_number": self._letter(code),
            }
            await self._post("/order/v1/regions", body, "operator")
            self.counts.regions += 1
        path = f"/order/v1/regions/{code}"
        holders, _ = await asyncio.gather(
            self._units(path, entry["units"], administrator), self._grants(path, code, administrator)
        )
        await self._budget_lines(path, holders, administrator)

    async def _units(self, path: str, wanted: list[Json], administrator: str) -> list[str]:
        """Create missing units, parents first; return the ids of all."""
        known = {unit["name"]: unit["unit_id"] for unit in await self._all(f"{path}/units", "units", administrator)}
        found: list[str] = []

        async def place(entries: Iterable[Json], parent: str | None) -> None:
            for entry in entries:
                unit_id = known.get(entry["name"])
                if unit_id is None:
                    body = {
                        "name": entry["name"],
                        "parent_unit_id": parent,
                        "budget_holder": True,
                        "district_code": entry.get("district_code", ""),
                    }
                    unit_id = (await self._post(f"{path}/units", body, administrator))["unit_id"]
                    self.counts.units += 1
                found.append(unit_id)
                await place(entry.get("units", ()), unit_id)

        await place(wanted, None)
        return found

    async def _grants(self, path: str, code: str, administrator: str) -> None:
        known = {
            (grant["principal"], grant["role"])
            for grant in await self._all(f"{path}/grants", "grants", administrator)
            if not grant["revoked"]
        }
        roles = [role for role in _government_roles(self._info) if (f"{role}.{code}", role) not in known]

        async def give(role: str) -> None:
            body = {
                "principal": f"{role}.{code}",
                "role": role,
                "valid_from": self._plan["grants_valid_from"],
                "letter_number": self._letter(code),
            }
            await self._post(f"{path}/grants", body, administrator)
            self.counts.grants += 1

        await asyncio.gather(*(give(role) for role in roles))

    async def _budget_lines(self, path: str, holders: list[str], administrator: str) -> None:
        existing = await self._all(f"{path}/budget_lines", "budget_lines", administrator)
        known = {(line["unit_id"], line["fiscal_year"], line["account_code"]) for line in existing}
        now = (await self._get(path, {}, administrator))["now"]
        years = sorted({int(now[:4]), *self._plan["fiscal_years"]})
        lines = [
            {
                "unit_id": unit_id,
                "fiscal_year": year,
                "sub_activity_code": self._plan["sub_activity_code"],
                "account_code": line["account_code"],
                "title": line["title"],
                "ceiling_idr": line["ceiling_idr"],
            }
            for unit_id in holders
            for year in years
            for line in self._plan["budget_lines"]
            if (unit_id, year, line["account_code"]) not in known
        ]
        if lines:
            await self._post(f"{path}/budget_lines", {"budget_lines": lines}, administrator)
            self.counts.budget_lines += len(lines)

    async def _spread(self, service: str, code: str) -> None:
        """Wait until the event about a region has reached a service."""
        deadline = time.monotonic() + SPREAD_SECONDS
        while (await self._client.get(f"/{service}/v1/regions/{code}/time")).status_code != 200:
            if time.monotonic() > deadline:
                raise SeedRefused(f"{service} has not heard of region {code} after {SPREAD_SECONDS:.0f} s")
            await asyncio.sleep(0.1)

    def _letter(self, code: str) -> str:
        return str(self._plan["letter_number"]).format(region=code)

    def _headers(self, sub: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {token(self._info, sub)}"}

    async def _get(self, path: str, query: Mapping[str, str], sub: str) -> Json:
        async with self._slots:
            return _accepted(await self._client.get(path, params=dict(query), headers=self._headers(sub)))

    async def _post(self, path: str, body: Json, sub: str) -> Json:
        async with self._slots:
            return _accepted(await self._client.post(path, json=body, headers=self._headers(sub)))

    async def _all(self, path: str, items: str, sub: str) -> list[Json]:
        """Return every entry of a list, page by page."""
        found: list[Json] = []
        query = {"page_size": str(PAGE_SIZE)}
        while True:
            page = await self._get(path, query, sub)
            found += page[items]
            if not page.get("next_page_token"):
                return found
            query["page_token"] = page["next_page_token"]


def _accepted(answer: httpx.Response) -> Json:
    if answer.status_code >= 400:
        request = answer.request
        raise SeedRefused(f"{request.method} {request.url.path}: {answer.status_code} {answer.text}")
    accepted: Json = answer.json()
    return accepted


def _government_roles(info: RunInfo) -> list[str]:
    personas = json.loads(Path(info.personas_file).read_text(encoding="utf-8"))
    return [role for role in personas["roles"] if role not in VENDOR_ROLES]


async def _seed(info: RunInfo) -> Counts:
    plan = yaml.safe_load(SEED_FILE.read_text(encoding="utf-8"))
    async with httpx.AsyncClient(base_url=info.gateway_url, timeout=30, trust_env=False) as client:
        seeder = Seeder(info, client, plan)
        await seeder.load()
    return seeder.counts


def seed(info: RunInfo) -> Counts:
    """Load the demo data into a running stack and return what was new.

    Raises:
        SeedRefused: A service said no.
    """
    return asyncio.run(_seed(info))

"""The register as one process: real database, real REST application, jobs run when a test says so."""

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
from bela_kit.authority import Grant, apply_grant, apply_tenant_settings
from bela_kit.core.clock import FixedClock, TenantTime
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import SystemScope, TenantId, TenantUnknown
from bela_kit.db import Database
from bela_kit.jobs import JobRunner
from bela_kit.service_cli import ServiceParts
from bela_kit.testing.databases import ServiceDatabase
from bela_kit.testing.tokens import TokenIssuer

NOW = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
REGIONS = {"3510", "1311", "1904", "19", "6112"}
_SERIAL = itertools.count(1)


class KnownRegions(FixedClock):
    """Knows the demo regions and no other."""

    def settings(self, tenant: TenantId) -> TenantTime:
        if tenant not in REGIONS:
            raise TenantUnknown
        return super().settings(tenant)


@dataclass
class Register:
    """The service and everything a test says to it."""

    parts: ServiceParts
    database: ServiceDatabase
    db: Database
    clock: KnownRegions
    issuer: TokenIssuer
    http: httpx.AsyncClient
    folder: Path

    @property
    def servicer(self) -> Any:
        return self.parts.grpc_services[0][1]

    async def tell_region(self, region: str) -> None:
        async with self.db.system_transaction(SystemScope("test")) as connection:
            await apply_tenant_settings(connection, self.clock.settings(TenantId(region)))

    async def grant(self, principal: str, role: str, *, region: str = "3510", scope: str = "") -> None:
        async with self.db.system_transaction(SystemScope("test")) as connection:
            grant = Grant(
                grant_id=str(new_id()),
                tenant=TenantId(region),
                principal=principal,
                role=role,
                scope_id=scope,
                valid_from=date(2026, 1, 1),
                valid_to=None,
                letter_number="SK/1",
                acting_for=None,
                revoked=False,
                version=1,
            )
            await apply_grant(connection, grant)

    async def call(
        self, method: str, path: str, who: str | None = "officer", *, region: str = "3510", **options: Any
    ) -> httpx.Response:
        """Send a request as `<who>.<region>`, or as anybody named in full, or anonymously."""
        headers = dict(options.pop("headers", {}))
        if who is not None:
            subject = who if "." in who else f"{who}.{region}"
            headers |= self.issuer.bearer(subject)
        url = path if path.startswith("/vendor") else f"/vendor/v1/regions/{region}/{path}"
        return await self.http.request(method, url, headers=headers, **options)

    async def enter(self, *, region: str = "3510", who: str = "officer", **changes: Any) -> dict[str, Any]:
        """Enter a business with unlike name and numbers, and return the answer."""
        response = await self.call("POST", "vendors", who, region=region, json=entry(region, **changes))
        assert response.status_code == 201, response.text
        return response.json()

    async def verified(self, *, region: str = "3510", **changes: Any) -> str:
        """Enter a business, open its account and verify it in band A; return its id."""
        vendor_id = (await self.enter(region=region, **changes))["vendor_id"]
        for verb, body in (
            ("open_account", {"principal": f"p{vendor_id[-8:]}.x", "consent_version": "1", "phone_verified": True}),
            ("verify", {"band": "A", "proofs": ["nik", "phone", "bank"], "business_class": "micro"}),
        ):
            response = await self.call("POST", f"vendors/{vendor_id}:{verb}", region=region, json=body)
            assert response.status_code == 200, response.text
        return vendor_id

    async def sanctioned(self, vendor_id: str, *, region: str = "3510", **changes: Any) -> dict[str, Any]:
        """Enter a sanction by the LPSE, with a signer's letter; in force from today for a month unless told."""
        body = {
            "kind": "suspension",
            "valid_from": "2026-03-02",
            "valid_to": "2026-04-01",
            "basis_letter": "900/17/PA/2026",
            "issuer": "Dinas Pendidikan",
            "reason": "Tidak mengirim pesanan.",
            "proposal_letter": "027/5/PPK/2026",
            **changes,
        }
        response = await self.call("POST", f"vendors/{vendor_id}/sanctions", "lpse", region=region, json=body)
        assert response.status_code == 201, response.text
        return response.json()

    async def upload(
        self, content: bytes, filename: str = "umkm.xlsx", *, region: str = "3510", who: str = "officer"
    ) -> httpx.Response:
        return await self.call("POST", "imports", who, region=region, params={"filename": filename}, content=content)

    async def run_jobs(self) -> int:
        return await JobRunner(self.db, self.clock, self.parts.job_handlers).run_due()

    async def imported(self, content: bytes, *, region: str = "3510", commit: bool = True) -> dict[str, Any]:
        """Upload, let the jobs run, commit if wanted, and return the import."""
        response = await self.upload(content, region=region)
        assert response.status_code == 202, response.text
        import_id = response.json()["import_id"]
        await self.run_jobs()
        if commit:
            answer = await self.call("POST", f"imports/{import_id}:commit", region=region)
            assert answer.status_code == 202, answer.text
            await self.run_jobs()
        return (await self.call("GET", f"imports/{import_id}", region=region)).json()

    async def rows(self, import_id: str, *, region: str = "3510", verdict: str | None = None) -> list[dict[str, Any]]:
        """Return the verdicts of all rows."""
        found: list[dict[str, Any]] = []
        token = None
        while True:
            params = {"page_size": 200, "page_token": token, "verdict": verdict}
            params = {name: value for name, value in params.items() if value is not None}
            page = (await self.call("GET", f"imports/{import_id}/rows", region=region, params=params)).json()
            found += page["rows"]
            token = page["next_page_token"]
            if token is None:
                return found

    async def sql(self, query: str, *values: Any) -> list[Any]:
        """Ask the database as its owner, whom no policy binds."""
        connection = await self.database.connect()
        try:
            return [dict(row) for row in await connection.fetch(query, *values)]
        finally:
            await connection.close()

    async def events(self, name: str | None = None) -> list[dict[str, Any]]:
        rows = await self.sql("SELECT subject, payload, aggregate_id, tenant_id FROM outbox_messages ORDER BY position")
        return [row for row in rows if name is None or row["subject"].endswith("." + name)]


def entry(region: str = "3510", **changes: Any) -> dict[str, Any]:
    """Return a complete entry of a business that resembles no other."""
    number = next(_SERIAL)
    word = "".join(chr(97 + (number * 7 + place * place * 11 + number * place) % 26) for place in range(9))
    village = {"3510": "3510052005", "1311": "1311012001", "1904": "1904012006", "6112": "6112012001"}.get(region)
    owner = {"name": f"Siti {word}", "nik": f"{region}0557{number % 12 + 1:02d}85{number:04d}"}
    return {
        "name": f"{word.title()} {word[::-1]}",
        "main_product": "Nasi kotak",
        "village_code": village,
        "address": "Jl. Pelabuhan 7",
        "owners": [owner],
        "phone": f"0812{number:08d}",
        "bank": "BRI",
        "account_number": f"5500{number:08d}",
        "account_holder": owner["name"].upper(),
        "turnover_idr": 120_000_000,
        "start_year": 2015,
        **changes,
    }

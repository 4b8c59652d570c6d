"""Copies what one region holds to hundreds of others, straight in the tables.

A benchmark needs five hundred regions with sellers, products and needs before it can start, and making them one by one
through the API would take longer than the measurement. One model region is made through the API, so its rows are what
the services themselves wrote; here they are repeated under other keys. Orders never come this way.
"""

from __future__ import annotations

import base64
import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
from bela.vendor.v1 import vendor_pb2
from bela_kit.core.tenancy import TenantId
from bela_kit.crypto import FieldCipher

from bela_bench.database import Postgres

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_COLUMNS = """
    SELECT column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER' ORDER BY ordinal_position
"""
# Parents before what hangs on them, though no foreign key crosses a tenant's rows today.
TABLES = {
    "order": ("units", "grants", "budget_lines", "needs", "vendors"),
    "catalog": ("vendors", "products", "public_products"),
    "vendor": ("owners", "vendors", "vendor_owners", "vendor_members", "public_vendors"),
    "reporting": ("vendors", "units", "budget_lines"),
}

Bytes = Callable[["Copy", bytes], bytes]


@dataclass(frozen=True, slots=True)
class Copy:
    """How the model's identifiers become those of another region."""

    model: str
    region: str

    def identifier(self, text: str) -> str:
        """Return the copy of an identifier: another one for each region, the same one in every database."""
        return str(uuid.UUID(int=uuid.UUID(text).int ^ (int(self.region) << 40)))

    def text(self, value: str) -> str:
        """Return a text with identifiers, the region's code and the codes of its areas replaced."""
        if value == self.model:
            return self.region
        value = _UUID.sub(lambda match: self.identifier(match[0]), value)
        value = re.sub(rf"\b{self.model}(?=(\d\d|\d{{6}})\b)", self.region, value)
        return value.replace(f'"{self.model}"', f'"{self.region}"')

    def value(self, value: Any, of_bytes: Bytes) -> Any:
        """Return the copy of one column's value."""
        if isinstance(value, uuid.UUID):
            return uuid.UUID(self.identifier(str(value)))
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, bytes):
            return of_bytes(self, value)
        if isinstance(value, list):
            return [self.value(item, of_bytes) for item in value]
        return value


async def clone(postgres: Postgres, model: str, regions: Sequence[str], secrets: Path) -> dict[str, int]:
    """Copy the model region to others in all four databases; return how many rows were written in each."""
    cipher = FieldCipher(base64.b64decode((secrets / "pii_master_key").read_text()))
    of_bytes: Mapping[tuple[str, str], Bytes] = {
        ("order", "vendors"): lambda copy, value: _vendor(copy, value),
        ("vendor", "vendors"): lambda copy, value: _sealed(cipher, copy, "vendor", value),
        ("vendor", "owners"): lambda copy, value: _sealed(cipher, copy, "owner", value),
    }
    written = {}
    for service, tables in TABLES.items():
        connection = await postgres.connect(f"bela_{service}")
        async with connection.transaction():
            counts = [
                await _table(
                    connection, table, model, regions, of_bytes.get((service, table), lambda copy, value: value)
                )
                for table in tables
            ]
        await connection.execute("ANALYZE")
        await connection.close()
        written[service] = sum(counts)
    return written


async def _table(
    connection: asyncpg.Connection, table: str, model: str, regions: Iterable[str], of_bytes: Bytes
) -> int:
    columns = [row["column_name"] for row in await connection.fetch(_COLUMNS, table)]
    names = ", ".join(columns)
    rows = await connection.fetch(f"SELECT {names} FROM {table} WHERE tenant_id = $1", model)
    records = (
        tuple(copy.value(value, of_bytes) for value in row)
        for copy in (Copy(model, region) for region in regions)
        for row in rows
    )
    status = await connection.copy_records_to_table(table, records=records, columns=columns)
    return int(status.split()[1])


def _vendor(copy: Copy, payload: bytes) -> bytes:
    vendor = vendor_pb2.Vendor.FromString(payload)
    for name in ("vendor_id", "owner_group_id"):
        setattr(vendor, name, copy.identifier(getattr(vendor, name)))
    vendor.region = copy.region
    vendor.name = f"regions/{copy.region}/vendors/{vendor.vendor_id}"
    vendor.district_code, vendor.village_code = copy.text(vendor.district_code), copy.text(vendor.village_code)
    return vendor.SerializeToString(deterministic=True)


def _sealed(cipher: FieldCipher, copy: Copy, purpose: str, value: bytes) -> bytes:
    try:
        text = cipher.decrypt(TenantId(copy.model), purpose, value)
    except ValueError:
        return value  # a hash, which no copy needs
    return cipher.encrypt(TenantId(copy.region), purpose, text)

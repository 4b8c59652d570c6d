"""Vendor events: one row per business, and how far the businesses of each kecamatan have come (domain.md 10.3)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from bela.vendor.v1 import vendor_pb2
from bela_kit.events import ReceivedEvent
from sqlalchemy.ext.asyncio import AsyncConnection

from reporting_service.adapters import tables
from reporting_service.facts import wire
from reporting_service.projections import rows
from reporting_service.projections.contributions import Amounts, Key, difference, merge
from reporting_service.projections.guests import GUEST_EVENT, guest_row
from reporting_service.projections.watermarks import advance

SOURCE = "vendor"
MILESTONES = ("collected", "trained", "account", "verified", "published", "first_sale")
_KEPT = ("version", "district_code", "standing", *(f"{name}_on" for name in MILESTONES))


async def project_vendors(connection: AsyncConnection, events: Sequence[ReceivedEvent]) -> None:
    """Bring businesses, guests and the funnel up to a batch of vendor events."""
    if not events:
        return
    guests = rows.latest(guest_row(event) for event in events if event.name == GUEST_EVENT)
    latest = rows.latest(vendor_row(event) for event in events if event.name != GUEST_EVENT)
    await advance(connection, SOURCE, events)
    present = await rows.stored(
        connection, tables.vendors, _KEPT, ((row["tenant_id"], row["vendor_id"]) for row in latest)
    )
    changes: dict[str, dict[Key, Amounts]] = {}
    for row in latest:
        old = present.get((row["tenant_id"], row["vendor_id"]))
        if old is not None and old["version"] >= row["version"]:
            continue
        tenant = row["tenant_id"]
        merge(changes, difference({tenant: _funnel(row)}, {tenant: _funnel(old) if old is not None else {}}))
    await rows.keep_latest(connection, tables.vendors, latest)
    await rows.keep_latest(connection, tables.guest_vendors, guests)
    await rows.add_all(connection, tables.funnel_counts, changes)


def vendor_row(event: ReceivedEvent) -> Mapping[str, Any]:
    """Return the row of one business."""
    vendor: vendor_pb2.Vendor = wire.decode(event).vendor  # type: ignore[attr-defined]
    seller = wire.seller_facts(vendor)
    dates: dict[str, date | None] = {
        f"{name}_on": wire.optional_day(vendor.milestones, f"{name}_on") for name in MILESTONES
    }
    return {
        "tenant_id": wire.owned(event, vendor.region),
        "vendor_id": seller.vendor_id,
        "version": seller.version,
        "owner_group_id": seller.owner_group_id,
        "display_name": seller.name,
        "entity_kind": seller.entity_kind,
        "business_class": seller.business_class,
        "district_code": seller.district_code,
        "village_code": seller.village_code,
        "standing": wire.code(vendor_pb2.Standing, vendor.standing, "STANDING_"),
        "band": wire.code(vendor_pb2.Band, vendor.band, "BAND_"),
        **dates,
    }


def _funnel(row: Mapping[str, Any] | sa.RowMapping) -> dict[Key, Amounts]:
    """Count one business at every milestone it reached; a merged duplicate counts nowhere."""
    if row["standing"] == "merged":
        return {}
    return {(row["district_code"],): tuple(int(row[f"{name}_on"] is not None) for name in MILESTONES)}

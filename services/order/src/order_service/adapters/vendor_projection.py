"""Keeps the local copy of businesses and lets members of a guest business act in the region they sell in.

A member's grant lives in the home region, the order in the host. For each guest business its members' grants are copied
into the host under a derived id, so that one look-up by (region, principal) answers there too. The copy outlives the
guest grant on purpose: running orders always continue (domain.md 2.4); new ones are stopped by the vendor's row.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from bela.common.v1 import authority_pb2
from bela.vendor.events.v1 import vendor_events_pb2 as pb
from bela.vendor.v1 import vendor_pb2
from bela_kit.authority import Grant, apply_grant, project_authority
from bela_kit.core.ids import derived_id
from bela_kit.core.tenancy import TenantId, parse_tenant
from bela_kit.events import BadEnvelope, ReceivedEvent
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from order_service.adapters.seller_mapping import day_of
from order_service.adapters.tables import plumbing, vendors
from order_service.application.authority import VENDOR_ROLES

_MESSAGES: dict[str, Any] = {
    message.DESCRIPTOR.full_name: message
    for message in (
        pb.VendorCollected,
        pb.VendorTrained,
        pb.VendorAccountOpened,
        pb.VendorVerified,
        pb.VendorPublished,
        pb.VendorFirstSaleMade,
        pb.VendorStandingChanged,
        pb.VendorProfileChanged,
        pb.GuestVendorChanged,
    )
}
_GUEST = pb.GuestVendorChanged.DESCRIPTOR.full_name
_GRANT_CHANGED = authority_pb2.GrantChanged.DESCRIPTOR.full_name


async def project_vendors(connection: AsyncConnection, events: Sequence[ReceivedEvent]) -> None:
    """Keep the newest state of each business in a batch, in one statement, and its members' grants in host regions.

    Raises:
        BadEnvelope: The payload speaks of another region than the subject.
    """
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for event in events:
        if event.type not in _MESSAGES:
            continue
        message = _MESSAGES[event.type]()
        message.ParseFromString(event.payload)
        row = _guest_row(message) if event.type == _GUEST else _own_row(message.vendor)
        if row["tenant_id"] != event.tenant:
            raise BadEnvelope(f"business of region {row['tenant_id']} on a subject of region {event.tenant}")
        key = (row["tenant_id"], row["vendor_id"])
        if key not in rows or rows[key]["version"] < row["version"]:
            rows[key] = row
    if not rows:
        return
    guests = [row for row in rows.values() if row["guest"]]
    await _serialise(connection, (row["vendor_id"] for row in guests))
    statement = insert(vendors).values([rows[key] for key in sorted(rows)])
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=[vendors.c.tenant_id, vendors.c.vendor_id],
            set_={c.name: statement.excluded[c.name] for c in vendors.c if c.name not in ("tenant_id", "vendor_id")},
            where=vendors.c.version < statement.excluded.version,
        )
    )
    await _copy_grants(connection, [row["vendor_id"] for row in guests])


async def project_grants(connection: AsyncConnection, events: Sequence[ReceivedEvent]) -> None:
    """Keep the members' grants, and copy those of guest businesses into their host regions."""
    concerned: set[str] = set()
    for event in events:
        if event.type == _GRANT_CHANGED:
            message = authority_pb2.GrantChanged()
            message.ParseFromString(event.payload)
            if message.grant.role in VENDOR_ROLES and message.grant.scope_id:
                concerned.add(message.grant.scope_id)
    await _serialise(connection, concerned)
    await project_authority(connection, events)
    await _copy_grants(connection, sorted(concerned))


def _own_row(vendor: vendor_pb2.Vendor) -> dict[str, Any]:
    return {
        "tenant_id": str(parse_tenant(vendor.region)),
        "vendor_id": vendor.vendor_id,
        "home_region": vendor.region,
        "guest": False,
        "version": vendor.version,
        "valid_from": None,
        "valid_to": None,
        "revoked": False,
        "category_codes": [],
        "owner_group_id": vendor.owner_group_id or vendor.vendor_id,
        "payload": vendor.SerializeToString(deterministic=True),
    }


def _guest_row(message: pb.GuestVendorChanged) -> dict[str, Any]:
    return _own_row(message.vendor) | {
        "tenant_id": str(parse_tenant(message.host_region)),
        "guest": True,
        "version": message.version,
        "valid_from": day_of(message.valid_from),
        "valid_to": day_of(message.valid_to),
        "revoked": message.revoked,
        "category_codes": list(message.category_codes),
    }


async def _serialise(connection: AsyncConnection, vendor_ids: Iterable[str]) -> None:
    """Let the two consumers wait for each other per business, or each could miss what the other has not committed."""
    for key in sorted({UUID(vendor_id).int & 0x7FFFFFFFFFFFFFFF for vendor_id in vendor_ids}):
        await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))


async def _copy_grants(connection: AsyncConnection, vendor_ids: Sequence[str]) -> None:
    if not vendor_ids:
        return
    grants = plumbing.grants
    found = await connection.execute(
        sa.select(vendors.c.tenant_id.label("host"), *(c for c in grants.c if c.name != "tenant_id"))
        .join(
            grants,
            sa.and_(
                grants.c.tenant_id == vendors.c.home_region,
                grants.c.scope_id == sa.cast(vendors.c.vendor_id, sa.Text),
                grants.c.role.in_(VENDOR_ROLES),
            ),
        )
        .where(vendors.c.vendor_id.in_(vendor_ids), vendors.c.guest)
    )
    for row in found.mappings().all():
        await apply_grant(
            connection,
            Grant(
                grant_id=str(derived_id("guest", row["host"], row["grant_id"])),
                tenant=TenantId(row["host"]),
                principal=row["principal"],
                role=row["role"],
                scope_id=row["scope_id"],
                valid_from=row["valid_from"],
                valid_to=row["valid_to"],
                letter_number=row["letter_number"],
                acting_for=row["acting_for"],
                revoked=row["revoked"],
                version=row["version"],
            ),
        )

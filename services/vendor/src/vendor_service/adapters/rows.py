"""Between aggregates and rows: one function each way, nothing else knows how a business is stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

import orjson
import sqlalchemy as sa
from bela_kit.core.actor import Actor
from bela_kit.core.tenancy import TenantId
from bela_kit.db import copy_rows
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters.sealing import Sealer
from vendor_service.domain.business_class import BusinessClass
from vendor_service.domain.events import Membership
from vendor_service.domain.fields import values_of
from vendor_service.domain.names import name_key
from vendor_service.domain.owner import Owner
from vendor_service.domain.profile import (
    MILESTONE_NAMES,
    Band,
    Milestones,
    NpwpState,
    TaxProfile,
    profile_of,
)
from vendor_service.domain.sanctions.restraint import Restraint
from vendor_service.domain.standing import Standing
from vendor_service.domain.vendor import Vendor

_COPY_ABOVE = 100
_EMPTY_LIST = "[]"
_IN_COLUMNS = frozenset({"name", "district_code", "village_code"})
_TAX_DATES = ("umkm_certificate_from", "umkm_certificate_to", "skb_from", "skb_to")


@dataclass(frozen=True, slots=True)
class Records:
    """Rows as COPY takes them."""

    columns: tuple[str, ...]
    values: list[tuple[Any, ...]]


def records(table: sa.Table, rows: Iterable[dict[str, Any]]) -> Records:
    """Return rows that all have the same keys as COPY takes them; computation only."""
    found = list(rows)
    if not found:
        return Records((), [])
    columns = tuple(found[0])
    json = [place for place, name in enumerate(columns) if isinstance(table.c[name].type, JSONB)]
    if not json:
        return Records(columns, [tuple(row.values()) for row in found])
    values = []
    for row in found:
        cells = list(row.values())
        for place in json:
            cells[place] = as_json(cells[place])
        values.append(tuple(cells))
    return Records(columns, values)


async def insert(connection: AsyncConnection, table: sa.Table, rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows that all have the same keys: a few by INSERT, many by COPY."""
    found = list(rows)
    if len(found) > _COPY_ABOVE:
        await copy(connection, table, [records(table, found)])
    elif found:
        await connection.execute(sa.insert(table), found)


async def copy(
    connection: AsyncConnection, table: sa.Table, found: Sequence[Records], *, keys: Sequence[str] = ()
) -> None:
    """Insert rows by COPY; with `keys`, those that are there already are replaced."""
    parts = [part for part in found if part.values]
    if not parts:
        return
    columns, on_conflict = parts[0].columns, ""
    if keys:
        assignments = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in keys)
        on_conflict = f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {assignments}"
    values = chain.from_iterable(part.values for part in parts)
    await copy_rows(connection, table, columns, values, on_conflict=on_conflict)


async def upsert(
    connection: AsyncConnection, table: sa.Table, rows: Sequence[dict[str, Any]], *, keys: Sequence[str]
) -> None:
    """Insert rows or replace those that are there."""
    if not rows:
        return
    if len(rows) > _COPY_ABOVE:
        await copy(connection, table, [records(table, rows)], keys=keys)
        return
    others = [name for name in rows[0] if name not in keys]
    statement = postgresql.insert(table)
    statement = statement.on_conflict_do_update(
        index_elements=list(keys), set_={name: statement.excluded[name] for name in others}
    )
    await connection.execute(statement, rows)


def as_json(value: object) -> str | None:
    """Return a value as COPY writes it into a JSON column."""
    if value is None:
        return None
    return orjson.dumps(value).decode() if value else _EMPTY_LIST if isinstance(value, list | tuple) else "{}"


def vendor_row(vendor: Vendor, sealer: Sealer) -> dict[str, Any]:
    """Return the row of a business, without the columns that are set once."""
    tenant, profile, private = vendor.tenant, vendor.profile, vendor.private
    described = {
        name: value for name, value in values_of(profile).items() if value is not None and name not in _IN_COLUMNS
    }
    return {
        "tenant_id": tenant,
        "vendor_id": vendor.vendor_id,
        "version": vendor.version,
        "name": profile.name,
        "name_key": name_key(profile.name),
        "district_code": profile.district_code,
        "village_code": profile.village_code,
        "profile": described,
        "sealed": sealer.seal_private(tenant, private),
        **sealer.vendor_hashes(tenant, profile.entity_kind, private),
        "owner_group_id": vendor.owner_group_id,
        "class_derived": vendor.class_derived,
        "class_verified": vendor.class_verified,
        "class_verified_on": vendor.class_verified_on,
        "standing": vendor.standing.value,
        "standing_since": vendor.standing_since,
        "band": vendor.band,
        "verified_until": vendor.verified_until,
        **{f"{name}_on": getattr(vendor.milestones, f"{name}_on") for name in MILESTONE_NAMES},
        "tax_profile": values_of(vendor.tax_profile),
        "payout_ready": vendor.payout_ready,
        "payout_held_until": vendor.payout_held_until,
        "conflict_of_interest": vendor.conflict_of_interest,
        "suspended_until": vendor.restraint.until if vendor.restraint else None,
        "blacklisted": vendor.restraint is not None and vendor.restraint.blacklisted,
        "producer_of": sorted(vendor.producer_of),
        "verified_fields": sorted(vendor.verified_fields),
        "applicant": vendor.applicant,
        "consent_version": vendor.consent_version,
        "source_import_id": vendor.source_import_id,
        "merged_into": vendor.merged_into,
        "created_at": vendor.transitions[0].occurred_at,
        "updated_at": vendor.transitions[-1].occurred_at,
    }


def owner_row(tenant: TenantId, owner: Owner, sealer: Sealer) -> dict[str, Any]:
    """Return the row of a person."""
    return {
        "tenant_id": tenant,
        "owner_id": owner.owner_id,
        "name": owner.name,
        "sealed": sealer.seal_owner(tenant, owner),
        **sealer.owner_hashes(tenant, owner.nik, owner.kk),
    }


def link_rows(vendor: Vendor) -> list[dict[str, Any]]:
    """Return which persons own a business."""
    return [
        {"tenant_id": vendor.tenant, "vendor_id": vendor.vendor_id, "place": place, "owner_id": owner.owner_id}
        for place, owner in enumerate(vendor.owners)
    ]


def transition_rows(vendor: Vendor) -> list[dict[str, Any]]:
    """Return what was recorded since the business was loaded."""
    return [
        {
            "tenant_id": vendor.tenant,
            "vendor_id": vendor.vendor_id,
            "version": transition.version,
            "event": transition.event.value,
            "actor": actor_document(transition.actor),
            "occurred_at": transition.occurred_at,
            "reason": transition.reason,
            "standing": transition.standing,
            "evidence_id": transition.evidence_id,
        }
        for transition in vendor.transitions
    ]


def public_row(vendor: Vendor) -> dict[str, Any]:
    """Return what anybody may see of a business."""
    profile, shown = vendor.profile, vendor.display_name
    return {
        "tenant_id": vendor.tenant,
        "vendor_id": vendor.vendor_id,
        "display_name": shown,
        "search_text": f"{name_key(shown)} {name_key(profile.main_product)}",
        "entity_kind": profile.entity_kind.value,
        "business_class": vendor.business_class,
        "district_code": profile.district_code,
        "village_code": profile.village_code,
        "main_product": profile.main_product,
        "standing": vendor.standing.value,
        "band": vendor.band,
        "milestone": last_milestone(vendor.milestones),
    }


def last_milestone(milestones: Milestones) -> str:
    """Return the furthest milestone of the funnel that was reached."""
    return next(name for name in reversed(MILESTONE_NAMES) if getattr(milestones, f"{name}_on") is not None)


def actor_document(actor: Actor) -> dict[str, str]:
    """Return an actor as it stands in records."""
    return {name: value for name, value in values_of(actor).items() if value is not None}


def vendor_from(
    row: sa.RowMapping, owners: Iterable[sa.RowMapping], members: Iterable[sa.RowMapping], sealer: Sealer
) -> Vendor:
    """Return the aggregate of a stored business."""
    tenant = TenantId(row["tenant_id"])
    profile = profile_of({**row["profile"], **{name: row[name] for name in _IN_COLUMNS}})
    return Vendor(
        tenant=tenant,
        vendor_id=row["vendor_id"],
        profile=profile,
        private=sealer.open_private(tenant, row["sealed"]),
        owners=tuple(owner_from(tenant, owner, sealer) for owner in owners),
        owner_group_id=row["owner_group_id"],
        milestones=Milestones(**{f"{name}_on": row[f"{name}_on"] for name in MILESTONE_NAMES}),
        version=row["version"],
        stored_version=row["version"],
        standing=Standing(row["standing"]),
        standing_since=row["standing_since"],
        band=Band(row["band"]) if row["band"] else None,
        tax_profile=_tax_profile(row["tax_profile"]),
        class_verified=BusinessClass(row["class_verified"]) if row["class_verified"] else None,
        class_verified_on=row["class_verified_on"],
        class_derived=BusinessClass(row["class_derived"]) if row["class_derived"] else None,
        payout_ready=row["payout_ready"],
        payout_held_until=row["payout_held_until"],
        verified_until=row["verified_until"],
        conflict_of_interest=row["conflict_of_interest"],
        restraint=Restraint(row["suspended_until"], row["blacklisted"]) if row["suspended_until"] else None,
        producer_of=frozenset(row["producer_of"]),
        verified_fields=frozenset(row["verified_fields"]),
        members=tuple(_member(member) for member in members),
        applicant=row["applicant"],
        consent_version=row["consent_version"],
        source_import_id=row["source_import_id"],
        merged_into=row["merged_into"],
    )


def owner_from(tenant: TenantId, row: sa.RowMapping, sealer: Sealer) -> Owner:
    """Return a stored person."""
    return Owner(owner_id=row["owner_id"], name=row["name"], **sealer.open_owner(tenant, row["sealed"]))


def member_row(tenant: TenantId, vendor: Vendor, member: Membership) -> dict[str, Any]:
    """Return the row of somebody who acts for a business."""
    return {"tenant_id": tenant, "vendor_id": vendor.vendor_id, **values_of(member)}


def _member(row: sa.RowMapping) -> Membership:
    return Membership(**{name: row[name] for name in Membership.__slots__})


def _tax_profile(stored: Mapping[str, Any]) -> TaxProfile:
    values = dict(stored)
    for name in _TAX_DATES:
        values[name] = _day(values.get(name))
    values["npwp_state"] = NpwpState(values["npwp_state"])
    return TaxProfile(**values)


def _day(value: str | date | None) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return date.fromisoformat(value) if isinstance(value, str) else value

"""Every table with a column `sealed`: how a row of it is opened, and how it is sealed anew under the present key.

Whoever adds such a table adds it here too; a test compares the two.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId

from vendor_service.adapters import rows
from vendor_service.adapters import tables as t
from vendor_service.adapters.identity.tables import koperasi_members
from vendor_service.adapters.imports.tables import import_changes
from vendor_service.adapters.merging.tables import vendor_merges
from vendor_service.adapters.onboarding.tables import vendor_reviews
from vendor_service.adapters.personal_data.tables import data_requests
from vendor_service.adapters.row_keys import SealedRowKeys
from vendor_service.adapters.sealing import Sealer
from vendor_service.domain.fields import values_of
from vendor_service.domain.profile import EntityKind

_MEMBER = "koperasi_member"
Anew = Callable[[Sealer, TenantId, sa.RowMapping], dict[str, Any]]
Opened = Callable[[Sealer, TenantId, bytes], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class SealedTable:
    """A table with a column `sealed`.

    Attributes:
        key: Columns of its key behind the tenant.
        anew: Returns the columns of a row that change with the key.
        opened: Returns what lies in the sealed text, by name.
    """

    table: sa.Table
    key: tuple[str, ...]
    anew: Anew
    opened: Opened


def document_table(table: sa.Table, key: tuple[str, ...], purpose: str) -> SealedTable:
    """Return a table whose sealed text is one small record of a purpose, with no hash beside it."""

    def anew(sealer: Sealer, tenant: TenantId, row: sa.RowMapping) -> dict[str, Any]:
        values = sealer.open_document(tenant, purpose, row["sealed"])
        return {"sealed": sealer.seal_document(tenant, purpose, values)}

    return SealedTable(table, key, anew, lambda sealer, tenant, sealed: sealer.open_document(tenant, purpose, sealed))


def _vendor(sealer: Sealer, tenant: TenantId, row: sa.RowMapping) -> dict[str, Any]:
    private = sealer.open_private(tenant, row["sealed"])
    kind = EntityKind(row["profile"].get("entity_kind", EntityKind.INDIVIDUAL))
    return {"sealed": sealer.seal_private(tenant, private), **sealer.vendor_hashes(tenant, kind, private)}


def _owner(sealer: Sealer, tenant: TenantId, row: sa.RowMapping) -> dict[str, Any]:
    owner = rows.owner_from(tenant, row, sealer)
    return {"sealed": sealer.seal_owner(tenant, owner), **sealer.owner_hashes(tenant, owner.nik, owner.kk)}


def _import_row(sealer: Sealer, tenant: TenantId, row: sa.RowMapping) -> dict[str, Any]:
    keys = SealedRowKeys(sealer)
    parsed = keys.open(tenant, row["sealed"])
    # A row that only changes a business links by what it changes: no hash is added but of a number that is there.
    links = set(row["links"])
    numbers = [(name, owner.get(name)) for owner in parsed.owners for name in ("nik", "kk")]
    numbers.append(("account", parsed.private.get("account_number")))
    for name, number in numbers:
        hashes = sealer.hashes(tenant, name, number)
        links |= set(hashes[:1]) if links.intersection(hashes) else set()
    return {"sealed": keys.seal(tenant, parsed), "links": sorted(links)}


def _member(sealer: Sealer, tenant: TenantId, row: sa.RowMapping) -> dict[str, Any]:
    values = sealer.open_document(tenant, _MEMBER, row["sealed"])
    return {
        "sealed": sealer.seal_document(tenant, _MEMBER, values),
        "nik_hash": sealer.hash(tenant, "nik", values.get("nik")),
    }


SEALED_TABLES: tuple[SealedTable, ...] = (
    SealedTable(t.owners, ("owner_id",), _owner, lambda s, tenant, sealed: s.open_owner(tenant, sealed)),
    SealedTable(
        t.vendors, ("vendor_id",), _vendor, lambda s, tenant, sealed: values_of(s.open_private(tenant, sealed))
    ),
    SealedTable(
        t.import_rows,
        ("import_id", "row_number"),
        _import_row,
        lambda s, tenant, sealed: {"row": s.open_row(tenant, sealed)},
    ),
    SealedTable(
        koperasi_members, ("member_id",), _member, lambda s, tenant, sealed: s.open_document(tenant, _MEMBER, sealed)
    ),
    document_table(data_requests, ("request_id",), "data_request"),
    # What a review of identity proposes, an import changed or a merge took over is sealed as a row of an import is.
    document_table(vendor_reviews, ("review_id",), "import_row"),
    document_table(import_changes, ("import_id", "row_number"), "import_row"),
    document_table(vendor_merges, ("merge_id",), "import_row"),
)

"""Tables of sanctions and of what keeps a business from orders beside them. Persons stand in none of them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, JSONB

from vendor_service.adapters.tables import metadata


def _column(name: str, type_: Any) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False)


def _key(name: str, type_: Any) -> sa.Column[Any]:
    return sa.Column(name, type_, primary_key=True)


def _document(name: str) -> sa.Column[Any]:
    return sa.Column(name, JSONB(none_as_null=True))


_INSTANT = sa.DateTime(timezone=True)

sanctions = sa.Table(
    "sanctions",
    metadata,
    _key("tenant_id", sa.Text),
    _key("sanction_id", sa.Uuid()),
    _column("vendor_id", sa.Uuid()),
    _column("kind", sa.Text),
    _column("scope", sa.Text),
    _column("state", sa.Text),
    _column("valid_from", sa.Date),
    _column("valid_to", sa.Date),
    _column("basis_letter", sa.Text),
    _column("issuer", sa.Text),
    _column("reason", sa.Text),
    _document("proposal"),
    _document("decision"),
    _document("appeal"),
    _document("lifting"),
    sa.Column("standing_before", sa.Text),
    # Of the entry of the Daftar Hitam that it comes from: the same entry is imposed once.
    sa.Column("entry_key", BYTEA),
    sa.Column("moved_from", sa.Uuid()),
    _column("version", sa.BigInteger),
    sa.Index("ix_sanctions_tenant_id_vendor_id", "tenant_id", "vendor_id"),
    sa.Index(
        "uq_sanctions_tenant_id_entry_key",
        "tenant_id",
        "vendor_id",
        "entry_key",
        unique=True,
        postgresql_where=sa.text("entry_key IS NOT NULL"),
    ),
)

screening_lists = sa.Table(
    "screening_lists",
    metadata,
    _key("tenant_id", sa.Text),
    _key("list_id", sa.Uuid()),
    _column("kind", sa.Text),
    _column("mode", sa.Text),
    _column("filename", sa.Text),
    _column("letter", sa.Text),
    _column("sha256", sa.Text),
    _column("size_bytes", sa.BigInteger),
    _column("file_key", sa.Text),
    _column("uploaded_by", sa.Text),
    _column("uploaded_role", sa.Text),
    _column("uploaded_at", _INSTANT),
    _column("state", sa.Text),
    _column("counts", JSONB()),
    _document("failure"),
    sa.Column("finished_at", _INSTANT),
)

employee_hashes = sa.Table(
    "employee_hashes",
    metadata,
    _key("tenant_id", sa.Text),
    _key("kind", sa.Text),
    _key("hash", BYTEA),
    _column("list_id", sa.Uuid()),
)

blacklist_entries = sa.Table(
    "blacklist_entries",
    metadata,
    _key("tenant_id", sa.Text),
    _key("entry_key", BYTEA),
    _column("list_id", sa.Uuid()),
    _column("name", sa.Text),
    _column("name_key", sa.Text),
    *(sa.Column(f"{kind}_hash", BYTEA) for kind in ("nik", "npwp", "nib")),
    _column("basis_letter", sa.Text),
    _column("issuer", sa.Text),
    _column("reason", sa.Text),
    _column("valid_from", sa.Date),
    _column("valid_to", sa.Date),
    *(
        sa.Index(
            f"ix_blacklist_entries_tenant_id_{kind}_hash",
            "tenant_id",
            f"{kind}_hash",
            postgresql_where=sa.text(f"{kind}_hash IS NOT NULL"),
        )
        for kind in ("nik", "npwp", "nib")
    ),
    sa.Index("ix_blacklist_entries_tenant_id_name_key", "tenant_id", "name_key"),
)

conflicts = sa.Table(
    "conflicts",
    metadata,
    _key("tenant_id", sa.Text),
    _key("vendor_id", sa.Uuid()),
    _key("kind", sa.Text),
    _column("state", sa.Text),
    _column("found_on", sa.Date),
    sa.Column("letter", sa.Text),
    sa.Column("released_until", sa.Date),
    _document("decided_by"),
    sa.Column("decided_at", _INSTANT),
)

owner_links = sa.Table(
    "owner_links",
    metadata,
    _key("tenant_id", sa.Text),
    _key("vendor_id", sa.Uuid()),
    _key("other_vendor_id", sa.Uuid()),
    _column("state", sa.Text),
    _column("reason", sa.Text),
    _column("decided_by", JSONB()),
    _column("decided_at", _INSTANT),
    sa.Index("ix_owner_links_tenant_id_other_vendor_id", "tenant_id", "other_vendor_id"),
)

producer_visits = sa.Table(
    "producer_visits",
    metadata,
    _key("tenant_id", sa.Text),
    _key("visit_id", sa.Uuid()),
    _column("vendor_id", sa.Uuid()),
    _column("category_code", sa.Text),
    _column("visited_on", sa.Date),
    _column("place", sa.Text),
    _column("photo_ids", ARRAY(sa.Uuid())),
    sa.Column("capacity_per_day", sa.Integer),
    sa.Column("capacity_unit", sa.Text),
    _column("is_producer", sa.Boolean),
    _column("note", sa.Text),
    _column("officer", sa.Text),
    _column("recorded_at", _INSTANT),
    sa.Index("ix_producer_visits_tenant_id_vendor_id", "tenant_id", "vendor_id", "visit_id"),
)

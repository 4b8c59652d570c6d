"""The register's tables. Identifiers of persons stand in none of them: only `sealed` ciphertext and keyed hashes.

Every key begins with the tenant. `public_vendors` and `areas` carry no row-level security: the one holds public columns
only, the other belongs to nobody.
"""

from typing import Any

import sqlalchemy as sa
from bela_kit.db import new_metadata
from bela_kit.migrations import kit_tables
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, JSONB

metadata = new_metadata()
kit = kit_tables(metadata)

_INSTANT = sa.DateTime(timezone=True)


def _id(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid, primary_key=True)


def _tenant() -> sa.Column[Any]:
    return sa.Column("tenant_id", sa.Text, primary_key=True)


def _required(name: str, type_: Any) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False)


def _known(name: str, column: str) -> sa.Index:
    """An index for look-ups by a hash; most businesses lack most numbers, and need no entry then."""
    return sa.Index(name, "tenant_id", column, postgresql_where=sa.text(f"{column} IS NOT NULL"))


owners = sa.Table(
    "owners",
    metadata,
    _tenant(),
    _id("owner_id"),
    _required("name", sa.Text()),
    _required("sealed", BYTEA()),
    sa.Column("nik_hash", BYTEA),
    sa.Column("kk_hash", BYTEA),
    _known("ix_owners_tenant_id_nik_hash", "nik_hash"),
    _known("ix_owners_tenant_id_kk_hash", "kk_hash"),
)

vendors = sa.Table(
    "vendors",
    metadata,
    _tenant(),
    _id("vendor_id"),
    _required("version", sa.BigInteger()),
    _required("name", sa.Text()),
    _required("name_key", sa.Text()),
    _required("district_code", sa.Text()),
    sa.Column("village_code", sa.Text),
    _required("profile", JSONB()),
    _required("sealed", BYTEA()),
    sa.Column("nib_hash", BYTEA),
    sa.Column("npwp_hash", BYTEA),
    sa.Column("phone_hash", BYTEA),
    sa.Column("account_hash", BYTEA),
    _required("owner_group_id", sa.Uuid()),
    sa.Column("class_derived", sa.Text),
    sa.Column("class_verified", sa.Text),
    sa.Column("class_verified_on", sa.Date),
    _required("standing", sa.Text()),
    sa.Column("standing_since", sa.Date),
    sa.Column("band", sa.Text),
    sa.Column("verified_until", sa.Date),
    _required("collected_on", sa.Date()),
    sa.Column("trained_on", sa.Date),
    sa.Column("account_on", sa.Date),
    sa.Column("verified_on", sa.Date),
    sa.Column("published_on", sa.Date),
    sa.Column("first_sale_on", sa.Date),
    _required("tax_profile", JSONB()),
    _required("payout_ready", sa.Boolean()),
    sa.Column("payout_held_until", _INSTANT),
    _required("conflict_of_interest", sa.Boolean()),
    sa.Column("suspended_until", sa.Date),
    _required("blacklisted", sa.Boolean()),
    _required("producer_of", ARRAY(sa.Text)),
    _required("verified_fields", ARRAY(sa.Text)),
    sa.Column("applicant", sa.Text),
    sa.Column("consent_version", sa.Text),
    sa.Column("source_import_id", sa.Uuid),
    sa.Column("merged_into", sa.Uuid),
    _required("created_at", _INSTANT),
    _required("updated_at", _INSTANT),
    sa.Index("ix_vendors_tenant_id_district_code", "tenant_id", "district_code"),
    _known("ix_vendors_tenant_id_nib_hash", "nib_hash"),
    _known("ix_vendors_tenant_id_npwp_hash", "npwp_hash"),
    _known("ix_vendors_tenant_id_phone_hash", "phone_hash"),
    _known("ix_vendors_tenant_id_account_hash", "account_hash"),
    _known("ix_vendors_tenant_id_merged_into", "merged_into"),
    sa.Index("ix_vendors_tenant_id_owner_group_id", "tenant_id", "owner_group_id"),
    # What an officer is asked to look at: a declared class that the figures do not give.
    sa.Index(
        "ix_vendors_tenant_id_class_mismatch",
        "tenant_id",
        "vendor_id",
        postgresql_where=sa.text("(profile ->> 'class_declared') <> class_derived"),
    ),
    # What the daily sweep looks for: verifications that ran out, reviews that last, and businesses that sleep.
    sa.Index(
        "ix_vendors_tenant_id_verified_until",
        "tenant_id",
        "verified_until",
        postgresql_where=sa.text("standing = 'ok'"),
    ),
    sa.Index(
        "ix_vendors_tenant_id_standing_since",
        "tenant_id",
        "standing",
        "standing_since",
        postgresql_where=sa.text("standing IN ('in_review', 'dormant')"),
    ),
    sa.Index(
        "ix_vendors_tenant_id_applicant", "tenant_id", "applicant", postgresql_where=sa.text("applicant IS NOT NULL")
    ),
)

vendor_owners = sa.Table(
    "vendor_owners",
    metadata,
    _tenant(),
    _id("vendor_id"),
    sa.Column("place", sa.SmallInteger, primary_key=True, autoincrement=False),
    _required("owner_id", sa.Uuid()),
    sa.Index("ix_vendor_owners_tenant_id_owner_id", "tenant_id", "owner_id"),
)

vendor_transitions = sa.Table(
    "vendor_transitions",
    metadata,
    _tenant(),
    _id("vendor_id"),
    sa.Column("version", sa.BigInteger, primary_key=True, autoincrement=False),
    _required("event", sa.Text()),
    _required("actor", JSONB()),
    _required("occurred_at", _INSTANT),
    _required("reason", sa.Text()),
    sa.Column("standing", sa.Text),
    sa.Column("evidence_id", sa.Uuid),
)

vendor_members = sa.Table(
    "vendor_members",
    metadata,
    _tenant(),
    sa.Column("grant_id", sa.Text, primary_key=True),
    _required("vendor_id", sa.Uuid()),
    _required("principal", sa.Text()),
    _required("role", sa.Text()),
    _required("valid_from", sa.Date()),
    sa.Column("valid_to", sa.Date),
    _required("revoked", sa.Boolean()),
    _required("version", sa.BigInteger()),
    sa.Index("ix_vendor_members_tenant_id_vendor_id", "tenant_id", "vendor_id"),
)

vendor_trainings = sa.Table(
    "vendor_trainings",
    metadata,
    _tenant(),
    _id("vendor_id"),
    sa.Column("held_on", sa.Date, primary_key=True),
    sa.Column("session", sa.Text, primary_key=True),
    _required("recorded_by", sa.Text()),
    _required("recorded_at", _INSTANT),
)

guest_grants = sa.Table(
    "guest_grants",
    metadata,
    _tenant(),
    _id("guest_grant_id"),
    _required("vendor_id", sa.Uuid()),
    _required("host_region", sa.Text()),
    _required("category_codes", ARRAY(sa.Text)),
    _required("valid_from", sa.Date()),
    sa.Column("valid_to", sa.Date),
    _required("revoked", sa.Boolean()),
    _required("version", sa.BigInteger()),
    _required("copy_version", sa.BigInteger()),
    sa.Index("ix_guest_grants_tenant_id_vendor_id", "tenant_id", "vendor_id"),
)

merge_candidates = sa.Table(
    "merge_candidates",
    metadata,
    _tenant(),
    _id("vendor_id"),
    sa.Column("other_vendor_id", sa.Uuid, primary_key=True),
    _required("rule", sa.Text()),
    sa.Column("import_id", sa.Uuid),
    _required("found_at", _INSTANT),
    _required("state", sa.Text()),
    sa.Column("decided_at", _INSTANT),
    sa.Column("decided_by", sa.Text),
    sa.Column("decision_reason", sa.Text),
)

reveals = sa.Table(
    "reveals",
    metadata,
    _tenant(),
    _id("reveal_id"),
    _required("vendor_id", sa.Uuid()),
    _required("principal", sa.Text()),
    _required("role", sa.Text()),
    _required("fields", ARRAY(sa.Text)),
    _required("reason", sa.Text()),
    _required("revealed_at", _INSTANT),
    sa.Index("ix_reveals_tenant_id_vendor_id", "tenant_id", "vendor_id"),
)

imports = sa.Table(
    "imports",
    metadata,
    _tenant(),
    _id("import_id"),
    _required("filename", sa.Text()),
    sa.Column("source", sa.Text),
    _required("sha256", sa.Text()),
    _required("size_bytes", sa.BigInteger()),
    _required("file_key", sa.Text()),
    _required("uploaded_by", sa.Text()),
    _required("uploaded_role", sa.Text()),
    _required("uploaded_at", _INSTANT),
    _required("state", sa.Text()),
    _required("counts", JSONB()),
    _required("rows_total", sa.Integer()),
    _required("rows_done", sa.Integer()),
    sa.Column("failure", JSONB(none_as_null=True)),
    _required("layout", JSONB()),
    _required("register_mark", sa.BigInteger()),
    sa.Column("previewed_at", _INSTANT),
    sa.Column("finished_at", _INSTANT),
    sa.Column("finished_by", sa.Text),
    sa.Column("options", JSONB, nullable=False, server_default=sa.text("'{}'::jsonb")),
    sa.Column("figures", JSONB, nullable=False, server_default=sa.text("'{}'::jsonb")),
    sa.Column("undone_at", _INSTANT),
    sa.Column("undone_by", sa.Text),
    sa.Column("undone", JSONB(none_as_null=True)),
    # The same file again is the same import, unless the first one was given up.
    sa.Index(
        "uq_imports_tenant_id_sha256",
        "tenant_id",
        "sha256",
        unique=True,
        postgresql_where=sa.text("state NOT IN ('discarded', 'failed', 'undone')"),
    ),
    # One commit at a time in a region, whatever crashes.
    sa.Index(
        "uq_imports_tenant_id_committing", "tenant_id", unique=True, postgresql_where=sa.text("state = 'committing'")
    ),
)

import_rows = sa.Table(
    "import_rows",
    metadata,
    _tenant(),
    _id("import_id"),
    sa.Column("row_number", sa.Integer, primary_key=True, autoincrement=False),
    _required("sheet", sa.Text()),
    _required("sheet_row", sa.Integer()),
    _required("verdict", sa.Text()),
    sa.Column("vendor_id", sa.Uuid),
    sa.Column("other_id", sa.Uuid),
    _required("reasons", JSONB()),
    _required("warnings", JSONB()),
    _required("changes", JSONB()),
    # Hashes of NIK, family card and account, so that owner groups are known before any row is opened.
    _required("links", ARRAY(BYTEA)),
    _required("sealed", BYTEA()),
)

public_vendors = sa.Table(
    "public_vendors",
    metadata,
    _tenant(),
    _id("vendor_id"),
    _required("display_name", sa.Text()),
    _required("search_text", sa.Text()),
    _required("entity_kind", sa.Text()),
    sa.Column("business_class", sa.Text),
    _required("district_code", sa.Text()),
    sa.Column("village_code", sa.Text),
    _required("main_product", sa.Text()),
    _required("standing", sa.Text()),
    sa.Column("band", sa.Text),
    _required("milestone", sa.Text()),
    sa.Index("ix_public_vendors_tenant_id_district_code", "tenant_id", "district_code", "vendor_id"),
    # What nearly every business is needs no index: a page of it is full at once.
    *(
        sa.Index(f"ix_public_vendors_tenant_id_{name}", "tenant_id", name, "vendor_id", postgresql_where=sa.text(where))
        for name, where in (
            ("standing", "standing <> 'ok'"),
            ("band", "band IS NOT NULL"),
            ("milestone", "milestone <> 'collected'"),
            ("business_class", "business_class <> 'micro'"),
        )
    ),
    sa.Index(
        "ix_public_vendors_search",
        "tenant_id",
        "search_text",
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    ),
)

areas = sa.Table(
    "areas",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    _required("name", sa.Text()),
    _required("kind", sa.Text()),
    _required("parent", sa.Text()),
    _required("postcodes", ARRAY(sa.Text)),
    sa.Column("valid_from", sa.Date),
    # Codes that a split ended stay, with what replaced them.
    sa.Column("valid_to", sa.Date),
    sa.Column("replaced_by", ARRAY(sa.Text), nullable=False, server_default=sa.text("'{}'::text[]")),
    sa.Index("ix_areas_parent", "parent"),
)

seed_versions = sa.Table(
    "seed_versions",
    metadata,
    sa.Column("seed", sa.Text, primary_key=True),
    _required("version", sa.Text()),
)

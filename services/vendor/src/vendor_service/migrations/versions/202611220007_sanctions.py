"""Sanctions, conflicts of interest, visits to producers, confirmed weak links, and the indexes of the lists.

A business carries what of its sanctions every other service must know: until when, and whether it is a blacklisting.
Uploaded lists (Daftar Hitam, employees) leave keyed hashes of the region behind and nothing that names a person.
"""

from alembic import op
from bela_kit.migrations import protect_tenant_table

revision: str = "202611220007"
down_revision: str | None = "202611220006"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    ALTER TABLE vendors
        ADD COLUMN suspended_until DATE,
        ADD COLUMN blacklisted BOOLEAN NOT NULL DEFAULT false,
        ADD COLUMN producer_of TEXT[] NOT NULL DEFAULT '{}'
    """,
    "ALTER TABLE vendors ALTER COLUMN blacklisted DROP DEFAULT, ALTER COLUMN producer_of DROP DEFAULT",
    """
    CREATE TABLE sanctions (
        tenant_id TEXT NOT NULL,
        sanction_id UUID NOT NULL,
        vendor_id UUID NOT NULL,
        kind TEXT NOT NULL,
        scope TEXT NOT NULL,
        state TEXT NOT NULL,
        valid_from DATE NOT NULL,
        valid_to DATE NOT NULL,
        basis_letter TEXT NOT NULL,
        issuer TEXT NOT NULL,
        reason TEXT NOT NULL,
        proposal JSONB,
        decision JSONB,
        appeal JSONB,
        lifting JSONB,
        standing_before TEXT,
        entry_key BYTEA,
        moved_from UUID,
        version BIGINT NOT NULL,
        CONSTRAINT pk_sanctions PRIMARY KEY (tenant_id, sanction_id)
    )
    """,
    "CREATE INDEX ix_sanctions_tenant_id_vendor_id ON sanctions (tenant_id, vendor_id)",
    """
    CREATE UNIQUE INDEX uq_sanctions_tenant_id_entry_key ON sanctions (tenant_id, vendor_id, entry_key)
        WHERE entry_key IS NOT NULL
    """,
    """
    CREATE TABLE screening_lists (
        tenant_id TEXT NOT NULL,
        list_id UUID NOT NULL,
        kind TEXT NOT NULL,
        mode TEXT NOT NULL,
        filename TEXT NOT NULL,
        letter TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        size_bytes BIGINT NOT NULL,
        file_key TEXT NOT NULL,
        uploaded_by TEXT NOT NULL,
        uploaded_role TEXT NOT NULL,
        uploaded_at TIMESTAMP WITH TIME ZONE NOT NULL,
        state TEXT NOT NULL,
        counts JSONB NOT NULL,
        failure JSONB,
        finished_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_screening_lists PRIMARY KEY (tenant_id, list_id)
    )
    """,
    """
    CREATE TABLE employee_hashes (
        tenant_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        hash BYTEA NOT NULL,
        list_id UUID NOT NULL,
        CONSTRAINT pk_employee_hashes PRIMARY KEY (tenant_id, kind, hash)
    )
    """,
    """
    CREATE TABLE blacklist_entries (
        tenant_id TEXT NOT NULL,
        entry_key BYTEA NOT NULL,
        list_id UUID NOT NULL,
        name TEXT NOT NULL,
        name_key TEXT NOT NULL,
        nik_hash BYTEA,
        npwp_hash BYTEA,
        nib_hash BYTEA,
        basis_letter TEXT NOT NULL,
        issuer TEXT NOT NULL,
        reason TEXT NOT NULL,
        valid_from DATE NOT NULL,
        valid_to DATE NOT NULL,
        CONSTRAINT pk_blacklist_entries PRIMARY KEY (tenant_id, entry_key)
    )
    """,
    """
    CREATE INDEX ix_blacklist_entries_tenant_id_nik_hash ON blacklist_entries (tenant_id, nik_hash)
        WHERE nik_hash IS NOT NULL
    """,
    """
    CREATE INDEX ix_blacklist_entries_tenant_id_npwp_hash ON blacklist_entries (tenant_id, npwp_hash)
        WHERE npwp_hash IS NOT NULL
    """,
    """
    CREATE INDEX ix_blacklist_entries_tenant_id_nib_hash ON blacklist_entries (tenant_id, nib_hash)
        WHERE nib_hash IS NOT NULL
    """,
    "CREATE INDEX ix_blacklist_entries_tenant_id_name_key ON blacklist_entries (tenant_id, name_key)",
    """
    CREATE TABLE conflicts (
        tenant_id TEXT NOT NULL,
        vendor_id UUID NOT NULL,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        found_on DATE NOT NULL,
        letter TEXT,
        released_until DATE,
        decided_by JSONB,
        decided_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_conflicts PRIMARY KEY (tenant_id, vendor_id, kind)
    )
    """,
    """
    CREATE TABLE owner_links (
        tenant_id TEXT NOT NULL,
        vendor_id UUID NOT NULL,
        other_vendor_id UUID NOT NULL,
        state TEXT NOT NULL,
        reason TEXT NOT NULL,
        decided_by JSONB NOT NULL,
        decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_owner_links PRIMARY KEY (tenant_id, vendor_id, other_vendor_id),
        CONSTRAINT ck_owner_links_sequence CHECK (vendor_id < other_vendor_id)
    )
    """,
    "CREATE INDEX ix_owner_links_tenant_id_other_vendor_id ON owner_links (tenant_id, other_vendor_id)",
    """
    CREATE TABLE producer_visits (
        tenant_id TEXT NOT NULL,
        visit_id UUID NOT NULL,
        vendor_id UUID NOT NULL,
        category_code TEXT NOT NULL,
        visited_on DATE NOT NULL,
        place TEXT NOT NULL,
        photo_ids UUID[] NOT NULL,
        capacity_per_day INTEGER,
        capacity_unit TEXT,
        is_producer BOOLEAN NOT NULL,
        note TEXT NOT NULL,
        officer TEXT NOT NULL,
        recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_producer_visits PRIMARY KEY (tenant_id, visit_id)
    )
    """,
    "CREATE INDEX ix_producer_visits_tenant_id_vendor_id ON producer_visits (tenant_id, vendor_id, visit_id)",
    """
    CREATE INDEX ix_public_vendors_tenant_id_district_code ON public_vendors (tenant_id, district_code, vendor_id)
    """,
    """
    CREATE INDEX ix_public_vendors_tenant_id_standing ON public_vendors (tenant_id, standing, vendor_id)
        WHERE standing <> 'ok'
    """,
    """
    CREATE INDEX ix_public_vendors_tenant_id_band ON public_vendors (tenant_id, band, vendor_id)
        WHERE band IS NOT NULL
    """,
    """
    CREATE INDEX ix_public_vendors_tenant_id_milestone ON public_vendors (tenant_id, milestone, vendor_id)
        WHERE milestone <> 'collected'
    """,
    """
    CREATE INDEX ix_public_vendors_tenant_id_business_class ON public_vendors (tenant_id, business_class, vendor_id)
        WHERE business_class <> 'micro'
    """,
)

TENANT_TABLES = (
    "sanctions",
    "screening_lists",
    "employee_hashes",
    "blacklist_entries",
    "conflicts",
    "owner_links",
    "producer_visits",
)


def upgrade() -> None:
    op.execute("SET LOCAL statement_timeout = '60s'")
    for statement in STATEMENTS:
        op.execute(statement)
    for table in TENANT_TABLES:
        protect_tenant_table(op, table)

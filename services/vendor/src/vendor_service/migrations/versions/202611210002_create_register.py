"""Create the register: owners and businesses, members, guests, imports, and the areas they refer to."""

from alembic import op
from bela_kit.migrations import create_plumbing, open_table, protect_tenant_table

revision: str = "202611210002"
down_revision: str | None = None
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE owners (
        tenant_id TEXT NOT NULL,
        owner_id UUID NOT NULL,
        name TEXT NOT NULL,
        sealed BYTEA NOT NULL,
        nik_hash BYTEA,
        kk_hash BYTEA,
        CONSTRAINT pk_owners PRIMARY KEY (tenant_id, owner_id)
    )
    """,
    "CREATE INDEX ix_owners_tenant_id_kk_hash ON owners (tenant_id, kk_hash) WHERE kk_hash IS NOT NULL",
    "CREATE INDEX ix_owners_tenant_id_nik_hash ON owners (tenant_id, nik_hash) WHERE nik_hash IS NOT NULL",
    """
    CREATE TABLE vendors (
        tenant_id TEXT NOT NULL,
        vendor_id UUID NOT NULL,
        version BIGINT NOT NULL,
        name TEXT NOT NULL,
        name_key TEXT NOT NULL,
        district_code TEXT NOT NULL,
        village_code TEXT,
        profile JSONB NOT NULL,
        sealed BYTEA NOT NULL,
        nib_hash BYTEA,
        npwp_hash BYTEA,
        phone_hash BYTEA,
        account_hash BYTEA,
        owner_group_id UUID NOT NULL,
        class_derived TEXT,
        class_verified TEXT,
        class_verified_on DATE,
        standing TEXT NOT NULL,
        band TEXT,
        collected_on DATE NOT NULL,
        trained_on DATE,
        account_on DATE,
        verified_on DATE,
        published_on DATE,
        first_sale_on DATE,
        tax_profile JSONB NOT NULL,
        payout_ready BOOLEAN NOT NULL,
        conflict_of_interest BOOLEAN NOT NULL,
        verified_fields TEXT[] NOT NULL,
        applicant TEXT,
        consent_version TEXT,
        source_import_id UUID,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_vendors PRIMARY KEY (tenant_id, vendor_id)
    )
    """,
    """
    CREATE INDEX ix_vendors_tenant_id_account_hash ON vendors (tenant_id, account_hash)
        WHERE account_hash IS NOT NULL
    """,
    "CREATE INDEX ix_vendors_tenant_id_applicant ON vendors (tenant_id, applicant) WHERE applicant IS NOT NULL",
    "CREATE INDEX ix_vendors_tenant_id_district_code ON vendors (tenant_id, district_code)",
    "CREATE INDEX ix_vendors_tenant_id_nib_hash ON vendors (tenant_id, nib_hash) WHERE nib_hash IS NOT NULL",
    "CREATE INDEX ix_vendors_tenant_id_npwp_hash ON vendors (tenant_id, npwp_hash) WHERE npwp_hash IS NOT NULL",
    "CREATE INDEX ix_vendors_tenant_id_owner_group_id ON vendors (tenant_id, owner_group_id)",
    "CREATE INDEX ix_vendors_tenant_id_phone_hash ON vendors (tenant_id, phone_hash) WHERE phone_hash IS NOT NULL",
    """
    CREATE TABLE vendor_owners (
        tenant_id TEXT NOT NULL,
        vendor_id UUID NOT NULL,
        place SMALLINT NOT NULL,
        owner_id UUID NOT NULL,
        CONSTRAINT pk_vendor_owners PRIMARY KEY (tenant_id, vendor_id, place)
    )
    """,
    "CREATE INDEX ix_vendor_owners_tenant_id_owner_id ON vendor_owners (tenant_id, owner_id)",
    """
    CREATE TABLE vendor_transitions (
        tenant_id TEXT NOT NULL,
        vendor_id UUID NOT NULL,
        version BIGINT NOT NULL,
        event TEXT NOT NULL,
        actor JSONB NOT NULL,
        occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
        reason TEXT NOT NULL,
        CONSTRAINT pk_vendor_transitions PRIMARY KEY (tenant_id, vendor_id, version)
    )
    """,
    """
    CREATE TABLE vendor_members (
        tenant_id TEXT NOT NULL,
        grant_id TEXT NOT NULL,
        vendor_id UUID NOT NULL,
        principal TEXT NOT NULL,
        role TEXT NOT NULL,
        valid_from DATE NOT NULL,
        valid_to DATE,
        revoked BOOLEAN NOT NULL,
        version BIGINT NOT NULL,
        CONSTRAINT pk_vendor_members PRIMARY KEY (tenant_id, grant_id)
    )
    """,
    "CREATE INDEX ix_vendor_members_tenant_id_vendor_id ON vendor_members (tenant_id, vendor_id)",
    """
    CREATE TABLE vendor_trainings (
        tenant_id TEXT NOT NULL,
        vendor_id UUID NOT NULL,
        held_on DATE NOT NULL,
        session TEXT NOT NULL,
        recorded_by TEXT NOT NULL,
        recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_vendor_trainings PRIMARY KEY (tenant_id, vendor_id, held_on, session)
    )
    """,
    """
    CREATE TABLE guest_grants (
        tenant_id TEXT NOT NULL,
        guest_grant_id UUID NOT NULL,
        vendor_id UUID NOT NULL,
        host_region TEXT NOT NULL,
        category_codes TEXT[] NOT NULL,
        valid_from DATE NOT NULL,
        valid_to DATE,
        revoked BOOLEAN NOT NULL,
        version BIGINT NOT NULL,
        copy_version BIGINT NOT NULL,
        CONSTRAINT pk_guest_grants PRIMARY KEY (tenant_id, guest_grant_id)
    )
    """,
    "CREATE INDEX ix_guest_grants_tenant_id_vendor_id ON guest_grants (tenant_id, vendor_id)",
    """
    CREATE TABLE merge_candidates (
        tenant_id TEXT NOT NULL,
        vendor_id UUID NOT NULL,
        other_vendor_id UUID NOT NULL,
        rule TEXT NOT NULL,
        import_id UUID,
        found_at TIMESTAMP WITH TIME ZONE NOT NULL,
        state TEXT NOT NULL,
        CONSTRAINT pk_merge_candidates PRIMARY KEY (tenant_id, vendor_id, other_vendor_id)
    )
    """,
    """
    CREATE TABLE reveals (
        tenant_id TEXT NOT NULL,
        reveal_id UUID NOT NULL,
        vendor_id UUID NOT NULL,
        principal TEXT NOT NULL,
        role TEXT NOT NULL,
        fields TEXT[] NOT NULL,
        reason TEXT NOT NULL,
        revealed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_reveals PRIMARY KEY (tenant_id, reveal_id)
    )
    """,
    "CREATE INDEX ix_reveals_tenant_id_vendor_id ON reveals (tenant_id, vendor_id)",
    """
    CREATE TABLE imports (
        tenant_id TEXT NOT NULL,
        import_id UUID NOT NULL,
        filename TEXT NOT NULL,
        source TEXT,
        sha256 TEXT NOT NULL,
        size_bytes BIGINT NOT NULL,
        file_key TEXT NOT NULL,
        uploaded_by TEXT NOT NULL,
        uploaded_role TEXT NOT NULL,
        uploaded_at TIMESTAMP WITH TIME ZONE NOT NULL,
        state TEXT NOT NULL,
        counts JSONB NOT NULL,
        rows_total INTEGER NOT NULL,
        rows_done INTEGER NOT NULL,
        failure JSONB,
        layout JSONB NOT NULL,
        register_mark BIGINT NOT NULL,
        previewed_at TIMESTAMP WITH TIME ZONE,
        finished_at TIMESTAMP WITH TIME ZONE,
        finished_by TEXT,
        CONSTRAINT pk_imports PRIMARY KEY (tenant_id, import_id)
    )
    """,
    "CREATE UNIQUE INDEX uq_imports_tenant_id_committing ON imports (tenant_id) WHERE state = 'committing'",
    """
    CREATE UNIQUE INDEX uq_imports_tenant_id_sha256
        ON imports (tenant_id, sha256)
        WHERE state NOT IN ('discarded', 'failed')
    """,
    """
    CREATE TABLE import_rows (
        tenant_id TEXT NOT NULL,
        import_id UUID NOT NULL,
        row_number INTEGER NOT NULL,
        sheet TEXT NOT NULL,
        sheet_row INTEGER NOT NULL,
        verdict TEXT NOT NULL,
        vendor_id UUID,
        other_id UUID,
        reasons JSONB NOT NULL,
        warnings JSONB NOT NULL,
        changes JSONB NOT NULL,
        links BYTEA[] NOT NULL,
        sealed BYTEA NOT NULL,
        CONSTRAINT pk_import_rows PRIMARY KEY (tenant_id, import_id, row_number)
    )
    """,
    """
    CREATE TABLE public_vendors (
        tenant_id TEXT NOT NULL,
        vendor_id UUID NOT NULL,
        display_name TEXT NOT NULL,
        search_text TEXT NOT NULL,
        entity_kind TEXT NOT NULL,
        business_class TEXT,
        district_code TEXT NOT NULL,
        village_code TEXT,
        main_product TEXT NOT NULL,
        standing TEXT NOT NULL,
        band TEXT,
        milestone TEXT NOT NULL,
        CONSTRAINT pk_public_vendors PRIMARY KEY (tenant_id, vendor_id)
    )
    """,
    "CREATE INDEX ix_public_vendors_search ON public_vendors USING gin (tenant_id, search_text gin_trgm_ops)",
    """
    CREATE TABLE areas (
        code TEXT NOT NULL,
        name TEXT NOT NULL,
        kind TEXT NOT NULL,
        parent TEXT NOT NULL,
        postcodes TEXT[] NOT NULL,
        CONSTRAINT pk_areas PRIMARY KEY (code)
    )
    """,
    "CREATE INDEX ix_areas_parent ON areas (parent)",
    """
    CREATE TABLE seed_versions (
        seed TEXT NOT NULL,
        version TEXT NOT NULL,
        CONSTRAINT pk_seed_versions PRIMARY KEY (seed)
    )
    """,
)

TENANT_TABLES = (
    "owners",
    "vendors",
    "vendor_owners",
    "vendor_transitions",
    "vendor_members",
    "vendor_trainings",
    "guest_grants",
    "merge_candidates",
    "reveals",
    "imports",
    "import_rows",
)


def upgrade() -> None:
    op.execute("SET LOCAL statement_timeout = '60s'")
    create_plumbing(op)
    for statement in STATEMENTS:
        op.execute(statement)
    for table in TENANT_TABLES:
        protect_tenant_table(op, table)
    open_table(op, "public_vendors", app="write", worker="read")
    open_table(op, "areas")
    open_table(op, "seed_versions")
